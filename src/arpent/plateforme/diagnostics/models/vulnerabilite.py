"""Models of vulnerability typed in by an authority."""

from django.db import models

from arpent.plateforme.demarches.models import Processus
from arpent.plateforme.socle.models import ModeleVersionne


class ModeleVulnerabilite(ModeleVersionne):
    """A scoring model of an authority's policy: same format as `dispositifs/*/vulnerabilite.yaml`.

    `origine` is the code of the shipped model it was copied from. The one `en_vigueur` decides the class.
    """

    processus = models.ForeignKey(Processus, on_delete=models.CASCADE, related_name="modeles_vulnerabilite")
    code = models.SlugField(max_length=60)
    libelle = models.CharField("libellé", max_length=200)
    origine = models.CharField(max_length=60, blank=True)
    definition = models.JSONField("définition")
    source = models.CharField(max_length=500, blank=True)
    en_vigueur = models.BooleanField(default=False)
    motif = models.CharField(max_length=500, blank=True)

    class Meta:
        verbose_name = "modèle de vulnérabilité"
        verbose_name_plural = "modèles de vulnérabilité"
        ordering = ["processus", "libelle"]
        constraints = [
            models.UniqueConstraint(fields=["processus", "code"], name="modele_vulnerabilite_unique"),
            models.UniqueConstraint(
                fields=["processus"],
                condition=models.Q(en_vigueur=True),
                name="modele_vulnerabilite_un_seul_en_vigueur",
            ),
        ]

    def __str__(self) -> str:
        return self.libelle
