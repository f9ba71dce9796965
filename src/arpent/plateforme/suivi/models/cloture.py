"""The closing of a contract: its balance, frozen to the cent, with the document that says it."""

from __future__ import annotations

from typing import Any

from django.db import models

from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.models import DocumentEmis


def _euros(libelle: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(libelle, max_digits=14, decimal_places=2)


class ClotureContrat(models.Model):
    """Written once and never changed. `rendu`: voted, never committed, gone back to the envelope."""

    contrat = models.OneToOneField(Contrat, on_delete=models.PROTECT, related_name="cloture")
    accorde = _euros("accordé")
    vote = _euros("voté")
    engage = _euros("engagé")
    paye = _euros("payé")
    rendu = _euros("rendu à l’enveloppe")
    reste_du = _euros("engagé, restant dû")
    ouverts = models.PositiveSmallIntegerField("points restés ouverts")
    motif = models.CharField("motif", max_length=1000, blank=True)
    document = models.ForeignKey(
        DocumentEmis, verbose_name="bilan de clôture", on_delete=models.PROTECT, related_name="+"
    )
    par_nom = models.CharField("clos par", max_length=200)
    clos_le = models.DateField("clos le")

    class Meta:
        verbose_name = "clôture d’un contrat"
        verbose_name_plural = "clôtures de contrats"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(ouverts=0) | ~models.Q(motif=""), name="cloture_ouverte_avec_motif"
            )
        ]

    def __str__(self) -> str:
        return f"clôture du {self.clos_le:%d/%m/%Y}"
