"""The plan d'actions: axes, fiches projets, financing plans, délibérations."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse

from arpent.metier.cycles.fiche import LIBELLES as LIBELLES_FICHE
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.models import PolitiqueSectorielle, Theme
from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Commune

POSITIF = MinValueValidator(Decimal("0"), "Le montant ne peut pas être négatif.")


def champ_montant(libelle: str) -> models.DecimalField[Decimal, Decimal]:
    """Euros to the cent, never negative, up to ten billions."""
    return models.DecimalField(
        libelle, max_digits=12, decimal_places=2, validators=[POSITIF], default=Decimal("0")
    )


def champ_montant_facultatif(libelle: str) -> models.DecimalField[Decimal | None, Decimal | None]:
    """The same, None when nobody gave it."""
    return models.DecimalField(
        libelle, max_digits=12, decimal_places=2, validators=[POSITIF], null=True, blank=True
    )


class Axe(ModeleVersionne):
    """An axis of the plan, tied to the enjeux it answers."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="axes")
    numero = models.PositiveSmallIntegerField("numéro")
    libelle = models.CharField("libellé", max_length=300)
    enjeux = models.ManyToManyField(Enjeu, blank=True, related_name="axes")
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "axe"
        ordering = ["demarche", "numero"]
        constraints = [models.UniqueConstraint(fields=["demarche", "numero"], name="axe_unique")]

    def __str__(self) -> str:
        return f"{self.numero}. {self.libelle}"


class FicheQuerySet(models.QuerySet["Fiche"]):
    def visibles_par(self, agent: Agent) -> FicheQuerySet:
        """Fiches in the perimeter: drafts only for their owner and for those who run the démarche."""
        condition = models.Q(pk__in=[])
        brouillon = models.Q(etat=EtatFiche.BROUILLON.value)
        for habilitation in agent.habilitations_en_cours:
            match habilitation.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    dans = models.Q(
                        demarche__version_processus__processus__autorite_id=habilitation.autorite_id or 0
                    )
                    condition |= (
                        dans if "fiche.rediger" in habilitation.definition.droits else dans & ~brouillon
                    )
                case Portee.TERRITOIRE:
                    condition |= models.Q(demarche__territoire_id=habilitation.territoire_id or 0)
                case Portee.ORGANISATION:
                    dans = models.Q(demarche__territoire_id=habilitation.territoire_id or 0)
                    a_soi = models.Q(maitre_ouvrage_id=habilitation.organisation_id or 0)
                    condition |= dans & (~brouillon | a_soi)
        return self.filter(condition)


