"""The loaders of the geographic files, on extracts of the real ones and on spoiled copies."""

from pathlib import Path

import polars as pl
import pytest
import xlsxwriter

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs import (
    appartenance,
    banatic_competences,
    banatic_groupements,
    cog_communes,
    cog_mouvements,
    cog_passage,
    contours,
    epci,
    zonages_frr,
    zonages_montagne,
    zonages_programmes,
    zonages_qpv,
)
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier

PVD = zonages_programmes.CHARGEURS[0]
TRANSFERTS, COMPETENCES = banatic_competences.CHARGEURS
A_QUI = {
    "v_commune_2023.csv": (cog_communes.CHARGEUR, "2023", "communes", 152),
    "v_mvt_commune_2025.csv": (cog_mouvements.CHARGEUR, "2025", "mouvements", 104),
    "historiq2017.txt": (cog_mouvements.CHARGEUR, "2017", "mouvements", 126),
    "table-appartenance-geo-communes-17.csv": (appartenance.CHARGEUR, "2017", "communes", 158),
    "perimetre-epci-a-fp_2025.csv": (epci.CHARGEUR, "2025", "membres", 167),
    "epcicom2023.xlsx": (epci.CHARGEUR, "2023", "membres", 154),
    "perimetres_epci_syndicats_2023.csv": (banatic_groupements.CHARGEUR, "2023", "adhesions", 157),
    "banatic_2025_transferts.csv": (TRANSFERTS, "2025", "transferts", 5),
    "banatic_2021_competences.csv": (COMPETENCES, "2021", "competences", 326),
    "frr-juillet-2025.csv": (zonages_frr.CHARGEUR, "2025", "communes", 152),
    "liste-qpv-2024.csv": (zonages_qpv.CHARGEUR, "2024", "qpv", None),
    "liste-pvd-com-2025.csv": (PVD, "2025", "communes", None),
    "communes-2026.geojson": (contours.CHARGEUR, "2026", "contours_communes", 12),
}
COLONNE_PERDUE = {
    "cog_communes": b"TYPECOM", "cog_mouvements": b"MOD", "appartenance": b"CODGEO", "epci": b"insee",
    "banatic_groupements": b"type_membre", "banatic_transferts": b"Code Insee Commune",
    "banatic_competences": b"SIREN", "zonages_frr": b"Classement FRR et FRR+ au 10 juillet 2025",
    "zonages_qpv": b"insee_com", "zonages_pvd": b"id_pvd",
}  # fmt: skip


@pytest.mark.parametrize("nom", A_QUI)
def test_chaque_extrait_est_reconnu_par_un_seul_chargeur_et_se_lit_en_entier(nom):
    chargeur, millesime, niveau, lignes = A_QUI[nom]
    assert qui_le_reclame(FICHIERS / nom) == [chargeur.jeu]
    quoi, tables, rapport = lire(chargeur, FICHIERS / nom)
    assert quoi.millesime == millesime
    assert tables[niveau].height == (lignes or tables[niveau].height) > 0
    assert rapport.lues == rapport.gardees + rapport.rejetees


@pytest.mark.parametrize("nom", [n for n in A_QUI if not n.endswith(("xlsx", "geojson"))])
@pytest.mark.parametrize("gate", ["bom", "crlf", "cp1252"])
def test_le_meme_fichier_autrement_encode_donne_la_meme_table(nom, gate, tmp_path):
    chargeur, _, niveau, _ = A_QUI[nom]
    _, attendues, _ = lire(chargeur, FICHIERS / nom)
    octets = (FICHIERS / nom).read_bytes()
    try:
        texte = octets.decode("utf-8")
    except UnicodeDecodeError:
        texte = octets.decode("cp1252")
    texte = texte.replace("\r\n", "\n")
    if gate == "crlf":
        texte = texte.replace("\n", "\r\n")
    ecrire(tmp_path, nom, texte, {"bom": "utf-8-sig", "cp1252": "cp1252"}.get(gate, "utf-8"))
    _, tables, _ = lire(chargeur, tmp_path / nom)
    assert tables[niveau].equals(attendues[niveau])


@pytest.mark.parametrize("nom", [n for n in A_QUI if not n.endswith(("xlsx", "geojson"))])
def test_une_colonne_de_moins_et_le_fichier_n_est_plus_reconnu(nom, tmp_path):
    chargeur = A_QUI[nom][0]
    premiere, _, reste = (FICHIERS / nom).read_bytes().partition(b"\n")
    perdue = COLONNE_PERDUE[chargeur.jeu]
    assert perdue in premiere
    (tmp_path / nom).write_bytes(premiere.replace(perdue, b"autre") + b"\n" + reste)
    assert qui_le_reclame(tmp_path / nom) == []


def test_une_commune_deleguee_ne_double_pas_sa_commune():
    _, tables, _ = lire(cog_communes.CHARGEUR, FICHIERS / "v_commune_2023.csv")
    assert tables["communes"]["code"].is_unique().all()
    assert tables["parties_de_communes"].filter(pl.col("code") == "48009")["commune"].to_list() == ["48009"]
    connues = {x["code_insee"] for x in lecture.lignes("lozere/communes") if x["departement"] == "48"}
    assert set(tables["communes"]["code"]) == connues


