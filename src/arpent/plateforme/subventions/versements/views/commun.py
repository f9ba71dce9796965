"""What the pages of the payments share: what an action refuses, where one comes back."""

from __future__ import annotations

from django.urls import reverse

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.negociations.credits.registre import CreditRefuse

from ...dossiers.actions import DossierRefuse
from ...models import Dossier
from ..actions import VersementRefuse

REFUS = (VersementRefuse, CreditRefuse, DossierRefuse, TransitionRefusee)
ECRIRE = ("GET", "HEAD", "POST")


def retour_de(dossier: Dossier) -> str:
    return reverse("subventions:versements", args=[dossier.demarche.slug, dossier.annee, dossier.numero])
