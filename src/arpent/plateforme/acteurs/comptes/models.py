"""What an account needs beside its password: open sessions, invitations, factors, tries, retention rules."""

from __future__ import annotations

from datetime import datetime

from django.db import models

from arpent.plateforme.territoires.models import Territoire

from ..noms import nom_complet
from ..roles import ROLES


class SessionOuverte(models.Model):
    """A login: when, how, from where. `cle` is that of the session of the server.

    Written at login only: the moment of the last page is not known (GET never writes). `empreinte` is the
    session hash at that time: when the account's has moved, the session is dead already.
    """

    agent = models.ForeignKey("acteurs.Agent", on_delete=models.CASCADE, related_name="sessions_ouvertes")
    cle = models.CharField(max_length=40, unique=True)
    empreinte = models.CharField(max_length=64)
    ouverte_le = models.DateTimeField("ouverte le")
    moyen = models.CharField(max_length=40)
    adresse = models.CharField(max_length=45, blank=True)
    navigateur = models.CharField(max_length=120, blank=True)

    class Meta:
        verbose_name = "session ouverte"
        verbose_name_plural = "sessions ouvertes"
        ordering = ["-ouverte_le", "-pk"]

    def __str__(self) -> str:
        return f"session de {self.agent} du {self.ouverte_le:%d/%m/%Y}"

    @property
    def libelle_journal(self) -> str:
        return f"session du compte n° {self.agent_id}"


class Invitation(models.Model):
    """Somebody is offered an account, or one more habilitation, by a link sent to their address.

    The link carries the number and `nonce`, signed; sending it again changes the nonce, so that only the
    last one opens. The perimeter has the columns of `Habilitation`, which it becomes when accepted.
    """

    class Etat(models.TextChoices):
        ENVOYEE = "envoyee", "envoyée"
        ACCEPTEE = "acceptee", "acceptée"
        ANNULEE = "annulee", "annulée"

    courriel = models.EmailField("adresse électronique")
    nom = models.CharField(max_length=100)
    prenom = models.CharField("prénom", max_length=100, blank=True)
    fonction = models.CharField(max_length=150, blank=True)
    role = models.CharField("rôle", max_length=30, choices=[(r.code, r.libelle) for r in ROLES.values()])
    organisation = models.ForeignKey(
        "acteurs.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    autorite = models.ForeignKey(
        "acteurs.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    territoire = models.ForeignKey(
        Territoire, null=True, blank=True, on_delete=models.PROTECT, related_name="invitations"
    )
    themes = models.CharField("thèmes (codes séparés par des virgules)", max_length=200, blank=True)
    debut = models.DateField("début")
    fin = models.DateField(null=True, blank=True)
    etat = models.CharField("état", max_length=8, choices=Etat.choices, default=Etat.ENVOYEE)
    nonce = models.CharField(max_length=32)
    envoyee_le = models.DateTimeField("envoyée le")
    expire_le = models.DateTimeField("valable jusqu’au")
    envois = models.PositiveSmallIntegerField(default=1)
    personne = models.ForeignKey(
        "acteurs.Personne", null=True, blank=True, on_delete=models.SET_NULL, related_name="invitations"
    )
    invite_par = models.ForeignKey("acteurs.Agent", null=True, on_delete=models.SET_NULL, related_name="+")
    invite_par_nom = models.CharField("invitée par", max_length=200)
    acceptee_le = models.DateTimeField("acceptée le", null=True, blank=True)
    acceptee_par = models.ForeignKey(
        "acteurs.Agent",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="invitations_acceptees",
    )

    class Meta:
        verbose_name = "invitation"
        ordering = ["-envoyee_le", "-pk"]

    def __str__(self) -> str:
        return f"invitation de {self.courriel}"

    @property
    def nom_complet(self) -> str:
        return nom_complet(self.prenom, self.nom)

    @property
    def libelle_journal(self) -> str:
        return f"invitation n° {self.pk}"

    def est_ouverte(self, le: datetime) -> bool:
        return self.etat == self.Etat.ENVOYEE and le < self.expire_le


