"""The projects of a contract with their chain of amounts: cost, eligible, asked, proposed, negotiated, voted,
contracted, awarded, committed, paid; each with its date and its act, and the state of the file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.utils import timezone

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.cycles.dossier import OUVERTS, EtatDossier
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import Genre, Mouvement
from arpent.plateforme.plans.models import Deliberation

from ..attribution import Octroi
from ..models import Dossier
from .droits import VOIR, peut_deposer_pour
from .frise import puce_de


@dataclass(frozen=True, slots=True)
class Maillon:
    """One step of the chain: how much, when, by which act. `montant` None: not yet, or not known."""

    code: str
    libelle: str
    montant: Decimal | None
    le: date | None = None
    acte: str = ""


@dataclass(slots=True)
class _Cumul:
    montant: Decimal = ZERO
    le: date | None = None
    acte: str = ""


@dataclass(frozen=True, slots=True)
class LigneProjet:
    """One project of the contract. `dossier` None: none is open that this person may see."""

    octroi: Octroi
    chaine: tuple[Maillon, ...]
    dossier: Dossier | None
    puce: str
    peut_deposer: bool

    def montant(self, code: str) -> Decimal | None:
        return next(m.montant for m in self.chaine if m.code == code)

    @property
    def etat(self) -> str:
        return self.dossier.get_etat_display() if self.dossier else "à déposer"

    @property
    def cout(self) -> Decimal | None:
        return self.montant("cout")

    @property
    def attribue(self) -> Decimal | None:
        return self.montant("attribue")

    @property
    def engage(self) -> Decimal | None:
        return self.montant("engage")

    @property
    def paye(self) -> Decimal | None:
        return self.montant("paye")


@dataclass(frozen=True, slots=True)
class Chaine:
    """All of them, and their sums."""

    lignes: tuple[LigneProjet, ...] = ()
    totaux: Mapping[str, Decimal] = field(default_factory=dict)

    @property
    def a_deposer(self) -> int:
        return sum(x.dossier is None for x in self.lignes)

    @property
    def total_contrat(self) -> Decimal:
        return sum((x.octroi.ligne.aide for x in self.lignes), ZERO)


def chaine_de(demarche: Demarche, contrat: Contrat, octrois: Sequence[Octroi], agent: Agent) -> Chaine:
    """`octrois`: the lines of the contract. Three queries, whatever the number of projects."""
    pks = [o.fiche.pk for o in octrois if o.fiche is not None]
    registre = _registre(demarche)
    deliberations = _deliberations(pks)
    dossiers = _dossiers(demarche, agent)
    lignes = tuple(
        _ligne(demarche, contrat, agent, octroi, registre, deliberations, dossiers) for octroi in octrois
    )
    codes = ("cout", "attribue", "engage", "paye")
    totaux = {c: sum((x.montant(c) or ZERO for x in lignes), ZERO) for c in codes}
    return Chaine(lignes, totaux | {"contrat": sum((o.ligne.aide for o in octrois), ZERO)})


def _registre(demarche: Demarche) -> dict[tuple[int, str], _Cumul]:
    """By fiche and stage: the sum, the last act. Returns are told apart. One query."""
    lus: dict[tuple[int, str], _Cumul] = {}
    mouvements = Mouvement.objects.filter(enveloppe__demarche=demarche, fiche__isnull=False).order_by("pk")
    for fiche, stade, genre, montant, acte, acte_le, quand in mouvements.values_list(
        "fiche", "stade", "genre", "montant", "acte", "acte_le", "le"
    ):
        if fiche is None or (genre == Genre.LIBERATION and stade != Stade.ENGAGE):
            continue
        cumul = lus.setdefault((fiche, stade), _Cumul())
        cumul.montant = arrondir(cumul.montant + montant)
        cumul.le = acte_le or timezone.localtime(quand).date()
        cumul.acte = acte or cumul.acte
    return lus


def _deliberations(fiches: Sequence[int]) -> dict[int, Deliberation]:
    """The last adopted one of each fiche. One query."""
    lues = Deliberation.objects.filter(fiche__in=fiches, adoptee_le__isnull=False).order_by(
        "adoptee_le", "pk"
    )
    return {d.fiche_id: d for d in lues}


def _dossiers(demarche: Demarche, agent: Agent) -> dict[int, Dossier]:
    """The open file of each fiche that this person may see, else its last one. One query."""
    if not peut_sur(agent, VOIR, demarche):
        return {}
    lus: dict[int, Dossier] = {}
    visibles = Dossier.objects.visibles_par(agent).filter(demarche=demarche)
    for dossier in visibles.avec_contexte().order_by("pk"):
        connu = lus.get(dossier.fiche_id)
        if connu is None or connu.etat not in OUVERTS:
            lus[dossier.fiche_id] = dossier
    return lus


def _ligne(
    demarche: Demarche,
    contrat: Contrat,
    agent: Agent,
    octroi: Octroi,
    registre: Mapping[tuple[int, str], _Cumul],
    deliberations: Mapping[int, Deliberation],
    dossiers: Mapping[int, Dossier],
) -> LigneProjet:
    fiche = octroi.fiche
    dossier = dossiers.get(fiche.pk) if fiche else None
    ouvert = dossier is not None and dossier.etat in OUVERTS
    qui = octroi.beneficiaire
    peut = (
        fiche is not None
        and not ouvert
        and qui is not None
        and bool(peut_deposer_pour(agent, demarche, qui.pk, qui.nom))
    )
    maillons = tuple(_maillons(contrat, octroi, registre, deliberations, dossier if ouvert else None))
    montre = dossier if dossier and (ouvert or dossier.etat != EtatDossier.RETIRE) else None
    return LigneProjet(octroi, maillons, montre, puce_de(montre) if montre else "neutre", peut)


def _maillons(
    contrat: Contrat,
    octroi: Octroi,
    registre: Mapping[tuple[int, str], _Cumul],
    deliberations: Mapping[int, Deliberation],
    dossier: Dossier | None,
) -> Iterable[Maillon]:
    ligne, fiche = octroi.ligne, octroi.fiche
    pk = fiche.pk if fiche else 0
    acte = octroi.acte_qui_fixe or f"contrat {contrat.reference}".strip()
    yield Maillon("cout", "Coût HT au contrat", ligne.cout_ht or None, contrat.date_effet, acte)
    if dossier and dossier.cout_reel_ht and dossier.depose_le:
        yield Maillon(
            "cout_reel", f"Coût HT réel ({dossier.get_stade_display()})", dossier.cout_reel_ht,
            dossier.depose_le, f"dossier {dossier.reference}",
        )  # fmt: skip
    yield Maillon("assiette", "Dépense éligible", octroi.assiette, contrat.date_effet, acte)
    deliberation = deliberations.get(pk)
    yield Maillon(
        "demande", "Aide demandée par la fiche", (fiche.aide_demandee or None) if fiche else None,
        deliberation.adoptee_le if deliberation else None,
        f"délibération {deliberation.numero}" if deliberation else "",
    )  # fmt: skip
    for code, libelle, stade in (
        ("propose", "Proposée à la négociation", Stade.PROPOSE),
        ("convenu", "Négociée (accord)", Stade.CONVENU),
        ("vote", "Votée par les assemblées", Stade.VOTE),
    ):
        yield _du_registre(code, libelle, registre.get((pk, stade.value)))
    yield Maillon("contrat", "Inscrite au contrat", ligne.aide, contrat.date_effet, acte)
    yield Maillon(
        "attribue", "Attribuée", dossier.montant_attribue if dossier else None,
        dossier.vote_le if dossier else None, dossier.decision if dossier else "",
    )  # fmt: skip
    if dossier and dossier.montant_rendu:
        yield Maillon(
            "rendu", "Rendue à l’enveloppe", dossier.montant_rendu, dossier.vote_le, dossier.decision
        )
    yield _du_registre("engage", "Engagée", registre.get((pk, Stade.ENGAGE.value)))
    yield _du_registre("paye", "Payée", registre.get((pk, Stade.PAYE.value)))


def _du_registre(code: str, libelle: str, cumul: _Cumul | None) -> Maillon:
    if cumul is None or not cumul.montant:
        return Maillon(code, libelle, None)
    return Maillon(code, libelle, cumul.montant, cumul.le, cumul.acte)
