"""/plan/maturite/: three columns, what is missing, moving a fiche from one to another."""

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
MATURITE = "/territoires/gevaudan/plan/maturite/"


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def decrite(demarche, **champs):
    """Enough for amorçage A, not for structurant."""
    return fabrique.fiche(demarche, **({"description": "Toiture", "numero": 3, "titre": "École"} | champs))


def lue(numero=3):
    return Fiche.objects.values_list("maturite", "version").get(numero=numero)


def test_chaque_colonne_dit_son_nombre_et_son_cout(demarche, chef):
    decrite(demarche, maturite="structurant")
    for _ in range(2):
        fabrique.fiche(demarche)
    reponse = chef.get(MATURITE)
    colonnes = {k.code: (k.nombre, k.cout, len(k.cartes)) for k in reponse.context["classes"]}
    assert colonnes == {
        "structurant": (1, 100_000, 1),
        "amorcage_a": (0, 0, 0),
        "amorcage_b": (2, 200_000, 2),
    }
    assert "1 projet structurant sur 3" in reponse.content.decode()


def test_la_carte_dit_ce_qui_manque_et_n_offre_que_les_classes_ouvertes(demarche, chef):
    decrite(demarche)
    page = chef.get(MATURITE).content.decode()
    assert "Pour être « structurant », il manque" in page
    assert 'value="3:1:amorcage_a"' in page
    assert 'value="3:1:structurant"' not in page


def test_un_projet_structurant_qui_ne_l_est_plus_le_dit(demarche, chef):
    decrite(demarche, maturite="structurant")
    assert "Classé « structurant », mais il manque" in chef.get(MATURITE).content.decode()


def test_un_bouton_deplace_la_fiche_et_garde_les_filtres(demarche, chef):
    decrite(demarche)
    reponse = chef.post(f"{MATURITE}?etat=proposee", {"vers": "3:1:amorcage_a"})
    assert reponse.headers["Location"] == f"{MATURITE}?etat=proposee#fiche-3"
    assert lue() == ("amorcage_a", 2)
    assert Entree.objects.first().geste == "classer_maturite"
    assert "« École » est maintenant classée « amorçage A »" in chef.get(MATURITE).content.decode()


def test_un_deplacement_impossible_est_refuse_avec_ce_qui_manque(demarche, chef):
    decrite(demarche)
    reponse = chef.post(MATURITE, {"vers": "3:1:structurant"})
    assert reponse.status_code == 400
    assert "il manque" in reponse.context["refus"]
    assert "La fiche n’a pas été déplacée" in reponse.content.decode()
    assert lue() == ("amorcage_b", 1)


def test_une_fiche_changee_entre_temps_est_refusee(demarche, chef):
    decrite(demarche)
    Fiche.objects.update(version=5)
    assert chef.post(MATURITE, {"vers": "3:1:amorcage_a"}).status_code == 409
    assert lue() == ("amorcage_b", 5)


@pytest.mark.parametrize(
    "vers", ["", "3", "3:1", "3:1:mure", "x:1:amorcage_a", "3::amorcage_a", "²:1:amorcage_a"]
)
def test_une_demande_illisible_est_refusee(demarche, chef, vers):
    decrite(demarche)
    assert chef.post(MATURITE, {"vers": vers}).status_code == 400
    assert lue() == ("amorcage_b", 1)


def test_la_fiche_d_un_autre_n_a_pas_de_bouton_et_ne_se_deplace_pas(demarche, connecte):
    decrite(demarche)
    maire = connecte(fabrique.agent("maire", demarche, pour=fabrique.organisation("commune")))
    page = maire.get(MATURITE).content.decode()
    assert "École" in page
    assert 'name="vers"' not in page
    assert "data-deplacable" not in page
    assert maire.post(MATURITE, {"vers": "3:1:amorcage_a"}).status_code == 403
    assert lue() == ("amorcage_b", 1)


def test_une_fiche_inconnue_ou_un_territoire_hors_perimetre_n_existent_pas(demarche, chef, connecte):
    decrite(demarche)
    assert chef.post(MATURITE, {"vers": "99:1:amorcage_a"}).status_code == 404
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche(slug="ailleurs")))
    assert ailleurs.get(MATURITE).status_code == 404
    assert ailleurs.post(MATURITE, {"vers": "3:1:amorcage_a"}).status_code == 404


def test_les_filtres_de_l_adresse_valent_pour_les_colonnes(demarche, chef):
    decrite(demarche, titre="Pont retenu", etat="retenue")
    fabrique.fiche(demarche, titre="Pont proposé")
    page = chef.get(f"{MATURITE}?etat=retenue").content.decode()
    assert "Pont retenu" in page
    assert "Pont proposé" not in page
    assert f'action="{MATURITE}?etat=retenue"' in page


def test_un_titre_piege_reste_du_texte(demarche, chef):
    decrite(demarche, titre="\"><script>alert('x')</script>")
    page = chef.get(MATURITE).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_deux_cents_fiches_coutent_autant_de_requetes_que_deux(demarche, chef, django_assert_max_num_queries):
    modele = decrite(demarche)
    fabrique.financement(modele, "etat", "1000")
    Fiche.objects.bulk_create(
        Fiche(demarche=demarche, numero=1000 + n, titre=f"P{n}", maitre_ouvrage=modele.maitre_ouvrage,
              etat="proposee", cout_ht=1)
        for n in range(199)
    )  # fmt: skip
    chef.get(MATURITE)
    with django_assert_max_num_queries(16):
        page = chef.get(MATURITE)
    assert page.content.decode().count('class="kanban-carte"') == 200
