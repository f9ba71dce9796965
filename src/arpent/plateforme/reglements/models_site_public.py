"""The public site of a dispositif: whether it is open, and its own words."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.socle.models import ModeleVersionne


class SitePublicQuerySet(models.QuerySet["SitePublic"]):
    def ouverts(self) -> SitePublicQuerySet:
        return self.filter(ouvert_le__isnull=False)


class SitePublic(ModeleVersionne):
    """Pages that anybody reads: contracts in force, their projects. Closed while `ouvert_le` is empty."""

    dispositif = models.OneToOneField(
        "reglements.Dispositif", on_delete=models.CASCADE, related_name="site_public"
    )
    ouvert_le = models.DateTimeField("ouvert le", null=True, blank=True)
    presentation = models.TextField("présentation", blank=True, max_length=2_000)
    contact = models.CharField("service à joindre", max_length=200, blank=True)
    editeur = models.CharField("éditeur et directeur de la publication", max_length=300, blank=True)

    objects = SitePublicQuerySet.as_manager()

    class Meta:
        verbose_name = "site public"
        verbose_name_plural = "sites publics"

    def __str__(self) -> str:
        return f"Site public : {self.dispositif}"
