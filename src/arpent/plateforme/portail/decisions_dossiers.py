"""What awaits a person among the grant files: to complete, to examine, to propose, to carry, to notify."""

from __future__ import annotations

from django.db.models import Count, Q
from django.urls import reverse

from arpent.metier.cycles import EtatDossier
from arpent.metier.cycles.dossier import DECIDER, DEPOSER, INSTRUIRE
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.subventions.dossiers.droits import porteurs_de
from arpent.plateforme.subventions.models import Dossier

from .attente import Attente, Genre, Lien

ATTENDUS: dict[str, tuple[str, str, str, Genre]] = {
    EtatDossier.A_COMPLETER.value: (
        DEPOSER, "Dossiers à compléter", "Le service instructeur vous demande une pièce.", "alerte",
    ),
    EtatDossier.BROUILLON.value: (
        DEPOSER, "Dossiers à déposer", "L’autorité ne les voit pas encore.", "neutre",
    ),
    EtatDossier.DEPOSE.value: (
        INSTRUIRE, "Dossiers à instruire", "Déposés, ils attendent l’examen de leurs pièces.", "info",
    ),
    EtatDossier.COMPLET.value: (
        INSTRUIRE, "Dossiers à proposer", "Complets, ils attendent un montant.", "info",
    ),
    EtatDossier.PROPOSE.value: (
        DECIDER, "Dossiers à porter à la commission", "Leur montant est proposé.", "info",
    ),
    EtatDossier.VOTE.value: (
        DECIDER, "Aides à notifier", "Votées, elles attendent leur lettre.", "alerte",
    ),
}  # fmt: skip
"""State → who acts, title, detail, look."""


def _du_ressort(agent: Agent) -> Q:
    """The files that this agent may examine: a habilitation bounded to themes counts for these alone."""
    themes: set[str] = set()
    for h in agent.habilitations_en_cours:
        if INSTRUIRE in h.definition.droits:
            if not h.codes_themes:
                return Q()
            themes |= h.codes_themes
    return Q(fiche__theme__isnull=True) | Q(fiche__theme__code__in=themes)


def dossiers_attendus(agent: Agent, demarches: list[Demarche]) -> list[Attente]:
    """One query, whatever the number of territories."""
    par_pk = {d.pk: d for d in demarches}
    comptes = (
        Dossier.objects.visibles_par(agent)
        .filter(demarche__in=par_pk, etat__in=ATTENDUS)
        .order_by("demarche")
        .values_list("demarche", "etat", "maitre_ouvrage")
        .annotate(tous=Count("pk"), a_instruire=Count("pk", filter=_du_ressort(agent)))
    )
    par_etat: dict[str, dict[int, int]] = {}
    for pk, etat, qui, tous, a_instruire in comptes:
        demarche, droit = par_pk[pk], ATTENDUS[etat][0]
        if not peut_sur(agent, droit, demarche):
            continue
        porteurs = porteurs_de(agent, demarche) if droit == DEPOSER else None
        nombre = tous if droit == DEPOSER else a_instruire
        if nombre and (porteurs is None or qui in porteurs):
            lieux = par_etat.setdefault(etat, {})
            lieux[pk] = lieux.get(pk, 0) + nombre
    liste = reverse("subventions:dossiers")
    return [
        Attente(
            titre, detail, genre,
            tuple(
                Lien(par_pk[pk].territoire.nom, f"{liste}?etat={etat}&territoire={par_pk[pk].slug}", nombre)
                for pk, nombre in par_etat[etat].items()
            ),
        )
        for etat, (_, titre, detail, genre) in ATTENDUS.items()
        if etat in par_etat
    ]  # fmt: skip
