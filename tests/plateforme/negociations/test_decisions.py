"""The agreement on the maquette decides the fiches."""

from decimal import Decimal

import pytest

from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.negociations.decisions import decider_les_fiches
from arpent.plateforme.negociations.models import Proposition, Scenario
from tests.plateforme import fabrique

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
