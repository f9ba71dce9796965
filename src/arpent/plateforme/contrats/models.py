"""The contract: parties, state, versions issued, votes of the parties, avenants."""

from __future__ import annotations

from django.db import models

from arpent.metier.assemblees import LIBELLES_ASSEMBLEE
from arpent.metier.avenants import LIBELLES_GENRE, LIBELLES_PISTE
from arpent.metier.cycles.avenant import LIBELLES as LIBELLES_AVENANT
from arpent.metier.cycles.avenant import EtatAvenant
from arpent.metier.cycles.contrat import LIBELLES as LIBELLES_CONTRAT
from arpent.metier.cycles.contrat import EtatContrat
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.remarques import RemarqueAbstraite, lisibles_par
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans.models import ActeAssemblee, Fiche
from arpent.plateforme.socle.models import ModeleVersionne

from .models_fin import FinContrat as FinContrat
from .models_signature import CircuitSignature as CircuitSignature
from .models_signature import EmplacementSignature as EmplacementSignature


class Contrat(ModeleVersionne):
    """The contract of a démarche. `reference` is the authority's own number."""

    demarche = models.OneToOneField(Demarche, on_delete=models.PROTECT, related_name="contrat")
    reference = models.CharField("référence", max_length=60, blank=True)
    etat = models.CharField(
        "état", max_length=15, choices=[(e.value, LIBELLES_CONTRAT[e]) for e in EtatContrat],
        default=EtatContrat.REDACTION.value,
    )  # fmt: skip
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    preambule = models.TextField("préambule", blank=True)

    class Meta:
        verbose_name = "contrat"
        ordering = ["demarche"]

    def __str__(self) -> str:
        return f"Contrat de {self.demarche.territoire}"


class PartieQuerySet(models.QuerySet["Partie"]):
    def d_origine(self) -> PartieQuerySet:
        """Those that vote and sign the contract itself: who joins by an avenant signs that avenant."""
        return self.filter(entree__isnull=True)

    def en_cours(self) -> PartieQuerySet:
        """Those that the contract binds now: joined by an avenant in force, and not left by one."""
        vigueur = EtatAvenant.EN_VIGUEUR.value
        return self.filter(models.Q(entree__isnull=True) | models.Q(entree__etat=vigueur)).exclude(
            sortie__etat=vigueur
        )


