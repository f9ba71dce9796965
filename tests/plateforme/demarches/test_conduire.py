"""Conducting a démarche: steps done, phases crossed, rights, stale pages, double sending."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def chef(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("chef_de_projet", demarche))


def etapes_url(demarche: Demarche) -> str:
    return reverse("demarches:marquer_etape", args=[demarche.slug])


def geste_url(demarche: Demarche, geste: str) -> str:
    return reverse("demarches:geste", args=[demarche.slug, geste])


def test_une_etape_faite_est_datee_et_consignee(chef: Client, demarche: Demarche):
    etape = demarche.etapes.get(code="copil")
    chef.post(etapes_url(demarche), {"etape": etape.pk, "faite_le": "2026-02-03"})
    etape.refresh_from_db()
    assert etape.faite_le == date(2026, 2, 3)
    derniere = Entree.objects.order_by("-numero").first()
    assert derniere is not None
    assert (derniere.geste, derniere.apres) == ("marquer_etape", {"faite_le": "2026-02-03"})


def test_sans_date_l_etape_redevient_a_faire(chef: Client, demarche: Demarche):
    etape = demarche.etapes.get(code="copil")
    Etape.objects.filter(pk=etape.pk).update(faite_le=date(2026, 2, 3))
    chef.post(etapes_url(demarche), {"etape": etape.pk, "faite_le": ""})
    etape.refresh_from_db()
    assert etape.faite_le is None


@pytest.mark.parametrize("faite_le", ["31/02/2026", "demain"])
def test_une_date_impossible_est_refusee_clairement(chef: Client, demarche: Demarche, faite_le: str):
    etape = demarche.etapes.get(code="copil")
    reponse = chef.post(etapes_url(demarche), {"etape": etape.pk, "faite_le": faite_le}, follow=True)
    assert "Cette date n’existe pas" in reponse.content.decode()
    etape.refresh_from_db()
    assert etape.faite_le is None


def test_l_etape_d_une_autre_demarche_est_refusee(chef: Client, demarche: Demarche):
    ailleurs = fabrique.demarche().etapes.get(code="copil")
    chef.post(etapes_url(demarche), {"etape": ailleurs.pk, "faite_le": "2026-02-03"})
    ailleurs.refresh_from_db()
    assert ailleurs.faite_le is None


def test_un_geste_fait_avancer_la_demarche(chef: Client, demarche: Demarche):
    chef.post(geste_url(demarche, "ouvrir_diagnostic"), {"etat_lu": "preparation"})
    demarche.refresh_from_db()
    assert demarche.etat == "diagnostic"


def test_un_geste_sur_une_page_perimee_ne_change_rien(chef: Client, demarche: Demarche):
    chef.post(geste_url(demarche, "ouvrir_diagnostic"), {"etat_lu": "preparation"})
    reponse = chef.post(geste_url(demarche, "revenir"), {"etat_lu": "preparation"}, follow=True)
    assert "passée entre-temps" in reponse.content.decode()
    demarche.refresh_from_db()
    assert demarche.etat == "diagnostic"


def test_un_geste_hors_cycle_nomme_les_gestes_possibles(chef: Client, demarche: Demarche):
    reponse = chef.post(geste_url(demarche, "clore"), {"etat_lu": "preparation"}, follow=True)
    assert "Ouvrir le diagnostic" in reponse.content.decode()
    demarche.refresh_from_db()
    assert demarche.etat == "preparation"


def test_un_double_envoi_n_a_qu_un_effet(chef: Client, demarche: Demarche):
    envoi = {"etat_lu": "preparation", "_soumission": "a1b2"}
    avant = Entree.objects.count()
    reponses = [chef.post(geste_url(demarche, "ouvrir_diagnostic"), envoi) for _ in range(2)]
    assert [r.status_code for r in reponses] == [302, 302]
    assert Entree.objects.count() == avant + 1


@pytest.mark.parametrize("role", ["instructeur", "president_epci", "maire", "sous_prefet"])
def test_seul_celui_qui_conduit_peut_faire_avancer(connecte: Connecte, demarche: Demarche, role: str):
    client = connecte(fabrique.agent(role, demarche))
    assert (
        client.post(geste_url(demarche, "ouvrir_diagnostic"), {"etat_lu": "preparation"}).status_code == 403
    )
    assert client.post(etapes_url(demarche), {"etape": 1}).status_code == 403


def test_hors_de_son_perimetre_le_geste_n_existe_pas(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert (
        client.post(geste_url(demarche, "ouvrir_diagnostic"), {"etat_lu": "preparation"}).status_code == 404
    )


def test_on_ne_fait_pas_avancer_par_une_simple_lecture(chef: Client, demarche: Demarche):
    assert chef.get(geste_url(demarche, "ouvrir_diagnostic")).status_code == 405
