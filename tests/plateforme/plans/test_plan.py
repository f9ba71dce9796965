"""The list of a territory's fiches."""

from decimal import Decimal
from io import BytesIO

import openpyxl
import pytest

from arpent.plateforme.plans.actions import enregistrer_fiche
from arpent.plateforme.plans.models import Axe
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    return fabrique.demarche(slug="gevaudan")


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def remplir(demarche, nombre, **champs):
    return [fabrique.fiche(demarche, **champs) for _ in range(nombre)]


def test_le_titre_dit_le_nombre_et_le_cout(demarche, chef):
    remplir(demarche, 3)
    page = chef.get("/territoires/gevaudan/plan/")
    assert page.status_code == 200
    assert "3 fiches pour 300\u202f000\xa0€ de travaux" in page.content.decode()


def test_un_plan_vide_dit_par_quoi_commencer(demarche, chef):
    page = chef.get("/territoires/gevaudan/plan/").content.decode()
    assert "Importer un tableau" in page


def test_la_liste_tient_en_huit_requetes_et_soixante_kilo_octets(
    demarche, chef, django_assert_max_num_queries
):
    remplir(demarche, 130)
    axe = Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    remplir(demarche, 3, axe=axe)
    with django_assert_max_num_queries(8):
        page = chef.get("/territoires/gevaudan/plan/?tri=-cout&page=2")
    assert len(page.content) < 60_000
    assert page.content.decode().count('<th scope="row"><a') == 50


def test_cinquante_vraies_fiches_tiennent_en_soixante_kilo_octets(connecte):
    demarche = fabrique.demarche(
        slug="terres-apcher-margeride-aubrac",
        sur=fabrique.territoire(nom="Terres d’Apcher Margeride Aubrac"),
    )
    for numero in range(1, 4):
        Axe.objects.create(demarche=demarche, numero=numero, libelle="Des services et des réseaux pour tous")
    titre = "Études et travaux visant à l’amélioration de la qualité de l’air dans les bâtiments"
    commune = fabrique.organisation("commune", "Commune des Monts-Verts")
    for cout in range(50):
        fabrique.fiche(demarche, titre=f"{titre} {cout}", maitre_ouvrage=commune, cout_ht=1_234_567)
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(f"/territoires/{demarche.slug}/plan/")
    assert len(page.content) < 60_000
    texte = page.content.decode()
    assert 'href="fiches/' in texte
    assert "Avec les fiches cochées" in texte


def test_les_filtres_se_cumulent_et_se_lisent_dans_l_adresse(demarche, chef):
    garde = fabrique.fiche(demarche, titre="Pont du Lot", etat="retenue", maturite="structurant")
    fabrique.fiche(demarche, titre="Pont de pierre", etat="proposee", maturite="structurant")
    fabrique.financement(garde, "etat", "1000")
    adresse = "/territoires/gevaudan/plan/?etat=retenue&maturite=structurant&financeur=etat"
    page = chef.get(adresse).content.decode()
    assert "Pont du Lot" in page
    assert "Pont de pierre" not in page
    assert "1 fiche répond à vos filtres" in page


@pytest.mark.parametrize("texte", ["ecoles", "ÉCOLE", "œuvre", "oeuvres marvejols", "éco"])
def test_la_recherche_ignore_accents_ligatures_et_pluriels(demarche, chef, texte):
    fiche = fabrique.fiche(demarche, titre="Écoles et œuvre scolaire de Marvejols")
    autre = fabrique.fiche(demarche, titre="Voirie du bourg")
    for f in (fiche, autre):
        enregistrer_fiche(f, [], par=None, version_lue=f.version)
    page = chef.get("/territoires/gevaudan/plan/", {"q": texte}).content.decode()
    assert "Écoles et œuvre" in page
    assert "Voirie du bourg" not in page


@pytest.mark.parametrize("texte", ['"', "a' OR 1=1 --", "NEAR(", "*", "^x", "-", "é" * 500])
def test_une_recherche_etrange_ne_casse_rien(demarche, chef, texte):
    fabrique.fiche(demarche)
    assert chef.get("/territoires/gevaudan/plan/", {"q": texte}).status_code == 200


