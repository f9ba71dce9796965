"""The maquette financière: data of the allocation keys, envelopes, scenarios and their lines."""

from __future__ import annotations

from django.db import models

from arpent.metier.cycles.scenario import LIBELLES as LIBELLES_SCENARIO
from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche, champ_montant
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Territoire


class DonneeRepartition(ModeleVersionne):
    """The value of one allocation criterion for one territory (km of road…); None: not known yet."""

    territoire = models.ForeignKey(Territoire, on_delete=models.CASCADE, related_name="donnees_repartition")
    critere = models.SlugField("critère", max_length=40)
    valeur = models.DecimalField(max_digits=16, decimal_places=3, null=True, blank=True)
    unite = models.CharField("unité", max_length=30)
    source = models.CharField(max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "donnée de répartition"
        ordering = ["territoire", "critere"]
        constraints = [
            models.UniqueConstraint(fields=["territoire", "critere"], name="donnee_repartition_unique")
        ]

    def __str__(self) -> str:
        return f"{self.critere} de {self.territoire}"


class PartEnveloppe(models.Model):
    """What one criterion of a fund's key gives to a démarche. The envelope is the sum of its parts."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="parts_enveloppe")
    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="parts")
    critere = models.CharField("critère", max_length=40)
    montant = champ_montant("montant")
    demonstration = models.BooleanField("repose sur une valeur de démonstration", default=False)

    class Meta:
        verbose_name = "part d’enveloppe"
        ordering = ["demarche", "fonds", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "fonds", "critere"], name="part_enveloppe_unique")
        ]

    def __str__(self) -> str:
        return f"{self.fonds}, {self.critere} : {self.montant} €"


class Camp(models.TextChoices):
    """Which side a scenario belongs to: private to it until it is shared."""

    AUTORITE = "autorite", "autorité"
    TERRITOIRE = "territoire", "territoire"


class Scenario(ModeleVersionne):
    """A set of proposed aids over the fiches of a démarche.

    One is `est_courant`: the maquette of both sides. The others are variants, each of one side.
    """

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="scenarios")
    nom = models.CharField(max_length=120)
    etat = models.CharField(
        "état", max_length=10, choices=[(e.value, LIBELLES_SCENARIO[e]) for e in EtatScenario],
        default=EtatScenario.TRAVAIL.value,
    )  # fmt: skip
    est_courant = models.BooleanField("maquette en cours", default=True)
    camp = models.CharField(max_length=10, choices=Camp.choices, default=Camp.AUTORITE.value)
    partage = models.BooleanField("montré à l’autre partie", default=False)
    auteur = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    origine = models.CharField(max_length=300, blank=True)
    recherche = models.JSONField("recherche automatique", null=True, blank=True)
    """What the optimiser was asked and answered; None for a scenario made by hand."""

    class Meta:
        verbose_name = "scénario"
        ordering = ["demarche", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demarche"], condition=models.Q(est_courant=True), name="un_seul_scenario_courant"
            )
        ]

    def __str__(self) -> str:
        return self.nom


class Proposition(ModeleVersionne):
    """One line of a scenario: the aid proposed for a fiche, its year, the provisional decision."""

    class Decision(models.TextChoices):
        RETENUE = "retenue", "retenue"
        DIFFEREE = "differee", "différée (amorçage)"
        REFUSEE = "refusee", "refusée"

    scenario = models.ForeignKey(Scenario, on_delete=models.CASCADE, related_name="propositions")
    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="propositions")
    montant = champ_montant("aide proposée")
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    decision = models.CharField("décision", max_length=10, choices=Decision.choices, default=Decision.RETENUE)
    motif = models.CharField(max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "proposition"
        ordering = ["scenario", "fiche__numero"]
        constraints = [models.UniqueConstraint(fields=["scenario", "fiche"], name="proposition_unique")]

    def __str__(self) -> str:
        return f"{self.fiche} : {self.montant} €"
