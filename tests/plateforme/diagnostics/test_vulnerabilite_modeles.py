"""The authority's models: copied, changed, previewed, put in force; concurrency and rights."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import ModeleVulnerabilite
from arpent.plateforme.diagnostics.vulnerabilites.bibliotheque import livres, politique
from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]


def url(demarche: Demarche, nom: str, *args: Any) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *args])


@pytest.fixture
def client_chef(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("chef_de_projet", demarche))


def copier(client: Client, demarche: Demarche, code: str = "lecture-fragilite") -> ModeleVulnerabilite:
    reponse = client.post(url(demarche, "modele_copier"), {"code": code})
    assert reponse.status_code == 302
    return ModeleVulnerabilite.objects.latest("pk")


def saisie(client: Client, demarche: Demarche, modele: ModeleVulnerabilite, **change: Any) -> dict[str, Any]:
    """What the browser would send: the form as it is shown, with some fields changed."""
    form = client.get(url(demarche, "modele_modifier", modele.pk)).context["form"]
    donnees = {}
    for nom in form.fields:
        valeur = form[nom].value()
        if valeur not in (None, False):
            donnees[nom] = str(valeur)
    return donnees | change


def enregistrer(client: Client, demarche: Demarche, modele: ModeleVulnerabilite, **change: Any) -> Any:
    return client.post(
        url(demarche, "modele_modifier", modele.pk), saisie(client, demarche, modele, **change)
    )


def test_copier_ne_decide_rien(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    assert not modele.en_vigueur
    assert modele.origine == "lecture-fragilite"
    assert politique(demarche).en_vigueur is None
    assert copier(client_chef, demarche).code != modele.code


def test_enregistrer_sans_rien_changer_garde_le_modele(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    assert enregistrer(client_chef, demarche, modele).status_code == 302
    relu = ModeleVulnerabilite.objects.get(pk=modele.pk)
    for cle in ("familles", "indicateurs", "seuils", "normalisation"):
        assert relu.definition[cle] == modele.definition[cle]


def test_changer_poids_sens_seuils_et_effets(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    reponse = enregistrer(
        client_chef, demarche, modele,
        famille_0="2,5", sens_0="aggrave", seuil_1="40", bonus_2="5", plafond_2="20000", ingenierie_2="oui",
    )  # fmt: skip
    assert reponse.status_code == 302
    d = ModeleVulnerabilite.objects.get(pk=modele.pk).definition
    assert d["familles"][0]["poids"] == 2.5
    assert d["indicateurs"][0]["sens"] == "aggrave"
    assert d["seuils"]["valeurs"][0] == 0.4
    assert Decimal(d["classes"][2]["taux_bonus"]) == Decimal("0.05")
    assert (d["classes"][2]["plafond"], d["classes"][2]["ingenierie"]) == ("20000", True)
    entree = Entree.objects.latest("numero")
    assert entree.apres["Poids de la famille « Revenu des ménages »"] == "2,5"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"famille_0": "-1"}, "supérieure ou égale à 0"),
        ({"famille_0": "beaucoup"}, "Saisissez un nombre"),
        ({"seuil_1": "80", "seuil_2": "20"}, "de la classe la moins vulnérable"),
        ({"seuil_1": ""}, "Saisissez ce seuil"),
        ({"mode": "n_derniers", "seuil_1": "3,5", "seuil_2": "1"}, "nombre entier"),
        ({"composition": "part_population", "part": ""}, "par exemple 50"),
        ({f"retirer_{i}": "on" for i in range(8)}, "Gardez au moins un indicateur"),
        ({"source": ""}, "obligatoire"),
        ({"normalisation": "magique"}, "magique"),
    ],
)
def test_une_saisie_fautive_est_refusee_et_gardee(
    client_chef: Client, demarche: Demarche, change: dict[str, str], message: str
) -> None:
    modele = copier(client_chef, demarche)
    page = enregistrer(client_chef, demarche, modele, libelle="Nom tapé", **change)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert "Nom tapé" in page.content.decode()
    assert ModeleVulnerabilite.objects.get(pk=modele.pk).libelle == modele.libelle


def test_deux_personnes_a_la_fois_la_seconde_choisit(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    vue = saisie(client_chef, demarche, modele, famille_0="3")
    enregistrer(client_chef, demarche, modele, famille_0="2")
    page = client_chef.post(url(demarche, "modele_modifier", modele.pk), vue)
    assert page.status_code == 409
    assert "Poids de la famille « Revenu des ménages »" in page.content.decode()
    assert ModeleVulnerabilite.objects.get(pk=modele.pk).definition["familles"][0]["poids"] == 2


def test_l_apercu_compte_puis_la_mise_en_vigueur_decide(client_chef: Client, demarche: Demarche) -> None:
    avant = classe_de(demarche.pk)
    assert avant is not None
    modele = copier(client_chef, demarche)
    enregistrer(client_chef, demarche, modele, classe_0="Douce", classe_1="Moyenne", classe_2="Rude")
    modele.refresh_from_db()
    adresse = url(demarche, "modele_appliquer", modele.pk)
    page = client_chef.get(adresse)
    assert page.context["impact"].nombre == 1  # the name of the class of the only territory
    assert classe_de(demarche.pk) == avant
    sans_motif = client_chef.post(adresse, {"version_lue": modele.version, "motif": ""})
    assert sans_motif.status_code == 200
    reponse = client_chef.post(adresse, {"version_lue": modele.version, "motif": "Délibération du 3 mars"})
    assert reponse.status_code == 302
    applique = politique(demarche).applique
    assert applique is not None
    assert applique.code == modele.code
    assert Entree.objects.latest("numero").geste == "mettre_en_vigueur"


def test_la_classe_gardee_est_oubliee_des_la_mise_en_vigueur(
    client_chef: Client, demarche: Demarche, django_capture_on_commit_callbacks: Any
) -> None:
    classe_de(demarche.pk)
    modele = copier(client_chef, demarche)
    enregistrer(client_chef, demarche, modele, classe_0="Douce", classe_1="Moyenne", classe_2="Rude")
    modele.refresh_from_db()
    donnees = {"version_lue": modele.version, "motif": "Essai"}
    with django_capture_on_commit_callbacks(execute=True):
        client_chef.post(url(demarche, "modele_appliquer", modele.pk), donnees)
    nouvelle = classe_de(demarche.pk)
    assert nouvelle is not None
    assert nouvelle.libelle in {"Douce", "Moyenne", "Rude"}


def test_un_modele_en_vigueur_ne_se_change_ni_ne_se_supprime(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    vue = saisie(client_chef, demarche, modele, famille_0="9")
    donnees = {"version_lue": modele.version, "motif": "Vote"}
    client_chef.post(url(demarche, "modele_appliquer", modele.pk), donnees)
    client_chef.post(url(demarche, "modele_modifier", modele.pk), vue)
    client_chef.post(url(demarche, "modele_supprimer", modele.pk))
    modele.refresh_from_db()
    assert modele.en_vigueur
    assert modele.definition["familles"][0]["poids"] == 1
    client_chef.post(url(demarche, "modele_appliquer", modele.pk), donnees)
    assert politique(demarche).en_vigueur is None


def test_un_seul_modele_est_en_vigueur(client_chef: Client, demarche: Demarche) -> None:
    for _ in range(2):
        modele = copier(client_chef, demarche)
        donnees = {"version_lue": modele.version, "motif": "Vote"}
        client_chef.post(url(demarche, "modele_appliquer", modele.pk), donnees)
    assert [m.pk for m in ModeleVulnerabilite.objects.filter(en_vigueur=True)] == [modele.pk]


def test_un_modele_a_remplir_ne_peut_pas_etre_mis_en_vigueur(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche, "nouvelle-aquitaine-2018")
    adresse = url(demarche, "modele_appliquer", modele.pk)
    assert "complétez le modèle" in client_chef.get(adresse).content.decode()
    client_chef.post(adresse, {"version_lue": modele.version, "motif": "Vote"})
    assert not ModeleVulnerabilite.objects.filter(en_vigueur=True).exists()
    poids = {f"famille_{i}": "1" for i in range(4)} | {f"poids_{i}": "1" for i in range(4)}
    enregistrer(client_chef, demarche, modele, seuil_1="50", seuil_2="75", **poids)
    assert client_chef.get(adresse).context["impact"].nombre >= 0


def test_un_indicateur_du_catalogue_s_ajoute(client_chef: Client, demarche: Demarche) -> None:
    modele = copier(client_chef, demarche)
    form = client_chef.get(url(demarche, "modele_modifier", modele.pk)).context["form"]
    code = form.fields["ajout"].choices[1][1][0][0]
    change = {"ajout": code, "ajout_famille": "revenu", "ajout_sens": "protege", "ajout_poids": "2"}
    assert enregistrer(client_chef, demarche, modele, **change).status_code == 302
    modele.refresh_from_db()
    assert modele.definition["indicateurs"][-1]["code"] == code
    assert client_chef.get(url(demarche, "modele_appliquer", modele.pk)).context["impact"]


@pytest.mark.parametrize("role", ["maire", "agent_epci", "mission_appui"])
def test_sans_le_droit_de_conduire_on_lit_seulement(
    connecte: Connecte, client_chef: Client, demarche: Demarche, role: str
) -> None:
    modele = copier(client_chef, demarche)
    lecteur = connecte(fabrique.agent(role, demarche))
    assert "Copier" not in lecteur.get(url(demarche, "modeles")).content.decode()
    assert lecteur.post(url(demarche, "modele_copier"), {"code": "allier"}).status_code == 403
    for nom in ("modele_modifier", "modele_appliquer", "modele_supprimer"):
        assert lecteur.post(url(demarche, nom, modele.pk)).status_code == 403


def test_le_modele_d_une_autre_autorite_n_existe_pas(client_chef: Client, demarche: Demarche) -> None:
    autre = fabrique.demarche()
    livre = livres()["aquitaine-2014"]
    modele = ModeleVulnerabilite.objects.create(
        processus=autre.version_processus.processus, code="a", libelle="A", definition=dict(livre.definition)
    )
    for nom in ("modele_modifier", "modele_appliquer", "modele_supprimer"):
        assert client_chef.get(url(demarche, nom, modele.pk)).status_code == 404


def test_la_liste_pose_peu_de_requetes(
    client_chef: Client, demarche: Demarche, django_assert_max_num_queries: Any
) -> None:
    for _ in range(3):
        copier(client_chef, demarche)
    with django_assert_max_num_queries(12):
        client_chef.get(url(demarche, "modeles"))
