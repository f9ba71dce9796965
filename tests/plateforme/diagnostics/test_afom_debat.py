"""Around a finding: evidence, discussion, agreement, history, filters, file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.constats import debat
from arpent.plateforme.diagnostics.models import ConstatTerritorial, Echange, Enjeu, Preuve
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]


@pytest.fixture
def constat(demarche: Demarche) -> ConstatTerritorial:
    return ConstatTerritorial.objects.create(
        demarche=demarche, nature="force", theme="habitants", texte="Le territoire attire."
    )


@pytest.fixture
def redacteur(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("agent_epci", demarche))


@pytest.fixture
def maire(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("maire", demarche))


def url(demarche: Demarche, nom: str, *args: Any) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *args])


def test_une_preuve_par_indicateur_fige_sa_valeur(redacteur: Client, demarche: Demarche, constat: Any):
    redacteur.post(
        url(demarche, "constat_preuve", constat.pk), {"genre": "carte", "indicateur": "part_65_plus"}
    )
    preuve = constat.preuves.get()
    assert preuve.valeur_citee.startswith("28,7")
    assert preuve.millesime_cite == "2022"
    assert Entree.objects.filter(geste="ajouter_preuve", objet_id=str(constat.pk)).exists()


@pytest.mark.parametrize(
    ("envoi", "message"),
    [
        ({"genre": "indicateur", "indicateur": ""}, "Choisissez l’indicateur"),
        ({"genre": "parole", "texte": ""}, "Dites en une phrase"),
        ({"genre": "document", "texte": "SCoT", "adresse": "javascript:alert(1)"}, "URL"),
    ],
)
def test_une_preuve_incomplete_garde_la_saisie(
    redacteur: Client, demarche: Demarche, constat: Any, envoi: dict[str, str], message: str
):
    reponse = redacteur.post(url(demarche, "constat_preuve", constat.pk), envoi)
    assert reponse.status_code == 200
    assert message in reponse.content.decode()
    assert not constat.preuves.exists()


def test_une_preuve_retiree_reste_au_journal(redacteur: Client, demarche: Demarche, constat: Any):
    preuve = Preuve.objects.create(constat=constat, genre="parole", texte="On ferme l’école.")
    redacteur.post(url(demarche, "preuve_retirer", preuve.pk))
    assert not Preuve.objects.exists()
    entree = Entree.objects.get(geste="retirer_preuve")
    assert entree.avant["texte"] == "On ferme l’école."


def test_un_maire_prend_la_parole_sans_pouvoir_ecrire_le_constat(
    maire: Client, demarche: Demarche, constat: Any
):
    page = url(demarche, "constat", constat.pk)
    envoi = {"texte": "<b>Pas chez nous</b>"}
    assert maire.post(url(demarche, "constat_debattre", constat.pk), envoi).status_code == 302
    texte = maire.get(page).content.decode()
    assert "&lt;b&gt;Pas chez nous" in texte
    assert "<b>Pas chez nous" not in texte
    assert maire.get(url(demarche, "constat_modifier", constat.pk)).status_code == 403
    assert maire.post(url(demarche, "constat_accord", constat.pk), {}).status_code == 403


def test_qui_ne_fait_que_lire_ne_prend_pas_la_parole(connecte: Connecte, demarche: Demarche, constat: Any):
    lecteur = connecte(fabrique.agent("sous_prefet", demarche))
    page = lecteur.get(url(demarche, "constat", constat.pk)).content.decode()
    assert "Publier le message" not in page
    refus = lecteur.post(url(demarche, "constat_debattre", constat.pk), {"texte": "Non"})
    assert refus.status_code == 403
    assert not Echange.objects.exists()


def test_la_discussion_est_bornee(maire: Client, demarche: Demarche, constat: Any):
    page = url(demarche, "constat_debattre", constat.pk)
    for rang in range(debat.ECHANGES_MAX):
        maire.post(page, {"texte": f"Message {rang}"})
    reponse = maire.post(page, {"texte": "Un de trop"})
    assert reponse.status_code == 200
    assert "reprenez un peu plus tard" in reponse.content.decode()
    assert "Un de trop" in reponse.content.decode()
    assert Echange.objects.count() == debat.ECHANGES_MAX


def test_un_message_masque_ne_se_lit_plus(redacteur: Client, demarche: Demarche, constat: Any):
    echange = Echange.objects.create(constat=constat, auteur_nom="A", texte="À taire")
    redacteur.post(url(demarche, "message_masquer", echange.pk))
    assert "À taire" not in redacteur.get(url(demarche, "constat", constat.pk)).content.decode()
    assert Entree.objects.get(geste="masquer_message").avant == {"message": "À taire"}


def test_contester_demande_un_motif_et_se_lit_dans_l_historique(
    redacteur: Client, demarche: Demarche, constat: Any
):
    page = url(demarche, "constat_accord", constat.pk)
    refus = redacteur.post(page, {"accord": "conteste", "motif_accord": "", "version_lue": 1})
    assert "Dites pourquoi" in refus.content.decode()
    redacteur.post(page, {"accord": "conteste", "motif_accord": "Trop optimiste", "version_lue": 1})
    constat.refresh_from_db()
    assert (constat.accord, constat.motif_accord, constat.version) == ("conteste", "Trop optimiste", 2)
    texte = redacteur.get(url(demarche, "constat", constat.pk)).content.decode()
    assert "<del>propose</del>" in texte
    assert "Trop optimiste" in texte


def test_deux_avis_en_meme_temps_le_second_est_prevenu(redacteur: Client, demarche: Demarche, constat: Any):
    page = url(demarche, "constat_accord", constat.pk)
    envoi = {"accord": "partage", "motif_accord": "", "version_lue": 1}
    redacteur.post(page, envoi)
    perime = {"accord": "conteste", "motif_accord": "Non", "version_lue": 1}
    assert redacteur.post(page, perime).status_code == 409
    constat.refresh_from_db()
    assert constat.accord == "partage"


def test_le_constat_d_un_autre_territoire_n_existe_pas(
    redacteur: Client, demarche: Demarche, lozere: Any, constat: Any
):
    ailleurs = fabrique.demarche(fabrique.territoire(nom="Ailleurs"), lozere)
    autre = ConstatTerritorial.objects.create(demarche=ailleurs, nature="force", texte="Secret")
    preuve = Preuve.objects.create(constat=autre, genre="parole", texte="x")
    assert redacteur.get(url(demarche, "constat", autre.pk)).status_code == 404
    assert redacteur.post(url(demarche, "preuve_retirer", preuve.pk)).status_code == 404
    assert Preuve.objects.filter(pk=preuve.pk).exists()


def test_le_tableau_se_filtre_et_se_telecharge(redacteur: Client, demarche: Demarche, constat: Any):
    ConstatTerritorial.objects.create(
        demarche=demarche, nature="menace", theme="emploi", texte="=2+2 les usines ferment", accord="partage"
    )
    page = redacteur.get(url(demarche, "constats"), {"theme": "emploi", "q": "usine"}).content.decode()
    assert "les usines ferment" in page
    assert "Le territoire attire." not in page.split('aria-labelledby="enjeux"')[0]
    csv = redacteur.get(url(demarche, "constats_csv"), {"accord": "partage"}).content.decode("utf-8-sig")
    assert csv.count("\r\n") == 2
    assert '"\'=2+2 les usines ferment"' in csv
    assert redacteur.get(url(demarche, "constats"), {"theme": "inconnu"}).status_code == 200


def test_un_tableau_de_200_constats_tient_en_dix_requetes(
    redacteur: Client, demarche: Demarche, django_assert_max_num_queries: Any
):
    tous = ConstatTerritorial.objects.bulk_create(
        ConstatTerritorial(demarche=demarche, nature="force", texte=f"Constat {n}") for n in range(200)
    )
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Accueillir")
    enjeu.constats.set(tous[:50])
    redacteur.get(url(demarche, "constats"))
    with django_assert_max_num_queries(13):
        reponse = redacteur.get(url(demarche, "constats"))
    assert reponse.context["nombre_montres"] == 200
