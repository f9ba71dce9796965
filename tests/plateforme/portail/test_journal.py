"""The journal pages: perimeter, filters, words, integrity."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from arpent.metier.cycles.contrat import CYCLE_CONTRAT
from arpent.metier.cycles.demarche import CYCLE_DEMARCHE
from arpent.metier.cycles.fiche import CYCLE_FICHE
from arpent.metier.cycles.scenario import CYCLE_SCENARIO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.portail.gestes import GESTES
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def demarche() -> Demarche:
    demarche = fabrique.demarche()
    fiche = fabrique.fiche(demarche)
    chef = fabrique.agent("chef_de_projet", demarche, nom="Vidal", prenom="Claire")
    consigner(
        "modifier",
        sur=fiche,
        par=chef,
        libelle="fiche : Pont",
        demarche_id=demarche.pk,
        avant={"cout_ht": Decimal("1000.00"), "etat": "proposee"},
        apres={"cout_ht": Decimal("2500.50"), "etat": "retenue"},
    )
    return demarche


def url(demarche: Demarche) -> str:
    return reverse("portail:journal", args=[demarche.slug])


def test_le_journal_dit_qui_quoi_avant_apres_avec_les_mots_du_metier(connecte: Connecte, demarche: Demarche):
    texte = connecte(fabrique.agent("sous_prefet", demarche)).get(url(demarche)).content.decode()
    for mot in ("Claire Vidal", "Modifier", "Coût total HT", "1\u202f000,00", "2\u202f500,50", "Retenue"):
        assert mot in texte


def test_le_maire_ne_lit_pas_le_journal(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("maire", demarche))
    for page in (url(demarche), reverse("portail:journal_general"), reverse("portail:journal_verifier")):
        assert client.get(page).status_code == 403


@pytest.mark.parametrize(
    ("filtre", "nombre"),
    [
        ({"par": "vidal"}, 1),
        ({"par": "personne"}, 0),
        ({"geste": "modifier"}, 1),
        ({"geste": "ouvrir"}, 1),
        ({"jusqu_a": "2000-01-01"}, 0),
        ({"depuis": "2000-01-01"}, 2),
    ],
)
def test_chaque_filtre_reduit_la_liste(
    connecte: Connecte, demarche: Demarche, filtre: dict[str, str], nombre: int
):
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(url(demarche), filtre)
    assert page.context["feuille"].paginator.count == nombre


def test_une_date_fausse_est_signalee_et_ne_cache_rien(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get(url(demarche), {"depuis": "hier"})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert page.context["feuille"].paginator.count == 2


def test_le_journal_general_reste_dans_le_perimetre(connecte: Connecte, demarche: Demarche):
    autre = fabrique.demarche()
    consigner("modifier", sur=autre, par=None, libelle="ailleurs", demarche_id=autre.pk)
    page = reverse("portail:journal_general")
    assert "ailleurs" not in connecte(fabrique.agent("chef_de_projet", demarche)).get(page).content.decode()
    assert "ailleurs" in connecte(fabrique.agent("administrateur")).get(page).content.decode()


def test_les_connexions_ne_sont_lues_que_par_l_administrateur(connecte: Connecte, demarche: Demarche):
    agent = fabrique.agent("chef_de_projet", demarche)
    consigner("se_connecter", sur=agent, par=agent, libelle="Connexion")
    page = reverse("portail:journal_general")
    assert "Connexion" not in connecte(agent).get(page).content.decode()
    assert "Connexion" in connecte(fabrique.agent("administrateur")).get(page).content.decode()


def test_le_journal_coute_huit_requetes(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., object]
):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(url(demarche))
    with django_assert_max_num_queries(8):  # type: ignore[attr-defined]
        client.get(reverse("portail:journal_general"))


def test_la_verification_dit_intact_puis_nomme_l_entree_rompue(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = reverse("portail:journal_verifier")
    assert "Le journal est intact" in client.get(page).content.decode()
    _falsifier(Entree.objects.order_by("numero").first())
    assert "rompu à l’entrée 1" in client.get(page).content.decode()


def _falsifier(entree: Entree | None) -> None:
    """What a dishonest administrator of the database would do: lift the triggers, then rewrite."""
    assert entree is not None
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "SELECT name FROM sqlite_master WHERE type='trigger' AND tbl_name='journal_entree'"
            )
            for (nom,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{nom}"')
        else:
            cursor.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_entree SET par_nom = 'Quelqu’un' WHERE numero = %s", [entree.numero])


def test_chaque_geste_des_cycles_a_son_libelle():
    for cycle in (CYCLE_CONTRAT, CYCLE_DEMARCHE, CYCLE_FICHE, CYCLE_SCENARIO):
        for transition in cycle.transitions:
            assert GESTES[transition.geste]
