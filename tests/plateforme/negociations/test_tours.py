"""Rounds: what is sent is frozen, a moved line has its reason, the agreement is the accepted offer."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.urls import reverse

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.models import Accord, Camp, Proposition, Scenario, Tour
from arpent.plateforme.negociations.scenarios import actions as scenarios
from arpent.plateforme.negociations.tours import actions as tours
from arpent.plateforme.negociations.tours.reponse import MotifsManquants, contre_offrir
from arpent.plateforme.notifications.models import Notification

from .conftest import Monde, poser

D = Decimal


def url(monde: Monde, nom: str = "tours") -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug])


@pytest.fixture
def offert(monde: Monde) -> Monde:
    actions.recalculer_enveloppes(monde.dispositif, None)
    poser(monde, monde.fiches[1], "20000")
    poser(monde, monde.fiches[2], "5000")
    courant = actions.scenario_courant(monde.demarche)
    actions.changer_etat(courant, "offrir", par=monde.chef, message="Voici notre offre.")
    return monde


def demande(monde: Monde, montant: str = "12000") -> Scenario:
    """A scenario of the territory that asks for more on the third fiche."""
    copie = scenarios.copier(
        actions.scenario_courant(monde.demarche),
        "Ce que nous demandons",
        Camp.TERRITOIRE,
        par=monde.president,
    )
    Proposition.objects.filter(scenario=copie, fiche=monde.fiches[2]).update(montant=D(montant))
    return copie


def repondre(monde: Monde, motif: str = "École avant la rentrée") -> Tour:
    return contre_offrir(
        actions.scenario_courant(monde.demarche), demande(monde), {monde.fiches[2].pk: motif},
        par=monde.president,
    )  # fmt: skip


def test_une_offre_envoyee_ne_bouge_plus(offert: Monde):
    tour = Tour.objects.get()
    assert (tour.camp, tour.numero, tour.total, tour.message) == (
        "autorite",
        1,
        D("25000"),
        "Voici notre offre.",
    )
    actions.changer_etat(actions.scenario_courant(offert.demarche), "reprendre", par=offert.chef)
    poser(offert, offert.fiches[2], "1000", version=1)
    assert {p.montant for p in tour.positions.all()} == {D("20000"), D("5000")}


def test_la_contre_offre_rend_la_main_et_dit_ce_qui_bouge(offert: Monde, connecte):
    tour = repondre(offert)
    assert (tour.camp, tour.numero, tour.total) == ("territoire", 2, D("32000"))
    assert actions.scenario_courant(offert.demarche).etat == "travail"
    assert Notification.objects.filter(
        destinataire_id=offert.chef.pk, sujet__contains="contre-offre"
    ).exists()
    page = connecte(offert.chef).get(url(offert)).content.decode()
    for attendu in (
        "1 point encore ouvert",
        "École avant la rentrée",
        "12\u202f000,00",
        "Voici notre offre.",
    ):
        assert attendu in page


def test_une_ligne_changee_sans_raison_refuse_l_envoi_et_garde_la_saisie(offert: Monde, connecte):
    copie = demande(offert)
    client = connecte(offert.president)
    assert (
        "1 ligne à expliquer"
        in client.get(f"{url(offert, 'contre_offre')}?scenario={copie.pk}").content.decode()
    )
    envoi = {"scenario": str(copie.pk), f"motif-{offert.fiches[2].pk}": "  ", "message": "Merci de relire."}
    reponse = client.post(url(offert, "contre_offre"), envoi)
    assert reponse.status_code == 422
    page = reponse.content.decode()
    assert "Écrivez la raison de la ligne que vous changez" in page
    assert "Merci de relire." in page
    assert Tour.objects.count() == 1
    envoi[f"motif-{offert.fiches[2].pk}"] = "La rentrée"
    assert client.post(url(offert, "contre_offre"), envoi).status_code == 302
    assert Tour.objects.count() == 2


def test_repondre_la_meme_chose_est_refuse(offert: Monde):
    copie = scenarios.copier(
        actions.scenario_courant(offert.demarche), "Pareil", Camp.TERRITOIRE, par=offert.president
    )
    with pytest.raises(actions.ArbitrageRefuse, match="le même que l’offre"):
        contre_offrir(actions.scenario_courant(offert.demarche), copie, {}, par=offert.president)


def test_on_ne_repond_qu_a_une_offre_en_cours(offert: Monde):
    repondre(offert)
    with pytest.raises(TransitionRefusee):
        repondre(offert)
    actions.changer_etat(actions.scenario_courant(offert.demarche), "offrir", par=offert.chef)
    with pytest.raises(MotifsManquants):
        repondre(offert, "")


def test_le_geste_nu_ne_fait_pas_de_contre_offre(offert: Monde, connecte):
    with pytest.raises(actions.ArbitrageRefuse, match="à partir d’un de vos scénarios"):
        actions.changer_etat(actions.scenario_courant(offert.demarche), "contre_offrir", par=offert.president)
    page = (
        connecte(offert.president).get(reverse("negociations:maquette", args=["gevaudan"])).content.decode()
    )
    assert 'value="contre_offrir"' not in page


def test_l_autorite_reprend_les_lignes_cochees(offert: Monde, connecte):
    repondre(offert)
    client = connecte(offert.chef)
    assert client.post(url(offert, "tour_reprendre"), {}).status_code == 302
    client.post(url(offert, "tour_reprendre"), {"fiche": [str(offert.fiches[2].pk)]})
    courant = actions.scenario_courant(offert.demarche)
    assert courant.propositions.get(fiche=offert.fiches[2]).montant == D("12000")
    actions.changer_etat(courant, "offrir", par=offert.chef)
    assert Tour.objects.get(numero=3).total == D("32000")
    assert "encore ouvert" not in client.get(url(offert)).content.decode()


def test_l_accord_fige_l_offre_et_garde_son_acte(offert: Monde, connecte):
    actions.changer_etat(actions.scenario_courant(offert.demarche), "accepter", par=offert.president)
    accord = Accord.objects.get()
    assert accord.tour == Tour.objects.get()
    assert {x["montant"] for x in accord.lignes} == {"20000.00", "5000.00"}
    assert accord.empreinte == tours.empreinte(accord.lignes)
    client = connecte(offert.chef)
    assert "Les deux parties sont d’accord" in client.get(url(offert)).content.decode()
    envoi = {"acte": "CP_26_214", "acte_le": "2026-11-20", "version_lue": str(accord.version)}
    assert client.post(url(offert, "accord_acte"), envoi).status_code == 302
    accord.refresh_from_db()
    assert accord.acte == "CP_26_214"
    assert client.post(url(offert, "accord_acte"), envoi | {"acte": "Autre"}).status_code == 409
    assert "CP_26_214" in connecte(offert.president).get(url(offert)).content.decode()


def test_reprendre_le_travail_leve_l_accord_sans_l_effacer(offert: Monde, connecte):
    actions.changer_etat(actions.scenario_courant(offert.demarche), "accepter", par=offert.president)
    actions.changer_etat(actions.scenario_courant(offert.demarche), "reprendre", par=offert.chef)
    assert tours.accord_en_cours(offert.demarche.pk) is None
    assert Accord.objects.get().leve_le is not None
    envoi = {"acte": "CP_26_214", "acte_le": "2026-11-20", "version_lue": "1"}
    page = connecte(offert.chef).post(url(offert, "accord_acte"), envoi, follow=True).content.decode()
    assert "Aucun accord n’est en cours" in page


def test_la_page_fait_un_nombre_fixe_de_requetes(offert: Monde, connecte, django_assert_max_num_queries):
    client = connecte(offert.chef)
    client.get(url(offert))
    with django_assert_max_num_queries(16):
        client.get(url(offert))
    repondre(offert)
    with django_assert_max_num_queries(16):
        client.get(url(offert))


def test_un_territoire_au_nom_long_est_prevenu_aussi(offert: Monde):
    offert.demarche.territoire.nom = (
        "Communauté de communes des Terres d’Apcher, de la Margeride et de l’Aubrac"
    )
    offert.demarche.territoire.save()
    repondre(offert)
    sujet = Notification.objects.filter(destinataire_id=offert.chef.pk).latest("pk").sujet
    assert sujet.startswith("Communauté de communes des Terres d’Apcher")
    assert sujet.endswith("…")
    assert len(sujet) == 60
