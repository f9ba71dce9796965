"""Parameters of the income flows changed for one démarche."""

from django.db import models

from arpent.metier.flux_revenus import PARAMETRES
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne


class ParametreFlux(ModeleVersionne):
    """Replaces, for one démarche, a default parameter of `metier.flux_revenus` (`code`).

    Low, central and high values in the unit of the parameter; `source` is compulsory: a changed value says
    where it comes from, and from when (`depuis`).
    """

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="parametres_flux")
    code = models.CharField(max_length=60)
    valeur = models.DecimalField("valeur centrale", max_digits=14, decimal_places=4)
    bas = models.DecimalField("valeur basse", max_digits=14, decimal_places=4, null=True, blank=True)
    haut = models.DecimalField("valeur haute", max_digits=14, decimal_places=4, null=True, blank=True)
    source = models.CharField(max_length=300)
    depuis = models.DateField("date de la source", null=True, blank=True)

    class Meta:
        verbose_name = "paramètre des flux de revenus"
        verbose_name_plural = "paramètres des flux de revenus"
        ordering = ["demarche", "code"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "code"], name="parametre_flux_unique"),
            models.CheckConstraint(
                condition=models.Q(bas__isnull=True) | models.Q(bas__gte=0, bas__lte=models.F("valeur")),
                name="parametre_flux_bas",
            ),
            models.CheckConstraint(
                condition=models.Q(haut__isnull=True) | models.Q(haut__gte=models.F("valeur")),
                name="parametre_flux_haut",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle

    @property
    def libelle(self) -> str:
        return next((p.libelle for p in PARAMETRES if p.code == self.code), self.code)
