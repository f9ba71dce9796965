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

from .ensemble import EnsembleScenarios


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
    """What one criterion or step of a fund's formula gives to a démarche: the envelope is their sum.

    What a class, a floor or a cap takes away is a negative part.
    """

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
    revision = models.PositiveIntegerField("révision des lignes", default=0, editable=False)
    """Goes up by one with each save of its lines: what a page asks to see only what moved since."""
    ensemble = models.ForeignKey(
        EnsembleScenarios, on_delete=models.CASCADE, null=True, blank=True, related_name="scenarios"
    )
    """The scenario over the whole dispositif this one is a part of; it takes its name and sharing there."""

    class Meta:
        verbose_name = "scénario"
        ordering = ["demarche", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["demarche"], condition=models.Q(est_courant=True), name="un_seul_scenario_courant"
            ),
            models.UniqueConstraint(fields=["ensemble", "demarche"], name="une_part_par_demarche"),
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
    assiette = models.DecimalField("base retenue", max_digits=12, decimal_places=2, null=True, blank=True)
    """What the negotiation retains as base; None: that of the fiche."""
    priorite = models.PositiveSmallIntegerField("priorité", null=True, blank=True)
    """The authority's priority in this scenario; None: that of the fiche."""
    motif = models.CharField(max_length=300, blank=True)
    fonds = models.ForeignKey(
        Fonds, verbose_name="fonds choisi", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    """None: left to the theme of the fiche."""
    fonds_par = models.CharField("fonds choisi par", max_length=150, blank=True, editable=False)
    modifie_par = models.CharField("modifiée par", max_length=150, blank=True, editable=False)
    revision = models.PositiveIntegerField("révision", default=0, editable=False)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "proposition"
        ordering = ["scenario", "fiche__numero"]
        constraints = [models.UniqueConstraint(fields=["scenario", "fiche"], name="proposition_unique")]

    def __str__(self) -> str:
        return f"{self.fiche} : {self.montant} €"


class Tour(models.Model):
    """One offer of the authority, or one counter-offer of the territory. Sent, it never changes."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="tours")
    numero = models.PositiveSmallIntegerField("numéro")
    camp = models.CharField(max_length=10, choices=Camp.choices)
    envoye_le = models.DateTimeField("envoyé le", auto_now_add=True)
    repondre_avant = models.DateField("réponse attendue avant le", null=True, blank=True)
    message = models.TextField(blank=True)
    auteur = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    auteur_nom = models.CharField(max_length=150, blank=True)
    enveloppe = models.DecimalField(max_digits=14, decimal_places=2, null=True, blank=True)
    total = champ_montant("total des aides")

    class Meta:
        verbose_name = "tour de négociation"
        verbose_name_plural = "tours de négociation"
        ordering = ["demarche", "numero"]
        constraints = [models.UniqueConstraint(fields=["demarche", "numero"], name="tour_unique")]

    def __str__(self) -> str:
        return f"{'Offre' if self.camp == Camp.AUTORITE else 'Contre-offre'} n° {self.numero}"


class PositionTour(models.Model):
    """What one side says of one fiche in a round, with its reason."""

    tour = models.ForeignKey(Tour, on_delete=models.CASCADE, related_name="positions")
    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="positions")
    montant = champ_montant("aide")
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Proposition.Decision.choices)
    motif = models.CharField(max_length=300, blank=True)
    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    """The fund that paid the line when the round was sent; None where one fund only was shared out."""

    class Meta:
        verbose_name = "position d’un tour"
        verbose_name_plural = "positions des tours"
        ordering = ["tour", "fiche__numero"]
        constraints = [models.UniqueConstraint(fields=["tour", "fiche"], name="position_tour_unique")]

    def __str__(self) -> str:
        return f"{self.tour}, {self.fiche} : {self.montant} €"


class Accord(ModeleVersionne):
    """The agreed maquette, frozen: what the contract takes as its annex, and the act that records it."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="accords")
    tour = models.OneToOneField(Tour, on_delete=models.PROTECT, related_name="accord")
    arrete_le = models.DateTimeField("arrêté le", auto_now_add=True)
    arrete_par = models.CharField("arrêté par", max_length=150, blank=True)
    lignes = models.JSONField("lignes")
    empreinte = models.CharField("empreinte SHA-256", max_length=64)
    acte = models.CharField("acte", max_length=120, blank=True)
    acte_le = models.DateField("date de l’acte", null=True, blank=True)
    leve_le = models.DateTimeField("levé le", null=True, blank=True)

    class Meta:
        verbose_name = "accord sur les crédits affectés"
        verbose_name_plural = "accords sur les crédits affectés"
        ordering = ["demarche", "-pk"]

    def __str__(self) -> str:
        return f"Accord de {self.demarche}"
