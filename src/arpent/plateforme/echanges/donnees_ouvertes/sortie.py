"""Writing every file of the open data in a directory: what the command does."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

from django.conf import settings

from .catalogue import catalogue, dictionnaire_csv
from .editeur import nom_de_l_editeur
from .jeux import FICHIERS, JEUX, SCHEMAS


def exporter(dossier: Path, le: date) -> list[Path]:
    """Each file, the catalogue, the dictionary and the official schemas. OSError: it cannot be written."""
    dossier.mkdir(parents=True, exist_ok=True)
    ecrits = []
    for nom, fichier in FICHIERS.items():
        ecrits.append(dossier / nom)
        ecrits[-1].write_bytes(fichier.faire(le))
    decrit = catalogue(f"{settings.ARPENT_URL}/donnees/", nom_de_l_editeur(), le)
    ecrits.append(dossier / "catalogue.jsonld")
    ecrits[-1].write_text(json.dumps(decrit, ensure_ascii=False, indent=2), encoding="utf-8")
    ecrits.append(dossier / "dictionnaire.csv")
    ecrits[-1].write_bytes(dictionnaire_csv())
    for jeu in JEUX:
        if jeu.schema:
            ecrits.append(Path(shutil.copy(SCHEMAS / jeu.schema, dossier / jeu.schema)))
    return ecrits
