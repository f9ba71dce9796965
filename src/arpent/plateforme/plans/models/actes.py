"""What is decided on a fiche: délibérations, avis of services, pré-instructions, overrides, ranks."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.acteurs.droits import agents_tenus
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import VersionReglement
from arpent.plateforme.socle.models import ModeleVersionne

from .champs import champ_montant, champ_montant_facultatif
from .fiche import Fiche

# Roles whose perimeter is the authority's but who are not its people: they read what is shared.
HORS_AUTORITE = frozenset({"sous_prefet"})


class ActeAssemblee(ModeleVersionne):
    """What every act of an assembly keeps, on a fiche or on a contract: meeting, vote, formalities."""

    class Sens(models.TextChoices):
        ADOPTEE = "adoptee", "adoptée"
        REJETEE = "rejetee", "rejetée"
        AJOURNEE = "ajournee", "ajournée"

    numero = models.CharField("numéro d’acte", max_length=60, blank=True)
    adoptee_le = models.DateField("séance du", null=True, blank=True)
    assemblee = models.CharField("assemblée", max_length=200)
    objet = models.CharField(max_length=300, blank=True)
    attendue_le = models.DateField("attendue pour le", null=True, blank=True)
    convoquee_le = models.DateField("convocation du", null=True, blank=True)
    sens = models.CharField(max_length=10, choices=Sens.choices, blank=True)
    en_exercice = models.PositiveSmallIntegerField("membres en exercice", null=True, blank=True)
    presents = models.PositiveSmallIntegerField("présents", null=True, blank=True)
    representes = models.PositiveSmallIntegerField("représentés", null=True, blank=True)
    pour = models.PositiveSmallIntegerField("voix pour", null=True, blank=True)
    contre = models.PositiveSmallIntegerField("voix contre", null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(null=True, blank=True)
    transmise_le = models.DateField("transmise au contrôle de légalité le", null=True, blank=True)
    recue_le = models.DateField("accusé de réception du", null=True, blank=True)
    accuse = models.CharField("numéro de l’accusé de réception", max_length=100, blank=True)
    publiee_le = models.DateField("publiée le", null=True, blank=True)
    seconde_convocation = models.BooleanField(
        "réunie sur seconde convocation, sans condition de quorum", default=False
    )

    class Meta:
        abstract = True


class Deliberation(ActeAssemblee):
    """The act by which the owner's assembly adopts a fiche. Due until it has a number and a date.

    `plan_adopte` keeps the cost, the aid asked and the financing plan as they stood that day (texts by name).
    """

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="deliberations")
    plan_adopte = models.JSONField("ce que l’assemblée a adopté", default=dict)

    class Meta:
        verbose_name = "délibération"
        ordering = ["-adoptee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "numero"], condition=~models.Q(numero=""), name="deliberation_unique"
            )
        ]

    def __str__(self) -> str:
        if self.adoptee_le is None:
            return f"délibération à prendre ({self.assemblee})"
        return f"{self.numero} du {self.adoptee_le:%d/%m/%Y}"


class Preinstruction(models.Model):
    """A pré-instruction as concluded: règlement version, aid, and every constat, frozen."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="preinstructions")
    reglement = models.CharField("version du règlement", max_length=200)
    version_reglement = models.ForeignKey(
        VersionReglement, null=True, blank=True, on_delete=models.PROTECT, related_name="preinstructions"
    )
    empreinte = models.CharField("empreinte du règlement", max_length=64, blank=True)
    verdict = models.CharField(max_length=15)
    aide_maximale = champ_montant("aide maximale possible")
    plafond_liant = models.CharField("plafond qui s’applique", max_length=300, blank=True)
    constats = models.JSONField()
    donnees = models.JSONField("ce que le règlement a lu de la fiche", default=dict)
    conclue_le = models.DateTimeField(auto_now_add=True)
    par_nom = models.CharField("conclue par", max_length=200)

    class Meta:
        verbose_name = "pré-instruction"
        ordering = ["-conclue_le"]

    def __str__(self) -> str:
        return f"{self.fiche} : {self.verdict}"


