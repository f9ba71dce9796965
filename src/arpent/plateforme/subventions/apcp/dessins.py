"""The chart of the credits: what is paid and expected each year, with its interval."""

from __future__ import annotations

from decimal import Decimal

from arpent.metier.apcp import TableauCredits
from arpent.metier.argent import formater_euros
from arpent.plateforme.socle.graphiques import Estimation, Figure, barres_a_fourchette
from arpent.plateforme.socle.graphiques.base import Nombre


def figure_des_annees(tableau: TableauCredits) -> Figure | None:
    """None without a year. Years where nothing is voted have no mark."""
    cases = [a for a in tableau.total.annees if a.total or a.cp]
    if not cases:
        return None
    pire = min((a for a in cases if a.ecart is not None), key=lambda a: a.ecart or 0, default=None)
    if pire is not None and pire.ecart is not None and pire.ecart < 0:
        titre = f"{pire.annee} : il manque {formater_euros(-pire.ecart, False)} de CP"
    else:
        haut = max(cases, key=lambda a: a.total)
        titre = f"{haut.annee} porte le plus de paiements : {formater_euros(haut.total, False)}"
    estimations = [
        Estimation(
            str(a.annee),
            a.paye + (a.attendu.montant if a.attendu.bas is None else a.attendu.bas),
            a.total,
            a.paye + (a.attendu.montant if a.attendu.haut is None else a.attendu.haut),
            accent=a.ecart is None or a.ecart >= 0,
        )
        for a in cases
    ]
    return barres_a_fourchette(titre, estimations, ecrire=_euros, libelle_nom="Exercice")


def _euros(x: Nombre) -> str:
    return formater_euros(Decimal(x), centimes=False)
