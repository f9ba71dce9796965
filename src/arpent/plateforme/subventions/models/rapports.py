"""The report that carries grant files to the commission permanente, and what it voted of each."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse

from arpent.metier.cycles.dossier import LIBELLES_RAPPORT, EtatRapport
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.plans.models import champ_montant, champ_montant_facultatif
from arpent.plateforme.socle.models import ModeleVersionne

from .dossier import Dossier


class RapportQuerySet(models.QuerySet["RapportCommission"]):
    def visibles_par(self, agent: Agent, droit: str) -> RapportQuerySet:
        """Those of the authorities for which the agent holds `droit`."""
        tenues = [h for h in agent.habilitations_en_cours if droit in h.definition.droits]
        if any(h.definition.portee is Portee.TOUT for h in tenues):
            return self
        return self.filter(
            autorite__in=[h.autorite_id for h in tenues if h.definition.portee is Portee.AUTORITE]
        )


class RapportCommission(ModeleVersionne):
    """A report to the commission permanente: its list of individualisation is its lines.

    `numero` is the one of the authority's services; `deliberation_numero` that of the act, once voted.
    """

    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", on_delete=models.PROTECT, related_name="rapports_commission"
    )
    numero = models.CharField("numéro", max_length=60)
    objet = models.CharField(max_length=300)
    assemblee = models.CharField("assemblée", max_length=200, default="Commission permanente")
    seance_le = models.DateField("séance du", null=True, blank=True)
    etat = models.CharField(
        "état", max_length=8, choices=[(e.value, LIBELLES_RAPPORT[e]) for e in EtatRapport],
        default=EtatRapport.PREPARE.value,
    )  # fmt: skip
    deliberation_numero = models.CharField("numéro de délibération", max_length=120, blank=True)
    deliberation_le = models.DateField("date de la délibération", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("voix pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("voix contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    transmise_le = models.DateField("transmise au contrôle de légalité le", null=True, blank=True)
    cree_par_nom = models.CharField("préparé par", max_length=150)
    cree_le = models.DateTimeField("préparé le", auto_now_add=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    objects = RapportQuerySet.as_manager()

    class Meta:
        verbose_name = "rapport à la commission"
        verbose_name_plural = "rapports à la commission"
        ordering = ["-seance_le", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["autorite", "numero"], name="rapport_commission_unique")
        ]

    def __str__(self) -> str:
        return f"Rapport {self.numero}"

    def get_absolute_url(self) -> str:
        return reverse("subventions:rapport", args=[self.pk])


class LigneRapport(models.Model):
    """One file of a report, with the figures it was carried with, and what was voted of it."""

    class Sens(models.TextChoices):
        ADOPTEE = "adoptee", "adoptée"
        AJOURNEE = "ajournee", "ajournée"
        REJETEE = "rejetee", "rejetée"

    rapport = models.ForeignKey(RapportCommission, on_delete=models.CASCADE, related_name="lignes")
    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="lignes_rapport")
    cout_ht = champ_montant("coût HT")
    assiette = champ_montant_facultatif("dépense éligible")
    montant = champ_montant("aide proposée")
    sens = models.CharField("vote", max_length=10, choices=Sens.choices, blank=True)
    montant_vote = champ_montant_facultatif("aide votée")

    class Meta:
        verbose_name = "ligne d’individualisation"
        verbose_name_plural = "lignes d’individualisation"
        ordering = ["rapport", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["rapport", "dossier"], name="ligne_rapport_unique"),
            # A file waits for one vote at a time.
            models.UniqueConstraint(
                fields=["dossier"], condition=models.Q(sens=""), name="ligne_rapport_en_attente"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.rapport}, dossier {self.dossier.reference}"

    @property
    def taux(self) -> Decimal | None:
        """Aid over base, from 0 to 1; None without a base that holds the aid."""
        if not self.assiette or self.montant > self.assiette:
            return None
        return self.montant / self.assiette
