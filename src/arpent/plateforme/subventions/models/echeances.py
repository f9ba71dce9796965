"""The deadlines of an awarded aid: extensions, alerts sent, lapses pronounced together."""

from __future__ import annotations

from django.db import models

from arpent.metier.cycles.versement import LIBELLES_PROROGATION, EtatProrogation
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, PROROGEABLES, GenreEcheance
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans.models import champ_montant
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.models import ModeleVersionne

from .dossier import Dossier


class Prorogation(ModeleVersionne):
    """More months asked for a deadline, and the decision on it."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="prorogations")
    numero = models.PositiveIntegerField("numéro")
    genre = models.CharField(
        "délai", max_length=12, choices=[(g.value, LIBELLES_ECHEANCE[g]) for g in PROROGEABLES]
    )
    mois = models.PositiveSmallIntegerField("mois demandés")
    mois_accordes = models.PositiveSmallIntegerField("mois accordés", null=True, blank=True)
    motif = models.CharField(max_length=1000)
    etat = models.CharField(
        "état", max_length=10, choices=[(e.value, LIBELLES_PROROGATION[e]) for e in EtatProrogation],
        default=EtatProrogation.DEMANDEE.value,
    )  # fmt: skip
    demandee_par_nom = models.CharField("demandée par", max_length=150)
    demandee_le = models.DateField("demandée le")
    acte = models.CharField("numéro de l’acte", max_length=120, blank=True)
    acte_le = models.DateField("date de l’acte", null=True, blank=True)
    decidee_par_nom = models.CharField("décidée par", max_length=150, blank=True)
    decidee_le = models.DateField("décidée le", null=True, blank=True)
    decision_motif = models.CharField("motif de la décision", max_length=1000, blank=True)
    document = models.ForeignKey(
        DocumentEmis, verbose_name="acte émis", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "prorogation"
        ordering = ["dossier", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "numero"], name="prorogation_numero_unique"),
            models.UniqueConstraint(
                fields=["dossier", "genre"], condition=models.Q(etat=EtatProrogation.DEMANDEE.value),
                name="une_prorogation_attendue",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"Prorogation n° {self.numero}, dossier {self.dossier.reference}"


class AlerteEcheance(models.Model):
    """The alert sent for a deadline: which day it was for, how many days before. Kept to send it once."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="alertes")
    genre = models.CharField(
        "délai", max_length=12, choices=[(g.value, LIBELLES_ECHEANCE[g]) for g in GenreEcheance]
    )
    echeance_le = models.DateField("échéance")
    seuil = models.PositiveSmallIntegerField("jours avant")
    envoyee_le = models.DateTimeField("envoyée le", auto_now_add=True)

    class Meta:
        verbose_name = "alerte d’échéance"
        verbose_name_plural = "alertes d’échéance"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier", "genre", "echeance_le", "seuil"], name="alerte_echeance_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_genre_display()}, {self.seuil} jours avant"


class LotCaducite(models.Model):
    """Lapses pronounced by one act: its number, its date, the document issued."""

    dispositif = models.ForeignKey(Dispositif, on_delete=models.PROTECT, related_name="lots_caducite")
    acte = models.CharField("numéro de l’acte", max_length=120)
    acte_le = models.DateField("date de l’acte")
    par_nom = models.CharField("par", max_length=150)
    cree_le = models.DateTimeField("prononcé le", auto_now_add=True)
    document = models.ForeignKey(
        DocumentEmis, verbose_name="acte émis", on_delete=models.PROTECT, null=True, blank=True,
        related_name="+",
    )  # fmt: skip
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "caducités prononcées"
        verbose_name_plural = "caducités prononcées"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["dispositif", "acte"], name="lot_caducite_acte_unique")
        ]

    def __str__(self) -> str:
        return f"Caducités, acte {self.acte}"


class LigneCaducite(models.Model):
    """One file of the act: why it lapsed, and what went back to its envelope."""

    lot = models.ForeignKey(LotCaducite, on_delete=models.CASCADE, related_name="lignes")
    dossier = models.OneToOneField(Dossier, on_delete=models.PROTECT, related_name="caducite")
    explication = models.CharField(max_length=500)
    montant_attribue = champ_montant("aide attribuée")
    montant_verse = champ_montant("déjà versé")
    montant_libere = champ_montant("rendu à l’enveloppe")

    class Meta:
        verbose_name = "dossier caduc"
        verbose_name_plural = "dossiers caducs"
        ordering = ["lot", "pk"]

    def __str__(self) -> str:
        return f"{self.lot}, dossier {self.dossier.reference}"
