"""Counts shared by the workers of one server, in the text that Prometheus reads.

One array in shared memory, made when the application is loaded, before the workers: a worker that is renewed
takes nothing away. A client library would load an HTTP server and write a file for each worker.
"""

from __future__ import annotations

import bisect
import multiprocessing
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

BORNES = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Seconds."""
_CLASSES = ("1xx", "2xx", "3xx", "4xx", "5xx")
_SOMME = len(_CLASSES) + len(BORNES) + 1
_compteurs = multiprocessing.Array("d", _SOMME + 1)


@dataclass(frozen=True, slots=True)
class Jauge:
    """One measure of the moment."""

    nom: str
    aide: str
    valeur: float
    etiquette: str = ""


Source = Callable[[], Iterable[Jauge]]


def compter(statut: int, secondes: float) -> None:
    """One more answer."""
    rang = len(_CLASSES) + bisect.bisect_left(BORNES, secondes)
    with _compteurs.get_lock():
        _compteurs[min(max(statut // 100, 1), 5) - 1] += 1
        _compteurs[rang] += 1
        _compteurs[_SOMME] += secondes


def en_texte(jauges: Iterable[Jauge]) -> str:
    """The exposition format, version 0.0.4."""
    with _compteurs.get_lock():
        lus: list[float] = _compteurs[:]
    return "\n".join([*_des_reponses(lus), *_des_jauges(jauges), ""])


def _des_reponses(lus: list[float]) -> Iterator[str]:
    yield "# HELP arpent_reponses_total Réponses, par classe de code."
    yield "# TYPE arpent_reponses_total counter"
    for rang, classe in enumerate(_CLASSES):
        yield f'arpent_reponses_total{{classe="{classe}"}} {lus[rang]:.0f}'
    yield "# HELP arpent_duree_secondes Temps de réponse, hors attente du mandataire."
    yield "# TYPE arpent_duree_secondes histogram"
    cumul = 0.0
    for rang, borne in enumerate((*map(str, BORNES), "+Inf")):
        cumul += lus[len(_CLASSES) + rang]
        yield f'arpent_duree_secondes_bucket{{le="{borne}"}} {cumul:.0f}'
    yield f"arpent_duree_secondes_sum {lus[_SOMME]:.6f}"
    yield f"arpent_duree_secondes_count {cumul:.0f}"


def _des_jauges(jauges: Iterable[Jauge]) -> Iterator[str]:
    dites: set[str] = set()
    for jauge in jauges:
        if jauge.nom not in dites:
            dites.add(jauge.nom)
            yield f"# HELP {jauge.nom} {jauge.aide}"
            yield f"# TYPE {jauge.nom} gauge"
        yield f"{jauge.nom}{jauge.etiquette} {jauge.valeur:g}"
