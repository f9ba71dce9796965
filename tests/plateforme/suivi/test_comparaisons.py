"""Beside the twins over the vintages; beside the generations before."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.test import Client

from arpent.metier.trajectoires import Mesure, PointCompare, Trajectoire
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.tableau import Tableau
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.comparaisons import views
from arpent.plateforme.suivi.comparaisons.generations import generations_de
from arpent.plateforme.suivi.comparaisons.jumeaux import Comparee, _mesure, formules, titre_de
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/evaluation/"
D = Decimal
AGES = catalogue().indicateurs["part_65_plus"]


def m(haut: int, bas: int) -> Mesure:
    return Mesure(D(haut), D(bas))


def magasin_de(**colonnes: list[float]) -> Any:
    """A store of three communes."""
    table = Tableau.depuis(["01", "02", "03"], {n: np.array(v) for n, v in colonnes.items()})
    return SimpleNamespace(
        communes=table,
        entrees=lambda q: (q.calcul.numerateur, q.calcul.denominateur),
    )


def test_les_millesimes_sont_ceux_dont_les_deux_colonnes_sont_chargees() -> None:
    magasin = magasin_de(
        pop_65p_22=[1, 2, 3], P22_POP=[10, 10, 10], pop_65p_11=[1, 1, 1], P11_POP=[9, 9, 9],
        pop_65p_06=[1, 1, 1],
    )  # fmt: skip
    lues = formules(magasin, AGES, "2022")
    assert [(f.millesime, f.haut, f.bas) for f in lues] == [
        ("2011", "pop_65p_11", "P11_POP"),
        ("2016", "pop_65p_16", "population_2016"),
        ("2022", "pop_65p_22", "P22_POP"),
    ]
    assert formules(magasin, catalogue().indicateurs["menages"], "2022") == ()  # a head count has no ratio


def test_une_valeur_garde_ses_deux_sommes_et_rien_ne_s_estime() -> None:
    vide = float("nan")
    magasin = magasin_de(pop_65p_22=[1, 2, vide], P22_POP=[10, 20, 30], population_2023=[10, 20, 300])
    (formule,) = [f for f in formules(magasin, AGES, "2022") if f.millesime == "2022"]
    assert _mesure(magasin, ["01", "02"], formule) == m(3, 30)
    assert _mesure(magasin, ["01", "03"], formule) is None  # a commune is not known
    assert _mesure(magasin, [], formule) is None


def comparee(signature: int | None) -> Comparee:
    points = (
        PointCompare("2016", 2016, m(20, 100), (m(10, 100), m(30, 100), m(200, 1000))),
        PointCompare("2022", 2022, m(25, 100), (m(12, 100), m(30, 100), m(210, 1000))),
    )
    return Comparee(AGES, "%", Trajectoire(D(100), points, signature), ("CC A", "CC B", "CC C"))


def test_la_page_montre_les_sommes_la_mediane_et_la_mise_en_garde(
    retenus: Monde, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    lecture = SimpleNamespace(jumeaux=SimpleNamespace(motif=""))
    monkeypatch.setattr(views, "lire_observatoire", lambda _: lecture)
    monkeypatch.setattr(views, "comparables", lambda _: [AGES])
    monkeypatch.setattr(views, "comparer", lambda *_: comparee(2021))
    page = connecte(retenus.chef).get(f"{RACINE}jumeaux/").content.decode()
    assert "De 2016 à 2022 : +5\u00a0points ici, +1\u00a0point pour la médiane des jumeaux" in page
    assert "25 ÷ 100" in page
    assert "252 ÷ 1\u202f200" in page  # the twins put together, not averaged
    assert "21\u00a0%" in page
    assert "il ne prouve pas que le contrat en est la cause" in page
    assert "1 millésime d’après" in page
    assert titre_de(comparee(None)).startswith("De 2016 à 2022")


def test_sans_observatoire_la_page_dit_quoi_faire(
    retenus: Monde, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "lire_observatoire", lambda _: None)
    page = connecte(retenus.chef).get(f"{RACINE}jumeaux/").content.decode()
    assert "Il faut un observatoire chargé" in page
    ailleurs = connecte(fabrique.agent("maire", retenus.voisine))
    assert ailleurs.get(f"{RACINE}jumeaux/").status_code == 404
    assert ailleurs.get(f"{RACINE}generations/").status_code == 404


# --- Generations ---------------------------------------------------------------------------------


@pytest.fixture
def ancienne(retenus: Monde) -> Demarche:
    """The generation before, with one project of 1 000,01 €."""
    avant = demarches.ouvrir(
        retenus.demarche.territoire, retenus.demarche.version_processus, slug="gevaudan-avant",
        generation="2022-2024", ouverte_le=date(2022, 1, 15), par=None,
    )  # fmt: skip
    fiche = fabrique.fiche(avant)
    Fiche.objects.filter(pk=fiche.pk).update(etat="retenue", aide_accordee="1000.01", theme=None)
    return avant


def test_une_seule_generation_se_dit(retenus: Monde, connecte: Connecte) -> None:
    page = connecte(retenus.chef).get(f"{RACINE}generations/").content.decode()
    assert "Une seule génération de contrat est dans Arpent" in page
    assert "25\u202f000,00\u00a0€" in page


def test_deux_generations_cote_a_cote(retenus: Monde, ancienne: Demarche, connecte: Connecte) -> None:
    lues = generations_de(retenus.demarche, None)
    assert [d.generation for d in lues.demarches] == ["2022-2024", "2026-2028"]
    assert [b.accorde for _, b in lues.totaux] == [D("1000.01"), D("25000.00")]
    assert [b.projets for _, b in lues.totaux] == [1, 2]
    page = connecte(retenus.chef).get(f"{RACINE}generations/").content.decode()
    assert "2 générations de contrat côte à côte" in page
    assert "Sans thème" in page
    # read from the first one, the next does not exist yet
    assert not generations_de(ancienne, None).comparables


def test_une_generation_hors_du_perimetre_ne_se_voit_pas(retenus: Monde, ancienne: Demarche) -> None:
    assert generations_de(retenus.demarche, retenus.chef).comparables
    etranger = fabrique.agent("maire", retenus.voisine)
    assert not generations_de(retenus.demarche, etranger).comparables
