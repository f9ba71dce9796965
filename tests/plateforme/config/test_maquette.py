"""`arpent maquette`: the totals on the console, the files, a scenario by its number."""

from pathlib import Path

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.actions import scenario_courant
from arpent.plateforme.negociations.models import Camp
from arpent.plateforme.negociations.scenarios import actions
from tests.plateforme import fabrique
from tests.plateforme.config.conftest import Console

pytestmark = pytest.mark.django_db
ICI = ("maquette", "--territoire", "gevaudan")


@pytest.fixture
def demarche() -> Demarche:
    demarche = fabrique.demarche(slug="gevaudan")
    fabrique.fiche(demarche, numero=1)
    return demarche


def test_les_trois_fichiers_s_ecrivent_en_une_fois(arpent: Console, demarche: Demarche, tmp_path: Path):
    chemins = {x: tmp_path / "sous" / f"m.{x}" for x in ("xlsx", "ods", "pdf")}
    arguments = [y for x, chemin in chemins.items() for y in (f"--{x}", str(chemin))]
    assert arpent(*ICI, *arguments, "--papier", "a4").code == 0
    assert [c.read_bytes()[:2] for c in chemins.values()] == [b"PK", b"PK", b"%P"]


def test_un_scenario_se_lit_par_son_numero(arpent: Console, demarche: Demarche, tmp_path: Path):
    copie = actions.copier(scenario_courant(demarche), "Essai", Camp.AUTORITE, par=None)
    assert arpent(*ICI, "--scenario", str(copie.pk), "--json").code == 0
    refus = arpent(*ICI, "--scenario", "999999", "--xlsx", str(tmp_path / "m.xlsx"))
    assert refus.code == 2
    assert "n’existe pas pour ce territoire" in refus.erreur
    assert not list(tmp_path.iterdir())
