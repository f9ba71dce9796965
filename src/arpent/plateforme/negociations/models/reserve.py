"""Requests of the territories to the reserve fund. The money itself is in the movements of its envelope."""

from __future__ import annotations

from decimal import Decimal

from django.db import models
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.reserve import LIBELLES as LIBELLES_RESERVE
from arpent.metier.cycles.reserve import OUVERTES, EtatReserve
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche, champ_montant, champ_montant_facultatif
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.models import ModeleVersionne


class DemandeReserveQuerySet(models.QuerySet["DemandeReserve"]):
    def visibles_par(self, agent: Agent) -> DemandeReserveQuerySet:
        """The authority: those that were filed; the territory: all of its own; an owner: its own fiches'."""
        condition = models.Q(pk__in=[])
        for h in agent.habilitations_en_cours:
            match h.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    condition |= models.Q(
                        demarche__version_processus__processus__autorite_id=h.autorite_id or 0,
                        deposee_le__isnull=False,
                    )
                case Portee.TERRITOIRE:
                    condition |= models.Q(demarche__territoire_id=h.territoire_id or 0)
                case Portee.ORGANISATION:
                    condition |= models.Q(
                        demarche__territoire_id=h.territoire_id or 0,
                        fiche__maitre_ouvrage_id=h.organisation_id or 0,
                    )
        return self.filter(condition)

    def du_dispositif(self, dispositif: Dispositif) -> DemandeReserveQuerySet:
        return self.filter(demarche__version_processus__processus_id=dispositif.processus_id)

    def avec_contexte(self) -> DemandeReserveQuerySet:
        """All that a list or a page prints, in one query."""
        return self.select_related(
            "fiche__maitre_ouvrage", "fiche__theme", "demarche__territoire",
            "demarche__version_processus__processus__autorite",
        ).defer("demarche__version_processus__definition")  # fmt: skip


class DemandeReserve(ModeleVersionne):
    """What a territory asks of the reserve for an urgent fiche, and what the authority answers."""

    class Avis(models.TextChoices):
        FAVORABLE = "favorable", "favorable"
        RESERVE = "reserve", "réservé"
        DEFAVORABLE = "defavorable", "défavorable"

    class Voie(models.TextChoices):
        AVENANT = "avenant", "par avenant au contrat"
        ACTE = "acte", "par un acte de l’autorité"

    demarche = models.ForeignKey(Demarche, on_delete=models.PROTECT, related_name="demandes_reserve")
    numero = models.PositiveIntegerField("numéro")
    fiche = models.ForeignKey(Fiche, on_delete=models.PROTECT, related_name="demandes_reserve")
    montant_demande = champ_montant("montant demandé")
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_RESERVE[e]) for e in EtatReserve],
        default=EtatReserve.BROUILLON.value,
    )  # fmt: skip
    cree_par_nom = models.CharField("préparée par", max_length=150)
    cree_le = models.DateTimeField("préparée le", auto_now_add=True)
    deposee_le = models.DateTimeField("déposée le", null=True, blank=True)
    complement = models.CharField("complément demandé", max_length=1000, blank=True)
    avis = models.CharField("avis du service", max_length=12, choices=Avis.choices, blank=True)
    avis_motif = models.CharField("motif de l’avis", max_length=1000, blank=True)
    avis_par_nom = models.CharField("avis rendu par", max_length=150, blank=True)
    avis_le = models.DateTimeField("avis rendu le", null=True, blank=True)
    montant_accorde = champ_montant_facultatif("montant accordé")
    decision_motif = models.CharField("motif de la décision", max_length=1000, blank=True)
    derogation = models.CharField("motif de la dérogation", max_length=1000, blank=True)
    decidee_par_nom = models.CharField("décidée par", max_length=150, blank=True)
    decidee_le = models.DateTimeField("décidée le", null=True, blank=True)
    acte = models.CharField("acte de la décision", max_length=120, blank=True)
    acte_le = models.DateField("date de l’acte", null=True, blank=True)
    constats = models.JSONField("critères à la décision", default=list, blank=True)
    """The verdicts when it was granted, frozen: libelle, verdict, explication."""
    voie = models.CharField("tirage", max_length=8, choices=Voie.choices, blank=True)
    tirage = models.CharField("numéro de l’avenant ou de l’acte", max_length=120, blank=True)
    tirage_le = models.DateField("date de l’avenant ou de l’acte", null=True, blank=True)
    montant_libere = champ_montant_facultatif("montant libéré")
    fin_motif = models.CharField("motif du retrait ou de la libération", max_length=1000, blank=True)

    objects = DemandeReserveQuerySet.as_manager()

    class Meta:
        verbose_name = "demande de réserve"
        verbose_name_plural = "demandes de réserve"
        ordering = ["demarche", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "numero"], name="demande_reserve_unique"),
            models.UniqueConstraint(
                fields=["fiche"], condition=models.Q(etat__in=sorted(OUVERTES)),
                name="une_demande_reserve_ouverte",
            ),
        ]  # fmt: skip
        indexes = [models.Index(fields=["etat", "deposee_le"], name="demande_reserve_etat")]

    def __str__(self) -> str:
        return f"Demande n° {self.numero}, {self.fiche} : {formater_euros(self.montant_demande)}"

    def get_absolute_url(self) -> str:
        return reverse("negociations:reserve_demande", args=[self.demarche.slug, self.numero])

    @property
    def montant_en_cours(self) -> Decimal | None:
        """What of the reserve it holds: granted, less what was given back."""
        if self.montant_accorde is None:
            return None
        return self.montant_accorde - (self.montant_libere or Decimal("0.00"))


class JustificationReserve(models.Model):
    """The answer of the territory to one declared criterion."""

    demande = models.ForeignKey(DemandeReserve, on_delete=models.CASCADE, related_name="justifications")
    critere = models.SlugField("critère", max_length=60)
    texte = models.TextField("justification")

    class Meta:
        verbose_name = "justification d’un critère de réserve"
        verbose_name_plural = "justifications des critères de réserve"
        ordering = ["demande", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demande", "critere"], name="justification_reserve_unique")
        ]

    def __str__(self) -> str:
        return f"{self.critere} : {self.texte[:60]}"
