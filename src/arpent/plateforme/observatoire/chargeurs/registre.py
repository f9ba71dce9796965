"""All the loaders, in the order they are asked whether a file is theirs."""

from __future__ import annotations

from .base import Chargeur, FichierRefuse, Reconnaissance
from .filosofi import CHARGEUR as FILOSOFI
from .source import Source

CHARGEURS: tuple[Chargeur, ...] = (FILOSOFI,)


def reconnaitre(source: Source) -> tuple[Chargeur, Reconnaissance]:
    """The loader of a file. FichierRefuse when none knows it, or when two claim it."""
    trouves = [(c, quoi) for c in CHARGEURS if (quoi := c.reconnaitre(source)) is not None]
    if not trouves:
        connus = ", ".join(c.titre for c in CHARGEURS)
        raise FichierRefuse(
            f"Le fichier {source.nom} n’est pas reconnu. Chargez-le tel que le producteur le publie, sans le "
            f"modifier ni le renommer. Fichiers connus : {connus}."
        )
    return trouves[0]
