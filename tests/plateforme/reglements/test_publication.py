"""`…/brouillons/<pk>/publier/` and the versions it makes, frozen and compared."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from arpent.metier.reglement import schema_json
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.chargement import charger_dispositif, empreinte_contenu, lister_livres
from arpent.plateforme.reglements.fichiers import lire_texte
from arpent.plateforme.reglements.models import BrouillonReglement, Dispositif
from arpent.plateforme.reglements.presentation import lire_version

pytestmark = pytest.mark.django_db
ACTE = {
    "version_lue": "1", "numero": "CD_26_101", "assemblee": "conseil départemental de la Lozère",
    "adoptee_le": "2026-12-14", "en_vigueur_le": "2027-01-01",
}  # fmt: skip


def modifier(brouillon: BrouillonReglement, rang: int, regles: list[dict[str, Any]]) -> None:
    contenu = brouillon.contenu
    contenu["articles"][rang - 1]["regles"] = regles
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(contenu=contenu)


def test_publier_fait_une_version_figee_et_ferme_le_brouillon(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    reponse = client_cheffe.post(f"{url}publier/", ACTE)
    assert reponse.url == "/dispositifs/lozere/versions/2/"
    version = dispositif.versions.get(numero=2)
    assert version.acte == "Délibération n° CD_26_101 du 14/12/2026, conseil départemental de la Lozère"
    assert version.en_vigueur_le == date(2027, 1, 1)
    assert version.empreinte == empreinte_contenu(version.contenu, version.demonstration)
    assert lire_version(version).version == "2"
    brouillon.refresh_from_db()
    assert (brouillon.etat, brouillon.publie_en) == ("publie", version)
    assert Entree.objects.latest("numero").geste == "publier_reglement"
    encore = client_cheffe.post(f"{url}publier/", ACTE | {"version_lue": "2"})
    assert encore.status_code == 400
    assert dispositif.versions.count() == 2


def test_la_page_montre_ce_qui_change(client_cheffe: Client, url: str, brouillon: BrouillonReglement):
    modifier(brouillon, 4, [{"genre": "taux_intervention", "taux": "35 %"}])
    texte = client_cheffe.get(f"{url}publier/").content.decode()
    assert "Ce qui change par rapport à la version 1" in texte
    assert "Taux d’intervention : 35" in texte.replace("\xa0", " ")
    assert "retiré(e)" in texte


def test_un_reglement_qui_ne_se_lit_pas_n_est_pas_publie(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    modifier(brouillon, 4, [{"genre": "taux_intervention", "taux": "beaucoup"}])
    page = client_cheffe.post(f"{url}publier/", ACTE)
    assert page.status_code == 400
    assert "Article 4, règle « taux_intervention »" in page.content.decode()
    assert dispositif.versions.count() == 1


def test_un_reglement_qui_se_contredit_est_refuse_avec_le_cas_qui_le_montre(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    modifier(
        brouillon,
        4,
        [
            {"genre": "taux_intervention", "taux": "30 %"},
            {"genre": "taux_intervention", "code": "second_taux", "taux": "20 %"},
        ],
    )
    page = client_cheffe.post(f"{url}publier/", ACTE)
    assert page.status_code == 400
    texte = page.content.decode()
    assert "Ce qui se contredit" in texte
    assert "Le cas :" in texte
    assert dispositif.versions.count() == 1
    assert "se contredit" in client_cheffe.get(url).content.decode()


def test_des_valeurs_non_publiees_n_empechent_pas_de_publier(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    vide = {"valeur": None, "source": "Taux non publié"}
    modifier(brouillon, 4, [{"genre": "taux_intervention", "taux": vide}])
    assert "1 valeur non publiée" in client_cheffe.get(f"{url}publier/").content.decode()
    assert client_cheffe.post(f"{url}publier/", ACTE).status_code == 302
    assert Entree.objects.latest("numero").apres["valeurs non publiées"] == 1
    assert not dispositif.versions.get(numero=2).demonstration


def test_un_rattrapage_est_permis_avec_un_avertissement(client_cheffe: Client, url: str):
    page = client_cheffe.post(f"{url}publier/", ACTE | {"en_vigueur_le": "2026-01-01"}, follow=True)
    assert "depuis une date passée" in page.content.decode()


def test_l_entree_en_vigueur_ne_precede_pas_la_version_publiee(
    client_cheffe: Client, url: str, dispositif: Dispositif
):
    page = client_cheffe.post(f"{url}publier/", ACTE | {"en_vigueur_le": "2025-06-01"})
    assert page.status_code == 400
    assert "est en vigueur depuis le 01/01/2026" in page.content.decode()
    assert dispositif.versions.count() == 1


def test_une_version_depassee_ne_se_publie_pas(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(version=5)
    assert client_cheffe.post(f"{url}publier/", ACTE).status_code == 409
    assert dispositif.versions.count() == 1


def test_recharger_les_fichiers_ne_remplace_pas_ce_que_l_autorite_a_publie(
    client_cheffe: Client, url: str, dispositif: Dispositif
):
    client_cheffe.post(f"{url}publier/", ACTE)
    lozere = next(d for d in lister_livres() if d.name == "lozere")
    charger_dispositif(lozere, demonstration=True, par=None)
    assert dispositif.versions.count() == 2


def test_deux_versions_se_comparent_et_s_exportent(
    client_cheffe: Client, url: str, brouillon: BrouillonReglement, dispositif: Dispositif
):
    modifier(brouillon, 7, [])
    contenu = BrouillonReglement.objects.get(pk=brouillon.pk).contenu
    contenu["articles"][6]["prose"] = "La réserve est supprimée."
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(contenu=contenu)
    client_cheffe.post(f"{url}publier/", ACTE)
    texte = client_cheffe.get("/dispositifs/lozere/versions/2/depuis/1/").content.decode()
    assert "1 article change de la version 1 à la version 2" in texte
    assert "réserve est supprimée." in texte
    assert client_cheffe.get("/dispositifs/lozere/versions/1/").status_code == 200
    assert client_cheffe.get("/dispositifs/lozere/versions/9/").status_code == 404
    export = client_cheffe.get("/dispositifs/lozere/versions/2/reglement.yaml").content.decode()
    assert lire_texte(export)[0] == dispositif.versions.get(numero=2).contenu


def test_une_version_coute_peu_de_requetes(
    client_cheffe: Client, dispositif: Dispositif, django_assert_max_num_queries: Callable[..., Any]
):
    client_cheffe.get("/dispositifs/lozere/versions/1/")
    with django_assert_max_num_queries(7):
        client_cheffe.get("/dispositifs/lozere/versions/1/")


def test_le_schema_est_publie_pour_tous(client: Client):
    reponse = client.get("/dispositifs/schema-reglement.json")
    schema = json.loads(reponse.content)
    assert reponse.headers["Content-Type"] == "application/schema+json"
    assert schema.pop("$id") == "http://testserver/dispositifs/schema-reglement.json"
    assert schema == schema_json()
