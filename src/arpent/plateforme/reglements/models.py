"""Dispositifs (contract policies) and the versions of their règlement."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db import models
from django.urls import reverse

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Processus
from arpent.plateforme.socle.models import ModeleVersionne

from .models_site_public import SitePublic as SitePublic


class Dispositif(models.Model):
    """A contract policy of an authority, loaded from readable files like any third one would be."""

    slug = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=150)
    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", on_delete=models.PROTECT, related_name="dispositifs"
    )
    processus = models.OneToOneField(Processus, on_delete=models.PROTECT, related_name="dispositif")
    duree_annees = models.PositiveSmallIntegerField("durée du contrat en années")
    presentation = models.TextField("présentation", blank=True)
    source = models.CharField(max_length=500, blank=True)
    parametres = models.JSONField("maturités, domaines, types de contrat", default=dict)
    modele_contrat = models.JSONField("modèle de contrat", default=dict)
    modele_vulnerabilite = models.JSONField("modèle de vulnérabilité", default=dict)

    class Meta:
        verbose_name = "dispositif"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom

    def get_absolute_url(self) -> str:
        return reverse("reglements:dispositif", args=[self.slug])


class Theme(models.Model):
    """A theme of the dispositif (or a domain of a Région)."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="themes")
    code = models.SlugField(max_length=40)
    libelle = models.CharField("libellé", max_length=150)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "thème"
        ordering = ["dispositif", "ordre"]
        constraints = [models.UniqueConstraint(fields=["dispositif", "code"], name="theme_unique")]

    def __str__(self) -> str:
        return self.libelle


class PolitiqueSectorielle(models.Model):
    """A sector policy of the authority that projects may mobilise."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="politiques")
    code = models.SlugField(max_length=60)
    libelle = models.CharField("libellé", max_length=200)
    ordre = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "politique sectorielle"
        verbose_name_plural = "politiques sectorielles"
        ordering = ["dispositif", "ordre"]
        constraints = [models.UniqueConstraint(fields=["dispositif", "code"], name="politique_unique")]

    def __str__(self) -> str:
        return self.libelle


class Fonds(models.Model):
    """A fund of a dispositif. `montant` None: not published, to be typed in by the authority."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="fonds")
    code = models.SlugField(max_length=40)
    libelle = models.CharField("libellé", max_length=150)
    montant = models.DecimalField("montant en euros", max_digits=14, decimal_places=2, null=True, blank=True)
    montant_saisi = models.BooleanField("montant saisi par l’autorité", default=False, editable=False)
    """True: the files of the dispositif replace its amount no more."""
    cle_repartition = models.JSONField("clé de répartition", default=list)
    themes = models.JSONField("thèmes payés", default=list, blank=True)
    """Codes of the only themes it pays by itself; none: those that no other fund pays."""
    source = models.CharField(max_length=300, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)
    ordre = models.PositiveSmallIntegerField(default=0)
    divise = Decimal(0)
    """Not stored: what the ledger divides at its top by theme or year, told by who reads it."""

    class Meta:
        verbose_name = "fonds"
        verbose_name_plural = "fonds"
        ordering = ["dispositif", "ordre"]
        constraints = [models.UniqueConstraint(fields=["dispositif", "code"], name="fonds_unique")]

    def __str__(self) -> str:
        return self.libelle


class VersionReglementQuerySet(models.QuerySet["VersionReglement"]):
    def en_vigueur(self, dispositif: Dispositif, le: date) -> VersionReglement | None:
        """The last version in force at that date, or None."""
        return (
            self.filter(dispositif=dispositif, en_vigueur_le__lte=le)
            .order_by("-en_vigueur_le", "-numero")
            .first()
        )


