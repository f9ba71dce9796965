"""`arpent bilan`: the progress of the works of a territory."""

from __future__ import annotations

from datetime import date

import pytest

from arpent.plateforme.plans.models import Axe
from arpent.plateforme.suivi.avancement import actions
from tests.plateforme import fabrique

from .conftest import Console


@pytest.fixture(autouse=True)
def projets(db: None) -> None:
    demarche = fabrique.demarche(slug="gevaudan")
    axe = Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre ici")
    fiche = fabrique.fiche(demarche, numero=7, etat="retenue", axe=axe, titre="Halle")
    fiche.debut_le, fiche.fin_le = date(2020, 1, 1), date(2020, 12, 31)
    suivi = actions.poser_jalons(fiche, par=None)
    premier = suivi.jalons.first()
    assert premier is not None
    actions.faire_le_point(fiche, franchis=[premier.pk], le=date(2020, 2, 1), par=None)
    fabrique.fiche(demarche, numero=8, etat="retenue", titre="Sentier")


def test_l_avancement_par_axe_et_par_projet(arpent: Console) -> None:
    dit = arpent("bilan", "avancement", "gevaudan").sortie
    assert "Axe 1. Vivre ici" in dit
    assert "Sans axe" in dit
    assert "7 Halle" in dit
    assert "j de retard" in dit


def test_les_retards_seuls_en_json(arpent: Console) -> None:
    lu = arpent("bilan", "avancement", "gevaudan", "--retards", "--json").json
    assert [p["numero"] for p in lu["projets"]] == [7]
    assert lu["projets"][0]["taux"] == "0.15"
