"""The arbitration table as a spreadsheet: cells, blocks, several people, filters, any scenario."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.imputations import ouverts_de
from arpent.plateforme.negociations.models import Camp, Proposition, Scenario
from arpent.plateforme.negociations.passerelle import lignes_de, maquette_de, maquette_legere
from arpent.plateforme.negociations.scenarios import actions as scenarios
from tests.plateforme import fabrique

from .conftest import Monde, poser
from .test_proposer import LU, envoi

Connecte = Callable[[Agent], Client]
URL = "/territoires/gevaudan/negociation/"


def url(monde: Monde, nom: str, *args: object) -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug, *args])


@pytest.fixture
def copie(monde: Monde) -> Scenario:
    poser(monde, monde.fiches[1], "10000")
    return scenarios.copier(actions.scenario_courant(monde.demarche), "Essai", Camp.AUTORITE, par=monde.chef)


# --- cells ----------------------------------------------------------------------------------------


def test_un_taux_tape_fixe_le_montant_au_centime(monde: Monde, connecte: Connecte) -> None:
    fiche = monde.fiches[1]
    donnees = envoi(fiche, "0", base="33333,33", taux="12,5 %")
    assert connecte(monde.chef).post(URL + "lignes/", donnees).status_code == 200
    p = Proposition.objects.get()
    assert (p.montant, p.assiette) == (Decimal("4166.67"), Decimal("33333.33"))


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"taux": "120"}, "n’est pas un taux"),
        ({"taux": "dix"}, "n’est pas un taux"),
        ({"taux": "10", "base": ""}, "Écrivez la base avant le taux"),
        ({"base": "100000,01"}, "La base"),
        ({"priorite": "0"}, "n’est pas un rang"),
        ({"priorite": "premier"}, "n’est pas un rang"),
    ],
)
def test_une_case_impossible_est_refusee_avec_sa_raison(
    monde: Monde, connecte: Connecte, champs: dict[str, str], mot: str
) -> None:
    reponse = connecte(monde.chef).post(URL + "lignes/", envoi(monde.fiches[1], "0", **champs))
    assert reponse.status_code == 422
    assert mot in reponse.content.decode()
    assert not Proposition.objects.exists()


def test_priorite_base_et_motif_sont_ceux_du_scenario_et_se_lisent_au_journal(
    monde: Monde, connecte: Connecte
) -> None:
    fiche = monde.fiches[1]
    donnees = envoi(fiche, "8000", base="40000", priorite="3", motif="Demandé par le bureau")
    assert connecte(monde.chef).post(URL + "lignes/", donnees).status_code == 200
    entree = Entree.objects.get(geste="proposer")
    assert entree.apres == {
        "montant": "8000.00", "assiette": "40000.00", "priorite": 3, "motif": "Demandé par le bureau",
    }  # fmt: skip
    assert (entree.motif, entree.par_nom) == ("Demandé par le bureau", monde.chef.nom_complet)
    fiche.refresh_from_db()
    assert (fiche.priorite_autorite, fiche.assiette) == (None, Decimal("100000.00"))
    page = connecte(monde.chef).get(URL).content.decode()
    assert f'name="taux-{fiche.pk}" value="20"' in page
    assert f'name="priorite-{fiche.pk}" value="3"' in page


def test_vider_la_base_rend_celle_de_la_fiche(monde: Monde, connecte: Connecte) -> None:
    client, fiche = connecte(monde.chef), monde.fiches[1]
    client.post(URL + "lignes/", envoi(fiche, "8000", base="40000"))
    lu = "1/8000.00/2026/retenue/40000.00///"
    assert client.post(URL + "lignes/", envoi(fiche, "8000", lu=lu, base="")).status_code == 200
    assert Proposition.objects.get().assiette is None


def test_le_reglement_lit_la_base_retenue(monde: Monde, connecte: Connecte) -> None:
    connecte(monde.chef).post(URL + "lignes/", envoi(monde.fiches[1], "0", base="30000"))
    scenario = actions.scenario_courant(monde.demarche)
    ligne = next(x for x in lignes_de(scenario, date.today()) if x.fiche == monde.fiches[1])
    assert ligne.ligne.assiette == Decimal("30000.00")
    assert ligne.fiche.assiette == Decimal("100000.00")


def test_un_motif_ecrit_avant_n_excuse_pas_un_depassement(monde: Monde, connecte: Connecte) -> None:
    client, fiche = connecte(monde.chef), monde.fiches[0]
    assert client.post(URL + "lignes/", envoi(fiche, "9000", motif="Priorité du bureau")).status_code == 200
    lu = "1/9000.00/2026/retenue/100000.00///Priorité du bureau"
    donnees = envoi(fiche, "15000", lu=lu, motif="Priorité du bureau")
    reponse = client.post(URL + "lignes/", donnees)
    assert reponse.status_code == 422
    assert "date d’un autre montant" in reponse.content.decode()
    donnees = envoi(fiche, "15000", lu=lu, motif="Arrêté du préfet du 3 mars")
    assert client.post(URL + "lignes/", donnees).status_code == 200
    assert Entree.objects.filter(geste="proposer_par_derogation").count() == 1


# --- a block --------------------------------------------------------------------------------------


def test_un_bloc_colle_enregistre_chaque_ligne_ou_dit_pourquoi(monde: Monde, connecte: Connecte) -> None:
    un, deux, trois = monde.fiches
    donnees = envoi(un, "10000,01") | envoi(deux, "1 234,50", annee="2027") | envoi(trois, "abc")
    reponse = connecte(monde.chef).post(URL + "lignes/", donnees)
    texte = reponse.content.decode()
    assert reponse.status_code == 422
    assert Proposition.objects.get().montant == Decimal("1234.50")
    assert texte.count('data-etat="refusee"') == 2
    assert texte.count('data-etat="enregistree"') == 1
    assert "3 lignes envoyées, dont 2 non enregistrées" in texte


def test_une_fiche_d_ailleurs_ne_s_ecrit_pas(monde: Monde, connecte: Connecte) -> None:
    ailleurs = fabrique.fiche(monde.voisine, numero=1)
    assert connecte(monde.chef).post(URL + "lignes/", envoi(ailleurs, "1")).status_code == 404
    donnees = envoi(ailleurs, "1") | envoi(monde.fiches[1], "2")
    assert connecte(monde.chef).post(URL + "lignes/", donnees).status_code == 200
    assert [p.fiche for p in Proposition.objects.all()] == [monde.fiches[1]]


@pytest.mark.parametrize("lu", ["", "1/2", "a/0/2026/retenue////", f"{LU[1:]}", "0/x/2026/retenue///"])
def test_une_ligne_lue_illisible_est_refusee(monde: Monde, connecte: Connecte, lu: str) -> None:
    reponse = connecte(monde.chef).post(URL + "lignes/", envoi(monde.fiches[1], "1", lu=lu))
    assert reponse.status_code == 422
    assert "rechargez la page" in reponse.content.decode()


def test_le_cout_d_une_case_ne_depend_pas_du_nombre_de_lignes(monde: Monde, connecte: Connecte) -> None:
    client, nombres = connecte(monde.chef), []
    poser(monde, monde.fiches[1], "1")
    porteur = monde.fiches[0].maitre_ouvrage
    for tour in range(2):
        lu = f"{tour + 1}/{tour + 1}.00/2026/retenue/100000.00///"
        client.get(URL)
        with CaptureQueriesContext(connection) as requetes:
            reponse = client.post(URL + "lignes/", envoi(monde.fiches[1], str(tour + 2), lu=lu))
        assert reponse.status_code == 200
        nombres.append(len(requetes))
        for n in range(0 if tour else 60):
            ajoutee = fabrique.fiche(monde.demarche, numero=100 + n, maitre_ouvrage=porteur)
            fabrique.financement(ajoutee, "etat", "1000")
            poser(monde, ajoutee, "10")
    assert nombres[0] == nombres[1] <= 60


def test_les_totaux_legers_sont_ceux_de_la_maquette(monde: Monde) -> None:
    poser(monde, monde.fiches[0], "1234.56")
    poser(monde, monde.fiches[1], "500", decision="differee")
    fabrique.financement(monde.fiches[1], "region", "5000")
    scenario = actions.scenario_courant(monde.demarche)
    pleine = maquette_de(scenario)
    legere = maquette_legere(scenario, ouverts_de(monde.demarche), monde.dispositif)
    for nom in ("par_theme", "par_maitre_ouvrage", "par_annee", "par_financeur"):
        assert sorted(getattr(legere, nom)(), key=str) == sorted(getattr(pleine, nom)(), key=str)
    assert (legere.total_cout, legere.solde) == (pleine.total_cout, pleine.solde)


# --- several people -------------------------------------------------------------------------------


def test_deux_cases_d_une_meme_ligne_se_gardent(monde: Monde, connecte: Connecte) -> None:
    fiche, autre = monde.fiches[1], fabrique.agent("chef_de_projet", monde.demarche)
    assert connecte(monde.chef).post(URL + "lignes/", envoi(fiche, "5000")).status_code == 200
    assert connecte(autre).post(URL + "lignes/", envoi(fiche, "0", annee="2027")).status_code == 200
    p = Proposition.objects.get()
    assert (p.montant, p.annee, p.modifie_par) == (Decimal("5000.00"), 2027, autre.nom_complet)


def test_la_meme_case_repond_409_avec_les_deux_valeurs_et_qui(monde: Monde, connecte: Connecte) -> None:
    fiche, autre = monde.fiches[1], fabrique.agent("chef_de_projet", monde.demarche)
    connecte(autre).post(URL + "lignes/", envoi(fiche, "5000"))
    reponse = connecte(monde.chef).post(URL + "lignes/", envoi(fiche, "6000", annee="2027"))
    texte = reponse.content.decode()
    assert reponse.status_code == 409
    assert "5\u202f000,00" in texte
    assert "6\u202f000,00" in texte
    assert f"{autre.nom_complet} a changé cette case" in texte
    assert "data-garder" in texte
    assert Proposition.objects.get().annee == 2026


def test_la_suite_ne_dit_que_ce_qui_a_bouge(monde: Monde, connecte: Connecte) -> None:
    lecteur = connecte(monde.president)
    assert lecteur.get(URL + "suite/?depuis=0").status_code == 204
    assert not Scenario.objects.exists()
    poser(monde, monde.fiches[0], "100")
    poser(monde, monde.fiches[1], "200")
    texte = lecteur.get(URL + "suite/?depuis=1").content.decode()
    assert 'data-revision="2"' in texte
    assert f'data-ligne="{monde.fiches[1].pk}"' in texte
    assert f'data-ligne="{monde.fiches[0].pk}"' not in texte
    assert lecteur.get(URL + "suite/?depuis=2").status_code == 204
    assert lecteur.get(URL + "suite/?depuis=x").status_code == 204


# --- filter, groups, projection -------------------------------------------------------------------


def test_le_filtre_et_les_groupes_tiennent_dans_l_adresse(monde: Monde, connecte: Connecte) -> None:
    poser(monde, monde.fiches[0], "1000")
    poser(monde, monde.fiches[1], "2000", decision="refusee")
    client = connecte(monde.chef)
    page = client.get(URL, {"decision": "retenue", "grouper": "porteur"}).content.decode()
    assert page.count('name="montant-') == 2
    assert "2 projets sur 3" in page
    assert page.count('class="sous-total"') == 2
    assert "data-sous-total>1\u202f000,00<" in page
    assert client.get(URL, {"q": monde.fiches[2].titre}).content.decode().count('name="montant-') == 1
    vide = client.get(URL, {"theme": "inconnu", "grouper": "'"}).content.decode()
    assert "Aucun projet ne correspond au filtre" in vide


def test_sans_javascript_l_enregistrement_garde_le_filtre(monde: Monde, connecte: Connecte) -> None:
    adresse = URL + "enregistrer/?decision=retenue&grouper=theme"
    reponse = connecte(monde.chef).post(adresse, envoi(monde.fiches[1], "200"))
    assert reponse.headers["Location"] == f"{URL}?decision=retenue&grouper=theme"


def test_la_projection_n_a_que_le_tableau(monde: Monde, connecte: Connecte) -> None:
    page = connecte(monde.chef).get(URL, {"projection": "1"}).content.decode()
    assert 'class="projection"' in page
    assert "Quitter la projection" in page


# --- any scenario ---------------------------------------------------------------------------------


def test_un_scenario_se_modifie_dans_son_tableau_sans_toucher_la_maquette(
    monde: Monde, connecte: Connecte, copie: Scenario
) -> None:
    client, fiche = connecte(monde.chef), monde.fiches[1]
    lu = "1/10000.00/2026/retenue/100000.00///"
    assert "Scénario « Essai »" in client.get(url(monde, "scenario_tableau", copie.pk)).content.decode()
    reponse = client.post(url(monde, "scenario_lignes", copie.pk), envoi(fiche, "7000", lu=lu))
    assert reponse.status_code == 200
    assert copie.propositions.get().montant == Decimal("7000.00")
    assert Proposition.objects.get(scenario__est_courant=True).montant == Decimal("10000.00")
    reponse = client.post(
        url(monde, "scenario_enregistrer", copie.pk),
        envoi(fiche, "6000", lu="2/7000.00/2026/retenue/100000.00///"),
    )
    assert reponse.headers["Location"] == url(monde, "scenario_tableau", copie.pk)
    assert copie.propositions.get().montant == Decimal("6000.00")


def test_l_autre_partie_lit_le_scenario_montre_et_rien_du_prive(
    monde: Monde, connecte: Connecte, copie: Scenario
) -> None:
    client, donnees = connecte(monde.president), envoi(monde.fiches[1], "1")
    for nom in ("scenario_tableau", "scenario_suite"):
        assert client.get(url(monde, nom, copie.pk)).status_code == 404
    assert client.post(url(monde, "scenario_lignes", copie.pk), donnees).status_code == 404
    scenarios.modifier(copie, copie.nom, partage=True, version_lue=copie.version, par=monde.chef)
    page = client.get(url(monde, "scenario_tableau", copie.pk)).content.decode()
    assert 'name="montant-' not in page
    assert "Ce scénario est celui de l’autre partie" in page
    assert client.post(url(monde, "scenario_lignes", copie.pk), donnees).status_code == 403
    assert copie.propositions.get().montant == Decimal("10000.00")


def test_copier_et_reprendre_emportent_base_et_priorite(monde: Monde, connecte: Connecte) -> None:
    donnees = envoi(monde.fiches[1], "8000", base="40000", priorite="2")
    connecte(monde.chef).post(URL + "lignes/", donnees)
    courant = actions.scenario_courant(monde.demarche)
    copie = scenarios.copier(courant, "Suite", Camp.AUTORITE, par=monde.chef)
    Proposition.objects.filter(scenario=copie).update(priorite=5)
    assert scenarios.reprendre(copie, par=monde.chef).changees == 1
    p = Proposition.objects.get(scenario=courant)
    assert (p.assiette, p.priorite) == (Decimal("40000.00"), 5)
