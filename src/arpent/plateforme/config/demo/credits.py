"""Demonstration of the ledger: lines by theme, a gated tranche, a commitment and a payment."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Sum

from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.credits.actions import Ligne, diviser
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer, noter_versement
from arpent.plateforme.negociations.credits.noeuds import noeud_pour
from arpent.plateforme.negociations.credits.registre import Piece
from arpent.plateforme.negociations.imputations import ouverts_de
from arpent.plateforme.negociations.models import Enveloppe, Mouvement
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Theme

EXERCICE = 2026
FONGIBLE = Decimal("20")
ATTRIBUEES = 2
ENGAGEE, PAYEE = Decimal("0.5"), Decimal("0.3")
"""Shares of the largest aid that the demonstration commits, then pays."""
PIECE = Piece("Valeur de démonstration", "Acte de démonstration", date(2026, 11, 16), demonstration=True)
TRANCHE = {
    "ouverte": False,
    "ouverture_condition": "Bilan à mi-parcours présenté au comité de pilotage",
    "ouverture_taux": Decimal("60"),
}


def ouvrir_les_lignes(demarche: Demarche) -> None:
    """Lines by theme for what is agreed, the last year of the largest one kept for the second half."""
    territoire = _noeud_principal(demarche)
    if territoire is None:
        return
    convenus = Mouvement.objects.filter(enveloppe=territoire, stade=Stade.CONVENU)
    par_theme = dict(
        convenus.exclude(fiche__theme=None).order_by().values_list("fiche__theme").annotate(Sum("montant"))
    )
    themes = Theme.objects.filter(pk__in=par_theme).order_by("ordre")
    reglages = {"limite_fongible": FONGIBLE}
    lignes = [Ligne(t, None, par_theme[t.pk], reglages) for t in themes]
    if not lignes:
        return
    noeuds = diviser(territoire, lignes, par=None, piece=PIECE)
    grande = max(zip(noeuds, lignes, strict=True), key=lambda x: x[1].montant)[0]
    _echelonner(grande)
    _engager(demarche)


def _noeud_principal(demarche: Demarche) -> Enveloppe | None:
    fonds = ouverts_de(demarche).principal
    return Enveloppe.objects.filter(demarche=demarche, fonds=fonds, theme=None, annee=None).first()


def _echelonner(ligne: Enveloppe) -> None:
    """The largest theme by year of its projects, its last year as a tranche."""
    convenus = Mouvement.objects.filter(enveloppe=ligne, stade=Stade.CONVENU, annee__isnull=False)
    par_annee = dict(convenus.order_by().values_list("annee").annotate(Sum("montant")))
    annees = sorted(par_annee)
    if len(annees) < 2:
        return
    diviser(
        ligne,
        [Ligne(None, a, par_annee[a], TRANCHE if a == annees[-1] else {}) for a in annees],
        par=None,
        piece=PIECE,
    )


def attribuer_des_aides(demarche: Demarche) -> None:
    """The aids of the first projects of a contract in force, awarded whole: their acts can be issued."""
    noeuds = list(Enveloppe.objects.filter(demarche=demarche, fonds=ouverts_de(demarche).principal))
    fiches = Fiche.objects.filter(demarche=demarche, aide_accordee__gt=0).order_by("-aide_accordee", "numero")
    for fiche in fiches[:ATTRIBUEES]:
        noeud = noeud_pour(noeuds, fiche.theme_id, fiche.annee)
        if noeud and noeud.ouverte and fiche.aide_accordee:
            attribuer(noeud, Operation(fiche.aide_accordee, fiche, fiche.annee, PIECE), par=None)


def _engager(demarche: Demarche) -> None:
    principal = ouverts_de(demarche).principal
    noeuds = list(Enveloppe.objects.filter(demarche=demarche, fonds=principal))
    fiches = Fiche.objects.filter(demarche=demarche, aide_accordee__gt=0, annee=EXERCICE)
    for fiche in fiches.order_by("-aide_accordee", "numero"):
        noeud = noeud_pour(noeuds, fiche.theme_id, fiche.annee)
        paye_ici = Mouvement.objects.filter(fiche=fiche, enveloppe=noeud, stade=Stade.CONVENU).exists()
        if noeud and noeud.ouverte and fiche.aide_accordee and paye_ici:
            engage = (fiche.aide_accordee * ENGAGEE).quantize(Decimal("0.01"))
            paye = (fiche.aide_accordee * PAYEE).quantize(Decimal("0.01"))
            attribuer(noeud, Operation(engage, fiche, fiche.annee, PIECE), par=None)
            noter_versement(noeud, Operation(paye, fiche, EXERCICE, PIECE), par=None)
            return
