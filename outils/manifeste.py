"""The manifest of the extracts (sources.yaml) and its page for readers (docs/donnees.md)."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import yaml

from arpent.extraits.lecture import lire_csv, ouvrir_texte

PREAMBULE = """\
# The committed data

Real public data, cut so that the application starts without a network. {resume}
This page is written by `outils/extraire.py` from `src/arpent/extraits/sources.yaml`, which also gives each
column, its unit and each file's SHA-256.

Figures are published by their producers under {licence}.

**(!) Before a public release**: for the tables marked (!) the copy was found with a carrier that states no
licence of its own. Their figures are to be re-derived from the producer's file; the loaders of issue B make
that one command.

## What is partial

- `lozere/` holds the 152 communes of Lozère **and** all the other members of the EPCI that touch it
  (2 communes of Gard, 14 of Aveyron), so that the totals of an EPCI are true. Le Rozier (48131) belongs to
  CC de Millau Grands Causses (Aveyron); CC Mont Lozère spans Lozère and Gard. Accounts (OFGL) cover Lozère
  communes only: the communes of Gard and Aveyron have none, nor have Mende (48095) and 48155 for 2025.
- `nouvelle_aquitaine/` holds every commune of the 156 EPCI that have one in the region, members outside the
  region included, so that a perimeter can be drawn from any of them. The projects (DETR-DSIL, fonds vert) are
  only those of the demo *territoires de projets* (`src/arpent/extraits/territoires.yaml`): they feed the demo
  plans.
- `france/` holds the published indicators, the totals, the private employment and the borders of all the EPCI
  of France, for comparison, ranks and twins; their outlines without overseas. The published indicators also
  have rows for France (00FR), Paris and the établissements publics territoriaux, and none for 24 EPCI, mostly
  overseas. The national list of communes, their movements and the old codes serve to check official files.
- A canton is a *canton-ville* of the INSEE: a town split between several cantons is a pseudo-canton of its
  own (xx99, xx98…; Mende is 4899, its cantons 4809 and 4810 hold nothing else and are not in the table). The
  councillors of these cantons are attached to the pseudo-canton.
- The syndicats come with the communes they cover, directly or through an EPCI: not their legal member list.
- Not found as open data: road length, potentiel fiscal, accounts of EPCI, recent commuting matrix, tourism
  capacity. They are never invented; the application says so and takes them as input.
- An empty cell is missing or secret, never zero. An absent commune means zero only in the BPE, Sitadel,
  Géorisques and Cartofriches tables.

## Make them again