class Fiche(ModeleVersionne):
    """A fiche projet. `montant_acquis` is kept by the action that saves the financing plan."""

    class Maturite(models.TextChoices):
        STRUCTURANT = "structurant", "projet structurant"
        AMORCAGE_A = "amorcage_a", "en amorçage (A) : appuyé, pas encore prêt"
        AMORCAGE_B = "amorcage_b", "en amorçage (B) : contenu à préciser"

    class NatureDepense(models.TextChoices):
        INVESTISSEMENT = "investissement", "investissement"
        FONCTIONNEMENT = "fonctionnement", "fonctionnement"

    demarche = models.ForeignKey(Demarche, on_delete=models.PROTECT, related_name="fiches")
    numero = models.PositiveIntegerField("numéro")
    titre = models.CharField("intitulé", max_length=300)
    description = models.TextField(blank=True)
    maitre_ouvrage = models.ForeignKey(
        Organisation, verbose_name="maître d’ouvrage", on_delete=models.PROTECT, related_name="fiches"
    )
    theme = models.ForeignKey(
        Theme, verbose_name="thème", null=True, blank=True, on_delete=models.PROTECT, related_name="fiches"
    )
    politiques = models.ManyToManyField(
        PolitiqueSectorielle, verbose_name="politiques sectorielles", blank=True, related_name="fiches"
    )
    axe = models.ForeignKey(Axe, null=True, blank=True, on_delete=models.SET_NULL, related_name="fiches")
    enjeu = models.ForeignKey(Enjeu, null=True, blank=True, on_delete=models.SET_NULL, related_name="fiches")
    commune = models.ForeignKey(
        Commune, verbose_name="commune du projet", null=True, blank=True, on_delete=models.PROTECT,
        related_name="+",
    )  # fmt: skip
    etat = models.CharField(
        "état", max_length=20, choices=[(e.value, LIBELLES_FICHE[e]) for e in EtatFiche],
        default=EtatFiche.BROUILLON.value,
    )  # fmt: skip
    maturite = models.CharField(
        "maturité", max_length=12, choices=Maturite.choices, default=Maturite.AMORCAGE_B
    )
    nature_depense = models.CharField(
        "nature de la dépense", max_length=15, choices=NatureDepense.choices,
        default=NatureDepense.INVESTISSEMENT,
    )  # fmt: skip
    priorite_maitre_ouvrage = models.PositiveSmallIntegerField(
        "priorité du maître d’ouvrage", null=True, blank=True
    )
    priorite_territoire = models.PositiveSmallIntegerField("priorité du territoire", null=True, blank=True)
    priorite_autorite = models.PositiveSmallIntegerField("priorité de l’autorité", null=True, blank=True)
    debut_le = models.DateField("début des travaux", null=True, blank=True)
    fin_le = models.DateField("fin des travaux", null=True, blank=True)
    annee = models.PositiveSmallIntegerField("année de programmation", null=True, blank=True)
    cout_ht = champ_montant("coût total HT")
    cout_ttc = champ_montant_facultatif("coût total TTC")
    assiette = champ_montant_facultatif("dépense éligible (assiette)")
    aide_demandee = champ_montant("aide demandée à l’autorité")
    montant_acquis = champ_montant("autres aides acquises")
    derogation_taux = models.DecimalField(
        "participation minimale dérogatoire", max_digits=5, decimal_places=4, null=True, blank=True
    )
    derogation_acte = models.CharField("acte du préfet", max_length=200, blank=True)
    derogation_le = models.DateField("date de l’acte du préfet", null=True, blank=True)
    source = models.CharField(max_length=300, blank=True)
    source_identifiant = models.CharField("identifiant dans la source", max_length=40, blank=True)
    demonstration = models.BooleanField("contient des valeurs de démonstration", default=False)
    texte_recherche = models.TextField(editable=False, default="")

    objects = FicheQuerySet.as_manager()

    class Meta:
        verbose_name = "fiche projet"
        verbose_name_plural = "fiches projets"
        ordering = ["demarche", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "numero"], name="fiche_numero_unique"),
            models.CheckConstraint(
                condition=models.Q(fin_le__isnull=True)
                | models.Q(debut_le__isnull=True)
                | models.Q(fin_le__gte=models.F("debut_le")),
                name="fiche_dates",
            ),
        ]
        indexes = [
            models.Index(fields=["demarche", "etat", "numero"], name="fiche_etat"),
            models.Index(fields=["demarche", "theme", "numero"], name="fiche_theme"),
            models.Index(fields=["demarche", "cout_ht"], name="fiche_cout"),
            models.Index(fields=["cout_ht", "id"], name="fiche_cout_tous"),
            models.Index(fields=["aide_demandee", "id"], name="fiche_aide_toutes"),
            models.Index(fields=["montant_acquis", "id"], name="fiche_acquis_tous"),
            models.Index(fields=["annee", "id"], name="fiche_annee_toutes"),
            models.Index(fields=["titre", "id"], name="fiche_titre_tous"),
        ]

    def __str__(self) -> str:
        return f"{self.numero} – {self.titre}"

    def get_absolute_url(self) -> str:
        return reverse("plans:fiche", args=[self.demarche.slug, self.numero])

    @property
    def a_derogation(self) -> bool:
        return self.derogation_taux is not None and self.derogation_le is not None


class LigneFinancement(models.Model):
    """One row of a financing plan: who, which scheme, how much, how sure, since when."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="financements")
    financeur = models.CharField(max_length=20, choices=[(f.value, LIBELLES_FINANCEUR[f]) for f in Financeur])
    libelle = models.CharField("dispositif ou précision", max_length=150, blank=True)
    montant = champ_montant("montant")
    statut = models.CharField(
        max_length=10, choices=[(s.value, LIBELLES_STATUT[s]) for s in StatutFinancement],
        default=StatutFinancement.ENVISAGE.value,
    )  # fmt: skip
    le = models.DateField("date", null=True, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "ligne de financement"
        verbose_name_plural = "lignes de financement"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_financeur_display()} {self.montant} €"


class Deliberation(models.Model):
    """The act by which the owner's assembly adopts a fiche."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="deliberations")
    numero = models.CharField("numéro d’acte", max_length=60)
    adoptee_le = models.DateField("adoptée le")
    assemblee = models.CharField("assemblée", max_length=200)

    class Meta:
        verbose_name = "délibération"
        ordering = ["-adoptee_le"]
        constraints = [models.UniqueConstraint(fields=["fiche", "numero"], name="deliberation_unique")]

    def __str__(self) -> str:
        return f"{self.numero} du {self.adoptee_le:%d/%m/%Y}"


class Preinstruction(models.Model):
    """A pré-instruction as concluded: règlement version, aid, and every constat, frozen."""

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="preinstructions")
    reglement = models.CharField("version du règlement", max_length=200)
    verdict = models.CharField(max_length=15)
    aide_maximale = champ_montant("aide maximale possible")
    plafond_liant = models.CharField("plafond qui s’applique", max_length=300, blank=True)
    constats = models.JSONField()
    conclue_le = models.DateTimeField(auto_now_add=True)
    par_nom = models.CharField("conclue par", max_length=200)

    class Meta:
        verbose_name = "pré-instruction"
        ordering = ["-conclue_le"]

    def __str__(self) -> str:
        return f"{self.fiche} : {self.verdict}"
