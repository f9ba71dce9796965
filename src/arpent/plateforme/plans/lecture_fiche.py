"""The heart of the page of a fiche, in a fixed number of queries whatever it holds; its history."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import (
    BigIntegerField,
    CharField,
    DateField,
    DecimalField,
    F,
    QuerySet,
    Value,
    prefetch_related_objects,
)
from django.db.models.functions import Cast, Coalesce

from arpent.metier.argent import formater_euros
from arpent.metier.plan_financement import Plan
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial
from arpent.plateforme.journal.actions import en_json
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.journal.voile import voiler_champs

from .cadre import CHAMPS as CHAMPS_CADRE
from .champs import retenir_modele
from .equilibre import Equilibre, equilibre_de
from .filtres import ETATS, MATURITES
from .lot import en_financements
from .models import CadreJuridique, Deliberation, DemarcheFinanceur, Fiche, LigneDepense, LigneFinancement
from .saisies import lisible

HISTORIQUE = 20
_MONTANTS = frozenset({"cout_ht", "cout_ttc", "assiette", "aide_demandee", "aide_maximale", "recettes"})
_INTERNE = "entre nous"
_GENRES_DEPENSE = {True: "depense", False: "depense non éligible"}
_NATURES = dict(ConstatTerritorial.Nature.choices)
GESTES = {
    "creer": "a créé la fiche",
    "modifier": "a modifié la fiche",
    "prioriser": "a fixé les priorités",
    "noter_cadre": "a précisé le cadre juridique",
    "noter_derogation": "a noté la dérogation",
    "ajouter_deliberation": "a ajouté une délibération",
    "modifier_deliberation": "a complété une délibération",
    "relancer_deliberation": "a demandé la délibération",
    "refaire_pre_instruction": "a refait la pré-instruction",
    "deroger_regle": "a écarté une règle",
    "lever_derogation_regle": "a retiré une dérogation",
    "demander_avis": "a demandé un avis",
    "rendre_avis": "a rendu un avis",
    "demander_appui": "a demandé un appui",
    "prendre_appui": "a pris la demande d’appui en charge",
    "repondre_appui": "a répondu à la demande d’appui",
    "repondre_correction": "a répondu à une correction",
    "proposer": "a proposé la fiche",
    "demander_complement": "a demandé un complément",
    "pre_instruire": "a conclu la pré-instruction",
    "retenir": "a retenu la fiche",
    "differer": "a différé la fiche",
    "refuser": "a refusé la fiche",
    "reprendre": "a repris l’examen",
    "contractualiser": "a inscrit la fiche au contrat",
    "commenter": "a écrit une remarque",
    "regler_commentaire": "a réglé une remarque",
    "rouvrir_commentaire": "a rouvert une remarque",
    "deposer_piece": "a joint une pièce",
    "retirer_piece": "a retiré une pièce",
    "dupliquer": "a créé cette copie",
    "fusionner": "a réuni deux fiches",
    "decouper": "a découpé l’opération en tranches",
    "classer_maturite": "a changé la maturité",
    "accorder_aide": "a accordé une aide",
    "retirer_aide": "a repris la négociation de l’aide",
}
_CODES = {
    nom: dict(Fiche._meta.get_field(nom).choices or ())  # type: ignore[union-attr]
    for nom in ("nature_depense", "realisation", "transition", "artificialisation", "immobilier", "travaux",
                "apport", "tva")
}  # fmt: skip
_CHAMPS = {
    "etat": "État",
    "financements": "Plan de financement",
    "politiques": "Politiques sectorielles",
    "verdict": "Verdict",
    "aide_maximale": "Aide maximale possible",
    "echeance_le": "Attendu pour le",
    "attendue_le": "Attendue pour le",
    "correction": "Champ",
    "regle": "Règle",
    "reponse": "Réponse",
    "fait": "Corrigé",
    "deliberation": "Délibération",
    "assemblee": "Assemblée",
    "depenses": "Dépenses",
    "demarches_financeurs": "Démarches auprès des financeurs",
    "remarque": "Sur",
    "portee": "Portée",
    "piece": "Pièce",
    "sha256": "Empreinte",
    "fusion_avec": "Avec",
    "copie_de": "Copie de",
    **{
        f.name: str(f.verbose_name)[:1].upper() + str(f.verbose_name)[1:]
        for f in CadreJuridique._meta.concrete_fields
        if f.name in CHAMPS_CADRE
    },
}


@dataclass(frozen=True, slots=True)
class Annexe:
    """A line that goes with the fiche: délibération, sector policy, finding."""

    cle: int
    code: str
    texte: str
    le: date | None


@dataclass(frozen=True, slots=True)
class Depense:
    """An expense of the fiche, in euros."""

    cle: int
    nature: str
    libelle: str
    montant: Decimal
    eligible: bool


@dataclass(frozen=True, slots=True)
class Changement:
    champ: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the history: who did what, when, from what to what. `numero`: its entry in the journal."""

    numero: int
    le: datetime
    qui: str
    quoi: str
    motif: str
    changements: tuple[Changement, ...]


