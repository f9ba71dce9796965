"""Make the committed extracts again from a folder of cleaned public data.

    python outils/extraire.py FOLDER

FOLDER holds the national tables (`france/`, `geo/`, `lozere/`) described in docs/donnees.md. The result is
written in src/arpent/extraits/ with its manifest `sources.yaml` (provenance, columns, rows, SHA-256), then
docs/donnees.md. The same input gives the same bytes. What each table is, is said in outils/extraits.yaml.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml
from atelier import Atelier
from contours import contours_des_communes, contours_des_epci, contours_voisins
from manifeste import ecrire_manifeste
from temps import extraire_le_temps, passage
from totaux import lignes_de_totaux

from arpent.extraits.lecture import Ligne

RACINE = Path(__file__).parent.parent
SORTIE = RACINE / "src" / "arpent" / "extraits"
DOSSIERS = ("lozere", "nouvelle_aquitaine", "france")
REGION = "75"
"""Nouvelle-Aquitaine: any of its EPCI can be drawn in a perimeter."""

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
    """A folder of extracts: its EPCI (with all their members), and those whose projects are kept."""

    dossier: str
    epci: frozenset[str]
    communes: frozenset[str]
    projets_epci: frozenset[str]
    projets_communes: frozenset[str]
    departement: str = ""


def perimetres(atelier: Atelier, territoires: list[dict[str, object]]) -> list[Perimetre]:
    """Lozère: every EPCI with a commune in the département. N-A: every EPCI with one in the region.

    The projects of Nouvelle-Aquitaine are those of the demo territories: they feed the demo plans.
    """
    membres: dict[str, frozenset[str]] = {}
    for ligne in atelier.lire("france/epci_membres"):
        membres[ligne["epci_siren"]] = membres.get(ligne["epci_siren"], frozenset()) | {ligne["code_insee"]}
    lozere = frozenset(s for s, communes in membres.items() if any(c.startswith("48") for c in communes))
    na = frozenset(x["epci_siren"] for x in atelier.lire("france/communes") if x["region"] == REGION) - {""}
    demo = frozenset(
        siren for t in territoires if t["dispositif"] == "nouvelle-aquitaine" for siren in _sirens(t)
    )

    def communes(epci: frozenset[str]) -> frozenset[str]:
        return frozenset().union(*(membres[s] for s in epci))

    return [
        Perimetre(dossier, epci, communes(epci), avec_projets, communes(avec_projets), departement)
        for dossier, epci, avec_projets, departement in (
            ("lozere", lozere, lozere, "48"), ("nouvelle_aquitaine", na, demo, ""),
        )
    ]  # fmt: skip


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
        lambda x: passage.get(x["code_commune"], x["code_commune"]) in p.projets_communes,
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
                garder = commune in p.projets_communes or code in p.projets_epci or code in DISSOUTES
            else:
                garder = (
                    ligne["departement"] == "48" or commune in p.projets_communes or code in p.projets_epci
                )
            if garder:
                yield ligne | {
                    "code_insee_2026": commune if commune in commune_slug else "",
                    "territoire": slug,
                }


def extraire_france(atelier: Atelier, lots: list[Perimetre]) -> None:
    """The comparison tables: every EPCI of the country, the zones d'emploi of the perimeters."""
    epci = {x["siren"] for x in atelier.lire("france/epci")}
    communes = frozenset().union(*(p.communes for p in lots))
    zones = {
        x["ZE2020"] for x in atelier.lire("france/zonages_etude_communes") if x["code_insee"] in communes
    }
    tout: Callable[[Ligne], bool] = lambda _: True  # noqa: E731
    pour_zone: Callable[[Ligne], bool] = lambda x: x.get("ze2020", x.get("code")) in zones  # noqa: E731
    for table, source, garder in (
        ("epci", "epci", tout),
        ("departements", "departements", tout),
        ("regions", "regions", tout),
        ("indicateurs", "indicateurs_departements", tout),
        ("indicateurs", "indicateurs_regions", tout),
        ("indicateurs", "indicateurs_epci", tout),
        ("indicateurs", "indicateurs_zones_emploi", pour_zone),
        ("indicateurs_dictionnaire", "indicateurs_dictionnaire", tout),
        ("chomage_localise", "chomage_localise_zones_emploi", pour_zone),
        ("flores_a5", "flores_a5_zones_emploi_2023", pour_zone),
        ("flores_a21", "flores_a21_zones_emploi_2023", pour_zone),
        ("ofgl_medianes_strates", "ofgl_medianes_strates_communes_2025_eur_par_hab", tout),
    ):
        atelier.extraire(table, f"france/{source}", f"france/{source}", garder)
    atelier.extraire("adjacence_epci", "geo/adjacence_epci", "france/adjacence_epci", tout)
    atelier.ecrire("cantons", "france/cantons", lignes_de_cantons(atelier))
    urssaf = list(atelier.lire("france/emploi_prive_urssaf_autres_echelons"))
    atelier.ecrire(
        "emploi_prive_urssaf_epci", "france/emploi_prive_urssaf_epci",
        [_sans_echelon(x) for x in urssaf if x["echelon"] == "epci" and x["code"] in epci],
    )  # fmt: skip
    atelier.ecrire(
        "emploi_prive_urssaf_echelons", "france/emploi_prive_urssaf_echelons",
        [_code_complet(x) for x in urssaf if x["echelon"] in {"france", "reg", "dep"}],
    )  # fmt: skip
    atelier.ecrire("totaux", "france/totaux", lignes_de_totaux(atelier.fichier, TABLES_PAR_COMMUNE, epci))


