"""Tokens of the API, subscriptions to events and their deliveries."""

from __future__ import annotations

from datetime import date

from django.db import models

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche

from .portees import PORTEES


class JetonQuerySet(models.QuerySet["Jeton"]):
    def visibles_par(self, agent: Agent) -> JetonQuerySet:
        """One's own; all those of the instance for who administers it. No query."""
        if any("instance.administrer" in h.definition.droits for h in agent.habilitations_en_cours):
            return self
        return self.filter(agent=agent)

    def utilisables(self, le: date) -> JetonQuerySet:
        return self.filter(revoque_le__isnull=True, fin__gte=le, agent__is_active=True)


class Jeton(models.Model):
    """A key by which a program acts for somebody. Shown once: only its SHA-256 is kept.

    `debut` is what tells it from the others; `demarche` narrows it to one territory.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="jetons_api")
    nom = models.CharField("nom", max_length=80)
    empreinte = models.CharField(max_length=64, unique=True)
    debut = models.CharField("début de la clé", max_length=12)
    portees = models.CharField("ce qu’il permet", max_length=200)
    demarche = models.ForeignKey(
        Demarche, verbose_name="limité à un territoire", null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    fin = models.DateField("sert jusqu’au")
    utilise_le = models.DateTimeField("dernière utilisation", null=True, blank=True)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    objects = JetonQuerySet.as_manager()

    class Meta:
        verbose_name = "jeton d’accès"
        verbose_name_plural = "jetons d’accès"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def codes_portees(self) -> frozenset[str]:
        return frozenset(filter(None, self.portees.split(",")))

    @property
    def libelles_portees(self) -> list[str]:
        return [p.libelle for code, p in PORTEES.items() if code in self.codes_portees]

    def sert_le(self, le: date) -> bool:
        return self.revoque_le is None and self.fin >= le


class AbonnementQuerySet(models.QuerySet["Abonnement"]):
    def visibles_par(self, agent: Agent) -> AbonnementQuerySet:
        """One's own; all those of the instance for who administers it. No query."""
        if any("instance.administrer" in h.definition.droits for h in agent.habilitations_en_cours):
            return self
        return self.filter(agent=agent)


class Abonnement(models.Model):
    """An address told of events, for somebody: only of what that person may read.

    `lu_jusqu_a`: the last entry of the journal that was looked at. `secret` signs what is sent; encrypted.
    """

    class Etat(models.TextChoices):
        ACTIF = "actif", "en service"
        SUSPENDU = "suspendu", "suspendu après des échecs"
        ARRETE = "arrete", "arrêté"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="abonnements_api")
    nom = models.CharField("nom", max_length=80)
    adresse = models.URLField("adresse appelée", max_length=300)
    secret = models.CharField(max_length=300)
    evenements = models.CharField("événements", max_length=400)
    demarche = models.ForeignKey(
        Demarche, verbose_name="limité à un territoire", null=True, blank=True, on_delete=models.CASCADE,
        related_name="+",
    )  # fmt: skip
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.ACTIF)
    lu_jusqu_a = models.PositiveBigIntegerField(default=0)
    echecs_de_suite = models.PositiveSmallIntegerField("échecs de suite", default=0)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)

    objects = AbonnementQuerySet.as_manager()

    class Meta:
        verbose_name = "abonnement aux événements"
        verbose_name_plural = "abonnements aux événements"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def codes_evenements(self) -> frozenset[str]:
        return frozenset(filter(None, self.evenements.split(",")))


class Livraison(models.Model):
    """One event to be told to one address, and what came of it. `corps`: the very text that is signed."""

    class Etat(models.TextChoices):
        EN_FILE = "en_file", "à envoyer"
        EN_COURS = "en_cours", "en cours"
        LIVREE = "livree", "livrée"
        ECHEC = "echec", "échouée"

    abonnement = models.ForeignKey(Abonnement, on_delete=models.CASCADE, related_name="livraisons")
    entree = models.PositiveBigIntegerField("numéro au journal")
    evenement = models.CharField("événement", max_length=40)
    corps = models.TextField()
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.EN_FILE)
    essais = models.PositiveSmallIntegerField(default=0)
    prochain_essai_le = models.DateTimeField("prochain essai le")
    statut = models.PositiveSmallIntegerField("réponse HTTP", null=True, blank=True)
    erreur = models.CharField(max_length=300, blank=True)
    cree_le = models.DateTimeField("créée le", auto_now_add=True)
    livree_le = models.DateTimeField("livrée le", null=True, blank=True)

    class Meta:
        verbose_name = "livraison d’un événement"
        verbose_name_plural = "livraisons d’événements"
        ordering = ["-pk"]
        constraints = [models.UniqueConstraint(fields=["abonnement", "entree"], name="livraison_unique")]
        indexes = [models.Index(fields=["etat", "prochain_essai_le"], name="livraison_due")]

    def __str__(self) -> str:
        return f"{self.evenement} ({self.entree})"
