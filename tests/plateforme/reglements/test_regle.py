"""`…/articles/<rang>/regles/…` : the form of a rule, generated from its description."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from arpent.metier.reglement import CATALOGUE
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.contenu import article
from arpent.plateforme.reglements.models import BrouillonReglement
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
TAUX = "articles/4/regles/1/"


def regles(brouillon: BrouillonReglement, rang: int = 4) -> list[dict[str, object]]:
    brouillon.refresh_from_db()
    return list(article(brouillon.contenu, rang - 1)["regles"])


@pytest.mark.parametrize("genre", [c.GENRE for c in CATALOGUE])
def test_chaque_genre_de_regle_a_son_formulaire(client_cheffe: Client, url: str, genre: str):
    page = client_cheffe.get(f"{url}articles/4/regles/nouvelle/", {"genre": genre})
    assert page.status_code == 200
    vide = client_cheffe.post(f"{url}articles/4/regles/nouvelle/?genre={genre}", {"version_lue": "1"})
    assert vide.status_code in {302, 400}


def test_le_catalogue_se_cherche_par_mots(client_cheffe: Client, url: str):
    page = client_cheffe.get(f"{url}articles/4/regles/nouvelle/", {"q": "plancher aide"})
    assert "plancher_aide" in page.content.decode()
    assert "deliberation_transmise" not in page.content.decode()
    rien = client_cheffe.get(f"{url}articles/4/regles/nouvelle/", {"q": "zorglub"})
    assert "Aucune règle ne répond" in rien.content.decode()


def test_un_taux_fixe_s_ecrit_comme_on_le_dit(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    reponse = client_cheffe.post(f"{url}{TAUX}", {"version_lue": "1", "taux-v": "30", "taux-nombre": "1"})
    assert reponse.status_code == 302
    assert regles(brouillon)[0] == {"genre": "taux_intervention", "taux": "30 %"}


def test_une_valeur_vide_est_non_publiee_et_garde_sa_source(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    client_cheffe.post(
        f"{url}{TAUX}", {"version_lue": "1", "taux-v-source": "Taux non publié", "taux-v-demo": "20 %"}
    )
    assert regles(brouillon)[0]["taux"] == {
        "valeur": None,
        "valeur_demonstration": "20 %",
        "source": "Taux non publié",
    }


def test_une_tranche_manquante_se_voit_tout_de_suite(client_cheffe: Client, url: str):
    saisie = {
        "version_lue": "1", "_actualiser": "1", "taux-par": "population", "taux-nombre": "2",
        "taux-0-a": "500", "taux-0-v": "40 %", "taux-1-de": "600", "taux-1-v": "30 %",
    }  # fmt: skip
    page = client_cheffe.post(f"{url}{TAUX}", saisie)
    assert page.status_code == 200
    assert "Entre 500 et 600, les tranches laissent un vide" in page.content.decode()


def test_changer_de_forme_ne_perd_pas_ce_qui_etait_enregistre(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    avant = regles(brouillon)
    page = client_cheffe.post(
        f"{url}{TAUX}", {"version_lue": "1", "_actualiser": "1", "taux-par": "population"}
    )
    assert 'name="taux-0-de"' in page.content.decode()
    assert regles(brouillon) == avant


def test_un_bareme_par_theme_propose_une_ligne_par_theme(client_cheffe: Client, url: str):
    saisie = {"version_lue": "1", "_toutes": "taux", "taux-par": "theme", "taux-nombre": "1"}
    texte = client_cheffe.post(f"{url}{TAUX}", saisie).content.decode()
    for code in ("voirie", "cadre-de-vie", "eau-assainissement"):
        assert f'<option value="{code}" selected>' in texte


def test_une_condition_se_lit_en_francais(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    saisie = {
        "version_lue": "1", "taux-v": "30 %", "si-nombre": "2", "si-liaison": "ou",
        "si-0-groupe": "1", "si-0-champ": "beneficiaire", "si-0-est": "parmi", "si-0-valeur": "Commune",
        "si-1-groupe": "1", "si-1-champ": "population", "si-1-est": "<", "si-1-valeur": "1 000",
    }  # fmt: skip
    relue = client_cheffe.post(f"{url}{TAUX}", saisie | {"_actualiser": "1"}).content.decode()
    assert "Si commune de moins de 1\u202f000 habitants" in relue or "Si commune de moins de" in relue
    client_cheffe.post(f"{url}{TAUX}", saisie)
    assert regles(brouillon)[0]["si"] == {
        "et": [
            {"champ": "beneficiaire", "parmi": ["commune"]},
            {"champ": "population", "est": "<", "valeur": 1000},
        ]
    }


def test_une_condition_trop_profonde_reste_lisible_et_entiere(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    profonde = {"et": [{"ou": [{"non": {"champ": "cper", "valeur": True}}, {"champ": "rang", "valeur": 1}]}]}
    contenu = brouillon.contenu
    contenu["articles"][3]["regles"][0] = {"genre": "taux_intervention", "si": profonde, "taux": "30 %"}
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(contenu=contenu)
    page = client_cheffe.get(f"{url}{TAUX}").content.decode()
    assert "projet hors CPER" in page
    assert 'name="si-texte"' in page
    texte = "et:\n- ou:\n  - non: {champ: cper, valeur: true}\n  - {champ: rang, valeur: 1}\n"
    client_cheffe.post(f"{url}{TAUX}", {"version_lue": "1", "taux-v": "35 %", "si-texte": texte})
    assert regles(brouillon)[0] == {"genre": "taux_intervention", "si": profonde, "taux": "35 %"}


def test_une_regle_fausse_garde_la_saisie_et_dit_quoi_faire(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    page = client_cheffe.post(f"{url}{TAUX}", {"version_lue": "1", "taux-v": "beaucoup"})
    texte = page.content.decode()
    assert page.status_code == 400
    assert 'value="beaucoup"' in texte
    assert "doit être un taux" in texte
    assert regles(brouillon)[0] != {"genre": "taux_intervention", "taux": "beaucoup"}


def test_une_regle_fausse_peut_attendre_dans_le_brouillon(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    saisie = {"version_lue": "1", "taux-v": "beaucoup", "_malgre": "1"}
    assert client_cheffe.post(f"{url}{TAUX}", saisie).status_code == 302
    assert regles(brouillon)[0] == {"genre": "taux_intervention", "taux": "beaucoup"}
    assert "empêche de lire" in client_cheffe.get(url).content.decode()


def test_une_seconde_regle_du_meme_genre_a_son_code(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    client_cheffe.post(
        f"{url}articles/4/regles/nouvelle/?genre=plafond_aide", {"version_lue": "1", "montant-v": "15 000 €"}
    )
    assert regles(brouillon)[-1] == {"genre": "plafond_aide", "code": "plafond_aide_2", "montant": "15 000 €"}


def test_une_regle_monte_et_se_retire(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    genres = [r["genre"] for r in regles(brouillon)]
    client_cheffe.post(f"{url}articles/4/regles/2/geste/", {"version_lue": "1", "geste": "monter"})
    assert [r["genre"] for r in regles(brouillon)] == [genres[1], genres[0], *genres[2:]]
    client_cheffe.post(f"{url}articles/4/regles/1/geste/", {"version_lue": "2", "geste": "supprimer"})
    assert [r["genre"] for r in regles(brouillon)] == [genres[0], *genres[2:]]


@pytest.mark.parametrize("chemin", ["articles/4/regles/99/", "articles/99/regles/1/", "articles/0/"])
def test_ce_qui_n_existe_pas_n_existe_pas(client_cheffe: Client, url: str, chemin: str):
    assert client_cheffe.get(f"{url}{chemin}").status_code == 404


def test_deux_personnes_sur_la_meme_regle_ne_s_ecrasent_pas(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement
):
    client_cheffe.post(f"{url}{TAUX}", {"version_lue": "1", "taux-v": "30 %"})
    conflit = client_cheffe.post(f"{url}{TAUX}", {"version_lue": "1", "taux-v": "45 %"})
    assert conflit.status_code == 409
    assert "Article 4" in conflit.content.decode()
    assert "45 %" in conflit.content.decode()
    assert regles(brouillon)[0]["taux"] == "30 %"


def test_une_autre_autorite_ne_voit_pas_le_brouillon(connecte: Callable[[Agent], Client], url: str):
    region = fabrique.organisation("region", "Région")
    ailleurs = fabrique.agent("chef_de_projet", fabrique.demarche(dans=fabrique.dispositif(region)))
    assert connecte(ailleurs).get(url).status_code == 404
    assert connecte(ailleurs).post(f"{url}{TAUX}", {"version_lue": "1"}).status_code == 404
