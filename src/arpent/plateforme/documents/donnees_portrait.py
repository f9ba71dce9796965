"""What a « portrait de territoire » says: everything already written, drawn and dated; no queryset, no clock.

A missing value arrives as the words that say so (« non disponible », « secret statistique »), never as 0.
Drawings are self-contained SVG texts; the numbers of a bar chart travel beside it, so that a slide can hold
a native chart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .donnees import ConstatDoc, EnjeuDoc


@dataclass(frozen=True, slots=True)
class BarreDoc:
    """One bar of a simple chart: its number, and the same as it is written."""

    libelle: str
    valeur: Decimal
    ecrit: str


@dataclass(frozen=True, slots=True)
class GraphiqueDoc:
    """A chart: its finding, its drawing, its table. `barres`: only when simple bars say the same."""

    titre: str
    description: str
    svg: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]
    source: str
    largeur: int = 720
    """Pixels the drawing is meant for: half a page under 500."""
    barres: tuple[BarreDoc, ...] = ()


@dataclass(frozen=True, slots=True)
class ChiffreDoc:
    libelle: str
    valeur: str
    detail: str
    source: str


@dataclass(frozen=True, slots=True)
class LigneFamilleDoc:
    libelle: str
    valeur: str
    evolution: str
    departement: str
    jumeaux: str
    france: str
    millesime: str


@dataclass(frozen=True, slots=True)
class FamilleDoc:
    titre: str
    resume: str
    lignes: tuple[LigneFamilleDoc, ...]
    absentes: tuple[str, ...]
    """Labels of the indicators that have no value here: said, never left out silently."""
    graphiques: tuple[GraphiqueDoc, ...]


@dataclass(frozen=True, slots=True)
class BaseDoc:
    """One of the four bases; amounts in whole euros, None when not estimated."""

    libelle: str
    bas: Decimal | None
    central: Decimal | None
    haut: Decimal | None
    part: Decimal | None
    part_nationale: Decimal
    par_habitant: Decimal | None
    confiance: str


@dataclass(frozen=True, slots=True)
class PartenaireDoc:
    nom: str
    viennent: str
    partent: str


@dataclass(frozen=True, slots=True)
class FluxDoc:
    titre: str
    paragraphes: tuple[str, ...]
    bases: tuple[BaseDoc, ...]
    partenaires: tuple[PartenaireDoc, ...]
    partenaires_note: str
    graphiques: tuple[GraphiqueDoc, ...]
    avertissements: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EssaiDoc:
    libelle: str
    hausse: str
    baisse: str


@dataclass(frozen=True, slots=True)
class VulnerabiliteDoc:
    classe: str
    modele: str
    pourquoi: str
    comparaison: str
    membres: tuple[tuple[str, ...], ...]
    effets: tuple[str, ...]
    stabilite: str
    essais: tuple[EssaiDoc, ...]
    graphiques: tuple[GraphiqueDoc, ...]
    avertissements: tuple[str, ...]
    demonstration: bool


@dataclass(frozen=True, slots=True)
class SourceDoc:
    titre: str
    millesime: str
    couverture: str
    secret: str


@dataclass(frozen=True, slots=True)
class PortraitDoc:
    gabarit: str
    titre: str
    """The finding of the portrait, one sentence."""
    territoire: str
    autorite: str
    dispositif: str
    perimetre: str
    """« 1 intercommunalité, 17 communes, 8 650 habitants »."""
    intercommunalites: tuple[str, ...]
    communes: tuple[str, ...]
    fige_le: date
    donnees_sha256: str
    """Fingerprint of the columnar store the figures were read from."""
    chiffres: tuple[ChiffreDoc, ...]
    carte: GraphiqueDoc | None
    ensemble: tuple[GraphiqueDoc, ...]
    familles: tuple[FamilleDoc, ...]
    flux: FluxDoc
    vulnerabilite: VulnerabiliteDoc | None
    constats: tuple[ConstatDoc, ...]
    enjeux: tuple[EnjeuDoc, ...]
    sources: tuple[SourceDoc, ...]
    methode: tuple[str, ...]
    mentions_demonstration: tuple[str, ...]
