"""/plan/carte/: the filtered fiches on the map, and the same as a list."""

from decimal import Decimal

import pytest

from arpent.plateforme.plans.vue_carte import RAYON_MAX, RAYON_MIN, rayon
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
CARTE = "/territoires/gevaudan/plan/carte/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def chirac():
    return fabrique.commune("Chirac", latitude=44.522, longitude=3.266)


def test_une_fiche_est_a_son_point_sinon_au_centre_de_sa_commune(demarche, chef):
    commune = chirac()
    point = {"latitude": Decimal("44.6"), "longitude": Decimal("3.3")}
    fabrique.fiche(demarche, titre="Pont pointé", commune=commune, **point)
    fabrique.fiche(demarche, titre="École au bourg", commune=commune, maturite="structurant")
    page = chef.get(CARTE).content.decode()
    assert 'data-lat="44.600000" data-lng="3.300000"' in page
    assert 'data-lat="44.522000" data-lng="3.266000"' in page
    assert page.count(" · point exact") == 1
    assert 'data-maturite="structurant" data-lettre="S"' in page
    assert "Chirac <small>2 projets, 200\u202f000\xa0€" in page
    assert "2 projets sur la carte" in page


def test_une_fiche_sans_lieu_est_dite_a_part_avec_de_quoi_la_placer(demarche, chef, connecte):
    fiche = fabrique.fiche(demarche, titre="Étude sans lieu")
    lien = f'href="/territoires/gevaudan/plan/fiches/{fiche.numero}/modifier/#id_commune"'
    page = chef.get(CARTE).content.decode()
    assert "Aucun projet sur la carte, 1 sans lieu" in page
    assert lien in page
    lecteur = connecte(fabrique.agent("maire", demarche, pour=fabrique.organisation("commune")))
    page = lecteur.get(CARTE).content.decode()
    assert "Étude sans lieu" in page
    assert lien not in page


def test_une_commune_sans_coordonnees_ne_place_pas_la_fiche(demarche, chef):
    fabrique.fiche(demarche, commune=fabrique.commune("Nulle part", latitude=None, longitude=None))
    assert "1 sans lieu" in chef.get(CARTE).content.decode()


def test_les_filtres_de_l_adresse_valent_pour_la_carte_et_passent_d_un_affichage_a_l_autre(demarche, chef):
    fabrique.fiche(demarche, titre="Pont retenu", commune=chirac(), etat="retenue")
    fabrique.fiche(demarche, titre="Pont proposé", commune=chirac())
    page = chef.get(f"{CARTE}?etat=retenue").content.decode()
    assert "Pont retenu" in page
    assert "Pont proposé" not in page
    assert 'href="/territoires/gevaudan/plan/?etat=retenue"' in page
    assert 'href="/territoires/gevaudan/plan/maturite/?etat=retenue"' in page
    assert (
        f'href="{CARTE}?etat=retenue"'
        in chef.get("/territoires/gevaudan/plan/?etat=retenue").content.decode()
    )


def test_le_brouillon_d_un_autre_n_est_pas_sur_la_carte(demarche, connecte):
    fabrique.fiche(demarche, titre="Ébauche", etat="brouillon", commune=chirac())
    maire = connecte(fabrique.agent("maire", demarche, pour=fabrique.organisation("commune")))
    assert "Ébauche" not in maire.get(CARTE).content.decode()


def test_un_titre_piege_reste_du_texte(demarche, chef):
    piege = "\"><script>alert('x')</script>"
    commune = fabrique.commune("<b>Chirac</b>", latitude=44.5, longitude=3.2)
    fabrique.fiche(demarche, titre=piege, commune=commune)
    fabrique.fiche(demarche, titre=piege)
    page = chef.get(CARTE).content.decode()
    assert "<script>alert" not in page
    assert "<b>Chirac" not in page
    assert page.count("&lt;script&gt;alert") >= 2


def test_hors_du_perimetre_la_carte_n_existe_pas(demarche, connecte):
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche(slug="ailleurs")))
    assert ailleurs.get(CARTE).status_code == 404


def test_un_plan_vide_renvoie_au_plan(chef):
    page = chef.get(CARTE).content.decode()
    assert "Aucune fiche dans ce plan" in page
    assert "data-carte-plan" not in page


def test_cent_fiches_coutent_autant_de_requetes_que_deux(demarche, chef, django_assert_max_num_queries):
    commune = chirac()
    for n in range(100):
        fabrique.fiche(demarche, commune=commune if n % 2 else None)
    with django_assert_max_num_queries(8):
        page = chef.get(CARTE)
    assert page.content.decode().count("data-lieu ") == 50


@pytest.mark.parametrize(
    ("cout", "attendu"),
    [("400", RAYON_MAX), ("100", RAYON_MAX // 2), ("0.01", RAYON_MIN), ("0", RAYON_MIN), ("-5", RAYON_MIN)],
)
def test_la_surface_du_cercle_suit_le_cout(cout, attendu):
    assert rayon(Decimal(cout), Decimal(400)) == attendu
