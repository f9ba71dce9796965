"""Imports in progress: nothing enters the plan until the preview is confirmed. The API: `api/models`."""

from django.db import models

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import champ_montant
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.subventions.models import Dossier

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


class ImportFinances(models.Model):
    """An export of the finance software: read, its columns matched, its lines reconciled with our files."""

    class Etat(models.TextChoices):
        LU = "lu", "lu, colonnes à vérifier"
        RAPPROCHE = "rapproche", "rapproché"
        ABANDONNE = "abandonne", "abandonné"

    class Nature(models.TextChoices):
        PAIEMENT = "paiement", "mandats de paiement"
        ENGAGEMENT = "engagement", "engagements"

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="imports_finances")
    nature = models.CharField(max_length=10, choices=Nature.choices)
    agent_id = models.BigIntegerField(null=True, blank=True)
    par_nom = models.CharField("importé par", max_length=150)
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    sha256 = models.CharField(max_length=64)
    entetes = models.JSONField("en-têtes lus")
    lignes = models.JSONField("lignes lues")
    numeros = models.JSONField("numéros des lignes dans le fichier", default=list)
    correspondance = models.JSONField("champ de chaque colonne", default=dict)
    memoire = models.CharField("colonnes reprises de", max_length=200, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.LU)
    cree_le = models.DateTimeField("importé le", auto_now_add=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "export financier importé"
        verbose_name_plural = "exports financiers importés"
        ordering = ["-pk"]

    def __str__(self) -> str:
        return self.nom_fichier


class LigneFinances(models.Model):
    """One line of an export, and what became of it. `cle` makes it the same from one export to the next."""

    class Sort(models.TextChoices):
        RAPPROCHEE = "rapprochee", "rapprochée, à appliquer"
        A_REGLER = "a_regler", "à régler"
        APPLIQUEE = "appliquee", "appliquée"
        DEJA = "deja", "déjà appliquée"
        REPETEE = "repetee", "répétée"
        ECARTEE = "ecartee", "écartée"
        ILLISIBLE = "illisible", "illisible"

    importation = models.ForeignKey(ImportFinances, on_delete=models.CASCADE, related_name="lues")
    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="+")
    numero = models.PositiveIntegerField("ligne du fichier")
    cle = models.CharField(max_length=250, blank=True)
    montant = champ_montant("montant")
    le = models.DateField("date", null=True, blank=True)
    exercice = models.PositiveSmallIntegerField(null=True, blank=True)
    engagement = models.CharField("numéro d’engagement", max_length=60, blank=True)
    siret = models.CharField(max_length=20, blank=True)
    tiers = models.CharField(max_length=200, blank=True)
    mandat = models.CharField("numéro de mandat", max_length=60, blank=True)
    sort = models.CharField(max_length=10, choices=Sort.choices)
    raison = models.CharField(max_length=500)
    dossier = models.ForeignKey(
        Dossier, on_delete=models.PROTECT, null=True, blank=True, related_name="lignes_finances"
    )
    candidats = models.JSONField("dossiers possibles", default=list)
    regle_par_nom = models.CharField("réglée par", max_length=150, blank=True)
    regle_le = models.DateTimeField("réglée le", null=True, blank=True)

    class Meta:
        verbose_name = "ligne d’export financier"
        verbose_name_plural = "lignes d’export financier"
        ordering = ["importation", "numero"]
        constraints = [
            models.UniqueConstraint(
                fields=["dispositif", "cle"], condition=models.Q(sort="appliquee"),
                name="ligne_finances_appliquee_une_fois",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"ligne {self.numero}"
