"""The files of the store against the rows that name them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from django.apps import apps
from django.core.files.storage import default_storage
from django.db import models
from django.utils import timezone

from arpent.plateforme.socle.depot import orphelins as sans_ligne

from .controle import Releve

AGE = timedelta(hours=1)
"""Younger, a file without a row may be that of a gesture under way."""


def _nommes() -> Iterator[tuple[str, str, int | None]]:
    """Name in the store, expected SHA-256 (empty: none was noted), size. One query for each kind of file."""
    for modele in apps.get_models():
        champs = {c.name for c in modele._meta.concrete_fields}
        for champ in modele._meta.concrete_fields:
            if not isinstance(champ, models.FileField):
                continue
            somme = next((n for n in (f"{champ.name}_sha256", "sha256") if n in champs), "")
            taille = next((n for n in (f"{champ.name}_taille", "taille") if n in champs), "")
            lignes = modele._base_manager.exclude(**{champ.name: ""}).order_by("pk")
            for ligne in lignes.values(*filter(None, (champ.name, somme, taille))).iterator():
                yield str(ligne[champ.name]), str(ligne.get(somme, "")), ligne.get(taille)


def fichiers(releve: Releve) -> Iterator[str]:
    """Missing, or other bytes than those whose fingerprint was kept. Reads every file once."""
    for nom, attendue, taille in _nommes():
        releve.nombre += 1
        somme, octets = hashlib.sha256(), 0
        try:
            with default_storage.open(nom) as flux:
                for bloc in flux.chunks():
                    somme.update(bloc)
                    octets += len(bloc)
        except FileNotFoundError:
            yield f"{nom} manque au dépôt."
            continue
        except OSError as erreur:
            yield f"{nom} ne se lit pas ({erreur.strerror})."
            continue
        if attendue and somme.hexdigest() != attendue:
            yield f"{nom} a changé : son empreinte n’est plus celle qui a été gardée."
        elif taille is not None and octets != taille:
            yield f"{nom} fait {octets} octets, la base en attend {taille}."


def orphelins(releve: Releve) -> Iterator[str]:
    """Files that no row names, left by a killed process: harmless, `arpent fichiers ranger` erases them."""
    trouves = sans_ligne(timezone.now() - AGE)
    releve.nombre = len(trouves)
    for chemin in trouves:
        yield f"{chemin} n’est nommé par aucune ligne : « arpent fichiers ranger » l’efface."
