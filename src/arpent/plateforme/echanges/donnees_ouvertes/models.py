"""By which establishment a body is named in the public files."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.acteurs.models import Organisation


class Etablissement(models.Model):
    """The SIRET of the head office of a body: the national files name nobody by a SIREN."""

    organisation = models.OneToOneField(
        Organisation, primary_key=True, on_delete=models.CASCADE, related_name="etablissement"
    )
    siret = models.CharField("SIRET du siège", max_length=14, unique=True)

    class Meta:
        verbose_name = "établissement siège"
        verbose_name_plural = "établissements sièges"
        ordering = ["organisation"]

    def __str__(self) -> str:
        return self.siret
