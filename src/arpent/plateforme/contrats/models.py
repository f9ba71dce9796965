"""The contract: parties, state, the versions that were issued, the votes of the parties."""

from __future__ import annotations

from django.db import models

from arpent.metier.assemblees import LIBELLES_ASSEMBLEE
from arpent.metier.cycles.contrat import LIBELLES as LIBELLES_CONTRAT
from arpent.metier.cycles.contrat import EtatContrat
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans.models import ActeAssemblee
from arpent.plateforme.plans.models.travail import RemarqueAbstraite, lisibles_par
from arpent.plateforme.socle.models import ModeleVersionne


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
    """The vote of a party on one issued version of the contract: convocation, presence, votes, formalities.

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
    type_assemblee = models.CharField(
        "type d’assemblée", max_length=25, choices=[(t.value, mot) for t, mot in LIBELLES_ASSEMBLEE.items()]
    )
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


class CircuitSignature(models.Model):
    """The signatures of one issued PDF: a contract, and whatever else the parties sign.

    `document` never changes. `revision` is the last file of the electronic chain; all are kept.
    """

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        COMPLET = "complet", "complet"
        ABANDONNE = "abandonne", "abandonné"

    contrat = models.ForeignKey(Contrat, on_delete=models.PROTECT, related_name="circuits")
    document = models.ForeignKey(
        DocumentEmis, verbose_name="document à signer", on_delete=models.PROTECT, related_name="circuits"
    )
    revision = models.ForeignKey(
        DocumentEmis, verbose_name="dernière révision signée", on_delete=models.PROTECT, related_name="+"
    )
    objet = models.CharField(max_length=200)
    rang_imprime = models.PositiveIntegerField("version écrite sur chaque page imprimée", default=0)
    ordre_impose = models.BooleanField("ordre des signatures imposé", default=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERT)
    ouvert_le = models.DateTimeField("ouvert le", auto_now_add=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    motif = models.CharField("motif de l’abandon", max_length=500, blank=True)

    class Meta:
        verbose_name = "circuit de signature"
        verbose_name_plural = "circuits de signature"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=~models.Q(etat="abandonne"), name="circuit_unique_par_document"
            )
        ]

    def __str__(self) -> str:
        return self.objet


class EmplacementSignature(models.Model):
    """The place of one party in a circuit. Once collected, the database itself refuses to change it.

    `preuve` is plain JSON: what shows that it was collected, by channel.
    """

    class Canal(models.TextChoices):
        ELECTRONIQUE = "electronique", "certificat électronique"
        CONSENTEMENT = "consentement", "consentement avec fichier de preuve"
        PAPIER = "papier", "papier"
        PARAPHEUR = "parapheur", "parapheur externe"

    class Etat(models.TextChoices):
        ATTENDUE = "attendue", "attendue"
        RECUEILLIE = "recueillie", "recueillie"
        REFUSEE = "refusee", "refusée"

    circuit = models.ForeignKey(CircuitSignature, on_delete=models.PROTECT, related_name="emplacements")
    partie = models.ForeignKey(Partie, on_delete=models.PROTECT, related_name="emplacements")
    ordre = models.PositiveSmallIntegerField()
    signataire = models.CharField(max_length=150, blank=True)
    qualite = models.CharField("qualité", max_length=150, blank=True)
    delegation = models.CharField("délégation de signature", max_length=300, blank=True)
    canal = models.CharField(max_length=12, choices=Canal.choices, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.ATTENDUE)
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    par_nom = models.CharField("recueillie par", max_length=200, blank=True)
    preuve = models.JSONField(default=dict, blank=True)
    document = models.ForeignKey(
        DocumentEmis, null=True, blank=True, on_delete=models.PROTECT, related_name="emplacements"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    motif = models.CharField("motif du refus", max_length=500, blank=True)

    class Meta:
        verbose_name = "emplacement de signature"
        verbose_name_plural = "emplacements de signature"
        ordering = ["circuit", "ordre", "pk"]
        constraints = [models.UniqueConstraint(fields=["circuit", "partie"], name="emplacement_unique")]

    def __str__(self) -> str:
        return f"signature de {self.partie}"
