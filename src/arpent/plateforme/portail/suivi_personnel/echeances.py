"""The days to come, whatever they come from, in the perimeter of one person."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from arpent.metier.cycles.appui import EN_COURS
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.contrats.attendus import parties_a_voter
from arpent.plateforme.contrats.models import Vote
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche, Etape, etapes_attendues
from arpent.plateforme.demarches.reunions.lecture import demarche_pour, reunions_conviees
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.plans.models import AvisService, Deliberation
from arpent.plateforme.subventions.echeances.lecture import dossiers_suivis, jours_de, situations
from arpent.plateforme.subventions.models import Dossier
from arpent.plateforme.subventions.versements.annonces import page_de

HORIZONS = (7, 30, 90)
DE_CHAQUE = 200
"""Days read of each kind, at most: beyond, the page says that the list is cut."""


@dataclass(frozen=True, slots=True)
class Echeance:
    """A day: what it is, where it is read, in which territory; `genre`: the kind of thing."""

    jour: date
    genre: str
    libelle: str
    url: str
    territoire: str

    def retard(self, le: date) -> bool:
        return self.jour < le


@dataclass(frozen=True, slots=True)
class Question:
    """Whose days, in which démarches, between which dates (both included)."""

    agent: Agent
    demarches: Mapping[int, Demarche]
    depuis: date
    jusqu_a: date
    le: date

    def ou(self, droit: str) -> list[int]:
        """Ids of the démarches where the person holds that right. No query."""
        return [pk for pk, d in self.demarches.items() if peut_sur(self.agent, droit, d)]

    @property
    def organisations(self) -> list[int]:
        return [h.organisation_id for h in self.agent.habilitations_en_cours if h.organisation_id]


def _etapes(q: Question) -> Iterable[Echeance]:
    lignes = Etape.objects.filter(
        etapes_attendues(), demarche__in=list(q.demarches),
        prevue_le__range=(q.depuis, q.jusqu_a),
    ).order_by("prevue_le", "pk")  # fmt: skip
    for etape in lignes[:DE_CHAQUE]:
        demarche = q.demarches[etape.demarche_id]
        if etape.prevue_le:
            url = reverse("demarches:etape", args=[demarche.slug, etape.code])
            yield Echeance(etape.prevue_le, "Étape", etape.libelle, url, demarche.territoire.nom)


def _des_fiches(q: Question, lignes: QuerySet[Any], champ: str) -> Iterable[tuple[date, Any, Demarche]]:
    """Rows about a fiche of the perimeter, with their day. One query."""
    lues = (
        lignes.filter(**{f"{champ}__range": (q.depuis, q.jusqu_a)}, fiche__demarche__in=list(q.demarches))
        .select_related("fiche")
        .defer("fiche__texte_recherche", "fiche__description")
        .order_by(champ, "pk")
    )
    for ligne in lues[:DE_CHAQUE]:
        demarche = q.demarches[ligne.fiche.demarche_id]
        ligne.fiche.demarche = demarche
        yield getattr(ligne, champ), ligne, demarche


def _avis(q: Question) -> Iterable[Echeance]:
    """Those asked of the person; for whoever asks for avis, those of their territories."""
    suivis = Q(agent=q.agent) | Q(fiche__demarche__in=q.ou("avis.demander"))
    lignes = AvisService.objects.visibles_par(q.agent).attendus().filter(suivis)
    for jour, avis, demarche in _des_fiches(q, lignes, "echeance_le"):
        libelle = f"Avis de {avis.service} : {avis.fiche.titre}"
        yield Echeance(
            jour, "Avis", libelle, f"{avis.fiche.get_absolute_url()}#avis", demarche.territoire.nom
        )


def _deliberations(q: Question) -> Iterable[Echeance]:
    """Those of the person's own bodies; for the authority, all of them."""
    miennes = Q(fiche__maitre_ouvrage__in=q.organisations) | Q(
        fiche__demarche__in=q.ou("fiche.pre_instruire")
    )
    brouillon = Q(fiche__etat=EtatFiche.BROUILLON.value) & ~Q(fiche__maitre_ouvrage__in=q.organisations)
    lignes = Deliberation.objects.filter(miennes, adoptee_le__isnull=True).exclude(brouillon)
    for jour, acte, demarche in _des_fiches(q, lignes, "attendue_le"):
        libelle = f"Délibération : {acte.fiche.titre}"
        url = f"{acte.fiche.get_absolute_url()}#actes"
        yield Echeance(jour, "Délibération", libelle, url, demarche.territoire.nom)


