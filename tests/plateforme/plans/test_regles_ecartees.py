"""Setting a rule aside, withdrawing it, and the list of a dispositif."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import DerogationRegle, Preinstruction
from arpent.plateforme.plans.preinstruction import constat_en_json, preinstruire_fiche
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
XSS = "<img src=x onerror=alert(1)>"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


@pytest.fixture
def fiche(demarche):
    """Another theme than the only eligible one."""
    autre = demarche.processus.dispositif.themes.exclude(code="voirie").first()
    return fabrique.fiche(demarche, numero=5, theme=autre)


def adresse(fiche, regle="theme_eligible"):
    return f"{fiche.get_absolute_url()}regles/{regle}/deroger/"


def verdict(fiche, regle):
    resultat = preinstruire_fiche(fiche, date.today()).resultat
    return next(c for c in resultat.constats if c.regle == regle)


def test_une_regle_ecartee_garde_son_motif_dans_le_constat_fige(demarche, fiche, connecte):
    agent = fabrique.agent("chef_de_projet", demarche)
    chef = connecte(agent)
    assert verdict(fiche, "theme_eligible").verdict == "non_conforme"
    assert "Écarter une règle" in chef.get(adresse(fiche)).content.decode()
    donnees = {"motif": f"Projet pilote {XSS}", "plafond": "15 000"}
    assert chef.post(adresse(fiche), donnees).status_code == 302
    derogation = DerogationRegle.objects.get()
    assert (derogation.par_id, derogation.plafond) == (agent.pk, Decimal("15000.00"))
    constat = verdict(fiche, "theme_eligible")
    assert constat.derogation.motif.startswith("Projet pilote")
    assert preinstruire_fiche(fiche, date.today()).resultat.aide_maximale == Decimal("15000.00")
    assert constat_en_json(constat)["derogation"]["plafond"] == "15000.00"
    faire_avancer_fiche(fiche, "pre_instruire", par=None)
    figes = {c["regle"]: c for c in Preinstruction.objects.get().constats}
    assert figes["theme_eligible"]["derogation"]["par"] == agent.nom_complet
    page = chef.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()
    assert XSS not in page
    assert "Projet pilote &lt;img" in page
    assert Entree.objects.filter(geste="deroger_regle").count() == 1


def test_sans_motif_rien_n_est_ecarte(demarche, fiche, connecte):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    assert chef.post(adresse(fiche), {"motif": "  "}).status_code == 400
    assert not DerogationRegle.objects.exists()


def test_la_loi_ne_s_ecarte_pas(demarche, fiche, connecte):
    fabrique.financement(fiche, "etat", "90000")
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    assert verdict(fiche, "participation_minimale").verdict == "non_conforme"
    reponse = chef.post(adresse(fiche, "participation_minimale"), {"motif": "Envie"})
    assert reponse.status_code == 400
    assert "Seul un acte du préfet y déroge" in reponse.content.decode()
    assert (
        f"{adresse(fiche, 'participation_minimale')}"
        not in chef.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()
    )
    assert adresse(fiche) in chef.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()


def test_une_regle_respectee_ou_deja_ecartee_ne_s_ecarte_pas(demarche, fiche, connecte):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    assert (
        "respecte déjà" in chef.post(adresse(fiche, "beneficiaire_eligible"), {"motif": "x"}).content.decode()
    )
    chef.post(adresse(fiche), {"motif": "Pilote"})
    DerogationRegle.objects.update(plafond=Decimal("1"))
    encore = chef.post(adresse(fiche), {"motif": "Pilote"})
    assert encore.status_code == 400
    assert DerogationRegle.objects.count() == 1
    assert chef.get(adresse(fiche, "inconnue")).status_code == 404


def test_retiree_la_derogation_reste_lisible_et_ne_compte_plus(demarche, fiche, connecte):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    chef.post(adresse(fiche), {"motif": "Pilote"})
    derogation = DerogationRegle.objects.get()
    lever = f"{fiche.get_absolute_url()}derogations/{derogation.pk}/lever/"
    assert chef.get(lever).status_code == 200
    assert chef.post(lever, {"motif": ""}).status_code == 400
    assert chef.post(lever, {"motif": "Erreur de thème"}).status_code == 302
    assert verdict(fiche, "theme_eligible").verdict == "non_conforme"
    page = chef.get(f"{fiche.get_absolute_url()}volets/preinstruction/").content.decode()
    assert "Pilote" in page
    assert "Erreur de thème" in page
    assert "déjà retirée" in chef.post(lever, {"motif": "Encore"}).content.decode()


def test_la_liste_du_dispositif_montre_tout_et_rien_d_ailleurs(
    demarche, fiche, connecte, django_assert_max_num_queries
):
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    chef.post(adresse(fiche), {"motif": "Pilote"})
    autre = fabrique.fiche(fabrique.demarche(dans=demarche.processus.dispositif), etat="brouillon")
    DerogationRegle.objects.create(
        fiche=autre, regle="r", article="9", intitule="Cachée", motif="m", par_nom="p"
    )
    liste = f"/dispositifs/{demarche.processus.dispositif.slug}/derogations/"
    chef.get(liste)
    with django_assert_max_num_queries(9):
        page = chef.get(liste).content.decode()
    assert "Pilote" in page
    maire = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    vue = maire.get(liste).content.decode()
    assert "Pilote" in vue
    assert "Cachée" not in vue
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert ailleurs.get(liste).status_code == 404
