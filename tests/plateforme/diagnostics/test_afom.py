"""Writing findings and enjeux: frozen evidence, versions, rights, journal, place of the thread."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Enjeu
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]


@pytest.fixture
def client_redacteur(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("agent_epci", demarche))


@pytest.fixture
def constat(demarche: Demarche) -> ConstatTerritorial:
    return ConstatTerritorial.objects.create(
        demarche=demarche, nature="force", texte="Le territoire attire.", indicateur="population",
        valeur_citee="7 000 habitants", millesime_cite="2020",
    )  # fmt: skip


def url(demarche: Demarche, nom: str, *args: Any) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *args])


def saisie(**champs: Any) -> dict[str, Any]:
    base = {"nature": "faiblesse", "texte": "Les jeunes partent.", "indicateur": "", "version_lue": 1}
    return base | champs


def test_un_constat_fige_la_valeur_et_le_millesime_de_son_indicateur(
    client_redacteur: Client, demarche: Demarche
):
    client_redacteur.post(url(demarche, "constat_creer"), saisie(indicateur="part_65_plus"))
    constat = demarche.constats.get()
    assert constat.valeur_citee.startswith("28,7")
    assert "France" in constat.valeur_citee
    assert constat.millesime_cite == "2022"
    assert demarche.places.get(code="diagnostic").resume == "1 constat, 0 enjeu"
    derniere = Entree.objects.order_by("-numero").first()
    assert derniere is not None
    assert (derniere.geste, derniere.demarche_id) == ("creer", demarche.pk)


def test_modifier_le_texte_ne_touche_pas_a_la_valeur_citee(
    client_redacteur: Client, demarche: Demarche, constat: ConstatTerritorial
):
    client_redacteur.post(
        url(demarche, "constat_modifier", constat.pk), saisie(texte="Il attire.", indicateur="population")
    )
    constat.refresh_from_db()
    assert (constat.texte, constat.valeur_citee) == ("Il attire.", "7 000 habitants")
    assert constat.version == 2


def test_on_peut_reprendre_la_valeur_du_jour(
    client_redacteur: Client, demarche: Demarche, constat: ConstatTerritorial
):
    client_redacteur.post(
        url(demarche, "constat_modifier", constat.pk), saisie(indicateur="population", actualiser="on")
    )
    constat.refresh_from_db()
    assert constat.valeur_citee.startswith("6\u202f908")
    assert constat.millesime_cite == "2023"


def test_une_modification_perimee_montre_les_deux_versions(
    client_redacteur: Client, demarche: Demarche, constat: ConstatTerritorial
):
    page = url(demarche, "constat_modifier", constat.pk)
    client_redacteur.post(page, saisie(texte="Première écriture."))
    reponse = client_redacteur.post(page, saisie(texte="Seconde écriture."))
    assert reponse.status_code == 409
    texte = reponse.content.decode()
    assert "Première écriture." in texte
    assert "Seconde écriture." in texte
    constat.refresh_from_db()
    assert constat.texte == "Première écriture."


def test_un_double_envoi_n_ajoute_qu_un_constat(client_redacteur: Client, demarche: Demarche):
    envoi = saisie(_soumission="z9")
    for _ in range(2):
        assert client_redacteur.post(url(demarche, "constat_creer"), envoi).status_code == 302
    assert demarche.constats.count() == 1


def test_un_constat_sans_texte_garde_la_saisie_et_dit_quoi_corriger(
    client_redacteur: Client, demarche: Demarche
):
    reponse = client_redacteur.post(
        url(demarche, "constat_creer"), saisie(texte="", propose_par="Atelier de mars")
    )
    texte = reponse.content.decode()
    assert reponse.status_code == 200
    assert "Une correction est nécessaire" in texte
    assert "Atelier de mars" in texte
    assert not demarche.constats.exists()


def test_supprimer_demande_une_confirmation_et_journalise(
    client_redacteur: Client, demarche: Demarche, constat: ConstatTerritorial
):
    page = url(demarche, "constat_supprimer", constat.pk)
    assert client_redacteur.get(page).status_code == 200
    assert ConstatTerritorial.objects.filter(pk=constat.pk).exists()
    client_redacteur.post(page)
    assert not ConstatTerritorial.objects.filter(pk=constat.pk).exists()
    derniere = Entree.objects.order_by("-numero").first()
    assert derniere is not None
    assert derniere.avant["texte"] == "Le territoire attire."


def test_un_enjeu_se_relie_a_ses_constats(
    client_redacteur: Client, demarche: Demarche, constat: ConstatTerritorial
):
    envoi = {"libelle": "Accueillir", "priorite": 1, "constats": [constat.pk], "version_lue": 1}
    client_redacteur.post(url(demarche, "enjeu_creer"), envoi)
    enjeu = demarche.enjeux.get()
    assert list(enjeu.constats.all()) == [constat]
    assert demarche.places.get(code="diagnostic").resume == "1 constat, 1 enjeu"


def test_un_enjeu_ne_prend_pas_le_constat_d_un_autre_territoire(client_redacteur: Client, demarche: Demarche):
    ailleurs = ConstatTerritorial.objects.create(
        demarche=fabrique.demarche(), nature="force", texte="Ailleurs"
    )
    envoi = {"libelle": "Accueillir", "priorite": 1, "constats": [ailleurs.pk], "version_lue": 1}
    assert client_redacteur.post(url(demarche, "enjeu_creer"), envoi).status_code == 200
    assert not demarche.enjeux.exists()


def test_un_enjeu_perime_est_refuse(client_redacteur: Client, demarche: Demarche):
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Accueillir", priorite=1)
    page = url(demarche, "enjeu_modifier", enjeu.pk)
    envoi = {"libelle": "Accueillir mieux", "priorite": 2, "version_lue": 1}
    assert client_redacteur.post(page, envoi).status_code == 302
    assert client_redacteur.post(page, envoi | {"libelle": "Autre"}).status_code == 409


def test_les_priorites_se_changent_ensemble(client_redacteur: Client, demarche: Demarche):
    un, deux = (
        Enjeu.objects.create(demarche=demarche, libelle=x, priorite=i) for i, x in ((1, "A"), (2, "B"))
    )
    envoi = {f"priorite-{un.pk}": "2", f"priorite-{deux.pk}": "1"}
    client_redacteur.post(url(demarche, "enjeux_ordonner"), envoi)
    assert [e.libelle for e in demarche.enjeux.all()] == ["B", "A"]


@pytest.mark.parametrize("valeur", ["", "zéro", "0", "100"])
def test_une_priorite_impossible_ne_change_rien(client_redacteur: Client, demarche: Demarche, valeur: str):
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="A", priorite=3)
    envoi = {f"priorite-{enjeu.pk}": valeur}
    reponse = client_redacteur.post(url(demarche, "enjeux_ordonner"), envoi, follow=True)
    assert "de 1 à 99" in reponse.content.decode()
    enjeu.refresh_from_db()
    assert enjeu.priorite == 3


@pytest.mark.parametrize("nom", ["constat_creer", "enjeu_creer"])
def test_le_maire_n_ecrit_pas_le_diagnostic(connecte: Connecte, demarche: Demarche, nom: str):
    client = connecte(fabrique.agent("maire", demarche))
    assert client.get(url(demarche, nom)).status_code == 403
    assert client.post(url(demarche, nom), saisie()).status_code == 403


def test_le_constat_d_un_autre_territoire_n_existe_pas(client_redacteur: Client, demarche: Demarche):
    ailleurs = ConstatTerritorial.objects.create(
        demarche=fabrique.demarche(), nature="force", texte="Ailleurs"
    )
    assert client_redacteur.get(url(demarche, "constat_modifier", ailleurs.pk)).status_code == 404
