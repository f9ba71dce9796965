"""The journal: who did what, when, before and after. Append-only and hash-chained."""

from django.db import models


class Entree(models.Model):
    """One line of the journal.

    The author is kept as a number and a name (not a foreign key): the journal lies below the people, and an
    entry must survive the removal of an account. `empreinte` = SHA-256 of the previous one and of the
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
    par_nom = models.CharField(max_length=200)
    motif = models.TextField(blank=True)
    avant = models.JSONField(default=dict)
    apres = models.JSONField(default=dict)
    empreinte_precedente = models.CharField(max_length=64)
    empreinte = models.CharField(max_length=64)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "entrées du journal"
        ordering = ["-numero"]
        indexes = [
            models.Index(fields=["demarche_id", "-numero"], name="journal_demarche"),
            models.Index(fields=["objet_type", "objet_id", "-numero"], name="journal_objet"),
        ]
