"""A scenario over the whole dispositif: one scenario for each of its démarches, under one name."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.models import ModeleVersionne


class EnsembleScenarios(ModeleVersionne):
    """The scenarios of the authority that go together, one for each démarche of a dispositif.

    `partage` shows each territory its own part, as a shared scenario: never that of the others.
    """

    dispositif = models.ForeignKey(Dispositif, on_delete=models.PROTECT, related_name="ensembles")
    nom = models.CharField(max_length=120)
    auteur = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    origine = models.CharField(max_length=300, blank=True)
    recherche = models.JSONField("recherche automatique", null=True, blank=True)
    """What the optimiser was asked and answered; None for an ensemble made by copy."""
    partage = models.BooleanField("montré à chaque territoire", default=False)

    class Meta:
        verbose_name = "ensemble de scénarios"
        verbose_name_plural = "ensembles de scénarios"
        ordering = ["dispositif", "-pk"]

    def __str__(self) -> str:
        return self.nom