class Partie(ModeleVersionne):
    """A party to the contract, its signatory, and the act that authorises the signature.

    The number and the date of the act are those of the vote that holds: they are never typed here.
    `delegation`: the act by which the signatory signs for another. `ajoutee`: a party that the data do not
    call for (an association or a PETR that carries the territory): it stays until it is taken out.
    """

    class RolePartie(models.TextChoices):
        AUTORITE = "autorite", "autorité"
        PORTEUR = "porteur", "porteur du territoire"
        SIGNATAIRE = "signataire", "signataire"

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="parties")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    role = models.CharField("rôle", max_length=12, choices=RolePartie.choices)
    ordre = models.PositiveSmallIntegerField(default=0)
    signataire = models.CharField(max_length=150, blank=True)
    qualite = models.CharField("qualité", max_length=150, blank=True)
    delegation = models.CharField("délégation de signature", max_length=300, blank=True)
    ajoutee = models.BooleanField("ajoutée par le rédacteur", default=False)
    deliberation_numero = models.CharField("numéro de délibération", max_length=60, blank=True)
    deliberation_le = models.DateField("date de délibération", null=True, blank=True)
    entree = models.ForeignKey(
        "Avenant", verbose_name="entre par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    sortie = models.ForeignKey(
        "Avenant", verbose_name="sort par", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = PartieQuerySet.as_manager()

    class Meta:
        verbose_name = "partie au contrat"
        verbose_name_plural = "parties au contrat"
        ordering = ["contrat", "ordre", "pk"]
        constraints = [models.UniqueConstraint(fields=["contrat", "organisation"], name="partie_unique")]

    def __str__(self) -> str:
        return str(self.organisation)


class ArticleRedige(ModeleVersionne):
    """What the drafters decided on an article of the model, or an article they added.

    `variante` empty: the one the facts propose. `texte` empty: not rewritten. `apres`: the article that an
    added one follows; empty: at the end.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="articles")
    code = models.CharField(max_length=60)
    ajoute = models.BooleanField("ajouté", default=False)
    variante = models.CharField("rédaction", max_length=60, blank=True)
    retire = models.BooleanField("retiré", default=False)
    titre = models.CharField(max_length=200, blank=True)
    texte = models.TextField(blank=True)
    apres = models.CharField("après l’article", max_length=60, blank=True)
    motif = models.CharField(max_length=500, blank=True)
    par_nom = models.CharField("modifié par", max_length=200, blank=True)

    class Meta:
        verbose_name = "article rédigé"
        verbose_name_plural = "articles rédigés"
        ordering = ["contrat", "pk"]
        constraints = [models.UniqueConstraint(fields=["contrat", "code"], name="article_redige_unique")]

    def __str__(self) -> str:
        return self.titre or self.code


class RemarqueArticleQuerySet(models.QuerySet["RemarqueArticle"]):
    def visibles_par(self, agent: Agent) -> RemarqueArticleQuerySet:
        return self.filter(lisibles_par(agent))


class RemarqueArticle(RemarqueAbstraite):
    """A remark on an article (`article`: its code), with the wording it proposes when it has one."""

    contrat = models.ForeignKey(Contrat, on_delete=models.CASCADE, related_name="remarques")
    article = models.CharField(max_length=60)
    proposition = models.TextField("rédaction proposée", blank=True)
    reprise_le = models.DateTimeField("proposition reprise le", null=True, blank=True)

    objects = RemarqueArticleQuerySet.as_manager()

    class Meta:
        verbose_name = "remarque sur un article"
        verbose_name_plural = "remarques sur les articles"
        ordering = ["ecrit_le", "pk"]
        indexes = [models.Index(fields=["contrat", "article"], name="remarque_article")]

    def __str__(self) -> str:
        return f"remarque de {self.auteur_nom}"

    @property
    def libelle_journal(self) -> str:
        return f"remarque n° {self.pk}"


class VersionContrat(models.Model):
    """A version as issued: the frozen data, the template version and the three files."""

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    etat = models.CharField("état du contrat à l’émission", max_length=15)
    gabarit = models.CharField(max_length=60)
    donnees = models.JSONField("données figées")
    empreinte = models.CharField("empreinte des données", max_length=64)
    total_aides = models.DecimalField("total des aides", max_digits=14, decimal_places=2)
    nombre_projets = models.PositiveIntegerField()
    duree_annees = models.PositiveSmallIntegerField("durée en années", null=True)
    """That of the policy the day it was issued: what the policy becomes later does not move its end."""
    documents = models.ManyToManyField(DocumentEmis, related_name="versions_contrat")
    etablie_le = models.DateTimeField("établie le", auto_now_add=True)
    par_nom = models.CharField("établie par", max_length=200)

    class Meta:
        verbose_name = "version de contrat"
        ordering = ["contrat", "-numero"]
        constraints = [models.UniqueConstraint(fields=["contrat", "numero"], name="version_contrat_unique")]

    def __str__(self) -> str:
        return f"{self.contrat}, version {self.numero}"


class Vote(ActeAssemblee):
    """The vote of a party on one issued version: convocation, presence, votes, formalities.

    Of the contract, or of an avenant when `avenant` is there.

    `ecarts` is what has changed in the contract since, one line each; a vote with some is lapsed.
    `ecartes` counts the members with an interest who took no part in the vote.
    """

    partie = models.ForeignKey(Partie, on_delete=models.PROTECT, related_name="votes")
    version_votee = models.ForeignKey(
        VersionContrat,
        verbose_name="version soumise au vote",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="votes",
    )
    avenant = models.ForeignKey(
        "Avenant", null=True, blank=True, on_delete=models.PROTECT, related_name="votes"
    )
    avenant_vote = models.ForeignKey(
        "VersionAvenant",
        verbose_name="version de l’avenant soumise au vote",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="votes",
    )
    type_assemblee = models.CharField(
        "type d’assemblée", max_length=25, choices=[(t.value, mot) for t, mot in LIBELLES_ASSEMBLEE.items()]
    )
    heure = models.TimeField("heure de la séance", null=True, blank=True)
    lieu = models.CharField("lieu de la séance", max_length=200, blank=True)
    ecartes = models.PositiveSmallIntegerField("membres écartés", null=True, blank=True)
    ecartes_noms = models.CharField("noms des membres écartés", max_length=500, blank=True)
    ecarts = models.JSONField("ce qui a changé depuis le vote", default=list, blank=True)
    fichier = models.FileField("acte signé", upload_to="votes/%Y/%m", blank=True)
    nom_fichier = models.CharField("nom du fichier", max_length=200, blank=True)
    type_mime = models.CharField(max_length=100, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "vote d’une partie"
        verbose_name_plural = "votes des parties"
        ordering = ["partie", "pk"]

    def __str__(self) -> str:
        if self.adoptee_le is None:
            return f"vote attendu ({self.assemblee})"
        return f"{self.numero} du {self.adoptee_le:%d/%m/%Y}"


class Avenant(ModeleVersionne):
    """A change of a contract in force. Numbered when it is first proposed; in force, it is frozen for ever.

    `piste` and `raisons` (why that track) are those of the last proposal.
    """

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="avenants")
    numero = models.PositiveSmallIntegerField("numéro", null=True, blank=True)
    objet = models.CharField(max_length=300)
    etat = models.CharField(
        "état", max_length=12, choices=[(e.value, LIBELLES_AVENANT[e]) for e in EtatAvenant],
        default=EtatAvenant.PREPARATION.value,
    )  # fmt: skip
    date_effet = models.DateField("date d’effet", null=True, blank=True)
    piste = models.CharField(
        "voie", max_length=10, choices=[(p.value, mot) for p, mot in LIBELLES_PISTE.items()], blank=True
    )
    raisons = models.JSONField("raisons de la voie", default=list, blank=True)
    concernees = models.ManyToManyField(
        Partie, verbose_name="parties qui l’approuvent", related_name="avenants", blank=True
    )
    acte = models.CharField("numéro de l’acte", max_length=120, blank=True)
    signe_le = models.DateField("signé le", null=True, blank=True)
    en_vigueur_le = models.DateTimeField("mis en vigueur le", null=True, blank=True)
    cree_par_nom = models.CharField("préparé par", max_length=150, blank=True)
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    class Meta:
        verbose_name = "avenant"
        ordering = ["contrat", "numero", "pk"]
        constraints = [models.UniqueConstraint(fields=["contrat", "numero"], name="avenant_numero_unique")]

    def __str__(self) -> str:
        return f"Avenant n° {self.numero}" if self.numero else f"Avenant en préparation ({self.objet})"

    @property
    def code(self) -> str:
        """« avenant-2 », how the command line and the consolidated contract name it."""
        return f"avenant-{self.numero}" if self.numero else f"projet-{self.pk}"


class MouvementAvenant(ModeleVersionne):
    """One typed change of an avenant. `apres` holds the fields of its kind, `avant` those it replaces."""

    avenant = models.ForeignKey(Avenant, on_delete=models.CASCADE, related_name="mouvements")
    ordre = models.PositiveSmallIntegerField(default=0)
    genre = models.CharField(max_length=15, choices=[(g.value, mot) for g, mot in LIBELLES_GENRE.items()])
    fiche = models.ForeignKey(Fiche, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The project touched or taken out."""
    entrante = models.ForeignKey(Fiche, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    """The project that enters, or that receives a sum."""
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    avant = models.JSONField(default=dict, blank=True)
    apres = models.JSONField(default=dict, blank=True)
    motif = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "mouvement d’avenant"
        verbose_name_plural = "mouvements d’avenant"
        ordering = ["avenant", "ordre", "pk"]

    def __str__(self) -> str:
        return f"{self.avenant}, {self.get_genre_display()}"


class VersionAvenant(models.Model):
    """An avenant as proposed: its frozen movements and document, their fingerprint, the files."""

    avenant = models.ForeignKey(Avenant, on_delete=models.PROTECT, related_name="versions")
    numero = models.PositiveSmallIntegerField("numéro")
    gabarit = models.CharField(max_length=60)
    donnees = models.JSONField("données figées")
    """`mouvements`: as the calculations read them; `document`: what the files were made from."""
    empreinte = models.CharField("empreinte des données", max_length=64)
    documents = models.ManyToManyField(DocumentEmis, related_name="versions_avenant")
    etablie_le = models.DateTimeField("établie le", auto_now_add=True)
    par_nom = models.CharField("établie par", max_length=200)

    class Meta:
        verbose_name = "version d’avenant"
        verbose_name_plural = "versions d’avenant"
        ordering = ["avenant", "-numero"]
        constraints = [models.UniqueConstraint(fields=["avenant", "numero"], name="version_avenant_unique")]

    def __str__(self) -> str:
        return f"{self.avenant}, version {self.numero}"