class Essai(models.Model):
    """One try that could be a guess (password, code, link). Addresses are kept as keyed hashes, one day."""

    genre = models.CharField(max_length=12)
    compte = models.CharField(max_length=64)
    adresse = models.CharField(max_length=64)
    appareil = models.CharField(max_length=32, blank=True)
    le = models.DateTimeField()

    class Meta:
        verbose_name = "essai"
        ordering = ["-le"]
        indexes = [
            models.Index(fields=["compte", "le"], name="essai_du_compte"),
            models.Index(fields=["adresse", "le"], name="essai_de_l_adresse"),
            models.Index(fields=["le"], name="essai_a_effacer"),
        ]

    def __str__(self) -> str:
        return f"{self.genre} du {self.le:%d/%m/%Y}"


class CodeTemporel(models.Model):
    """The TOTP of an account (RFC 6238). `secret` is encrypted with the key of the instance.

    `dernier_pas`: time step of the last accepted code; a code never serves twice.
    """

    agent = models.OneToOneField(
        "acteurs.Agent", on_delete=models.CASCADE, primary_key=True, related_name="code_temporel"
    )
    secret = models.CharField(max_length=200)
    active_le = models.DateTimeField("activé le", null=True, blank=True)
    dernier_pas = models.BigIntegerField(default=0)

    class Meta:
        verbose_name = "code temporel"
        verbose_name_plural = "codes temporels"

    def __str__(self) -> str:
        return f"code temporel de {self.agent}"

    @property
    def libelle_journal(self) -> str:
        return f"code temporel du compte n° {self.agent_id}"


class CodeSecours(models.Model):
    """A recovery code, kept as its keyed hash; used once."""

    agent = models.ForeignKey("acteurs.Agent", on_delete=models.CASCADE, related_name="codes_secours")
    empreinte = models.CharField(max_length=64)
    utilise_le = models.DateTimeField("utilisé le", null=True, blank=True)

    class Meta:
        verbose_name = "code de secours"
        verbose_name_plural = "codes de secours"
        constraints = [
            models.UniqueConstraint(fields=["agent", "empreinte"], name="code_secours_unique"),
        ]

    def __str__(self) -> str:
        return f"code de secours de {self.agent}"

    @property
    def libelle_journal(self) -> str:
        return f"code de secours du compte n° {self.agent_id}"


class CleAcces(models.Model):
    """A passkey (WebAuthn). `donnees` is the attested credential: number and public key, nothing secret."""

    agent = models.ForeignKey("acteurs.Agent", on_delete=models.CASCADE, related_name="cles_acces")
    nom = models.CharField("nom de la clé", max_length=60)
    identifiant = models.CharField("numéro", max_length=400, unique=True)
    donnees = models.BinaryField()
    compteur = models.BigIntegerField(default=0)
    creee_le = models.DateTimeField("créée le")
    utilisee_le = models.DateTimeField("utilisée le", null=True, blank=True)

    class Meta:
        verbose_name = "clé d’accès"
        verbose_name_plural = "clés d’accès"
        ordering = ["creee_le", "pk"]

    def __str__(self) -> str:
        return self.nom

    @property
    def libelle_journal(self) -> str:
        return f"clé d’accès n° {self.pk}, compte n° {self.agent_id}"


class RegleConservation(models.Model):
    """How long one kind of personal data is kept, from a date on. Months empty: not known, nothing is done.

    The rule in force is the last one begun; the former ones stay, as proof.
    """

    class Objet(models.TextChoices):
        COMPTES = "comptes", "comptes qui ne servent plus"
        INVITATIONS = "invitations", "invitations closes"
        NOTIFICATIONS = "notifications", "notifications lues"
        SAISIES = "saisies", "saisies laissées en cours"
        QUESTIONNAIRES = "questionnaire", "destinataires des questionnaires"
        JOURNAL = "journal", "journal des gestes"
        DOSSIERS = "dossiers", "fiches, contrats, délibérations, documents émis"

    objet = models.CharField("données", max_length=13, choices=Objet.choices)
    duree_mois = models.PositiveSmallIntegerField("durée en mois", null=True, blank=True)
    depuis = models.DateField("en vigueur depuis")
    source = models.CharField("source ou décision", max_length=300, blank=True)
    saisie_par_nom = models.CharField("saisie par", max_length=200)

    class Meta:
        verbose_name = "règle de conservation"
        verbose_name_plural = "règles de conservation"
        ordering = ["objet", "-depuis", "-pk"]

    def __str__(self) -> str:
        return self.get_objet_display()
