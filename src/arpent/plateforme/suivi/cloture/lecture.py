"""What is still open on a contract, and its balance, drawn from the files, the works and the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Q, Sum

from arpent.metier.argent import ZERO
from arpent.metier.cloture import BilanCloture, GenreOuvert, LigneBilan, PointOuvert
from arpent.metier.cycles import EtatAvenant, EtatContrat, EtatReversement, EtatVersement
from arpent.metier.cycles.dossier import OUVERTS
from arpent.metier.cycles.versement import VERSEMENTS_OUVERTS
from arpent.metier.repartition.soldes import Stade
from arpent.metier.versements import GenreVersement
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.plans.models import ETATS_ENGAGES, Fiche
from arpent.plateforme.subventions.models import DemandeVersement, Dossier, Retenue, Reversement

from ..models import ClotureContrat, PointBloquant
from ..montants import montants_des

_AVENANTS_FINIS = (EtatAvenant.EN_VIGUEUR.value, EtatAvenant.ABANDONNE.value)


@dataclass(frozen=True, slots=True)
class PageCloture:
    """`cloture`: it is done; `obstacle`: its state does not allow it, and why."""

    contrat: Contrat | None
    ouverts: tuple[PointOuvert, ...]
    bilan: BilanCloture
    cloture: ClotureContrat | None
    obstacle: str

    @property
    def empechent(self) -> int:
        return sum(1 for p in self.ouverts if p.empeche)


def fiches_du_bilan(demarche: Demarche) -> list[Fiche]:
    """Those retained, and whatever else has money in the ledger: a file outlives its line. Two queries."""
    ecrites = Mouvement.objects.filter(
        enveloppe__demarche=demarche, stade__in=(Stade.VOTE, Stade.ENGAGE, Stade.PAYE), fiche__isnull=False
    )
    engagees = Fiche.objects.filter(demarche=demarche, etat__in=ETATS_ENGAGES).comptees()
    return list(
        Fiche.objects.filter(
            Q(pk__in=engagees.order_by().values("pk")) | Q(pk__in=ecrites.order_by().values("fiche"))
        ).order_by("numero")
    )


def bilan_de(demarche: Demarche) -> BilanCloture:
    """Project by project, as the ledger says. Two queries."""
    fiches = fiches_du_bilan(demarche)
    montants = montants_des(fiches)
    return BilanCloture(
        tuple(
            LigneBilan(f"{f.numero}. {f.titre}", m.accorde, m.vote, m.engage, m.paye)
            for f in fiches
            if (m := montants[f.pk])
        )
    )


def ouverts_de(demarche: Demarche) -> tuple[PointOuvert, ...]:
    """Seven queries whatever the number of files; what stops the closing comes first."""
    lus = [*_versements(demarche), *_avenants(demarche), *_dossiers(demarche), *_blocages(demarche)]
    return tuple(sorted(lus, key=lambda p: (not p.empeche, list(GenreOuvert).index(p.genre), p.quoi)))


def _du(dossier: Dossier, fiche: Fiche) -> str:
    return f"dossier {dossier.annee}-{dossier.numero}, {fiche.titre}"


def _versements(demarche: Demarche) -> Iterator[PointOuvert]:
    demandes = DemandeVersement.objects.filter(dossier__demarche=demarche).select_related("dossier__fiche")
    for d in demandes.filter(etat__in=VERSEMENTS_OUVERTS).order_by("pk"):
        yield PointOuvert(GenreOuvert.VERSEMENT, _du(d.dossier, d.dossier.fiche), d.montant_demande)
    attendus = Reversement.objects.filter(
        dossier__demarche=demarche, etat=EtatReversement.DEMANDE.value
    ).select_related("dossier__fiche")
    for r in attendus.order_by("pk"):
        yield PointOuvert(GenreOuvert.REVERSEMENT, _du(r.dossier, r.dossier.fiche), r.montant)
    retenues = Retenue.objects.filter(
        demande__dossier__demarche=demarche, demande__etat=EtatVersement.PAYEE.value, levee_le=None
    ).select_related("demande__dossier__fiche")
    for x in retenues.order_by("pk"):
        yield PointOuvert(GenreOuvert.RETENUE, _du(x.demande.dossier, x.demande.dossier.fiche), x.montant)


def _avenants(demarche: Demarche) -> Iterator[PointOuvert]:
    for a in Avenant.objects.filter(contrat__demarche=demarche).exclude(etat__in=_AVENANTS_FINIS):
        yield PointOuvert(GenreOuvert.AVENANT, a.objet)


def _dossiers(demarche: Demarche) -> Iterator[PointOuvert]:
    """A file not settled; what was advanced on it is to be taken back from its last payment."""
    dossiers = list(
        Dossier.objects.filter(demarche=demarche, etat__in=OUVERTS)
        .select_related("fiche")
        .order_by("annee", "numero")
    )
    payes = DemandeVersement.objects.filter(dossier__in=dossiers, etat=EtatVersement.PAYEE.value)
    avances: dict[int, Decimal] = dict(
        payes.filter(genre=GenreVersement.AVANCE.value)
        .values_list("dossier")
        .annotate(n=Sum("montant_paye"))
        .order_by("dossier")
    )
    soldes = set(payes.filter(genre=GenreVersement.SOLDE.value).values_list("dossier", flat=True))
    for d in dossiers:
        yield PointOuvert(GenreOuvert.DOSSIER, f"{_du(d, d.fiche)} : {d.get_etat_display().lower()}")
        if d.pk not in soldes and avances.get(d.pk):
            yield PointOuvert(GenreOuvert.AVANCE, _du(d, d.fiche), avances[d.pk] or ZERO)


def _blocages(demarche: Demarche) -> Iterator[PointOuvert]:
    points = PointBloquant.objects.filter(fiche__demarche=demarche, clos_le=None).select_related("fiche")
    for p in points.order_by("echeance", "pk"):
        yield PointOuvert(GenreOuvert.BLOCAGE, f"{p.fiche.titre} : {p.texte}")


def obstacle_de(contrat: Contrat | None, le: date) -> str:
    """Why this contract is not to be closed today; empty when it may be."""
    if contrat is None:
        return "Le contrat de ce territoire n’est pas encore préparé."
    match contrat.etat:
        case EtatContrat.ECHU.value:
            return ""
        case EtatContrat.SOLDE.value:
            return "Ce contrat est déjà clos."
        case EtatContrat.RESILIE.value:
            return "Ce contrat est résilié : il a pris fin par son acte, il ne se clôt pas."
        case EtatContrat.EN_VIGUEUR.value:
            return "Le contrat est en vigueur : constatez d’abord son échéance, depuis la page du contrat."
        case _:
            return "Le contrat n’est pas encore signé."


def page_de(demarche: Demarche, le: date) -> PageCloture:
    """About fifteen queries."""
    contrat = Contrat.objects.filter(demarche=demarche).first()
    if contrat is not None:
        contrat.demarche = demarche
    cloture = (
        ClotureContrat.objects.select_related("document").filter(contrat=contrat).first() if contrat else None
    )
    return PageCloture(contrat, ouverts_de(demarche), bilan_de(demarche), cloture, obstacle_de(contrat, le))
