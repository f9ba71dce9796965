"""The délibérations over every territory one may read: filtered by the database, read page by page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.http import QueryDict

from arpent.metier.deliberation import LIBELLES_ACTE, EtatActe
from arpent.plateforme.acteurs.models import Agent

from .deliberations import ATTENDUE_DANS, Attendue, lire_attendues
from .filtres import PAR_PAGE, Filtre, lire_filtre
from .listes import DemarcheLisible, fiches_visibles
from .models import Deliberation, Fiche

ETATS_ACTE: dict[str, str] = {
    "a_prendre": LIBELLES_ACTE[EtatActe.A_PRENDRE],
    "en_retard": "En retard",
    "adoptee": LIBELLES_ACTE[EtatActe.ADOPTEE],
    "transmise": LIBELLES_ACTE[EtatActe.TRANSMISE],
    "executoire": LIBELLES_ACTE[EtatActe.EXECUTOIRE],
}
_SANS_SUITE = (Deliberation.Sens.REJETEE, Deliberation.Sens.AJOURNEE)


@dataclass(frozen=True, slots=True)
class QuestionActes:
    """What is asked of the list: the place and the owner as in every list of fiches, then the state."""

    filtre: Filtre
    etat: str = ""

    @property
    def est_active(self) -> bool:
        return self.etat != "a_prendre" or self.filtre.est_actif


def lire_question(get: QueryDict) -> QuestionActes:
    """Reads the address; asked nothing, the list shows what is still to be taken. Never fails."""
    lu = lire_filtre(get)
    etat = get.get("etat", "a_prendre")
    filtre = Filtre(q=lu.q, territoire=lu.territoire, epci=lu.epci, mo=lu.mo, page=lu.page)
    return QuestionActes(filtre, etat if etat in ETATS_ACTE else "")


def _actes(fiche: str = "pk") -> QuerySet[Deliberation]:
    """The acts of the fiche that the outer query names `fiche`."""
    return Deliberation.objects.order_by().filter(fiche=OuterRef(fiche))


def _tenus(fiche: str = "pk") -> QuerySet[Deliberation]:
    """Acts voted and not rejected: the states that `Acte.etat` calls adopted, transmitted, exécutoire."""
    return _actes(fiche).filter(adoptee_le__isnull=False).exclude(sens__in=_SANS_SUITE)


def _conditions(le: date) -> Mapping[str, Q]:
    """One condition on fiches for each state; the act that counts is the last one held."""
    dernier = _tenus("fiche").order_by("-adoptee_le", "-pk").values("pk")[:1]
    compte = _actes().filter(pk=dernier)
    transmise = Q(transmise_le__isnull=False) | Q(recue_le__isnull=False)
    publiee = Q(publiee_le__isnull=False)
    a_prendre = ~Exists(_tenus())
    return {
        "a_prendre": Q(a_prendre),
        "en_retard": Q(a_prendre) & Q(Exists(_actes().filter(adoptee_le__isnull=True, attendue_le__lt=le))),
        "adoptee": Q(Exists(compte.filter(~transmise))),
        "transmise": Q(Exists(compte.filter(transmise, ~publiee))),
        "executoire": Q(Exists(compte.filter(transmise, publiee))),
    }


@dataclass(frozen=True, slots=True)
class PageActes:
    """One page of the list. `en_retard` counts over every page; it is a paginator of itself."""

    lignes: list[Attendue]
    number: int
    count: int
    en_retard: int

    @property
    def num_pages(self) -> int:
        return max(1, -(-self.count // PAR_PAGE))

    @property
    def paginator(self) -> PageActes:
        return self


def page_actes(
    agent: Agent, demarches: list[DemarcheLisible], question: QuestionActes, le: date
) -> PageActes:
    """One page, what is due first on top. Six queries whatever the number of fiches and territories."""
    conditions = _conditions(le)
    fiches: QuerySet[Fiche] = fiches_visibles(agent, demarches, question.filtre).filter(
        etat__in=ATTENDUE_DANS
    )
    if question.etat:
        fiches = fiches.filter(conditions[question.etat])
    comptes = fiches.order_by().aggregate(
        nombre=Count("pk"), en_retard=Count("pk", filter=conditions["en_retard"])
    )
    nombre = comptes["nombre"]
    numero = min(question.filtre.page, max(1, -(-nombre // PAR_PAGE)))
    debut = (numero - 1) * PAR_PAGE
    echeance = Min("deliberations__attendue_le", filter=Q(deliberations__adoptee_le__isnull=True))
    cles = list(
        fiches.annotate(echeance=echeance)
        .order_by(F("echeance").asc(nulls_last=True), "demarche__territoire__nom", "numero", "pk")
        .values_list("pk", flat=True)[debut : debut + PAR_PAGE]
    )
    rang = {pk: n for n, pk in enumerate(cles)}
    lignes = lire_attendues(Fiche.objects.filter(pk__in=cles).order_by("pk"), le) if cles else []
    return PageActes(sorted(lignes, key=lambda x: rang[x.fiche.pk]), numero, nombre, comptes["en_retard"])
