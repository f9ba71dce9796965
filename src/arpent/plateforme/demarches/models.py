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
    note = models.TextField("note de publication", blank=True)
    """What the authority says of this version the day it publishes it; empty when it comes from files."""
    publiee_le = models.DateField("publiée le", null=True, blank=True)
    publiee_par_nom = models.CharField("publiée par", max_length=200, blank=True)

    class Meta:
        verbose_name = "version de processus"
        constraints = [
            models.UniqueConstraint(fields=["processus", "numero"], name="processus_version_unique")
        ]

    def __str__(self) -> str:
        return f"{self.processus}, version {self.numero}"


class BrouillonProcessus(ModeleVersionne):
    """A process being written. Publishing makes a VersionProcessus of it, which then never changes."""

    class Etat(models.TextChoices):
        REDACTION = "redaction", "en rédaction"
        PUBLIE = "publie", "publié"
        ABANDONNE = "abandonne", "abandonné"

    processus = models.ForeignKey(Processus, on_delete=models.CASCADE, related_name="brouillons")
    depuis = models.ForeignKey(
        VersionProcessus, verbose_name="écrit à partir de", null=True, on_delete=models.PROTECT,
        related_name="brouillons",
    )  # fmt: skip
    definition = models.JSONField(default=dict)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.REDACTION)
    publie_en = models.OneToOneField(
        VersionProcessus, null=True, blank=True, on_delete=models.PROTECT, related_name="brouillon_publie"
    )
    cree_par_nom = models.CharField("ouvert par", max_length=200)
    cree_le = models.DateTimeField("ouvert le", auto_now_add=True)

    class Meta:
        verbose_name = "brouillon de processus"
        verbose_name_plural = "brouillons de processus"
        ordering = ["-cree_le", "-pk"]

    def __str__(self) -> str:
        return f"Brouillon du processus « {self.processus.nom} »"


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
    retenue = models.BooleanField("retenue par le territoire", null=True, blank=True)
    """Whether the territory takes an optional step; None: it has not said."""
    duree_jours = models.PositiveSmallIntegerField("durée en jours", null=True, blank=True)
    parallele = models.BooleanField("commence avec la précédente", default=False)
    role = models.CharField("rôle", max_length=40, blank=True)
    conditions = models.JSONField(default=list)
    debut_prevu_le = models.DateField("début prévu le", null=True, blank=True)
    prevue_le = models.DateField("prévue le", null=True, blank=True)
    prevue_au_depart_le = models.DateField("prévue au départ le", null=True, blank=True)
    """Its date the day it entered the démarche, which no replanning moves: the pace is read against it."""
    faite_le = models.DateField("faite le", null=True, blank=True)
    passee_outre = models.TextField("passée outre", blank=True)
    """Why it was said done although a condition was not met."""
    hors_processus = models.BooleanField("absente du processus suivi", default=False)
    """Done under an earlier version, and no longer in the one the démarche follows: kept, never expected."""

    class Meta:
        verbose_name = "étape"
        ordering = ["ordre"]
        constraints = [models.UniqueConstraint(fields=["demarche", "code"], name="etape_unique")]

    def __str__(self) -> str:
        return self.libelle

    @property
    def est_ecartee(self) -> bool:
        """An optional step that the territory does not take."""
        return self.facultative and self.retenue is False

    @property
    def est_attendue(self) -> bool:
        """Still to be done: neither done, nor set aside, nor an optional one nobody has taken."""
        return self.faite_le is None and (not self.facultative or self.retenue is True)


def etapes_attendues() -> models.Q:
    """`Etape.est_attendue`, as a condition. No query."""
    return models.Q(faite_le__isnull=True) & (models.Q(facultative=False) | models.Q(retenue=True))


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


# The meetings and the conversations have their own files; Django finds them here.
from .conversations import models as conversations  # noqa: E402
from .reunions import models as reunions  # noqa: E402
from .reunions import models_suites as suites_des_reunions  # noqa: E402

__all__ = [
    "Demarche",
    "DemarcheQuerySet",
    "Etape",
    "Place",
    "Processus",
    "VersionProcessus",
    "conversations",
    "reunions",
    "suites_des_reunions",
]
