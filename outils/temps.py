"""Geography in time: the national list of communes, what became of the old ones, Lozère in 2017."""

import csv
from collections.abc import Iterator

from atelier import Atelier

from arpent.extraits.lecture import Ligne

CORRECTIONS = {"60455": "60694"}
"""La Neuville-Garnier entered Les Hauts-Talican in 2019; that commune took the code 60694 on 1 January 2024,
when 60054 was given back to Beaumont-les-Nonains. The carrier still sends it to 60054."""
APPARTENANCE_2017 = "formats/insee_appartenance_geo_communes_2017_extrait_48_latin1.csv"
COLONNES_2017 = {
    "CODGEO": "code_insee", "LIBGEO": "nom", "DEP": "departement", "REG": "region", "EPCI": "epci_siren",
    "NATURE_EPCI": "nature_juridique", "ZE2010": "ze2010",
}  # fmt: skip
COLONNES_COMMUNES = (
    "code_insee", "nom", "departement", "region", "epci_siren", "population_municipale_2023", "surface_ha",
)  # fmt: skip


def passage(atelier: Atelier) -> dict[str, str]:
    """Old code to the code of 2025, corrected; every code is there, those that never changed too."""
    lues = {x["code_ancien"]: x["code_2025"] for x in atelier.lire("france/passage_communes_vers_2025")}
    return lues | {ancien: neuf for ancien, neuf in CORRECTIONS.items() if ancien in lues}


def extraire_le_temps(atelier: Atelier) -> None:
    atelier.ecrire("communes_france", "france/communes", _communes(atelier))
    atelier.ecrire(
        "passage_communes", "france/passage_communes_vers_2025",
        ({"code_ancien": a, "code_2025": n} for a, n in passage(atelier).items() if a != n),
    )  # fmt: skip
    atelier.extraire(
        "mouvements_communes", "france/mouvements_communes", "france/mouvements_communes", lambda _: True
    )
    atelier.ecrire("appartenance_2017", "lozere/appartenance_2017", _appartenance_2017(atelier))


def _communes(atelier: Atelier) -> Iterator[Ligne]:
    zones = {x["code_insee"]: x["ZE2020"] for x in atelier.lire("france/zonages_etude_communes")}
    for x in atelier.lire("france/communes"):
        yield {nom: x[nom] for nom in COLONNES_COMMUNES} | {"ze2020": zones.get(x["code_insee"], "")}


def _appartenance_2017(atelier: Atelier) -> Iterator[Ligne]:
    with (atelier.source / APPARTENANCE_2017).open(encoding="latin-1", newline="") as flux:
        for x in csv.DictReader(flux, delimiter=";"):
            yield {neuf: x[ancien] for ancien, neuf in COLONNES_2017.items()}