def lignes_de_cantons(atelier: Atelier) -> list[Ligne]:
    """The « cantons-villes » of the INSEE: code, name, département (97x for the overseas ones)."""
    libelles = atelier.lire("france/zonages_etude_libelles")
    return [
        {"code": x["code"], "nom": x["libelle"], "departement": departement_du_canton(x["code"])}
        for x in libelles
        if x["zonage"] == "CV"
    ]


def departement_du_canton(code: str) -> str:
    """“4803” → “48”, “2A01” → “2A”, “97101” → “971”."""
    return code[:-2]


def _code_complet(ligne: Ligne) -> Ligne:
    """The carrier lost the leading zero of the overseas regions."""
    code = ligne["code"]
    return ligne | {"code": code.zfill(2) if code.isdigit() else code}


def _sans_echelon(ligne: Ligne) -> Ligne:
    return {"epci_siren": ligne["code"]} | {c: v for c, v in ligne.items() if c.startswith("effectif_")}


def main() -> None:
    if len(sys.argv) != 2 or not Path(sys.argv[1]).is_dir():
        raise SystemExit(
            "Usage : python outils/extraire.py DOSSIER (le dossier des données publiques nettoyées)."
        )
    territoires = yaml.safe_load((SORTIE / "territoires.yaml").read_text("utf-8"))["territoires"]
    with tempfile.TemporaryDirectory(prefix=".neuf-", dir=SORTIE) as neuf:
        atelier = Atelier(Path(sys.argv[1]), Path(neuf))
        extraire(atelier, territoires)
        for dossier in DOSSIERS:
            shutil.rmtree(SORTIE / dossier, ignore_errors=True)
            (Path(neuf) / dossier).rename(SORTIE / dossier)
    ecrire_manifeste(SORTIE, atelier.ecrits, RACINE / "docs" / "donnees.md")
    print(f"{len(atelier.ecrits)} fichiers écrits dans {SORTIE.relative_to(RACINE)}.")


def extraire(atelier: Atelier, territoires: list[dict[str, object]]) -> None:
    slugs = {siren: str(t["slug"]) for t in territoires for siren in _sirens(t)}
    lots = perimetres(atelier, territoires)
    codes = passage(atelier)
    for lot in lots:
        extraire_perimetre(atelier, lot, codes, slugs)
        contours_des_communes(atelier, lot.dossier, lot.communes)
    for table, source in TABLES_LOZERE.items():
        atelier.extraire(table, f"lozere/{source}", f"lozere/{table}", lambda _: True)
    contours_voisins(atelier, lots[0].communes)
    extraire_france(atelier, lots)
    contours_des_epci(atelier)
    extraire_le_temps(atelier)


if __name__ == "__main__":
    main()
