"""All the loaders: each module of this package that holds a `CHARGEUR` (or several, `CHARGEURS`).

They are asked by `priorite` (100 unless the loader says otherwise), then by name. Of two loaders that know a
file, the lower priority wins; two of the same priority are a refusal: nothing is guessed.
"""

from __future__ import annotations

import pkgutil
import zlib
from collections.abc import Iterator, Sequence
from importlib import import_module
from pathlib import Path

import polars as pl

from .base import Chargeur, FichierRefuse, Lot, Progression, Rapport, Reconnaissance
from .source import Source

CADRE = frozenset({"base", "charger", "classeur", "effets", "ouvrier", "registre", "source", "tables"})
DONNEES_TEXTE = (".csv", ".txt", ".tsv", ".json", ".geojson", "")
MEMBRES_MAX = 60
"""Members of an archive looked at one by one."""


def _decouvrir() -> Iterator[Chargeur]:
    for module in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if module.name in CADRE:
            continue
        contenu = import_module(f"{__package__}.{module.name}")
        if hasattr(contenu, "CHARGEUR"):
            yield contenu.CHARGEUR
        yield from getattr(contenu, "CHARGEURS", ())


def priorite(chargeur: Chargeur) -> int:
    return int(getattr(chargeur, "priorite", 100))


CHARGEURS: tuple[Chargeur, ...] = tuple(sorted(_decouvrir(), key=lambda c: (priorite(c), c.jeu)))


def reconnaitre(source: Source) -> tuple[Chargeur, Reconnaissance]:
    """The loader of a file. FichierRefuse when none knows it, or when two claim it."""
    trouves = _revendiquer(source)
    if not trouves:
        raise FichierRefuse(
            f"Le fichier {source.nom} n’est pas reconnu. Chargez-le tel que le producteur le publie, sans le "
            "modifier ni le renommer. La liste des fichiers connus est dans le guide « observatoire » "
            "(ou : arpent observatoire reconnaitre --liste)."
        )
    return trouves[0]


def lire(
    chargeur: Chargeur, source: Source, quoi: Reconnaissance, rapport: Rapport, progression: Progression
) -> Sequence[Lot]:
    """The tables of a recognised file. One that does not follow its headers is refused."""
    try:
        return chargeur.lire(source, quoi, rapport, progression)
    except (pl.exceptions.PolarsError, LookupError, ValueError, OSError, zlib.error) as erreur:
        raise FichierRefuse(
            f"Le fichier {source.nom} ressemble à « {chargeur.titre} », mais n’en a pas la forme : "
            "téléchargez-le à nouveau, sans le modifier."
        ) from erreur


def reconnaitre_tout(source: Source) -> list[tuple[Chargeur, Reconnaissance]]:
    """The same for each member of an archive that carries several tables (`cog_ensemble_2026_csv.zip`)."""
    if source.genre != "zip" or len(source.membres) < 2:
        return [reconnaitre(source)]
    trouves: dict[str, tuple[Chargeur, Reconnaissance]] = {}
    refus: FichierRefuse | None = None
    for membre in [m for m in source.membres if _est_une_donnee(m)][:MEMBRES_MAX]:
        try:
            trouve = _revendiquer(source.seul(membre))
        except FichierRefuse as erreur:
            refus = refus or erreur
            continue
        if trouve:
            trouves[membre] = trouve[0]
    if not trouves and refus is not None:
        raise refus
    return list(trouves.values()) or [reconnaitre(source)]


def _est_une_donnee(membre: str) -> bool:
    nom = membre.rpartition("/")[2].lower()
    return Path(nom).suffix in DONNEES_TEXTE and not nom.startswith(
        (".", "meta", "varmod", "lisez", "readme")
    )


def _revendiquer(source: Source) -> list[tuple[Chargeur, Reconnaissance]]:
    trouves: list[tuple[Chargeur, Reconnaissance]] = []
    for chargeur in CHARGEURS:
        if trouves and priorite(chargeur) > priorite(trouves[0][0]):
            break
        if (quoi := chargeur.reconnaitre(source)) is not None:
            trouves.append((chargeur, quoi))
    if len(trouves) > 1:
        titres = " et ".join(f"« {c.titre} »" for c, _ in trouves)
        raise FichierRefuse(f"Le fichier {source.nom} ressemble à la fois à {titres} : il n’est pas chargé.")
    return trouves
