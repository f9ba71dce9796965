"""Make the committed extracts again from a folder of cleaned public data.

    python outils/extraire.py FOLDER

FOLDER holds the national tables (`france/`, `geo/`, `lozere/`) described in docs/donnees.md. The result is
written in src/arpent/extraits/ with its manifest `sources.yaml` (provenance, columns, rows, SHA-256), then
docs/donnees.md. The same input gives the same bytes. What each table is, is said in outils/extraits.yaml.
"""

import csv
import gzip
import io
import json
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from manifeste import ecrire_manifeste
from totaux import lignes_de_totaux

from arpent.extraits.lecture import Ligne, lire_csv

RACINE = Path(__file__).parent.parent
SORTIE = RACINE / "src" / "arpent" / "extraits"
SEUIL_GZ = 100_000
"""Over this size (bytes) a file is compressed."""

TABLES_PAR_COMMUNE = {
    "communes": "communes", "population": "population_communes", "rp2022": "rp2022_communes",
    "filosofi_2021": "filosofi_2021_communes", "logement": "logement_communes",
    "bpe_2024": "bpe_2024_communes",
    "emploi_prive_urssaf": "emploi_prive_urssaf_communes",
    "fiscalite_locale_2025": "fiscalite_locale_2025_communes",
    "zonages_politiques": "zonages_politiques_communes", "zonages_etude": "zonages_etude_communes",
    "construction_sitadel": "construction_sitadel_communes",
    "marche_immobilier_dvf": "marche_immobilier_dvf_communes", "catnat": "catnat_communes",
    "friches": "friches_communes",
}  # fmt: skip
TABLES_LOZERE = {
    "ofgl_comptes_2025": "ofgl_comptes_communes_2025_eur",
    "ofgl_serie_2018_2025": "ofgl_comptes_communes_2018_2025_eur_par_hab",
    "banatic_2026_groupements": "banatic_2026_groupements",
    "banatic_2026_competences": "banatic_2026_competences",
    "banatic_2026_couverture": "banatic_2026_communes_couvertes",
    "banatic_2021_groupements": "banatic_2021_groupements",
    "banatic_2021_competences": "banatic_2021_competences",
    "mobilites_pro": "mobilites_pro_communes_2009_2015",
    "mobilites_flux": "mobilites_pro_flux_sup100_2009_2014",
}
DISSOUTES = {"200067510": "ouest-et-sud-creusois"}
"""EPCI that no longer exist (Monts et Vallées Ouest Creuse, until 2019): territory of their projects."""


@dataclass(frozen=True)
class Perimetre:
    """A folder of extracts: its EPCI (all members are kept) and its communes."""

    dossier: str
    epci: frozenset[str]
    communes: frozenset[str]
    departement: str = ""


class Atelier:
    """Reads the source folder, writes the extracts, remembers what was written."""

    def __init__(self, source: Path) -> None:
        self.source = source
        self.ecrits: list[tuple[str, str]] = []
        """(path under extraits/, table)"""

    def lire(self, chemin: str) -> Iterator[Ligne]:
        return lire_csv([self.fichier(chemin)])

    def fichier(self, chemin: str) -> Path:
        for candidat in (self.source / f"{chemin}.csv", self.source / f"{chemin}.csv.gz"):
            if candidat.exists():
                return candidat
        raise SystemExit(f"Le fichier {chemin}.csv(.gz) manque dans {self.source}.")

    def extraire(self, table: str, chemin: str, sortie: str, garder: Callable[[Ligne], bool]) -> None:
        self.ecrire(table, sortie, [ligne for ligne in self.lire(chemin) if garder(ligne)])

    def ecrire(self, table: str, sortie: str, lignes: Iterable[Ligne]) -> None:
        lignes = list(lignes)
        if not lignes:
            raise SystemExit(f"Aucune ligne pour {sortie} : vérifiez le dossier source.")
        texte = io.StringIO()
        plume = csv.DictWriter(texte, fieldnames=list(lignes[0]), lineterminator="\n")
        plume.writeheader()
        plume.writerows(lignes)
        self.deposer(table, f"{sortie}.csv", texte.getvalue())

    def ecrire_geojson(self, table: str, sortie: str, entites: list[dict[str, object]]) -> None:
        collection = {"type": "FeatureCollection", "features": entites}
        self.deposer(
            table, f"{sortie}.geojson", json.dumps(collection, ensure_ascii=False, separators=(",", ":"))
        )

    def deposer(self, table: str, sortie: str, texte: str) -> None:
        octets = texte.encode()
        if len(octets) > SEUIL_GZ:
            sortie, octets = f"{sortie}.gz", gzip.compress(octets, mtime=0)
        chemin = SORTIE / sortie
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(octets)
        self.ecrits.append((sortie, table))


