"""The money of a fiche: expenses, financing rows, and what was done to find the rest."""

from __future__ import annotations

from django.db import models

from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Agent

from .champs import champ_montant, champ_montant_facultatif
from .fiche import Fiche

FINANCEURS = [(f.value, LIBELLES_FINANCEUR[f]) for f in Financeur]


class LigneFinancement(models.Model):
    """One row of a financing plan: who, which scheme, how much, how sure, since when."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="financements")
    financeur = models.CharField(max_length=20, choices=FINANCEURS)
    libelle = models.CharField("dispositif ou précision", max_length=150, blank=True)
    montant = champ_montant("montant")
    statut = models.CharField(
        max_length=10, choices=[(s.value, LIBELLES_STATUT[s]) for s in StatutFinancement],
        default=StatutFinancement.ENVISAGE.value,
    )  # fmt: skip
    le = models.DateField("date", null=True, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "ligne de financement"
        verbose_name_plural = "lignes de financement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_financeur_display()} {self.montant} €"


class LigneDepense(models.Model):
    """One expense of the operation, HT. `nature` is a code of the dispositif (travaux, études, foncier…)."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="depenses")
    nature = models.CharField(max_length=60, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    montant = champ_montant("montant HT")
    eligible = models.BooleanField("éligible", default=True)

    class Meta:
        verbose_name = "ligne de dépense"
        verbose_name_plural = "lignes de dépense"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.libelle} {self.montant} €"


class DemarcheFinanceur(models.Model):
    """What was done towards a funder (démarche), or may be tried (piste); apart from the acquired money."""

    class Genre(models.TextChoices):
        DEMARCHE = "demarche", "démarche effectuée"
        PISTE = "piste", "piste"

    class Reponse(models.TextChoices):
        ATTENDUE = "attendue", "réponse attendue"
        FAVORABLE = "favorable", "favorable"
        RESERVEE = "reservee", "réservée"
        DEFAVORABLE = "defavorable", "défavorable"

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="demarches_financeurs")
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.PISTE)
    financeur = models.CharField(max_length=20, choices=FINANCEURS)
    dispositif = models.CharField("dispositif visé", max_length=150, blank=True)
    interlocuteur = models.CharField("qui a été sollicité", max_length=200, blank=True)
    le = models.DateField("quand", null=True, blank=True)
    montant = champ_montant_facultatif("montant évoqué")
    reponse = models.CharField("réponse", max_length=12, choices=Reponse.choices, default=Reponse.ATTENDUE)
    precision = models.TextField("ce qui a été répondu", blank=True)
    suite = models.CharField("prochaine étape", max_length=300, blank=True)
    suite_le = models.DateField("pour le", null=True, blank=True)
    par = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    note_le = models.DateTimeField("notée le", auto_now_add=True)

    class Meta:
        verbose_name = "démarche auprès d’un financeur"
        verbose_name_plural = "démarches auprès des financeurs"
        ordering = ["genre", "-le", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} : {self.get_financeur_display()}"
