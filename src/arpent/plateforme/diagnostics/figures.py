"""The three charts of the diagnostic; each title states what the chart shows."""

from __future__ import annotations

import numpy as np

from arpent.metier.argent import formater_nombre, formater_taux
from arpent.metier.flux_revenus import Flux
from arpent.plateforme.observatoire.portrait import LignePortrait
from arpent.plateforme.socle.graphiques.barres import (
    Barre,
    Empilement,
    barres_empilees,
    barres_horizontales,
)
from arpent.plateforme.socle.graphiques.base import Figure, Nombre

from .lecture import Lecture

ANNEES = (2012, 2015, 2021, 2023)
"""Census vintages known for every commune of the extracts. They are not evenly spaced: bars, not a line."""
AGES = (
    ("part_moins_15", "moins de 15 ans"),
    ("part_15_24", "15-24 ans"),
    ("part_25_54", "25-54 ans"),
    ("", "55-64 ans"),
    ("part_65_plus", "65 ans et plus"),
)


def population(lecture: Lecture) -> Figure | None:
    """Population of the perimeter at four censuses; None when a commune lacks one of them."""
    table = lecture.magasin.communes
    rangs = table.rangs_de(lecture.perimetre.communes)
    totaux = [float(np.sum(table.extrait(f"population_{annee}", rangs))) for annee in ANNEES]
    if any(np.isnan(t) for t in totaux):
        return None
    ecart = round(totaux[-1] - totaux[0])
    sens = "de plus" if ecart > 0 else "de moins"
    titre = f"{formater_nombre(abs(ecart))} habitants {sens} entre {ANNEES[0]} et {ANNEES[-1]}"
    barres = [Barre(str(annee), t, annee == ANNEES[-1]) for annee, t in zip(ANNEES, totaux, strict=True)]
    return barres_horizontales(titre, barres, libelle_valeur="Habitants", libelle_nom="Année")


def ages(lecture: Lecture) -> Figure | None:
    """Shares of five ages here, in the département and in France; None when one is missing."""
    sources = {code: lecture.ligne(code) for code, _ in AGES if code}
    if any(ligne is None for ligne in sources.values()):
        return None
    connues = {code: ligne for code, ligne in sources.items() if ligne is not None}
    barres = [
        _empilement(lecture.nom, {c: x.valeur.valeur for c, x in connues.items()}),
        _empilement("Département", {c: x.departement for c, x in connues.items()}),
        _empilement("France", {c: x.france for c, x in connues.items()}),
    ]
    presentes = [b for b in barres if b is not None]
    if not presentes or presentes[0].libelle != lecture.nom:
        return None
    titre = _titre_ages(connues["part_65_plus"])
    return barres_empilees(titre, [nom for _, nom in AGES], presentes, ecrire=_points, en_parts=True)


def _empilement(nom: str, parts: dict[str, float | None]) -> Empilement | None:
    """The missing age is what remains of 100 %."""
    if any(v is None for v in parts.values()):
        return None
    connues = {c: v for c, v in parts.items() if v is not None}
    reste = max(100.0 - sum(connues.values()), 0.0)
    return Empilement(nom, tuple(round(connues[c] if c else reste, 1) for c, _ in AGES))


def _titre_ages(aines: LignePortrait) -> str:
    part = formater_nombre(round(aines.valeur.valeur or 0))
    if aines.france is None:
        return f"{part}\u00a0% des habitants ont 65 ans et plus"
    compare = "plus qu’en" if (aines.valeur.valeur or 0) > aines.france else "moins qu’en"
    return (
        f"{part}\u00a0% des habitants ont 65 ans et plus, {compare} France "
        f"({formater_nombre(round(aines.france))}\u00a0%)"
    )


def _points(x: Nombre) -> str:
    return f"{formater_nombre(round(float(x)))}\u00a0%"


def parts_du_flux(flux: Flux) -> Figure | None:
    """Share of each base in the income captured, beside the national share."""
    connues = [b for b in flux.bases if b.part is not None]
    if not connues:
        return None
    premiere = max(connues, key=lambda b: b.part or 0)
    titre = f"La {premiere.libelle.lower()} apporte {formater_taux(premiere.part, 0)} des revenus captés"
    barres = [Barre(b.libelle, b.part or 0, b is premiere, b.part_nationale) for b in connues]
    return barres_horizontales(
        titre,
        barres,
        ecrire=_taux,
        libelle_valeur="Part ici",
        libelle_repere="Part nationale",
        libelle_nom="Base",
    )


def _taux(x: Nombre) -> str:
    return _points(float(x) * 100)
