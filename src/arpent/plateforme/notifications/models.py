"""What is told to people: in the application, and by mail (queue, topics, hours, editable texts)."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.socle.models import ModeleVersionne

from .rubriques import RUBRIQUES, Frequence

_RUBRIQUES = [(r.code, r.libelle) for r in RUBRIQUES.values()]


class Notification(models.Model):
    """One thing told to one agent (`destinataire_id`: the people lie above this room)."""

    destinataire_id = models.BigIntegerField()
    rubrique = models.CharField(max_length=20, choices=_RUBRIQUES, default="fiches")
    sujet = models.CharField(max_length=60)
    texte = models.CharField(max_length=300)
    url = models.CharField(max_length=300, blank=True)
    creee_le = models.DateTimeField(auto_now_add=True)
    lue_le = models.DateTimeField(null=True, blank=True)
    postee_le = models.DateTimeField("mise dans un courriel le", null=True, blank=True)

    class Meta:
        verbose_name = "notification"
        ordering = ["-creee_le", "-pk"]
        indexes = [
            models.Index(fields=["destinataire_id", "lue_le"], name="notification_a_lire"),
            models.Index(
                fields=["destinataire_id", "rubrique"],
                condition=models.Q(lue_le__isnull=True, postee_le__isnull=True),
                name="notification_a_poster",
            ),
        ]

    def __str__(self) -> str:
        return self.texte


class ChoixRubrique(models.Model):
    """How often somebody wants a topic by mail, where it is not the usual frequency."""

    agent_id = models.BigIntegerField()
    rubrique = models.CharField(max_length=20, choices=_RUBRIQUES)
    frequence = models.CharField("fréquence", max_length=12, choices=Frequence.choices)

    class Meta:
        verbose_name = "fréquence d’une rubrique"
        constraints = [models.UniqueConstraint(fields=["agent_id", "rubrique"], name="choix_rubrique_unique")]

    def __str__(self) -> str:
        return f"{self.get_rubrique_display()} : {self.get_frequence_display()}"


class Rythme(models.Model):
    """When somebody gets their digests, and the last day each one was made."""

    HEURE, JOUR = 8, 0

    class Jour(models.IntegerChoices):
        LUNDI = 0, "lundi"
        MARDI = 1, "mardi"
        MERCREDI = 2, "mercredi"
        JEUDI = 3, "jeudi"
        VENDREDI = 4, "vendredi"

    agent_id = models.BigIntegerField(unique=True)
    heure = models.PositiveSmallIntegerField("heure du résumé", default=HEURE)
    jour = models.PositiveSmallIntegerField(
        "jour du résumé de la semaine", choices=Jour.choices, default=JOUR
    )
    quotidien_le = models.DateField("dernier résumé du jour", null=True, blank=True)
    hebdomadaire_le = models.DateField("dernier résumé de la semaine", null=True, blank=True)

    class Meta:
        verbose_name = "rythme des résumés"
        constraints = [
            models.CheckConstraint(condition=models.Q(heure__lte=23, jour__lte=6), name="rythme_borne")
        ]

    def __str__(self) -> str:
        return f"{self.heure} h, {self.get_jour_display()}"


class Courriel(models.Model):
    """A mail: queued in the transaction of what it tells, sent by the `tournée`, tried again if it fails."""

    class Etat(models.TextChoices):
        EN_FILE = "en_file", "en file"
        EN_COURS = "en_cours", "en cours d’envoi"
        ENVOYE = "envoye", "envoyé"
        ECHEC = "echec", "non remis"
        ABANDONNE = "abandonne", "abandonné"

    cle = models.CharField("clé", max_length=150, unique=True)
    destinataire = models.EmailField("à")
    sujet = models.CharField(max_length=200)
    texte = models.TextField()
    raison = models.CharField("pourquoi ce courriel", max_length=300)
    secret = models.BooleanField("porte un lien personnel", default=False)
    """Nobody reads its text here, and it is erased once sent: it opens an account."""
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.EN_FILE)
    essais = models.PositiveSmallIntegerField(default=0)
    prochain_essai_le = models.DateTimeField("prochain essai le")
    erreur = models.CharField(max_length=300, blank=True)
    cree_le = models.DateTimeField("mis en file le", auto_now_add=True)
    envoye_le = models.DateTimeField("envoyé le", null=True, blank=True)

    class Meta:
        verbose_name = "courriel"
        ordering = ["-cree_le", "-pk"]
        indexes = [models.Index(fields=["etat", "prochain_essai_le"], name="courriel_a_envoyer")]

    def __str__(self) -> str:
        return f"{self.sujet} → {self.destinataire}"


class PieceCourriel(models.Model):
    """A file that goes with a mail (calendar, letter), kept until it is sent."""

    courriel = models.ForeignKey(Courriel, on_delete=models.CASCADE, related_name="pieces")
    nom = models.CharField(max_length=150)
    type_mime = models.CharField(max_length=100)
    contenu = models.BinaryField()

    class Meta:
        verbose_name = "pièce d’un courriel"

    def __str__(self) -> str:
        return self.nom


class ModeleCourriel(ModeleVersionne):
    """The text of a mail as the authority wrote it, in place of the shipped one (see `textes`)."""

    code = models.CharField(max_length=30, unique=True)
    sujet = models.CharField(max_length=200)
    corps = models.TextField()

    class Meta:
        verbose_name = "modèle de courriel"

    def __str__(self) -> str:
        return self.code


class Relance(models.Model):
    """One reminder already made: the same deadline, on the same day of its calendar, is recalled once."""

    cle = models.CharField("clé", max_length=150, unique=True)
    agent_id = models.BigIntegerField(db_index=True)
    faite_le = models.DateTimeField("faite le", auto_now_add=True)

    class Meta:
        verbose_name = "relance"

    def __str__(self) -> str:
        return self.cle
