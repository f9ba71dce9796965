"""Imports in progress: nothing enters the plan until the preview is confirmed. The API: `api/models`."""

from django.db import models

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche

from .api.models import Abonnement as Abonnement
from .api.models import Jeton as Jeton
from .api.models import Livraison as Livraison
from .donnees_ouvertes.models import Etablissement as Etablissement


class ImportPlan(models.Model):
    """A file read and kept as rows, its column mapping, and what became of it."""

    class Etat(models.TextChoices):
        LU = "lu", "lu, colonnes à vérifier"
        CONFIRME = "confirme", "importé"
        ABANDONNE = "abandonne", "abandonné"

    class Genre(models.TextChoices):
        NOUVELLES = "nouvelles", "nouvelles fiches"
        RETOUR = "retour", "retour d’un plan exporté"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="imports")
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.NOUVELLES)
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


class ImportElus(models.Model):
    """A list of elected people read and compared, until it is applied. Without what is private.

    `lignes`: the lines recognised as `LigneElue`; `rapport`: what was done, row by row, once applied.
    """

    class Etat(models.TextChoices):
        LU = "lu", "lu, à appliquer"
        APPLIQUE = "applique", "appliqué"
        ABANDONNE = "abandonne", "abandonné"

    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", on_delete=models.PROTECT, related_name="imports_elus"
    )
    agent_id = models.BigIntegerField()
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    le = models.DateField("premier jour des nouveaux mandats")
    complete = models.BooleanField("la liste est complète pour les assemblées qu’elle cite", default=True)
    lignes = models.JSONField("lignes lues", default=list)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.LU)
    rapport = models.JSONField(default=dict)
    cree_le = models.DateTimeField("créé le", auto_now_add=True)
    applique_le = models.DateTimeField("appliqué le", null=True, blank=True)
    applique_par = models.CharField("appliqué par", max_length=200, blank=True)

    class Meta:
        verbose_name = "liste d’élus importée"
        verbose_name_plural = "listes d’élus importées"
        ordering = ["-cree_le"]

    def __str__(self) -> str:
        return self.nom_fichier


class CorrespondanceMemorisee(models.Model):
    """Columns an organisation once matched to fields of a plan, proposed again for the same headers."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="correspondances")
    signature = models.CharField("empreinte des en-têtes", max_length=64)
    entetes = models.JSONField("en-têtes")
    correspondance = models.JSONField("champ de chaque colonne")
    nom_fichier = models.CharField("dernier fichier", max_length=200)
    servie_le = models.DateTimeField("dernière utilisation", auto_now=True)

    class Meta:
        verbose_name = "correspondance mémorisée"
        verbose_name_plural = "correspondances mémorisées"
        ordering = ["organisation", "-servie_le"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "signature"], name="correspondance_unique")
        ]

    def __str__(self) -> str:
        return self.nom_fichier