class VersionReglement(models.Model):
    """A version of the règlement, in force from a date by an act. Published, it never changes."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    intitule = models.CharField("intitulé", max_length=200)
    en_vigueur_le = models.DateField("en vigueur le")
    acte = models.CharField(max_length=200, blank=True)
    contenu = models.JSONField()
    demonstration = models.BooleanField("contient des valeurs de démonstration", default=False)
    empreinte = models.CharField(max_length=64)

    objects = VersionReglementQuerySet.as_manager()

    class Meta:
        verbose_name = "version de règlement"
        ordering = ["dispositif", "-en_vigueur_le"]
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "numero"], name="reglement_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.intitule}, version {self.numero}"


class BrouillonReglement(ModeleVersionne):
    """A règlement being written. Publishing makes a VersionReglement of it, which then never changes."""

    class Etat(models.TextChoices):
        REDACTION = "redaction", "en rédaction"
        PUBLIE = "publie", "publié"
        ABANDONNE = "abandonne", "abandonné"

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="brouillons")
    depuis = models.ForeignKey(
        VersionReglement, verbose_name="écrit à partir de", null=True, blank=True, on_delete=models.PROTECT,
        related_name="brouillons",
    )  # fmt: skip
    intitule = models.CharField("intitulé", max_length=200)
    contenu = models.JSONField(default=dict)
    demonstration = models.BooleanField("emploie les valeurs de démonstration", default=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.REDACTION)
    publie_en = models.OneToOneField(
        VersionReglement, null=True, blank=True, on_delete=models.PROTECT, related_name="brouillon_publie"
    )
    cree_par_nom = models.CharField("ouvert par", max_length=200)
    cree_le = models.DateTimeField("ouvert le", auto_now_add=True)

    class Meta:
        verbose_name = "brouillon de règlement"
        verbose_name_plural = "brouillons de règlement"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return self.intitule


class ParametreLegal(ModeleVersionne):
    """A legal threshold as this instance holds it: added or corrected by the authority, dated and sourced.

    `valeur` None: the text fixes it but nobody has typed it in. Lines shipped with the platform are not rows.
    """

    code = models.CharField(max_length=60)
    valeur = models.DecimalField(max_digits=12, decimal_places=6, null=True, blank=True)
    depuis = models.DateField("applicable depuis le")
    jusqu_a = models.DateField("jusqu’au", null=True, blank=True)
    source = models.CharField(max_length=300)
    note = models.TextField(blank=True)
    saisi_par_nom = models.CharField("saisi par", max_length=200)
    saisi_le = models.DateTimeField("saisi le", auto_now=True)

    class Meta:
        verbose_name = "paramètre légal"
        verbose_name_plural = "paramètres légaux"
        ordering = ["code", "depuis"]
        constraints = [models.UniqueConstraint(fields=["code", "depuis"], name="parametre_legal_unique")]

    def __str__(self) -> str:
        return f"{self.code} depuis le {self.depuis:%d/%m/%Y}"


class DonneeBeneficiaire(models.Model):
    """A figure of an owner that rules read (fiscal potential, road length…), for one year, sourced."""

    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="donnees")
    code = models.CharField(max_length=60)
    annee = models.PositiveSmallIntegerField("année")
    valeur = models.DecimalField(max_digits=18, decimal_places=6)
    source = models.CharField(max_length=300)

    class Meta:
        verbose_name = "donnée d’un bénéficiaire"
        verbose_name_plural = "données des bénéficiaires"
        ordering = ["organisation", "code", "-annee"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "code", "annee"], name="donnee_beneficiaire_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation} : {self.code} {self.annee}"


class AideAnterieure(models.Model):
    """An aid granted to an owner outside the fiches (earlier contracts): ceilings per period read it."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.CASCADE, related_name="aides_anterieures")
    organisation = models.ForeignKey(Organisation, on_delete=models.CASCADE, related_name="aides_anterieures")
    libelle = models.CharField("opération", max_length=300)
    annee = models.PositiveSmallIntegerField("année")
    montant = models.DecimalField("aide accordée", max_digits=12, decimal_places=2)
    assiette = models.DecimalField("dépense éligible", max_digits=12, decimal_places=2, null=True, blank=True)
    theme = models.CharField(max_length=60, blank=True)
    categorie = models.CharField(max_length=60, blank=True)
    soldee = models.BooleanField("soldée", default=False)
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "aide antérieure"
        verbose_name_plural = "aides antérieures"
        ordering = ["organisation", "-annee", "pk"]

    def __str__(self) -> str:
        return f"{self.libelle} ({self.annee})"
