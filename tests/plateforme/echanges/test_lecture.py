"""Reading a file sent by somebody: what is sound is read, what is not is refused, the server lives."""

import resource
import subprocess
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from xlsxwriter import Workbook

from arpent.plateforme.documents.donnees import ColonneDoc
from arpent.plateforme.documents.rendu.ods import rendre_tableau_ods
from arpent.plateforme.echanges import lecture
from arpent.plateforme.echanges.lecture import FichierIllisible, lire_fichier, ouvrir
from tests.plateforme.echanges import bombes


def test_un_classeur_se_lit_sous_son_titre_avec_les_numeros_de_ligne(tmp_path):
    tableau = lire_fichier(bombes.sain(tmp_path / "plan.xlsx"))
    assert tableau.entetes == (
        "N°", "Intitulé du projet", "Maître d'ouvrage", "Coût total (€ HT)", "DETR (acquis)",
    )  # fmt: skip
    assert [ligne.numero for ligne in tableau.lignes] == [4, 5, 6]
    assert tableau.lignes[0].cellules == ("1", "Projet 0", "Chirac", "1000.50", "400")


@pytest.mark.parametrize("encodage", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("separateur", [";", ",", "\t"])
def test_un_csv_se_lit_quels_que_soient_son_encodage_et_son_separateur(tmp_path, encodage, separateur):
    chemin = tmp_path / "plan.csv"
    lignes = [["Intitulé", "Maître d’ouvrage", "Coût HT"], ["École", "Chirac", '"12 345,67 €"']]
    chemin.write_bytes("\r\n".join(separateur.join(ligne) for ligne in lignes).encode(encodage))
    tableau = lire_fichier(chemin)
    assert tableau.entetes == ("Intitulé", "Maître d’ouvrage", "Coût HT")
    assert tableau.lignes[0].cellules == ("École", "Chirac", "12 345,67 €")


@pytest.mark.parametrize(
    ("fabrique", "message"),
    [
        (bombes.feuille_d_un_giga, "200 Mo"),
        (bombes.chaine_de_400_mo, "200 Mo"),
        (bombes.milliard_de_rires, "définitions interdites"),
        (bombes.entite_externe, "définitions interdites"),
        (bombes.cellule_lointaine, "XFD1048576"),
        (bombes.trop_de_colonnes, "colonnes"),
        (bombes.soixante_mille_entrees, "nombre anormal"),
        (bombes.chemin_qui_remonte, "chemin interdit"),
        (bombes.taille_menteuse, "abîmé"),
        (bombes.tronque, "abîmé"),
    ],
)
def test_une_bombe_est_refusee_avec_un_message_clair(tmp_path, fabrique, message):
    chemin = fabrique(tmp_path / "plan.xlsx")
    assert chemin.stat().st_size < 20_000_000
    memoire = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(FichierIllisible, match=message):
        lire_fichier(chemin)
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memoire < 40_000, "in kilobytes"


def test_une_cellule_qui_epuise_la_memoire_est_refusee(tmp_path):
    """Two cells far apart but within the bounds: a dense table of 20 million cells."""
    xml = f'<row r="1">{bombes.texte("A1", "a")}</row><row r="99999">{bombes.texte("GR99999", "b")}</row>'
    chemin = bombes.classeur(tmp_path / "plan.xlsx", bombes.cellules(xml))
    with pytest.raises(FichierIllisible):
        lire_fichier(chemin)


def test_un_lecteur_sans_memoire_qui_ne_meurt_pas_est_arrete(tmp_path, monkeypatch):
    """Out of memory, a reader may wait for ever and spend no processor: only the clock stops it."""
    monkeypatch.setattr(lecture, "_SCRIPT", tmp_path / "fige.py")
    monkeypatch.setattr(lecture, "DELAI_MAX", 1)
    (tmp_path / "fige.py").write_text("import time\ntime.sleep(600)\n")
    with pytest.raises(FichierIllisible, match="trop lourd"):
        lire_fichier(bombes.sain(tmp_path / "plan.xlsx"))


def test_une_reponse_demesuree_n_entre_pas_dans_le_serveur(tmp_path):
    """A workbook said to come back has no bound on its rows of its own: the answer has one."""
    with pytest.raises(FichierIllisible, match="trop lourd"):
        ouvrir(bombes.retour_demesure(tmp_path / "plan.xlsx"))


@pytest.mark.parametrize(
    ("nom", "contenu", "message"),
    [
        ("plan.xlsx", b"", "vide"),
        ("plan.csv", b"", "vide"),
        ("plan.csv", b"\r\n ; ; \r\n", "vide"),
        ("plan.csv", "Intitulé;Maître d’ouvrage;Coût HT\r\n".encode(), "ligne de titres"),
        ("plan.xlsx", b"Intitule;MO;Cout\n", "n’est pas un classeur"),
        ("plan.csv", b"PK\x03\x04" + b"x" * 50, "renommez"),
        ("plan.xls", b"\xd0\xcf\x11\xe0", "enregistrez"),
        ("plan.xlsx", b"\xd0\xcf\x11\xe0" + b"x" * 50, "mot de passe"),
        ("plan", b"a;b;c\n1;2;3", "sans extension"),
        ("plan.exe", b"MZ", "n’est pas lu"),
        ("plan.csv", b"a;b;c\n1;\0;3", "pas un texte"),
        ("plan.csv", b'a;b;c\n1;"non ferme;3', "mal formé"),
        ("plan.csv", b"a;b;c\n1;" + b"x" * 6_000 + b";3", "ligne 2"),
        ("plan.csv", b"a;b;c\n" + b";".join([b"1"] * 300_000), "colonnes"),
        ("plan.csv", b"a;b;c\n" + b"1;2;3\n" * 20_001, "20000 lignes"),
        ("plan.xlsx", b"PK\x05\x06" + b"\0" * 18, "pas un classeur"),
    ],
)
def test_un_mauvais_fichier_dit_ce_qui_ne_va_pas_et_que_faire(tmp_path, nom, contenu, message):
    chemin = tmp_path / nom
    chemin.write_bytes(contenu)
    with pytest.raises(FichierIllisible, match=message) as refus:
        lire_fichier(chemin)
    assert "\xa0: " in str(refus.value)


def test_un_fichier_trop_gros_n_est_pas_ouvert(tmp_path):
    chemin = tmp_path / "plan.csv"
    with chemin.open("wb") as flux:
        flux.truncate(20 * 1024 * 1024 + 1)
    with pytest.raises(FichierIllisible, match="20 Mo"):
        lire_fichier(chemin)


def test_dix_mille_lignes_se_lisent(tmp_path):
    chemin = bombes.sain(tmp_path / "plan.xlsx", lignes=10_000)
    assert len(lire_fichier(chemin).lignes) == 10_000


def test_un_csv_sans_encodage_connu_garde_ses_cellules(tmp_path):
    chemin = tmp_path / "plan.csv"
    chemin.write_bytes(b"Intitul\xe9;Ma\xeetre d'ouvrage;Co\xfbt HT\n\x81\xc9cole;Chirac;5\n")
    assert lire_fichier(chemin).lignes[0].cellules == ("École", "Chirac", "5")


def test_une_ligne_de_signes_invisibles_est_une_ligne_vide(tmp_path):
    chemin = tmp_path / "plan.csv"
    chemin.write_bytes("Intitulé;Maître d’ouvrage;Coût HT\n\x01;\x02;\nÉcole;Chirac;5\n".encode())
    (ligne,) = lire_fichier(chemin).lignes
    assert (ligne.numero, ligne.cellules) == (3, ("École", "Chirac", "5"))


def test_un_texte_unicode_d_excel_se_lit(tmp_path):
    chemin = tmp_path / "plan.csv"
    chemin.write_bytes("Intitulé\tMaître d’ouvrage\tCoût HT\r\nÉcole\tChirac\t5\r\n".encode("utf-16"))
    assert lire_fichier(chemin).entetes == ("Intitulé", "Maître d’ouvrage", "Coût HT")


def ecrire(chemin, feuilles):
    livre = Workbook(str(chemin))
    for nom, rows in feuilles.items():
        feuille = livre.add_worksheet(nom)
        for rang, row in enumerate(rows):
            feuille.write_row(rang, 0, row)
    return livre


TITRES = ["Intitulé", "Maître d’ouvrage", "Coût HT"]


def test_la_feuille_du_plan_est_preferee_au_lisez_moi_et_aux_feuilles_cachees(tmp_path):
    chemin = tmp_path / "plan.xlsx"
    livre = ecrire(
        chemin,
        {
            "Lisez-moi": [["Mode d’emploi"], ["Remplir la feuille suivante."]],
            "Cachée": [[*TITRES, "Thème", "Année"], ["Secret", "Chirac", 1, "", 2026]],
            "Plan": [TITRES, ["École", "Chirac", 5]],
        },
    )
    livre.get_worksheet_by_name("Cachée").hide()
    livre.close()
    assert lire_fichier(chemin).lignes[0].cellules == ("École", "Chirac", "5")


def test_une_cellule_en_erreur_ne_devient_pas_vide(tmp_path):
    chemin = tmp_path / "plan.xlsx"
    livre = ecrire(chemin, {"Aide": [["x"]], "Plan": [[*TITRES, "DETR"], ["École", "Chirac", 5]]})
    livre.get_worksheet_by_name("Plan").write_formula("D2", "=1/0", None, "#DIV/0!")
    livre.close()
    assert lire_fichier(chemin).lignes[0].cellules == ("École", "Chirac", "5", "#ERREUR")


def test_des_formats_poses_tres_loin_ne_genent_pas(tmp_path):
    chemin = tmp_path / "plan.xlsx"
    livre = ecrire(chemin, {"Plan": [TITRES, ["École", "Chirac", 5]]})
    livre.get_worksheet_by_name("Plan").write_blank("XFD1048576", None, livre.add_format({"bold": True}))
    livre.close()
    assert len(lire_fichier(chemin).lignes) == 1


def test_les_nombres_et_les_dates_du_tableur_se_lisent_sans_perdre_un_centime(tmp_path):
    chemin = tmp_path / "plan.xlsx"
    livre = ecrire(chemin, {"Plan": [[*TITRES, "Début", "Année"], ["École", "Chirac", 1234.565, None, 2027]]})
    jour = livre.add_format({"num_format": "dd/mm/yyyy"})
    livre.get_worksheet_by_name("Plan").write_datetime("D2", datetime(2027, 3, 1), jour)
    livre.close()
    assert lire_fichier(chemin).lignes[0].cellules == ("École", "Chirac", "1234.57", "2027-03-01", "2027")


def test_un_chemin_relatif_se_lit(tmp_path, monkeypatch):
    bombes.sain(tmp_path / "plan.xlsx")
    monkeypatch.chdir(tmp_path)
    assert len(lire_fichier(Path("plan.xlsx")).lignes) == 3


def test_le_lecteur_ne_connait_ni_la_base_ni_les_secrets(tmp_path, monkeypatch):
    """The child gets an empty environment: nothing to steal for whoever would take it over."""
    recus = {}

    def espion(commande, **options):
        recus.update(options)
        return subprocess.CompletedProcess(commande, 0, b'{"refus": "vu : rien"}', b"")

    monkeypatch.setattr(subprocess, "run", espion)
    with pytest.raises(FichierIllisible, match="vu"):
        lire_fichier(bombes.sain(tmp_path / "plan.xlsx"))
    assert recus["env"] == {}


def test_un_classeur_de_libreoffice_se_lit(tmp_path):
    colonnes = [
        ColonneDoc("t", "Intitulé"),
        ColonneDoc("m", "Maître d’ouvrage"),
        ColonneDoc("c", "Coût HT", "montant"),
    ]
    lignes = [{"t": "=École", "m": "Chirac", "c": Decimal("12345.67")}]
    chemin = tmp_path / "plan.ods"
    chemin.write_bytes(rendre_tableau_ods("Plan", colonnes, lignes, etabli_le=date(2026, 1, 1)))
    tableau = lire_fichier(chemin)
    assert tableau.entetes == ("Intitulé", "Maître d’ouvrage", "Coût HT")
    assert tableau.lignes[0].cellules == ("=École", "Chirac", "12345.67")


def test_un_faux_classeur_de_libreoffice_est_refuse(tmp_path):
    chemin = bombes.sain(tmp_path / "plan.xlsx").rename(tmp_path / "plan.ods")
    with pytest.raises(FichierIllisible, match="pas un classeur LibreOffice"):
        lire_fichier(chemin)


def test_une_bombe_de_libreoffice_est_refusee(tmp_path):
    chemin = tmp_path / "plan.ods"
    with zipfile.ZipFile(chemin, "w") as archive:
        archive.writestr("content.xml", '<!DOCTYPE x [<!ENTITY a "aaaa">]><x>&a;</x>')
    with pytest.raises(FichierIllisible, match="définitions interdites"):
        lire_fichier(chemin)
