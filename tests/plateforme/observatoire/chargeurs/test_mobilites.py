"""Home-to-work flows, commune × commune."""

from pathlib import Path

import polars as pl
import pytest

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.mobilites import CHARGEUR
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, ecrire, lire, qui_le_reclame, varier

FLUX = "base-flux-mobilite-domicile-lieu-travail-2014.csv"
ENTETE = "CODGEO;LIBGEO;DCLT;L_DCLT;NBFLUX_C22_ACTOCC15P\n"


def flux(tmp_path: Path, *lignes: str):
    texte = ENTETE + "".join(f"{x}\n" for x in lignes)
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "base-flux.csv", texte))
    return {(o, d): n for o, d, n in tables["flux"].iter_rows()}, rapport


def test_les_flux_publies_sont_gardes():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / FLUX)
    assert (quoi.millesime, quoi.geographie) == ("2014", 2017)
    table = tables["flux"]
    assert table.columns == ["origine", "destination", "actifs"]
    vers_mende = table.filter((pl.col("origine") == "48013") & (pl.col("destination") == "48095"))
    assert vers_mende["actifs"].item() == 303
    assert rapport.lues == rapport.gardees == table.height


def test_les_effectifs_ne_sont_pas_arrondis(tmp_path: Path):
    lus, _ = flux(tmp_path, "48095;Mende;48095;Mende;4372.387493855914")
    assert lus == {("48095", "48095"): 4372.387493855914}


def test_les_arrondissements_rejoignent_leur_commune(tmp_path: Path):
    lus, _ = flux(
        tmp_path,
        "75101;Paris 1er;75102;Paris 2e;10",
        "75102;Paris 2e;75101;Paris 1er;5",
        "48095;Mende;69383;Lyon 3e;2",
    )
    assert lus == {("75056", "75056"): 15.0, ("48095", "69123"): 2.0}


def test_paris_et_ses_arrondissements_ne_s_ajoutent_pas(tmp_path: Path):
    lus, rapport = flux(tmp_path, "48095;Mende;75056;Paris;10", "48095;Mende;75101;Paris 1er;4")
    assert lus == {("48095", "75056"): 10.0}
    assert rapport.rejets["arrondissement déjà compté dans sa commune"] == 1


def test_un_emploi_a_l_etranger_est_une_sortie(tmp_path: Path):
    lus, rapport = flux(tmp_path, "74012;Annemasse;SU501;Genève;3200", "57463;Metz;99999;Étranger;8")
    assert lus[("74012", "SU501")] == 3200
    assert "2 flux vers l’étranger" in rapport.avertissements[0]


@pytest.mark.parametrize(
    ("ligne", "cause"),
    [
        ("Mende;Mende;48095;Mende;12", "commune de résidence illisible"),
        ("48095;Mende;;;12", "lieu de travail illisible"),
        ("48095;Mende;48001;Albaret;douze", "effectif absent ou illisible"),
        ("48095;Mende;48001;Albaret;", "effectif absent ou illisible"),
        ("48095;Mende;48001;Albaret;-3", "effectif absent ou illisible"),
        ("48013;Badaroux;48095;Mende;9", "flux en double"),
    ],
)
def test_un_flux_illisible_est_rejete_avec_sa_cause(tmp_path: Path, ligne: str, cause: str):
    lus, rapport = flux(tmp_path, "48013;Badaroux;48095;Mende;303", ligne)
    assert lus == {("48013", "48095"): 303.0}
    assert rapport.rejets == {cause: 1}
    assert rapport.exemples[0].startswith("ligne 3")


def test_les_zeros_de_tete_perdus_sont_rendus(tmp_path: Path):
    lus, _ = flux(tmp_path, "1004;Ambérieu;1033;Bellegarde;21,5")
    assert lus == {("01004", "01033"): 21.5}


def test_le_fichier_des_scolaires_n_est_pas_celui_ci(tmp_path: Path):
    chemin = varier(tmp_path, FLUX, ("NBFLUX_C14_ACTOCC15P", "NBFLUX_C14_SCOL02P"))
    assert CHARGEUR.reconnaitre(Source(chemin)) is None


def test_un_seul_chargeur_le_reclame():
    assert qui_le_reclame(FICHIERS / FLUX) == ["mobilites"]


def test_aucun_flux_lisible_est_un_refus(tmp_path: Path):
    with pytest.raises(FichierRefuse, match="aucun flux lisible"):
        flux(tmp_path, "a;b;c;d;e")


def test_un_fichier_de_deux_cent_mille_flux_rend_la_meme_somme(tmp_path: Path):
    lignes = (
        f"{o:05d};x;{d:05d};y;{(o * d) % 7}.5" for o in range(48001, 48201) for d in range(12001, 13001)
    )
    lus, rapport = flux(tmp_path, *lignes)
    assert rapport.gardees == len(lus) == 200_000
    assert sum(lus.values()) == sum(
        (o * d) % 7 + 0.5 for o in range(48001, 48201) for d in range(12001, 13001)
    )
