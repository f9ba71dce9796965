"""The ledger of the envelopes: a tree of nodes, and movements that are only ever added."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Any, NoReturn

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from arpent.metier.repartition.soldes import LIBELLES_STADE, Soldes, Stade
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Fonds, Theme
from arpent.plateforme.socle.models import ModeleVersionne


def _pourcentage(libelle: str) -> models.DecimalField[Any, Any]:
    return models.DecimalField(
        libelle, max_digits=5, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )  # fmt: skip


class Enveloppe(ModeleVersionne):
    """A node of the tree of a fund: the fund itself, a territory, then lines by theme and by year.

    `chemin` is the pks from the root to the node, "12/40/": those that start with it are its branch.
    """

    fonds = models.ForeignKey(Fonds, on_delete=models.PROTECT, related_name="enveloppes")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="lignes")
    demarche = models.ForeignKey(
        Demarche, verbose_name="démarche", on_delete=models.PROTECT, null=True, blank=True,
        related_name="enveloppes",
    )  # fmt: skip
    theme = models.ForeignKey(
        Theme, verbose_name="thème", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annee = models.PositiveSmallIntegerField("année", null=True, blank=True)
    libelle = models.CharField("libellé", max_length=200)
    chemin = models.CharField(max_length=120, db_index=True, editable=False)
    cle = models.CharField(max_length=80, unique=True, editable=False)
    """Fund, démarche, theme and year in one text: no two nodes for the same thing."""
    limite_fongible = _pourcentage("part fongible (%)")
    """Share of its allocation that may go to a sister line, in percent; None: no virement."""
    ouverte = models.BooleanField("tranche ouverte", default=True)
    ouverture_condition = models.TextField("condition d’ouverture", blank=True)
    ouverture_taux = _pourcentage("part des autres lignes à engager avant l’ouverture (%)")
    acte = models.CharField("acte d’ouverture", max_length=120, blank=True)
    acte_le = models.DateField("date de l’acte", null=True, blank=True)

    class Meta:
        verbose_name = "enveloppe"
        ordering = ["fonds", "chemin"]

    def __str__(self) -> str:
        return self.libelle

    @property
    def ancetres(self) -> list[int]:
        """The pks from the root to the node, itself included."""
        return [int(pk) for pk in self.chemin.split("/") if pk]

    @property
    def profondeur(self) -> int:
        return self.chemin.count("/") - 1


class Genre(models.TextChoices):
    """Why money moved."""

    DOTATION = "dotation", "dotation du fonds"
    REPARTITION = "repartition", "répartition"
    DIVISION = "division", "division en lignes"
    VIREMENT = "virement", "virement"
    REPORT = "report", "report"
    PROPOSITION = "proposition", "proposition"
    ACCORD = "accord", "accord"
    VOTE = "vote", "vote"
    RATTACHEMENT = "rattachement", "changement de ligne"
    ATTRIBUTION = "attribution", "engagement"
    LIBERATION = "liberation", "libération"
    VERSEMENT = "versement", "versement"
    REVERSEMENT = "reversement", "reversement"
    RESERVE = "reserve", "fonds de réserve"


class StadeMouvement(models.TextChoices):
    """The stages of `arpent.metier`, as choices."""

    ALLOUE = Stade.ALLOUE.value, LIBELLES_STADE[Stade.ALLOUE]
    PROPOSE = Stade.PROPOSE.value, LIBELLES_STADE[Stade.PROPOSE]
    CONVENU = Stade.CONVENU.value, LIBELLES_STADE[Stade.CONVENU]
    VOTE = Stade.VOTE.value, LIBELLES_STADE[Stade.VOTE]
    ENGAGE = Stade.ENGAGE.value, LIBELLES_STADE[Stade.ENGAGE]
    PAYE = Stade.PAYE.value, LIBELLES_STADE[Stade.PAYE]


class MouvementFige(TypeError):
    """A movement is never changed or deleted: the opposite movement is written."""

    def __init__(self) -> None:
        super().__init__(
            "Un mouvement ne se modifie pas et ne se supprime pas : écrivez le mouvement inverse."
        )


class MouvementQuerySet(models.QuerySet["Mouvement"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise MouvementFige

    def bulk_update(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise MouvementFige

    def delete(self) -> NoReturn:
        raise MouvementFige

    def sommes(self, *cles: str) -> dict[Any, Soldes]:
        """The balances by those columns (one column: its value is the key, several: a tuple). One query."""
        lues: dict[Any, dict[str, Decimal]] = {}
        lignes = self.order_by().values_list(*cles, "stade").annotate(total=models.Sum("montant"))
        for *valeurs, stade, total in lignes:
            lues.setdefault(valeurs[0] if len(cles) == 1 else tuple(valeurs), {})[stade] = total
        return {cle: Soldes.depuis(sommes) for cle, sommes in lues.items()}

    def soldes(self) -> Soldes:
        """The balances of all of them together. One query."""
        lignes = self.order_by().values_list("stade").annotate(total=models.Sum("montant"))
        return Soldes.depuis(dict(lignes))

    def de_la_branche(self, enveloppe: Enveloppe) -> MouvementQuerySet:
        return self.filter(enveloppe__chemin__startswith=enveloppe.chemin)

    def des_fiches(self, fiches: Collection[int]) -> MouvementQuerySet:
        return self.filter(fiche__in=fiches)


class Mouvement(models.Model):
    """One amount (signed) added at one stage of one envelope. Only ever added."""

    enveloppe = models.ForeignKey(Enveloppe, on_delete=models.PROTECT, related_name="mouvements")
    stade = models.CharField(max_length=8, choices=StadeMouvement.choices)
    genre = models.CharField(max_length=12, choices=Genre.choices)
    montant = models.DecimalField(max_digits=14, decimal_places=2)
    annee = models.PositiveSmallIntegerField("exercice", null=True, blank=True)
    """Year of the commitment authority; of the payment when it is paid."""
    fiche = models.ForeignKey(
        Fiche, on_delete=models.PROTECT, null=True, blank=True, related_name="mouvements"
    )
    motif = models.CharField(max_length=300, blank=True)
    acte = models.CharField(max_length=120, blank=True)
    acte_le = models.DateField("date de l’acte", null=True, blank=True)
    par_nom = models.CharField("par", max_length=150)
    le = models.DateTimeField(auto_now_add=True, db_index=True)
    lien = models.UUIDField(null=True, blank=True, editable=False)
    """Binds the halves of money that leaves one envelope for another."""
    demonstration = models.BooleanField("valeur de démonstration", default=False)

    objects = MouvementQuerySet.as_manager()

    class Meta:
        verbose_name = "mouvement de crédits"
        verbose_name_plural = "mouvements de crédits"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["enveloppe", "stade"], name="mouvement_noeud_stade"),
            models.Index(fields=["fiche", "stade"], name="mouvement_fiche_stade"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stade_display()}, {self.enveloppe} : {self.montant} €"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise MouvementFige
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise MouvementFige
