"""Small models for the tests, and the real rows of the eleven EPCI that touch Lozère (INSEE, 2021-2023)."""

import csv
from dataclasses import replace
from pathlib import Path

import yaml

import arpent.dispositifs
from arpent.metier.vulnerabilite import (
    Classe,
    Famille,
    Indicateur,
    Modele,
    ModeSeuils,
    Normalisation,
    Orientation,
    Sens,
    Seuils,
    lire_modeles,
)

DISPOSITIFS = Path(arpent.dispositifs.__file__).parent
CLASSES = (Classe("moindre", "Moindre"), Classe("forte", "Forte", "renforce", True))

MODELE = Modele(
    code="essai",
    libelle="Essai",
    source="Essai",
    familles=(Famille("revenu", "Revenu", 1), Famille("emploi", "Emploi", 1)),
    indicateurs=(
        Indicateur("mediane", "Niveau de vie", "revenu", Sens.PROTEGE, 1),
        Indicateur("pauvrete", "Pauvreté", "revenu", Sens.AGGRAVE, 1),
        Indicateur("chomage", "Chômage", "emploi", Sens.AGGRAVE, 1),
    ),
    normalisation=Normalisation.Z_SCORE,
    orientation=Orientation.HAUT,
    seuils=Seuils(ModeSeuils.QUANTILE, (0.5,)),
    classes=CLASSES,
)

QUATRE = {
    "a": {"mediane": 24.0, "pauvrete": 8.0, "chomage": 6.0},
    "b": {"mediane": 22.0, "pauvrete": 12.0, "chomage": 8.0},
    "c": {"mediane": 20.0, "pauvrete": 16.0, "chomage": 10.0},
    "d": {"mediane": 18.0, "pauvrete": 20.0, "chomage": 12.0},
}


def avec(normalisation: Normalisation) -> Modele:
    return replace(MODELE, normalisation=normalisation)


def modeles_de(dispositif: str, fichier: str = "vulnerabilite.yaml") -> tuple[Modele, ...]:
    texte = (DISPOSITIFS / dispositif / fichier).read_text(encoding="utf-8")
    return lire_modeles(yaml.safe_load(texte))


def lignes_lozere() -> list[dict[str, str]]:
    chemin = Path(__file__).parent / "donnees" / "epci_lozere.csv"
    with chemin.open(encoding="utf-8", newline="") as fichier:
        return list(csv.DictReader(fichier))


def modele_livre(code: str) -> Modele:
    """A model of the shared folder."""
    return modeles_de("modeles", f"{code}.yaml")[0]
