"""The list of the files that a person may see: its filters, its sums, its workbook."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q, Sum
from django.http import HttpResponse, QueryDict

from arpent.metier.argent import ZERO
from arpent.metier.cycles import CYCLE_DOSSIER, EtatDossier
from arpent.metier.cycles.dossier import EN_COURS
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.negociations.credits.fichiers import fichier
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.numeros import identifiant

from ..models import Dossier, DossierQuerySet
from .frise import puce_de

PAR_PAGE = 50
GROUPES: dict[str, tuple[str, frozenset[str]]] = {
    "a_instruire": ("À instruire", frozenset({EtatDossier.DEPOSE.value})),
    "a_completer": ("À compléter", frozenset({EtatDossier.A_COMPLETER.value})),
    "a_proposer": ("À proposer", frozenset({EtatDossier.COMPLET.value})),
    "en_cours": ("Sans décision", EN_COURS),
    "a_notifier": ("À notifier", frozenset({EtatDossier.VOTE.value})),
}


@dataclass(frozen=True, slots=True)
class Option:
    valeur: str
    libelle: str
    choisi: bool


@dataclass(frozen=True, slots=True)
class Filtre:
    """What the address asks; what is not a value filters nothing."""

    q: str = ""
    etat: str = ""
    territoire: str = ""
    theme: str = ""
    annee: int | None = None

    @classmethod
    def lire(cls, get: QueryDict) -> Filtre:
        etat = get.get("etat", "")
        return cls(
            q=get.get("q", "").strip()[:80],
            etat=etat if etat in GROUPES or etat in set(EtatDossier) else "",
            territoire=get.get("territoire", "")[:80],
            theme=get.get("theme", "")[:40],
            annee=identifiant(get.get("annee", "")[:4]),
        )

    @property
    def est_actif(self) -> bool:
        return any((self.q, self.etat, self.territoire, self.theme, self.annee))

    @property
    def etats(self) -> frozenset[str]:
        if self.etat in GROUPES:
            return GROUPES[self.etat][1]
        return frozenset({self.etat}) if self.etat else frozenset()

    def appliquer(self, dossiers: DossierQuerySet) -> DossierQuerySet:
        if self.q:
            dossiers = dossiers.filter(
                Q(fiche__titre__icontains=self.q) | Q(maitre_ouvrage__nom__icontains=self.q)
            )
        if self.etats:
            dossiers = dossiers.filter(etat__in=self.etats)
        if self.territoire:
            dossiers = dossiers.filter(demarche__slug=self.territoire)
        if self.theme:
            dossiers = dossiers.filter(fiche__theme__code=self.theme)
        return dossiers if self.annee is None else dossiers.filter(annee=self.annee)


@dataclass(frozen=True, slots=True)
class Totaux:
    nombre: int
    contrat: Decimal
    demande: Decimal
    propose: Decimal
    attribue: Decimal


@dataclass(frozen=True, slots=True)
class LigneDossier:
    dossier: Dossier
    puce: str


def dossiers_lus(agent: Agent, filtre: Filtre) -> DossierQuerySet:
    """In order: those that wait longest first, drafts last. Lazy."""
    lus = filtre.appliquer(Dossier.objects.visibles_par(agent)).avec_contexte()
    return lus.order_by("depose_le", "annee", "numero", "pk")


def totaux_de(dossiers: DossierQuerySet) -> Totaux:
    """One query."""
    sommes = dossiers.order_by().aggregate(
        nombre=Count("pk"), contrat=Sum("montant_contractualise"), demande=Sum("montant_demande"),
        propose=Sum("montant_propose"), attribue=Sum("montant_attribue"),
    )  # fmt: skip
    return Totaux(sommes.pop("nombre"), **{nom: somme or ZERO for nom, somme in sommes.items()})


def lignes(dossiers: Iterable[Dossier]) -> list[LigneDossier]:
    return [LigneDossier(d, puce_de(d)) for d in dossiers]


def choix(agent: Agent, filtre: Filtre) -> dict[str, list[Option]]:
    """The lists of the filter form. Two queries."""
    visibles = Dossier.objects.visibles_par(agent).order_by()
    demarches = Demarche.objects.filter(pk__in=visibles.values("demarche")).select_related("territoire")
    themes = Theme.objects.filter(pk__in=visibles.values("fiche__theme")).order_by("libelle")
    etats = {code: libelle for code, (libelle, _) in GROUPES.items()}
    etats |= {
        etat.value: CYCLE_DOSSIER.libelle(etat)
        for etat in EtatDossier
        if etat.value not in {EtatDossier.A_COMPLETER.value}
    }
    return {
        "etats": _options(etats, filtre.etat),
        "territoires": _options(
            {d.slug: d.territoire.nom for d in demarches.order_by("territoire__nom")}, filtre.territoire
        ),
        "themes": _options({t.code: t.libelle for t in themes}, filtre.theme),
    }


def _options(choix: Mapping[str, str], voulu: str) -> list[Option]:
    return [Option(valeur, libelle, valeur == voulu) for valeur, libelle in choix.items()]


COLONNES = (
    ColonneDoc("reference", "Dossier"),
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("projet", "Projet"),
    ColonneDoc("beneficiaire", "Bénéficiaire"),
    ColonneDoc("etat", "État"),
    ColonneDoc("depose", "Déposé le", "date"),
    ColonneDoc("complet", "Complet le", "date"),
    ColonneDoc("contrat", "Aide du contrat", "montant"),
    ColonneDoc("demande", "Demandé", "montant"),
    ColonneDoc("propose", "Proposé", "montant"),
    ColonneDoc("attribue", "Attribué", "montant"),
    ColonneDoc("decision", "Décision"),
    ColonneDoc("vote", "Votée le", "date"),
)


def _cellules(d: Dossier) -> dict[str, Cellule]:
    return {
        "reference": d.reference,
        "territoire": d.demarche.territoire.nom,
        "projet": f"{d.fiche.numero}. {d.fiche.titre}",
        "beneficiaire": d.maitre_ouvrage.nom,
        "etat": d.get_etat_display(),
        "depose": d.depose_le,
        "complet": d.complet_le,
        "contrat": d.montant_contractualise,
        "demande": d.montant_demande,
        "propose": d.montant_propose,
        "attribue": d.montant_attribue,
        "decision": d.decision,
        "vote": d.vote_le,
    }


def en_classeur(dossiers: DossierQuerySet) -> HttpResponse:
    """The rows of the list and their sums, as the page shows them."""
    totaux = totaux_de(dossiers)
    sommes = {
        "contrat": totaux.contrat, "demande": totaux.demande, "propose": totaux.propose,
        "attribue": totaux.attribue,
    }  # fmt: skip
    rangees = [_cellules(d) for d in dossiers]
    return fichier("xlsx", "Dossiers de subvention", "dossiers", COLONNES, rangees, sommes)
