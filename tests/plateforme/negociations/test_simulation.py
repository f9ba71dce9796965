"""The simulation of a fund: what is tried, who sees it, the map, the file. Nothing is written."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arpent.metier.repartition import Formule
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.models import DonneeRepartition, PartEnveloppe
from arpent.plateforme.negociations.simulations.etapes import CoefficientsField, initiales
from arpent.plateforme.reglements.models import Fonds
from arpent.plateforme.territoires.models import Contour
from tests.plateforme import fabrique

from .conftest import Monde

Connecte = Callable[[Agent], Client]


@pytest.fixture
def url(monde: Monde) -> str:
    for demarche, km in ((monde.demarche, 3), (monde.voisine, 1)):
        DonneeRepartition.objects.create(
            territoire=demarche.territoire, critere="voirie", valeur=Decimal(km), unite="km"
        )
    return f"/dispositifs/{monde.dispositif.slug}/enveloppes/"


def lire(client: Client, url: str) -> str:
    return client.get(url).content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def test_sans_essai_la_page_montre_le_partage_d_aujourd_hui(
    monde: Monde, connecte: Connecte, url: str
) -> None:
    page = lire(connecte(monde.chef), url)
    assert "aucun territoire ne gagne ni ne perd" in page
    assert "56 250,00 €" in page
    assert 'value="50"' in page


def test_un_autre_poids_dit_qui_gagne_et_qui_perd(monde: Monde, connecte: Connecte, url: str) -> None:
    page = lire(connecte(monde.chef), f"{url}?poids_voirie=100")
    assert "1 territoire gagne, 1 perd : 18 750 € changent de territoire" in page
    assert "75 000,00 €" in page
    assert "indice de Gini passe de 0,063 à 0,250" in page
    assert "s’écartent" in page


def test_des_poids_qui_ne_font_pas_cent_comptent_au_prorata(
    monde: Monde, connecte: Connecte, url: str
) -> None:
    page = lire(connecte(monde.chef), f"{url}?poids_voirie=30&poids_forfait=30")
    assert "part égale 50 %, longueur de voirie 50 %" in page


def test_plancher_et_plafond_se_compensent(monde: Monde, connecte: Connecte, url: str) -> None:
    page = lire(connecte(monde.chef), f"{url}?poids_voirie=100&plancher=40&plancher_unite=part")
    assert "60 000,00 €" in page
    assert "40 000,00 €" in page
    page = lire(connecte(monde.chef), f"{url}?poids_voirie=100&plancher=60000")
    assert "Ce partage est impossible" in page
    assert "Les planchers demandent 120 000,00 €" in page
    assert (
        page.index("Les planchers demandent") < page.index("Poids des critères") < page.index('id="resultat"')
    )
    assert "cet essai est à corriger" in page


def test_deux_essais_se_comparent_entre_eux(monde: Monde, connecte: Connecte, url: str) -> None:
    client = connecte(monde.chef)
    voirie = lire(client, f"{url}?poids_voirie=100")
    lien = re.search(r'href="([^"]+avec=[^"]+)">Comparer un autre essai', voirie)
    assert lien
    suite = html.unescape(lien[1])
    page = lire(client, f"{suite}&poids_forfait=100")
    assert "Comparée à l’essai : longueur de voirie 100 %" in page
    assert "1 territoire gagne, 1 perd : 25 000 € changent de territoire" in page
    assert "Essai comparé" in page
    assert "Revenir à la formule d’aujourd’hui" in page
    fichier = client.get(f"{suite.replace('?', 'tableau.csv?')}&poids_forfait=100").content.decode()
    assert "Essai comparé (€)" in fichier
    assert "celui de l’essai comparé" in lire(client, f"{suite}&poids_voirie=100")
    assert "Essai comparé" not in lire(client, f"{url}?avec=poids_voirie%3Dx&poids_forfait=100")


def test_part_fixe_habitant_et_rang_s_essaient_sur_la_page(
    monde: Monde, connecte: Connecte, url: str
) -> None:
    client = connecte(monde.chef)
    page = lire(client, f"{url}?fixe=10000&poids_voirie=100")
    assert "70 000,00 €" in page  # 10 000 + 3/4 of 80 000
    assert "30 000,00 €" in page
    assert "10 000,00 € par territoire" in page
    page = lire(client, f"{url}?rang_critere=voirie&rang_nombre=1&rang_part=20&poids_voirie=100")
    assert "60 000,00 €" in page  # 3/4 of 80 000; the other has 20 000 and a quarter of 80 000
    assert "20 % aux 1 plus bas de « longueur de voirie », à parts égales" in page
    assert 'value="20"' in page


@pytest.mark.parametrize(
    ("faux", "dit"),
    [
        ("rang_critere=voirie&poids_voirie=100", "combien de territoires le rang retient"),
        ("rang_critere=&rang_nombre=2&poids_voirie=100", "Choisissez le critère du rang"),
        ("bonus=A&poids_voirie=100", "n’est pas un coefficient"),
        ("bonus=A+0&poids_voirie=100", "n’est pas un coefficient"),
        ("fixe=60000&poids_voirie=100", "La part fixe demande 120 000,00 €"),
        ("rang_critere=forfait&rang_nombre=1&poids_voirie=100", "Sélectionnez un choix valide"),
    ],
)
def test_une_etape_fausse_dit_quoi_corriger(
    monde: Monde, connecte: Connecte, url: str, faux: str, dit: str
) -> None:
    assert dit in lire(connecte(monde.chef), f"{url}?{faux}")


def test_les_coefficients_de_classe_se_tapent_et_se_relisent() -> None:
    champ = CoefficientsField(required=False)
    assert champ.clean("A 1,2 ; B=1.1;C × 2") == {"A": Decimal("1.2"), "B": Decimal("1.1"), "C": Decimal(2)}
    assert champ.clean("") == {}
    formule = Formule(bonus={"A": Decimal("1.20"), "B": Decimal(2)})
    assert initiales(formule)["bonus"] == "A 1,2 ; B 2"
    assert champ.clean(initiales(formule)["bonus"]) == dict(formule.bonus)


@pytest.mark.parametrize("faux", ["poids_voirie=beaucoup", "poids_voirie=-1", "poids_voirie=0", "plafond=x"])
def test_un_essai_faux_garde_la_saisie_et_dit_quoi_corriger(
    monde: Monde, connecte: Connecte, url: str, faux: str
) -> None:
    reponse = connecte(monde.chef).get(f"{url}?{faux}")
    assert reponse.status_code == 200
    assert "errone" in reponse.content.decode() or "ne partage rien" in reponse.content.decode()
    assert connecte(monde.chef).get(f"{url}tableau.csv?{faux}").status_code == 404


def test_rien_n_est_ecrit(monde: Monde, connecte: Connecte, url: str) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    avant = list(PartEnveloppe.objects.values_list("pk", "montant"))
    connecte(monde.chef).get(f"{url}?poids_voirie=100")
    assert list(PartEnveloppe.objects.values_list("pk", "montant")) == avant


def test_une_formule_a_etapes_se_partage_et_s_explique(monde: Monde, connecte: Connecte, url: str) -> None:
    Fonds.objects.update(
        cle_repartition={
            "fixe": 20000,
            "rang": {"critere": "population", "nombre": 1, "part": "0.1"},
            "cles": [{"critere": "voirie", "poids": "1"}],
            "plafond": 60000,
        }
    )
    enveloppes = actions.recalculer_enveloppes(monde.dispositif, None)
    assert sum(m for m in enveloppes.values() if m) == Decimal("100000.00")
    assert max(m for m in enveloppes.values() if m) == Decimal("60000.00")
    page = lire(connecte(monde.chef), "/territoires/gevaudan/negociation/enveloppe/")
    assert "Plancher et plafond" in page
    assert "20 000,00 € à chaque territoire" in page
    assert "20 000,00 € par territoire ; 10 % aux 1 plus bas" in lire(connecte(monde.chef), url)


def test_une_valeur_absente_est_nommee(monde: Monde, connecte: Connecte, url: str) -> None:
    DonneeRepartition.objects.filter(territoire=monde.voisine.territoire).delete()
    page = lire(connecte(monde.chef), f"{url}?poids_voirie=100")
    assert f"il manque la valeur de {monde.voisine.territoire.nom}" in page
    assert "Non réparti : <strong>100 000,00 €</strong>" in page


def test_le_fichier_porte_chaque_etape(monde: Monde, connecte: Connecte, url: str) -> None:
    texte = (
        connecte(monde.chef)
        .get(f"{url}tableau.csv?poids_voirie=100&plafond=70000")
        .content.decode("utf-8-sig")
    )
    entetes, *lignes = texte.strip().split("\r\n")
    assert "Simulé : Plancher et plafond (€)" in entetes
    assert sum(Decimal(x.split(";")[3].replace(",", ".")) for x in lignes) == Decimal("100000")
    assert "-5000,00" in texte


def test_la_carte_colore_chaque_territoire(monde: Monde, connecte: Connecte, url: str) -> None:
    carre = [[[3.0, 44.0], [3.1, 44.0], [3.1, 44.1], [3.0, 44.0]]]
    for demarche in (monde.demarche, monde.voisine):
        groupement = demarche.territoire.compositions.get().groupement
        for appartenance in groupement.appartenances.all():
            Contour.objects.create(
                commune_id=appartenance.commune_id, geometrie={"type": "Polygon", "coordinates": carre}
            )
    lu = connecte(monde.chef).get(f"{url}carte.json?poids_voirie=100").json()
    classes = {x["properties"]["nom"]: x["properties"]["classe"] for x in lu["features"]}
    assert classes == {monde.demarche.territoire.nom: 4, monde.voisine.territoire.nom: 0}
    assert {len(x["geometry"]["coordinates"]) for x in lu["features"]} == {2}


def test_seule_l_autorite_voit_tous_les_territoires(monde: Monde, connecte: Connecte, url: str) -> None:
    assert connecte(monde.maire).get(url).status_code == 403
    refus = connecte(monde.president).get(url)
    assert refus.status_code == 403
    assert "L’enveloppe de votre territoire est dans sa négociation" in refus.content.decode()
    ailleurs = fabrique.agent("chef_de_projet", fabrique.demarche())
    assert connecte(ailleurs).get(url).status_code == 404
    dispositif = f"/dispositifs/{monde.dispositif.slug}/"
    assert url in connecte(monde.chef).get(dispositif).content.decode()
    assert url not in connecte(monde.president).get(dispositif).content.decode()


def test_le_nombre_de_requetes_ne_suit_pas_les_territoires(
    monde: Monde, connecte: Connecte, url: str
) -> None:

    client = connecte(monde.chef)
    with CaptureQueriesContext(connection) as peu:
        client.get(f"{url}?poids_voirie=100")
    for _ in range(6):
        fabrique.demarche(dans=monde.dispositif)
    with CaptureQueriesContext(connection) as beaucoup:
        client.get(f"{url}?poids_population=100")
    assert len(beaucoup) == len(peu)
