"""An indicator as the room reads it from the back: one figure, its comparisons as bars, its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.observatoire.portrait import LignePortrait

from .. import phrases
from ..lecture import lire


@dataclass(frozen=True, slots=True)
class BarreEcran:
    """`x` and `largeur` in % of the frame: a negative value goes left of the zero."""

    nom: str
    valeur: str
    x: float
    largeur: float
    ici: bool


@dataclass(frozen=True, slots=True)
class IndicateurEcran:
    libelle: str
    valeur: str
    absente: bool
    evolution: str
    note: str
    rang: str
    source: str
    millesime: str
    barres: tuple[BarreEcran, ...]
    zero: float


def indicateur(demarche: Demarche, code: str) -> IndicateurEcran | str:
    """The figure, or the reason why there is none."""
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError) as vide:
        return str(vide)
    ligne = lecture.ligne(code)
    if ligne is None:
        return "Cet indicateur n’est plus au catalogue de l’observatoire : choisissez-en un autre au déroulé."
    return _ecrire(ligne, demarche.territoire.nom, lecture.departement)


def _ecrire(ligne: LignePortrait, nom: str, departement: str) -> IndicateurEcran:
    quoi, valeur = ligne.indicateur, ligne.valeur.valeur
    connues = [
        (lieu, v)
        for lieu, v in (
            (nom, valeur),
            (f"Département ({departement})", ligne.departement),
            ("Région", ligne.region),
            ("France", ligne.france),
        )
        if v is not None
    ]
    seule = valeur is None or len(connues) < 2
    valeurs = [v for _, v in connues]
    bas, haut = min(0.0, *valeurs, 0.0), max(0.0, *valeurs, 0.0)
    etendue = (haut - bas) or 1.0
    zero = -bas / etendue * 100
    return IndicateurEcran(
        libelle=quoi.libelle,
        valeur=phrases.ecrire(valeur, quoi),
        absente=valeur is None,
        evolution=ligne.valeur.evolution_libelle,
        note=ligne.valeur.note,
        rang=f"{ligne.rang.rang}{'er' if ligne.rang.rang == 1 else 'e'} sur {ligne.rang.sur}"
        if ligne.rang
        else "",
        source=quoi.source,
        millesime=ligne.valeur.millesime,
        barres=()
        if seule
        else tuple(
            BarreEcran(
                lieu,
                phrases.ecrire(v, quoi),
                round(zero if v >= 0 else zero - abs(v) / etendue * 100, 1),
                round(abs(v) / etendue * 100, 1),
                lieu == nom,
            )
            for lieu, v in connues
        ),
        zero=round(zero, 1),
    )


def chiffres(demarche: Demarche, codes: Iterable[str]) -> dict[str, tuple[str, str]]:
    """By indicator, the value and the vintage that the minutes will keep; empty when there is no store."""
    try:
        lecture = lire(demarche, date.today())
    except (ObservatoireVide, ValueError):
        return {}
    lignes = {code: lecture.ligne(code) for code in codes}
    return {
        code: (phrases.citation(x.valeur, x.indicateur, x.france), x.valeur.millesime)
        for code, x in lignes.items()
        if x is not None
    }
