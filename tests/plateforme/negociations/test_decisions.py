"""The agreement on the maquette decides the fiches."""

from decimal import Decimal
from importlib import import_module

import pytest
from django.apps import apps

from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.decisions import decider_les_fiches
from arpent.plateforme.negociations.models import Proposition, Scenario
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde, poser

pytestmark = pytest.mark.django_db


def test_l_accord_retient_differe_et_refuse_les_fiches_examinees() -> None:
    demarche = fabrique.demarche()
    scenario = Scenario.objects.create(demarche=demarche, nom="M", etat=EtatScenario.ACCEPTE.value)
    attendus = {}
    for etat, decision, montant, vers in (
        ("pre_instruite", "retenue", "5000", "retenue"),
        ("pre_instruite", "differee", "0", "differee"),
        ("pre_instruite", "refusee", "0", "refusee"),
        ("pre_instruite", "retenue", "0", "pre_instruite"),
        ("proposee", "retenue", "5000", "proposee"),
        ("retenue", "retenue", "5000", "retenue"),
    ):
        fiche = fabrique.fiche(demarche, etat=etat)
        Proposition.objects.create(
            scenario=scenario, fiche=fiche, montant=Decimal(montant), decision=decision
        )
        attendus[fiche.pk] = vers
    assert decider_les_fiches(scenario, par=None) == 3
    assert dict(demarche.fiches.values_list("pk", "etat")) == attendus
    accordees = [None if f.aide_accordee is None else int(f.aide_accordee) for f in demarche.fiches.all()]
    assert accordees == [5000, None, None, None, 5000, 5000]
    assert Entree.objects.filter(geste="accorder_aide").count() == 3
    assert decider_les_fiches(scenario, par=None) == 0
    assert Entree.objects.filter(geste="accorder_aide").count() == 3


def test_l_aide_accordee_compte_jusqu_a_ce_que_la_maquette_soit_reprise(monde: Monde) -> None:
    fiche = monde.fiches[0]
    Fiche.objects.filter(pk=fiche.pk).update(etat="retenue")
    poser(monde, fiche, "7000.01")
    scenario = actions.scenario_courant(monde.demarche)
    for geste in ("offrir", "accepter"):
        scenario = actions.changer_etat(scenario, geste, par=monde.chef)
    lue = Fiche.objects.get(pk=fiche.pk)
    assert (lue.aide_demandee, lue.aide_engagee) == (Decimal("20000"), Decimal("7000.01"))
    lue.etat = "differee"
    assert lue.aide_engagee is None
    actions.changer_etat(scenario, "reprendre", par=monde.chef)
    assert Fiche.objects.get(pk=fiche.pk).aide_engagee is None
    assert Entree.objects.get(geste="retirer_aide").avant == {"aide_accordee": "7000.01"}


def test_la_migration_reprend_les_accords_deja_faits() -> None:
    demarche = fabrique.demarche()
    scenario = Scenario.objects.create(demarche=demarche, nom="M", etat=EtatScenario.ACCEPTE.value)
    fiches = [fabrique.fiche(demarche, etat="retenue") for _ in range(3)]
    for fiche, montant, decision in zip(
        fiches, ("10.05", "0", "9"), ("retenue", "retenue", "differee"), strict=True
    ):
        Proposition.objects.create(
            scenario=scenario, fiche=fiche, montant=Decimal(montant), decision=decision
        )
    import_module("arpent.plateforme.negociations.migrations.0003_aides_accordees").noter(apps, None)
    assert [f.aide_accordee for f in demarche.fiches.order_by("pk")] == [Decimal("10.05"), None, None]
