"""Proposing an aid: one cell by htmx, or the whole table without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.models import Proposition
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion

from .conftest import Monde, poser

URL = "/territoires/gevaudan/negociation/"
Connecte = Callable[[Agent], Client]


LU = "0/0.00/2026/retenue/100000.00///"


def envoi(fiche: Fiche, montant: str, *, lu: str = LU, **reste: str) -> dict[str, str]:
    donnees = {"lu": lu, "montant": montant, "annee": "2026", "decision": "retenue"} | reste
    return {f"{nom}-{fiche.pk}": valeur for nom, valeur in donnees.items()}


def url(fiche: Fiche) -> str:
    return f"{URL}lignes/"


def test_une_case_est_enregistree_et_les_totaux_reviennent(monde: Monde, connecte: Connecte) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    fiche = monde.fiches[1]
    reponse = connecte(monde.chef).post(url(fiche), envoi(fiche, "12 345,67"))
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert Proposition.objects.get().montant == Decimal("12345.67")
    assert 'id="total-propose">12\u202f345,67<' in texte
    assert "reste 25\u202f154,33\u00a0€" in texte
    assert Place.objects.get(demarche=monde.demarche, code="negociation").resume == "reste 25\u202f154\u00a0€"
    entree = Entree.objects.get(geste="proposer")
    assert entree.apres == {"montant": "12345.67"}


@pytest.mark.parametrize("montant", ["-5", "douze", "1.234", "99999999999999"])
def test_un_montant_illisible_est_refuse_et_garde_a_l_ecran(
    monde: Monde, connecte: Connecte, montant: str
) -> None:
    reponse = connecte(monde.chef).post(url(monde.fiches[1]), envoi(monde.fiches[1], montant))
    assert reponse.status_code == 422
    assert montant in reponse.content.decode()
    assert not Proposition.objects.exists()


def test_au_dessus_du_plafond_la_raison_nomme_la_regle(monde: Monde, connecte: Connecte) -> None:
    fiche = monde.fiches[0]  # 100 000 € and 70 000 € from the State: 10 000 € of room
    reponse = connecte(monde.chef).post(url(fiche), envoi(fiche, "10000,01"))
    assert reponse.status_code == 422
    assert "Participation minimale du maître d’ouvrage" in reponse.content.decode()
    assert "10\u202f000,00\u00a0€" in reponse.content.decode()
    assert not Proposition.objects.exists()


def test_un_motif_permet_de_deroger_et_se_voit(monde: Monde, connecte: Connecte) -> None:
    fiche = monde.fiches[0]
    client = connecte(monde.chef)
    reponse = client.post(url(fiche), envoi(fiche, "15000", motif="Arrêté du préfet du 3 mars"))
    assert reponse.status_code == 200
    assert "dérogation" in client.get(URL).content.decode()
    entree = Entree.objects.get(geste="proposer_par_derogation")
    assert (entree.motif, entree.par_nom) == ("Arrêté du préfet du 3 mars", monde.chef.nom_complet)


def test_un_projet_refuse_n_est_pas_compte(monde: Monde) -> None:
    poser(monde, monde.fiches[0], "10000")
    poser(monde, monde.fiches[1], "5000", decision="refusee")
    maquette = actions.maquette_de(actions.scenario_courant(monde.demarche))
    assert maquette.total_propose == Decimal("10000.00")


@pytest.mark.parametrize(("annee", "mot"), [("2031", "hors du contrat"), ("26", "n’est pas une année")])
def test_une_annee_hors_du_contrat_est_refusee(
    monde: Monde, connecte: Connecte, annee: str, mot: str
) -> None:
    reponse = connecte(monde.chef).post(url(monde.fiches[1]), envoi(monde.fiches[1], "10", annee=annee))
    assert reponse.status_code == 422
    assert mot in reponse.content.decode()


def test_plus_que_le_cout_est_refuse(monde: Monde) -> None:
    with pytest.raises(actions.ArbitrageRefuse, match="dépasse le coût"):
        poser(monde, monde.fiches[1], "100000.01", motif="même avec un motif")


def test_une_ligne_changee_entre_temps_repond_409_avec_les_deux_valeurs(
    monde: Monde, connecte: Connecte
) -> None:
    fiche = monde.fiches[1]
    poser(monde, fiche, "11111")
    reponse = connecte(monde.chef).post(url(fiche), envoi(fiche, "22222"))
    texte = reponse.content.decode()
    assert reponse.status_code == 409
    assert "11\u202f111,00" in texte.replace("\u00a0", "\u202f") or "11111" in texte
    assert f'name="imposer-{fiche.pk}" value="1"' in texte
    assert Proposition.objects.get().montant == Decimal("11111.00")


def test_on_peut_imposer_sa_valeur_apres_l_avoir_vue(monde: Monde, connecte: Connecte) -> None:
    fiche = monde.fiches[1]
    poser(monde, fiche, "11111")
    reponse = connecte(monde.chef).post(url(fiche), envoi(fiche, "22222", imposer="1"))
    assert reponse.status_code == 200
    assert Proposition.objects.get().montant == Decimal("22222.00")


def test_deux_cases_vite_changees_ne_sont_pas_un_conflit(monde: Monde, connecte: Connecte) -> None:
    fiche, client = monde.fiches[1], connecte(monde.chef)
    client.post(url(fiche), envoi(fiche, "22222"))
    reponse = client.post(url(fiche), envoi(fiche, "22222", annee="2027"))
    assert reponse.status_code == 200
    assert Proposition.objects.get().annee == 2027


def test_de_deux_creations_une_seule_gagne(monde: Monde) -> None:
    poser(monde, monde.fiches[1], "100")
    with pytest.raises(ConflitDeVersion):
        poser(monde, monde.fiches[1], "200")


def test_renvoyer_la_meme_ligne_ne_journalise_rien(monde: Monde, connecte: Connecte) -> None:
    fiche, client = monde.fiches[1], connecte(monde.chef)
    client.post(url(fiche), envoi(fiche, "100"))
    client.post(url(fiche), envoi(fiche, "100", lu="1/100.00/2026/retenue/100000.00///"))
    assert Proposition.objects.get().version == 1
    assert Entree.objects.filter(geste="proposer").count() == 1


def test_le_tableau_entier_s_enregistre_sans_javascript(monde: Monde, connecte: Connecte) -> None:
    donnees = envoi(monde.fiches[0], "100") | envoi(monde.fiches[1], "200") | envoi(monde.fiches[2], "0")
    reponse = connecte(monde.chef).post(URL + "enregistrer/", donnees | {"_soumission": "a"}, follow=True)
    assert "2 lignes sont enregistrées" in reponse.content.decode()
    assert Proposition.objects.count() == 2


def test_une_ligne_refusee_garde_tout_le_tableau_a_l_ecran(monde: Monde, connecte: Connecte) -> None:
    donnees = envoi(monde.fiches[0], "10000,01") | envoi(monde.fiches[1], "222")
    reponse = connecte(monde.chef).post(URL + "enregistrer/", donnees)
    assert reponse.status_code == 422
    assert 'value="222"' in reponse.content.decode()
    assert "Participation minimale" in reponse.content.decode()
    assert not Proposition.objects.exists()


def test_un_tableau_perime_repond_409(monde: Monde, connecte: Connecte) -> None:
    poser(monde, monde.fiches[1], "11111")
    reponse = connecte(monde.chef).post(URL + "enregistrer/", envoi(monde.fiches[1], "222"))
    assert reponse.status_code == 409
    assert Proposition.objects.get().montant == Decimal("11111.00")


def test_un_double_envoi_n_a_qu_un_effet(monde: Monde, connecte: Connecte) -> None:
    client, donnees = connecte(monde.chef), envoi(monde.fiches[1], "200") | {"_soumission": "jeton"}
    for _ in range(2):
        assert client.post(URL + "enregistrer/", donnees).status_code == 302
    assert Entree.objects.filter(geste="proposer").count() == 1


def test_seul_le_chef_de_projet_saisit(monde: Monde, connecte: Connecte) -> None:
    fiche = monde.fiches[1]
    assert connecte(monde.president).post(url(fiche), envoi(fiche, "1")).status_code == 403
    assert connecte(monde.chef).get(url(fiche)).status_code == 405


def test_une_fiche_en_brouillon_n_est_pas_a_l_arbitrage(monde: Monde, connecte: Connecte) -> None:
    brouillon = Fiche.objects.get(demarche=monde.demarche, etat="brouillon")
    assert connecte(monde.chef).post(url(brouillon), envoi(brouillon, "1")).status_code == 404


def test_seul_un_plafond_du_reglement_se_deroge(monde: Monde, connecte: Connecte) -> None:
    client = connecte(monde.chef)
    plafond = client.post(url(monde.fiches[0]), envoi(monde.fiches[0], "10000,01")).content.decode()
    illisible = client.post(url(monde.fiches[0]), envoi(monde.fiches[0], "douze")).content.decode()
    assert "Motif de la dérogation" in plafond
    assert "Motif de la dérogation" not in illisible
