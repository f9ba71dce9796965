"""What the assembly voted by fund and year, and the numbers the finance office gives to a file."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.plans.models import champ_montant_facultatif
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.socle.models import ModeleVersionne

from .dossier import Dossier


class VoteCredits(ModeleVersionne):
    """AP and CP voted for a fund and an exercise; None: not entered."""

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="votes_credits")
    annee = models.PositiveSmallIntegerField("exercice")
    ap = champ_montant_facultatif("AP votée")
    cp = champ_montant_facultatif("CP votés")
    acte = models.CharField("acte du vote", max_length=120, blank=True)
    acte_le = models.DateField("date du vote", null=True, blank=True)
    par_nom = models.CharField("saisi par", max_length=150)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "crédits votés"
        verbose_name_plural = "crédits votés"
        ordering = ["fonds", "annee"]
        constraints = [models.UniqueConstraint(fields=["fonds", "annee"], name="vote_credits_unique")]

    def __str__(self) -> str:
        return f"{self.fonds}, {self.annee}"


class NumeroEngagement(models.Model):
    """The number of a commitment in the finance software: several files may share one, a human decides."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="numeros_engagement")
    numero = models.CharField("numéro d’engagement", max_length=60)
    montant = champ_montant_facultatif("montant engagé")
    le = models.DateField("date de l’engagement", null=True, blank=True)
    par_nom = models.CharField("noté par", max_length=150)

    class Meta:
        verbose_name = "numéro d’engagement"
        verbose_name_plural = "numéros d’engagement"
        ordering = ["dossier", "pk"]
        constraints = [models.UniqueConstraint(fields=["dossier", "numero"], name="numero_engagement_unique")]

    def __str__(self) -> str:
        return self.numero
