"""The legal frame of an operation: what changes which rule of the law applies to its plan."""

from __future__ import annotations

from django.db import models

from arpent.metier.reglement import MOTIFS_DEROGATION, REGIMES
from arpent.plateforme.socle.models import ModeleVersionne

from .fiche import Fiche


class CadreJuridique(ModeleVersionne):
    """One row at most per fiche, absent while nothing special was said. None: nobody has answered."""

    class Convention(models.TextChoices):
        CONTRAT = "contrat", "contrat entre la Région et le Département"
        CPER = "cper", "contrat de plan État-Région (CPER)"
        CTEC = "ctec", "convention territoriale d’exercice concerté (CTEC)"

    fiche = models.OneToOneField(Fiche, on_delete=models.CASCADE, related_name="cadre")
    chef_de_file = models.BooleanField("relève d’une compétence à chef de file", null=True, blank=True)
    convention = models.CharField(
        "convention qui autorise la Région et le Département ensemble", max_length=10,
        choices=Convention.choices, blank=True,
    )  # fmt: skip
    reference = models.CharField("référence de la convention", max_length=300, blank=True)
    regime = models.CharField(
        "régime de la participation minimale", max_length=15, blank=True,
        choices=[(code, libelle) for code, libelle in REGIMES.items() if code],
    )  # fmt: skip
    derogation_motif = models.CharField(
        "motif de la dérogation du préfet", max_length=20, blank=True, choices=list(MOTIFS_DEROGATION.items())
    )
    plan_ttc = models.BooleanField("plan de financement toutes taxes comprises", default=False)
    sans_travaux = models.BooleanField("études ou acquisitions foncières seulement", default=False)
    votes_concordants = models.BooleanField(
        "délibérations concordantes sur le fonds de concours", null=True, blank=True
    )

    class Meta:
        verbose_name = "cadre juridique"
        verbose_name_plural = "cadres juridiques"

    def __str__(self) -> str:
        return f"cadre juridique de la fiche {self.fiche.numero}"