@pytest.mark.parametrize(
    "requete", ["page=abc", "page=-4", "page=99999999999", "tri=';--", "axe=x", "col=zzz", "etat=zz"]
)
def test_une_adresse_mal_ecrite_montre_la_liste(demarche, chef, requete):
    fabrique.fiche(demarche, titre="Toujours là")
    assert "Toujours là" in chef.get(f"/territoires/gevaudan/plan/?{requete}").content.decode()


def test_les_axes_disent_leurs_fiches_et_leurs_enjeux(demarche, chef):
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    axe = Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    axe.enjeux.add(enjeu)
    fabrique.fiche(demarche, axe=axe, cout_ht=Decimal("150000.40"))
    fabrique.fiche(demarche, axe=axe, cout_ht=Decimal("50000"))
    remplir(demarche, 1)
    page = chef.get("/territoires/gevaudan/plan/").content.decode()
    assert "Répond à : Garder les services" in page
    assert "2 fiches, 200\u202f000\xa0€" in page
    assert "3 fiches pour 300\u202f000\xa0€ de travaux" in page
    assert "1 fiche</a> sans axe" in page


def test_les_totaux_sont_exacts_au_centime(demarche, chef):
    for i in range(60):
        fabrique.fiche(demarche, cout_ht=Decimal("9999999.99") + i, assiette=None)
    page = chef.get("/territoires/gevaudan/plan/").content.decode()
    assert "600\u202f001\u202f769,40\xa0€" in page
    assert "Total de 60 fiches" in page


def test_l_export_est_ce_qui_est_affiche_sans_formule(demarche, chef):
    remplir(demarche, 60)
    fabrique.fiche(demarche, titre='=HYPERLINK("http://x")', etat="retenue")
    contenu = chef.get("/territoires/gevaudan/plan/export.xlsx?etat=retenue&tri=-cout").content
    feuille = openpyxl.load_workbook(BytesIO(contenu)).active
    cellules = [c for ligne in feuille.iter_rows() for c in ligne if c.value is not None]
    assert any("HYPERLINK" in str(c.value) for c in cellules)
    assert not any(c.data_type == "f" and "HYPERLINK" in str(c.value) for c in cellules)
    tout = openpyxl.load_workbook(BytesIO(chef.get("/territoires/gevaudan/plan/export.xlsx").content)).active
    assert sum(1 for ligne in tout.iter_rows() if str(ligne[1].value or "").startswith("Projet ")) == 60


def test_hors_du_perimetre_le_plan_n_existe_pas(demarche, connecte):
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get("/territoires/gevaudan/plan/").status_code == 404
    assert ailleurs.get("/territoires/gevaudan/plan/export.xlsx").status_code == 404


def test_le_brouillon_d_un_autre_ne_se_voit_pas(demarche, connecte):
    commune = fabrique.organisation("commune")
    fabrique.fiche(demarche, titre="Le mien", etat="brouillon", maitre_ouvrage=commune)
    fabrique.fiche(demarche, titre="Le secret", etat="brouillon")
    maire = connecte(fabrique.agent("maire", demarche, pour=commune))
    page = maire.get("/territoires/gevaudan/plan/").content.decode()
    assert "Le mien" in page
    assert "Le secret" not in page


def test_l_axe_s_ecrit_et_se_relie_aux_enjeux(demarche, chef):
    enjeu = demarche.enjeux.create(libelle="Garder les services")
    reponse = chef.post(
        "/territoires/gevaudan/plan/axes/nouveau/",
        {"libelle": "Vivre au pays", "enjeux": [enjeu.pk], "version_lue": 1},
    )
    assert reponse.status_code == 302
    axe = Axe.objects.get()
    assert (axe.numero, list(axe.enjeux.all())) == (1, [enjeu])
    url = "/territoires/gevaudan/plan/axes/1/"
    assert chef.post(url, {"libelle": "Vivre ici", "version_lue": 1}).status_code == 302
    assert chef.post(url, {"libelle": "Périmé", "version_lue": 1}).status_code == 409
    assert chef.post(url, {"libelle": "", "version_lue": 2}).status_code == 400


def test_un_maire_ne_structure_pas_le_plan(demarche, connecte):
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.get("/territoires/gevaudan/plan/axes/nouveau/").status_code == 403
