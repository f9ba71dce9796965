"""Census theme files, « dossier complet », comparateur."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs import communs
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.comparateur import CHARGEUR as COMPARATEUR
from arpent.plateforme.observatoire.chargeurs.filosofi import CHARGEUR as FILOSOFI
from arpent.plateforme.observatoire.chargeurs.rp import CHARGEUR, theme_de
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier, zipper

POPULATION = "base-cc-evol-struct-pop-2022.CSV"
LOGEMENT = "base-cc-logement-2021.CSV"


def test_une_base_communale_garde_les_noms_et_les_decimales_publies():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / POPULATION)
    assert (quoi.millesime, quoi.geographie) == ("2022-population", 2025)
    communes = tables["communes"]
    assert communes.columns[:3] == ["code", "P22_POP", "P22_POP0014"]
    assert communes.schema["P22_POP0014"] == pl.Float64
    assert cellule(communes, "48095", "P22_POP0014") == pytest.approx(1923.3081)
    assert rapport.lues == rapport.gardees == communes.height
    assert not rapport.rejets


def test_le_total_de_la_lozere_est_celui_du_jeu_fourni():
    _, tables, _ = lire(CHARGEUR, FICHIERS / POPULATION)
    fourni = [x["P22_POP"] for x in lecture.lignes("lozere/rp2022") if x["code_insee"].startswith("48")]
    assert tables["communes"]["P22_POP"].sum() == sum(float(v) for v in fourni if v) == 76_502


def test_les_categories_sociales_gardent_aussi_leur_ancien_nom():
    _, tables, _ = lire(CHARGEUR, FICHIERS / POPULATION)
    communes = tables["communes"]
    assert communes["C22_POP15P_CS7"].equals(communes["C22_POP15P_STAT_GSEC32"])


def test_paris_n_est_pas_compte_deux_fois():
    _, tables, rapport = lire(CHARGEUR, FICHIERS / LOGEMENT)
    assert {"75101", "75102"}.isdisjoint(tables["communes"]["code"])
    assert rapport.rejets["arrondissement déjà compté dans sa commune"] == 2
    assert rapport.lues == rapport.gardees + rapport.rejetees


def test_l_archive_avec_ses_metadonnees_donne_la_meme_table(tmp_path: Path):
    archive = zipper(tmp_path, "base-cc-logement-2021_csv.zip", {
        "meta_base-cc-logement-2021.CSV": b"COD_VAR;LIB_VAR\nP21_LOG;Logements en 2021\n",
        LOGEMENT: (FICHIERS / LOGEMENT).read_bytes(),
    })  # fmt: skip
    quoi, tables, _ = lire(CHARGEUR, archive)
    assert quoi.membre == LOGEMENT
    assert tables["communes"].equals(lire(CHARGEUR, FICHIERS / LOGEMENT)[1]["communes"])


def test_le_classeur_se_lit_sous_ses_cinq_lignes_de_titre(tmp_path: Path):
    chemin = tmp_path / "base-cc-logement-2021.xlsx"
    with xlsxwriter.Workbook(chemin) as classeur:
        for feuille, code in (("COM_2021", "01004"), ("ARM_2021", "75101")):
            page = classeur.add_worksheet(feuille)
            for rang in range(4):
                page.write(rang, 0, "Logement en 2021")
            page.write_row(4, 0, ["Code géographique", "Logements", "Résidences secondaires"])
            page.write_row(5, 0, ["CODGEO", "P21_LOG", "P21_RSECOCC"])
            page.write_row(6, 0, [code, 7421.25, 210])
    quoi, tables, _ = lire(CHARGEUR, chemin)
    assert quoi.millesime == "2021-logement"
    assert ligne(tables["communes"], "01004", ("P21_LOG", "P21_RSECOCC")) == (7421.25, 210.0)


def test_le_dossier_complet_est_lu_par_tranches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(communs, "TRANCHE", 5_000)
    noms = ["P22_POP0014", "P22_RSECOCC", "C22_EMPLT", *(f"P16_V{i}" for i in range(100))]
    codes = [f"48{i:03d}" for i in range(1, 60)]
    lignes = [f"{c};{';'.join(str(k + i) for i in range(103))};x" for k, c in enumerate(codes)]
    lignes[30] = lignes[30].replace(";31;", ";s;", 1)
    lignes.insert(40, lignes[0])
    texte = "\n".join([";".join(["CODGEO", *noms, "LIBRE"]), *lignes])
    quoi, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "dossier_complet.csv", texte))
    communes = tables["communes"]
    assert quoi.millesime == "2022-dossier-complet"
    assert communes["code"].to_list() == codes
    assert communes["P16_V99"].to_list() == [k + 102.0 for k in range(59)]
    assert ligne(communes, codes[30], ("P22_RSECOCC", "P22_RSECOCC__secret")) == (None, True)
    assert communes["P22_RSECOCC__secret"].sum() == 1
    assert rapport.exemples == ["ligne 42 : commune en double (« 48001 »)"]


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        ("\n48002;", "\n48001;", "commune en double"),
        ("\n48002;", "\nLozère;", "code de commune illisible"),
    ],
)
def test_une_ligne_mauvaise_est_rejetee_avec_sa_cause(tmp_path: Path, avant: str, apres: str, cause: str):
    _, tables, rapport = lire(CHARGEUR, varier(tmp_path, LOGEMENT, (avant, apres)))
    assert rapport.rejets[cause] == 1
    assert "ligne 3" in rapport.exemples[0]
    assert "48002" not in set(tables["communes"]["code"])


def test_un_zero_de_tete_perdu_est_rendu(tmp_path: Path):
    chemin = ecrire(tmp_path, "x.csv", "CODGEO;P21_LOG;P21_RSECOCC\n1004;10;2\n2A004;5;1\n")
    assert lire(CHARGEUR, chemin)[1]["communes"]["code"].to_list() == ["01004", "2A004"]


def test_une_cellule_illisible_ou_secrete_n_est_jamais_zero(tmp_path: Path):
    texte = "CODGEO;P21_LOG;P21_RSECOCC\n48001;beaucoup;2\n48002;s;1\n48003;;3\n48004;10,5;4\n"
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "x.csv", texte))
    communes = tables["communes"]
    assert communes["P21_LOG"].to_list() == [None, None, None, 10.5]
    assert communes["P21_LOG__secret"].to_list() == [False, True, False, False]
    assert rapport.cellules_secretes == 1
    assert "beaucoup" in rapport.avertissements[0]


def test_un_fichier_sans_code_n_est_pas_reconnu(tmp_path: Path):
    chemin = varier(tmp_path, LOGEMENT, ("CODGEO", "COMMUNE"))
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_aucune_commune_lisible_est_un_refus(tmp_path: Path):
    chemin = ecrire(tmp_path, "x.csv", "CODGEO;P21_LOG;P21_RSECOCC\nabc;1;2\n")
    with pytest.raises(FichierRefuse, match="aucune commune lisible"):
        lire(CHARGEUR, chemin)


def test_une_colonne_en_double_est_un_refus(tmp_path: Path):
    chemin = varier(tmp_path, LOGEMENT, (";P21_RP;", ";P21_LOG;"))
    with pytest.raises(FichierRefuse, match="P21_LOG est en double"):
        lire(CHARGEUR, chemin)


def test_une_archive_tronquee_est_un_refus(tmp_path: Path):
    archive = zipper(tmp_path, "b.zip", {LOGEMENT: (FICHIERS / LOGEMENT).read_bytes()})
    archive.write_bytes(archive.read_bytes()[:-200])
    with pytest.raises(FichierRefuse, match="abîmée"):
        Source(archive)


@pytest.mark.parametrize(
    ("colonnes", "theme"),
    [
        (["P22_POP0014"], "population"),
        (["C22_MENPSEUL"], "menages"),
        (["P22_EMPLT", "P22_ACT1564"], "emploi"),
        (["P22_EMPLT", "P22_NSAL15P"], "caracteristiques-emploi"),
        (["P22_NSCOL15P", "P22_NSCOL15P_BEPC"], "diplomes"),
        (["P22_TRUC"], None),
    ],
)
def test_le_theme_se_lit_dans_ses_variables(colonnes: list[str], theme: str | None):
    assert theme_de(colonnes) == theme


def test_le_comparateur_rend_les_effectifs_publies():
    quoi, tables, _ = lire(COMPARATEUR, FICHIERS / "base_cc_comparateur.csv")
    assert (quoi.millesime, quoi.geographie) == ("2021", 2024)
    fourni = [x for x in lecture.lignes("lozere/population") if x["code_insee"].startswith("48")]
    for colonne, notre in (("P21_POP", "population_2021"), ("P21_CHOM1564", "chomeurs_15_64_2021")):
        attendu = sum(float(x[notre]) for x in fourni if x[notre])
        assert tables["communes"][colonne].sum() == attendu


def test_le_comparateur_n_est_pris_ni_pour_le_recensement_ni_pour_filosofi(tmp_path: Path):
    chemin = ecrire(
        tmp_path, "c.csv", "CODGEO;P21_POP;SUPERF;MED21;P21_LOG;P21_RSECOCC\n48095;12;3,5;s;8;1\n"
    )
    assert qui_le_reclame(chemin) == ["comparateur"]
    assert FILOSOFI.reconnaitre(Source(chemin)) is None
    _, tables, _ = lire(COMPARATEUR, chemin)
    assert ligne(tables["communes"], "48095", ("MED21", "MED21__secret", "SUPERF")) == (None, True, 3.5)
