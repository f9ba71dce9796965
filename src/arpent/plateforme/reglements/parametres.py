"""The table of the law that this instance uses: the lines shipped with the platform under its own."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux
from arpent.metier.reglement import LIVRES, ParametreDate, ParametresLegaux, Unite
from arpent.metier.reglement.parametres import LignesLegales
from arpent.plateforme.journal.models import Entree

from .models import ParametreLegal

DEFINITIONS: dict[str, ParametreDate] = {code: LIVRES.dernier(code) for code in LIVRES.codes}
"""The last shipped line of each parameter: its label and its unit, in the order of the table."""


def en_valeur(ligne: ParametreLegal) -> ParametreDate:
    """A stored line as the calculations read it."""
    definition = DEFINITIONS[ligne.code]
    return ParametreDate(
        ligne.code,
        definition.libelle,
        ligne.valeur,
        ligne.depuis,
        ligne.jusqu_a,
        ligne.source,
        definition.unite,
        ligne.note,
    )


def table_legale() -> ParametresLegaux:
    """The table of today's instance. One query; the lines are read again only when one of them moved."""
    etat = ParametreLegal.objects.aggregate(
        nombre=Count("pk"), dernier=Max("modifie_le"), versions=Max("version")
    )
    return _table(tuple(etat.values())) if etat["nombre"] else LIVRES


def lignes_du_jour() -> LignesLegales:
    """The lines that a sentence quotes today. One query."""
    return table_legale().lignes_au(date.today())


@lru_cache(maxsize=4)
def _table(etat: tuple[Any, ...]) -> ParametresLegaux:
    lignes = ParametreLegal.objects.filter(code__in=DEFINITIONS).order_by("code", "-depuis")
    return LIVRES.completer(en_valeur(ligne) for ligne in lignes)


def ecrire_valeur(valeur: Decimal | None, unite: Unite) -> str:
    """« 20 % », « 2 mois », « oui », or that nobody has typed it in."""
    if valeur is None:
        return "à saisir"
    match unite:
        case Unite.TAUX:
            return formater_taux(valeur, None)
        case Unite.MOIS:
            return f"{int(valeur)} mois"
        case Unite.JOURS | Unite.JOURS_FRANCS:
            s = "s" if valeur > 1 else ""
            return f"{int(valeur)}\N{NO-BREAK SPACE}jour{s}" + (
                f" franc{s}" if unite is Unite.JOURS_FRANCS else ""
            )
        case Unite.HABITANTS:
            return f"{formater_nombre(valeur)} habitants"
        case Unite.EUROS:
            return formater_euros(valeur, centimes=False)
        case Unite.OUI_NON:
            return "oui" if valeur == 1 else "non"


@dataclass(frozen=True, slots=True)
class LigneAffichee:
    """One dated line: shipped (`pk` None) or typed in by this instance. `est_saisie`: it has a value."""

    pk: int | None
    valeur: str
    est_saisie: bool
    depuis: date
    jusqu_a: date | None
    source: str
    note: str
    par: str
    en_vigueur: bool


@dataclass(frozen=True, slots=True)
class ParametreAffiche:
    """A parameter, what is in force today, and all its lines, the latest first."""

    code: str
    libelle: str
    actuelle: LigneAffichee | None
    lignes: tuple[LigneAffichee, ...]


def _affichee(ligne: ParametreDate, le: date, pk: int | None, par: str, en_vigueur: bool) -> LigneAffichee:
    return LigneAffichee(
        pk,
        ecrire_valeur(ligne.valeur, ligne.unite),
        ligne.valeur is not None,
        ligne.depuis,
        ligne.jusqu_a,
        ligne.source,
        ligne.note,
        par,
        en_vigueur,
    )


def parametres_affiches(le: date) -> list[ParametreAffiche]:
    """Every parameter with its lines, in the order of the shipped table. One query."""
    saisies: dict[str, list[ParametreLegal]] = {}
    for ligne in ParametreLegal.objects.order_by("-depuis"):
        saisies.setdefault(ligne.code, []).append(ligne)
    affiches = []
    for code, definition in DEFINITIONS.items():
        paires: list[tuple[ParametreDate, int | None, str]] = [
            (en_valeur(s), s.pk, s.saisi_par_nom) for s in saisies.get(code, ())
        ]
        paires += [(p, None, "") for p in LIVRES.lignes if p.code == code]
        actuelle = next((p for p, _, _ in paires if p.vaut(le)), None)
        lignes = tuple(_affichee(p, le, pk, par, p is actuelle) for p, pk, par in paires)
        affiches.append(
            ParametreAffiche(
                code, definition.libelle, next((x for x in lignes if x.en_vigueur), None), lignes
            )
        )
    return affiches


_CHAMPS = {
    "valeur": "valeur",
    "depuis": "début",
    "jusqu_a": "fin",
    "source": "source",
    "note": "remarque",
}


@dataclass(frozen=True, slots=True)
class Passage:
    """One line of the history: who, when, on which parameter, and each value old → new."""

    le: datetime
    qui: str
    quoi: str
    changements: tuple[tuple[str, str, str], ...]


def historique(entrees: Iterable[Entree]) -> list[Passage]:
    """Journal entries of the legal parameters as people read them."""
    return [
        Passage(
            e.le,
            e.auteur,
            e.libelle.removeprefix("paramètre légal : "),
            tuple(
                (_CHAMPS.get(champ, champ), _texte(e.avant.get(champ)), _texte(valeur))
                for champ, valeur in e.apres.items()
                if valeur or e.avant.get(champ)
            ),
        )
        for e in entrees
    ]


def _texte(valeur: Any) -> str:
    """A value of the journal; days are kept as 2026-01-31."""
    texte = "" if valeur is None else str(valeur)
    try:
        return f"{date.fromisoformat(texte):%d/%m/%Y}"
    except ValueError:
        return texte