def _votes(q: Question) -> Iterable[Echeance]:
    """Sittings foreseen for the votes of the contract and of its avenants."""
    lignes = (
        Vote.objects.filter(
            adoptee_le__isnull=True, attendue_le__range=(q.depuis, q.jusqu_a),
            partie__contrat__demarche__in=q.ou("contrat.voir"),
        )
        .filter(Q(avenant__isnull=False) | Q(partie__in=parties_a_voter().order_by()))
        .select_related("partie__organisation", "avenant")
        .annotate(demarche=F("partie__contrat__demarche"))
        .order_by("attendue_le", "pk")
    )  # fmt: skip
    for vote in lignes[:DE_CHAQUE]:
        demarche = q.demarches[vote.demarche]
        quoi = str(vote.avenant) if vote.avenant else "le contrat"
        libelle = f"Séance de {vote.partie.organisation.nom} sur {quoi}"
        url = f"{reverse('contrats:contrat', args=[demarche.slug])}#votes"
        if vote.attendue_le:
            yield Echeance(vote.attendue_le, "Vote", libelle, url, demarche.territoire.nom)


def _appuis(q: Question) -> Iterable[Echeance]:
    """Support requests one asked or answers: the day wished, else the day due."""
    lignes = (
        DemandeAppui.objects.visibles_par(q.agent)
        .filter(demarche_id__in=list(q.demarches), etat__in=EN_COURS)
        .annotate(attendue=Coalesce("souhaitee_le", "echeance_le"))
        .filter(attendue__range=(q.depuis, q.jusqu_a))
        .select_related("organisation")
        .order_by("attendue", "pk")
    )
    for demande in lignes[:DE_CHAQUE]:
        demarche = q.demarches[demande.demarche_id or 0]
        url = reverse("appui:demande", args=[demarche.slug, demande.pk])
        libelle = f"Réponse attendue par {demande.organisation.nom}"
        if jour := demande.souhaitee_le or demande.echeance_le:
            yield Echeance(jour, "Appui", libelle, url, demarche.territoire.nom)


def _reunions(q: Question) -> Iterable[Echeance]:
    """Meetings one is called to, their notice sent."""
    lues = reunions_conviees(q.agent, q.depuis, q.jusqu_a)[:DE_CHAQUE]
    for reunion in lues:
        if demarche := demarche_pour(reunion, q.demarches):
            url = reverse("reunions:reunion", args=[demarche.slug, reunion.pk])
            yield Echeance(reunion.jour, "Réunion", reunion.titre, url, demarche.territoire.nom)


def _decisions(q: Question) -> Iterable[Echeance]:
    """Decisions of meetings that one has to carry out; for whoever conducts meetings, all of them.

    Those of a meeting that a territory attends with others are there too.
    """
    autres = Reunion.autres.through.objects.filter(demarche__in=list(q.demarches)).values("reunion_id")
    conduites = q.ou("reunion.conduire")
    suivies = (
        Q(pk__in=Decision.objects.portees_par(q.agent).order_by().values("pk"))
        | Q(reunion__demarche__in=conduites)
        | Q(objet_demarche__in=conduites)
    )
    lignes = (
        Decision.objects.filter(
            suivies,
            Q(reunion__demarche__in=list(q.demarches)) | Q(reunion__in=autres),
            echeance__range=(q.depuis, q.jusqu_a),
        )
        .a_faire()
        .select_related("reunion")
        .defer("reunion__synthese", "reunion__message")
        .prefetch_related("reunion__autres")
        .order_by("echeance", "pk")
    )
    for decision in lignes[:DE_CHAQUE]:
        demarche = demarche_pour(decision.reunion, q.demarches)
        if demarche is None:
            continue
        url = reverse("reunions:decision", args=[demarche.slug, decision.pk])
        if decision.echeance:
            yield Echeance(decision.echeance, "Décision", decision.texte, url, demarche.territoire.nom)


def _aides(q: Question) -> Iterable[Echeance]:
    """Deadlines of the awarded aids: of the person's own bodies; for whoever certifies payments, all."""
    miens = Q(maitre_ouvrage__in=q.organisations) | Q(demarche__in=q.ou("versement.certifier"))
    suivis = Dossier.objects.visibles_par(q.agent).filter(miens, demarche__in=list(q.demarches))
    lues = jours_de(situations(dossiers_suivis(suivis), q.le))
    ouverts = [j for j in lues if j.echeance.le and q.depuis <= j.echeance.le <= q.jusqu_a]
    for j in ouverts[:DE_CHAQUE]:
        if j.echeance.le:
            territoire = q.demarches[j.dossier.demarche_id].territoire.nom
            yield Echeance(j.echeance.le, "Aide", j.libelle, page_de(j.dossier), territoire)


SOURCES: tuple[Callable[[Question], Iterable[Echeance]], ...] = (
    _etapes,
    _avis,
    _deliberations,
    _votes,
    _appuis,
    _reunions,
    _decisions,
    _aides,
)


def echeances(
    agent: Agent, demarches: Iterable[Demarche], le: date, *, jours: int, retards: bool = False
) -> list[Echeance]:
    """The days from `le` (or past, with `retards`) to `jours` later, soonest first. Thirteen queries."""
    depuis = le - timedelta(days=365) if retards else le
    q = Question(agent, {d.pk: d for d in demarches}, depuis, le + timedelta(days=jours), le)
    toutes = [e for source in SOURCES for e in source(q)]
    return sorted(toutes, key=lambda e: (e.jour, e.territoire, e.libelle))
