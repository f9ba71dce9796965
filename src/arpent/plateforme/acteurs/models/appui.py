"""Help asked to the mission d'appui or to a partner: the structures, the requests, the time spent."""

from __future__ import annotations

from datetime import date

from django.db import models

from arpent.metier.cycles.appui import ATTENDUES, DEMANDER, EN_COURS, LIBELLES, REPONDRE, EtatAppui
from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Territoire

from ..roles import Portee
from .agents import Agent
from .organisations import Organisation


class GenreAppui(models.TextChoices):
    """What one is helped with."""

    EMERGENCE = "emergence", "faire émerger un projet"
    MONTAGE = "montage", "monter un dossier"
    FINANCEMENT = "financement", "chercher des financements"
    JURIDIQUE = "juridique", "question juridique"
    TECHNIQUE = "technique", "question technique"
    PETR = "petr", "créer un PETR, s’organiser à plusieurs"


class StructureAppui(ModeleVersionne):
    """Who answers the requests of an authority, on what, within how many days.

    `genres` and `themes`: codes; none means all. `agents`: the accounts that take its requests; a partner
    without an account is told by mail at `courriel`.
    """

    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", on_delete=models.PROTECT, related_name="structures_appui"
    )
    organisation = models.ForeignKey(
        Organisation, verbose_name="structure", on_delete=models.PROTECT, related_name="appuis_rendus"
    )
    nom = models.CharField("nom du service", max_length=150)
    genres = models.JSONField("demandes traitées", default=list, blank=True)
    themes = models.JSONField("thèmes", default=list, blank=True)
    delai_jours = models.PositiveSmallIntegerField("délai de réponse (jours)", default=15)
    agents = models.ManyToManyField(Agent, verbose_name="personnes", blank=True, related_name="+")
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=30, blank=True)
    ordre = models.PositiveSmallIntegerField("ordre", default=10)
    active = models.BooleanField("reçoit des demandes", default=True)

    class Meta:
        verbose_name = "structure d’appui"
        verbose_name_plural = "structures d’appui"
        ordering = ["autorite", "ordre", "nom", "pk"]

    def __str__(self) -> str:
        return self.nom

    def genres_en_mots(self) -> list[str]:
        """Labels of the kinds it handles; empty when it handles all of them."""
        return [GenreAppui(code).label for code in self.genres if code in GenreAppui.values]


class DemandeAppuiQuerySet(models.QuerySet["DemandeAppui"]):
    def visibles_par(self, agent: Agent) -> DemandeAppuiQuerySet:
        """Those that the agent answers, asked, or that its body asked. No query beyond the habilitations."""
        condition = models.Q(pk__in=[])
        for h in agent.habilitations_en_cours:
            droits, portee = h.definition.droits, h.definition.portee
            ici = models.Q(pk__in=[])
            match portee:
                case Portee.TOUT:
                    if REPONDRE in droits:
                        return self
                case Portee.AUTORITE:
                    ici = models.Q(autorite=h.autorite_id or 0)
                case Portee.TERRITOIRE | Portee.ORGANISATION:
                    ici = models.Q(territoire=h.territoire_id or 0)
            if REPONDRE in droits:
                condition |= ici
            elif DEMANDER in droits:
                condition |= ici & (
                    models.Q(demandee_par=agent) | models.Q(organisation=h.organisation_id or 0)
                )
        return self.filter(condition)

    def en_cours(self) -> DemandeAppuiQuerySet:
        return self.filter(etat__in=EN_COURS)

    def en_retard(self, le: date) -> DemandeAppuiQuerySet:
        """The structure had to answer before that day; what waits for the asker is not late."""
        return self.filter(etat__in=ATTENDUES, echeance_le__lt=le)


