"""What is loaded in the observatoire: one row per dataset, its provenance and fingerprint."""

from django.db import models


class Jeu(models.Model):
    """A dataset loaded in the columnar store."""

    code = models.SlugField(max_length=60, unique=True)
    titre = models.CharField(max_length=200)
    producteur = models.CharField(max_length=200)
    millesime = models.CharField("millésime", max_length=60)
    licence = models.CharField(max_length=100)
    sha256 = models.CharField(max_length=64)
    lignes = models.PositiveIntegerField()
    charge_le = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "jeu de données"
        verbose_name_plural = "jeux de données"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.titre
