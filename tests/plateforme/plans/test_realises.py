"""What is already done: told by the diagnostic, written from there, counted apart from the plan."""

from decimal import Decimal

import pytest

from arpent.plateforme.negociations.models import Proposition
from arpent.plateforme.negociations.ouverture import scenario_courant
from arpent.plateforme.negociations.passerelle import maquette_de
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.place import noter_plan
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
PAGE = "/territoires/gevaudan/diagnostic/deja-realises/"
PLAN = "/territoires/gevaudan/plan/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def projets(demarche):
    """One to come, one done, one under way that asks nothing, one under way that asks for its next part."""
    valeurs = {
        "À venir": ("a_venir", "20000"), "La halle": ("realise", "0"), "Le gymnase": ("en_cours", "0"),
        "La piscine": ("en_cours", "5000"),
    }  # fmt: skip
    return {
        titre: fabrique.fiche(
            demarche,
            titre=titre,
            realisation=realisation,
            cout_ht=Decimal("1000.10"),
            assiette=None,
            aide_demandee=Decimal(aide),
        )
        for titre, (realisation, aide) in valeurs.items()
    }


def test_la_page_dit_ce_qui_est_fait_et_ce_qui_est_en_cours(projets, chef):
    page = chef.get(PAGE).content.decode()
    assert "1 projet déjà réalisé, 2 en cours" in page
    assert "À venir</a>" not in page
    assert page.count("compté à part</td>") == 2
    assert "dans le plan, 5\u202f000,00\xa0€ demandés" in page
    assert "2\u202f000,20\xa0€" in page  # both under way
    assert f'href="{PLAN}"' in page


def test_on_la_trouve_dans_le_diagnostic_et_depuis_le_plan(projets, chef):
    assert f'href="{PAGE}"' in chef.get("/territoires/gevaudan/diagnostic/constats/").content.decode()
    assert f'href="{PAGE}" aria-current="page"' in chef.get(PAGE).content.decode()
    plan = chef.get(PLAN).content.decode()
    assert f'<a href="{PAGE}">2 projets déjà réalisés ou en cours</a>' in plan
    assert "sont comptés à part" in plan


@pytest.mark.parametrize("suite", ["", "maturite/", "export.csv"])
def test_ce_qui_ne_demande_rien_est_hors_du_plan(projets, chef, suite):
    page = chef.get(f"{PLAN}{suite}").content.decode()
    for titre in ("À venir", "La piscine"):
        assert titre in page
    for titre in ("La halle", "Le gymnase"):
        assert titre not in page


def test_on_les_retrouve_quand_on_les_demande(projets, chef):
    page = chef.get(f"{PLAN}?realisation=realise").content.decode()
    assert "La halle" in page
    assert "La piscine" not in page
    assert "1 fiche répond à vos filtres" in page


def test_les_totaux_du_plan_et_du_fil_les_laissent_a_part(projets, chef, demarche):
    page = chef.get(PLAN).content.decode()
    assert "2 fiches pour" in page
    assert "2\u202f000,20\xa0€" in page.split("<tfoot>")[1]
    noter_plan(demarche)
    assert demarche.places.get(code="plan").resume.startswith("2 fiches")


def test_la_liste_generale_et_ses_totaux_les_laissent_a_part(projets, chef):
    liste = chef.get("/fiches/").content.decode()
    assert "La piscine" in liste
    assert "La halle" not in liste
    assert "2 fiches" in chef.get("/fiches/totaux/").content.decode()
    assert "La halle" in chef.get("/fiches/?realisation=realise").content.decode()
    assert "1 fiche<" in chef.get("/fiches/totaux/?realisation=realise").content.decode()


def test_l_arbitrage_ne_porte_que_sur_ce_qui_demande(projets, demarche):
    scenario = scenario_courant(demarche)
    assert {x.titre for x in maquette_de(scenario).lignes} == {"À venir", "La piscine"}
    Proposition.objects.create(scenario=scenario, fiche=projets["La halle"], montant=Decimal("10"))
    maquette = maquette_de(scenario)
    assert "La halle" in {x.titre for x in maquette.lignes}
    assert maquette.total_propose == Decimal("10")


def test_une_fiche_retenue_reste_dans_le_plan_quand_ses_travaux_commencent(projets, chef):
    Fiche.objects.filter(pk=projets["Le gymnase"].pk).update(etat="retenue")
    assert "Le gymnase" in chef.get(PLAN).content.decode()


def test_un_projet_realise_se_cree_depuis_le_diagnostic(demarche, chef):
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    mairie = fabrique.organisation("commune", "Mairie de Chirac")
    page = chef.get(f"{PAGE}?enjeu={enjeu.pk}").content.decode()
    adresse = f"{PLAN}fiches/nouvelle/?realisation=realise"
    assert f'href="{adresse}&amp;enjeu={enjeu.pk}"' in page
    formulaire = chef.get(f"{adresse}&enjeu={enjeu.pk}").content.decode()
    assert '<option value="realise" selected' in formulaire
    assert f'<option value="{enjeu.pk}" selected' in formulaire
    assert mairie.nom
    etrange = chef.get(f"{PLAN}fiches/nouvelle/?realisation=zz&enjeu=999").content.decode()
    assert '<option value="a_venir" selected' in etrange


def test_l_enjeu_garde_les_projets_qui_y_repondent(projets, chef, demarche):
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    Fiche.objects.filter(pk=projets["La halle"].pk).update(enjeu=enjeu)
    page = chef.get(f"{PAGE}?enjeu={enjeu.pk}").content.decode()
    assert "La halle" in page
    assert "Le gymnase" not in page
    assert "Le gymnase" in chef.get(f"{PAGE}?enjeu=424242").content.decode()


def test_un_brouillon_d_autrui_ne_se_lit_pas(projets, connecte, demarche):
    Fiche.objects.filter(pk=projets["La halle"].pk).update(etat="brouillon")
    maire = connecte(fabrique.agent("maire", demarche))
    assert "La halle" not in maire.get(PAGE).content.decode()
    assert (
        "Ajouter un projet réalisé"
        not in connecte(fabrique.agent("elu_autorite", demarche)).get(PAGE).content.decode()
    )


def test_la_page_vide_dit_quoi_faire(demarche, chef):
    assert "Ce que le territoire a déjà fait se dit ici" in chef.get(PAGE).content.decode()


def test_les_requetes_ne_dependent_pas_du_nombre(demarche, chef, django_assert_max_num_queries):
    for _ in range(40):
        fabrique.fiche(demarche, realisation="realise", aide_demandee=Decimal(0))
    with django_assert_max_num_queries(8):
        assert chef.get(PAGE).status_code == 200
