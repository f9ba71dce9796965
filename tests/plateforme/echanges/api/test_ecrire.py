"""Writing a fiche through the API: the checks of the page, one effect, nothing overwritten."""

from __future__ import annotations

from typing import Any

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

from .conftest import Programme, programme_de

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche()


@pytest.fixture
def chef(demarche: Demarche) -> Programme:
    return programme_de(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def corps(demarche: Demarche) -> dict[str, Any]:
    """What a program sends to create a fiche."""
    commune = demarche.territoire.groupements.first().membres.first()  # type: ignore[union-attr]
    proprietaire = fabrique.organisation("commune", "Marvejols", commune=commune)
    return {
        "demarche": demarche.pk,
        "titre": "Toiture de l’école",
        "maitre_ouvrage": proprietaire.pk,
        "theme": "voirie",
        "commune": commune.code if commune else None,
        "cout_ht": "125000.50",
        "aide_demandee": "25000.00",
        "debut_le": "2027-03-01",
        "annee": 2027,
        "financements": [
            {"financeur": "etat", "montant": "50000.00", "statut": "acquis", "le": "2026-10-01"}
        ],
    }


def test_creer_une_fiche_en_brouillon(chef: Programme, corps: dict[str, Any]) -> None:
    reponse = chef.ecrire("POST", "/fiches", corps)
    assert reponse.status_code == 201, reponse.content
    lue = reponse.json()
    assert reponse.headers["Location"] == f"/api/v1/fiches/{lue['id']}"
    assert (lue["titre"], lue["etat"], lue["cout_ht"]) == ("Toiture de l’école", "brouillon", "125000.50")
    assert lue["financements"][0]["montant"] == "50000.00"
    assert lue["autres_aides_acquises"] == "50000.00"
    assert chef.lire(f"/fiches/{lue['id']}").json() == lue
    gestes = list(Entree.lignes.order_by("-numero").values_list("geste", flat=True)[:3])
    assert {"creer", "ecrire_par_api"} <= set(gestes)


@pytest.mark.parametrize(
    ("changement", "champ", "mot"),
    [
        ({"aide_demandee": "999999.00"}, "aide_demandee", "dépasse le coût"),
        ({"fin_le": "2027-01-01"}, "fin_le", "précède"),
        ({"theme": "inconnu"}, "theme", "thème"),
        ({"maitre_ouvrage": 999_999}, "maitre_ouvrage", ""),
        ({"commune": "99999"}, "commune", ""),
        ({"titre": ""}, "titre", "court"),
        ({"cout_ht": "beaucoup"}, "cout_ht", "forme"),
        ({"cout_ht": 12.5}, "cout_ht", "texte"),
        ({"debut_le": "2027-02-30"}, "debut_le", "date"),
        ({"inconnu": 1}, "inconnu", "n’existe pas"),
        ({"financements": [{"financeur": "etat"}]}, "financements.0.montant", "obligatoire"),
    ],
)
def test_un_refus_nomme_le_champ_en_francais(
    chef: Programme, corps: dict[str, Any], changement: dict[str, Any], champ: str, mot: str
) -> None:
    reponse = chef.ecrire("POST", "/fiches", corps | changement)
    assert reponse.status_code == 422, reponse.content
    assert reponse.headers["Content-Type"] == "application/problem+json"
    lues = {e["champ"]: e["message"] for e in reponse.json()["erreurs"]}
    assert champ in lues, lues
    assert mot in lues[champ]
    assert not Fiche.objects.exists()


def test_la_meme_cle_rejoue_la_meme_reponse(chef: Programme, corps: dict[str, Any]) -> None:
    cle = {"Idempotency-Key": "3b0d1a52-essai"}
    une, deux = (chef.ecrire("POST", "/fiches", corps, **cle) for _ in range(2))
    assert (une.status_code, deux.status_code) == (201, 201)
    assert une.content == deux.content
    assert une.headers["ETag"] == deux.headers["ETag"]
    assert deux.headers["Idempotency-Replayed"] == "true"
    assert Fiche.objects.count() == 1
    autre = chef.ecrire("POST", "/fiches", corps | {"titre": "Autre"}, **cle)
    assert autre.status_code == 422
    assert "déjà servi" in autre.json()["detail"]


def test_un_refus_ne_prend_pas_la_cle(chef: Programme, corps: dict[str, Any]) -> None:
    cle = {"Idempotency-Key": "3b0d1a52-essai"}
    assert chef.ecrire("POST", "/fiches", corps | {"theme": "inconnu"}, **cle).status_code == 422
    assert chef.ecrire("POST", "/fiches", corps, **cle).status_code == 201


def test_modifier_demande_la_version_lue(chef: Programme, corps: dict[str, Any]) -> None:
    creee = chef.ecrire("POST", "/fiches", corps)
    chemin, marque = f"/fiches/{creee.json()['id']}", creee.headers["ETag"]
    assert chef.ecrire("PATCH", chemin, {"titre": "Nouveau"}).status_code == 422
    gardee = chef.ecrire("PATCH", chemin, {"titre": "Nouveau"}, **{"If-Match": marque})
    assert gardee.status_code == 200, gardee.content
    lue = gardee.json()
    assert (lue["titre"], lue["version"]) == ("Nouveau", 2)
    assert lue["financements"] == creee.json()["financements"]
    assert (lue["cout_ht"], lue["debut_le"]) == ("125000.50", "2027-03-01")
    perdue = chef.ecrire("PATCH", chemin, {"titre": "Écrasé"}, **{"If-Match": marque})
    assert perdue.status_code == 412
    assert Fiche.objects.get().titre == "Nouveau"


def test_modifier_les_rangees_les_remplace(chef: Programme, corps: dict[str, Any]) -> None:
    creee = chef.ecrire("POST", "/fiches", corps)
    depenses = [{"libelle": "Travaux", "montant": "80000.00"}, {"libelle": "Études", "montant": "20000.00"}]
    gardee = chef.ecrire(
        "PATCH",
        f"/fiches/{creee.json()['id']}",
        {"depenses": depenses, "financements": []},
        **{"If-Match": creee.headers["ETag"]},
    )
    assert gardee.status_code == 200, gardee.content
    assert gardee.json()["cout_ht"] == "100000.00"
    assert [x["libelle"] for x in gardee.json()["depenses"]] == ["Travaux", "Études"]
    assert gardee.json()["financements"] == []


def test_hors_du_perimetre_la_demarche_n_existe_pas(corps: dict[str, Any]) -> None:
    ailleurs = programme_de(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert ailleurs.ecrire("POST", "/fiches", corps).status_code == 404
    assert not Fiche.objects.exists()


def test_qui_ne_redige_pas_a_l_ecran_ne_redige_pas_ici(demarche: Demarche, corps: dict[str, Any]) -> None:
    lecteur = programme_de(fabrique.agent("sous_prefet", demarche))
    refus = lecteur.ecrire("POST", "/fiches", corps)
    assert refus.status_code == 403
    assert "Votre rôle ne permet pas" in refus.json()["detail"]
    fiche = fabrique.fiche(demarche)
    marque = lecteur.lire(f"/fiches/{fiche.pk}").headers["ETag"]
    refus = lecteur.ecrire("PATCH", f"/fiches/{fiche.pk}", {"titre": "X"}, **{"If-Match": marque})
    assert refus.status_code == 403


def test_un_maire_n_ecrit_que_pour_sa_commune(demarche: Demarche, corps: dict[str, Any]) -> None:
    maire = programme_de(fabrique.agent("maire", demarche))
    refus = maire.ecrire("POST", "/fiches", corps)
    assert refus.status_code == 422
    assert refus.json()["erreurs"][0]["champ"] == "maitre_ouvrage"


def test_la_portee_de_lecture_n_ecrit_pas(demarche: Demarche, corps: dict[str, Any]) -> None:
    lecture = programme_de(fabrique.agent("chef_de_projet", demarche), "lecture")
    assert lecture.ecrire("POST", "/fiches", corps).status_code == 403


def test_une_fiche_au_contrat_ne_se_modifie_pas(chef: Programme, demarche: Demarche) -> None:
    fiche = fabrique.fiche(demarche, etat="contractualisee")
    marque = chef.lire(f"/fiches/{fiche.pk}").headers["ETag"]
    refus = chef.ecrire("PATCH", f"/fiches/{fiche.pk}", {"titre": "X"}, **{"If-Match": marque})
    assert refus.status_code == 403
    assert "avenant" in refus.json()["detail"]
