"""Requests for payment on a grant file: evidence, certification, payment, withholding, repayment."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse

from arpent.metier.argent import ZERO
from arpent.metier.cycles.versement import (
    DEMANDER,
    LIBELLES_REVERSEMENT,
    LIBELLES_VERSEMENT,
    VERSEMENTS_OUVERTS,
    EtatReversement,
    EtatVersement,
)
from arpent.metier.versements import LIBELLES_GENRE, GenreVersement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.models import champ_montant, champ_montant_facultatif
from arpent.plateforme.socle.models import ModeleVersionne

from .dossier import Dossier


class DemandeVersementQuerySet(models.QuerySet["DemandeVersement"]):
    def visibles_par(self, agent: Agent) -> DemandeVersementQuerySet:
        """Those of the files that this agent sees; drafts of others stay theirs."""
        visibles = self.filter(dossier__in=Dossier.objects.visibles_par(agent))
        if any(DEMANDER in h.definition.droits for h in agent.habilitations_en_cours):
            return visibles
        return visibles.exclude(etat=EtatVersement.BROUILLON.value)

    def avec_contexte(self) -> DemandeVersementQuerySet:
        return self.select_related(
            "dossier__fiche__theme", "dossier__maitre_ouvrage", "dossier__fonds",
            "dossier__demarche__territoire",
            "dossier__demarche__version_processus__processus__autorite",
            "dossier__demarche__version_processus__processus__dispositif",
        ).defer("dossier__demarche__version_processus__definition")  # fmt: skip


class DemandeVersement(ModeleVersionne):
    """What an owner asks to be paid of an awarded aid, and what became of it.

    `depenses`: eligible expense justified since the start of the operation, all requests together.
    `montant_certifie`: what the service found due; what is paid is that, less what is withheld.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versements")
    numero = models.PositiveIntegerField("numéro")
    genre = models.CharField(max_length=8, choices=[(g.value, LIBELLES_GENRE[g]) for g in GenreVersement])
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_VERSEMENT[e]) for e in EtatVersement],
        default=EtatVersement.BROUILLON.value,
    )  # fmt: skip
    montant_demande = champ_montant("montant demandé")
    depenses = champ_montant_facultatif("dépenses éligibles justifiées")
    precisions = models.CharField("précisions", max_length=1000, blank=True)
    complement = models.CharField("complément demandé", max_length=1000, blank=True)

    montant_certifie = champ_montant_facultatif("montant certifié")
    depenses_certifiees = champ_montant_facultatif("dépenses éligibles retenues")
    raison = models.CharField("raison du montant", max_length=500, blank=True)
    """Where the amount comes from, when the rule of that kind is not entered."""
    calcul = models.JSONField("calcul à la certification", default=list, blank=True)
    certifie_par_nom = models.CharField("service fait certifié par", max_length=150, blank=True)
    certifie_le = models.DateField("service fait certifié le", null=True, blank=True)

    montant_paye = champ_montant_facultatif("montant payé")
    mandat_numero = models.CharField("numéro du mandat", max_length=60, blank=True)
    mandat_le = models.DateField("date du mandat", null=True, blank=True)
    exercice = models.PositiveSmallIntegerField(null=True, blank=True)
    paye_par_nom = models.CharField("mise en paiement notée par", max_length=150, blank=True)
    prevu_le = models.DateField("versement prévu le", null=True, blank=True)
    """The day planned when it was certified: what the delay is measured against."""

    fin_motif = models.CharField("motif du refus ou du retrait", max_length=1000, blank=True)
    cree_par_nom = models.CharField("préparée par", max_length=150)
    cree_le = models.DateTimeField("préparée le", auto_now_add=True)
    depose_par_nom = models.CharField("déposée par", max_length=150, blank=True)
    depose_le = models.DateField("déposée le", null=True, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    objects = DemandeVersementQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de versement"
        verbose_name_plural = "demandes de versement"
        ordering = ["dossier", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "numero"], name="versement_numero_unique"),
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(etat__in=sorted(VERSEMENTS_OUVERTS)),
                name="un_versement_ouvert",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["etat", "depose_le"], name="versement_etat")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} n° {self.numero}, dossier {self.dossier.reference}"

    def get_absolute_url(self) -> str:
        d = self.dossier
        return reverse("subventions:versement", args=[d.demarche.slug, d.annee, d.numero, self.numero])

    @property
    def montant_retenu(self) -> Decimal:
        """Withheld on this payment and not released. No query when the withholdings are loaded."""
        return sum((r.montant for r in self.retenues.all() if r.levee_le is None), ZERO)


class PieceVersement(models.Model):
    """A file given in support of a request; a withdrawn one stays in the store."""

    demande = models.ForeignKey(DemandeVersement, on_delete=models.CASCADE, related_name="pieces")
    libelle = models.CharField("libellé", max_length=200)
    fichier = models.FileField(upload_to="versements/%Y/%m")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    deposee_par_nom = models.CharField("déposée par", max_length=200)
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce d’une demande de versement"
        verbose_name_plural = "pièces d’une demande de versement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.libelle


class Retenue(models.Model):
    """An amount taken off one payment, with its reason; released, it is paid with the next one."""

    demande = models.ForeignKey(DemandeVersement, on_delete=models.CASCADE, related_name="retenues")
    montant = champ_montant("montant retenu")
    motif = models.CharField(max_length=500)
    par_nom = models.CharField("retenu par", max_length=150)
    le = models.DateField("retenu le")
    levee_le = models.DateField("levée le", null=True, blank=True)
    levee_par_nom = models.CharField("levée par", max_length=150, blank=True)
    levee_motif = models.CharField("motif de la levée", max_length=500, blank=True)

    class Meta:
        verbose_name = "retenue"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"retenue de {self.montant} €"


class Reversement(ModeleVersionne):
    """Money paid that the beneficiary must give back; counted when it is collected."""

    class Cause(models.TextChoices):
        TROP_VERSE = "trop_verse", "trop versé au solde"
        USAGE = "usage", "changement d’usage"
        DELAI = "delai", "délai non tenu"
        CUMUL = "cumul", "cumul d’aides dépassé"
        AUTRE = "autre", "autre cause"

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="reversements")
    numero = models.PositiveIntegerField("numéro")
    cause = models.CharField(max_length=12, choices=Cause.choices)
    montant = champ_montant("montant à reverser")
    motif = models.CharField(max_length=1000)
    etat = models.CharField(
        "état", max_length=10, choices=[(e.value, LIBELLES_REVERSEMENT[e]) for e in EtatReversement],
        default=EtatReversement.DEMANDE.value,
    )  # fmt: skip
    demande_par_nom = models.CharField("demandé par", max_length=150)
    demande_le = models.DateField("demandé le")
    titre_numero = models.CharField("numéro du titre de recette", max_length=60, blank=True)
    recouvre_le = models.DateField("recouvré le", null=True, blank=True)
    fin_motif = models.CharField("motif de l’abandon", max_length=1000, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "reversement"
        ordering = ["dossier", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "numero"], name="reversement_numero_unique")
        ]

    def __str__(self) -> str:
        return f"Reversement n° {self.numero}, dossier {self.dossier.reference}"
