"""What is rewritten of a report of evaluation: the rest is drafted from the data each time."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne


class SectionRapport(ModeleVersionne):
    """A section of the report whose text somebody wrote; its tables stay drawn from the data."""

    class Genre(models.TextChoices):
        MI_PARCOURS = "mi_parcours", "évaluation à mi-parcours"
        FINAL = "final", "évaluation finale"

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="sections_rapport")
    genre = models.CharField(max_length=12, choices=Genre.choices)
    code = models.CharField(max_length=40)
    texte = models.TextField()
    ecrite_par_nom = models.CharField("écrite par", max_length=200)

    class Meta:
        verbose_name = "section réécrite d’un rapport"
        verbose_name_plural = "sections réécrites de rapports"
        ordering = ["demarche", "genre", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "genre", "code"], name="section_rapport_unique"),
        ]

    def __str__(self) -> str:
        return f"section « {self.code} », {self.get_genre_display()}"
