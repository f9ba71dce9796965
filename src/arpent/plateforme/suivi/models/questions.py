"""The questions a contract is evaluated on, as its territory was given them, and what is answered."""

from __future__ import annotations

from django.db import models
from django.urls import reverse

from arpent.metier.cycles import CYCLE_REPONSE_EVALUATION
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne


class CadreEvaluation(models.Model):
    """The questions, criteria and questionnaire of the dispositif the day the evaluation began.

    `definition` has the shape of `dispositifs/evaluation.yaml`; a dispositif that changes does not move it.
    """

    demarche = models.OneToOneField(Demarche, on_delete=models.CASCADE, related_name="cadre_evaluation")
    definition = models.JSONField()
    fige_le = models.DateTimeField("figé le", auto_now_add=True)

    class Meta:
        verbose_name = "cadre d’évaluation"
        verbose_name_plural = "cadres d’évaluation"

    def __str__(self) -> str:
        return f"cadre d’évaluation de la démarche {self.demarche_id}"


class ReponseEvaluation(ModeleVersionne):
    """The answer to one question. `code`: that of the question in the frame."""

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="reponses_evaluation")
    code = models.CharField(max_length=40)
    texte = models.TextField("réponse", blank=True)
    etat = models.CharField(
        "état", max_length=10, choices=CYCLE_REPONSE_EVALUATION.choix(),
        default=CYCLE_REPONSE_EVALUATION.initial.value,
    )  # fmt: skip
    redigee_par_nom = models.CharField("rédigée par", max_length=200, blank=True)
    redigee_le = models.DateTimeField("rédigée le", null=True, blank=True)
    validee_par_nom = models.CharField("validée par", max_length=200, blank=True)
    validee_le = models.DateTimeField("validée le", null=True, blank=True)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "réponse d’évaluation"
        verbose_name_plural = "réponses d’évaluation"
        ordering = ["demarche", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["demarche", "code"], name="reponse_evaluation_unique"),
        ]

    def __str__(self) -> str:
        return f"réponse à la question « {self.code} »"

    def get_absolute_url(self) -> str:
        return reverse("suivi:question", args=[self.demarche.slug, self.code])


class VersionReponseEvaluation(models.Model):
    """An answer as it was written one day: the former ones are read again, never lost."""

    reponse = models.ForeignKey(ReponseEvaluation, on_delete=models.CASCADE, related_name="versions")
    numero = models.PositiveIntegerField("numéro")
    texte = models.TextField("réponse")
    ecrite_par_nom = models.CharField("écrite par", max_length=200)
    ecrite_le = models.DateTimeField("écrite le", auto_now_add=True)

    class Meta:
        verbose_name = "version d’une réponse d’évaluation"
        verbose_name_plural = "versions de réponses d’évaluation"
        ordering = ["reponse", "-numero"]
        constraints = [
            models.UniqueConstraint(fields=["reponse", "numero"], name="version_reponse_evaluation_unique"),
        ]

    def __str__(self) -> str:
        return f"version {self.numero}"
