"""Loading the places of the extracts."""

from datetime import date

import pytest
from django.db import transaction

from arpent.extraits import lecture
from arpent.plateforme.territoires.chargement import GEOGRAPHIE, charger_territoires
from arpent.plateforme.territoires.models import (
    Adjacence,
    Appartenance,
    Canton,
    Commune,
    Composition,
    Contour,
    Groupement,
    Territoire,
)
from arpent.plateforme.territoires.perimetres import perimetre

MODELES = (Adjacence, Appartenance, Canton, Commune, Composition, Contour, Groupement, Territoire)


pytestmark = pytest.mark.usefixtures("charge", "db")


@pytest.fixture(scope="module", autouse=True)
def charge(django_db_setup, django_db_blocker):
    """Loaded once for the module, inside a transaction; each test rolls back to that point."""
    with django_db_blocker.unblock(), transaction.atomic():
        charger_territoires()
        yield
        transaction.set_rollback(True)


def comptes() -> dict[str, int]:
    return {modele.__name__: modele.objects.count() for modele in MODELES}


def test_charger_deux_fois_ne_change_rien():
    avant = comptes()
    charger_territoires()
    assert comptes() == avant
    assert avant["Commune"] == 4_560
    assert avant["Territoire"] == 15


def test_charger_dit_ou_il_en_est():
    lignes: list[str] = []
    charger_territoires(lignes.append)
    assert lignes[0] == "Communes : 4560"
    assert len(lignes) == 7


def test_la_lozere_a_ses_152_communes_et_sa_population():
    lozere = Commune.objects.filter(departement="48")
    assert lozere.count() == 152
    assert sum(lozere.values_list("population", flat=True)) == 76_486


def test_chaque_commune_est_dans_un_seul_epci():
    epci = Groupement.objects.filter(nature__in=("CC", "CA", "CU", "METRO", "MET69"))
    communes = list(Appartenance.objects.filter(groupement__in=epci).values_list("commune", flat=True))
    assert len(communes) == len(set(communes))
    assert set(communes) == set(Commune.objects.values_list("code", flat=True))


def test_toute_la_nouvelle_aquitaine_est_la_avec_les_membres_hors_region():
    assert Commune.objects.filter(region="75").count() == 4_293
    membres = Appartenance.objects.filter(groupement__appartenances__commune__region="75").values("commune")
    assert Commune.objects.filter(code__in=membres).exclude(region="75").count() == 99


def test_un_groupement_charge_a_toutes_ses_communes():
    for epci in lecture.lignes_des_perimetres("epci"):
        groupement = Groupement.objects.get(siren=epci["siren"])
        assert groupement.appartenances.count() == int(epci["nb_communes"]), epci["nom"]


def test_le_chargement_tient_en_peu_de_requetes(django_assert_max_num_queries):
    """Bulk: batches, not rows (some 4,600 communes, 6,000 memberships, 14,000 borders)."""
    with django_assert_max_num_queries(150):
        charger_territoires()


def test_le_rozier_est_dans_une_communaute_de_l_aveyron_hors_des_territoires():
    epci = Groupement.objects.get(appartenances__commune="48131", nature="CC")
    assert epci.nom == "CC de Millau Grands Causses"
    assert epci.departements == "12 48"
    assert not epci.territoires.exists()


def test_une_communaute_s_etend_sur_deux_departements():
    mont_lozere = Territoire.objects.get(slug="mont-lozere")
    lu = perimetre(mont_lozere, GEOGRAPHIE)
    assert len(lu.communes) == 21
    assert {code[:2] for code in lu.communes} == {"30", "48"}


def test_un_territoire_de_projet_reunit_ses_epci():
    lu = perimetre(Territoire.objects.get(slug="chataigneraie-limousine"), GEOGRAPHIE)
    assert lu.epci == ("200040814", "200070506", "248700189", "248719288")
    assert len(lu.communes) == 44


def test_un_perimetre_anterieur_a_la_geographie_est_vide():
    lu = perimetre(Territoire.objects.get(slug="gevaudan"), date(2010, 1, 1))
    assert (lu.epci, lu.communes) == ((), ())


def test_une_composition_terminee_ne_compte_plus():
    gevaudan = Territoire.objects.get(slug="gevaudan")
    gevaudan.compositions.update(fin=date(2028, 1, 1))
    assert perimetre(gevaudan, date(2027, 12, 31)).epci == ("244800470",)
    assert perimetre(gevaudan, date(2028, 1, 1)).epci == ()


def test_chaque_commune_a_son_contour():
    assert set(Contour.objects.values_list("commune", flat=True)) == set(
        Commune.objects.values_list("code", flat=True)
    )


def test_les_limites_sont_rangees_et_de_longueur_positive():
    for limite in Adjacence.objects.all():
        assert limite.commune_a_id < limite.commune_b_id
        assert limite.longueur_m > 0


def test_les_syndicats_couvrent_des_communes_de_lozere():
    sdee = Groupement.objects.get(siren="254800022")
    assert sdee.membres.filter(departement="48").count() == 152
    assert not sdee.est_epci_a_fiscalite_propre


def test_chaque_commune_de_lozere_est_dans_un_seul_canton():
    lozere = Commune.objects.filter(departement="48")
    assert [c.code for c in lozere if c.cantons.count() != 1] == []
    assert Canton.objects.filter(departement="48").count() == 12


def test_mende_partagee_entre_deux_cantons_est_un_pseudo_canton():
    mende = Canton.objects.get(communes="48095")
    assert (mende.code, mende.nom) == ("4899", "Mende")
    assert [c.code for c in mende.communes.all()] == ["48095"]


def test_un_canton_n_est_charge_que_la_ou_il_y_a_des_communes():
    departements = set(Canton.objects.values_list("departement", flat=True))
    assert departements <= set(Commune.objects.values_list("departement", flat=True))
