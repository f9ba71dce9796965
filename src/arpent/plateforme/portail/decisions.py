"""What awaits a person among the decisions on fiches: avis, délibérations, corrections, support requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet
from django.urls import reverse

from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.appui import demandes_visibles_par
from arpent.plateforme.plans.lot import adoptees
from arpent.plateforme.plans.models import AvisService, Commentaire, Deliberation

from .attente import Attente, Genre, Lien


def _par_territoire(
    rows: QuerySet[Any], demarches: dict[int, Demarche], url: Callable[[Demarche], str]
) -> tuple[Lien, ...]:
    """One link by démarche in the perimeter, with how many rows it has. One query."""
    comptes = (
        rows.filter(fiche__demarche__in=demarches)
        .order_by("fiche__demarche")
        .values_list("fiche__demarche")
        .annotate(nombre=Count("pk"))
    )
    return tuple(Lien(demarches[pk].territoire.nom, url(demarches[pk]), nombre) for pk, nombre in comptes)


def _vers(nom: str) -> Callable[[Demarche], str]:
    return lambda demarche: reverse(nom, args=[demarche.slug])


def _a_completer(demarche: Demarche) -> str:
    return f"{reverse('plans:plan', args=[demarche.slug])}?etat=a_completer"


def decisions_attendues(agent: Agent, demarches: list[Demarche]) -> list[Attente]:
    """At most four queries, whatever the number of territories."""
    par_pk = {d.pk: d for d in demarches}
    organisations = [h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id]
    attentes: list[Attente] = []

    def ajouter(titre: str, detail: str, genre: Genre, liens: tuple[Lien, ...]) -> None:
        if liens:
            attentes.append(Attente(titre, detail, genre, liens))

    if peut(agent, "avis.rendre"):
        ajouter(
            "Avis à rendre",
            "Un service vous demande votre avis sur un projet.",
            "alerte",
            _par_territoire(AvisService.objects.a_rendre_par(agent), par_pk, _vers("plans:avis_liste")),
        )
    if organisations:
        dues = Deliberation.objects.filter(
            fiche__maitre_ouvrage__in=organisations, adoptee_le__isnull=True
        ).exclude(Exists(adoptees(OuterRef("fiche"))))
        ajouter(
            "Délibérations attendues",
            "Votre assemblée doit adopter ces projets.",
            "alerte",
            _par_territoire(dues, par_pk, _vers("plans:deliberations")),
        )
        corrections = Commentaire.objects.filter(
            fiche__maitre_ouvrage__in=organisations,
            genre=Commentaire.Genre.CORRECTION,
            resolu_le__isnull=True,
        )
        ajouter(
            "Corrections demandées",
            "Le service instructeur précise, champ par champ, ce qui est à reprendre.",
            "alerte",
            _par_territoire(corrections, par_pk, _a_completer),
        )
    if peut(agent, "appui.repondre"):
        ouvertes = demandes_visibles_par(agent).exclude(etat="close").count()
        if ouvertes:
            lien = Lien("Toutes les demandes", reverse("plans:appui_liste"), ouvertes)
            ajouter("Demandes d’appui", "Des maîtres d’ouvrage demandent de l’aide.", "info", (lien,))
    return attentes