@dataclass(frozen=True, slots=True)
class Proche:
    """A fiche of the same operation: a tranche, the whole, or what it was merged into."""

    numero: int
    titre: str
    cout_ht: Decimal
    tranche: int


@dataclass(frozen=True, slots=True)
class Dossier:
    """The fiche and what goes with it. `equilibre` counts the aid agreed, else the aid asked."""

    fiche: Fiche
    lignes: list[LigneFinancement]
    plan: Plan
    equilibre: Equilibre
    deliberations: list[Annexe]
    politiques: list[Annexe]
    constats: list[Annexe]
    demarches: int
    depenses: list[Depense]
    tranches: list[Proche]
    entiere: Proche | None
    reunie: Proche | None


def _rangee(
    queryset: QuerySet[Any], genre: str, code: Any, texte: Any, *, le: Any = None, montant: Any = None,
    cle: str = "pk",
) -> Any:  # fmt: skip
    return (
        queryset.order_by()
        .annotate(
            u_genre=Value(genre, output_field=CharField()),
            u_cle=Cast(cle, BigIntegerField()),
            u_code=Cast(code, CharField()),
            u_texte=Cast(texte, CharField()),
            u_le=Cast(le or Value(None), DateField()),
            u_montant=Cast(montant or Value(0), DecimalField(max_digits=12, decimal_places=2)),
        )
        .values_list("u_genre", "u_cle", "u_code", "u_texte", "u_le", "u_montant")
    )


def _proches(fiches: QuerySet[Fiche], genre: str) -> Any:
    return _rangee(fiches, genre, Coalesce("tranche", 0), "titre", montant="cout_ht", cle="numero")


def _depenses(fiche: Fiche, *, eligible: bool) -> Any:
    depenses = LigneDepense.objects.filter(fiche=fiche, eligible=eligible)
    return _rangee(depenses, _GENRES_DEPENSE[eligible], "nature", "libelle", montant="montant")


def _annexes(fiche: Fiche) -> dict[str, list[tuple[Any, ...]]]:
    """Nine short lists in one query: (key, code, text, date, amount) by kind, in the order of the keys."""
    constats = ConstatTerritorial.objects.filter(enjeux=fiche.enjeu_id or 0)
    rows = _rangee(
        Deliberation.objects.filter(fiche=fiche), "deliberation", "numero", "assemblee", le="adoptee_le"
    ).union(
        _rangee(fiche.politiques.all(), "politique", "code", "libelle"),
        _rangee(constats, "constat", "nature", "texte"),
        _rangee(DemarcheFinanceur.objects.filter(fiche=fiche), "demarche", "financeur", "genre"),
        _depenses(fiche, eligible=True),
        _depenses(fiche, eligible=False),
        _proches(Fiche.objects.filter(tranche_de=fiche), "tranche"),
        _proches(Fiche.objects.filter(pk=fiche.tranche_de_id or 0), "entiere"),
        _proches(Fiche.objects.filter(pk=fiche.fusionnee_dans_id or 0), "reunie"),
        all=True,
    )
    listes: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
    for genre, *reste in sorted(rows, key=lambda row: row[1]):
        listes[genre].append(tuple(reste))
    return listes


def _en_annexes(rows: list[tuple[Any, ...]]) -> list[Annexe]:
    return [Annexe(cle, _NATURES.get(code, code), texte, le) for cle, code, texte, le, _ in rows]


def _en_depenses(listes: dict[str, list[tuple[Any, ...]]]) -> list[Depense]:
    lues = (
        Depense(cle, nature, libelle, montant, eligible)
        for eligible, genre in _GENRES_DEPENSE.items()
        for cle, nature, libelle, _, montant in listes[genre]
    )
    return sorted(lues, key=lambda d: d.cle)


def _en_proches(rows: list[tuple[Any, ...]]) -> list[Proche]:
    lus = (Proche(cle, texte, montant, int(code)) for cle, code, texte, _, montant in rows)
    return sorted(lus, key=lambda p: p.tranche)


def _jour_lisible(texte: str) -> str:
    """“2026-11-05” of the journal as 05/11/2026; any other text as it is."""
    try:
        return f"{date.fromisoformat(texte):%d/%m/%Y}" if len(texte) == 10 else texte
    except ValueError:
        return texte


