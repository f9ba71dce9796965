"""Typed reading of a règlement's data, with errors that name the article and the key."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import MontantIllisible, lire_montant
from arpent.metier.reglement.bareme import Parametre

MOTIF_TAUX = r"(\d{1,3}(?:[.,]\d{1,4})?)\s*%"
MOTIF_NOMBRE = r"\d{1,12}(?:[.,]\d{1,6})?"
_TAUX = re.compile(MOTIF_TAUX)

_NOMBRE = re.compile(MOTIF_NOMBRE)


class ReglementInvalide(ValueError):
    """The règlement's file is wrong; the French message names the article, the key, and what is expected."""


@dataclass(frozen=True, slots=True)
class Lecteur:
    """Reads the keys of one mapping. `lieu` opens each message; `demonstration` fills the empty values."""

    donnees: Mapping[str, Any]
    lieu: str
    demonstration: bool = False
    _lues: set[str] = field(default_factory=set)

    def refus(self, message: str) -> ReglementInvalide:
        return ReglementInvalide(f"{self.lieu} : {message}")

    def brut(self, cle: str) -> Any:
        """The raw value, None when absent; the key is then known."""
        self._lues.add(cle)
        return self.donnees.get(cle)

    def texte(self, cle: str, defaut: str | None = None) -> str:
        """A text; required when there is no default."""
        valeur = self.brut(cle)
        if valeur is None and defaut is not None:
            return defaut
        if isinstance(valeur, int) and not isinstance(valeur, bool):
            return str(valeur)
        if not isinstance(valeur, str) or not valeur.strip():
            raise self.refus(f"la clé « {cle} » doit être un texte non vide.")
        return valeur.strip()

    def textes(self, cle: str, *, facultatif: bool = False) -> tuple[str, ...]:
        """A list of texts, empty only when `facultatif`."""
        valeur = self.brut(cle)
        if valeur is None and facultatif:
            return ()
        if not isinstance(valeur, list) or not valeur or not all(isinstance(v, str) for v in valeur):
            raise self.refus(f"la clé « {cle} » doit être une liste de textes.")
        return tuple(valeur)

    def entier(self, cle: str) -> int | None:
        """A positive whole number, or None when absent."""
        valeur = self.brut(cle)
        if valeur is None:
            return None
        if not isinstance(valeur, int) or isinstance(valeur, bool) or valeur < 0:
            raise self.refus(f"la clé « {cle} » doit être un nombre entier positif.")
        return valeur

    def booleen(self, cle: str) -> bool:
        valeur = self.brut(cle)
        if not isinstance(valeur, bool):
            raise self.refus(f"la clé « {cle} » doit être « true » (oui) ou « false » (non).")
        return valeur

    def date(self, cle: str) -> date:
        valeur = self.brut(cle)
        if isinstance(valeur, date):
            return valeur
        try:
            return date.fromisoformat(self.texte(cle))
        except ValueError as erreur:
            raise self.refus(f"la clé « {cle} » doit être une date, par exemple 2026-01-01.") from erreur

    def blocs(self, cle: str) -> "list[Lecteur]":
        """A list of mappings that is not empty, each ready to be read."""
        valeur = self.brut(cle)
        if not isinstance(valeur, list) or not valeur or not all(isinstance(v, dict) for v in valeur):
            raise self.refus(f"la clé « {cle} » doit être une liste non vide de blocs.")
        lieux = (f"{self.lieu}, {cle}, ligne {rang}" for rang in range(1, len(valeur) + 1))
        return [Lecteur(bloc, lieu, self.demonstration) for bloc, lieu in zip(valeur, lieux, strict=True)]

    def table(self, cle: str) -> Mapping[str, Any]:
        """A mapping, empty when absent."""
        valeur = self.brut(cle)
        if valeur is None:
            return {}
        if not isinstance(valeur, dict) or not all(isinstance(c, str) for c in valeur):
            raise self.refus(f"la clé « {cle} » doit être une table de clés et de valeurs.")
        return valeur

    def taux(self, cle: str) -> Parametre:
        return self.parametre(self.exiger(cle), cle, self.lire_taux)

    def montant(self, cle: str) -> Parametre:
        return self.parametre(self.exiger(cle), cle, self.lire_euros)

    def nombre(self, cle: str) -> Parametre:
        return self.parametre(self.exiger(cle), cle, self.lire_nombre)

    def finir(self) -> None:
        """Refuse the keys that nobody read: a misspelt key must not be silently ignored."""
        inconnues = sorted(str(cle) for cle in self.donnees if cle not in self._lues)
        if inconnues:
            raise self.refus(
                f"clé inconnue « {inconnues[0]} ». Clés attendues : {', '.join(sorted(self._lues))}."
            )

    def sous(self, cle: str) -> "Lecteur":
        """The mapping at that key, ready to be read."""
        valeur = self.brut(cle)
        if not isinstance(valeur, dict):
            raise self.refus(f"la clé « {cle} » doit être une table de clés et de valeurs.")
        return Lecteur(valeur, f"{self.lieu}, {cle}", self.demonstration)

    def exiger(self, cle: str) -> Any:
        """The raw value of a key that cannot be absent."""
        valeur = self.brut(cle)
        if valeur is None:
            raise self.refus(
                f"la clé « {cle} » est absente ; pour une valeur non publiée, écrivez « valeur: null »."
            )
        return valeur

    def parametre(self, valeur: Any, cle: str, lire: Callable[[Any, str], Decimal]) -> Parametre:
        """A value already taken from the data: certain, empty, or of demonstration."""
        if not isinstance(valeur, dict):
            return Parametre(lire(valeur, cle))
        interne = Lecteur(valeur, f"{self.lieu}, {cle}", self.demonstration)
        certaine, exemple = interne.brut("valeur"), interne.brut("valeur_demonstration")
        source = interne.texte("source", "")
        interne.finir()
        if certaine is not None:
            return Parametre(lire(certaine, cle), source)
        if exemple is None or not self.demonstration:
            return Parametre(None, source)
        return Parametre(lire(exemple, cle), source, demonstration=True)

    def lire_taux(self, valeur: Any, cle: str) -> Decimal:
        """“30 %” as 0.30."""
        trouve = _TAUX.fullmatch(valeur.strip()) if isinstance(valeur, str) else None
        if trouve is None or (points := Decimal(trouve[1].replace(",", "."))) > 100:
            raise self.refus(f'la clé « {cle} » doit être un taux entre guillemets, par exemple "30 %".')
        return points / 100

    def lire_nombre(self, valeur: Any, cle: str) -> Decimal:
        """“0,94” as 0.94."""
        ecrit = str(valeur) if isinstance(valeur, int) and not isinstance(valeur, bool) else valeur
        if not isinstance(ecrit, str) or not _NOMBRE.fullmatch(ecrit.strip()):
            raise self.refus(f'la clé « {cle} » doit être un nombre entre guillemets, par exemple "0,94".')
        return Decimal(ecrit.strip().replace(",", "."))

    def lire_euros(self, valeur: Any, cle: str) -> Decimal:
        """“15 000 €” as 15000.00."""
        if not isinstance(valeur, str | int) or isinstance(valeur, bool):
            raise self.refus(
                f'la clé « {cle} » doit être un montant entre guillemets, par exemple "15 000 €".'
            )
        try:
            return lire_montant(str(valeur))
        except MontantIllisible as erreur:
            raise self.refus(f"clé « {cle} » : {erreur}") from erreur
