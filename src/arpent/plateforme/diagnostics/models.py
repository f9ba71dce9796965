"""What the territory finds (AFOM) and what is at stake (enjeux)."""

from django.db import models

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne


class ConstatTerritorial(ModeleVersionne):
    """A finding: strength, weakness, opportunity or threat, with the indicator that shows it.

    `valeur_citee` and `millesime_cite` are what was read the day it was written: a finding does not move
    when a vintage arrives.
    """

    class Nature(models.TextChoices):
        FORCE = "force", "force"
        FAIBLESSE = "faiblesse", "faiblesse"
        OPPORTUNITE = "opportunite", "opportunité"
        MENACE = "menace", "menace"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="constats")
    nature = models.CharField(max_length=12, choices=Nature.choices)
    texte = models.CharField(max_length=500)
    indicateur = models.CharField("indicateur cité", max_length=60, blank=True)
    valeur_citee = models.CharField("valeur citée", max_length=120, blank=True)
    millesime_cite = models.CharField("millésime cité", max_length=60, blank=True)
    propose_par = models.CharField("proposé par", max_length=200, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "constat"
        ordering = ["demarche", "nature", "pk"]

    def __str__(self) -> str:
        return self.texte


class Enjeu(ModeleVersionne):
    """What is at stake for the territory, with its priority (1 = first)."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="enjeux")
    libelle = models.CharField("libellé", max_length=300)
    description = models.TextField(blank=True)
    priorite = models.PositiveSmallIntegerField("priorité", default=1)
    constats = models.ManyToManyField(ConstatTerritorial, blank=True, related_name="enjeux")
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "enjeu"
        verbose_name_plural = "enjeux"
        ordering = ["demarche", "priorite", "pk"]

    def __str__(self) -> str:
        return self.libelle
