"""The store of files: which ones no row names, and taking them away.

A process killed between a file and its row leaves one: harmless, but it is nobody's.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
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


def orphelins(avant: datetime) -> list[Path]:
    """The files of the store older than `avant` that no row names, sorted."""
    return sorted(_orphelins(Path(settings.MEDIA_ROOT), avant.timestamp()))


def _orphelins(racine: Path, avant: float) -> Iterator[Path]:
    candidats = [f for f in racine.rglob("*") if f.is_file() and f.stat().st_mtime < avant]
    connus = nommes() if candidats else set()
    yield from (f for f in candidats if f.relative_to(racine).as_posix() not in connus)


def ranger(age: timedelta = AGE_MINIMAL, *, effacer: bool = True) -> list[Path]:
    """Takes those away, and says which. ValueError under an hour: a gesture under way would lose its file."""
    if age < timedelta(hours=1):
        raise ValueError("Un fichier de moins d’une heure est peut-être celui d’un geste en cours.")
    trouves = orphelins(timezone.now() - age)
    if effacer:
        for chemin in trouves:
            chemin.unlink(missing_ok=True)
    return trouves
