"""Real rows of four EPCI, for the tests: two of Lozère (with commuting tables) and two of Creuse (without).

Sources: INSEE, population 2021 and 2023, RP 2022, Filosofi 2021, Flores 2023, commuting tables 2014.
"""

import csv
from pathlib import Path

from arpent.metier.flux_revenus import Donnees, preparer

DOSSIER = Path(__file__).parent / "donnees"
GEVAUDAN, COEUR_DE_LOZERE = "244800470", "244800405"
GRAND_GUERET, PORTES_DE_LA_CREUSE = "200034825", "200041556"


def lire(nom: str) -> list[dict[str, str]]:
    with (DOSSIER / nom).open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


COMMUNES = lire("communes.csv")
EPCI = {ligne["code"]: ligne for ligne in lire("epci.csv")}
MOBILITES = lire("mobilites.csv")
FLUX = lire("flux.csv")


def communes_de(*sirens: str) -> list[dict[str, str]]:
    return [dict(c) for c in COMMUNES if c["epci_siren"] in sirens]


def donnees_de(*sirens: str) -> Donnees:
    return preparer(communes_de(*sirens), EPCI, MOBILITES, FLUX)
