"""Rows that serve every app and say nothing of the domain."""

from django.db import models


class Soumission(models.Model):
    """One accepted submission of a form: the second sending of the same form replays its answer."""

    cle = models.CharField(max_length=64, primary_key=True)
    reponse_url = models.CharField(max_length=500)
    page = models.TextField(blank=True, default="")
    """The answer itself, where it is a report and not the address of a page."""
    recue_le = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        verbose_name = "soumission"


class ModeleVersionne(models.Model):
    """Base of everything two people may edit at once: `version` grows at each save (see `versions`)."""

    version = models.PositiveIntegerField(default=1, editable=False)
    modifie_le = models.DateTimeField(auto_now=True)

    class Meta:
        abstract = True


class Vocabulaire(models.Model):
    """The words of the instance, one row: « folded word stem » lines, the most frequent first."""

    mots = models.TextField()
    nombre = models.PositiveIntegerField()
    refait_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "vocabulaire"


class Battement(models.Model):
    """The last time a process that works without anybody asking was seen alive (`sante.battre`)."""

    nom = models.CharField(max_length=20, primary_key=True)
    le = models.DateTimeField()

    class Meta:
        verbose_name = "battement"
        verbose_name_plural = "battements"

    def __str__(self) -> str:
        return self.nom
