"""The workshop « regards croisés »: its tables, what they say, how the participants vote."""

from django.db import models

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne

from .constats import ConstatTerritorial


class Atelier(ModeleVersionne):
    """A workshop led in a room. `code` is what the participants type on their phone.

    `deroule` is the list of steps as `ateliers/deroule.py` writes them; `etape` is the rank of the one on
    screen. `compte_rendu` is the text of the minutes, frozen when the workshop closes.
    """

    class Etat(models.TextChoices):
        PREPARATION = "preparation", "en préparation"
        OUVERT = "ouvert", "ouvert"
        VOTE = "vote", "vote ouvert"
        CLOS = "clos", "clos"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="ateliers")
    titre = models.CharField(max_length=200)
    tenu_le = models.DateField("tenu le")
    lieu = models.CharField(max_length=200, blank=True)
    code = models.CharField("code d’accès", max_length=8, unique=True)
    etat = models.CharField("état", max_length=12, choices=Etat.choices, default=Etat.PREPARATION)
    points = models.PositiveSmallIntegerField("points par participant", default=5)
    deroule = models.JSONField("déroulé", default=list)
    etape = models.PositiveSmallIntegerField("étape à l’écran", default=0)
    ouvert_le = models.DateTimeField(null=True, blank=True)
    clos_le = models.DateTimeField(null=True, blank=True)
    compte_rendu = models.TextField("compte rendu", blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "atelier"
        ordering = ["demarche", "-tenu_le", "-pk"]

    def __str__(self) -> str:
        return self.titre


class TableAtelier(models.Model):
    """A table of the room: a number, and a name if it has one."""

    atelier = models.ForeignKey(Atelier, on_delete=models.CASCADE, related_name="tables")
    numero = models.PositiveSmallIntegerField("numéro")
    nom = models.CharField(max_length=100, blank=True)

    class Meta:
        verbose_name = "table d’atelier"
        verbose_name_plural = "tables d’atelier"
        ordering = ["atelier", "numero"]
        constraints = [models.UniqueConstraint(fields=["atelier", "numero"], name="table_atelier_unique")]

    def __str__(self) -> str:
        return self.nom or f"Table {self.numero}"


class ContributionAtelier(models.Model):
    """A finding said at a table. No name is kept. `constat` once it has joined the board.

    One that repeats another is set aside (`ecartee`) and says which (`fusionnee_dans`).
    """

    atelier = models.ForeignKey(Atelier, on_delete=models.CASCADE, related_name="contributions")
    table = models.ForeignKey(
        TableAtelier, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    nature = models.CharField(max_length=12, choices=ConstatTerritorial.Nature.choices)
    theme = models.CharField("thème", max_length=40, blank=True)
    texte = models.CharField(max_length=300)
    indicateur = models.CharField(max_length=60, blank=True)
    ecartee = models.BooleanField("écartée par l’animateur", default=False)
    fusionnee_dans = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="fusionnees"
    )
    constat = models.ForeignKey(
        ConstatTerritorial, on_delete=models.SET_NULL, null=True, blank=True, related_name="contributions"
    )
    recue_le = models.DateTimeField("reçue le", auto_now_add=True)

    class Meta:
        verbose_name = "contribution d’atelier"
        verbose_name_plural = "contributions d’atelier"
        ordering = ["atelier", "pk"]

    def __str__(self) -> str:
        return self.texte


class Participant(models.Model):
    """A phone that joined the workshop: no name, no address, only the fingerprint of its random token.

    `effort` is what it sent since `effort_depuis`: what bounds its rate.
    """

    atelier = models.ForeignKey(Atelier, on_delete=models.CASCADE, related_name="participants")
    empreinte = models.CharField(max_length=64)
    table = models.ForeignKey(
        TableAtelier, on_delete=models.SET_NULL, null=True, blank=True, related_name="participants"
    )
    entre_le = models.DateTimeField("entré le", auto_now_add=True)
    effort = models.PositiveSmallIntegerField(default=0)
    effort_depuis = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "participant"
        ordering = ["atelier", "pk"]
        constraints = [models.UniqueConstraint(fields=["atelier", "empreinte"], name="participant_unique")]

    def __str__(self) -> str:
        return f"participant {self.pk}"


class Vote(models.Model):
    """The points one phone gives to one contribution."""

    participant = models.ForeignKey(Participant, on_delete=models.CASCADE, related_name="votes")
    contribution = models.ForeignKey(ContributionAtelier, on_delete=models.CASCADE, related_name="votes")
    points = models.PositiveSmallIntegerField()

    class Meta:
        verbose_name = "vote"
        constraints = [
            models.UniqueConstraint(fields=["participant", "contribution"], name="vote_unique"),
            models.CheckConstraint(condition=models.Q(points__gt=0), name="vote_points_positifs"),
        ]

    def __str__(self) -> str:
        return f"{self.points} sur {self.contribution_id}"
