"""Conditions of a règlement: a small typed tree, read from data, said in French, judged with three answers.

    {et: [{champ: population, est: "<", valeur: 500}, {champ: classe, parmi: [A]}]}

The answer is True, False, or None when the project does not say enough; what is missing is then named.
Nothing is ever evaluated as text. `non` is read as the contrary of what it holds (De Morgan), so that the
sentence stays plain. What is judged is a project, or the facts of a contract: its fields read it themselves.
"""

import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.metier.reglement.champs import ChampProjet, TypeChamp
from arpent.metier.reglement.contexte import nommer

PROFONDEUR_MAXIMALE = 6
TAILLE_MAXIMALE = 60

OPERATEURS: dict[str, Callable[[Any, Any], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
CONTRAIRES: dict[str, str] = {"<": ">=", "<=": ">", "=": "!=", "!=": "=", ">=": "<", ">": "<="}
_TOURNURES: dict[str, str] = {
    "<": "moins de {}",
    "<=": "au plus {}",
    "=": "exactement {}",
    "!=": "tout sauf {}",
    ">=": "au moins {}",
    ">": "plus de {}",
}
_TOURNURES_DATE: dict[str, str] = {
    "<": "avant le {}",
    "<=": "au plus tard le {}",
    "=": "le {}",
    "!=": "à une autre date que le {}",
    ">=": "à partir du {}",
    ">": "après le {}",
}

# What is judged, and the labels of the data that would be needed to judge.
Jugement = tuple[bool | None, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Condition(ABC):
    """One node of the tree."""

    @abstractmethod
    def juger(self, projet: Any) -> Jugement:
        """True, False, or None with what is missing."""

    @abstractmethod
    def contraire(self) -> "Condition":
        """The condition that is true when this one is false."""

    @abstractmethod
    def enonce(self, libelles: Mapping[str, str]) -> str:
        """In plain French, to be read after “si le projet relève de ce cas :”."""

    @abstractmethod
    def feuilles(self) -> tuple["Feuille", ...]:
        """The comparisons it is made of, left to right."""


@dataclass(frozen=True, slots=True)
class Feuille(Condition):
    """A condition on one field of the project."""

    champ: ChampProjet

    def juger(self, projet: Any) -> Jugement:
        valeur = self.champ.lire(projet)
        if valeur is None:
            return None, (self.champ.libelle,)
        return self.est_remplie(valeur), ()

    def feuilles(self) -> tuple["Feuille", ...]:
        return (self,)

    @abstractmethod
    def est_remplie(self, valeur: Any) -> bool:
        """Judge a known value."""


@dataclass(frozen=True, slots=True)
class Comparaison(Feuille):
    """A number, an amount, a date or a yes/no against a fixed value."""

    est: str
    valeur: Decimal | date | bool

    def est_remplie(self, valeur: Any) -> bool:
        return OPERATEURS[self.est](valeur, self.valeur)

    def contraire(self) -> Condition:
        return Comparaison(self.champ, CONTRAIRES[self.est], self.valeur)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        if self.champ.type is TypeChamp.BOOLEEN:
            return self.champ.nom_court if self.valeur is (self.est == "=") else self.champ.contraire
        if self.champ.type is TypeChamp.DATE:
            return f"{self.champ.nom_court} {self.mesure()}"
        if self.champ.nom == "population":
            return f"maître d’ouvrage {_de(self.mesure())}"
        return f"{self.champ.nom_court} : {self.mesure()}"

    def mesure(self) -> str:
        """“moins de 500 habitants”."""
        return mesurer(self.champ, self.est, self.valeur)


@dataclass(frozen=True, slots=True)
class Parmi(Feuille):
    """The code is one of `codes` (or none of them: `exclu`); a list field holds at least one of them."""

    codes: tuple[str, ...]
    exclu: bool = False

    def est_remplie(self, valeur: Any) -> bool:
        portes = valeur if isinstance(valeur, tuple) else (valeur,)
        return any(code in self.codes for code in portes) is not self.exclu

    def contraire(self) -> Condition:
        return Parmi(self.champ, self.codes, not self.exclu)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        if self.champ.nom == "beneficiaire":
            noms = " ou ".join(nommer(code, libelles) for code in self.codes)
            return f"tout maître d’ouvrage sauf {noms}" if self.exclu else noms
        noms = " ou ".join(f"« {nommer(code, libelles)} »" for code in self.codes)
        return f"{self.champ.nom_court}{' autre que' if self.exclu else ''} {noms}"


@dataclass(frozen=True, slots=True)
class Renseigne(Feuille):
    """The project gives this field (or does not: `attendu` False); never unknown."""

    attendu: bool = True

    def juger(self, projet: Any) -> Jugement:
        return self.est_remplie(self.champ.lire(projet)), ()

    def est_remplie(self, valeur: Any) -> bool:
        return (valeur is not None) is self.attendu

    def contraire(self) -> Condition:
        return Renseigne(self.champ, not self.attendu)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return f"donnée {'connue' if self.attendu else 'non renseignée'} : {self.champ.libelle}"


@dataclass(frozen=True, slots=True)
class Et(Condition):
    """All of them: one False is enough to say no, whatever is unknown."""

    conditions: tuple[Condition, ...]

    def juger(self, projet: Any) -> Jugement:
        return _juger(self.conditions, projet, decisif=False)

    def contraire(self) -> Condition:
        return Ou(tuple(c.contraire() for c in self.conditions))

    def enonce(self, libelles: Mapping[str, str]) -> str:
        """“commune de moins de 500 habitants”: the owner and its population are said together."""
        mots: list[str] = []
        precedente: Condition | None = None
        for condition in self.conditions:
            if (
                isinstance(condition, Comparaison)
                and condition.champ.nom == "population"
                and isinstance(precedente, Parmi)
                and precedente.champ.nom == "beneficiaire"
                and not precedente.exclu
            ):
                mots[-1] += f" {_de(condition.mesure())}"
            else:
                texte = condition.enonce(libelles)
                mots.append(f"({texte})" if isinstance(condition, Ou) else texte)
            precedente = condition
        return " et ".join(mots)

    def feuilles(self) -> tuple[Feuille, ...]:
        return tuple(f for c in self.conditions for f in c.feuilles())


@dataclass(frozen=True, slots=True)
class Ou(Condition):
    """At least one of them: one True is enough to say yes, whatever is unknown."""

    conditions: tuple[Condition, ...]

    def juger(self, projet: Any) -> Jugement:
        return _juger(self.conditions, projet, decisif=True)

    def contraire(self) -> Condition:
        return Et(tuple(c.contraire() for c in self.conditions))

    def enonce(self, libelles: Mapping[str, str]) -> str:
        return " ou ".join(c.enonce(libelles) for c in self.conditions)

    def feuilles(self) -> tuple[Feuille, ...]:
        return tuple(f for c in self.conditions for f in c.feuilles())


def _juger(conditions: tuple[Condition, ...], projet: Any, *, decisif: bool) -> Jugement:
    """Kleene's logic: the deciding answer wins, then what is unknown, then the other answer."""
    manquants: list[str] = []
    for condition in conditions:
        valeur, absents = condition.juger(projet)
        if valeur is decisif:
            return decisif, ()
        manquants.extend(absents)
    if manquants:
        return None, tuple(dict.fromkeys(manquants))
    return not decisif, ()


def _de(mesure: str) -> str:
    """“de moins de 500 habitants”, “d’au moins 500 habitants”."""
    return f"d’{mesure}" if mesure[0] in "ae" else f"de {mesure}"


def mesurer(champ: ChampProjet, est: str, valeur: Decimal | date | bool) -> str:
    """“moins de 500 habitants”, “au moins 100 000,00 €”, “avant le 01/01/2026”."""
    if isinstance(valeur, date):
        return _TOURNURES_DATE[est].format(f"{valeur:%d/%m/%Y}")
    return _TOURNURES[est].format(ecrire(champ, Decimal(valeur)))


def ecrire(champ: ChampProjet, valeur: Decimal) -> str:
    """A number with its unit: “2 000 habitants”, “100 000,00 €”, “2026”."""
    if champ.type is TypeChamp.MONTANT:
        return formater_euros(valeur)
    if champ.nom == "annee":
        return str(valeur)
    exposant = valeur.normalize().as_tuple().exponent
    decimales = max(0, -exposant) if isinstance(exposant, int) else 0
    unite = champ.unite.removesuffix("s") if champ.nom == "population" and valeur < 2 else champ.unite
    return f"{formater_nombre(valeur, decimales)} {unite}".strip()