`python outils/extraire.py FOLDER` where FOLDER holds the national tables, named as in `outils/extraire.py`.
The same input gives the same bytes. The comparison totals depend on the catalogue of indicators: run it again
when an indicator of the kind `somme` or `croissance` is added.
"""

LICENCE = "Licence Ouverte 2.0 (Etalab)"
EN_TETE = """# Provenance of the committed extracts. Written by outils/extraire.py: do not edit by hand.
# a_rederiver: the carrier states no licence of its own; re-derive from the producer's file before a release.
"""


def ecrire_manifeste(dossier: Path, ecrits: list[tuple[str, str]], page: Path) -> None:
    descriptions = yaml.safe_load(Path(__file__).with_name("extraits.yaml").read_text("utf-8"))
    manifeste = {
        "licence": LICENCE,
        "porteurs": descriptions["porteurs"],
        "tables": {},
        "fichiers": [_fichier(dossier, nom, table) for nom, table in sorted(ecrits)],
    }
    dictionnaire = _dictionnaire(dossier)
    colonnes: dict[str, list[str]] = {}
    for nom, table in ecrits:
        for colonne in _colonnes(dossier / nom):
            if colonne not in colonnes.setdefault(table, []):
                colonnes[table].append(colonne)
    for table in sorted(colonnes):
        manifeste["tables"][table] = _table(descriptions, table, colonnes[table], dictionnaire)
    texte = yaml.dump(manifeste, allow_unicode=True, sort_keys=False, width=110, Dumper=yaml.CSafeDumper)
    (dossier / "sources.yaml").write_text(EN_TETE + texte, encoding="utf-8")
    page.write_text(rediger(manifeste), encoding="utf-8")


def _fichier(dossier: Path, nom: str, table: str) -> dict[str, Any]:
    octets = (dossier / nom).read_bytes()
    clair = gzip.decompress(octets) if nom.endswith(".gz") else octets
    if ".geojson" in nom:
        lignes = len(json.loads(clair)["features"])
    else:
        lignes = sum(1 for _ in lire_csv([dossier / nom]))
    return {
        "fichier": nom,
        "table": table,
        "lignes": lignes,
        "octets": len(octets),
        "sha256": hashlib.sha256(octets).hexdigest(),
    }


def _colonnes(chemin: Path) -> list[str]:
    if ".geojson" in chemin.name:
        return ["code", "nom", "geometry"]
    with ouvrir_texte(chemin) as flux:
        return flux.readline().strip().split(",")


def _dictionnaire(dossier: Path) -> dict[str, dict[str, str]]:
    lignes = lire_csv([dossier / "france" / "indicateurs_dictionnaire.csv"])
    return {x["colonne"]: _entree(f"{x['libelle']} ({x['millesime']})", x["unite"]) for x in lignes}


def _entree(sens: str, unite: str = "") -> dict[str, str]:
    return {"sens": sens.removesuffix(" ()")} | ({"unite": unite} if unite else {})


def _table(
    d: dict[str, Any], table: str, colonnes: list[str], dictionnaire: dict[str, dict[str, str]]
) -> dict[str, Any]:
    quoi = d["tables"][table]
    porteurs = quoi["porteurs"]
    return {
        "titre": quoi["titre"],
        "producteur": quoi["producteur"],
        "millesime": quoi["millesime"],
        "porteurs": porteurs,
        "a_rederiver": any(d["porteurs"][p]["a_rederiver"] for p in porteurs),
        "fabrication": quoi.get("fabrication", "Lignes du périmètre gardées telles quelles.").strip(),
        "note": quoi.get("note", "").strip(),
        "colonnes": {c: _sens(d, quoi, table, c, dictionnaire) for c in colonnes},
    }


def _sens(
    d: dict[str, Any], quoi: dict[str, Any], table: str, colonne: str, dictionnaire: dict[str, dict[str, str]]
) -> dict[str, str]:
    """The meaning of a column: the table's own, the common ones, the published dictionary, the patterns."""
    if quoi.get("geojson"):
        return _entree({"code": "code INSEE", "nom": "nom", "geometry": "contour (WGS 84)"}[colonne])
    for source in (quoi.get("colonnes", {}), dictionnaire if quoi.get("dictionnaire") else {}):
        if colonne in source:
            return dict(source[colonne])
    for motif in quoi.get("motifs", []) + d["motifs"]:
        if trouve := re.fullmatch(motif["motif"], colonne):
            return _entree(motif["sens"].format(*trouve.groups()), motif.get("unite", ""))
    if colonne in d["colonnes_communes"]:
        return dict(d["colonnes_communes"][colonne])
    if "colonnes_effectifs" in quoi:
        return _entree(colonne.replace("_", " "), quoi["colonnes_effectifs"])
    raise SystemExit(
        f"La colonne « {colonne} » de la table « {table} » n’est pas décrite dans extraits.yaml."
    )


def rediger(manifeste: dict[str, Any]) -> str:
    """docs/donnees.md, in English for developers; titles stay in the language of the data."""
    total = sum(f["octets"] for f in manifeste["fichiers"])
    resume = f"{len(manifeste['fichiers'])} files, {total / 1e6:.1f} MB."
    lignes = [PREAMBULE.format(resume=resume, licence=manifeste["licence"])]
    for nom, table in manifeste["tables"].items():
        lignes += _section(manifeste, nom, table)
    return "\n".join(lignes) + "\n"


def _section(manifeste: dict[str, Any], nom: str, table: dict[str, Any]) -> list[str]:
    porteurs = "; ".join(
        f"{manifeste['porteurs'][p]['nom']} ({manifeste['porteurs'][p]['licence']})"
        for p in table["porteurs"]
    )
    colonnes = list(table["colonnes"])
    montrees = ", ".join(f"`{c}`" for c in colonnes[:14])
    suite = f" and {len(colonnes) - 14} more" if len(colonnes) > 14 else ""
    fichiers = [
        f"- `{f['fichier']}`: {f['lignes']} rows, {f['octets'] / 1000:.0f} kB"
        for f in manifeste["fichiers"] if f["table"] == nom
    ]  # fmt: skip
    return [
        f"## {table['titre']}{' (!)' if table['a_rederiver'] else ''}", "",
        f"Table `{nom}`. Producer: {table['producteur']}. Vintage: {table['millesime']}. "
        f"Carrier: {porteurs}.", "",
        *fichiers, "",
        f"Made: {table['fabrication']}" + (f" Note: {table['note']}" if table["note"] else ""), "",
        f"Columns: {montrees}{suite}.", "",
    ]  # fmt: skip
