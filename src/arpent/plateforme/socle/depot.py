"""The store of files, a folder or a bucket: which ones no row names, and taking them away.

A process killed between a file and its row leaves one: harmless, but it is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

AGE_MINIMAL = timedelta(hours=24)
"""Younger, a file may be of a gesture that is not finished."""


def nommes() -> set[str]:
    """The path in the store of every file that a row names. One query for each field that holds files."""
    noms: set[str] = set()
    for modele in apps.get_models():
        for champ in modele._meta.concrete_fields:
            if isinstance(champ, models.FileField):
                noms.update(
                    modele._base_manager.exclude(**{champ.name: ""}).values_list(champ.name, flat=True)
                )
    return noms


def presents(dossier: str = "") -> Iterator[str]:
    """The path in the store of every file that it holds."""
    try:
        dossiers, fichiers = default_storage.listdir(dossier)
    except FileNotFoundError:  # nothing was ever kept
        return
    prefixe = f"{dossier}/" if dossier else ""
    yield from (prefixe + nom for nom in fichiers)
    for nom in dossiers:
        yield from presents(prefixe + nom)


def orphelins(avant: datetime) -> list[str]:
    """The files of the store older than `avant` that no row names, sorted. The store is read first: a file
    kept meanwhile is not in the list, its row is in the database."""
    candidats = set(presents())
    inconnus = candidats - nommes() if candidats else candidats
    return sorted(nom for nom in inconnus if _date_de(nom) < avant)


def _date_de(nom: str) -> datetime:
    try:
        return default_storage.get_modified_time(nom)
    except FileNotFoundError:  # taken away meanwhile: no longer anybody's business
        return timezone.now()


def ranger(age: timedelta = AGE_MINIMAL, *, effacer: bool = True) -> list[str]:
    """Takes those away, and says which. ValueError under an hour: a gesture under way would lose its file."""
    if age < timedelta(hours=1):
        raise ValueError("Un fichier de moins d’une heure est peut-être celui d’un geste en cours.")
    trouves = orphelins(timezone.now() - age)
    if effacer:
        for nom in trouves:
            default_storage.delete(nom)
    return trouves