def perimetres(atelier: Atelier, territoires: list[dict[str, object]]) -> list[Perimetre]:
    """Lozère: every EPCI with a commune in the département. N-A: the EPCI of the demo territories."""
    membres: dict[str, set[str]] = {}
    for ligne in atelier.lire("france/epci_membres"):
        membres.setdefault(ligne["epci_siren"], set()).add(ligne["code_insee"])
    lozere = frozenset(s for s, communes in membres.items() if any(c.startswith("48") for c in communes))
    na = frozenset(
        siren for t in territoires if t["dispositif"] == "nouvelle-aquitaine" for siren in _sirens(t)
    )
    return [
        Perimetre(dossier, epci, frozenset().union(*(membres[s] for s in epci)), departement)
        for dossier, epci, departement in (("lozere", lozere, "48"), ("nouvelle_aquitaine", na, ""))
    ]


def _sirens(territoire: dict[str, object]) -> list[str]:
    groupements = territoire["groupements"]
    assert isinstance(groupements, list)
    return groupements


def extraire_perimetre(
    atelier: Atelier, p: Perimetre, passage: dict[str, str], slugs: dict[str, str]
) -> None:
    for table, source in TABLES_PAR_COMMUNE.items():
        atelier.extraire(
            table, f"france/{source}", f"{p.dossier}/{table}", lambda x: x["code_insee"] in p.communes
        )
    atelier.extraire("epci", "france/epci", f"{p.dossier}/epci", lambda x: x["siren"] in p.epci)
    atelier.extraire(
        "epci_membres",
        "france/epci_membres",
        f"{p.dossier}/epci_membres",
        lambda x: x["epci_siren"] in p.epci,
    )
    atelier.extraire(
        "adjacence_communes", "geo/adjacence_communes", f"{p.dossier}/adjacence_communes",
        lambda x: x["code_a"] in p.communes or x["code_b"] in p.communes,
    )  # fmt: skip
    atelier.extraire(
        "fonds_vert_2023", "france/fonds_vert_2023", f"{p.dossier}/fonds_vert_2023",
        lambda x: passage.get(x["code_commune"], x["code_commune"]) in p.communes,
    )  # fmt: skip
    atelier.ecrire("detr_dsil", f"{p.dossier}/detr_dsil_2018_2019", _detr(atelier, p, passage, slugs))


def _detr(atelier: Atelier, p: Perimetre, passage: dict[str, str], slugs: dict[str, str]) -> Iterator[Ligne]:
    """Projects of the communes and EPCI of the perimeter, with the commune and the territory of today."""
    commune_slug = {
        x["code_insee"]: slugs.get(x["epci_siren"], "") for x in atelier.lire("france/epci_membres")
    }
    for nom in ("detr_dsil_2018", "detr_dsil_dsid_2019"):
        for ligne in atelier.lire(f"france/{nom}"):
            code = ligne["code_collectivite"]
            commune = passage.get(code, code) if len(code) == 5 else ""
            slug = commune_slug.get(commune, "") or slugs.get(code, "")
            if p.departement != "48":
                slug = slug or DISSOUTES.get(code, "")
                garder = commune in p.communes or code in p.epci or code in DISSOUTES
            else:
                garder = ligne["departement"] == "48" or commune in p.communes or code in p.epci
            if garder:
                yield ligne | {
                    "code_insee_2026": commune if commune in commune_slug else "",
                    "territoire": slug,
                }


def extraire_contours(atelier: Atelier, lots: list[Perimetre]) -> None:
    """Members' outlines from the national file; the neighbours of Lozère for the map's surroundings."""
    with gzip.open(atelier.source / "geo" / "communes_france.geojson.gz") as flux:
        entites = json.load(flux)["features"]
    voisines = json.loads((atelier.source / "geo" / "communes_voisines_48.geojson").read_text("utf-8"))[
        "features"
    ]
    for p in lots:
        atelier.ecrire_geojson(
            "contours",
            f"{p.dossier}/contours",
            [_entite(e) for e in entites if e["properties"]["code"] in p.communes],
        )
    hors = [_entite(e) for e in voisines if e["properties"]["code"] not in lots[0].communes]
    atelier.ecrire_geojson("contours", "lozere/contours_voisins", hors)


