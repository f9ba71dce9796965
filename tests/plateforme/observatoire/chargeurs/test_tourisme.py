"""Tourist capacity. The figures are those of the test: no commune file was at hand."""

from pathlib import Path

import pytest
import xlsxwriter

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.source import Source
from arpent.plateforme.observatoire.chargeurs.tourisme import CHARGEUR

from .aide import cellule, ecrire, ligne, lire, qui_le_reclame

CODES = [
    "CODGEO",
    "LIBGEO",
    "REG",
    "DEP",
    "HT21",
    "HT321",
    "HTCH21",
    "CPG21",
    "CPGE21",
    "VV21",
    "VVLIT21",
    "RTLIT21",
]
FLORAC = ["48061", "Florac Trois Rivières", "76", "48", 4, 2, 71, 3, 212, 1, 140, 0]


def classeur(chemin: Path, *rangees: list[object], codes: list[str] = CODES) -> Path:
    with xlsxwriter.Workbook(chemin) as livre:
        for feuille in ("COM_2021", "ARM_2021"):
            page = livre.add_worksheet(feuille)
            page.write(0, 0, "Capacité des communes en hébergement touristique en 2021")
            page.write_row(4, 0, [f"Libellé de {c}" for c in codes])
            page.write_row(5, 0, codes)
            for rang, rangee in enumerate(rangees if feuille == "COM_2021" else [["75101", *FLORAC[1:]]]):
                page.write_row(6 + rang, 0, rangee)
    return chemin


def test_le_classeur_officiel(tmp_path: Path):
    chemin = classeur(tmp_path / "base-cc-tourisme-2021-geo2022.xlsx", FLORAC)
    quoi, tables, rapport = lire(CHARGEUR, chemin)
    assert (quoi.millesime, quoi.geographie) == ("2021", 2022)
    communes = tables["communes"]
    assert ligne(communes, "48061", ("HTCH21", "CPGE21", "VVLIT21", "HT321")) == (71, 212, 140, 2)
    assert communes.height == rapport.lues == 1
    assert "LIBGEO" not in communes.columns


def test_un_code_qui_a_perdu_son_zero_dans_le_classeur(tmp_path: Path):
    chemin = classeur(tmp_path / "t.xlsx", [1004, *FLORAC[1:]])
    assert lire(CHARGEUR, chemin)[1]["communes"]["code"].to_list() == ["01004"]


def test_le_csv_et_ses_cellules_vides(tmp_path: Path):
    texte = "CODGEO;HT25;HTCH25;CPGE25\n48061;4;;212\n48061;4;1;212\nLozère;4;1;2\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "base-cc-tourisme-2025.csv", texte))
    assert cellule(tables["communes"], "48061", "HTCH25") is None
    assert rapport.rejets == {"commune en double": 1, "code de commune illisible": 1}


def test_sans_chambres_ni_emplacements_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    codes = [c for c in CODES if c not in ("HTCH21", "CPGE21")]
    assert CHARGEUR.reconnaitre(Source(classeur(tmp_path / "t.xlsx", FLORAC[:10], codes=codes))) is None


def test_aucune_commune_lisible_est_un_refus(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="aucune commune lisible"):
        lire(CHARGEUR, classeur(tmp_path / "t.xlsx", ["Florac", *FLORAC[1:]]))


def test_un_seul_chargeur_le_reclame(tmp_path: Path):
    assert qui_le_reclame(classeur(tmp_path / "t.xlsx", FLORAC)) == ["tourisme"]
