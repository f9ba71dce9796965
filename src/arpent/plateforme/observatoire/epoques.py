"""The other years as the store remembers them: movements, names of old communes, compositions of the EPCI."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from arpent.plateforme.observatoire.geographie import REFERENCE, Frise, Mouvement

GEOGRAPHIE = "geographie.json"


class CompositionInconnue(LookupError):
    """No composition of the EPCI is known at that date or before."""

    def __init__(self, annee: int, premiere: int | None) -> None:
        connue = f" La plus ancienne connue est celle de {premiere}." if premiere else ""
        super().__init__(
            f"La composition des intercommunalités de {annee} n’est pas chargée.{connue} "
            "Chargez la table d’appartenance de cette année (insee.fr)."
        )


@dataclass(frozen=True, slots=True)
class Composition:
    """EPCI → communes, in the codes of 1 January `annee` (which may be earlier than the year asked)."""

    annee: int
    membres: Mapping[str, tuple[str, ...]]

    def __getitem__(self, siren: str) -> tuple[str, ...]:
        return self.membres[siren]

    def get(self, siren: str) -> tuple[str, ...]:
        """Empty when the EPCI did not exist."""
        return self.membres.get(siren, ())


@dataclass(frozen=True)
class Epoques:
    frise: Frise
    noms: Mapping[str, str]
    compositions: Mapping[int, Mapping[str, tuple[str, ...]]]

    @classmethod
    def lire(cls, dossier: Path | None) -> "Epoques":
        """From the store in `dossier`; empty when it has none (it is being built)."""
        if dossier is None or not (dossier / GEOGRAPHIE).exists():
            return cls(Frise(()), {}, {})
        brut = json.loads((dossier / GEOGRAPHIE).read_text(encoding="utf-8"))
        compositions = {
            int(annee): {siren: tuple(codes) for siren, codes in quoi.items()}
            for annee, quoi in brut["compositions"].items()
        }
        return cls(Frise(Mouvement(*m) for m in brut["mouvements"]), brut["noms"], compositions)

    def composition(self, annee: int) -> Composition:
        connues = [a for a in self.compositions if a <= annee]
        if not connues:
            raise CompositionInconnue(annee, min(self.compositions, default=None))
        return Composition(max(connues), self.compositions[max(connues)])

    @cached_property
    def annees(self) -> tuple[int, ...]:
        """The years whose composition is known."""
        return tuple(sorted(self.compositions))

    def effectif(self, code: str, annee: int) -> int:
        """How many communes of `annee` shared the ground where `code` now lies."""
        return next((len(g.avant) for g in self.frise.groupes(annee, REFERENCE) if code in g.avant), 1)

    def note(self, isolees: Mapping[str, tuple[str, ...]], annee: int) -> str:
        """Which communes of that year cannot be told apart, and where they are now."""
        phrases = []
        for code, dans in list(isolees.items())[:3]:
            ou = ", ".join(self.noms.get(c, c) for c in dans)
            phrases.append(f"{self.noms.get(code, code)} ne se distingue plus de {ou}")
        suite = f" (et {len(isolees) - 3} autres communes)" if len(isolees) > 3 else ""
        return f"Communes de {annee} : {' ; '.join(phrases)}{suite}."
