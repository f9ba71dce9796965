"""The process of a dispositif as data, and each territory's running démarche."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from arpent.metier.cycles.demarche import LIBELLES as LIBELLES_DEMARCHE
from arpent.metier.cycles.demarche import EtatDemarche
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Territoire


class Processus(models.Model):
    """How an authority conducts its contracts. One processus per dispositif; the dispositif points here."""

    slug = models.SlugField(max_length=60, unique=True)
    nom = models.CharField(max_length=150)
    autorite = models.ForeignKey(
        Organisation, verbose_name="autorité", on_delete=models.PROTECT, related_name="processus"
    )

    class Meta:
        verbose_name = "processus"
        verbose_name_plural = "processus"
        ordering = ["nom"]

    def __str__(self) -> str:
        return self.nom


class VersionProcessus(models.Model):
    """A version of a processus: its phases, steps and milestones (see `dispositifs/*/processus.yaml`)."""

    processus = models.ForeignKey(Processus, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField()
    definition = models.JSONField()

    class Meta:
        verbose_name = "version de processus"
        constraints = [
            models.UniqueConstraint(fields=["processus", "numero"], name="processus_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.processus}, version {self.numero}"


class DemarcheQuerySet(models.QuerySet["Demarche"]):
    def visibles_par(self, agent: Agent) -> DemarcheQuerySet:
        """The démarches in the agent's perimeter. No query of its own beyond the habilitations."""
        condition = models.Q(pk__in=[])
        for habilitation in agent.habilitations_en_cours:
            match habilitation.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    condition |= models.Q(
                        version_processus__processus__autorite_id=habilitation.autorite_id or 0
                    )
                case Portee.TERRITOIRE | Portee.ORGANISATION:
                    condition |= models.Q(territoire_id=habilitation.territoire_id or 0)
        return self.filter(condition)

    def avec_contexte(self) -> DemarcheQuerySet:
        """Everything the header and the thread print, in one query, without the processus’s definition."""
        return self.select_related("territoire", "version_processus__processus__autorite").defer(
            "version_processus__definition"
        )


class Demarche(ModeleVersionne):
    """A territory on its way to a contract, under one version of a processus."""

    slug = models.SlugField(max_length=80, unique=True)
    territoire = models.ForeignKey(Territoire, on_delete=models.PROTECT, related_name="demarches")
    version_processus = models.ForeignKey(
        VersionProcessus, on_delete=models.PROTECT, related_name="demarches"
    )
    generation = models.CharField("génération", max_length=60)
    etat = models.CharField(
        max_length=20,
        choices=[(e.value, LIBELLES_DEMARCHE[e]) for e in EtatDemarche],
        default=EtatDemarche.PREPARATION.value,
    )
    ouverte_le = models.DateField()

    objects = DemarcheQuerySet.as_manager()

    class Meta:
        verbose_name = "démarche"
        ordering = ["territoire__nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["territoire", "version_processus", "generation"], name="demarche_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.territoire.nom} ({self.generation})"

    def get_absolute_url(self) -> str:
        return reverse("portail:territoire", args=[self.slug])

    @property
    def processus(self) -> Processus:
        return self.version_processus.processus

    @property
    def autorite(self) -> Organisation:
        return self.version_processus.processus.autorite


class Etape(models.Model):
    """One step of a running démarche, copied from its processus when it opened."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="etapes")
    code = models.CharField(max_length=40)
    libelle = models.CharField("libellé", max_length=200)
    phase = models.CharField(max_length=150)
    ordre = models.PositiveSmallIntegerField()
    mois = models.PositiveSmallIntegerField("jalon (mois)", null=True, blank=True)
    acteur = models.CharField(max_length=200, blank=True)
    reunion = models.CharField("réunion", max_length=30, blank=True)
    place = models.CharField(max_length=20, blank=True)
    facultative = models.BooleanField(default=False)
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    faite_le = models.DateField("faite le", null=True, blank=True)

    class Meta:
        verbose_name = "étape"
        ordering = ["ordre"]
        constraints = [models.UniqueConstraint(fields=["demarche", "code"], name="etape_unique")]

    def __str__(self) -> str:
        return self.libelle


class Place(models.Model):
    """One of the seven places of the thread, with its state and one line that sums it up.

    Written by the actions of each room (`noter_place`): the rail costs one query on every page.
    """

    class Code(models.TextChoices):
        TERRITOIRE = "territoire", "Territoire"
        DIAGNOSTIC = "diagnostic", "Diagnostic"
        PLAN = "plan", "Plan d’actions"
        NEGOCIATION = "negociation", "Négociation"
        CONTRAT = "contrat", "Contrat"
        REALISATION = "realisation", "Réalisation"
        BILAN = "bilan", "Bilan"

    class Etat(models.TextChoices):
        A_VENIR = "a_venir", "à venir"
        EN_COURS = "en_cours", "en cours"
        FAIT = "fait", "fait"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="places")
    code = models.CharField(max_length=20, choices=Code.choices)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.A_VENIR)
    resume = models.CharField("résumé", max_length=120, blank=True)

    class Meta:
        verbose_name = "place du fil"
        constraints = [models.UniqueConstraint(fields=["demarche", "code"], name="place_unique")]

    def __str__(self) -> str:
        return f"{self.get_code_display()} : {self.resume}"


# The meetings have their own files; Django finds them here.
from .reunions import models as reunions  # noqa: E402
from .reunions import models_suites as suites_des_reunions  # noqa: E402

__all__ = [
    "Demarche",
    "DemarcheQuerySet",
    "Etape",
    "Place",
    "Processus",
    "VersionProcessus",
    "reunions",
    "suites_des_reunions",
]
