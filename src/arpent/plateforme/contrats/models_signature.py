"""The signature of an issued PDF: the circuit, and the place of each party in it."""

from __future__ import annotations

from django.db import models

from arpent.plateforme.documents.models import DocumentEmis


class CircuitSignature(models.Model):
    """The signatures of one issued PDF: that of the contract, or of an avenant when `avenant` is there.

    `document` never changes. `revision` is the last file of the electronic chain; all are kept.
    """

    class Etat(models.TextChoices):
        OUVERT = "ouvert", "ouvert"
        COMPLET = "complet", "complet"
        ABANDONNE = "abandonne", "abandonné"

    contrat = models.ForeignKey("contrats.Contrat", on_delete=models.PROTECT, related_name="circuits")
    avenant = models.ForeignKey(
        "contrats.Avenant", null=True, blank=True, on_delete=models.PROTECT, related_name="circuits"
    )
    document = models.ForeignKey(
        DocumentEmis, verbose_name="document à signer", on_delete=models.PROTECT, related_name="circuits"
    )
    revision = models.ForeignKey(
        DocumentEmis, verbose_name="dernière révision signée", on_delete=models.PROTECT, related_name="+"
    )
    objet = models.CharField(max_length=200)
    rang_imprime = models.PositiveIntegerField("version écrite sur chaque page imprimée", default=0)
    ordre_impose = models.BooleanField("ordre des signatures imposé", default=False)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.OUVERT)
    ouvert_le = models.DateTimeField("ouvert le", auto_now_add=True)
    clos_le = models.DateTimeField("clos le", null=True, blank=True)
    motif = models.CharField("motif de l’abandon", max_length=500, blank=True)

    class Meta:
        verbose_name = "circuit de signature"
        verbose_name_plural = "circuits de signature"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["document"], condition=~models.Q(etat="abandonne"), name="circuit_unique_par_document"
            )
        ]

    def __str__(self) -> str:
        return self.objet


class EmplacementSignature(models.Model):
    """The place of one party in a circuit. Once collected, the database itself refuses to change it.

    `preuve` is plain JSON: what shows that it was collected, by channel.
    """

    class Canal(models.TextChoices):
        ELECTRONIQUE = "electronique", "certificat électronique"
        CONSENTEMENT = "consentement", "consentement avec fichier de preuve"
        PAPIER = "papier", "papier"
        PARAPHEUR = "parapheur", "parapheur externe"

    class Etat(models.TextChoices):
        ATTENDUE = "attendue", "attendue"
        RECUEILLIE = "recueillie", "recueillie"
        REFUSEE = "refusee", "refusée"

    circuit = models.ForeignKey(CircuitSignature, on_delete=models.PROTECT, related_name="emplacements")
    partie = models.ForeignKey("contrats.Partie", on_delete=models.PROTECT, related_name="emplacements")
    ordre = models.PositiveSmallIntegerField()
    signataire = models.CharField(max_length=150, blank=True)
    qualite = models.CharField("qualité", max_length=150, blank=True)
    delegation = models.CharField("délégation de signature", max_length=300, blank=True)
    canal = models.CharField(max_length=12, choices=Canal.choices, blank=True)
    etat = models.CharField("état", max_length=10, choices=Etat.choices, default=Etat.ATTENDUE)
    signee_le = models.DateTimeField("signée le", null=True, blank=True)
    par_nom = models.CharField("recueillie par", max_length=200, blank=True)
    preuve = models.JSONField(default=dict, blank=True)
    document = models.ForeignKey(
        DocumentEmis, null=True, blank=True, on_delete=models.PROTECT, related_name="emplacements"
    )
    sha256 = models.CharField(max_length=64, blank=True)
    motif = models.CharField("motif du refus", max_length=500, blank=True)

    class Meta:
        verbose_name = "emplacement de signature"
        verbose_name_plural = "emplacements de signature"
        ordering = ["circuit", "ordre", "pk"]
        constraints = [models.UniqueConstraint(fields=["circuit", "partie"], name="emplacement_unique")]

    def __str__(self) -> str:
        return f"signature de {self.partie}"