def valeur_lisible(champ: str, valeur: Any) -> str:
    """A value of the journal as people read it."""
    if valeur in (None, "", []):
        return "–"
    if champ in _MONTANTS:
        return formater_euros(Decimal(str(valeur)))
    if champ == "etat":
        return ETATS.get(str(valeur), str(valeur))
    if champ == "maturite":
        return MATURITES.get(str(valeur), str(valeur))
    if champ in _CODES:
        return str(_CODES[champ].get(str(valeur), valeur))
    if champ == "verdict":
        return str(valeur).replace("_", " ")
    if isinstance(valeur, list):
        return " ; ".join(map(str, valeur))
    return _jour_lisible(str(valeur))


def libelle_champ(champ: str) -> str:
    """What people call a field of the journal."""
    if champ in _CHAMPS:
        return _CHAMPS[champ]
    connus = {f.name: str(getattr(f, "verbose_name", f.name)) for f in Fiche._meta.concrete_fields}
    libelle = connus.get(champ, champ.replace("_", " "))
    return libelle[:1].upper() + libelle[1:]


def passages(entrees: Iterable[Entree]) -> list[Passage]:
    """Journal entries as people read them."""
    return [
        Passage(
            e.numero,
            e.le,
            e.auteur,
            GESTES.get(e.geste, e.geste.replace("_", " ")),
            e.motif,
            tuple(
                Changement(libelle_champ(c), valeur_lisible(c, e.avant.get(c)), valeur_lisible(c, v))
                for c, v in e.apres.items()
                if e.geste != "creer" or c in {"cout_ht", "aide_demandee", "financements"}
            ),
        )
        for e in entrees
        if e.apres.get("portee") != _INTERNE  # an internal remark is not for all those who read the fiche
    ]


def champs_modifies_depuis(stored: Fiche, ouverte_le: str, saisie: Fiche) -> set[str]:
    """Fields that others changed since the form was opened (ISO time) and that its author left as they were.

    Empty when the time cannot be read. One query.
    """
    try:
        depuis = datetime.fromisoformat(ouverte_le)
    except ValueError:
        return set()
    if depuis.tzinfo is None:
        return set()
    entrees = Entree.objects.filter(
        objet_type="plans.fiche", objet_id=str(stored.pk), demarche_id=stored.demarche_id, le__gte=depuis
    ).order_by("numero")
    avant: dict[str, Any] = {}
    for entree in entrees:
        for champ, valeur in entree.avant.items():
            avant.setdefault(champ, valeur)
    tapes = voiler_champs({c: en_json(lisible(getattr(saisie, c))) for c in avant if hasattr(saisie, c)})
    return {c for c, v in tapes.items() if v == voiler_champs({c: avant[c]})[c]}


def trouver(demarche: Demarche, agent: Agent, numero: int) -> Fiche | None:
    """The fiche if the agent may read it, with all its relations and what its dispositif asks. One query."""
    fiche = (
        Fiche.objects.visibles_par(agent)
        .filter(demarche=demarche)
        .select_related("maitre_ouvrage", "theme", "axe", "enjeu", "commune")
        .annotate(lu_parametres=F("demarche__version_processus__processus__dispositif__parametres"))
        .filter(numero=numero)
        .first()
    )
    if fiche is not None:
        fiche.demarche = demarche  # already loaded with its authority: rights cost no query
        retenir_modele(demarche, vars(fiche)["lu_parametres"])
    return fiche


def lire_dossier(fiche: Fiche) -> Dossier:
    """The fiche, its plan, its kin. Two queries after `trouver`."""
    prefetch_related_objects([fiche], "financements")  # read once, whoever asks
    lignes = list(fiche.financements.all())
    annexes = _annexes(fiche)
    financements = en_financements(lignes)
    return Dossier(
        fiche=fiche,
        lignes=lignes,
        plan=Plan(fiche.cout_ht, financements),
        equilibre=equilibre_de(fiche, financements),
        deliberations=_en_annexes(annexes["deliberation"]),
        politiques=_en_annexes(annexes["politique"]),
        constats=_en_annexes(annexes["constat"]),
        demarches=len(annexes["demarche"]),
        depenses=_en_depenses(annexes),
        tranches=_en_proches(annexes["tranche"]),
        entiere=next(iter(_en_proches(annexes["entiere"])), None),
        reunie=next(iter(_en_proches(annexes["reunie"])), None),
    )


def historique_de(fiche: Fiche) -> list[Passage]:
    """What happened last. One query."""
    entrees = Entree.objects.filter(
        objet_type="plans.fiche", objet_id=str(fiche.pk), demarche_id=fiche.demarche_id
    ).order_by("-numero")[:HISTORIQUE]
    return passages(entrees)
