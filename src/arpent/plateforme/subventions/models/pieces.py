"""The pieces of a grant file, and what the authority asked of its owner."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.plans.models import PieceJointe

from .dossier import Dossier


class PieceDossier(models.Model):
    """A file given for a piece (`code`: that the policy expects; empty: another one).

    Several may be given for one code. A refused or a replaced file stays, and is shown as such; `origine`
    says which file of the fiche it takes over, that nobody is asked for twice.
    """

    class Etat(models.TextChoices):
        RECUE = "recue", "reçue"
        ACCEPTEE = "acceptee", "acceptée"
        REFUSEE = "refusee", "refusée"
        RETIREE = "retiree", "retirée"

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="pieces")
    code = models.CharField("pièce attendue", max_length=60, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.RECUE)
    motif = models.CharField("motif du refus", max_length=500, blank=True)
    fichier = models.FileField(upload_to="dossiers/%Y/%m")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    origine = models.ForeignKey(
        PieceJointe, verbose_name="reprise de la fiche", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="+",
    )  # fmt: skip
    deposee_par_nom = models.CharField("déposée par", max_length=200)
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)
    examinee_par_nom = models.CharField("examinée par", max_length=150, blank=True)
    examinee_le = models.DateTimeField("examinée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce du dossier"
        verbose_name_plural = "pièces du dossier"
        ordering = ["code", "pk"]
        indexes = [models.Index(fields=["dossier", "code", "etat"], name="piece_dossier_code")]

    def __str__(self) -> str:
        return self.libelle


class DemandePiece(models.Model):
    """What the authority asked for, until when; answered by a file, or by a text. It suspends the silence."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="demandes")
    code = models.CharField("pièce attendue", max_length=60, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    texte = models.CharField("ce qui est demandé", max_length=1000)
    demandee_par_nom = models.CharField("demandée par", max_length=150)
    demandee_le = models.DateField("demandée le")
    echeance_le = models.DateField("attendue pour le")
    reponse = models.CharField("réponse", max_length=1000, blank=True)
    repondue_le = models.DateField("répondue le", null=True, blank=True)
    repondue_par_nom = models.CharField("répondue par", max_length=150, blank=True)
    levee_le = models.DateField("levée le", null=True, blank=True)
    """Dropped by the authority without an answer."""

    class Meta:
        verbose_name = "demande de pièce"
        verbose_name_plural = "demandes de pièces"
        ordering = ["demandee_le", "pk"]

    def __str__(self) -> str:
        return f"demande : {self.libelle}"

    @property
    def est_en_attente(self) -> bool:
        return self.repondue_le is None and self.levee_le is None
