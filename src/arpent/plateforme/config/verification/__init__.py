"""`arpent verifier`: does what is stored hold together? Reads only; each check says what it found.

`totaux` for the euros, `depots` for the files, `moteurs` for the database itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from django.conf import settings

from . import depots, moteurs, totaux
from .controle import Controle, Releve

__all__ = ["Compte", "verifier"]


@dataclass(frozen=True, slots=True)
class Compte:
    """What one check found: `nombre` things read, the first anomalies in French, how many in all."""

    code: str
    libelle: str
    lus: str
    nombre: int
    anomalies: tuple[str, ...]
    total: int
    duree: float


MONTREES = 20
"""Anomalies said for each check; the others are only counted."""


def _journal(releve: Releve) -> Iterator[str]:
    from arpent.plateforme.documents.signature.horodatage import lire_jeton
    from arpent.plateforme.journal import actions, sceaux

    chaine = actions.verifier()
    releve.nombre = chaine.nombre
    if not chaine.intacte:
        yield f"Journal altéré à l’entrée {chaine.rupture} : {chaine.raison}."
    _, ecarts = sceaux.verifier_les_sceaux(
        chaine, lambda jeton, contenu: lire_jeton(jeton, contenu, settings.ARPENT_CERTIFICATS)
    )
    for ecart in ecarts:
        yield f"Sceau du {ecart.jour:%d/%m/%Y} : {ecart.raison}."


CONTROLES: tuple[Controle, ...] = (
    Controle("base", "Base de données", "tables", moteurs.base),
    Controle("declencheurs", "Protections de la base", "déclencheurs", moteurs.declencheurs),
    Controle("journal", "Journal et sceaux", "entrées", _journal),
    Controle("fichiers", "Fichiers nommés par la base", "fichiers", depots.fichiers),
    Controle("orphelins", "Fichiers sans ligne dans la base", "fichiers du dépôt", depots.orphelins),
    Controle("credits", "Grand livre des crédits", "mouvements", totaux.credits),
    Controle("figees", "Données figées des contrats et avenants", "versions", totaux.figees),
    Controle("maquettes", "Lignes des contrats et maquettes", "contrats", totaux.maquettes),
)


def verifier(
    dire: Callable[[str], None] = lambda _: None, controles: Iterable[Controle] = CONTROLES
) -> list[Compte]:
    """Every check, one after the other; one that cannot be made is itself an anomaly."""
    return [_faire(controle, dire) for controle in controles]


def _faire(controle: Controle, dire: Callable[[str], None]) -> Compte:
    dire(controle.libelle)
    debut, releve, montrees, total = time.monotonic(), Releve(), list[str](), 0
    try:
        for anomalie in controle.faire(releve):
            total += 1
            if total <= MONTREES:
                montrees.append(anomalie)
    except Exception as erreur:  # the other checks are made all the same
        total += 1
        montrees.append(f"Ce contrôle s’est arrêté : {type(erreur).__name__}, {erreur}.")
    return Compte(
        controle.code, controle.libelle, controle.lus, releve.nombre, tuple(montrees), total,
        time.monotonic() - debut,
    )  # fmt: skip