def test_l_annee_se_lit_dans_le_nom_et_se_reclame(tmp_path):
    (tmp_path / "communes.csv").write_bytes((FICHIERS / "v_commune_2023.csv").read_bytes())
    with pytest.raises(FichierRefuse, match="rendez-lui son nom d’origine"):
        lire(cog_communes.CHARGEUR, tmp_path / "communes.csv")


def test_les_zeros_de_tete_perdus_sont_rendus_et_les_doubles_rejetes(tmp_path):
    entete = "TYPECOM,COM,REG,DEP,CTCD,ARR,TNCC,NCC,NCCENR,LIBELLE,CAN,COMPARENT\n"
    corps = "COM,1004,84,01,,,,,,Ambérieu,,\nCOM,01004,84,01,,,,,,Ambérieu,,\nCOM,x,84,01,,,,,,Rien,,\n"
    ecrire(tmp_path, "v_commune_2026.csv", entete + corps)
    _, tables, rapport = lire(cog_communes.CHARGEUR, tmp_path / "v_commune_2026.csv")
    assert tables["communes"]["code"].to_list() == ["01004"]
    assert rapport.rejets == {"commune en double": 1, "code de commune illisible": 1}
    assert "ligne 3" in " ".join(rapport.exemples)


def test_l_ancien_historique_devient_avant_et_apres():
    _, tables, rapport = lire(cog_mouvements.CHARGEUR, FICHIERS / "historiq2017.txt")
    vignes = tables["mouvements"].filter(pl.col("com_av") == "48195")
    assert vignes.select("mod", "date_eff", "com_ap").rows() == [("32", "2017-01-01", "48094")]
    assert rapport.rejets == {"mouvement sans effet sur le périmètre ni le nom": 4}


def test_le_nouveau_fichier_des_mouvements_connait_les_fusions_de_2017():
    _, tables, rapport = lire(cog_mouvements.CHARGEUR, FICHIERS / "v_mvt_commune_2025.csv")
    fusion = tables["mouvements"].filter(pl.col("com_av") == "48195", pl.col("typecom_av") == "COM")
    assert ("32", "48094") in fusion.select("mod", "com_ap").rows()
    assert rapport.avertissements == []


def test_la_table_de_passage_se_lit_sous_ses_cinq_lignes_de_titre(tmp_path):
    chemin = tmp_path / "table_passage_geo2003_geo2025.xlsx"
    with xlsxwriter.Workbook(str(chemin)) as classeur:
        feuille = classeur.add_worksheet("COM")
        feuille.write(0, 0, "Table de passage des communes")
        feuille.write(2, 0, "Source : Insee")
        feuille.write_row(5, 0, ["CODGEO_INI", "CODGEO_2015", "CODGEO_2025", "LIBGEO_2025"])
        feuille.write_row(6, 0, ["48195", "48195", "48094", "Massegros Causses Gorges"])
        feuille.write_row(7, 0, ["48095", "48095", "48095", "Mende"])
    quoi, tables, _ = lire(cog_passage.CHARGEUR, chemin)
    assert quoi.geographie == 2025
    assert (2015, "48195", "48094") in tables["passage"].rows()
    assert (0, "48195", "48094") in tables["passage"].rows()


def test_la_lozere_de_2017_a_ses_epci_et_ses_zonages():
    _, tables, _ = lire(appartenance.CHARGEUR, FICHIERS / "table-appartenance-geo-communes-17.csv")
    assert tables["communes"].columns[-2:] == ["CATAEU2010", "BV2012"]
    assert cellule(tables["communes"], "48095", "libelle") == "Mende"
    assert tables["membres"]["epci"].n_unique() == 11


def test_les_milliers_espaces_et_les_totaux_du_perimetre():
    _, tables, _ = lire(epci.CHARGEUR, FICHIERS / "perimetre-epci-a-fp_2025.csv")
    assert ligne(tables["epci"], "241200567", ("nom", "nb_membres", "population_totale")) == (
        "CC de Millau Grands Causses", 15.0, 30_249.0,
    )  # fmt: skip
    assert cellule(tables["membres"], "48131", "departement") == "48"


def test_le_classeur_et_le_csv_donnent_les_memes_colonnes():
    _, csv, _ = lire(epci.CHARGEUR, FICHIERS / "perimetre-epci-a-fp_2025.csv")
    _, xlsx, _ = lire(epci.CHARGEUR, FICHIERS / "epcicom2023.xlsx")
    assert csv["membres"].schema == xlsx["membres"].schema
    assert cellule(xlsx["epci"], "241200567", "population_municipale") == 28_973


