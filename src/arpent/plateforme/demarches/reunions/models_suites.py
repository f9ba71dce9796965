"""What is prepared for a meeting, what comes out of it: contributions, questions, slots, decisions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse

from arpent.metier.cycles.decision import LIBELLES as LIBELLES_DECISION
from arpent.metier.cycles.decision import EtatDecision
from arpent.plateforme.acteurs.models import Agent, Organisation, Personne
from arpent.plateforme.socle.models import ModeleVersionne

from .models import ObjetConcerne, PointOrdreDuJour, Reunion

if TYPE_CHECKING:
    from ..models import Demarche


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visibles_par(self, agent: Agent) -> DecisionQuerySet:
        return self.filter(reunion__in=Reunion.objects.visibles_par(agent).order_by().values("pk"))

    def portees_par(self, agent: Agent) -> DecisionQuerySet:
        """Those that the agent has to carry out, themselves or for the body they act for."""
        organisations = [h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id]
        return self.filter(
            models.Q(responsable__agent=agent)
            | models.Q(organisation__in=organisations, responsable__isnull=True)
        )

    def de(self, demarche: Demarche) -> DecisionQuerySet:
        """Those about an object of that démarche, or taken in its meetings about none of another."""
        return self.filter(
            models.Q(objet_demarche=demarche)
            | models.Q(objet_demarche__isnull=True, reunion__demarche=demarche)
        )

    def a_faire(self) -> DecisionQuerySet:
        return self.filter(etat=EtatDecision.A_FAIRE.value)


class Decision(ObjetConcerne, ModeleVersionne):
    """What was decided: by whom it is to be done, until when, about what."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="decisions")
    point = models.ForeignKey(
        PointOrdreDuJour, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    numero = models.PositiveSmallIntegerField("numéro")
    texte = models.TextField("décision")
    responsable = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="decisions"
    )
    responsable_nom = models.CharField("à faire par", max_length=200, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_DECISION[e]) for e in EtatDecision],
        default=EtatDecision.A_FAIRE.value,
    )  # fmt: skip
    motif = models.CharField("motif de l’abandon", max_length=300, blank=True)
    faite_le = models.DateField("faite le", null=True, blank=True)

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = "décision"
        ordering = ["reunion", "numero"]
        indexes = [models.Index(fields=["objet_genre", "objet_id"], name="decision_objet")]
        constraints = [models.UniqueConstraint(fields=["reunion", "numero"], name="decision_numero_unique")]

    def __str__(self) -> str:
        return f"décision {self.numero} : {self.texte[:100]}"

    def get_absolute_url(self) -> str:
        return reverse("reunions:decision", args=[self.reunion.demarche.slug, self.pk])

    def est_en_retard(self, le: date) -> bool:
        return self.etat == EtatDecision.A_FAIRE and self.echeance is not None and self.echeance < le


class ContributionSectorielle(ModeleVersionne):
    """What a service of the authority says of a theme before the coordination: contribution, avis, credits.

    `credits_proposes`: euros to the cent, None while the service says nothing of money.
    """

    class Avis(models.TextChoices):
        FAVORABLE = "favorable", "favorable"
        RESERVE = "reserve", "réservé"
        DEFAVORABLE = "defavorable", "défavorable"

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="contributions")
    service = models.CharField(max_length=150)
    theme = models.CharField("thème", max_length=150)
    texte = models.TextField("contribution", blank=True)
    avis = models.CharField(max_length=12, choices=Avis.choices, blank=True)
    credits_proposes = models.DecimalField(
        "crédits proposés", max_digits=14, decimal_places=2, null=True, blank=True
    )
    rendue_le = models.DateTimeField("rendue le", null=True, blank=True)
    rendue_par_nom = models.CharField("rendue par", max_length=200, blank=True)

    class Meta:
        verbose_name = "contribution sectorielle"
        verbose_name_plural = "contributions sectorielles"
        ordering = ["service", "theme"]
        constraints = [
            models.UniqueConstraint(fields=["reunion", "service", "theme"], name="contribution_unique")
        ]

    def __str__(self) -> str:
        return f"{self.service}, {self.theme}"


class QuestionReunion(ObjetConcerne):
    """A blocked project or a question prepared for a permanence or a Rendez-vous, and its answer."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="questions")
    origine = models.CharField(max_length=120, blank=True)
    texte = models.CharField("question", max_length=500)
    reponse = models.TextField("réponse", blank=True)
    decision = models.ForeignKey(
        Decision, null=True, blank=True, on_delete=models.SET_NULL, related_name="questions"
    )
    preparee_par_nom = models.CharField("préparée par", max_length=200, blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)

    class Meta:
        verbose_name = "question préparée"
        verbose_name_plural = "questions préparées"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.texte


class Creneau(models.Model):
    """A slot of a permanence, free or taken by appointment."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="creneaux")
    debut = models.TimeField("début")
    duree_minutes = models.PositiveSmallIntegerField("durée (minutes)", default=30)
    pour = models.CharField("pour", max_length=200, blank=True)
    sujet = models.CharField(max_length=300, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    pris_par_nom = models.CharField("pris par", max_length=200, blank=True)
    pris_le = models.DateTimeField("pris le", null=True, blank=True)

    class Meta:
        verbose_name = "créneau"
        verbose_name_plural = "créneaux"
        ordering = ["debut"]
        constraints = [models.UniqueConstraint(fields=["reunion", "debut"], name="creneau_unique")]

    def __str__(self) -> str:
        return f"créneau de {self.debut:%H:%M}"


class AbonnementAgenda(models.Model):
    """The calendar feed of an account, or of a person without one.

    An address whose number is no longer `numero` answers nothing.
    """

    agent = models.OneToOneField(
        Agent, null=True, blank=True, on_delete=models.CASCADE, related_name="abonnement_agenda"
    )
    personne = models.OneToOneField(
        Personne, null=True, blank=True, on_delete=models.CASCADE, related_name="abonnement_agenda"
    )
    numero = models.PositiveIntegerField("numéro", default=1)
    ouvert_le = models.DateTimeField("ouvert le", auto_now_add=True)
    revoque_le = models.DateTimeField("révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "abonnement à l’agenda"
        verbose_name_plural = "abonnements à l’agenda"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(agent__isnull=True) ^ models.Q(personne__isnull=True),
                name="abonnement_d_un_seul",
            )
        ]

    def __str__(self) -> str:
        return f"agenda de {self.agent or self.personne}"

    @property
    def libelle_journal(self) -> str:
        qui = f"du compte n° {self.agent_id}" if self.agent_id else f"de la personne n° {self.personne_id}"
        return f"agenda {qui}"
