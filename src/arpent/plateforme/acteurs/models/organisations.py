"""The bodies: who owns projects, signs, or funds."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.territoires.models import Commune, Groupement


class Organisation(models.Model):
    """A body that owns projects, signs, or funds."""

    class Nature(models.TextChoices):
        COMMUNE = "commune", "commune"
        CC = "cc", "communauté de communes"
        CA = "ca", "communauté d’agglomération"
        CU = "cu", "communauté urbaine"
        METROPOLE = "metropole", "métropole"
        SYNDICAT = "syndicat", "syndicat"
        PETR = "petr", "pôle d’équilibre territorial et rural"
        ASSOCIATION = "association", "association"
        DEPARTEMENT = "departement", "Département"
        REGION = "region", "Région"
        ETAT = "etat", "État"
        AUTRE = "autre", "autre structure"

    nom = models.CharField(max_length=200)
    siren = models.CharField(max_length=9, blank=True, db_index=True)
    nature = models.CharField(max_length=15, choices=Nature.choices)
    commune = models.OneToOneField(
        Commune, null=True, blank=True, on_delete=models.PROTECT, related_name="organisation"
    )
    groupement = models.OneToOneField(
        Groupement, null=True, blank=True, on_delete=models.PROTECT, related_name="organisation"
    )

    class Meta:
        verbose_name = "organisation"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["siren"], condition=~models.Q(siren=""), name="organisation_siren_unique"
            )
        ]

    def __str__(self) -> str:
        return self.nom
