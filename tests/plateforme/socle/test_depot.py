"""Files that no row names are found, and only they go away."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from arpent.plateforme.config import commande
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.socle.depot import nommes, ranger
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def depot(settings: Any, tmp_path: Path) -> Path:
    """A store with a file that a row names and two that none does: one old, one fresh."""
    settings.MEDIA_ROOT = tmp_path
    emettre(
        b"%PDF-1.7", nom="acte.pdf", titre="Acte", genre="acte", gabarit="essai", sur=fabrique.commune("Ici"),
        demarche_id=None, donnees={}, par_id=None, par_nom="Arpent",
    )  # fmt: skip
    (tmp_path / "laisse").mkdir()
    for nom in ("vieux.pdf", "frais.pdf"):
        (tmp_path / "laisse" / nom).write_bytes(b"x")
    for fichier in tmp_path.rglob("*.pdf"):
        if fichier.name != "frais.pdf":
            os.utime(fichier, (0, 0))
    return tmp_path


def test_seul_le_vieux_fichier_sans_ligne_s_en_va(depot: Path) -> None:
    assert ranger() == ["laisse/vieux.pdf"]
    (nomme,) = nommes()
    assert (depot / nomme).exists()
    assert (depot / "laisse" / "frais.pdf").exists()
    assert not (depot / "laisse" / "vieux.pdf").exists()
    assert ranger() == []


def test_un_depot_absent_n_a_rien_a_ranger(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "absent"
    assert ranger() == []


def test_un_fichier_trop_jeune_est_peut_etre_en_cours(depot: Path) -> None:
    with pytest.raises(ValueError, match="geste en cours"):
        ranger(timedelta(minutes=59))


def test_la_commande_essaie_puis_efface(depot: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert commande.main(["fichiers", "ranger", "--essai"]) == 0
    assert "1 fichier sans ligne, rien n’est effacé." in capsys.readouterr().out
    assert (depot / "laisse" / "vieux.pdf").exists()
    assert commande.main(["fichiers", "ranger", "--json"]) == 0
    assert "vieux.pdf" in capsys.readouterr().out
    assert not (depot / "laisse" / "vieux.pdf").exists()
    assert commande.main(["fichiers", "ranger", "--heures", "0"]) == 2
    assert "--heures 1" in capsys.readouterr().err
