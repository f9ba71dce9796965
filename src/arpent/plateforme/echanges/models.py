"""Imports in progress: nothing enters the plan until the preview is confirmed."""

from django.db import models

from arpent.plateforme.demarches.models import Demarche


class ImportPlan(models.Model):
    """A file read and kept as rows, its column mapping, and what became of it."""

    class Etat(models.TextChoices):
        LU = "lu", "lu, colonnes à vérifier"
        CONFIRME = "confirme", "importé"
        ABANDONNE = "abandonne", "abandonné"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="imports")
    agent_id = models.BigIntegerField()
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    entetes = models.JSONField("en-têtes lus")
    lignes = models.JSONField("lignes lues")
    numeros = models.JSONField("numéros des lignes dans le fichier", default=list)
    correspondance = models.JSONField("champ de chaque colonne", default=dict)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.LU)
    rapport = models.JSONField(default=dict)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    confirme_le = models.DateTimeField("confirmé le", null=True, blank=True)

    class Meta:
        verbose_name = "import de plan"
        verbose_name_plural = "imports de plan"
        ordering = ["-cree_le"]

    def __str__(self) -> str:
        return self.nom_fichier
