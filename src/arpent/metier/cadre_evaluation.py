"""The questions a contract is evaluated on, their criteria, and the figures that inform them.

A figure that is a rate keeps its numerator and its denominator; without a denominator it has no value, not
zero. The rules are in docs/algorithmes/evaluation.md.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO


class Chiffre(StrEnum):
    """A figure that a criterion may call."""

    PROJETS = "projets"
    PROJETS_ACHEVES = "projets_acheves"
    PROJETS_EN_RETARD = "projets_en_retard"
    PROJETS_BLOQUES = "projets_bloques"
    PROJETS_SANS_ENJEU = "projets_sans_enjeu"
    AVANCEMENT = "avancement"
    ACCORDE = "accorde"
    VOTE = "vote"
    ENGAGE = "engage"
    PAYE = "paye"
    TAUX_ENGAGEMENT = "taux_engagement"
    TAUX_EXECUTION = "taux_execution"
    AIDE_SANS_ENJEU = "aide_sans_enjeu"
    EFFET_DE_LEVIER = "effet_de_levier"
    INDICATEURS_MESURES = "indicateurs_mesures"
    CIBLES_ATTEINTES = "cibles_atteintes"
    REUNIONS_TENUES = "reunions_tenues"
    AVENANTS = "avenants"


LIBELLES_CHIFFRE: dict[Chiffre, str] = {
    Chiffre.PROJETS: "projets retenus",
    Chiffre.PROJETS_ACHEVES: "projets achevés",
    Chiffre.PROJETS_EN_RETARD: "projets en retard",
    Chiffre.PROJETS_BLOQUES: "projets bloqués",
    Chiffre.PROJETS_SANS_ENJEU: "projets reliés à aucun enjeu",
    Chiffre.AVANCEMENT: "avancement des travaux, pondéré par les coûts",
    Chiffre.ACCORDE: "aides accordées par le contrat",
    Chiffre.VOTE: "aides votées",
    Chiffre.ENGAGE: "aides engagées",
    Chiffre.PAYE: "aides payées",
    Chiffre.TAUX_ENGAGEMENT: "aides engagées, en part des aides accordées",
    Chiffre.TAUX_EXECUTION: "aides payées, en part des aides accordées",
    Chiffre.AIDE_SANS_ENJEU: "aides accordées à des projets reliés à aucun enjeu",
    Chiffre.EFFET_DE_LEVIER: "euros de travaux (HT) pour un euro d’aide accordée",
    Chiffre.INDICATEURS_MESURES: "indicateurs mesurés",
    Chiffre.CIBLES_ATTEINTES: "cibles atteintes",
    Chiffre.REUNIONS_TENUES: "réunions tenues",
    Chiffre.AVENANTS: "avenants en vigueur",
}


class Unite(StrEnum):
    """How the value is written."""

    NOMBRE = "nombre"
    EUROS = "euros"
    PART = "part"
    """From 0 to 1."""


@dataclass(frozen=True, slots=True)
class Critere:
    """What one looks at to answer. `indicateurs`: natures of followed indicators that inform it.

    `sondage`: codes of questions of the questionnaire.
    """

    code: str
    libelle: str
    chiffres: tuple[Chiffre, ...] = ()
    indicateurs: tuple[str, ...] = ()
    sondage: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuestionEvaluative:
    """One question. `source` empty: a proposal of Arpent, said as such on the page."""

    code: str
    libelle: str
    criteres: tuple[Critere, ...]
    source: str = ""

    @property
    def est_proposee(self) -> bool:
        return not self.source


@dataclass(frozen=True, slots=True)
class FaitsEvaluation:
    """What is known of a contract the day it is read: counts, and euros of the authority but `cout` (HT)."""

    projets: int = 0
    acheves: int = 0
    en_retard: int = 0
    bloques: int = 0
    sans_enjeu: int = 0
    travaux_faits: Decimal = ZERO
    travaux: Decimal = ZERO
    accorde: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO
    accorde_sans_enjeu: Decimal = ZERO
    cout: Decimal = ZERO
    indicateurs: int = 0
    mesures: int = 0
    atteints: int = 0
    reunions: int = 0
    avenants: int = 0


@dataclass(frozen=True, slots=True)
class ChiffreLu:
    """A figure and what makes it. `valeur` None: it has no meaning yet; `denominateur` then is zero."""

    chiffre: Chiffre
    unite: Unite
    valeur: Decimal | None
    numerateur: Decimal | None = None
    denominateur: Decimal | None = None

    @property
    def libelle(self) -> str:
        return LIBELLES_CHIFFRE[self.chiffre]


def _nombre(chiffre: Chiffre, valeur: int, sur: int | None = None) -> ChiffreLu:
    rapport = (None, None) if sur is None else (Decimal(valeur), Decimal(sur))
    return ChiffreLu(chiffre, Unite.NOMBRE, Decimal(valeur), *rapport)


def _euros(chiffre: Chiffre, valeur: Decimal) -> ChiffreLu:
    return ChiffreLu(chiffre, Unite.EUROS, valeur)


def _rapport(chiffre: Chiffre, haut: Decimal, bas: Decimal, unite: Unite = Unite.PART) -> ChiffreLu:
    return ChiffreLu(chiffre, unite, haut / bas if bas else None, haut, bas)


_C = Chiffre
_LIRE: Mapping[Chiffre, Callable[[FaitsEvaluation], ChiffreLu]] = {
    _C.PROJETS: lambda f: _nombre(_C.PROJETS, f.projets),
    _C.PROJETS_ACHEVES: lambda f: _nombre(_C.PROJETS_ACHEVES, f.acheves, f.projets),
    _C.PROJETS_EN_RETARD: lambda f: _nombre(_C.PROJETS_EN_RETARD, f.en_retard, f.projets),
    _C.PROJETS_BLOQUES: lambda f: _nombre(_C.PROJETS_BLOQUES, f.bloques, f.projets),
    _C.PROJETS_SANS_ENJEU: lambda f: _nombre(_C.PROJETS_SANS_ENJEU, f.sans_enjeu, f.projets),
    _C.AVANCEMENT: lambda f: _rapport(_C.AVANCEMENT, f.travaux_faits, f.travaux),
    _C.ACCORDE: lambda f: _euros(_C.ACCORDE, f.accorde),
    _C.VOTE: lambda f: _euros(_C.VOTE, f.vote),
    _C.ENGAGE: lambda f: _euros(_C.ENGAGE, f.engage),
    _C.PAYE: lambda f: _euros(_C.PAYE, f.paye),
    _C.TAUX_ENGAGEMENT: lambda f: _rapport(_C.TAUX_ENGAGEMENT, f.engage, f.accorde),
    _C.TAUX_EXECUTION: lambda f: _rapport(_C.TAUX_EXECUTION, f.paye, f.accorde),
    _C.AIDE_SANS_ENJEU: lambda f: _rapport(_C.AIDE_SANS_ENJEU, f.accorde_sans_enjeu, f.accorde),
    _C.EFFET_DE_LEVIER: lambda f: _rapport(_C.EFFET_DE_LEVIER, f.cout, f.accorde, Unite.NOMBRE),
    _C.INDICATEURS_MESURES: lambda f: _nombre(_C.INDICATEURS_MESURES, f.mesures, f.indicateurs),
    _C.CIBLES_ATTEINTES: lambda f: _nombre(_C.CIBLES_ATTEINTES, f.atteints, f.indicateurs),
    _C.REUNIONS_TENUES: lambda f: _nombre(_C.REUNIONS_TENUES, f.reunions),
    _C.AVENANTS: lambda f: _nombre(_C.AVENANTS, f.avenants),
}


def lire_chiffre(chiffre: Chiffre, faits: FaitsEvaluation) -> ChiffreLu:
    """The figure, with the two sums of a rate."""
    return _LIRE[chiffre](faits)
