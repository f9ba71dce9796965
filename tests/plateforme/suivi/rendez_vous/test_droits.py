"""Who prepares the pack, who opens an avenant from it."""

from __future__ import annotations

from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.suivi.rendez_vous.droits import (
    demarches_a_avenant,
    peut_ouvrir_avenant,
    peut_preparer,
)
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

from .conftest import fixer


def test_qui_conduit_la_reunion_prepare_le_dossier(rdv: Reunion, retenus: Monde) -> None:
    assert peut_preparer(retenus.chef, rdv)
    assert not peut_preparer(retenus.maire, rdv)


def test_a_plusieurs_territoires_il_faut_les_conduire_tous(a_deux: Reunion, retenus: Monde) -> None:
    assert peut_preparer(retenus.chef, a_deux)
    refus = peut_preparer(fabrique.agent("agent_epci", retenus.demarche), a_deux)
    assert not refus
    assert refus.raison


def test_un_avenant_demande_le_droit_du_territoire_concerne(rdv: Reunion, retenus: Monde) -> None:
    assert peut_ouvrir_avenant(retenus.chef, rdv, retenus.demarche)
    assert not peut_ouvrir_avenant(retenus.maire, rdv, retenus.demarche)
    conducteur = fabrique.agent("mission_appui", retenus.demarche)
    assert peut_preparer(conducteur, rdv)
    refus = peut_ouvrir_avenant(conducteur, rdv, retenus.demarche)
    assert not refus
    assert "avenant" in refus.raison


def test_un_avenant_s_ouvre_sur_un_contrat_en_vigueur(
    accord: Monde, en_vigueur: Contrat, monde: Monde
) -> None:
    reunion = fixer(accord)
    ici = [accord.demarche, accord.voisine]
    assert demarches_a_avenant(accord.chef, reunion, ici) == {accord.demarche.pk}
    assert demarches_a_avenant(accord.maire, reunion, ici) == set()
    ailleurs = fixer(accord, accord.voisine)
    conducteur = fabrique.agent("chef_de_projet", accord.demarche)
    assert demarches_a_avenant(conducteur, ailleurs, ici) == {accord.demarche.pk}
