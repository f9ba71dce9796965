"""Incomes and poverty: the wide files up to 2021, the long one of the new source."""

from pathlib import Path

import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.filosofi import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.filosofi_melodi import CHARGEUR as MELODI
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier, zipper

COMMUNES = "cc_filosofi_2021_COM.csv"
LONG = "DS_FILOSOFI_CC_2021_data.csv"


def test_la_virgule_decimale_le_secret_et_le_non_disponible():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / COMMUNES)
    assert (quoi.millesime, quoi.geographie) == ("2021", 2024)
    communes = tables["communes"]
    assert ligne(communes, "48095", ("MED21", "TP6021", "PIMPOT21")) == (22980.0, 13.0, -15.6)
    # secret: missing and marked; not available: missing and not marked; never 0
    assert ligne(communes, "48009", ("TP60AGE121", "TP60AGE121__secret")) == (None, True)
    assert ligne(communes, "09304", ("MED21", "MED21__secret")) == (None, False)
    assert rapport.cellules_secretes > 1000
    assert rapport.lues == rapport.gardees == 164


def test_la_variante_par_epci_garde_ses_sirens(tmp_path: Path):
    chemin = ecrire(
        tmp_path, "cc_filosofi_2021_EPCI.csv", "CODGEO;NBMENFISC21;MED21\n200069102;2500;21 800\n"
    )
    _, tables, _ = lire(CHARGEUR, chemin)
    assert ligne(tables["epci"], "200069102", ("NBMENFISC21", "MED21")) == (2500.0, 21800.0)


def test_l_archive_et_ses_metadonnees(tmp_path: Path):
    octets = (FICHIERS / COMMUNES).read_bytes()
    archive = zipper(
        tmp_path, "f.zip", {"meta_cc_filosofi_2021_COM.csv": b"COD_VAR;LIB_VAR\nMED21;x\n", COMMUNES: octets}
    )
    assert lire(CHARGEUR, archive)[1]["communes"].equals(lire(CHARGEUR, FICHIERS / COMMUNES)[1]["communes"])


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [("\n48002;", "\n48001;", "commune en double"), ("\n48002;", "\n;", "code de commune illisible")],
)
def test_une_ligne_abimee_est_rejetee(tmp_path: Path, avant: str, apres: str, cause: str):
    assert lire(CHARGEUR, varier(tmp_path, COMMUNES, (avant, apres)))[2].rejets == {cause: 1}


def test_sans_mediane_le_fichier_n_est_pas_reconnu(tmp_path: Path):
    assert CHARGEUR.reconnaitre(Source(varier(tmp_path, COMMUNES, (";MED21;", ";MEDIANE;")))) is None


def test_la_forme_longue_est_depliee_par_niveau():
    quoi, tables, _ = lire(MELODI, FICHIERS / LONG)
    assert quoi.millesime == "2021"
    assert set(tables) == {"communes", "epci"}
    assert ligne(tables["communes"], "48095", ("MED_SL", "PR_MD60")) == (22980.0, 13.0)
    assert cellule(tables["epci"], "244800470", "MED_SL") == 22280.0


def test_dans_la_forme_longue_le_secret_est_marque():
    _, tables, rapport = lire(MELODI, FICHIERS / LONG)
    assert ligne(tables["communes"], "48001", ("PR_MD60", "PR_MD60__secret")) == (None, True)
    assert rapport.cellules_secretes > 50


def test_une_valeur_dite_secrete_n_est_pas_gardee_meme_si_elle_est_ecrite(tmp_path: Path):
    chemin = varier(tmp_path, LONG, ('"F";"A";"2021";"22980.0"', '"C";"A";"2021";"22980.0"'))
    _, tables, _ = lire(MELODI, chemin)
    assert ligne(tables["communes"], "48095", ("MED_SL", "MED_SL__secret")) == (None, True)


def test_une_observation_manquante_reste_vide(tmp_path: Path):
    chemin = varier(tmp_path, LONG, ('"F";"A";"2021";"22980.0"', '"F";"O";"2021";"0"'))
    _, tables, _ = lire(MELODI, chemin)
    assert ligne(tables["communes"], "48095", ("MED_SL", "MED_SL__secret")) == (None, False)


def test_une_ligne_double_et_une_autre_annee_sont_rejetees(tmp_path: Path):
    texte = (FICHIERS / LONG).read_text(encoding="utf-8")
    derniere = texte.splitlines()[-1]
    chemin = ecrire(tmp_path, LONG, f"{texte}{derniere}\n{derniere.replace('2021', '2020')}\n")
    rejets = lire(MELODI, chemin)[2].rejets
    assert rejets == {"ligne en double": 1, "autre année que 2021": 1}


def test_aucune_ligne_lisible_est_un_refus(tmp_path: Path):
    entete = (FICHIERS / LONG).read_text(encoding="utf-8").splitlines()[0]
    chemin = ecrire(tmp_path, LONG, f'{entete}\n"x";"IRIS";"MED_SL";"EUR";"0";"F";"A";"2021";"1"\n')
    with pytest.raises(FichierRefuse, match="aucune ligne lisible"):
        lire(MELODI, chemin)


@pytest.mark.parametrize(("nom", "jeu"), [(COMMUNES, "filosofi"), (LONG, "filosofi_melodi")])
def test_un_seul_chargeur_le_reclame(nom: str, jeu: str):
    assert qui_le_reclame(FICHIERS / nom) == [jeu]
