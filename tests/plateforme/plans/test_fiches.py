"""The general list: every fiche one may read, whatever the number."""

from decimal import Decimal

import pytest

from arpent.plateforme.plans import listes
from arpent.plateforme.plans.actions import FicheSaisie, creer_fiches
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def remplir(demarche, nombre, titre="Projet"):
    commune = fabrique.organisation("commune")
    champs = {"maitre_ouvrage": commune, "cout_ht": Decimal("1000"), "etat": "proposee"}
    creer_fiches(
        demarche,
        [FicheSaisie(champs | {"titre": f"{titre} {i}"}) for i in range(nombre)],
        par=None,
        source="essai",
    )


def test_la_liste_generale_tient_en_sept_requetes(connecte, django_assert_max_num_queries):
    demarche = fabrique.demarche()
    chef = connecte(fabrique.agent("chef_de_projet", demarche))
    remplir(demarche, 120)
    with django_assert_max_num_queries(7):
        page = chef.get("/fiches/?tri=-cout&etat=proposee")
    assert page.status_code == 200
    assert len(page.content) < 57_000
    assert "120 fiches projets" in page.content.decode()
    with django_assert_max_num_queries(7):
        assert chef.get("/fiches/?q=projet").status_code == 200


def test_chacun_ne_voit_que_son_perimetre(connecte):
    ici, ailleurs = fabrique.demarche(), fabrique.demarche()
    remplir(ici, 2, "Ici")
    remplir(ailleurs, 2, "Ailleurs")
    commune = fabrique.organisation("commune")
    fabrique.fiche(ici, titre="Brouillon caché", etat="brouillon", maitre_ouvrage=commune)
    attendus = {
        "chef_de_projet": (True, True), "instructeur": (True, False), "agent_epci": (True, True),
        "maire": (True, False), "administrateur": (True, True),
    }  # fmt: skip
    for role, (voit, voit_brouillon) in attendus.items():
        page = connecte(fabrique.agent(role, ici)).get("/fiches/").content.decode()
        assert ("Ici 0" in page) is voit
        assert ("Ailleurs 0" in page) is (role == "administrateur")
        assert ("Brouillon caché" in page) is voit_brouillon
    maire = connecte(fabrique.agent("maire", ici, pour=commune))
    assert "Brouillon caché" in maire.get("/fiches/").content.decode()


def test_au_dela_du_plafond_le_nombre_est_dit_plus_de(connecte, monkeypatch):
    monkeypatch.setattr(listes, "COMPTE_MAX", 100)
    demarche = fabrique.demarche()
    remplir(demarche, 101)
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get("/fiches/?page=9").content.decode()
    assert "Plus de 100 fiches" in page
    assert 'aria-current="page"><span class="invisible">Page </span>2<' in page


def test_la_recherche_montre_les_plus_recentes_quand_il_y_en_a_trop(connecte, monkeypatch):
    demarche = fabrique.demarche()
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    remplir(demarche, 6, "Écoles")
    remplir(demarche, 4, "Ponts")
    page = client.get("/fiches/?q=école").content.decode()
    assert "6 fiches projets répondent" in page
    assert "Ponts 1" not in page
    monkeypatch.setattr(listes, "TROUVES_MAX", 4)
    page = client.get("/fiches/?q=école").content.decode()
    assert "Plus de 4 fiches projets" in page
    assert "les plus récentes" in page


def test_on_trouve_ses_fiches_meme_si_les_plus_recentes_sont_ailleurs(connecte, monkeypatch):
    monkeypatch.setattr(listes, "TROUVES_MAX", 2)
    ici, ailleurs = fabrique.demarche(), fabrique.demarche()
    remplir(ici, 1, "Écoles")
    remplir(ailleurs, 4, "Écoles")
    page = connecte(fabrique.agent("agent_epci", ici)).get("/fiches/?q=école").content.decode()
    assert "1 fiche projet répond à votre demande" in page


@pytest.mark.parametrize("seuil", [0, 2_000])
def test_peu_ou_beaucoup_de_fiches_la_page_est_la_meme(connecte, monkeypatch, seuil):
    monkeypatch.setattr(listes, "NOMBREUSES", seuil)
    demarche = fabrique.demarche()
    fabrique.fiche(demarche, titre="La chère", cout_ht=Decimal("900000"))
    fabrique.fiche(demarche, titre="La modeste", cout_ht=Decimal("900"))
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get("/fiches/?tri=-cout").content.decode()
    assert page.index("La chère") < page.index("La modeste")


def test_le_territoire_se_cherche_par_son_nom_sans_accent(connecte):
    autorite = fabrique.dispositif()
    a = fabrique.demarche(fabrique.territoire(nom="Gévaudan"), autorite)
    b = fabrique.demarche(fabrique.territoire(nom="Aubrac"), autorite)
    remplir(a, 1, "Projet du Gévaudan")
    remplir(b, 1, "Projet de l’Aubrac")
    page = connecte(fabrique.agent("chef_de_projet", a)).get("/fiches/?territoire=gevau").content.decode()
    assert "Projet du Gévaudan" in page
    assert "Projet de l’Aubrac" not in page


def test_les_noms_des_territoires_viennent_quand_on_entre_dans_la_case(connecte):
    autorite = fabrique.dispositif()
    a = fabrique.demarche(fabrique.territoire(nom="Évêché"), autorite)
    fabrique.demarche(fabrique.territoire(nom="Florac"), autorite)
    fabrique.demarche(fabrique.territoire(nom="Ailleurs"))
    client = connecte(fabrique.agent("chef_de_projet", a))
    noms = client.get("/fiches/territoires/").content.decode()
    assert noms.split() == ["<option", 'value="Évêché"><option', 'value="Florac">']
    assert "Florac" not in client.get("/fiches/").content.decode()


def test_les_totaux_viennent_a_part_en_fragment_ou_en_page(connecte):
    demarche = fabrique.demarche()
    remplir(demarche, 3)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.get("/fiches/totaux/").content.decode()
    fragment = client.get("/fiches/totaux/", headers={"HX-Request": "true"}).content.decode()
    assert "<h1>" in page
    assert "<h1>" not in fragment
    assert "3\u202f000,00\xa0€" in page
    assert "3\u202f000,00\xa0€" in fragment


def test_l_export_general_porte_le_territoire(connecte):
    demarche = fabrique.demarche()
    remplir(demarche, 2)
    reponse = connecte(fabrique.agent("chef_de_projet", demarche)).get("/fiches/export.xlsx")
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    assert reponse.content[:2] == b"PK"


def test_un_anonyme_est_renvoye_a_la_connexion(client, db):
    assert client.get("/fiches/").status_code == 302
