"""Build the columnar store from the committed extracts and the lake, then say what was loaded.

The store is written beside the old one and switched by replacing the manifest: a page that reads meanwhile
sees either the old store or the new one. Idempotent: same extracts and same catalogue, nothing is written.
"""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from arpent.extraits import lecture
from arpent.plateforme.observatoire import catalogue as module_catalogue
from arpent.plateforme.observatoire import lac, navettes, series
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.epoques import GEOGRAPHIE
from arpent.plateforme.observatoire.fabrique import Fabrique
from arpent.plateforme.observatoire.magasin import DOSSIER, MANIFESTE
from arpent.plateforme.observatoire.models import Jeu

VERSION = 2
"""To be raised when the layout of the store changes: the next load rebuilds it."""

Journal = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Etat:
    """What the store holds. `a_jour`: built from the extracts and the catalogue of this installation."""

    charge: bool
    a_jour: bool
    charge_le: str = ""
    communes: int = 0
    epci: int = 0
    indicateurs: int = 0


def charger_extraits(donnees: Path, journal: Journal = lambda _: None) -> None:
    """Build or refresh the store under `donnees` and the provenance rows (Jeu)."""
    if etat(donnees).a_jour:
        journal("Indicateurs : déjà à jour")
    else:
        construire(donnees, journal)
    journal(f"Jeux de données : {_consigner_les_jeux()}")


def etat(donnees: Path) -> Etat:
    chemin = donnees / DOSSIER / MANIFESTE
    if not chemin.exists():
        return Etat(charge=False, a_jour=False)
    m = json.loads(chemin.read_text(encoding="utf-8"))
    tailles = {nom: len(t["codes"]) for nom, t in m["tableaux"].items()}
    complet = (chemin.parent / m["dossier"]).is_dir()
    return Etat(
        charge=complet,
        a_jour=complet and m["empreinte"] == empreinte(donnees),
        charge_le=m["charge_le"],
        communes=tailles["communes"],
        epci=tailles["epci"],
        indicateurs=len(catalogue().indicateurs),
    )


def empreinte(donnees: Path | None = None) -> str:
    """Fingerprint of what makes the store: extracts (their SHA-256), catalogue, series and lake."""
    calcul = hashlib.sha256(f"version {VERSION}".encode())
    for chemin in (lecture.DOSSIER / "sources.yaml", module_catalogue.CHEMIN, series.CHEMIN):
        calcul.update(chemin.read_bytes() if chemin.exists() else b"")
    for table in lac.tables(donnees) if donnees else ():
        p = table.provenance
        calcul.update(f"{p.jeu} {p.millesime} {p.niveau} {p.sha256} {p.version_chargeur}".encode())
    return calcul.hexdigest()


def construire(donnees: Path, journal: Journal = lambda _: None) -> None:
    """Read the extracts and the lake, compute the tables, write them, switch. Needs no database.

    A file that is missing is told and left out: what it would have given is missing, never zero.
    """
    racine = donnees / DOSSIER
    racine.mkdir(parents=True, exist_ok=True)
    marque = empreinte(donnees)
    fabrique = Fabrique(donnees)
    tableaux = fabrique.tableaux()
    epoques, regions = fabrique.geographie(fabrique.membres), fabrique.regions()
    for absent in sorted(fabrique.extraits.absents):
        journal(f"Extrait absent : {absent}. Ce qu’il donnait sera dit « non disponible ».")
    journal(f"Indicateurs communaux : {len(tableaux['communes'].rangs)} communes")
    if fabrique.officielles.tables:
        journal(f"Fichiers officiels : {len(fabrique.officielles.tables)} tables prises en compte")
    journal(f"Indicateurs publiés : {len(tableaux['epci'].rangs)} EPCI")
    dossier = Path(tempfile.mkdtemp(prefix="v-", dir=racine))
    os.chmod(dossier, 0o755)
    (dossier / GEOGRAPHIE).write_text(json.dumps(epoques, ensure_ascii=False), encoding="utf-8")
    manifeste = {
        "version": VERSION,
        "empreinte": marque,
        "charge_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "dossier": dossier.name,
        "tableaux": {nom: tableau.ecrire(dossier, nom) for nom, tableau in tableaux.items()},
        "membres": fabrique.membres,
        "regions": regions,
        "sources": [f | {"licence": lecture.manifeste()["licence"]} for f in lecture.manifeste()["fichiers"]],
        "formules": fabrique.formules,
        "provenances": fabrique.provenances(),
        "absents": sorted(fabrique.extraits.absents),
        "navettes": navettes.construire(donnees, dossier),
    }
    _basculer(racine, dossier, manifeste)
    journal(f"Catalogue : {len(catalogue().indicateurs)} indicateurs")


def _basculer(racine: Path, dossier: Path, manifeste: Mapping[str, Any]) -> None:
    neuf = racine / f"{MANIFESTE}.{dossier.name}"
    neuf.write_text(json.dumps(manifeste, ensure_ascii=False), encoding="utf-8")
    os.replace(neuf, racine / MANIFESTE)
    for ancien in racine.glob("v-*"):
        if ancien != dossier:
            shutil.rmtree(ancien, ignore_errors=True)


def _consigner_les_jeux() -> int:
    m = lecture.manifeste()
    jeux = [_jeu(f, m["tables"][f["table"]], m["licence"]) for f in m["fichiers"]]
    Jeu.objects.bulk_create(
        jeux,
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["titre", "producteur", "millesime", "licence", "sha256", "lignes", "charge_le"],
    )
    return len(jeux)


def _jeu(fichier: Mapping[str, Any], table: Mapping[str, Any], licence: str) -> Jeu:
    nom = fichier["fichier"].split(".")[0].replace("/", "-").replace("_", "-")
    return Jeu(
        code=nom[:60],
        titre=table["titre"][:200],
        producteur=table["producteur"][:200],
        millesime=str(table["millesime"])[:60],
        licence=licence[:100],
        sha256=fichier["sha256"],
        lignes=int(fichier["lignes"]),
    )
