"""`arpent plan fiches` and `arpent plan rapport`: files on disk, nothing in the base."""

from __future__ import annotations

from pathlib import Path

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.plans import sorties
from tests.documents.verification import faults
from tests.plateforme import fabrique

from .conftest import Console


@pytest.fixture
def demarche(db: None) -> Demarche:
    return fabrique.demarche(slug="gorges")


def test_une_fiche_par_projet_et_leur_recueil_sont_ecrits(
    arpent: Console, demarche: Demarche, tmp_path: Path
) -> None:
    for numero in (3, 7):
        fabrique.fiche(demarche, numero=numero)
    fabrique.fiche(demarche, numero=9, etat="brouillon")
    bilan = arpent("plan", "fiches", "--territoire", "gorges", "--vers", tmp_path / "sorties")
    assert bilan.code == 0, bilan.erreur
    assert sorted(f.name for f in (tmp_path / "sorties").iterdir()) == [
        "fiche-3.pdf",
        "fiche-7.pdf",
        "fiches.pdf",
    ]
    assert all(faults(f.read_bytes()) == [] for f in (tmp_path / "sorties").iterdir())


def test_le_rapport_du_plan_est_ecrit_et_rien_n_est_garde(
    arpent: Console, demarche: Demarche, tmp_path: Path
) -> None:
    fabrique.fiche(demarche)
    bilan = arpent("plan", "rapport", "--territoire", "gorges", "--vers", tmp_path / "rapport.pdf")
    assert bilan.code == 0, bilan.erreur
    assert faults((tmp_path / "rapport.pdf").read_bytes()) == []
    assert not DocumentEmis.objects.exists()


def test_un_plan_vide_ou_trop_grand_est_refuse_en_une_phrase(
    arpent: Console, demarche: Demarche, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bilan = arpent("plan", "fiches", "--territoire", "gorges", "--vers", tmp_path)
    assert bilan.code == 2
    assert "n’a pas encore de fiche proposée" in bilan.erreur
    fabrique.fiche(demarche)
    monkeypatch.setattr(sorties, "FICHES_MAX", 0)
    for action, vers in (("fiches", tmp_path), ("rapport", tmp_path / "r.pdf")):
        bilan = arpent("plan", action, "--territoire", "gorges", "--vers", vers)
        assert bilan.code == 2
        assert "au plus" in bilan.erreur


def test_un_dossier_interdit_est_dit(arpent: Console, demarche: Demarche, tmp_path: Path) -> None:
    fabrique.fiche(demarche)
    (tmp_path / "fichier").write_text("x")
    bilan = arpent("plan", "rapport", "--territoire", "gorges", "--vers", tmp_path / "fichier" / "r.pdf")
    assert bilan.code == 2
    assert "ne peut pas être écrit" in bilan.erreur
