"""Support requests that the agent may read."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlencode

from django.urls import reverse

from arpent.plateforme.acteurs.models import DemandeAppui

from .pieces import Demande, Trouve, classer

LUES = 500
"""The latest ones are searched, in memory: accents and endings do not count."""


def appuis(demande: Demande) -> Sequence[Trouve]:
    """One query."""
    slugs = {d.pk: d.slug for d in demande.demarches}
    visibles = DemandeAppui.objects.visibles_par(demande.agent).filter(demarche_id__in=slugs)
    lues = visibles.select_related("organisation", "territoire").order_by("-pk")[:LUES]
    trouvees = [
        d
        for d in lues
        if demande.repond(d.question, d.objet_libelle, d.organisation.nom, d.get_genre_display())
    ]
    return [
        Trouve(
            f"{d.get_genre_display().capitalize()}, {d.organisation.nom}",
            f"{d.question[:90]}, {d.get_etat_display().lower()}",
            reverse("appui:demande", args=[slugs[d.demarche_id or 0], d.pk]),
        )
        for d in classer(demande, trouvees, lambda d: d.question)[: demande.limite + 1]
    ]


def toutes(demande: Demande) -> str:
    return f"{reverse('appui:liste')}?{urlencode({'q': demande.texte})}"
