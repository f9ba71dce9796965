"""The axes of the plan d'actions and its fiches projets."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from arpent.metier.cycles.fiche import LIBELLES as LIBELLES_FICHE
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.models import PolitiqueSectorielle, Theme
from arpent.plateforme.socle.models import ModeleVersionne
from arpent.plateforme.territoires.models import Commune

from .champs import champ_montant, champ_montant_facultatif


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


def est_comptee() -> models.Q:
    """Whether a fiche's money counts (see `comptees`), as a condition. No query."""
    decoupees = Fiche.objects.filter(tranche_de__isnull=False).order_by().values("tranche_de")
    return models.Q(fusionnee_dans__isnull=True) & ~models.Q(pk__in=decoupees)


ETATS_ENGAGES = (EtatFiche.RETENUE.value, EtatFiche.CONTRACTUALISEE.value)


def aide_engagee() -> models.Case:
    """The aid agreed for a retained fiche, or one in a contract; NULL else. As an expression. No query."""
    return models.Case(models.When(etat__in=ETATS_ENGAGES, then=models.F("aide_accordee")))


def est_a_part() -> models.Q:
    """Carried out or under way, and asking nothing of the contract: out of the totals of the plan."""
    deja = [Fiche.Realisation.EN_COURS.value, Fiche.Realisation.REALISE.value]
    return models.Q(realisation__in=deja, aide_demandee=0) & ~models.Q(etat__in=ETATS_ENGAGES)


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
                    dans = models.Q(demarche__territoire_id=habilitation.territoire_id or 0)
                    condition |= (
                        dans if "fiche.rediger" in habilitation.definition.droits else dans & ~brouillon
                    )
                case Portee.ORGANISATION:
                    dans = models.Q(demarche__territoire_id=habilitation.territoire_id or 0)
                    a_soi = models.Q(maitre_ouvrage_id=habilitation.organisation_id or 0)
                    condition |= dans & (~brouillon | a_soi)
        return self.filter(condition)

    def comptees(self) -> FicheQuerySet:
        """Those whose money counts: neither merged into another, nor whole operations split in tranches."""
        return self.filter(est_comptee())


