"""`arpent bilan`: the progress of the works of a territory."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.plans.models import Axe
from arpent.plateforme.suivi.avancement import actions
from arpent.plateforme.suivi.evaluation import actions as evaluation
from arpent.plateforme.suivi.evaluation.releve import Releve, ReleveImpossible
from arpent.plateforme.suivi.models import IndicateurSuivi
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


@pytest.fixture
def indicateur() -> IndicateurSuivi:
    demarche = Demarche.objects.get()
    Enjeu.objects.create(demarche=demarche, libelle="Se loger", priorite=1)
    return IndicateurSuivi.objects.create(
        demarche=demarche, axe=Axe.objects.get(), libelle="Vacance", unite="%", code="part_vacants"
    )


def test_lire_les_indicateurs_et_les_contributions(arpent: Console, indicateur: IndicateurSuivi) -> None:
    dit = arpent("evaluation", "lire", "gevaudan").sortie
    assert "Vacance" in dit
    assert "sans valeur" in dit
    lu = arpent("evaluation", "lire", "gevaudan", "--json").json
    assert lu["indicateurs"][0]["chemin"] == "sans_valeur"
    assert lu["contributions"] == [{"enjeu": "Se loger", "accorde": "0.00", "engage": "0.00", "paye": "0.00"}]


def test_relever_dit_ce_qui_ne_se_lit_pas(
    arpent: Console, indicateur: IndicateurSuivi, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuser(*_: object) -> None:
        raise ReleveImpossible("Rien sur ce périmètre.")

    monkeypatch.setattr(evaluation, "relever", refuser)
    resultat = arpent("evaluation", "relever", "gevaudan")
    assert resultat.code == 1
    assert "Rien sur ce périmètre." in resultat.sortie
    lu = Releve(Decimal("8.5"), None, None, "2022", "INSEE", "", "%")
    monkeypatch.setattr(evaluation, "relever", lambda *_: lu)
    assert arpent("evaluation", "relever", "gevaudan").code == 0
    assert indicateur.valeurs.get().valeur == Decimal("8.5")


def test_le_fil_rouge_s_ecrit_en_pdf(arpent: Console, indicateur: IndicateurSuivi, tmp_path: Path) -> None:
    fichier = tmp_path / "fil.pdf"
    dit = arpent("bilan", "fil", "gevaudan", "--pdf", fichier, "--projet", 7).sortie
    assert "1 fils" not in dit
    assert fichier.read_bytes().startswith(b"%PDF-")
    arpent("bilan", "fil", "gevaudan", "--pdf", fichier, "--enjeu", 1, "--retour")
    arpent("bilan", "fil", "gevaudan", "--pdf", fichier)
    arpent("bilan", "fil", "gevaudan", "--pdf", fichier, "--projet", 99).exiger_un_refus("aucun fil")
