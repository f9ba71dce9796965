"""A questionnaire: its questions, what an answer may be, what the answers say together.

Counts keep their denominator. Below `SEUIL_SECRET` answers nothing is broken down by category, and a
category is never left to be deduced by a subtraction. The rules and a worked table are in
docs/algorithmes/evaluation.md.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

SEUIL_SECRET = 5
TEXTE_MAX = 2_000
ECHELLE = ("1", "2", "3", "4", "5")
OUI, NON = "oui", "non"
NOMBRE_MAX = Decimal("1000000000")
_NOMBRE = re.compile(r"-?\d{1,10}(?:,\d{1,2})?")


class Genre(StrEnum):
    """Kind of a question."""

    CHOIX = "choix"
    PLUSIEURS = "plusieurs"
    ECHELLE = "echelle"
    OUI_NON = "oui_non"
    TEXTE = "texte"
    NOMBRE = "nombre"


@dataclass(frozen=True, slots=True)
class Question:
    """`choix`: (code, label) pairs, for the kinds that offer some. `bornes`: words at the ends of a scale."""

    code: str
    genre: Genre
    libelle: str
    choix: tuple[tuple[str, str], ...] = ()
    obligatoire: bool = False
    unite: str = ""
    bornes: tuple[str, str] = ("", "")

    @property
    def modalites(self) -> tuple[tuple[str, str], ...]:
        """What a closed question may be answered; empty for a text or a number."""
        match self.genre:
            case Genre.ECHELLE:
                return tuple((n, n) for n in ECHELLE)
            case Genre.OUI_NON:
                return ((OUI, "Oui"), (NON, "Non"))
            case _:
                return self.choix


@dataclass(frozen=True, slots=True)
class Etape:
    """One page of the phone."""

    titre: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """In the order it is asked."""

    titre: str
    presentation: str
    etapes: tuple[Etape, ...]

    @property
    def questions(self) -> tuple[Question, ...]:
        return tuple(q for e in self.etapes for q in e.questions)


Reponse = str | list[str]
"""As kept: a code, codes, a text, or a number written « 12.5 »."""


class ReponseInvalide(ValueError):
    """What was sent is no answer to that question; the French message says what to do."""


def lire_reponse(question: Question, envoye: Sequence[str]) -> Reponse | None:
    """The answer to keep; None: nothing was answered. ReponseInvalide."""
    lus = [v.strip() for v in envoye if v.strip()]
    if not lus:
        return None
    match question.genre:
        case Genre.PLUSIEURS:
            connus = [code for code, _ in question.modalites]
            if set(lus) - set(connus):
                raise ReponseInvalide("Choisissez parmi les réponses proposées.")
            return [code for code in connus if code in lus]
        case Genre.TEXTE:
            if len(lus[0]) > TEXTE_MAX:
                raise ReponseInvalide(f"Ce texte est trop long : {TEXTE_MAX} caractères au plus.")
            return lus[0]
        case Genre.NOMBRE:
            return _lire_nombre(lus[0])
        case _:
            if lus[0] not in {code for code, _ in question.modalites}:
                raise ReponseInvalide("Choisissez parmi les réponses proposées.")
            return lus[0]


def _lire_nombre(saisi: str) -> str:
    serre = re.sub(r"[\s\u00a0\u202f]", "", saisi).replace(".", ",").replace("−", "-")
    if not _NOMBRE.fullmatch(serre) or abs(nombre := Decimal(serre.replace(",", "."))) > NOMBRE_MAX:
        raise ReponseInvalide("Écrivez un nombre, par exemple 12,5.")
    return str(nombre)


def manquantes(questions: Iterable[Question], reponses: Mapping[str, Reponse]) -> tuple[Question, ...]:
    """The questions that must be answered and are not."""
    return tuple(q for q in questions if q.obligatoire and not reponses.get(q.code))


@dataclass(frozen=True, slots=True)
class Part:
    """How many gave an answer, out of those who answered the question."""

    libelle: str
    nombre: int
    sur: int

    @property
    def part(self) -> Decimal | None:
        """From 0 to 1; None when nobody answered."""
        return Decimal(self.nombre) / Decimal(self.sur) if self.sur else None


@dataclass(frozen=True, slots=True)
class Resultat:
    """What was answered to one question. `textes` in the order of the alphabet: it tells nobody’s turn.

    `moyenne` of a scale or of numbers is `somme` over `repondants`.
    """

    question: Question
    repondants: int
    sur: int
    parts: tuple[Part, ...] = ()
    textes: tuple[str, ...] = ()
    somme: Decimal | None = None
    mediane: Decimal | None = None

    @property
    def moyenne(self) -> Decimal | None:
        if self.somme is None or not self.repondants:
            return None
        return self.somme / self.repondants


def depouiller(question: Question, reponses: Sequence[Mapping[str, Reponse]]) -> Resultat:
    """Of all the answers received. Several choices: the parts may add up to more than one."""
    donnees = [r for un in reponses if (r := un.get(question.code))]
    sur = len(reponses)
    if question.genre is Genre.TEXTE:
        return Resultat(question, len(donnees), sur, textes=tuple(sorted(str(d) for d in donnees)))
    if question.genre is Genre.NOMBRE:
        somme, mediane = _mesures([Decimal(str(d)) for d in donnees])
        return Resultat(question, len(donnees), sur, somme=somme, mediane=mediane)
    listes = [d if isinstance(d, list) else [d] for d in donnees]
    parts = tuple(
        Part(libelle, sum(1 for un in listes if code in un), len(donnees))
        for code, libelle in question.modalites
    )
    if question.genre is Genre.ECHELLE:
        somme, mediane = _mesures([Decimal(un[0]) for un in listes])
        return Resultat(question, len(donnees), sur, parts=parts, somme=somme, mediane=mediane)
    return Resultat(question, len(donnees), sur, parts=parts)


def _mesures(valeurs: Sequence[Decimal]) -> tuple[Decimal | None, Decimal | None]:
    """Their sum and their median."""
    if not valeurs:
        return None, None
    rangees = sorted(valeurs)
    milieu = len(rangees) // 2
    mediane = rangees[milieu] if len(rangees) % 2 else (rangees[milieu - 1] + rangees[milieu]) / 2
    return sum(rangees, Decimal(0)), mediane


def categories_montrables(effectifs: Mapping[str, int]) -> tuple[str, ...]:
    """The categories whose answers may be shown apart, in the order given.

    One with fewer than `SEUIL_SECRET` answers is hidden. When those hidden add up to fewer than that, they
    could be deduced from the total: the smallest ones still shown are hidden with them.
    """
    presentes = {nom: n for nom, n in effectifs.items() if n}
    caches = {nom for nom, n in presentes.items() if n < SEUIL_SECRET}
    montrees = sorted(set(presentes) - caches, key=lambda nom: (presentes[nom], nom))
    while caches and sum(presentes[c] for c in caches) < SEUIL_SECRET and montrees:
        caches.add(montrees.pop(0))
    return tuple(nom for nom in effectifs if nom in montrees)


def taux_de_reponse(recues: int, invites: int) -> Decimal | None:
    """From 0 to 1; None when nobody was invited."""
    return Decimal(recues) / Decimal(invites) if invites else None
