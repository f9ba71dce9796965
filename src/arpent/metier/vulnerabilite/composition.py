"""From the EPCI to the project territory that groups several of them: a stated rule."""

from collections.abc import Mapping
from dataclasses import dataclass
from math import fsum

from arpent.metier.vulnerabilite.modele import Classe
from arpent.metier.vulnerabilite.notation import PRECISION, Note, Notes

PART_NOTEE_MINIMALE = 0.8
REGLE = (
    "Le score du territoire est la moyenne des scores de ses intercommunalités, pondérée par leur "
    "population ; sa classe est celle où tombe ce score, avec les seuils calculés entre intercommunalités."
)


@dataclass(frozen=True, slots=True)
class NoteComposee:
    """`est_heterogene`: members are of several classes. `type_contrat` and `ingenierie`: the effects."""

    score: float | None
    classe: Classe | None
    membres: tuple[Note, ...]
    est_heterogene: bool
    type_contrat: str | None
    ingenierie: bool | None
    explication: str
    regle: str = REGLE


def composer(notes: Notes, populations: Mapping[str, float]) -> NoteComposee:
    """Class of a territory whose EPCI and populations are `populations`; one EPCI keeps its own score.

    The scored EPCI must gather at least 80 % of the population. Raises ValueError (French) on an EPCI that
    was not handed to `noter`, or on a population that is not positive.
    """
    connus = {n.territoire: n for n in notes.notes}
    inconnus = [t for t in populations if t not in connus]
    if inconnus or not populations:
        quoi = f"L’intercommunalité {inconnus[0]} n’est pas notée" if inconnus else "Le territoire est vide"
        raise ValueError(f"{quoi} : donnez ses indicateurs au calcul avant de composer le territoire.")
    if any(p <= 0 for p in populations.values()):
        raise ValueError(
            "La population d’une intercommunalité est un nombre positif : vérifiez les populations."
        )
    membres = tuple(connus[t] for t in populations)
    scores = {m.territoire: m.score for m in membres if m.score is not None}
    notee = fsum(populations[t] for t in scores)
    if not scores or notee / fsum(populations.values()) < PART_NOTEE_MINIMALE:
        explication = "Non classé : les intercommunalités notées ne réunissent pas 80 % de la population."
        return NoteComposee(None, None, membres, False, None, None, explication)
    score = round(fsum(s * populations[t] for t, s in scores.items()) / notee, PRECISION)
    classe = notes.classe_du_score(score)
    particulier = _type_particulier(notes, populations)
    return NoteComposee(
        score=score,
        classe=classe,
        membres=membres,
        est_heterogene=len({m.classe.code for m in membres if m.classe is not None}) > 1,
        type_contrat=particulier or classe.type_contrat,
        ingenierie=classe.ingenierie,
        explication=_explication(membres, classe),
    )


def _type_particulier(notes: Notes, populations: Mapping[str, float]) -> str | None:
    for particulier in notes.modele.types_particuliers:
        if particulier.territoires & populations.keys():
            return particulier.type_contrat
    return None


def _explication(membres: tuple[Note, ...], classe: Classe) -> str:
    if len(membres) == 1:
        return f"Classe de l’intercommunalité : {classe.libelle}."
    comptes: dict[str, int] = {}
    for membre in membres:
        libelle = membre.classe.libelle if membre.classe else "Non classé"
        comptes[libelle] = comptes.get(libelle, 0) + 1
    detail = ", ".join(f"{libelle} ({nombre})" for libelle, nombre in comptes.items())
    return f"Classe du territoire : {classe.libelle}. Intercommunalités : {detail}."