class Fiche(ModeleVersionne):
    """A fiche projet. `montant_acquis` is kept by the action that saves the financing plan.

    `aide_accordee` is what the agreement on the maquette gives it: it counts while the fiche is retained.
    """

    class Maturite(models.TextChoices):
        STRUCTURANT = "structurant", "projet structurant"
        AMORCAGE_A = "amorcage_a", "en amorçage (A) : appuyé, pas encore prêt"
        AMORCAGE_B = "amorcage_b", "en amorçage (B) : contenu à préciser"

    class NatureDepense(models.TextChoices):
        INVESTISSEMENT = "investissement", "investissement"
        FONCTIONNEMENT = "fonctionnement", "fonctionnement"

    class Realisation(models.TextChoices):
        A_VENIR = "a_venir", "à venir"
        EN_COURS = "en_cours", "en cours"
        REALISE = "realise", "déjà réalisé"

    class Reponse(models.TextChoices):
        OUI = "oui", "oui"
        NON = "non", "non"
        EN_PARTIE = "en_partie", "en partie"

    class Apport(models.TextChoices):
        ACTIVITE = "activite", "il crée de l’activité et des emplois"
        SERVICE = "service", "c’est un service essentiel"
        LES_DEUX = "les_deux", "les deux"

    class Tva(models.TextChoices):
        FCTVA = "fctva", "éligible au FCTVA"
        RECUPEREE = "recuperee", "récupérée (activité assujettie)"
        A_CHARGE = "a_charge", "à la charge du maître d’ouvrage"

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
    categorie = models.CharField("catégorie d’opération", max_length=60, blank=True)
    realisation = models.CharField(
        "réalisation", max_length=10, choices=Realisation.choices, default=Realisation.A_VENIR
    )
    tranche_de = models.ForeignKey(
        "self", verbose_name="opération entière", null=True, blank=True, on_delete=models.PROTECT,
        related_name="tranches",
    )  # fmt: skip
    tranche = models.PositiveSmallIntegerField("numéro de tranche", null=True, blank=True)
    fusionnee_dans = models.ForeignKey(
        "self", verbose_name="fusionnée dans", null=True, blank=True, on_delete=models.PROTECT,
        related_name="fusionnees", db_index=False,
    )  # fmt: skip
    maitre_ouvrage_delegue = models.ForeignKey(
        Organisation, verbose_name="maître d’ouvrage délégué", null=True, blank=True,
        on_delete=models.PROTECT, related_name="+",
    )  # fmt: skip
    contact_nom = models.CharField("personne à joindre", max_length=150, blank=True)
    contact_fonction = models.CharField("sa fonction", max_length=150, blank=True)
    contact_courriel = models.EmailField("son adresse électronique", blank=True)
    contact_telephone = models.CharField("son téléphone", max_length=30, blank=True)
    adresse = models.CharField("adresse du projet", max_length=300, blank=True)
    latitude = models.DecimalField(
        max_digits=8, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(Decimal(-90)), MaxValueValidator(Decimal(90))],
    )  # fmt: skip
    longitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(Decimal(-180)), MaxValueValidator(Decimal(180))],
    )  # fmt: skip
    besoin = models.TextField("besoin et objectifs", blank=True)
    effets = models.TextField("effets attendus", blank=True)
    cadre_strategique = models.JSONField("axes du cadre stratégique de l’autorité", default=list, blank=True)
    zonages = models.JSONField("zonages", default=list, blank=True)
    contrats_lies = models.JSONField("autres contrats qui citent le projet", default=list, blank=True)
    criteres = models.JSONField("critères de bonification remplis", default=list, blank=True)
    quantites = models.JSONField("quantités (unité : nombre)", default=dict, blank=True)
    complements = models.JSONField("champs propres au dispositif", default=dict, blank=True)
    transition = models.CharField("transition écologique", max_length=10, choices=Reponse.choices, blank=True)
    transition_objectifs = models.CharField("objectifs de transition", max_length=300, blank=True)
    artificialisation = models.CharField(
        "artificialisation des sols", max_length=10, choices=Reponse.choices, blank=True
    )
    immobilier = models.CharField("opération immobilière", max_length=10, choices=Reponse.choices, blank=True)
    travaux = models.CharField("comporte des travaux", max_length=10, choices=Reponse.choices, blank=True)
    recettes = champ_montant_facultatif("recettes attendues par an")
    renouvellement_de = models.CharField("numéro de la demande précédente", max_length=60, blank=True)
    apport = models.CharField("ce que le projet apporte", max_length=12, choices=Apport.choices, blank=True)
    emplois_crees = models.DecimalField(
        "emplois créés (équivalents temps plein)", max_digits=7, decimal_places=2, null=True, blank=True
    )
    emplois_maintenus = models.DecimalField(
        "emplois maintenus (équivalents temps plein)", max_digits=7, decimal_places=2, null=True, blank=True
    )
    emplois_preuve = models.TextField("sur quoi repose ce nombre d’emplois", blank=True)
    competence = models.CharField("compétence de l’autorité mobilisée", max_length=200, blank=True)
    tva = models.CharField(
        "TVA", max_length=12, choices=Tva.choices, blank=True,
        help_text="Le FCTVA rembourse une part de la TVA des investissements.",
    )  # fmt: skip
    dossier_complet_le = models.DateField("dossier reconnu complet le", null=True, blank=True)
    commence_le = models.DateField("commencement d’exécution le", null=True, blank=True)
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
    aide_accordee = champ_montant_facultatif("aide accordée par l’autorité")
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
            # The general list is counted from this one alone, without reading a row.
            models.Index(
                fields=["demarche", "etat", "realisation", "aide_demandee", "fusionnee_dans", "id"],
                name="fiche_listees",
            ),
            # Nearly all are NULL: in the index they would draw the planner to read every row.
            models.Index(
                fields=["fusionnee_dans"],
                condition=models.Q(fusionnee_dans__isnull=False),
                name="fiche_fusionnees",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.numero} – {self.titre}"

    def get_absolute_url(self) -> str:
        return reverse("plans:fiche", args=[self.demarche.slug, self.numero])

    @property
    def est_a_part(self) -> bool:
        """As `est_a_part()` says of a stored one."""
        deja = self.realisation != self.Realisation.A_VENIR
        return deja and not self.aide_demandee and self.etat not in ETATS_ENGAGES

    @property
    def aide_engagee(self) -> Decimal | None:
        """The aid agreed, while the fiche is retained or in a contract: it counts, not the one asked."""
        return self.aide_accordee if self.etat in ETATS_ENGAGES else None

    @property
    def a_derogation(self) -> bool:
        return self.derogation_taux is not None and self.derogation_le is not None
