"""`arpent scenario`: the search and the comparison on the console, their JSON and exit codes."""

from decimal import Decimal

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.models import EnsembleScenarios, Scenario
from tests.plateforme import fabrique
from tests.plateforme.config.conftest import Console
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
ICI = ("scenario", "optimiser", "--territoire", "gevaudan", "--objectif", "travaux")


@pytest.fixture
def demarche() -> Demarche:
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    for numero in (1, 2, 3):
        fabrique.fiche(demarche, numero=numero, titre=f"École {numero}")
    return demarche


def test_le_json_porte_objectif_borne_et_ecart(arpent: Console, demarche: Demarche) -> None:
    sortie = arpent(*ICI, "--enveloppe", "25 000", "--json").json
    assert {"objectif", "borne", "ecart", "solveur", "duree_s"} <= set(sortie)
    assert 0 <= sortie["ecart"] <= 0.001
    assert sortie["objectif"] <= sortie["borne"] * (1 + 1e-9)
    assert sum(Decimal(r["aide"]) for r in sortie["retenus"]) == Decimal(sortie["total"]) <= 25_000
    assert {r["numero"] for r in sortie["retenus"]} | {r["numero"] for r in sortie["ecartes"]} == {1, 2, 3}
    assert all(r["raison"] for r in sortie["ecartes"])
    assert not Scenario.objects.exists()


def test_une_proposition_se_garde_se_liste_et_se_compare(arpent: Console, demarche: Demarche) -> None:
    for nom, enveloppe in (("Petite", "20 000"), ("Grande", "90 000")):
        assert arpent(*ICI, "--enveloppe", enveloppe, "--enregistrer", nom).code == 0
    liste = arpent("scenario", "lister", "--territoire", "gevaudan", "--json").json
    assert {r["nom"] for r in liste} == {"Petite", "Grande"}
    numeros = {r["nom"]: str(r["numero"]) for r in liste}
    comparee = arpent("scenario", "comparer", numeros["Petite"], numeros["Grande"], "--json").json
    assert Decimal(comparee["net"]) > 0
    assert "entre" in {x["genre"] for x in comparee["lignes"]}
    assert "École" in arpent("scenario", "comparer", numeros["Petite"], numeros["Grande"]).sortie
    assert "Petite" in arpent("scenario", "lister", "--territoire", "gevaudan").sortie


def test_tout_un_dispositif_garde_un_scenario_par_territoire(arpent: Console, demarche: Demarche) -> None:
    voisine = fabrique.demarche(dans=demarche.processus.dispositif, slug="margeride")
    fabrique.fiche(voisine, numero=1)
    dispositif = demarche.processus.dispositif.slug
    sortie = arpent(
        "scenario", "optimiser", "--dispositif", dispositif, "--objectif", "travaux", "--enveloppe", "60 000",
        "--enregistrer", "Commun", "--json",
    )  # fmt: skip
    assert sortie.code == 0
    assert set(Scenario.objects.values_list("demarche__slug", "nom")) == {
        ("gevaudan", "Commun"), ("margeride", "Commun"),
    }  # fmt: skip
    ensemble = EnsembleScenarios.objects.get()
    assert sortie.json["ensemble"] == ensemble.pk
    assert set(sortie.json["scenarios"]) == set(ensemble.scenarios.values_list("pk", flat=True))


def test_un_ensemble_se_dit_et_ne_prend_pas_le_nom_d_un_autre(arpent: Console, demarche: Demarche) -> None:
    voisine = fabrique.demarche(dans=demarche.processus.dispositif, slug="margeride")
    fabrique.fiche(voisine, numero=1)
    commande = (
        "scenario", "optimiser", "--dispositif", demarche.processus.dispositif.slug, "--objectif", "travaux",
        "--enveloppe", "40 000", "--enveloppe-commune", "--projets-territoire", "1", "--euros-territoire",
        "15 000", "--enregistrer", "Partout",
    )  # fmt: skip
    assert "« Partout » : un scénario par territoire" in arpent(*commande).sortie
    assert {s.propositions.filter(decision="retenue").count() for s in Scenario.objects.all()} == {1}
    arpent(*commande).exiger_un_refus("s’appelle déjà « Partout »")
    assert EnsembleScenarios.objects.count() == 1


def test_ce_qui_ne_tient_pas_ensemble_est_nomme_avec_un(arpent: Console, demarche: Demarche) -> None:
    refus = arpent(*ICI, "--enveloppe", "1", "--minimum", "1")
    assert refus.code == 1
    assert "« Enveloppe » (1,00" in refus.sortie
    assert "« Projets de commune" in refus.sortie
    assert arpent(*ICI, "--enveloppe", "1", "--minimum", "1", "--json").json["proposition"] is None


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((*ICI, "--annee", "2027"), "écrivez une année et un montant"),
        ((*ICI, "--modulation", "2"), "écrivez une part entre 0 et 1"),
        (("scenario", "optimiser", "--objectif", "travaux"), "--territoire --dispositif"),
        (("scenario", "optimiser", "--dispositif", "rien", "--objectif", "travaux"), "inconnu"),
        (("scenario", "comparer", "1", "zut"), "n’existe pas"),
    ],
)
def test_une_saisie_fausse_est_une_ligne_et_un_code_deux(arpent: Console, arguments, message) -> None:
    sortie = arpent(*arguments)
    assert sortie.code == 2
    assert message in sortie.erreur
