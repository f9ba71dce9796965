"""Moving a fiche, ranking it, and what people add on the way."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.metier.cycles import CYCLE_FICHE, TransitionRefusee
from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.journal.actions import verifier
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import Deliberation, Fiche, Preinstruction
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def url(fiche, suite):
    return f"{fiche.get_absolute_url()}{suite}/"


def test_le_maire_propose_sa_fiche_et_l_autorite_l_apprend(demarche, connecte):
    chef = fabrique.agent("chef_de_projet", demarche)
    fiche = fabrique.fiche(demarche, etat="brouillon")
    maire = fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)
    reponse = connecte(maire).post(url(fiche, "geste"), {"geste": "proposer"})
    fiche.refresh_from_db()
    assert (reponse.status_code, fiche.etat, fiche.version) == (302, "proposee", 2)
    assert list(Notification.objects.values_list("destinataire_id", flat=True)) == [chef.pk]
    assert Entree.objects.first().par_id == maire.pk


def test_une_fiche_sans_cout_ni_theme_ne_se_propose_pas(demarche, connecte):
    fiche = fabrique.fiche(
        demarche, etat="brouillon", theme=None, cout_ht=Decimal(0), aide_demandee=Decimal(0)
    )
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    reponse = chef.post(url(fiche, "geste"), {"geste": "proposer"})
    assert reponse.status_code == 400
    assert "il manque : thème et coût total HT" in reponse.content.decode()


def test_un_complement_sans_motif_est_refuse_et_le_motif_est_lu(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    maire = fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    refus = instructeur.post(url(fiche, "geste"), {"geste": "demander_complement"})
    assert refus.status_code == 400
    assert "demande un motif" in refus.content.decode()
    accord = instructeur.post(
        url(fiche, "geste"), {"geste": "demander_complement", "motif": "Joignez le devis."}
    )
    assert accord.status_code == 302
    assert "Joignez le devis." in Notification.objects.get(destinataire_id=maire.pk).texte


def test_clore_la_pre_instruction_fige_les_constats(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    connecte(fabrique.agent("instructeur", demarche)).post(url(fiche, "geste"), {"geste": "pre_instruire"})
    figee = Preinstruction.objects.get(fiche=fiche)
    assert figee.aide_maximale == Decimal("30000.00")
    assert [c["article"] for c in figee.constats] == ["1", "1", "2", "2", "2"]


def test_sans_reglement_rien_ne_se_conclut():
    fiche = fabrique.fiche()
    with pytest.raises(ActionRefusee, match="règlement"):
        faire_avancer_fiche(fiche, "pre_instruire", par=None)
    fiche.refresh_from_db()
    assert fiche.etat == "proposee"


@pytest.mark.parametrize(
    ("role", "geste", "attendu"),
    [("maire", "pre_instruire", 403), ("maire", "retenir", 403), ("chef_de_projet", "retenir", 400),
     ("chef_de_projet", "n-existe-pas", 404), ("chef_de_projet", "", 400),
     ("sous_prefet", "pre_instruire", 403)],
)  # fmt: skip
def test_un_geste_interdit_ou_impossible_dit_pourquoi(demarche, connecte, role, geste, attendu):
    fiche = fabrique.fiche(demarche)
    pour = fiche.maitre_ouvrage if role == "maire" else None
    reponse = connecte(fabrique.agent(role, demarche, pour=pour)).post(url(fiche, "geste"), {"geste": geste})
    fiche.refresh_from_db()
    assert (reponse.status_code, fiche.etat) == (attendu, "proposee")


def test_un_maire_ne_propose_pas_la_fiche_du_voisin(demarche, connecte):
    fiche = fabrique.fiche(demarche, etat="a_completer")
    reponse = connecte(fabrique.agent("maire", demarche)).post(url(fiche, "geste"), {"geste": "proposer"})
    assert reponse.status_code == 403


def test_le_meme_geste_envoye_deux_fois_n_a_qu_un_effet(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("instructeur", demarche))
    for _ in range(2):
        reponse = client.post(url(fiche, "geste"), {"geste": "pre_instruire", "_soumission": "abc"})
        assert reponse.status_code == 302
    assert Preinstruction.objects.count() == 1


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(gestes=st.lists(st.sampled_from(sorted({t.geste for t in CYCLE_FICHE.transitions})), max_size=12))
def test_une_suite_de_gestes_au_hasard_suit_toujours_la_table(demarche, gestes):
    fiche = fabrique.fiche(demarche, etat="brouillon")
    for geste in gestes:
        avant = fiche.etat
        permis = {t.geste: t.vers for t in CYCLE_FICHE.gestes_possibles(avant)}
        try:
            fiche = faire_avancer_fiche(fiche, geste, par=None, motif="essai")
        except TransitionRefusee:
            assert geste not in permis
        else:
            assert fiche.etat == permis[geste]
    assert verifier().intacte


def test_chacun_fixe_sa_priorite_et_pas_celle_des_autres(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    donnees = {
        "priorite_maitre_ouvrage": 1,
        "priorite_territoire": 2,
        "priorite_autorite": 3,
        "version_lue": 1,
    }
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert maire.post(url(fiche, "priorites"), donnees).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.priorite_maitre_ouvrage, fiche.priorite_territoire, fiche.priorite_autorite) == (
        1,
        None,
        None,
    )
    assert maire.post(url(fiche, "priorites"), donnees).status_code == 409
    epci = connecte(fabrique.agent("agent_epci", demarche))
    assert epci.post(url(fiche, "priorites"), donnees | {"version_lue": 2}).status_code == 302
    lecteur = connecte(fabrique.agent("sous_prefet", demarche))
    assert lecteur.post(url(fiche, "priorites"), donnees).status_code == 403


def test_la_derogation_se_saisit_entiere_par_l_autorite_seule(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    donnees = {"taux": "10", "acte": "Arrêté 2026-12", "le": "2026-02-01", "version_lue": 1}
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert maire.post(url(fiche, "derogation"), donnees).status_code == 403
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    incomplete = instructeur.post(url(fiche, "derogation"), donnees | {"acte": ""})
    assert incomplete.status_code == 400
    assert "se saisit entière" in incomplete.content.decode()
    assert instructeur.post(url(fiche, "derogation"), donnees).status_code == 302
    fiche.refresh_from_db()
    assert (fiche.derogation_taux, fiche.derogation_le) == (Decimal("0.1000"), date(2026, 2, 1))


def test_une_deliberation_s_ajoute_une_fois(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    donnees = {
        "numero": "2026-4", "adoptee_le": "12/03/2026", "assemblee": "Conseil municipal", "version_lue": 1
    }  # fmt: skip
    assert client.post(url(fiche, "deliberations"), donnees).status_code == 302
    encore = client.post(url(fiche, "deliberations"), donnees)
    assert encore.status_code == 400
    assert "déjà enregistrée" in encore.content.decode()
    assert 'value="2026-4"' in encore.content.decode()
    assert Deliberation.objects.get().adoptee_le == date(2026, 3, 12)


def test_un_ancien_agent_ne_peut_plus_rien(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    agent = fabrique.agent("chef_de_projet", demarche)
    Habilitation.objects.update(fin=date(2021, 1, 1))
    assert connecte(agent).post(url(fiche, "geste"), {"geste": "pre_instruire"}).status_code == 404
    assert Fiche.objects.get().etat == "proposee"
