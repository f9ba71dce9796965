"""What the report of the pré-instruction needs to know: every finding, who set a rule aside, which règlement.

Same rules as ``donnees``. Verdicts are the four displayed words; totals are computed from the rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .donnees import ZERO

VerdictRegle = Literal["conforme", "non conforme", "à vérifier", "sans objet"]


@dataclass(frozen=True, slots=True)
class EntreeDoc:
    """A datum of the fiche that the règlement read."""

    cle: str
    valeur: str


@dataclass(frozen=True, slots=True)
class DerogationDoc:
    """A rule set aside for one fiche: who, when, why; withdrawn, it stays."""

    intitule: str
    article: str
    motif: str
    par: str
    le: date
    plafond: Decimal | None = None
    levee_le: date | None = None
    levee_par: str = ""
    levee_motif: str = ""


@dataclass(frozen=True, slots=True)
class ConstatExamenDoc:
    """What one rule answered. `calcul` is the arithmetic as on paper."""

    libelle: str
    article: str
    verdict: VerdictRegle
    explication: str
    calcul: str = ""
    plafond: Decimal | None = None
    source: str = ""
    demonstration: bool = False


@dataclass(frozen=True, slots=True)
class ExamenDoc:
    """The pré-instruction of one fiche. Without `verdict`: no règlement was in force."""

    numero: str
    titre: str
    maitre_ouvrage: str
    theme: str
    cout_ht: Decimal
    aide_demandee: Decimal
    reglement: str = ""
    empreinte: str = ""
    """SHA-256 of the règlement that was applied."""
    verdict: VerdictRegle | None = None
    aide_calculee: Decimal | None = None
    aide_maximale: Decimal | None = None
    plafond_liant: str = ""
    article_liant: str = ""
    entrees: tuple[EntreeDoc, ...] = ()
    constats: tuple[ConstatExamenDoc, ...] = ()
    derogations: tuple[DerogationDoc, ...] = ()
    conclue_le: date | None = None
    """None: computed the day of the document, not yet concluded by anybody."""
    conclue_par: str = ""
    depuis: str = ""
    """What changed since it was concluded; empty when nothing did."""
    demonstration: bool = False

    @property
    def a_des_valeurs_de_demonstration(self) -> bool:
        return self.demonstration or any(x.demonstration for x in self.constats)

    def constats_de(self, *verdicts: VerdictRegle) -> tuple[ConstatExamenDoc, ...]:
        return tuple(x for x in self.constats if x.verdict in verdicts)


@dataclass(frozen=True, slots=True)
class TotalThemeDoc:
    """The fiches of one theme in the report of a plan."""

    theme: str
    nombre: int
    cout_ht: Decimal
    aide_demandee: Decimal
    aide_maximale: Decimal
    conformes: int
    non_conformes: int
    a_verifier: int


@dataclass(frozen=True, slots=True)
class RapportDoc:
    """The report read by the concertation: one fiche in full, or a whole plan, half a page a fiche."""

    titre: str
    autorite: str
    territoire: str
    dispositif: str
    etabli_le: date
    etabli_par: str
    examens: tuple[ExamenDoc, ...]
    plan_entier: bool = False
    gabarit: str = "rapport/v1"

    @property
    def reglements(self) -> tuple[tuple[str, str], ...]:
        """Each version applied and its fingerprint, in the order of appearance."""
        return tuple(dict.fromkeys((x.reglement, x.empreinte) for x in self.examens if x.reglement))

    @property
    def par_theme(self) -> tuple[TotalThemeDoc, ...]:
        themes = sorted({x.theme or "Sans thème" for x in self.examens})
        return tuple(
            _total(theme, tuple(x for x in self.examens if (x.theme or "Sans thème") == theme))
            for theme in themes
        )

    @property
    def ensemble(self) -> TotalThemeDoc:
        return _total("Ensemble", self.examens)

    @property
    def a_des_valeurs_de_demonstration(self) -> bool:
        return any(x.a_des_valeurs_de_demonstration for x in self.examens)


def _total(theme: str, examens: tuple[ExamenDoc, ...]) -> TotalThemeDoc:
    return TotalThemeDoc(
        theme,
        len(examens),
        sum((x.cout_ht for x in examens), ZERO),
        sum((x.aide_demandee for x in examens), ZERO),
        sum((x.aide_maximale or ZERO for x in examens), ZERO),
        sum(x.verdict == "conforme" for x in examens),
        sum(x.verdict == "non conforme" for x in examens),
        sum(x.verdict == "à vérifier" for x in examens),
    )