def test_l_export_national_se_lit_en_flux_avec_ses_competences(tmp_path):
    chemin = tmp_path / "export_national_banatic_2025.xlsx"
    entetes = [
        "N° SIREN", "Nom du groupement", "Nature juridique", "Département", "Nom membre", "Siren membre",
        "Catégorie des membres du groupement", "Assainissement collectif", "Eau",
    ]  # fmt: skip
    with xlsxwriter.Workbook(str(chemin), {"constant_memory": True}) as classeur:
        feuille = classeur.add_worksheet("Export")
        feuille.write_row(0, 0, entetes)
        for rang in range(1, 401):
            siren = 200_000_000 + rang // 2
            membre = ["CC X", "CC", "48", f"Commune {rang}", 214_800_000 + rang, "Commune", "OUI", "NON"]
            feuille.write_row(rang, 0, [siren, *membre])
        feuille.write_row(401, 0, ["pas un siren"])
    _, tables, rapport = lire(banatic_groupements.CHARGEUR, chemin)
    assert tables["adhesions"].height == 400
    assert tables["competences"]["competence"].unique().to_list() == ["Assainissement collectif"]
    assert tables["groupements"].row(0)[:4] == ("200000000", "CC X", "CC", "48")
    assert rapport.rejets == {"SIREN illisible": 1}


def test_les_competences_sont_celles_du_jeu_fourni():
    _, tables, _ = lire(COMPETENCES, FICHIERS / "banatic_2021_competences.csv")
    tenues = tables["competences"].filter(pl.col("groupement") == "200004646")["competence"].to_list()
    assert len(tenues) == 1


def test_une_commune_passe_par_son_epci():
    _, tables, _ = lire(TRANSFERTS, FICHIERS / "banatic_2025_transferts.csv")
    assert ligne(tables["transferts"], "63005", ("groupement", "par_groupement")) == (
        "254300049",
        "200070407",
    )


def test_frr_et_frr_plus_se_distinguent_et_l_inconnu_reste_vide(tmp_path):
    varier(tmp_path, "frr-juillet-2025.csv", ("Albaret-le-Comtal;FRR socle", "Albaret-le-Comtal;peut-être"))
    _, tables, rapport = lire(zonages_frr.CHARGEUR, tmp_path / "frr-juillet-2025.csv")
    assert ligne(tables["communes"], "48001", ("FRR", "FRR_PLUS")) == (None, None)
    assert ligne(tables["communes"], "48002", ("FRR", "FRR_PLUS")) == (1.0, 0.0)
    assert ligne(tables["communes"], "48194", ("FRR", "FRR_PLUS")) == (1.0, 1.0)
    assert "peut-être" in rapport.avertissements[0]


def test_un_quartier_a_cheval_compte_dans_ses_deux_communes():
    _, tables, _ = lire(zonages_qpv.CHARGEUR, FICHIERS / "liste-qpv-2024.csv")
    partages = tables["liens"].group_by("qpv").len().filter(pl.col("len") > 1)
    assert partages.height >= 1
    assert tables["communes"]["NB_QPV"].sum() == tables["liens"].height


def test_les_petites_villes_de_demain_de_lozere():
    _, tables, _ = lire(PVD, FICHIERS / "liste-pvd-com-2025.csv")
    fournies = {x["code_insee"] for x in lecture.lignes("lozere/zonages_politiques") if x["pvd"] == "1"}
    assert set(tables["communes"]["code"]) == fournies
    assert ligne(tables["communes"], "48017", ("signee_le", "PVD")) == ("2021-03-24", 1.0)


def test_une_commune_en_partie_en_montagne_l_est_mais_pas_totalement(tmp_path):
    texte = "insee_com;lib_com;montagne;massif\n48001;A;Totale;Alpes\n48002;B;Partielle;\n48003;C;Non;\n"
    ecrire(tmp_path, "liste-com-montagne-2025.csv", texte)
    assert qui_le_reclame(tmp_path / "liste-com-montagne-2025.csv") == ["zonages_montagne"]
    _, tables, _ = lire(zonages_montagne.CHARGEUR, tmp_path / "liste-com-montagne-2025.csv")
    valeurs = tables["communes"].select("MONTAGNE", "MONTAGNE_TOTALE").rows()
    assert valeurs == [(1.0, 1.0), (1.0, 0.0), (0.0, 0.0)]


def test_un_contour_ouvert_est_rejete_les_autres_restent(tmp_path):
    polygone = '{"type":"Polygon","coordinates":[[[3,44],[3.1,44],[3.1,44.1],[3,44]]]}'
    ouvert = '{"type":"Polygon","coordinates":[[[3,44],[3.1,44],[3.1,44.1],[3.2,44]]]}'
    loin = '{"type":"Polygon","coordinates":[[[700000,6400000],[1,1],[2,2],[700000,6400000]]]}'
    codes = ("48001", "48002", "48003", "48001", "z")
    entites = ",".join(
        f'{{"type":"Feature","properties":{{"code":"{code}"}},"geometry":{geometrie}}}'
        for code, geometrie in zip(codes, (polygone, ouvert, loin, polygone, polygone), strict=True)
    )
    ecrire(tmp_path, "communes-2026.geojson", f'{{"type":"FeatureCollection","features":[{entites}]}}')
    _, tables, rapport = lire(contours.CHARGEUR, Path(tmp_path / "communes-2026.geojson"))
    assert tables["contours_communes"]["code"].to_list() == ["48001"]
    assert rapport.rejetees == 4
