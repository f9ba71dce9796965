"""What an avenant and the consolidated contract need to know.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None when unknown, texts never read as
markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .donnees import ZERO, ArticleDoc, PartieDoc
from .donnees_charte import CharteDoc


@dataclass(frozen=True, slots=True)
class MouvementDoc:
    """One change, in one sentence. `genre`: « Changer l’année »."""

    genre: str
    phrase: str
    motif: str = ""


@dataclass(frozen=True, slots=True)
class LigneRevueDoc:
    """A project that the act touches: None before when it enters, None after when it leaves."""

    numero: str
    titre: str
    maitre_ouvrage: str
    avant: Decimal | None
    apres: Decimal | None


@dataclass(frozen=True, slots=True)
class AvenantDoc:
    """The avenant to vote and sign. `voie`: the track and `raisons` why that one."""

    titre: str
    numero: int
    objet: str
    contrat: str
    """« Contrat territorial Gévaudan 2026-2028 »."""
    reference: str
    autorite: str
    territoire: str
    dispositif: str
    parties: tuple[PartieDoc, ...]
    etabli_le: date
    date_effet: date | None
    date_contrat: date | None
    mouvements: tuple[MouvementDoc, ...]
    lignes: tuple[LigneRevueDoc, ...]
    nombre_avant: int
    nombre_apres: int
    aide_avant: Decimal
    aide_apres: Decimal
    voie: str
    raisons: tuple[str, ...] = ()
    enveloppe: Decimal | None = None
    version: int = 1
    demonstration: bool = False
    mentions: tuple[str, ...] = ()
    charte: CharteDoc | None = None
    gabarit: str = "avenant/v1"


@dataclass(frozen=True, slots=True)
class ActeDoc:
    """An act in force that day."""

    libelle: str
    objet: str
    effet: date | None


@dataclass(frozen=True, slots=True)
class LigneConsolideeDoc:
    """A project in force; `origine`: the act that brought it; `changements`: old → new, one a line."""

    numero: str
    titre: str
    maitre_ouvrage: str
    theme: str
    annee: int | None
    cout_ht: Decimal
    aide: Decimal
    origine: str = ""
    changements: tuple[str, ...] = ()
    hors_enveloppe: bool = False


@dataclass(frozen=True, slots=True)
class ConsolideDoc:
    """The contract as it stands one day. It is information: the acts it comes from are what binds."""

    titre: str
    reference: str
    autorite: str
    territoire: str
    dispositif: str
    au: date
    etabli_le: date
    parties: tuple[str, ...]
    actes: tuple[ActeDoc, ...]
    lignes: tuple[LigneConsolideeDoc, ...]
    sorties: tuple[LigneConsolideeDoc, ...]
    articles: tuple[ArticleDoc, ...]
    date_effet: date | None = None
    date_fin: date | None = None
    enveloppe: Decimal | None = None
    mentions: tuple[str, ...] = ()
    charte: CharteDoc | None = None
    gabarit: str = "consolide/v1"

    @property
    def total_aides(self) -> Decimal:
        return sum((x.aide for x in self.lignes), ZERO)

    @property
    def total_couts(self) -> Decimal:
        return sum((x.cout_ht for x in self.lignes), ZERO)
