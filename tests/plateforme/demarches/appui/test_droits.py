"""Who answers, who withdraws, who says it helped, and for which bodies one may ask."""

from __future__ import annotations

import pytest

from arpent.metier.cycles.appui import CYCLE_APPUI
from arpent.plateforme.demarches.appui import droits
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
GESTES = CYCLE_APPUI.transitions


@pytest.fixture
def passant(demarche):
    return fabrique.agent("sous_prefet", demarche)


def test_seul_celui_qui_repond_fait_les_gestes_de_la_structure(mission, secretaire, demande):
    des_siens = [t for t in GESTES if t.droit == droits.REPONDRE]
    assert des_siens
    for geste in des_siens:
        assert droits.peut_geste(mission, demande, geste)
        assert not droits.peut_geste(secretaire, demande, geste)


def test_les_gestes_du_demandeur_sont_a_lui_et_a_qui_repond(mission, secretaire, passant, demande):
    les_siens = [t for t in GESTES if t.droit != droits.REPONDRE]
    assert les_siens
    for geste in les_siens:
        assert droits.peut_geste(secretaire, demande, geste)
        assert droits.peut_geste(mission, demande, geste)
        avis = droits.peut_geste(passant, demande, geste)
        assert (bool(avis), avis.raison) == (False, "Ce geste revient à qui a demandé l’aide.")


def test_un_collegue_de_la_mairie_est_du_cote_du_demandeur(demarche, mairie, demande):
    maire = fabrique.agent("maire", demarche, pour=mairie)
    assert droits.est_du_cote_demandeur(maire, demande)
    assert not droits.est_du_cote_demandeur(fabrique.agent("maire", demarche), demande)


def test_la_satisfaction_se_dit_une_fois_close_par_le_demandeur(secretaire, mission, demande):
    assert "une fois la demande close" in droits.peut_dire_satisfait(secretaire, demande).raison
    demande.etat = "close"
    assert droits.peut_dire_satisfait(secretaire, demande)
    assert "à qui a demandé" in droits.peut_dire_satisfait(mission, demande).raison


def test_on_demande_pour_les_structures_que_l_on_represente_sinon_pour_l_autorite(
    demarche, mairie, secretaire, passant
):
    assert droits.corps_de(secretaire, demarche) == [mairie]
    assert droits.corps_de(fabrique.agent("chef_de_projet", demarche), demarche) == [demarche.autorite]
    assert droits.corps_de(passant, demarche) == []


def test_on_organise_les_structures_de_son_autorite_un_administrateur_toutes(demarche, secretaire, structure):
    autre = fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region", "Région")))
    organise = [fabrique.agent(role, demarche) for role in ("mission_appui", "chef_de_projet")]
    assert any(list(droits.autorites_de(a)) == [demarche.autorite] for a in organise)
    assert set(droits.autorites_de(fabrique.agent("administrateur"))) == {demarche.autorite, autre.autorite}
    assert not droits.autorites_de(secretaire)
    assert list(droits.structures_de(demarche.autorite.pk)) == [structure]
    assert not droits.structures_de(None)
