"""The bodies: who owns projects, signs, or funds."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Commune, Groupement


class Organisation(ModeleVersionne):
    """A body that owns projects, signs, or funds.

    `partenaire_de`: the authority whose territories it helps (CAUE, agency, chamber…). `fonctions_nommees`:
    codes of `Designation.Fonction` held by somebody today, kept by the actions that name people: a page reads
    it with the body, without a query.
    """

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

    partenaire_de = models.ForeignKey(
        "self", verbose_name="structure partenaire de", null=True, blank=True, on_delete=models.PROTECT,
        related_name="partenaires",
    )  # fmt: skip
    missions = models.CharField(
        "ce qu’elle fait", max_length=300, blank=True,
        help_text="En une phrase : ce pour quoi un territoire peut l’appeler.",
    )  # fmt: skip
    themes = models.CharField("thèmes (codes séparés par des virgules)", max_length=200, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    fonctions_nommees = models.CharField(max_length=60, blank=True, editable=False)

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

    def nomme(self, fonction: str) -> bool:
        """Whether somebody holds that function for the body (see `Designation`). No query."""
        return fonction in self.fonctions_nommees.split(",")
