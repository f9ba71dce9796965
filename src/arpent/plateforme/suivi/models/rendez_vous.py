"""The pack of a Rendez-vous de Territoire: the questions it asks, the files that were made of it."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.contrats.models import Avenant
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import QuestionReunion
from arpent.plateforme.documents.models import DocumentEmis


class QuestionRendezVous(models.Model):
    """The place of a prepared question in the pack, and the avenant that it opened, if any.

    A question without this row is in the pack, after those that have a `rang`.
    """

    question = models.OneToOneField(QuestionReunion, on_delete=models.CASCADE, related_name="rendez_vous")
    rang = models.PositiveSmallIntegerField("rang dans le dossier", default=0)
    retiree_le = models.DateTimeField("retirée du dossier le", null=True, blank=True)
    retiree_par_nom = models.CharField("retirée du dossier par", max_length=200, blank=True)
    avenant = models.ForeignKey(
        Avenant, verbose_name="avenant ouvert", null=True, blank=True, on_delete=models.SET_NULL,
        related_name="questions_rendez_vous",
    )  # fmt: skip

    class Meta:
        verbose_name = "question du rendez-vous"
        verbose_name_plural = "questions du rendez-vous"
        ordering = ["rang", "question"]

    def __str__(self) -> str:
        return f"question {self.question_id} du rendez-vous"


class DossierRendezVous(models.Model):
    """One making of the pack: its three files. `empreinte`: that of their data."""

    reunion = models.ForeignKey(Reunion, on_delete=models.PROTECT, related_name="dossiers_rendez_vous")
    diapositives = models.ForeignKey(
        DocumentEmis, verbose_name="diapositives", on_delete=models.PROTECT, related_name="+"
    )
    livret = models.ForeignKey(
        DocumentEmis, verbose_name="livret", on_delete=models.PROTECT, related_name="+"
    )
    tableau = models.ForeignKey(
        DocumentEmis, verbose_name="tableau", on_delete=models.PROTECT, related_name="+"
    )
    empreinte = models.CharField("empreinte des données", max_length=64)
    genere_le = models.DateTimeField("généré le", auto_now_add=True)
    genere_par_nom = models.CharField("généré par", max_length=200, blank=True)

    class Meta:
        verbose_name = "dossier du rendez-vous"
        verbose_name_plural = "dossiers du rendez-vous"
        ordering = ["-genere_le", "-pk"]

    def __str__(self) -> str:
        return f"dossier du rendez-vous {self.reunion_id}, {self.empreinte[:8]}"
