"""The list of territories and the page of one: perimeter, map, members, steps."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.territoires.models import Adjacence, Contour
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]
CARRE = {
    "type": "Polygon",
    "coordinates": [[[3.0, 44.0], [3.1, 44.0], [3.1, 44.1], [3.0, 44.1], [3.0, 44.0]]],
}


def url(demarche: Demarche, nom: str = "territoire") -> str:
    return reverse(f"portail:{nom}", args=[demarche.slug])


@pytest.fixture
def demarche() -> Demarche:
    florac = fabrique.commune("Florac", population=2000)
    rozier = fabrique.commune("Le Rozier", population=None, departement="12")
    voisine = fabrique.commune("Voisine")
    epci = fabrique.groupement(florac, rozier, nom="CC Gorges Causses")
    for commune in (florac, rozier, voisine):
        Contour.objects.create(commune=commune, geometrie=CARRE)
    a, b = sorted([florac, voisine], key=lambda c: c.code)
    Adjacence.objects.create(commune_a=a, commune_b=b, longueur_m=1200)
    return fabrique.demarche(fabrique.territoire(epci, nom="Gorges"))


@pytest.mark.parametrize("nom", ["territoire", "contours", "carte_svg", "journal"])
def test_hors_de_son_perimetre_la_page_n_existe_pas(connecte: Connecte, demarche: Demarche, nom: str):
    etranger = fabrique.agent("president_epci", fabrique.demarche())
    assert connecte(etranger).get(url(demarche, nom)).status_code == 404


@pytest.mark.parametrize(
    "role", ["chef_de_projet", "instructeur", "elu_autorite", "president_epci", "maire", "sous_prefet"]
)
def test_chaque_role_lit_son_territoire(connecte: Connecte, demarche: Demarche, role: str):
    page = connecte(fabrique.agent(role, demarche)).get(url(demarche))
    assert page.status_code == 200
    texte = page.content.decode()
    assert "Gorges\u00a0: 2 communes, 2\u202f000 habitants" in texte
    assert ("Noter une étape" in texte) == (role == "chef_de_projet")


def test_un_territoire_interdepartemental_est_signale(connecte: Connecte, demarche: Demarche):
    texte = connecte(fabrique.agent("maire", demarche)).get(url(demarche)).content.decode()
    assert "Un territoire sur plusieurs départements" in texte


def test_la_page_du_territoire_coute_douze_requetes(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., object]
):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        client.get(url(demarche))


def test_la_carte_porte_les_membres_et_leurs_voisines(connecte: Connecte, demarche: Demarche):
    reponse = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "contours"))
    lieux = {f["properties"]["nom"]: f["properties"] for f in json.loads(reponse.content)["features"]}
    assert lieux["Florac"]["role"] == "membre"
    assert lieux["Voisine"]["role"] == "voisin"
    assert lieux["Le Rozier"]["classe"] is None
    assert "population inconnue" in lieux["Le Rozier"]["detail"]


def test_la_carte_inchangee_n_est_pas_renvoyee(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("maire", demarche))
    etag = client.get(url(demarche, "contours")).headers["ETag"]
    reponse = client.get(url(demarche, "contours"), headers={"If-None-Match": etag})
    assert reponse.status_code == 304
    commune = demarche.territoire.groupements.get().membres.get(nom="Florac")
    commune.population = 2500
    commune.save()
    assert client.get(url(demarche, "contours"), headers={"If-None-Match": etag}).status_code == 200


def test_la_carte_a_imprimer_est_un_svg_sans_script(connecte: Connecte, demarche: Demarche):
    reponse = connecte(fabrique.agent("maire", demarche)).get(url(demarche, "carte_svg"))
    assert reponse.headers["Content-Type"] == "image/svg+xml"
    assert reponse.content.startswith(b"<svg")
    assert b"<script" not in reponse.content
    assert "default-src 'none'" in reponse.headers["Content-Security-Policy"]


def test_sans_contour_la_carte_a_imprimer_n_existe_pas(connecte: Connecte):
    nue = fabrique.demarche()
    assert connecte(fabrique.agent("maire", nue)).get(url(nue, "carte_svg")).status_code == 404


def test_la_liste_filtre_par_nom_et_reste_dans_le_perimetre(connecte: Connecte, demarche: Demarche):
    fabrique.demarche(fabrique.territoire(nom="Ailleurs"))
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.get(reverse("portail:territoires"), {"q": "gorg"})
    assert [d.slug for d in page.context["feuille"]] == [demarche.slug]
    assert "Ailleurs" not in client.get(reverse("portail:territoires")).content.decode()


def test_la_liste_dit_la_population_et_le_nombre_de_communes(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(reverse("portail:territoires"))
    ligne = page.context["groupes"][0].lignes[0]
    assert (ligne.communes, ligne.population) == (2, 2000)


def test_la_commune_d_un_epci_voisin_est_nommee(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(reverse("portail:territoires"))
    assert "Voisine" in page.content.decode()
    assert "intercommunalité d’un autre département" in page.content.decode()


def test_la_liste_coute_huit_requetes(
    connecte: Connecte, django_assert_max_num_queries: Callable[..., object]
):
    dispositif = fabrique.dispositif()
    for _ in range(3):
        demarche = fabrique.demarche(dans=dispositif)
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(reverse("portail:territoires"))


def test_une_commune_sortie_du_groupement_n_est_plus_membre(connecte: Connecte, demarche: Demarche):
    epci = demarche.territoire.groupements.get()
    epci.appartenances.filter(commune__nom="Florac").update(fin=date(2020, 1, 1))
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche))
    assert page.context["portrait"].communes == 1


@pytest.mark.parametrize(
    ("q", "attendu"),
    [("florac", ">Florac</a>"), ("GORGES", ">Gorges</a>"), ("le-rozier", ">Le Rozier</a>")],
)
def test_la_recherche_trouve_sans_accent_ni_majuscule(
    connecte: Connecte, demarche: Demarche, q: str, attendu: str
):
    client = connecte(fabrique.agent("maire", demarche))
    page = client.get(reverse("portail:recherche"), {"q": q}).content.decode()
    assert attendu in page


def test_la_recherche_reste_dans_le_perimetre(connecte: Connecte, demarche: Demarche):
    etranger = fabrique.agent("maire", fabrique.demarche())
    page = connecte(etranger).get(reverse("portail:recherche"), {"q": "florac"}).content.decode()
    assert "Rien dans votre périmètre" in page
