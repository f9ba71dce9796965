"""The journal: who did what, when, before and after. Append-only and hash-chained."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.functions import Coalesce


class AuteurJournal(models.Model):
    """A name that signs lines of the journal, held apart so that it can be erased (`auteurs.py`)."""

    cle = models.CharField(max_length=64, primary_key=True)
    agent_id = models.BigIntegerField(db_index=True)
    nom = models.CharField(max_length=200)
    sel = models.CharField(max_length=32, blank=True)

    class Meta:
        verbose_name = "auteur du journal"
        verbose_name_plural = "auteurs du journal"

    def __str__(self) -> str:
        return self.nom


class EntreeManager(models.Manager["Entree"]):
    """Lines with `par_nom`, the readable name of who acted: one look-up by key for each line read."""

    def get_queryset(self) -> models.QuerySet[Entree]:
        nom = AuteurJournal.objects.filter(cle=models.OuterRef("auteur_cle")).values("nom")
        return super().get_queryset().annotate(par_nom=Coalesce(models.Subquery(nom), "auteur_cle"))


class Entree(models.Model):
    """One line of the journal.

    The author is kept as a number and the key of a name held apart (`AuteurJournal`; « Arpent » and the lines
    of the first versions hold the name itself), not as a foreign key: the journal lies below the people, and
    an entry must survive the removal of an account. `empreinte` = SHA-256 of the previous one and of the
    canonical JSON of this line; UPDATE, DELETE and TRUNCATE are refused by triggers on both databases.
    """

    numero = models.PositiveBigIntegerField(primary_key=True)
    le = models.DateTimeField()
    geste = models.CharField(max_length=60)
    libelle = models.CharField(max_length=300)
    objet_type = models.CharField(max_length=60)
    objet_id = models.CharField(max_length=60)
    demarche_id = models.BigIntegerField(null=True)
    par_id = models.BigIntegerField(null=True)
    auteur_cle = models.CharField(max_length=200, db_column="par_nom")
    motif = models.TextField(blank=True)
    avant = models.JSONField(default=dict)
    apres = models.JSONField(default=dict)
    empreinte_precedente = models.CharField(max_length=64)
    empreinte = models.CharField(max_length=64)

    objects: ClassVar[EntreeManager] = EntreeManager()
    lignes: ClassVar[models.Manager[Entree]] = models.Manager()

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-numero"]
        indexes = [
            models.Index(fields=["demarche_id", "-numero"], name="journal_demarche"),
            models.Index(fields=["objet_type", "objet_id", "-numero"], name="journal_objet"),
            models.Index(fields=["par_id", "-numero"], name="journal_par"),
        ]

    @property
    def auteur(self) -> str:
        """The readable name of who acted. No query when the line was read by `objects`."""
        return str(vars(self).get("par_nom", self.auteur_cle))


class Sceau(models.Model):
    """The seal of one day of the journal: its first and last entry, how many, and the root that covers them.

    `racine` = SHA-256 of the canonical JSON of the seal (`sceaux.contenu_de`), which holds the root of the
    seal before: one root kept elsewhere covers every entry written until then. `jeton` is the RFC 3161 token
    of a third party on that JSON, asked for once; nothing else ever changes (triggers).
    """

    jour = models.DateField(primary_key=True)
    premiere = models.PositiveBigIntegerField()
    derniere = models.PositiveBigIntegerField()
    derniere_empreinte = models.CharField(max_length=64)
    racine_precedente = models.CharField(max_length=64)
    racine = models.CharField(max_length=64)
    jeton = models.BinaryField(default=bytes)

    class Meta:
        verbose_name = "sceau du journal"
        verbose_name_plural = "sceaux du journal"
        ordering = ["jour"]

    def __str__(self) -> str:
        return f"journal du {self.jour:%d/%m/%Y}"
