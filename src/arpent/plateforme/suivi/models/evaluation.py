"""What the contract is judged on: indicators, their dated values, the weight of each enjeu in an axis."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.plans.models import Axe, Fiche
from arpent.plateforme.socle.models import ModeleVersionne


def _mesure(libelle: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(libelle, max_digits=16, decimal_places=4, null=True, blank=True)


def _annee(libelle: str) -> models.PositiveSmallIntegerField[Any, Any]:
    return models.PositiveSmallIntegerField(
        libelle, null=True, blank=True, validators=[MinValueValidator(1990), MaxValueValidator(2100)]
    )


class IndicateurSuivi(ModeleVersionne):
    """An indicator of the contract, on an enjeu, an axis or a project.

    `code`: that of the observatoire when its values are read there; empty: they are typed.
    """

    class Nature(models.TextChoices):
        REALISATION = "realisation", "réalisation : ce qui a été fait"
        RESULTAT = "resultat", "résultat : ce que cela change"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="indicateurs_suivis")
    enjeu = models.ForeignKey(
        Enjeu, null=True, blank=True, on_delete=models.CASCADE, related_name="indicateurs"
    )
    axe = models.ForeignKey(Axe, null=True, blank=True, on_delete=models.CASCADE, related_name="indicateurs")
    fiche = models.ForeignKey(
        Fiche, verbose_name="projet", null=True, blank=True, on_delete=models.CASCADE,
        related_name="indicateurs",
    )  # fmt: skip
    nature = models.CharField(max_length=12, choices=Nature.choices, default=Nature.RESULTAT)
    libelle = models.CharField("indicateur", max_length=200)
    unite = models.CharField("unité", max_length=40, blank=True)
    code = models.CharField("indicateur de l’observatoire", max_length=60, blank=True)
    reference = _mesure("valeur de départ")
    reference_annee = _annee("année de départ")
    cible = _mesure("cible")
    cible_annee = _annee("année de la cible")
    source = models.CharField(max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "indicateur de suivi"
        verbose_name_plural = "indicateurs de suivi"
        ordering = ["demarche", "nature", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(enjeu__isnull=False, axe__isnull=True, fiche__isnull=True)
                | models.Q(enjeu__isnull=True, axe__isnull=False, fiche__isnull=True)
                | models.Q(enjeu__isnull=True, axe__isnull=True, fiche__isnull=False),
                name="indicateur_sur_un_seul",
            )
        ]

    def __str__(self) -> str:
        return self.libelle

    def get_absolute_url(self) -> str:
        return reverse("suivi:indicateur", args=[self.demarche.slug, self.pk])

    @property
    def sur(self) -> Enjeu | Axe | Fiche:
        """What it judges."""
        juge = self.enjeu or self.axe or self.fiche
        assert juge is not None
        return juge


class ValeurSuivie(models.Model):
    """A value on a day. Read in the observatoire, it keeps its two sums, vintage, source, note."""

    indicateur = models.ForeignKey(IndicateurSuivi, on_delete=models.CASCADE, related_name="valeurs")
    le = models.DateField("date de la valeur")
    valeur = models.DecimalField(max_digits=16, decimal_places=4)
    numerateur = _mesure("numérateur")
    denominateur = _mesure("dénominateur")
    millesime = models.CharField("millésime", max_length=60, blank=True)
    source = models.CharField(max_length=300)
    note = models.CharField("réserve", max_length=300, blank=True)
    saisie_par_nom = models.CharField("saisie par", max_length=200)
    saisie_le = models.DateTimeField("saisie le", auto_now_add=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "valeur suivie"
        verbose_name_plural = "valeurs suivies"
        ordering = ["indicateur", "le"]
        constraints = [models.UniqueConstraint(fields=["indicateur", "le"], name="valeur_suivie_du_jour")]

    def __str__(self) -> str:
        return f"{self.valeur} le {self.le:%d/%m/%Y}"


class PoidsEnjeu(models.Model):
    """What an enjeu weighs in an axis, to share the euros of the projects that name no enjeu themselves."""

    axe = models.ForeignKey(Axe, on_delete=models.CASCADE, related_name="poids_enjeux")
    enjeu = models.ForeignKey(Enjeu, on_delete=models.CASCADE, related_name="poids_enjeux")
    poids = models.DecimalField(
        max_digits=5, decimal_places=2, default=Decimal(1), validators=[MinValueValidator(Decimal(0))]
    )

    class Meta:
        verbose_name = "poids d’un enjeu"
        verbose_name_plural = "poids des enjeux"
        constraints = [models.UniqueConstraint(fields=["axe", "enjeu"], name="poids_enjeu_unique")]

    def __str__(self) -> str:
        return f"{self.enjeu_id} dans l’axe {self.axe_id} : {self.poids}"
