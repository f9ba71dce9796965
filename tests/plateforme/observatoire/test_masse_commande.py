"""`arpent observatoire calculer`: one file, every EPCI; a refusal says what to do and writes nothing."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from arpent.metier.flux_revenus import LIBELLES_BASES
from arpent.plateforme.config.commande import analyseur
from arpent.plateforme.observatoire.catalogue import catalogue


def calculer(sortie: Path) -> int:
    options = analyseur().parse_args(["observatoire", "calculer", "--sortie", str(sortie)])
    code: int = options.agir(options)
    return code


@pytest.fixture
def installation(donnees: Path, settings: Any) -> None:
    settings.ARPENT_DONNEES = donnees


@pytest.mark.usefixtures("installation")
def test_le_fichier_tient_chaque_indicateur_et_chaque_base(tmp_path: Path) -> None:
    assert calculer(tmp_path / "epci.csv") == 0
    with (tmp_path / "epci.csv").open(encoding="utf-8", newline="") as flux:
        lignes = list(csv.DictReader(flux, delimiter=";"))
    presents = {x["indicateur"] for x in lignes}
    assert presents == set(catalogue().indicateurs) | {f"flux_revenus.{code}" for code in LIBELLES_BASES}
    vides = [x for x in lignes if x["origine"] == ""]
    assert vides
    assert {x["valeur"] for x in vides} == {""}
    assert [f.name for f in tmp_path.iterdir()] == ["epci.csv"]


@pytest.mark.usefixtures("installation")
def test_le_parquet_dit_la_meme_chose(tmp_path: Path) -> None:
    assert calculer(tmp_path / "epci.parquet") == 0
    table = pl.read_parquet(tmp_path / "epci.parquet")
    lue = table.filter((pl.col("epci_siren") == "244800405") & (pl.col("indicateur") == "population"))
    assert lue["origine"].to_list() == ["communes"]
    assert lue["valeur"][0] > 10_000
    assert lue["couverture"].to_list() == [1.0]


@pytest.mark.usefixtures("installation")
@pytest.mark.parametrize(
    ("nom", "dit"), [("epci.xls", ".csv ou .parquet"), ("nulle-part/epci.csv", "créez-le d’abord")]
)
def test_une_sortie_impossible_est_refusee(
    tmp_path: Path, nom: str, dit: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert calculer(tmp_path / nom) == 2
    assert dit in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_un_observatoire_vide_dit_quoi_faire(
    tmp_path: Path, settings: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.ARPENT_DONNEES = tmp_path
    assert calculer(tmp_path / "epci.csv") == 2
    assert "arpent init" in capsys.readouterr().err
