"""The tables of the page as files: the same rows, the same figures, what they are said above or beside."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.documents.rendu.csv_liste import rendre_tableau_csv
from arpent.plateforme.documents.rendu.xlsx import rendre_tableau_xlsx

from .lecture import LECTURES, Equite, Ligne, Section

MILLIEME = Decimal("0.001")


def colonnes(e: Equite) -> list[ColonneDoc]:
    avant = [
        ColonneDoc("aides_avant", "Aides avant (€)", "montant"),
        ColonneDoc("habitant_avant", "€ par habitant avant", "montant"),
        ColonneDoc("part_avant", "Part des aides avant", "taux"),
    ]
    return [
        ColonneDoc("regroupement", "Regroupement"),
        ColonneDoc("groupe", "Groupe"),
        ColonneDoc("projets", "Projets", "entier"),
        *(avant if e.compare else ()),
        ColonneDoc("aides", "Aides (€)", "montant"),
        ColonneDoc("habitants", "Habitants", "entier"),
        ColonneDoc("habitant", "€ par habitant", "montant"),
        ColonneDoc("part_aides", "Part des aides", "taux"),
        ColonneDoc("part_habitants", "Part des habitants", "taux"),
    ]


def lignes(e: Equite) -> list[Mapping[str, Cellule]]:
    """Every row of every table, its foot included."""
    return [_ligne(s, x) for s in e.sections for x in (*s.lignes, s.ensemble)]


def mentions(e: Equite) -> list[str]:
    """What one must know to read the figures."""
    dites = [f"Aides : {e.apres.nom}. Projets intercommunaux {LECTURES[e.lecture]}."]
    if e.avant:
        dites.append(f"Avant : {e.avant.nom}. {e.avant.note}".strip())
    if e.inconnues:
        dites.append(f"Population inconnue : {', '.join(e.inconnues)}.")
    return dites


def en_csv(e: Equite) -> bytes:
    return rendre_tableau_csv(colonnes(e), lignes(e))


def en_xlsx(e: Equite, titre: str, le: date) -> bytes:
    return rendre_tableau_xlsx(titre, colonnes(e), lignes(e), mentions=mentions(e), etabli_le=le)


def _ligne(s: Section, x: Ligne) -> Mapping[str, Cellule]:
    g = x.groupe
    return {
        "regroupement": s.titre,
        "groupe": g.libelle,
        "projets": g.projets,
        "aides_avant": x.montant_avant,
        "habitant_avant": x.par_habitant_avant,
        "part_avant": _taux(x.part_avant),
        "aides": g.montant,
        "habitants": g.habitants,
        "habitant": g.par_habitant,
        "part_aides": _taux(x.part_euros),
        "part_habitants": _taux(x.part_habitants),
    }


def _taux(x: Decimal | None) -> Decimal | None:
    """As the page says it: one decimal of a percentage."""
    return None if x is None else x.quantize(MILLIEME)
