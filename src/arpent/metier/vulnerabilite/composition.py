"""From the members to the territory that groups them: a rule chosen in the model and always stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import fsum

from arpent.metier.argent import formater_taux
from arpent.metier.vulnerabilite.modele import Classe, Composition, Echelle, Modele, RegleComposition
from arpent.metier.vulnerabilite.notation import PRECISION, Note, Notes

PART_NOTEE_MINIMALE = 0.8
REGLE = (
    "Le score du territoire est la moyenne des scores de ses intercommunalités, pondérée par leur "
    "population ; sa classe est celle où tombe ce score, avec les seuils calculés entre intercommunalités."
)
MEMBRES = {Echelle.EPCI: "intercommunalités", Echelle.COMMUNE: "communes"}
_MEMBRE = {Echelle.EPCI: "intercommunalité", Echelle.COMMUNE: "commune"}


@dataclass(frozen=True, slots=True)
class NoteComposee:
    """`est_heterogene`: members are of several classes. `motif_type`: why the type follows the place."""

    score: float | None
    classe: Classe | None
    membres: tuple[Note, ...]
    est_heterogene: bool
    type_contrat: str | None
    ingenierie: bool | None
    explication: str
    regle: str = REGLE
    taux_bonus: Decimal | None = None
    plafond: Decimal | None = None
    motif_type: str = ""


def enoncer_regle(composition: Composition, echelle: Echelle = Echelle.EPCI) -> str:
    """The rule in one French sentence."""
    membre, membres = _MEMBRE[echelle], MEMBRES[echelle]
    match composition.regle:
        case RegleComposition.MOYENNE_PONDEREE:
            return REGLE.replace("intercommunalités", membres)
        case RegleComposition.MAJORITE:
            return (
                f"Le territoire prend la classe où vit le plus grand nombre de ses habitants, {membre} par "
                f"{membre} ; à égalité, la plus vulnérable."
            )
        case RegleComposition.PLUS_VULNERABLE:
            return f"Le territoire prend la classe de la plus vulnérable de ses {membres}."
        case RegleComposition.PART_POPULATION:
            part = formater_taux(Decimal(str(composition.part or 0)), None)
            return (
                f"Le territoire prend la classe la plus vulnérable qui, avec les classes plus vulnérables, "
                f"réunit au moins {part} de ses habitants."
            )
        case RegleComposition.AUCUNE:
            return f"Ce modèle classe les {membres} une à une : il ne donne pas de classe au territoire."


def composer(notes: Notes, populations: Mapping[str, float]) -> NoteComposee:
    """Class of a territory whose members and populations are `populations`; a single one keeps its own.

    The scored members must gather at least 80 % of the population. Raises ValueError (French) on a member
    that was not handed to `noter`, or on a population that is not positive.
    """
    connus = {n.territoire: n for n in notes.notes}
    modele = notes.modele
    membre = _MEMBRE[modele.echelle]
    inconnus = [t for t in populations if t not in connus]
    if inconnus or not populations:
        quoi = f"L’{membre} {inconnus[0]} n’est pas notée" if inconnus else "Le territoire est vide"
        quoi = quoi.replace("L’commune", "La commune")
        raise ValueError(f"{quoi} : donnez ses indicateurs au calcul avant de composer le territoire.")
    if any(p <= 0 for p in populations.values()):
        raise ValueError(f"La population d’une {membre} est un nombre positif : vérifiez les populations.")
    membres = tuple(connus[t] for t in populations)
    regle = enoncer_regle(modele.composition, modele.echelle)
    if modele.composition.regle is RegleComposition.AUCUNE:
        return _sans_classe(membres, f"{regle} {_detail(membres, modele)}", regle)
    scores = {m.territoire: m.score for m in membres if m.score is not None}
    score, classe = classer(notes, scores, populations)
    if classe is None:
        explication = (
            f"Non classé : les {MEMBRES[modele.echelle]} notées ne réunissent pas 80 % de la population."
        )
        return _sans_classe(membres, explication, regle)
    particulier = next((p for p in modele.types_particuliers if p.territoires & populations.keys()), None)
    return NoteComposee(
        score=score,
        classe=classe,
        membres=membres,
        est_heterogene=len({m.classe.code for m in membres if m.classe is not None}) > 1,
        type_contrat=particulier.type_contrat if particulier else classe.type_contrat,
        ingenierie=classe.ingenierie,
        explication=_explication(membres, classe, modele),
        regle=regle,
        taux_bonus=classe.taux_bonus,
        plafond=classe.plafond,
        motif_type=particulier.motif if particulier else "",
    )


def classer(
    notes: Notes, scores: Mapping[str, float], populations: Mapping[str, float]
) -> tuple[float | None, Classe | None]:
    """Mean score and class of the group by the rule of the model; only the bounds of `notes` are read.

    `scores` are those of the scored members. (None, None) under 80 % of the population.
    """
    notee = fsum(populations[t] for t in scores)
    if not scores or notee / fsum(populations.values()) < PART_NOTEE_MINIMALE:
        return None, None
    classes = notes.modele.classes
    score = round(fsum(s * populations[t] for t, s in scores.items()) / notee, PRECISION)
    composition = notes.modele.composition
    if composition.regle is RegleComposition.MOYENNE_PONDEREE or len(populations) == 1:
        return score, notes.classe_du_score(score)
    habitants = [0.0] * len(classes)
    for territoire, s in scores.items():
        habitants[classes.index(notes.classe_du_score(s))] += populations[territoire]
    if composition.regle is RegleComposition.MAJORITE:
        rang = max(range(len(classes)), key=lambda r: (habitants[r], r))
    elif composition.regle is RegleComposition.PLUS_VULNERABLE:
        rang = max(r for r in range(len(classes)) if habitants[r])
    else:
        atteintes = (r for r in range(len(classes)) if _part(habitants, r) >= (composition.part or 0))
        rang = max(atteintes, default=0)
    return score, classes[rang]


def _part(habitants: list[float], rang: int) -> float:
    """Share of the population in the class or a more vulnerable one."""
    return round(fsum(habitants[rang:]) / fsum(habitants), PRECISION)


def _sans_classe(membres: tuple[Note, ...], explication: str, regle: str) -> NoteComposee:
    codes = {m.classe.code for m in membres if m.classe is not None}
    return NoteComposee(None, None, membres, len(codes) > 1, None, None, explication, regle)


def _explication(membres: tuple[Note, ...], classe: Classe, modele: Modele) -> str:
    if len(membres) == 1:
        debut = (
            "Classe de la commune" if modele.echelle is Echelle.COMMUNE else "Classe de l’intercommunalité"
        )
        return f"{debut} : {classe.libelle}."
    return f"Classe du territoire : {classe.libelle}. {_detail(membres, modele)}"


def _detail(membres: tuple[Note, ...], modele: Modele) -> str:
    comptes: dict[str, int] = {}
    for membre in membres:
        libelle = membre.classe.libelle if membre.classe else "Non classé"
        comptes[libelle] = comptes.get(libelle, 0) + 1
    detail = ", ".join(f"{libelle} ({nombre})" for libelle, nombre in comptes.items())
    return f"{MEMBRES[modele.echelle].capitalize()} : {detail}."
