"""Loading for good: the child process, the lake, idempotence, what a load tells; the command."""

import json
import shutil
from pathlib import Path

import pytest

from arpent.plateforme.config.commande import analyseur
from arpent.plateforme.observatoire import lac
from arpent.plateforme.observatoire.chargeurs import charger as module
from arpent.plateforme.observatoire.chargeurs import registre
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.charger import charger, reconnaitre
from arpent.plateforme.observatoire.etat import etat_du_lac

from .aide import FICHIERS, zipper

GUIDE = Path(__file__).parents[4] / "docs" / "guides" / "observatoire.md"


def test_un_fichier_entre_au_lac_avec_sa_provenance(tmp_path):
    avancees: list[str] = []
    resultat = charger(FICHIERS / "frr-juillet-2025.csv", tmp_path, lambda quoi, *_: avancees.append(quoi))
    table = lac.table(tmp_path, "zonages_frr", "communes")
    assert table is not None
    assert table.provenance.sha256 == resultat.sha256
    assert (table.provenance.millesime, table.provenance.lignes) == ("2025", 152)
    assert table.lire(["FRR"]).height == 152
    assert "lecture" in avancees
    assert resultat.rapports[0].lues == 152


def test_le_meme_fichier_deux_fois_ne_change_rien(tmp_path):
    charger(FICHIERS / "epcicom2023.xlsx", tmp_path)
    dates = {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*.parquet")}
    copie = shutil.copy(FICHIERS / "epcicom2023.xlsx", tmp_path / "autre nom 2023.xlsx")
    assert charger(Path(copie), tmp_path).deja
    assert {f: f.stat().st_mtime_ns for f in tmp_path.rglob("*.parquet")} == dates


def test_un_chargeur_plus_recent_relit_le_fichier(tmp_path, monkeypatch):
    charger(FICHIERS / "frr-juillet-2025.csv", tmp_path)
    chargeur = next(c for c in registre.CHARGEURS if c.jeu == "zonages_frr")
    monkeypatch.setattr(type(chargeur), "version", chargeur.version + 1)
    assert not charger(FICHIERS / "frr-juillet-2025.csv", tmp_path).deja


def test_une_table_perdue_est_relue(tmp_path):
    charger(FICHIERS / "perimetre-epci-a-fp_2025.csv", tmp_path)
    (tmp_path / lac.LAC / "epci" / "2025" / "epci.parquet").unlink()
    assert not charger(FICHIERS / "perimetre-epci-a-fp_2025.csv", tmp_path).deja
    assert lac.table(tmp_path, "epci", "epci") is not None


def test_une_archive_de_plusieurs_tables_les_charge_toutes(tmp_path):
    membres = {n: (FICHIERS / n).read_bytes() for n in ("v_commune_2023.csv", "v_mvt_commune_2025.csv")}
    archive = zipper(tmp_path, "cog_ensemble_2023_csv.zip", membres | {"lisezmoi.txt": b"bonjour"})
    resultat = charger(archive, tmp_path / "donnees")
    assert {t.provenance.jeu for t in resultat.tables} == {"cog_communes", "cog_mouvements"}
    assert charger(archive, tmp_path / "donnees").deja


def test_un_classeur_dans_une_archive_se_lit(tmp_path):
    archive = zipper(tmp_path, "epci.zip", {"epcicom2023.xlsx": (FICHIERS / "epcicom2023.xlsx").read_bytes()})
    assert charger(archive, tmp_path / "donnees").tables[0].provenance.millesime == "2023"


def test_les_communes_fusionnees_depuis_sont_dites(tmp_path):
    resultat = charger(FICHIERS / "table-appartenance-geo-communes-17.csv", tmp_path)
    assert resultat.rapports[0].codes_fusionnes["48057"] == "48127"
    assert resultat.rapports[0].codes_inconnus == []


def test_un_enfant_qui_meurt_donne_un_refus_et_rien_au_lac(tmp_path, monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "/bin/false")
    with pytest.raises(FichierRefuse, match="n’a pas pu être lu"):
        charger(FICHIERS / "frr-juillet-2025.csv", tmp_path)
    assert list(lac.tables(tmp_path)) == []
    assert [f.name for f in (tmp_path / lac.LAC).iterdir() if f.is_dir()] == []


def test_reconnaitre_ne_charge_rien(tmp_path):
    assert reconnaitre(FICHIERS / "historiq2017.txt")[0]["millesime"] == "2017"
    with pytest.raises(FichierRefuse, match="n’existe pas"):
        reconnaitre(tmp_path / "absent.csv")


def test_l_etat_dit_la_couverture_et_ce_qui_manque(tmp_path):
    charger(FICHIERS / "frr-juillet-2025.csv", tmp_path)
    etat = etat_du_lac(tmp_path)
    assert 0.004 < etat["tables"][0]["couverture"]["communes"] < 0.005
    manquants = {jeu["jeu"] for jeu in etat["jeux_manquants"]}
    assert "filosofi" in manquants
    assert "zonages_frr" not in manquants


def test_chaque_fichier_connu_est_dans_le_guide():
    guide = GUIDE.read_text(encoding="utf-8")
    assert [c.jeu for c in registre.CHARGEURS if f"`{c.jeu}`" not in guide] == []


def lancer(*arguments: str) -> int:
    options = analyseur().parse_args(["observatoire", *arguments])
    code: int = options.agir(options)
    return code


def test_la_commande_refuse_une_adresse_et_charge_les_autres(settings, tmp_path, capsys, db):
    settings.ARPENT_DONNEES = tmp_path
    fichiers = [
        str(FICHIERS / "frr-juillet-2025.csv"),
        "https://exemple.fr/frr.csv",
        str(tmp_path / "absent.csv"),
    ]
    assert lancer("charger", *fichiers, "--sans-reconstruire", "--json") == 2
    ecran = capsys.readouterr()
    sortie = json.loads(ecran.out)
    assert sortie["refuses"] == 2
    assert sortie["fichiers"][0]["tables"][0]["jeu"] == "zonages_frr"
    assert "téléchargez le fichier" in ecran.err
    assert lancer("charger", fichiers[0]) == 0
    assert "déjà chargé" in capsys.readouterr().out
    assert lancer("etat") == 0
    assert "France ruralités" in capsys.readouterr().out


def test_la_commande_charge_un_dossier_et_dit_les_compositions(settings, tmp_path, capsys, db):
    settings.ARPENT_DONNEES = tmp_path / "donnees"
    dossier = tmp_path / "fichiers"
    dossier.mkdir()
    for nom in ("table-appartenance-geo-communes-17.csv", "perimetre-epci-a-fp_2025.csv"):
        shutil.copy(FICHIERS / nom, dossier)
    assert lancer("charger", str(dossier), "--sans-reconstruire") == 0
    sortie = capsys.readouterr().out
    assert "Composition des EPCI au 1er janvier 2017" in sortie
    assert "Composition des EPCI au 1er janvier 2025" in sortie
    assert lancer("reconnaitre", str(dossier)) == 0
