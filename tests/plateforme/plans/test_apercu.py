"""…/preinstruction/apercu/: the findings while one types, and nothing written."""

from decimal import Decimal

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche, SaisieEnCours
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
NOUVELLE = "/territoires/gevaudan/plan/fiches/nouvelle/preinstruction/"


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


def saisie(demarche, **champs):
    vide = {f"{p}-{cle}": valeur for p in ("lignes", "depenses", "demarches")
            for cle, valeur in (("TOTAL_FORMS", "1"), ("INITIAL_FORMS", "0"))}  # fmt: skip
    theme = demarche.processus.dispositif.themes.get(code="voirie")
    return vide | {
        "titre": "Pont", "theme": theme.pk, "maturite": "structurant", "nature_depense": "investissement",
        "cout_ht": "200 000", "aide_demandee": "90 000", "version_lue": "1", "_apercu": "1",
    } | champs  # fmt: skip


def test_l_apercu_suit_ce_qui_est_tape_sans_rien_ecrire(demarche, connecte):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    avant = Entree.objects.count()
    donnees = saisie(
        demarche, maitre_ouvrage=fiche.maitre_ouvrage_id,
        **{"lignes-0-financeur": "etat", "lignes-0-montant": "110 000", "lignes-0-statut": "acquis"},
    )  # fmt: skip
    page = client.post(f"{fiche.get_absolute_url()}preinstruction/apercu/", donnees).content.decode()
    assert "Aide maximale possible" in page
    assert "50\u202f000,00" in page
    assert "<html" not in page
    fiche.refresh_from_db()
    assert (fiche.cout_ht, fiche.version, Entree.objects.count()) == (Decimal("100000.00"), 1, avant)
    assert not SaisieEnCours.objects.exists()


def test_une_fiche_neuve_a_son_apercu(demarche, connecte):
    commune = fabrique.commune(population=321)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    porteur = fabrique.organisation("commune", commune=commune)
    page = client.post(NOUVELLE, saisie(demarche, maitre_ouvrage=porteur.pk)).content.decode()
    assert "Ce qui limite l’aide" in page
    assert "60\u202f000,00" in page
    assert not Fiche.objects.exists()


def test_une_saisie_fausse_ou_vide_ne_casse_rien(demarche, connecte):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    assert client.post(NOUVELLE, {"cout_ht": "beaucoup", "_apercu": "1"}).status_code == 200


def test_sans_javascript_c_est_une_page_entiere(demarche, connecte):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    donnees = saisie(demarche)
    del donnees["_apercu"]
    page = client.post(NOUVELLE, donnees).content.decode()
    assert "Rien n’est enregistré" in page


def test_l_apercu_tient_en_peu_de_requetes(demarche, connecte, django_assert_max_num_queries):
    fiche = fabrique.fiche(demarche)
    client = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    donnees = saisie(demarche, maitre_ouvrage=fiche.maitre_ouvrage_id)
    adresse = f"{fiche.get_absolute_url()}preinstruction/apercu/"
    client.post(adresse, donnees)
    with django_assert_max_num_queries(40):
        client.post(adresse, donnees)


def test_sans_reglement_en_vigueur_l_apercu_le_dit(connecte):
    demarche = fabrique.demarche(slug="gevaudan")
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.post(NOUVELLE, saisie(demarche)).content.decode()
    assert "Pas de règlement en vigueur" in page
