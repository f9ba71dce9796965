"""The progress of one project: its milestones, photos of the works, what blocks it."""

from __future__ import annotations

from datetime import date

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.models import ModeleVersionne

POIDS_MAX = 100


class SuiviProjet(ModeleVersionne):
    """The follow-up of a project: two people who write its milestones at once meet on its version.

    `point_le`: the last time somebody said where it stands.
    """

    fiche = models.OneToOneField(Fiche, on_delete=models.CASCADE, related_name="suivi")
    point_le = models.DateField("dernier point le", null=True, blank=True)
    point_par_nom = models.CharField("dernier point par", max_length=200, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "suivi de projet"
        verbose_name_plural = "suivis de projet"

    def __str__(self) -> str:
        return f"suivi du projet {self.fiche_id}"

    def get_absolute_url(self) -> str:
        return reverse("suivi:avancement_projet", args=[self.fiche.demarche.slug, self.fiche.numero])


class JalonProjet(models.Model):
    """A milestone of the works. `poids`: what it weighs beside the others of the same project."""

    suivi = models.ForeignKey(SuiviProjet, on_delete=models.CASCADE, related_name="jalons")
    ordre = models.PositiveSmallIntegerField()
    libelle = models.CharField("jalon", max_length=120)
    poids = models.PositiveSmallIntegerField(
        validators=[MinValueValidator(1), MaxValueValidator(POIDS_MAX)], default=10
    )
    prevu_le = models.DateField("prévu le", null=True, blank=True)
    atteint_le = models.DateField("franchi le", null=True, blank=True)

    class Meta:
        verbose_name = "jalon de projet"
        verbose_name_plural = "jalons de projet"
        ordering = ["suivi", "ordre"]
        constraints = [
            models.UniqueConstraint(fields=["suivi", "ordre"], name="jalon_ordre_unique"),
            models.CheckConstraint(condition=models.Q(poids__gte=1), name="jalon_poids_positif"),
        ]

    def __str__(self) -> str:
        return self.libelle


class PhotoChantier(models.Model):
    """A photo of the works, reduced, without position nor author; `description` says it."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="photos_chantier")
    jalon = models.ForeignKey(
        JalonProjet, null=True, blank=True, on_delete=models.SET_NULL, related_name="photos"
    )
    description = models.CharField("ce que montre la photo", max_length=200)
    prise_le = models.DateField("prise le")
    fichier = models.FileField(upload_to="chantiers/%Y/%m")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    deposee_par_nom = models.CharField("déposée par", max_length=200)
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "photo de chantier"
        verbose_name_plural = "photos de chantier"
        ordering = ["-prise_le", "-pk"]

    def __str__(self) -> str:
        return self.description


class PointBloquant(ModeleVersionne):
    """What blocks a project: who clears it, until when. Closed with a word that says how."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="points_bloquants")
    texte = models.CharField("ce qui bloque", max_length=300)
    responsable = models.ForeignKey(
        Organisation, verbose_name="qui le lève", on_delete=models.PROTECT, related_name="+"
    )
    echeance = models.DateField("à lever avant le")
    ouvert_le = models.DateField("ouvert le")
    ouvert_par_nom = models.CharField("ouvert par", max_length=200)
    clos_le = models.DateField("levé le", null=True, blank=True)
    clos_par_nom = models.CharField("levé par", max_length=200, blank=True)
    mot = models.CharField("comment il a été levé", max_length=300, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "point bloquant"
        verbose_name_plural = "points bloquants"
        ordering = ["clos_le", "echeance", "pk"]
        indexes = [models.Index(fields=["fiche", "clos_le"], name="bloquant_ouvert")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(clos_le__isnull=True) | ~models.Q(mot=""), name="bloquant_clos_avec_un_mot"
            )
        ]

    def __str__(self) -> str:
        return self.texte

    def est_en_retard(self, le: date) -> bool:
        return self.clos_le is None and self.echeance < le
