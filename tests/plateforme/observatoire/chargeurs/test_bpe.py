"""Facilities: long form of 2024, one row per facility before."""

from pathlib import Path

import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse
from arpent.plateforme.observatoire.chargeurs.bpe import CHARGEUR, TYPES_SUIVIS
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS, cellule, ecrire, ligne, lire, qui_le_reclame, varier

LONG = "DS_BPE_2024_data.csv"


def test_les_totaux_de_la_forme_longue_ne_sont_pas_comptes_deux_fois():
    quoi, tables, rapport = lire(CHARGEUR, FICHIERS / LONG)
    assert (quoi.millesime, quoi.geographie) == ("2024", 2025)
    communes = tables["communes"]
    fourni = {x["code_insee"]: x for x in lecture.lignes("lozere/bpe_2024")}
    for code, infirmiers in zip(communes["code"], communes["D281"], strict=True):
        assert infirmiers == float(fourni[code]["infirmier"])
    # the département row of the same file is another table, and equals the sum of its communes
    assert cellule(tables["departements"], "48", "D281") == communes["D281"].sum()
    assert not rapport.rejets


def test_un_type_que_la_commune_n_a_pas_vaut_zero():
    _, tables, _ = lire(CHARGEUR, FICHIERS / LONG)
    assert tables["communes"].null_count().sum_horizontal().item() == 0
    assert set(TYPES_SUIVIS) <= set(tables["communes"].columns)
    assert tables["communes"]["D201"].sum() == 0


@pytest.mark.parametrize(
    ("avant", "apres", "cause"),
    [
        ('"48009";"COM"', '"4800";"COM"', None),
        ('"48009";"COM"', '"Lozère";"COM"', "code de commune illisible"),
        ('"C201";"FACILITIES"', '"XX";"FACILITIES"', "type d’équipement inconnu"),
    ],
)
def test_les_lignes_abimees_sont_rejetees(tmp_path: Path, avant: str, apres: str, cause: str | None):
    _, tables, rapport = lire(CHARGEUR, varier(tmp_path, LONG, (avant, apres)))
    if cause is None:
        assert "04800" in set(tables["communes"]["code"])
    else:
        assert rapport.rejets[cause] == 1


def test_une_ligne_double_n_est_pas_ajoutee(tmp_path: Path):
    texte = (FICHIERS / LONG).read_text(encoding="utf-8")
    premiere = texte.splitlines()[1]
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, LONG, texte + premiere + "\n"))
    assert rapport.rejets["ligne en double"] == 1
    assert tables["communes"].equals(lire(CHARGEUR, FICHIERS / LONG)[1]["communes"])


def test_une_valeur_illisible_reste_manquante(tmp_path: Path):
    texte = '"GEO";"GEO_OBJECT";"FACILITY_TYPE";"BPE_MEASURE";"TIME_PERIOD";"OBS_VALUE"\n'
    texte += (
        '"48095";"COM";"D281";"FACILITIES";"2024";"beaucoup"\n"48095";"COM";"C201";"FACILITIES";"2024";"2"\n'
    )
    _, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "b.csv", texte))
    assert ligne(tables["communes"], "48095", ("D281", "C201", "D307")) == (None, 2.0, 0.0)
    assert "beaucoup" in rapport.avertissements[0]


def test_l_ancienne_forme_compte_une_ligne_par_equipement(tmp_path: Path):
    texte = "AN;DEPCOM;TYPEQU\n2023;48095;D265\n2023;48095;D265\n2023;75101;D265\n2023;75102;D265\n"
    quoi, tables, rapport = lire(CHARGEUR, ecrire(tmp_path, "bpe23.csv", texte))
    assert quoi.millesime == "2023"
    assert ligne(tables["communes"], "48095", ("D265", "C201")) == (2.0, 0.0)
    assert cellule(tables["communes"], "75056", "D265") == 2.0
    assert rapport.gardees == 4


def test_l_ensemble_donne_le_nombre_d_equipements(tmp_path: Path):
    texte = "REG;DEP;DEPCOM;TYPEQU;NB_EQUIP\n76;48;48095;D201;12\n76;48;48095;D232;30\n"
    quoi, tables, _ = lire(CHARGEUR, ecrire(tmp_path, "bpe_ensemble_20.csv", texte))
    assert quoi.millesime == "2020"
    assert ligne(tables["communes"], "48095", ("D201", "D232")) == (12.0, 30.0)


def test_sans_annee_le_fichier_est_refuse(tmp_path: Path):
    chemin = ecrire(tmp_path, "equipements.csv", "DEPCOM;TYPEQU\n48095;D265\n")
    with pytest.raises(FichierRefuse, match=r"bpe23\.csv"):
        CHARGEUR.reconnaitre(Source(chemin))


def test_un_seul_chargeur_le_reclame():
    assert qui_le_reclame(FICHIERS / LONG) == ["bpe"]
