"""What the territory finds (AFOM) and what is at stake (enjeux)."""

from django.db import models

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne

THEMES = (
    ("habitants", "Habitants et familles"),
    ("logement", "Logement et cadre de vie"),
    ("emploi", "Emploi et entreprises"),
    ("revenus", "Revenus et solidarités"),
    ("services", "Services et équipements"),
    ("mobilites", "Mobilités et numérique"),
    ("agriculture", "Agriculture et forêt"),
    ("tourisme", "Tourisme, culture et patrimoine"),
    ("environnement", "Eau, énergie et environnement"),
    ("finances", "Finances et coopération locales"),
)
"""What a finding is about, in the words of a village hall."""


class ConstatTerritorial(ModeleVersionne):
    """A finding: strength, weakness, opportunity or threat, with the indicator that shows it.

    `valeur_citee` and `millesime_cite` are what was read the day it was written: a finding does not move
    when a vintage arrives.
    """

    class Nature(models.TextChoices):
        FORCE = "force", "force"
        FAIBLESSE = "faiblesse", "faiblesse"
        OPPORTUNITE = "opportunite", "opportunité"
        MENACE = "menace", "menace"

    class Accord(models.TextChoices):
        PROPOSE = "propose", "proposé"
        PARTAGE = "partage", "partagé"
        CONTESTE = "conteste", "contesté"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="constats")
    accord = models.CharField(
        "accord du territoire", max_length=10, choices=Accord.choices, default=Accord.PROPOSE
    )
    motif_accord = models.CharField("motif", max_length=500, blank=True)
    theme = models.CharField("thème", max_length=40, choices=THEMES, blank=True)
    nature = models.CharField(max_length=12, choices=Nature.choices)
    texte = models.CharField(max_length=500)
    indicateur = models.CharField("indicateur cité", max_length=60, blank=True)
    valeur_citee = models.CharField("valeur citée", max_length=120, blank=True)
    millesime_cite = models.CharField("millésime cité", max_length=60, blank=True)
    propose_par = models.CharField("proposé par", max_length=200, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "constat"
        ordering = ["demarche", "nature", "pk"]

    def __str__(self) -> str:
        return self.texte


class Preuve(models.Model):
    """What shows a finding: an indicator, a map, a document, the word of a participant.

    An indicator or a map is frozen the day it is attached: `valeur_citee` and `millesime_cite`.
    """

    class Genre(models.TextChoices):
        INDICATEUR = "indicateur", "indicateur"
        CARTE = "carte", "carte"
        DOCUMENT = "document", "document"
        PAROLE = "parole", "parole de participant"

    constat = models.ForeignKey(ConstatTerritorial, on_delete=models.CASCADE, related_name="preuves")
    genre = models.CharField(max_length=12, choices=Genre.choices)
    texte = models.CharField(max_length=500, blank=True)
    indicateur = models.CharField(max_length=60, blank=True)
    valeur_citee = models.CharField("valeur citée", max_length=120, blank=True)
    millesime_cite = models.CharField("millésime cité", max_length=60, blank=True)
    adresse = models.URLField("adresse du document", max_length=500, blank=True)
    ajoutee_le = models.DateTimeField("ajoutée le", auto_now_add=True)
    ajoutee_par = models.CharField("ajoutée par", max_length=200, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "preuve"
        ordering = ["constat", "pk"]

    def __str__(self) -> str:
        return self.texte or self.valeur_citee or self.get_genre_display()


class Echange(models.Model):
    """One message of the discussion on a finding."""

    constat = models.ForeignKey(ConstatTerritorial, on_delete=models.CASCADE, related_name="echanges")
    auteur = models.ForeignKey(Agent, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    auteur_nom = models.CharField("auteur", max_length=200)
    texte = models.TextField(max_length=2000)
    ecrit_le = models.DateTimeField("écrit le", auto_now_add=True)
    masque = models.BooleanField("masqué", default=False)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "échange"
        ordering = ["constat", "pk"]

    def __str__(self) -> str:
        return f"{self.auteur_nom} : {self.texte[:60]}"

    @property
    def libelle_journal(self) -> str:
        return f"message n° {self.pk}"


class Enjeu(ModeleVersionne):
    """What is at stake for the territory, with its priority (1 = first)."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="enjeux")
    libelle = models.CharField("libellé", max_length=300)
    description = models.TextField(blank=True)
    priorite = models.PositiveSmallIntegerField("priorité", default=1)
    constats = models.ManyToManyField(ConstatTerritorial, blank=True, related_name="enjeux")
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "enjeu"
        verbose_name_plural = "enjeux"
        ordering = ["demarche", "priorite", "pk"]

    def __str__(self) -> str:
        return self.libelle
