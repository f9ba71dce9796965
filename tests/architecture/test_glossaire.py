"""The glossary is complete: each model and each state has its entry."""

from pathlib import Path

import pytest
from django.apps import apps

from arpent.metier.cycles import CYCLES

GLOSSAIRE = (Path(__file__).resolve().parents[2] / "docs" / "glossaire.md").read_text()
MODELES = sorted(
    m.__name__
    for m in apps.get_models()
    if m.__module__.startswith("arpent.plateforme") and not m._meta.auto_created
)
ETATS = sorted({f"{cycle.nom} : {etat.value}" for cycle in CYCLES for etat in cycle.etats})


@pytest.mark.parametrize("modele", MODELES)
def test_chaque_modele_a_son_entree(modele: str) -> None:
    assert f"`{modele}`" in GLOSSAIRE


@pytest.mark.parametrize("etat", ETATS)
def test_chaque_etat_a_son_entree(etat: str) -> None:
    assert f"`{etat.split(' : ')[1]}`" in GLOSSAIRE
