"""The end of a contract before its term: the act that says so, kept even when it was given up."""

from __future__ import annotations

from django.db import models

from arpent.metier.fin_contrat import LIBELLES_FIN
from arpent.plateforme.documents.models import DocumentEmis


class FinContrat(models.Model):
    """An early end: why, at whose request, by which act, from when. The contract stays in force until then.

    `auteur`: the party that denounces it; none when all agree.
    """

    contrat = models.ForeignKey("contrats.Contrat", on_delete=models.PROTECT, related_name="fins")
    motif = models.CharField(
        "motif", max_length=12, choices=[(m.value, libelle) for m, libelle in LIBELLES_FIN.items()]
    )
    auteur = models.ForeignKey(
        "contrats.Partie", verbose_name="partie qui y met fin", null=True, blank=True,
        on_delete=models.PROTECT, related_name="fins",
    )  # fmt: skip
    explication = models.TextField("explication", blank=True)
    mise_en_demeure_le = models.DateField("mise en demeure du", null=True, blank=True)
    acte = models.CharField("numéro de l’acte", max_length=120)
    acte_le = models.DateField("acte du")
    notifie_le = models.DateField("notifié aux parties le")
    effet_le = models.DateField("prend effet le")
    document = models.ForeignKey(
        DocumentEmis, verbose_name="acte signé", on_delete=models.PROTECT, related_name="+"
    )
    par_nom = models.CharField("noté par", max_length=200)
    note_le = models.DateTimeField("noté le", auto_now_add=True)
    abandonnee_le = models.DateTimeField("abandonnée le", null=True, blank=True)
    abandon_motif = models.CharField("motif de l’abandon", max_length=500, blank=True)

    class Meta:
        verbose_name = "fin anticipée d’un contrat"
        verbose_name_plural = "fins anticipées de contrats"
        ordering = ["contrat", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["contrat"], condition=models.Q(abandonnee_le=None), name="une_fin_par_contrat"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_motif_display()}, {self.acte} du {self.acte_le:%d/%m/%Y}"
