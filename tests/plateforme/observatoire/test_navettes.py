"""The commuting matrix: a set of communes read as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.observatoire import lac, navettes
from arpent.plateforme.observatoire.navettes import Navettes, assembler

CODES = [f"480{i:02d}" for i in range(1, 13)]
EPCI = {code: f"20000000{i // 3}" for i, code in enumerate(CODES)}
flux = st.lists(
    st.tuples(st.sampled_from([*CODES, "99999"]), st.sampled_from([*CODES, "99999"]), st.integers(1, 500)),
    min_size=1,
    max_size=40,
)


def matrice(lignes: list[tuple[str, str, int]], **suite: Any) -> Navettes:
    o, d, n = zip(*lignes, strict=True)
    options: dict[str, Any] = {"epci": EPCI, "passage": {}, "source": "essai", "millesime": "2022"} | suite
    return assembler(list(o), list(d), [float(x) for x in n], **options)


@given(flux, st.lists(st.sampled_from(CODES), min_size=1, unique=True), st.integers(1, 11))
def test_les_sortants_d_un_groupe_ne_depassent_pas_ceux_de_ses_membres(
    lignes: list[tuple[str, str, int]], groupe: list[str], coupe: int
) -> None:
    m = matrice(lignes)
    entier = m.sortants(groupe) or 0
    parties = [p for p in (groupe[:coupe], groupe[coupe:]) if p]
    assert entier <= sum(m.sortants(p) or 0 for p in parties) + 1e-9


@given(flux, st.lists(st.sampled_from(CODES), min_size=1, unique=True))
def test_le_bilan_est_celui_d_une_boucle(lignes: list[tuple[str, str, int]], groupe: list[str]) -> None:
    ici = set(groupe)
    bilan = matrice(lignes).bilan(groupe)
    assert bilan is not None
    assert bilan.internes == sum(n for o, d, n in lignes if o in ici and d in ici)
    assert bilan.sortants == sum(n for o, d, n in lignes if o in ici and d not in ici)
    assert bilan.entrants == sum(n for o, d, n in lignes if o not in ici and d in ici)


def test_les_partenaires_sont_ranges_et_le_reste_est_dit() -> None:
    m = matrice(
        [("48001", "48004", 10), ("48001", "48007", 30), ("48002", "99999", 5), ("48010", "48001", 7)]
    )
    p = m.partenaires(["48001", "48002", "48003"], n=1)
    assert [(x.code, x.actifs) for x in p.vers] == [("200000002", 30.0)]
    assert p.autres_vers == 15
    assert p.depuis[0].actifs == 7
    assert m.partenaires(["48001"], par="commune").vers[0].code == "48007"


def test_la_matrice_par_epci_rend_tous_les_actifs() -> None:
    m = matrice([("48001", "48004", 10), ("48002", "48003", 4), ("48004", "48001", 6)])
    total = m.matrice_epci()
    assert total.sum() == 20
    assert total[0, 0] == 4
    lus = m.par_epci(["200000000", "999999999"])
    assert lus is not None
    assert [x[0] for x in lus] == [4.0, 10.0, 6.0]
    assert all(np.isnan(x[1]) for x in lus)


def test_une_commune_fusionnee_devient_interne() -> None:
    m = matrice([("48001", "48099", 10)], passage={"48099": "48002"})
    bilan = m.bilan(["48001", "48002"])
    assert bilan is not None
    assert (bilan.internes, bilan.sortants) == (10.0, 0.0)


def test_la_table_de_2014_refuse_un_bilan_mais_nomme_les_partenaires() -> None:
    m = navettes.de_2014()
    assert m.bilan(["48095"]) is None
    assert m.partenaires(["48013"]).vers or m.partenaires(["48095"]).depuis


def test_un_perimetre_inconnu_ne_vaut_pas_zero_commune_connue() -> None:
    bilan = matrice([("48001", "48002", 3)]).bilan(["33063"])
    assert bilan is not None
    assert bilan.couverture == 0


def test_le_lac_devient_des_colonnes_relues_a_l_identique(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parquet = tmp_path / "flux.parquet"
    pl.DataFrame(
        {"origine": ["48001", "48002"], "destination": ["48002", "48095"], "actifs": [12.5, 3.0]}
    ).write_parquet(parquet)
    fiche = lac.Provenance(
        jeu="mobilites", titre="Mobilités", producteur="Insee", licence="LO", adresse="", millesime="2022",
        geographie=2025, niveau="flux", fichier="x.csv", sha256="0" * 64, version_chargeur=1, lignes=2,
        colonnes=("origine", "destination", "actifs"),
    )  # fmt: skip
    lac.deposer(tmp_path, fiche, parquet)
    dossier = tmp_path / "observatoire" / "v-1"
    dossier.mkdir(parents=True)
    quoi = navettes.construire(tmp_path, dossier)
    assert quoi is not None
    assert quoi["flux"] == 2

    class Faux:
        manifeste = {"navettes": quoi, "dossier": "v-1"}

    monkeypatch.setattr(navettes.magasin, "ouvrir", lambda _: Faux())
    lue = navettes.ouvrir(tmp_path)
    assert lue.sortants(["48001"]) == 12.5
    assert lue.millesime == "2022"
    assert navettes.construire(tmp_path / "vide", dossier) is None
