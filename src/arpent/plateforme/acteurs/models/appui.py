"""Help asked to the mission d'appui or to a partner structure."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.territoires.models import Territoire

from .agents import Agent
from .organisations import Organisation


class DemandeAppui(models.Model):
    """A request for help to the mission d'appui or a partner structure, for a body of a territory."""

    class Genre(models.TextChoices):
        EMERGENCE = "emergence", "faire émerger un projet"
        MONTAGE = "montage", "monter un dossier"
        FINANCEMENT = "financement", "chercher des financements"
        JURIDIQUE = "juridique", "question juridique"
        TECHNIQUE = "technique", "question technique"

    class Etat(models.TextChoices):
        OUVERTE = "ouverte", "ouverte"
        PRISE = "prise", "prise en charge"
        CLOSE = "close", "close"

    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="demandes_appui")
    organisation = models.ForeignKey(
        Organisation, verbose_name="pour qui", on_delete=models.PROTECT, related_name="demandes_appui"
    )
    genre = models.CharField("nature de la demande", max_length=12, choices=Genre.choices)
    question = models.TextField()
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.OUVERTE)
    demandee_par = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    demandee_par_nom = models.CharField("demandée par", max_length=200)
    demandee_le = models.DateTimeField("demandée le", auto_now_add=True)
    souhaitee_le = models.DateField("réponse souhaitée pour le", null=True, blank=True)
    prise_par = models.ForeignKey(
        Agent, verbose_name="prise en charge par", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="demandes_prises",
    )  # fmt: skip
    reponse = models.TextField("réponse", blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "demande d’appui"
        verbose_name_plural = "demandes d’appui"
        ordering = ["-demandee_le", "-pk"]

    def __str__(self) -> str:
        return f"demande d’appui de {self.organisation}"
