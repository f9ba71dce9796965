"""Meetings: the meeting itself, whom it calls, its agenda and its files. The rest is in `models_suites`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import models
from django.urls import reverse

from arpent.metier.cycles.reunion import EN_SEANCE, MODIFIABLES, EtatReunion
from arpent.metier.cycles.reunion import LIBELLES as LIBELLES_REUNION
from arpent.plateforme.acteurs.models import Agent, Organisation, Personne
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.socle.models import ModeleVersionne

if TYPE_CHECKING:
    from ..models import Demarche


class ReunionQuerySet(models.QuerySet["Reunion"]):
    def visibles_par(self, agent: Agent) -> ReunionQuerySet:
        """Meetings of a démarche in the agent's perimeter. No query of its own beyond the habilitations."""
        territoires: set[int] = set()
        autorites: set[int] = set()
        for habilitation in agent.habilitations_en_cours:
            match habilitation.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    autorites.add(habilitation.autorite_id or 0)
                case Portee.TERRITOIRE | Portee.ORGANISATION:
                    territoires.add(habilitation.territoire_id or 0)
        miennes = Reunion.autres.through.objects.filter(demarche__territoire__in=territoires)
        return self.filter(
            models.Q(demarche__territoire__in=territoires)
            | models.Q(demarche__version_processus__processus__autorite__in=autorites)
            | models.Q(pk__in=miennes.values("reunion_id"))
        )

    def de(self, demarche: Demarche) -> ReunionQuerySet:
        """Those that it holds, and those that it attends in a town with other territories."""
        conviee = Reunion.autres.through.objects.filter(demarche=demarche).values("reunion_id")
        return self.filter(models.Q(demarche=demarche) | models.Q(pk__in=conviee))


class Reunion(ModeleVersionne):
    """A meeting of a démarche: COPIL, workshop, concertation, Rendez-vous de Territoire, permanence…

    `autres`: the other démarches of a meeting held in a town. `uid` and `sequence` are those of its
    calendar event: a change of date, hour or place after the notice raises `sequence`.
    """

    demarche = models.ForeignKey("demarches.Demarche", on_delete=models.PROTECT, related_name="reunions")
    autres = models.ManyToManyField(
        "demarches.Demarche", verbose_name="autres territoires", blank=True, related_name="reunions_partagees"
    )
    etape = models.ForeignKey(
        "demarches.Etape", verbose_name="étape", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="reunions",
    )  # fmt: skip
    genre = models.CharField("nature", max_length=40)
    genre_libelle = models.CharField("nature de la réunion", max_length=120)
    titre = models.CharField(max_length=200)
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_REUNION[e]) for e in EtatReunion],
        default=EtatReunion.PREPAREE.value,
    )  # fmt: skip
    jour = models.DateField("date")
    heure = models.TimeField(null=True, blank=True)
    duree_minutes = models.PositiveSmallIntegerField("durée (minutes)", default=120)
    lieu = models.CharField(max_length=200, blank=True)
    visio = models.URLField("lien de visioconférence", max_length=300, blank=True)
    message = models.TextField("message de la convocation", blank=True)
    reponses_le = models.DateField("contributions attendues pour le", null=True, blank=True)
    uid = models.CharField(max_length=80, unique=True, editable=False)
    sequence = models.PositiveIntegerField("numéro de l’avis", default=0)
    motif = models.CharField("motif du report ou de l’annulation", max_length=300, blank=True)
    synthese = models.TextField("synthèse du compte rendu", blank=True)
    convoquee_le = models.DateTimeField("convoquée le", null=True, blank=True)
    valide_le = models.DateTimeField("compte rendu validé le", null=True, blank=True)
    valide_par_nom = models.CharField("compte rendu validé par", max_length=200, blank=True)
    envoye_le = models.DateTimeField("compte rendu envoyé le", null=True, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)
    cree_par_nom = models.CharField("préparée par", max_length=200, blank=True)
    cree_le = models.DateTimeField("préparée le", auto_now_add=True)

    objects = ReunionQuerySet.as_manager()

    class Meta:
        verbose_name = "réunion"
        ordering = ["-jour", "-heure", "-pk"]
        indexes = [models.Index(fields=["demarche", "jour"], name="reunion_par_jour")]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("reunions:reunion", args=[self.demarche.slug, self.pk])

    @property
    def lien_visio(self) -> str:
        """The remote room as a link: a web address, or nothing."""
        return self.visio if self.visio.startswith(("https://", "http://")) else ""

    @property
    def est_modifiable(self) -> bool:
        return self.etat in MODIFIABLES

    @property
    def est_en_seance(self) -> bool:
        return self.etat in EN_SEANCE

    @property
    def est_validee(self) -> bool:
        return self.etat in {EtatReunion.VALIDEE, EtatReunion.ENVOYEE}