class DemandeAppui(models.Model):
    """A request for help, for a body of a territory: on an object of the démarche, or on the territory.

    `demarche_id`: the démarche it was asked in (its room lies above); `reponse`: what it was closed with.
    """

    Genre = GenreAppui

    class Resultat(models.TextChoices):
        RESOLU = "resolu", "résolu"
        AILLEURS = "ailleurs", "orienté ailleurs"
        ABANDON = "abandon", "projet abandonné"
        SANS_SUITE = "sans_suite", "sans suite"

    Etat = EtatAppui

    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="demandes_appui")
    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", null=True, on_delete=models.PROTECT, related_name="+"
    )
    demarche_id = models.PositiveBigIntegerField("démarche", null=True, db_index=True)
    organisation = models.ForeignKey(
        Organisation, verbose_name="pour qui", on_delete=models.PROTECT, related_name="demandes_appui"
    )
    objet_genre = models.CharField("nature de l’objet", max_length=20, blank=True)
    objet_id = models.BigIntegerField("numéro de l’objet", null=True, blank=True)
    objet_libelle = models.CharField("objet", max_length=300, blank=True)
    genre = models.CharField("nature de la demande", max_length=12, choices=GenreAppui.choices)
    question = models.TextField()
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES[e]) for e in EtatAppui],
        default=EtatAppui.OUVERTE.value,
    )  # fmt: skip
    structure = models.ForeignKey(
        StructureAppui, verbose_name="structure", null=True, blank=True, on_delete=models.PROTECT,
        related_name="demandes",
    )  # fmt: skip
    demandee_par = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    demandee_par_nom = models.CharField("demandée par", max_length=200)
    demandee_le = models.DateTimeField("demandée le", auto_now_add=True)
    souhaitee_le = models.DateField("réponse souhaitée pour le", null=True, blank=True)
    echeance_le = models.DateField("réponse due le", null=True, blank=True)
    prise_par = models.ForeignKey(
        Agent, verbose_name="prise en charge par", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="demandes_prises",
    )  # fmt: skip
    premiere_reponse_le = models.DateTimeField("première réponse le", null=True, blank=True)
    resultat = models.CharField("résultat", max_length=10, choices=Resultat.choices, blank=True)
    reponse = models.TextField("réponse", blank=True)
    close_le = models.DateTimeField("close le", null=True, blank=True)
    satisfait = models.BooleanField("le demandeur est satisfait", null=True, blank=True)

    objects = DemandeAppuiQuerySet.as_manager()

    class Meta:
        verbose_name = "demande d’appui"
        verbose_name_plural = "demandes d’appui"
        ordering = ["-demandee_le", "-pk"]
        indexes = [
            models.Index(fields=["autorite", "etat", "echeance_le"], name="appui_a_traiter"),
            models.Index(fields=["demarche_id", "objet_genre", "objet_id"], name="appui_objet"),
        ]

    def __str__(self) -> str:
        return f"demande d’appui de {self.organisation}"

    def lisible_par(self, agent: Agent) -> bool:
        """What `visibles_par` answers, for one request at hand. No query beyond the habilitations."""
        for h in agent.habilitations_en_cours:
            droits, portee = h.definition.droits, h.definition.portee
            ici = portee is Portee.TOUT or (
                h.autorite_id is not None and h.autorite_id == self.autorite_id
                if portee is Portee.AUTORITE
                else h.territoire_id is not None and h.territoire_id == self.territoire_id
            )
            if not ici:
                continue
            if REPONDRE in droits:
                return True
            sienne = self.demandee_par_id == agent.pk or self.organisation_id == h.organisation_id
            if DEMANDER in droits and sienne:
                return True
        return False

    def est_en_retard(self, le: date) -> bool:
        return self.etat in ATTENDUES and self.echeance_le is not None and self.echeance_le < le


class TempsAppui(models.Model):
    """Time somebody of a structure spent on a request. Never shown to the asker."""

    demande = models.ForeignKey(DemandeAppui, on_delete=models.CASCADE, related_name="temps")
    agent = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    agent_nom = models.CharField("qui", max_length=200)
    jour = models.DateField("date")
    minutes = models.PositiveSmallIntegerField()
    quoi = models.CharField("à quoi", max_length=200, blank=True)

    class Meta:
        verbose_name = "temps d’appui"
        verbose_name_plural = "temps d’appui"
        ordering = ["-jour", "-pk"]

    def __str__(self) -> str:
        return f"{self.minutes} min de {self.agent_nom}"

    @property
    def libelle_journal(self) -> str:
        return f"{self.minutes} min"