class DerogationRegle(models.Model):
    """A rule set aside for one fiche: who, when, why. Never deleted: withdrawn, it stays visible."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="derogations_regles")
    regle = models.CharField("code de la règle", max_length=80)
    article = models.CharField(max_length=80)
    intitule = models.CharField("intitulé", max_length=300)
    constat = models.JSONField("ce que disait la règle", default=dict)
    plafond = champ_montant_facultatif("maximum admis à la place")
    motif = models.TextField()
    par = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    par_nom = models.CharField("décidée par", max_length=200)
    decidee_le = models.DateTimeField("décidée le", auto_now_add=True)
    levee_le = models.DateTimeField("retirée le", null=True, blank=True)
    levee_par_nom = models.CharField("retirée par", max_length=200, blank=True)
    levee_motif = models.TextField("motif du retrait", blank=True)

    class Meta:
        verbose_name = "dérogation à une règle"
        verbose_name_plural = "dérogations à des règles"
        ordering = ["-decidee_le", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fiche", "regle"], condition=models.Q(levee_le__isnull=True),
                name="derogation_regle_en_cours",
            )
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.intitule} (article {self.article})"


class AvisServiceQuerySet(models.QuerySet["AvisService"]):
    def visibles_par(self, agent: Agent) -> AvisServiceQuerySet:
        """Shared avis, those asked of the agent, and the confidential ones for the people of the authority.

        The perimeter of the fiche is checked by whoever reads it. No query.
        """
        condition = models.Q(confidentiel=False) | models.Q(agent__in=agents_tenus(agent))
        for habilitation in agent.habilitations_en_cours:
            if habilitation.role in HORS_AUTORITE:
                continue
            match habilitation.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    condition |= models.Q(
                        fiche__demarche__version_processus__processus__autorite=habilitation.autorite_id or 0
                    )
                case _:
                    continue
        return self.filter(condition)

    def attendus(self) -> AvisServiceQuerySet:
        """Not answered yet."""
        return self.filter(rendu_le__isnull=True)

    def a_rendre_par(self, agent: Agent) -> AvisServiceQuerySet:
        """Asked of that very person, or of an absent they stand in for, and not answered."""
        return self.attendus().filter(agent__in=agents_tenus(agent))


class AvisService(ModeleVersionne):
    """A question asked to a service or a partner about a fiche, and its answer."""

    class Sens(models.TextChoices):
        FAVORABLE = "favorable", "favorable"
        RESERVE = "reserve", "réservé"
        DEFAVORABLE = "defavorable", "défavorable"

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="avis")
    service = models.CharField("service ou partenaire", max_length=200)
    agent = models.ForeignKey(
        Agent, verbose_name="à qui", null=True, blank=True, on_delete=models.SET_NULL, related_name="avis"
    )
    question = models.TextField()
    demande_par = models.ForeignKey(Agent, null=True, on_delete=models.SET_NULL, related_name="+")
    demande_par_nom = models.CharField("demandé par", max_length=200)
    demande_le = models.DateTimeField("demandé le", auto_now_add=True)
    echeance_le = models.DateField("attendu pour le")
    confidentiel = models.BooleanField("réservé à l’autorité", default=True)
    sens = models.CharField(max_length=12, choices=Sens.choices, blank=True)
    motifs = models.TextField(blank=True)
    rendu_le = models.DateTimeField("rendu le", null=True, blank=True)
    rendu_par_nom = models.CharField("rendu par", max_length=200, blank=True)

    objects = AvisServiceQuerySet.as_manager()

    class Meta:
        verbose_name = "avis d’un service"
        verbose_name_plural = "avis des services"
        ordering = ["echeance_le", "pk"]

    def __str__(self) -> str:
        return f"avis de {self.service}"


class Classement(ModeleVersionne):
    """An order of the fiches by one of those who rank: owner, territory, authority; with its method."""

    class Niveau(models.TextChoices):
        MAITRE_OUVRAGE = "maitre_ouvrage", "maître d’ouvrage"
        TERRITOIRE = "territoire", "territoire"
        AUTORITE = "autorite", "autorité"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="classements")
    niveau = models.CharField(max_length=15, choices=Niveau.choices)
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="classements"
    )
    methode = models.TextField("méthode", blank=True)
    arrete_le = models.DateField("arrêté le", null=True, blank=True)
    arrete_par = models.CharField("arrêté par", max_length=200, blank=True)

    class Meta:
        verbose_name = "classement"
        ordering = ["demarche", "niveau", "organisation__nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["demarche", "niveau", "organisation"], name="classement_organisation"
            ),
            models.UniqueConstraint(
                fields=["demarche", "niveau"], condition=models.Q(organisation__isnull=True),
                name="classement_unique",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"classement du {self.get_niveau_display()}"
