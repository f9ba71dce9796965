"""What a policy says of its grant files: the key « dossier » of a dispositif.

    dossier:
      debut: complet          # libre, depot, complet: from when the work may start; absent: the law
      reponse_jours: 30       # days given to the owner to send a piece
      source: …
      demonstration: true

What is absent is not published: the law says when the work may start, and who asks for a piece gives its day.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_CLES = frozenset({"debut", "reponse_jours", "source", "demonstration"})
JOURS_MAX = 366


class Debut(StrEnum):
    """From when the work may start."""

    LIBRE = "libre"
    DEPOT = "depot"
    COMPLET = "complet"


@dataclass(frozen=True, slots=True)
class ReglesDossier:
    """`debut` None: the law; `reponse_jours` None: chosen at each ask."""

    debut: Debut | None = None
    reponse_jours: int | None = None
    source: str = ""
    demonstration: bool = False


def lire_regles_dossier(bloc: Mapping[str, Any] | None) -> ReglesDossier:
    """The key `dossier` of a dispositif; empty without it. ValueError (French) names what is wrong."""
    if bloc is None:
        return ReglesDossier()
    if not isinstance(bloc, Mapping):
        raise ValueError("« dossier » : écrivez des clés debut, reponse_jours, source.")
    if inconnues := sorted(set(map(str, bloc)) - _CLES):
        raise ValueError(f"« dossier » : clé « {inconnues[0]} » inconnue.")
    return ReglesDossier(
        debut=_debut(bloc.get("debut")),
        reponse_jours=_jours(bloc.get("reponse_jours")),
        source=str(bloc.get("source") or ""),
        demonstration=bool(bloc.get("demonstration")),
    )


def _debut(valeur: Any) -> Debut | None:
    if valeur is None:
        return None
    if valeur not in set(Debut):
        raise ValueError(f"« dossier », debut : « {valeur} » est inconnu. Connus : {', '.join(Debut)}.")
    return Debut(valeur)


def _jours(valeur: Any) -> int | None:
    if valeur is None:
        return None
    if not isinstance(valeur, int) or isinstance(valeur, bool) or not 0 < valeur <= JOURS_MAX:
        raise ValueError(f"« dossier », reponse_jours : écrivez un nombre de jours de 1 à {JOURS_MAX}.")
    return valeur
