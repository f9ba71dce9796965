"""The grant file drawn on a line of the contract, and its final financing plan."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse

from arpent.metier.argent import ZERO
from arpent.metier.cycles.dossier import LIBELLES as LIBELLES_DOSSIER
from arpent.metier.cycles.dossier import OUVERTS, EtatDossier
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, LIBELLES_STATUT, Financeur, StatutFinancement
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche, champ_montant, champ_montant_facultatif
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.socle.models import ModeleVersionne


class DossierQuerySet(models.QuerySet["Dossier"]):
    def visibles_par(self, agent: Agent) -> DossierQuerySet:
        """The authority: those that were filed; the territory: all of its own; an owner: its own."""
        condition = models.Q(pk__in=[])
        for h in agent.habilitations_en_cours:
            match h.definition.portee:
                case Portee.TOUT:
                    return self
                case Portee.AUTORITE:
                    condition |= models.Q(
                        demarche__version_processus__processus__autorite_id=h.autorite_id or 0,
                        depose_le__isnull=False,
                    )
                case Portee.TERRITOIRE:
                    condition |= models.Q(demarche__territoire_id=h.territoire_id or 0)
                case Portee.ORGANISATION:
                    condition |= models.Q(
                        demarche__territoire_id=h.territoire_id or 0,
                        maitre_ouvrage_id=h.organisation_id or 0,
                    )
        return self.filter(condition)

    def avec_contexte(self) -> DossierQuerySet:
        """All that a list or a page prints, in one query."""
        return self.select_related(
            "fiche__theme", "maitre_ouvrage", "fonds", "demarche__territoire",
            "demarche__version_processus__processus__autorite",
            "demarche__version_processus__processus__dispositif",
        ).defer("demarche__version_processus__definition")  # fmt: skip


class Dossier(ModeleVersionne):
    """The final request of an owner for one line of the contract, at the stage of contracts or quotes.

    `ligne` is the key of that line, `montant_contractualise` its aid the day the file was prepared (read
    again when it is filed and when an amount is proposed). `taux`: that of the contract, aid over base; the
    real aid is the least of the line, of rate × real base, and of the room the law leaves. `complet_le` is
    the day from which the work may start, unless `debut_autorise_le` allows it before. What is paid, and when
    it lapses (`acheve_le`, `caducite_le`), is kept by the payments.
    """

    class Stade(models.TextChoices):
        MARCHES = "marches", "marchés"
        DEVIS = "devis", "devis"

    demarche = models.ForeignKey(Demarche, on_delete=models.PROTECT, related_name="dossiers")
    annee = models.PositiveSmallIntegerField("année de dépôt")
    numero = models.PositiveIntegerField("numéro")
    fiche = models.ForeignKey(Fiche, on_delete=models.PROTECT, related_name="dossiers")
    ligne = models.CharField("ligne du contrat", max_length=40)
    acte_ligne = models.CharField("acte qui fixe la ligne", max_length=120, blank=True)
    """« avenant n° 2 », or empty for the contract as signed."""
    maitre_ouvrage = models.ForeignKey(
        Organisation, verbose_name="bénéficiaire", on_delete=models.PROTECT, related_name="dossiers"
    )
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_DOSSIER[e]) for e in EtatDossier],
        default=EtatDossier.BROUILLON.value,
    )  # fmt: skip
    stade = models.CharField(max_length=8, choices=Stade.choices, blank=True)
    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    annee_programmation = models.PositiveSmallIntegerField("année de programmation", null=True, blank=True)

    cout_prevu_ht = champ_montant("coût HT du contrat")
    assiette_prevue = champ_montant_facultatif("dépense éligible du contrat")
    montant_contractualise = champ_montant("aide inscrite au contrat")
    taux = models.DecimalField(
        "taux de l’aide", max_digits=7, decimal_places=6, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )  # fmt: skip
    cout_reel_ht = champ_montant_facultatif("coût HT d’après les marchés ou les devis")
    assiette_reelle = champ_montant_facultatif("dépense éligible réelle")
    montant_demande = champ_montant_facultatif("aide demandée")
    montant_propose = champ_montant_facultatif("aide proposée")
    montant_attribue = champ_montant_facultatif("aide attribuée")
    montant_rendu = champ_montant_facultatif("montant rendu à l’enveloppe")
    """What the line had more than the award, given back to the envelope by the act of the award."""

    observations = models.TextField("précisions du maître d’ouvrage", blank=True)
    motif_proposition = models.CharField("motif de la proposition", max_length=1000, blank=True)
    calcul = models.JSONField("calcul à la proposition", default=list, blank=True)
    """The bounds when the amount was proposed, frozen: intitule, article, explication, calcul, plafond."""
    decision = models.CharField("numéro de la décision", max_length=120, blank=True)
    fin_motif = models.CharField("motif du rejet ou du retrait", max_length=1000, blank=True)

    depose_le = models.DateField("déposé le", null=True, blank=True)
    complet_le = models.DateField("reconnu complet le", null=True, blank=True)
    propose_le = models.DateField("proposé le", null=True, blank=True)
    vote_le = models.DateField("aide votée le", null=True, blank=True)
    notifie_le = models.DateField("aide notifiée le", null=True, blank=True)
    clos_le = models.DateField("rejeté, retiré ou clos le", null=True, blank=True)
    debut_autorise_le = models.DateField(
        "commencement autorisé par dérogation à partir du", null=True, blank=True
    )
    debut_autorise_motif = models.CharField("motif de cette dérogation", max_length=500, blank=True)
    debut_le = models.DateField("commencement d’exécution le", null=True, blank=True)
    acheve_le = models.DateField("achevé le", null=True, blank=True)
    caducite_le = models.DateField("caduc à compter du", null=True, blank=True)

    cree_par_nom = models.CharField("préparé par", max_length=150)
    cree_le = models.DateTimeField("préparé le", auto_now_add=True)
    depose_par_nom = models.CharField("déposé par", max_length=150, blank=True)
    instruit_par_nom = models.CharField("instruit par", max_length=150, blank=True)
    demonstration = models.BooleanField("contient des valeurs de démonstration", default=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier de subvention"
        verbose_name_plural = "dossiers de subvention"
        ordering = ["demarche", "annee", "numero"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "annee", "numero"], name="dossier_numero_unique"),
            models.UniqueConstraint(
                fields=["fiche"], condition=models.Q(etat__in=sorted(OUVERTS)), name="un_dossier_ouvert"
            ),
        ]
        indexes = [
            models.Index(fields=["etat", "depose_le"], name="dossier_etat"),
            models.Index(fields=["demarche", "etat"], name="dossier_demarche_etat"),
        ]

    def __str__(self) -> str:
        return f"Dossier {self.reference}, {self.fiche.titre}"

    def get_absolute_url(self) -> str:
        return reverse("subventions:dossier", args=[self.demarche.slug, self.annee, self.numero])

    @property
    def reference(self) -> str:
        """« 2026-3 », the number by which everybody names it inside its démarche."""
        return f"{self.annee}-{self.numero}"

    @property
    def montant_en_jeu(self) -> Decimal:
        """The last amount known: awarded, else proposed, else asked, else that of the contract."""
        suite = (self.montant_attribue, self.montant_propose, self.montant_demande)
        return next((m for m in suite if m is not None), self.montant_contractualise)

    @property
    def ecart_au_contrat(self) -> Decimal:
        """What the line has more than the amount at stake; never negative once awarded."""
        return self.montant_contractualise - self.montant_en_jeu

    @property
    def reste_du_contrat(self) -> Decimal:
        """What of the line the award left, whether it was given back already or not; 0 before the award."""
        return ZERO if self.montant_attribue is None else self.montant_contractualise - self.montant_attribue


class FinancementDossier(models.Model):
    """A row of the final financing plan: what another funder gives, has been asked, or refused.

    The aid of the authority is not a row: it is what the file asks.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="financements")
    financeur = models.CharField(max_length=20, choices=[(f.value, LIBELLES_FINANCEUR[f]) for f in Financeur])
    libelle = models.CharField("dispositif ou précision", max_length=150, blank=True)
    montant = champ_montant("montant")
    statut = models.CharField(
        max_length=10, choices=[(s.value, LIBELLES_STATUT[s]) for s in StatutFinancement],
        default=StatutFinancement.SOLLICITE.value,
    )  # fmt: skip
    le = models.DateField("date de la décision", null=True, blank=True)

    class Meta:
        verbose_name = "financement du dossier"
        verbose_name_plural = "financements du dossier"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.get_financeur_display()} {self.montant} €"
