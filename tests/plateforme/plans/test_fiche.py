"""The page of a fiche: everything on one page, in a fixed number of queries."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.plans.actions import enregistrer_fiche, lignes_de
from arpent.plateforme.plans.lecture_fiche import valeur_lisible
from arpent.plateforme.plans.models import Axe, Deliberation
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def garnie(demarche, **champs):
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    enjeu.constats.create(demarche=demarche, nature="faiblesse", texte="La population baisse")
    axe = Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    fiche = fabrique.fiche(demarche, titre="École de Chirac", enjeu=enjeu, axe=axe, numero=4, **champs)
    fabrique.financement(fiche, "etat", "30000.50")
    fabrique.financement(fiche, "autofinancement", "40000")
    Deliberation.objects.create(
        fiche=fiche, numero="2026-12", adoptee_le=date(2026, 3, 1), assemblee="Conseil"
    )
    return fiche


def test_la_fiche_dit_tout_et_l_ecart_au_centime(demarche, connecte):
    garnie(demarche)
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    page = chef.get("/territoires/gevaudan/plan/fiches/4/?tout=1")
    texte = page.content.decode()
    assert page.status_code == 200
    for attendu in (
        "École de Chirac", "Garder les services", "La population baisse", "2026-12",
        "Il manque 9\u202f999,50\xa0€ au plan de financement",
        "Aide maximale possible", "valeur de démonstration", "Taux d’intervention", "Article 2",
    ):  # fmt: skip
        assert attendu in texte, attendu


def test_la_fiche_tient_en_peu_de_requetes_quoi_qu_elle_porte(
    demarche, connecte, django_assert_max_num_queries
):
    fiche = garnie(demarche)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    client.get(fiche.get_absolute_url())
    for i in range(15):
        fabrique.financement(fiche, "region", "100")
        fiche.titre = f"École {i}"
        enregistrer_fiche(fiche, lignes_de(fiche), par=None, version_lue=fiche.version)
        Deliberation.objects.create(fiche=fiche, numero=str(i), adoptee_le=date(2026, 1, 1), assemblee="C")
    with django_assert_max_num_queries(10):
        page = client.get(fiche.get_absolute_url())
    assert len(page.content) < 60_000


def test_l_historique_montre_avant_et_apres(demarche, connecte):
    fiche = garnie(demarche)
    chef = fabrique.agent("chef_de_projet", demarche, nom="Roux", prenom="Anne")
    fiche.cout_ht = Decimal("120000")
    enregistrer_fiche(fiche, lignes_de(fiche), par=chef, version_lue=1)
    page = connecte(chef).get(f"{fiche.get_absolute_url()}volets/historique/").content.decode()
    assert "Anne Roux" in page
    assert "100\u202f000,00\xa0€</del>" in page
    assert "120\u202f000,00\xa0€</ins>" in page


def test_une_aide_deja_dans_le_plan_n_est_pas_comptee_deux_fois(demarche, connecte):
    fiche = garnie(demarche)
    fabrique.financement(fiche, "departement", "29999.50", "sollicite")
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(fiche.get_absolute_url()).content.decode()
    assert "Le plan de financement est équilibré" in page


def test_sans_reglement_la_page_le_dit(connecte):
    demarche = fabrique.demarche()
    fiche = fabrique.fiche(demarche)
    page = (
        connecte(fabrique.agent("maire", demarche))
        .get(f"{fiche.get_absolute_url()}volets/preinstruction/")
        .content.decode()
    )
    assert "Pas de règlement en vigueur" in page


def test_chaque_role_ne_voit_que_ses_gestes(demarche, connecte):
    fiche = garnie(demarche)
    page = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)).get(
        fiche.get_absolute_url()
    )
    assert "/modifier/" in page.content.decode()
    assert "Clore la pré-instruction" not in page.content.decode()
    autre = connecte(fabrique.agent("maire", demarche)).get(fiche.get_absolute_url()).content.decode()
    assert "/modifier/" not in autre
    assert "celles de votre structure" in autre
    instructeur = connecte(fabrique.agent("instructeur", demarche)).get(fiche.get_absolute_url())
    assert "Clore la pré-instruction" in instructeur.content.decode()


def test_une_fiche_inconnue_ou_cachee_n_existe_pas(demarche, connecte):
    fabrique.fiche(demarche, numero=9, etat="brouillon")
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.get("/territoires/gevaudan/plan/fiches/9/").status_code == 404
    assert maire.get("/territoires/gevaudan/plan/fiches/77/").status_code == 404
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get("/territoires/gevaudan/plan/fiches/9/").status_code == 404


@pytest.mark.parametrize(
    ("garde", "lu"),
    [("2026-11-05", "05/11/2026"), ("2026-13-45", "2026-13-45"), ("D-2026-014", "D-2026-014")],
)
def test_un_jour_du_journal_se_lit_en_francais(garde, lu):
    assert valeur_lisible("attendu_pour_le", garde) == lu
