"""A questionnaire sent to those who live the contract: campaign, invitation, whom it was sent to, answer."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.urls import reverse

from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.models import ModeleVersionne


class CampagneQuestionnaire(ModeleVersionne):
    """`definition`: the questionnaire as it was sent, in the shape of `dispositifs/evaluation.yaml`.

    `cloture_le`: the last day to answer; `close_le`: closed before it.
    """

    demarche = models.ForeignKey(Demarche, on_delete=models.CASCADE, related_name="campagnes_questionnaire")
    titre = models.CharField(max_length=200)
    definition = models.JSONField()
    lancee_le = models.DateField("lancée le")
    cloture_le = models.DateField("dernier jour pour répondre")
    close_le = models.DateField("close le", null=True, blank=True)
    relancee_le = models.DateField("dernière relance le", null=True, blank=True)
    lancee_par_nom = models.CharField("lancée par", max_length=200)
    demonstration = models.BooleanField("exemple de démonstration", default=False)

    class Meta:
        verbose_name = "campagne de questionnaire"
        verbose_name_plural = "campagnes de questionnaire"
        ordering = ["-lancee_le", "-pk"]

    def __str__(self) -> str:
        return self.titre

    def get_absolute_url(self) -> str:
        return reverse("suivi:campagne", args=[self.demarche.slug, self.pk])

    def est_ouverte(self, le: date) -> bool:
        return self.close_le is None and le <= self.cloture_le


class InvitationQuestionnaire(models.Model):
    """One body is asked once in a campaign. `nonce` is what its link signs: changed, the link is dead."""

    class Qualite(models.TextChoices):
        MAITRE_OUVRAGE = "maitre_ouvrage", "maître d’ouvrage"
        SIGNATAIRE = "signataire", "signataire du contrat"
        PARTENAIRE = "partenaire", "structure partenaire"

    campagne = models.ForeignKey(CampagneQuestionnaire, on_delete=models.CASCADE, related_name="invitations")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    qualite = models.CharField("qualité", max_length=15, choices=Qualite.choices)
    nonce = models.CharField(max_length=32)
    relances = models.PositiveSmallIntegerField("relances", default=0)
    revoquee_le = models.DateTimeField("lien révoqué le", null=True, blank=True)

    class Meta:
        verbose_name = "invitation à un questionnaire"
        verbose_name_plural = "invitations à un questionnaire"
        ordering = ["campagne", "organisation__nom"]
        constraints = [
            models.UniqueConstraint(
                fields=["campagne", "organisation"], name="invitation_questionnaire_unique"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation}, {self.get_qualite_display()}"


class DestinataireQuestionnaire(models.Model):
    """Whom the link was sent to. Apart, so that it is erased and the answers keep counting."""

    invitation = models.OneToOneField(
        InvitationQuestionnaire, on_delete=models.CASCADE, related_name="destinataire"
    )
    contact_nom = models.CharField("destinataire", max_length=200, blank=True)
    courriel = models.EmailField("adresse électronique")

    class Meta:
        verbose_name = "destinataire d’un questionnaire"
        verbose_name_plural = "destinataires de questionnaires"

    def __str__(self) -> str:
        return self.contact_nom or self.courriel

    @property
    def libelle_journal(self) -> str:
        return f"destinataire de l’invitation n° {self.invitation_id}"


class ReponseQuestionnaire(models.Model):
    """What was answered through a link, kept as it comes. `terminee_le`: sent; only those sent are counted.

    `reponses`: code of a question → a code, codes, a text, a number; read by `metier.questionnaire`.
    `effort`, `effort_depuis`: how many sendings since when, so that nobody floods it.
    """

    invitation = models.OneToOneField(
        InvitationQuestionnaire, on_delete=models.CASCADE, related_name="reponse"
    )
    reponses = models.JSONField(default=dict)
    commencee_le = models.DateTimeField("commencée le", auto_now_add=True)
    terminee_le = models.DateTimeField("terminée le", null=True, blank=True)
    effort = models.PositiveSmallIntegerField(default=0)
    effort_depuis = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "réponse à un questionnaire"
        verbose_name_plural = "réponses à un questionnaire"

    def __str__(self) -> str:
        return f"réponse n° {self.pk}"
