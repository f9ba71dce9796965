"""Build the columnar store from the committed extracts, then say what was loaded.

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

import numpy as np

from arpent.extraits import lecture
from arpent.extraits.lecture import ligne_numerique
from arpent.plateforme.observatoire import catalogue as module_catalogue
from arpent.plateforme.observatoire.assemblage import TABLES_COMMUNALES, assembler_communes
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.derivation import Colonne, deriver
from arpent.plateforme.observatoire.magasin import DOSSIER, FRANCE, MANIFESTE, Magasin
from arpent.plateforme.observatoire.models import Jeu
from arpent.plateforme.observatoire.tableau import Tableau

VERSION = 1
"""To be raised when the layout of the store changes: the next load rebuilds it."""

Journal = Callable[[str], None]
Cellules = dict[str, float]


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
        a_jour=complet and m["empreinte"] == empreinte(),
        charge_le=m["charge_le"],
        communes=tailles["communes"],
        epci=tailles["epci"],
        indicateurs=len(catalogue().indicateurs),
    )


def empreinte() -> str:
    """Fingerprint of what makes the store: the manifest (it holds each file's SHA-256) and the catalogue."""
    calcul = hashlib.sha256(f"version {VERSION}".encode())
    for chemin in (lecture.DOSSIER / "sources.yaml", module_catalogue.CHEMIN):
        calcul.update(chemin.read_bytes())
    return calcul.hexdigest()


def construire(donnees: Path, journal: Journal = lambda _: None) -> None:
    """Read the extracts, compute the tables, write them, switch. Needs no database."""
    racine = donnees / DOSSIER
    racine.mkdir(parents=True, exist_ok=True)
    tableaux = {"communes": tableau_des_communes()}
    journal(f"Indicateurs communaux : {len(tableaux['communes'].rangs)} communes")
    tableaux["epci"] = tableau_des_epci()
    tableaux["references"] = tableau_des_references()
    tableaux["totaux"] = tableau_des_totaux()
    journal(f"Indicateurs publiés : {len(tableaux['epci'].rangs)} EPCI")
    en_memoire = Magasin(manifeste={}, rangs_epci=_empiler({}), secrets=frozenset(), **tableaux)
    tableaux["rangs_epci"] = tableau_des_rangs(en_memoire)
    dossier = Path(tempfile.mkdtemp(prefix="v-", dir=racine))
    os.chmod(dossier, 0o755)
    manifeste = {
        "version": VERSION,
        "empreinte": empreinte(),
        "charge_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "dossier": dossier.name,
        "tableaux": {nom: tableau.ecrire(dossier, nom) for nom, tableau in tableaux.items()},
        "membres": _membres(),
        "regions": {x["code"]: x["region"] for x in lecture.lignes("france/departements")},
        "sources": [f | {"licence": lecture.manifeste()["licence"]} for f in lecture.manifeste()["fichiers"]],
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


def tableau_des_communes() -> Tableau:
    codes = sorted({x["code_insee"] for x in lecture.lignes_des_perimetres("communes")})
    chemins = {
        table: [
            lecture.trouver(f"{perimetre}/{table}")
            for perimetre in lecture.PERIMETRES
            if lecture.existe(f"{perimetre}/{table}")
        ]
        for table in TABLES_COMMUNALES
    }
    return Tableau.depuis(codes, deriver(assembler_communes(codes, chemins), catalogue().derivees))


def tableau_des_epci() -> Tableau:
    places = {
        x["code"]: ligne_numerique(x)
        for x in lecture.lignes("france/indicateurs_epci")
        if x["code"] != "00FR"
    }
    for x in lecture.lignes("france/emploi_prive_urssaf_epci"):
        places.setdefault(x["epci_siren"], {}).update(ligne_numerique(x))
    return _empiler(places)


def tableau_des_references() -> Tableau:
    """Published values of France (`fr`), regions (`reg:76`) and départements (`dep:48`)."""
    places: dict[str, Cellules] = {}
    # the EPCI table is read last: it only completes the French row (LOVAC, absent from the two others)
    for prefixe, nom in (("dep", "departements"), ("reg", "regions"), ("", "epci")):
        for x in lecture.lignes(f"france/indicateurs_{nom}"):
            cle = FRANCE if x["code"] == "00FR" else f"{prefixe}:{x['code']}" if prefixe else ""
            if cle:
                connues = places.setdefault(cle, {})
                nouvelles = ligne_numerique(x)
                connues.update({c: v for c, v in nouvelles.items() if np.isnan(connues.get(c, np.nan))})
    for x in lecture.lignes("france/emploi_prive_urssaf_echelons"):
        cle = FRANCE if x["echelon"] == "france" else f"{x['echelon']}:{x['code']}"
        places.setdefault(cle, {}).update(ligne_numerique(x))
    return _empiler(places)


def tableau_des_totaux() -> Tableau:
    places: dict[str, Cellules] = {}
    for x in lecture.lignes("france/totaux"):
        cellules = places.setdefault(x["niveau"], {})
        for mesure in ("numerateur", "denominateur", "couverture"):
            cellules[f"{x['indicateur']}.{mesure}"] = lecture.nombre(x[mesure])
    return _empiler(places)


def tableau_des_rangs(magasin: Magasin) -> Tableau:
    """Rank of each EPCI (1 = highest) among those of its main département that have a value."""
    groupes: dict[str, list[str]] = {}
    for x in lecture.lignes("france/epci"):
        groupes.setdefault(x["departement_principal"], []).append(x["siren"])
    places: dict[str, Cellules] = {siren: {} for groupe in groupes.values() for siren in groupe}
    for indicateur in catalogue().indicateurs.values():
        for groupe in groupes.values():
            lues = {siren: magasin.comparaison(f"epci:{siren}", indicateur) for siren in groupe}
            connues = {siren: valeur for siren, valeur in lues.items() if valeur is not None}
            for siren, valeur in connues.items():
                rang = 1 + sum(autre > valeur for autre in connues.values())
                places[siren] |= {f"{indicateur.code}.rang": rang, f"{indicateur.code}.sur": len(connues)}
    return _empiler(places)


def _empiler(places: Mapping[str, Cellules]) -> Tableau:
    """Rows of cells to a table; what a row does not have is missing."""
    codes = sorted(places)
    noms = dict.fromkeys(nom for cellules in places.values() for nom in cellules)
    colonnes: dict[str, Colonne] = {
        nom: np.array([places[code].get(nom, np.nan) for code in codes]) for nom in noms
    }
    return Tableau.depuis(codes, colonnes)


def _membres() -> dict[str, list[str]]:
    membres: dict[str, list[str]] = {}
    for x in lecture.lignes_des_perimetres("epci_membres"):
        membres.setdefault(x["epci_siren"], []).append(x["code_insee"])
    return membres


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
