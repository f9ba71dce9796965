"""The people of the directory and their dated mandates and functions. A person may have no account."""

from __future__ import annotations

from datetime import date

from django.db import models

from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Canton

from ..noms import nom_complet
from .agents import Agent
from .organisations import Organisation


class Personne(ModeleVersionne):
    """Somebody one writes to, calls or convenes. `agent`: their account, if they have one."""

    class Civilite(models.TextChoices):
        MADAME = "mme", "Madame"
        MONSIEUR = "m", "Monsieur"

    civilite = models.CharField("civilité", max_length=3, choices=Civilite.choices, blank=True)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    nom = models.CharField(max_length=100)
    courriel = models.EmailField("adresse électronique", blank=True)
    telephone = models.CharField("téléphone", max_length=20, blank=True)
    agent = models.OneToOneField(
        Agent, verbose_name="compte", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="personne",
    )  # fmt: skip
    cree_le = models.DateTimeField("enregistrée le", auto_now_add=True)

    class Meta:
        verbose_name = "personne"
        ordering = ["nom", "prenom", "pk"]

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def nom_complet(self) -> str:
        return nom_complet(self.prenom, self.nom)

    @property
    def libelle_journal(self) -> str:
        """Its last function and its number, never its name. One query."""
        mandat = self.mandats.select_related("organisation").order_by("-debut", "-pk").first()
        ou = f"{mandat.titre}, {mandat.organisation}, " if mandat else ""
        return f"{ou}personne n° {self.pk}"


class MandatQuerySet(models.QuerySet["Mandat"]):
    def en_cours(self, le: date) -> MandatQuerySet:
        """Mandates held on that day."""
        return self.filter(debut__lte=le).filter(models.Q(fin__isnull=True) | models.Q(fin__gte=le))


class Mandat(ModeleVersionne):
    """A function a person holds in a body between two dates (`fin` None: still held).

    Elected or not: a mayor, a departmental councillor (with their canton), a town clerk, a service referent.
    An election closes and opens rows; it never rewrites one.
    """

    class Fonction(models.TextChoices):
        MAIRE = "maire", "maire"
        ADJOINT = "adjoint", "adjoint au maire"
        CONSEILLER_MUNICIPAL = "conseiller_municipal", "conseiller municipal"
        PRESIDENT = "president", "président"
        VICE_PRESIDENT = "vice_president", "vice-président"
        CONSEILLER_COMMUNAUTAIRE = "conseiller_communautaire", "conseiller communautaire"
        DELEGUE_SYNDICAL = "delegue_syndical", "délégué au syndicat"
        CONSEILLER_DEPARTEMENTAL = "conseiller_departemental", "conseiller départemental"
        CONSEILLER_REGIONAL = "conseiller_regional", "conseiller régional"
        SOUS_PREFET = "sous_prefet", "sous-préfet"
        DIRECTION = "direction", "direction"
        REFERENT = "referent", "référent"
        SECRETAIRE = "secretaire", "secrétaire de mairie"
        CHARGE_DE_MISSION = "charge_de_mission", "chargé de mission"
        AUTRE = "autre", "autre fonction"

    ELECTIVES = frozenset(
        {
            Fonction.MAIRE, Fonction.ADJOINT, Fonction.CONSEILLER_MUNICIPAL, Fonction.PRESIDENT,
            Fonction.VICE_PRESIDENT, Fonction.CONSEILLER_COMMUNAUTAIRE, Fonction.DELEGUE_SYNDICAL,
            Fonction.CONSEILLER_DEPARTEMENTAL, Fonction.CONSEILLER_REGIONAL,
        }
    )  # fmt: skip
    """Functions that an election gives and takes away."""

    personne = models.ForeignKey(Personne, on_delete=models.CASCADE, related_name="mandats")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="mandats")
    fonction = models.CharField(max_length=30, choices=Fonction.choices)
    intitule = models.CharField(
        "intitulé exact", max_length=150, blank=True,
        help_text="Par exemple : vice-présidente aux finances, référent voirie.",
    )  # fmt: skip
    canton = models.ForeignKey(
        Canton, null=True, blank=True, on_delete=models.PROTECT, related_name="mandats"
    )
    themes = models.CharField("thèmes (codes séparés par des virgules)", max_length=200, blank=True)
    debut = models.DateField("début")
    fin = models.DateField(null=True, blank=True)
    motif_fin = models.CharField("motif de la fin", max_length=200, blank=True)
    source = models.CharField(max_length=200, blank=True)

    objects = MandatQuerySet.as_manager()

    class Meta:
        verbose_name = "mandat ou fonction"
        verbose_name_plural = "mandats et fonctions"
        ordering = ["organisation__nom", "fonction", "pk"]
        indexes = [models.Index(fields=["organisation", "fonction", "fin"], name="mandat_par_fonction")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fin__isnull=True) | models.Q(fin__gte=models.F("debut")),
                name="mandat_dates",
            )
        ]

    def __str__(self) -> str:
        return f"{self.personne}, {self.titre}"

    @property
    def titre(self) -> str:
        """What to print after the name: the exact title, or the function."""
        return self.intitule or self.get_fonction_display()

    @property
    def libelle_journal(self) -> str:
        return f"{self.titre}, {self.organisation}, personne n° {self.personne_id}"
