"""`arpent plan cofinancer`: the panel of a fiche on the console, and its exit code."""

from decimal import Decimal

import pytest

from tests.plateforme import fabrique
from tests.plateforme.config.conftest import Console
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def commande() -> tuple[str, ...]:
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    fiche = fabrique.fiche(demarche, numero=4, titre="École")
    fabrique.financement(fiche, "etat", "60000")
    return ("plan", "cofinancer", "--territoire", "gevaudan", "--fiche", "4")


def test_le_json_dit_la_marge_et_le_plan_propose(arpent: Console, commande: tuple[str, ...]) -> None:
    sortie = arpent(*commande, "--part", "25 000", "--json").json
    assert sortie["part_maitre_ouvrage"] == "20000.00"
    assert sortie["proposition"]["part_maitre_ouvrage"] == "25000.00"
    assert {f["financeur"]: Decimal(f["encore_possible"]) for f in sortie["financeurs"]} == {
        "etat": 0, "departement": Decimal(20000), "region": 0, "epci": 0,
    }  # fmt: skip


def test_le_texte_se_lit_et_une_part_impossible_sort_avec_un(
    arpent: Console, commande: tuple[str, ...]
) -> None:
    conforme = arpent(*commande, "--premier", "region")
    assert conforme.code == 0
    assert "le minimum légal" in conforme.sortie
    impossible = arpent(*commande, "--part", "1")
    assert impossible.code == 1
    assert "doit payer au moins" in impossible.sortie


def test_une_demande_mal_ecrite_est_refusee(arpent: Console, commande: tuple[str, ...]) -> None:
    arpent(*commande[:-1], "99").exiger_un_refus("la fiche 99 n’existe pas")
    arpent(*commande, "--part", "beaucoup").exiger_un_refus("n’est pas un montant")