def _entite(entite: dict[str, object]) -> dict[str, object]:
    geometrie, proprietes = entite["geometry"], entite["properties"]
    assert isinstance(geometrie, dict)
    assert isinstance(proprietes, dict)
    coordonnees = _arrondir(geometrie["coordinates"])
    return {
        "type": "Feature",
        "properties": {"code": proprietes["code"], "nom": proprietes["nom"]},
        "geometry": {"type": geometrie["type"], "coordinates": coordonnees},
    }


def _arrondir(valeur: object) -> object:
    """Five decimals: about one metre."""
    if isinstance(valeur, list):
        return [_arrondir(v) for v in valeur]
    return round(float(valeur), 5)  # type: ignore[arg-type]


def extraire_france(atelier: Atelier, lots: list[Perimetre]) -> None:
    epci = {x["siren"]: x for x in atelier.lire("france/epci")}
    gardes = {s for s, x in epci.items() if x["region_principale"] == "75"}.union(*(p.epci for p in lots))
    communes = frozenset().union(*(p.communes for p in lots))
    zones = {
        x["ZE2020"] for x in atelier.lire("france/zonages_etude_communes") if x["code_insee"] in communes
    }
    tout: Callable[[Ligne], bool] = lambda _: True  # noqa: E731
    pour_zone: Callable[[Ligne], bool] = lambda x: x.get("ze2020", x.get("code")) in zones  # noqa: E731
    for table, source, garder in (
        ("departements", "departements", tout),
        ("regions", "regions", tout),
        ("indicateurs", "indicateurs_departements", tout),
        ("indicateurs", "indicateurs_regions", tout),
        ("indicateurs", "indicateurs_epci", lambda x: x["code"] in gardes or x["code"] == "00FR"),
        ("indicateurs", "indicateurs_zones_emploi", pour_zone),
        ("indicateurs_dictionnaire", "indicateurs_dictionnaire", tout),
        ("chomage_localise", "chomage_localise_zones_emploi", pour_zone),
        ("flores_a5", "flores_a5_zones_emploi_2023", pour_zone),
        ("flores_a21", "flores_a21_zones_emploi_2023", pour_zone),
        ("ofgl_medianes_strates", "ofgl_medianes_strates_communes_2025_eur_par_hab", tout),
    ):
        atelier.extraire(table, f"france/{source}", f"france/{source}", garder)
    atelier.ecrire("epci", "france/epci", [x for s, x in epci.items() if s in gardes])
    urssaf = list(atelier.lire("france/emploi_prive_urssaf_autres_echelons"))
    atelier.ecrire(
        "emploi_prive_urssaf_epci", "france/emploi_prive_urssaf_epci",
        [_sans_echelon(x) for x in urssaf if x["echelon"] == "epci" and x["code"] in gardes],
    )  # fmt: skip
    atelier.ecrire(
        "emploi_prive_urssaf_echelons", "france/emploi_prive_urssaf_echelons",
        [x for x in urssaf if x["echelon"] in {"france", "reg", "dep"}],
    )  # fmt: skip
    atelier.ecrire("totaux", "france/totaux", lignes_de_totaux(atelier.fichier, TABLES_PAR_COMMUNE, gardes))


def _sans_echelon(ligne: Ligne) -> Ligne:
    return {"epci_siren": ligne["code"]} | {c: v for c, v in ligne.items() if c.startswith("effectif_")}


def main() -> None:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit(
            "Usage : python outils/extraire.py DOSSIER (le dossier des données publiques nettoyées)."
        )
    atelier = Atelier(Path(sys.argv[1]))
    territoires = yaml.safe_load((SORTIE / "territoires.yaml").read_text("utf-8"))["territoires"]
    slugs = {siren: t["slug"] for t in territoires for siren in _sirens(t)}
    lots = perimetres(atelier, territoires)
    passage = {x["code_ancien"]: x["code_2025"] for x in atelier.lire("france/passage_communes_vers_2025")}
    for dossier in ("lozere", "nouvelle_aquitaine", "france"):
        shutil.rmtree(SORTIE / dossier, ignore_errors=True)
    for lot in lots:
        extraire_perimetre(atelier, lot, passage, slugs)
    for table, source in TABLES_LOZERE.items():
        atelier.extraire(table, f"lozere/{source}", f"lozere/{table}", lambda _: True)
    extraire_contours(atelier, lots)
    extraire_france(atelier, lots)
    ecrire_manifeste(SORTIE, atelier.ecrits, RACINE / "docs" / "donnees.md")
    print(f"{len(atelier.ecrits)} fichiers écrits dans {SORTIE.relative_to(RACINE)}.")


if __name__ == "__main__":
    main()
