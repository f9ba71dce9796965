"""Files spoiled or made to harm: each ends in a report or a French refusal, the parent alive, memory bounded.

The ten-thousand-file version is bench/fuzz_chargeurs.py, run by hand.
"""

import resource
from pathlib import Path

import pytest

from arpent.plateforme.observatoire import lac
from arpent.plateforme.observatoire.chargeurs import ouvrier
from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse, Rapport
from arpent.plateforme.observatoire.chargeurs.charger import charger
from arpent.plateforme.observatoire.chargeurs.registre import lire, reconnaitre_tout
from arpent.plateforme.observatoire.chargeurs.source import Source

from .aide import FICHIERS
from .mutations import BOMBES, mutants

OFFICIELS = sorted(f for f in FICHIERS.iterdir() if f.suffix != ".md")
NOMBRE = 400


def test_des_centaines_de_fichiers_abimes_finissent_en_rapport_ou_en_refus(tmp_path):
    """In this process, to go fast: any other exception than a refusal fails the test."""
    refus = lus = 0
    messages: set[str] = set()
    for nom, octets in mutants(OFFICIELS, NOMBRE, graine=2026):
        chemin = tmp_path / nom
        chemin.write_bytes(octets)
        try:
            for chargeur, quoi in reconnaitre_tout(Source(chemin)):
                rapport = Rapport()
                lots = lire(chargeur, Source(chemin), quoi, rapport, lambda *_: None)
                assert all(lot.table.columns for lot in lots)
                lus += 1
        except FichierRefuse as erreur:
            refus += 1
            messages.add(str(erreur))
    assert all(message.endswith((".", ")")) and len(message) > 20 for message in messages)
    assert refus > 50
    assert lus > 50


@pytest.mark.parametrize("quoi", BOMBES)
def test_un_fichier_fait_pour_nuire_est_refuse_sans_tuer_le_parent(quoi, tmp_path):
    nom, fabriquer = BOMBES[quoi]
    chemin = tmp_path / nom
    chemin.write_bytes(fabriquer())
    with pytest.raises(FichierRefuse) as refus:
        charger(chemin, tmp_path / "donnees")
    assert len(str(refus.value)) > 20
    assert list(lac.tables(tmp_path / "donnees")) == []
    assert _memoire_des_enfants() < ouvrier.MEMOIRE_MAX
    assert not list((tmp_path / "donnees" / lac.LAC).glob(".chargement-*"))
    chemin.unlink()


def test_rien_ne_sort_du_dossier_de_travail(tmp_path):
    nom, fabriquer = BOMBES["chemin qui remonte"]
    (tmp_path / nom).write_bytes(fabriquer())
    avant = set(Path(tmp_path).parent.iterdir())
    with pytest.raises(FichierRefuse, match="chemin interdit"):
        charger(tmp_path / nom, tmp_path / "donnees")
    assert set(Path(tmp_path).parent.iterdir()) == avant


def _memoire_des_enfants() -> int:
    return resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