class MembreReunion(models.Model):
    """Somebody called to a meeting, as named the day it was convened.

    `groupe`: why they are there (mayors, presidents…); `retire`: taken off by hand, so that computing the
    composition again does not bring them back.
    """

    class Origine(models.TextChoices):
        COMPOSITION = "composition", "composition de la réunion"
        AJOUT = "ajout", "ajouté"
        INVITE = "invite", "invité"
        SEANCE = "seance", "venu sans convocation"

    class Place(models.TextChoices):
        MEMBRE = "membre", "membre"
        PRESIDENCE = "presidence", "préside la réunion"
        REFERENT_ADMINISTRATIF = "referent_admin", "référent administratif"
        REFERENT_TERRITORIAL = "referent_territ", "référent territorial"

    class Presence(models.TextChoices):
        INCONNUE = "", "non noté"
        PRESENT = "present", "présent"
        ABSENT = "absent", "absent"
        EXCUSE = "excuse", "excusé"
        REPRESENTE = "represente", "représenté"

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="membres")
    groupe = models.CharField(max_length=20)
    rang = models.PositiveIntegerField(default=0)
    personne = models.ForeignKey(
        Personne, null=True, blank=True, on_delete=models.SET_NULL, related_name="reunions"
    )
    agent = models.ForeignKey(Agent, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    civilite = models.CharField("civilité", max_length=10, blank=True)
    nom = models.CharField(max_length=200)
    qualite = models.CharField("qualité", max_length=300, blank=True)
    courriel = models.EmailField("adresse électronique", blank=True)
    origine = models.CharField(max_length=12, choices=Origine.choices, default=Origine.COMPOSITION)
    place = models.CharField("rôle", max_length=16, choices=Place.choices, default=Place.MEMBRE)
    retire = models.BooleanField("retiré", default=False)
    convoque_le = models.DateTimeField("convoqué le", null=True, blank=True)
    presence = models.CharField("présence", max_length=12, choices=Presence.choices, blank=True)
    represente_par = models.CharField("représenté par", max_length=200, blank=True)

    class Meta:
        verbose_name = "membre d’une réunion"
        verbose_name_plural = "membres d’une réunion"
        ordering = ["rang", "nom", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reunion", "personne"], condition=models.Q(personne__isnull=False),
                name="membre_reunion_unique",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.nom

    @property
    def libelle_journal(self) -> str:
        """Why they are called and their number; the name stays on the row."""
        return f"{self.qualite or self.get_origine_display()}, membre n° {self.pk}"


class ObjetConcerne(models.Model):
    """What a point, a decision or a question is about: a kind declared in `objets`, and its number.

    `objet_demarche`: whose object it is when a meeting is held with several territories; None: that of the
    démarche that holds it.
    """

    objet_demarche = models.ForeignKey(
        "demarches.Demarche", verbose_name="territoire de l’objet", null=True, blank=True,
        on_delete=models.SET_NULL, related_name="+",
    )  # fmt: skip
    objet_genre = models.CharField("nature de l’objet", max_length=20, blank=True)
    objet_id = models.BigIntegerField("numéro de l’objet", null=True, blank=True)
    objet_libelle = models.CharField("objet concerné", max_length=300, blank=True)

    class Meta:
        abstract = True


class PointOrdreDuJour(ObjetConcerne, ModeleVersionne):
    """One item of the agenda, and what was said of it (`notes`)."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="points")
    ordre = models.PositiveSmallIntegerField()
    titre = models.CharField(max_length=300)
    duree_minutes = models.PositiveSmallIntegerField("durée (minutes)", null=True, blank=True)
    rapporteur = models.CharField(max_length=200, blank=True)
    notes = models.TextField("notes de séance", blank=True)

    class Meta:
        verbose_name = "point de l’ordre du jour"
        verbose_name_plural = "points de l’ordre du jour"
        ordering = ["ordre", "pk"]

    def __str__(self) -> str:
        return self.titre


class PieceReunion(models.Model):
    """A file of the pack of a meeting, or of one of its points. Withdrawn, never erased."""

    reunion = models.ForeignKey(Reunion, on_delete=models.CASCADE, related_name="pieces")
    point = models.ForeignKey(
        PointOrdreDuJour, null=True, blank=True, on_delete=models.SET_NULL, related_name="pieces"
    )
    titre = models.CharField(max_length=200)
    fichier = models.FileField(upload_to="reunions/%Y/%m")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    deposee_par_nom = models.CharField("déposée par", max_length=200, blank=True)
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "document d’une réunion"
        verbose_name_plural = "documents d’une réunion"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.titre
