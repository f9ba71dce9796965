"""What the papers of a meeting need to know: notice, attendance sheet, minutes.

Same rules as ``donnees``: frozen values, None when unknown, texts never read as markup.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from .donnees_charte import CharteDoc


@dataclass(frozen=True, slots=True)
class SeanceReunionDoc:
    """The meeting, as every paper names it. `heure`: « 18 h 30 »; `duree`: « 2 h »."""

    titre: str
    genre: str
    territoires: tuple[str, ...]
    jour: date
    heure: str = ""
    duree: str = ""
    lieu: str = ""
    visio: str = ""


@dataclass(frozen=True, slots=True)
class PointReunionDoc:
    """An item of the agenda; in the minutes, what was said of it and what was decided."""

    numero: int
    titre: str
    rapporteur: str = ""
    duree: str = ""
    objet: str = ""
    notes: str = ""
    decisions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonneReunionDoc:
    """Somebody called. `presence`: « présent », « représenté par… », empty while unknown."""

    nom: str
    qualite: str = ""
    groupe: str = ""
    presence: str = ""


@dataclass(frozen=True, slots=True)
class ConvocationReunionDoc:
    """The letter. `destinataire` empty: the one that everybody receives, which lists them all."""

    seance: SeanceReunionDoc
    autorite: str
    etabli_le: date
    appel: str = "Mesdames, Messieurs"
    destinataire: PersonneReunionDoc | None = None
    convies: tuple[PersonneReunionDoc, ...] = ()
    points: tuple[PointReunionDoc, ...] = ()
    pieces: tuple[str, ...] = ()
    message: str = ""
    avis: str = ""
    """What this notice changes: « La réunion prévue le… est reportée »."""
    signataire: str = ""
    demonstration: bool = False
    gabarit: str = "convocation_reunion/v1"
    charte: CharteDoc | None = None


@dataclass(frozen=True, slots=True)
class FeuillePresenceDoc:
    """The sheet to sign. `adresse`: what its code opens; `lignes_libres`: rows for others."""

    seance: SeanceReunionDoc
    autorite: str
    etabli_le: date
    convies: tuple[PersonneReunionDoc, ...] = ()
    adresse: str = ""
    lignes_libres: int = 6
    demonstration: bool = False
    gabarit: str = "feuille_presence/v1"
    charte: CharteDoc | None = None


@dataclass(frozen=True, slots=True)
class DecisionReunionDoc:
    """A decision as the minutes list it."""

    numero: int
    texte: str
    responsable: str = ""
    echeance: date | None = None
    objet: str = ""
    etat: str = ""


@dataclass(frozen=True, slots=True)
class CompteRenduDoc:
    """The minutes. `brouillon`: not validated yet; `valide_par` empty then."""

    seance: SeanceReunionDoc
    autorite: str
    etabli_le: date
    presidence: str = ""
    synthese: str = ""
    convies: tuple[PersonneReunionDoc, ...] = ()
    points: tuple[PointReunionDoc, ...] = ()
    decisions: tuple[DecisionReunionDoc, ...] = ()
    questions: tuple[tuple[str, str], ...] = ()
    """Questions prepared and their answers."""
    valide_par: str = ""
    valide_le: date | None = None
    brouillon: bool = True
    demonstration: bool = False
    gabarit: str = "compte_rendu/v1"
    charte: CharteDoc | None = None
