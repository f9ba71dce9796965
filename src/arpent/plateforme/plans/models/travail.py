"""Working together on a fiche: comments, attachments, unsaved typing, saved views of a list."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import Portee, RemarqueAbstraite, lisibles_par
from arpent.plateforme.demarches.models import Demarche

from .actes import Deliberation
from .fiche import Fiche


class CommentaireQuerySet(models.QuerySet["Commentaire"]):
    def visibles_par(self, agent: Agent) -> CommentaireQuerySet:
        return self.filter(lisibles_par(agent))


class Commentaire(RemarqueAbstraite):
    """On a field of a fiche (`champ` empty: on the whole). A correction is a remark to be answered."""

    class Genre(models.TextChoices):
        REMARQUE = "remarque", "remarque"
        CORRECTION = "correction", "correction demandée"

    Portee = Portee

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="commentaires")
    champ = models.CharField(max_length=60, blank=True)
    genre = models.CharField(max_length=10, choices=Genre.choices, default=Genre.REMARQUE)

    objects = CommentaireQuerySet.as_manager()

    class Meta:
        verbose_name = "commentaire"
        ordering = ["ecrit_le", "pk"]
        indexes = [models.Index(fields=["fiche", "champ"], name="commentaire_champ")]

    def __str__(self) -> str:
        return f"{self.get_genre_display()} de {self.auteur_nom}"

    @property
    def libelle_journal(self) -> str:
        return f"{self.get_genre_display()} n° {self.pk}"


class PieceJointe(models.Model):
    """A file kept with a fiche: photo, technical piece, signed délibération."""

    class Nature(models.TextChoices):
        PHOTO = "photo", "photo"
        PLAN = "plan", "plan ou schéma"
        DEVIS = "devis", "devis ou estimation"
        ETUDE = "etude", "étude"
        DELIBERATION = "deliberation", "délibération"
        COURRIER = "courrier", "courrier d’un financeur"
        AUTRE = "autre", "autre pièce"

    fiche = models.ForeignKey(Fiche, on_delete=models.CASCADE, related_name="pieces")
    nature = models.CharField(max_length=15, choices=Nature.choices, default=Nature.AUTRE)
    titre = models.CharField(max_length=200)
    deliberation = models.ForeignKey(
        Deliberation, null=True, blank=True, on_delete=models.SET_NULL, related_name="pieces"
    )
    fichier = models.FileField(upload_to="pieces/%Y/%m")
    nom_fichier = models.CharField("nom du fichier", max_length=200)
    type_mime = models.CharField(max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    sha256 = models.CharField(max_length=64)
    deposee_par_nom = models.CharField("déposée par", max_length=200)
    deposee_le = models.DateTimeField("déposée le", auto_now_add=True)
    retiree_le = models.DateTimeField("retirée le", null=True, blank=True)

    class Meta:
        verbose_name = "pièce jointe"
        verbose_name_plural = "pièces jointes"
        ordering = ["nature", "pk"]

    def __str__(self) -> str:
        return self.titre


class SaisieEnCours(models.Model):
    """What somebody is typing and has not saved: kept so that nothing is lost, shown as presence to others.

    One row per person and fiche (`fiche` None: a new one). `donnees` is the form as sent, field by field.
    """

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="saisies")
    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="saisies")
    fiche = models.ForeignKey(Fiche, null=True, blank=True, on_delete=models.CASCADE, related_name="saisies")
    version_lue = models.PositiveIntegerField(default=1)
    donnees = models.JSONField(default=dict)
    vue_le = models.DateTimeField("dernière activité", auto_now=True, db_index=True)

    class Meta:
        verbose_name = "saisie en cours"
        verbose_name_plural = "saisies en cours"
        constraints = [
            models.UniqueConstraint(fields=["agent", "fiche"], name="saisie_fiche"),
            models.UniqueConstraint(
                fields=["agent", "demarche"], condition=models.Q(fiche__isnull=True), name="saisie_nouvelle"
            ),
        ]

    def __str__(self) -> str:
        return f"saisie de {self.agent}"

    @property
    def libelle_journal(self) -> str:
        return f"saisie du compte n° {self.agent_id}"


class VueEnregistree(models.Model):
    """A named question asked of a list: its filters, columns and sort, as the address carries them.

    `par_defaut`: shown when its owner opens the list without asking anything; one by person and list.
    """

    class Liste(models.TextChoices):
        PLAN = "plan", "plan d’un territoire"
        FICHES = "fiches", "toutes les fiches"

    agent = models.ForeignKey(Agent, on_delete=models.CASCADE, related_name="vues")
    liste = models.CharField(max_length=10, choices=Liste.choices)
    demarche = models.ForeignKey(
        Demarche, null=True, blank=True, on_delete=models.CASCADE, related_name="vues"
    )
    nom = models.CharField(max_length=80)
    requete = models.CharField("question", max_length=1_000)
    affichage = models.CharField(max_length=10, default="tableau")
    partagee = models.BooleanField("partagée avec ceux qui lisent cette liste", default=False)
    par_defaut = models.BooleanField("ouverte d’office", default=False)
    creee_le = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "vue enregistrée"
        verbose_name_plural = "vues enregistrées"
        ordering = ["nom"]
        constraints = [
            models.UniqueConstraint(fields=["agent", "liste", "demarche", "nom"], name="vue_demarche"),
            models.UniqueConstraint(
                fields=["agent", "liste", "nom"],
                condition=models.Q(demarche__isnull=True),
                name="vue_generale",
            ),
        ]

    def __str__(self) -> str:
        return self.nom
