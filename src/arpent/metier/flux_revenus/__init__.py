"""Diagnostic by income flows: what a territory captures, by base, and what it becomes.

Formulas, assumptions and a worked example: `docs/algorithmes/flux-de-revenus.md`.
"""

from arpent.metier.flux_revenus.coefficients import Coefficients, Quartiles, deriver_coefficients
from arpent.metier.flux_revenus.colonnes import COMMUNES as COLONNES_COMMUNES
from arpent.metier.flux_revenus.colonnes import EPCI as COLONNES_EPCI
from arpent.metier.flux_revenus.colonnes import OFFICIELLES as COLONNES_OFFICIELLES
from arpent.metier.flux_revenus.donnees import Confiance, Donnees, Grandeur, Parametre
from arpent.metier.flux_revenus.estimation import estimer
from arpent.metier.flux_revenus.evasion import REGRESSEURS, Evasion, ModelePresentiel, ajuster, mesurer
from arpent.metier.flux_revenus.fourchette import Fourchette
from arpent.metier.flux_revenus.navetteurs import Navettes
from arpent.metier.flux_revenus.parametres import PARAMETRES
from arpent.metier.flux_revenus.preparer import preparer
from arpent.metier.flux_revenus.recit import paragraphe
from arpent.metier.flux_revenus.resultats import (
    LIBELLES_BASES,
    PARTS_NATIONALES,
    SOURCE_PARTS_NATIONALES,
    Base,
    Flux,
    Redistribution,
    Terme,
)

__all__ = [
    "COLONNES_COMMUNES",
    "COLONNES_EPCI",
    "COLONNES_OFFICIELLES",
    "LIBELLES_BASES",
    "PARAMETRES",
    "PARTS_NATIONALES",
    "REGRESSEURS",
    "SOURCE_PARTS_NATIONALES",
    "Base",
    "Coefficients",
    "Confiance",
    "Donnees",
    "Evasion",
    "Flux",
    "Fourchette",
    "Grandeur",
    "ModelePresentiel",
    "Navettes",
    "Parametre",
    "Quartiles",
    "Redistribution",
    "Terme",
    "ajuster",
    "deriver_coefficients",
    "estimer",
    "mesurer",
    "paragraphe",
    "preparer",
]
