"""A file that is missing is told; what it gave is missing, never zero, and the rest stays the same."""

from pathlib import Path

import numpy as np
import pytest

from arpent.extraits import lecture
from arpent.plateforme.observatoire.assemblage import TABLES_COMMUNALES
from arpent.plateforme.observatoire.catalogue import Publie, catalogue
from arpent.plateforme.observatoire.chargement import construire
from arpent.plateforme.observatoire.magasin import ouvrir

SIREN = "244800470"
FRANCE = (
    "communes", "epci", "departements", "totaux", "indicateurs_epci", "indicateurs_departements",
    "indicateurs_regions", "emploi_prive_urssaf_epci", "emploi_prive_urssaf_echelons", "mouvements_communes",
)  # fmt: skip
TABLES = [
    *(f"lozere/{t}" for t in TABLES_COMMUNALES if lecture.existe(f"lozere/{t}")),
    "lozere/epci_membres", "lozere/appartenance_2017",
    *(f"france/{t}" for t in FRANCE),
]  # fmt: skip

NECESSAIRES = set(TABLES_COMMUNALES) - {"communes", "fiscalite_locale_2025"}
"""Some figure of an EPCI is lost without them (the rates voted are only read commune by commune)."""


@pytest.fixture(scope="module")
def communes(magasin):
    return magasin.communes_de(SIREN)


@pytest.fixture(scope="module")
def lues():
    return {}


@pytest.fixture(autouse=True)
def lozere_seule(monkeypatch, lues):
    """One perimeter is enough, and the national tables are read once: quicker to build."""
    monkeypatch.setattr(lecture, "PERIMETRES", ("lozere",))
    lignes = lecture.lignes

    def gardees(nom: str):
        lecture.trouver(nom)
        if nom not in lues:
            lues[nom] = list(lignes(nom))
        return iter(lues[nom])

    monkeypatch.setattr(lecture, "lignes", gardees)


@pytest.mark.parametrize("absente", TABLES)
def test_sans_un_extrait_le_magasin_se_construit_et_le_dit(absente, tmp_path, monkeypatch, magasin, communes):
    trouver = lecture.trouver

    def sans(nom: str) -> Path:
        if nom == absente:
            raise lecture.ExtraitAbsent(nom)
        return trouver(nom)

    monkeypatch.setattr(lecture, "trouver", sans)
    dites: list[str] = []
    construire(tmp_path, dites.append)
    prive = ouvrir(tmp_path)
    assert any(absente in ligne for ligne in dites)
    assert absente in prive.manifeste["absents"]
    perdues = 0
    for code, quoi in catalogue().indicateurs.items():
        avant = magasin.valeurs(communes, [SIREN], code)
        apres = prive.valeurs(communes, [SIREN], code)
        if avant.valeur is None:
            continue
        if apres.valeur is None:
            perdues += 1
            assert apres.note, (absente, code)
        elif isinstance(quoi.calcul, Publie) or avant.valeur != 0:
            assert apres.valeur == pytest.approx(avant.valeur), (absente, code)
    if absente.startswith("lozere/") and absente.split("/")[1] in NECESSAIRES:
        assert perdues, absente


def test_sans_la_base_des_equipements_un_medecin_manque_et_n_est_pas_zero(tmp_path, monkeypatch, communes):
    trouver = lecture.trouver

    def sans(nom: str) -> Path:
        if nom == "lozere/bpe_2024":
            raise lecture.ExtraitAbsent(nom)
        return trouver(nom)

    monkeypatch.setattr(lecture, "trouver", sans)
    construire(tmp_path)
    lu = ouvrir(tmp_path).valeurs(communes, [SIREN], "medecins")
    assert lu.valeur is None
    assert lu.note == (
        "Non disponible : les données « Insee, base permanente des équipements » ne sont pas chargées."
    )


def test_une_commune_absente_d_une_table_pleine_garde_son_zero_mais_pas_ailleurs(magasin):
    """BPE leaves out the communes that have nothing: 0 in the folders that hold it, missing elsewhere."""
    rangs = magasin.communes.rangs_de(["48055"])
    assert magasin.communes.extrait("bpe_pharmacie", rangs)[0] == 0
    assert np.isnan(magasin.communes.extrait("bpe_pharmacie", [-1])[0])
