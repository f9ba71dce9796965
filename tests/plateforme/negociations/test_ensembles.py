"""Scenarios over a whole dispositif: one part by territory, whose they are, what they hold."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.actions import ArbitrageRefuse, scenario_courant
from arpent.plateforme.negociations.ensembles import actions
from arpent.plateforme.negociations.ensembles.lecture import contenu_de
from arpent.plateforme.negociations.models import EnsembleScenarios, PartEnveloppe, Proposition, Scenario
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.portail.gestes import GESTES
from tests.plateforme import fabrique

from .conftest import Monde
from .ensembles import Connecte, lignes, part, texte, url

# --- made, named, shown, deleted --------------------------------------------------------------------


def test_un_ensemble_est_un_scenario_par_territoire_et_ne_bouge_aucune_maquette(
    monde: Monde, ensemble: EnsembleScenarios
) -> None:
    assert lignes(part(ensemble, monde.demarche)) == {1: (Decimal("10000.00"), 2026)}
    assert lignes(part(ensemble, monde.voisine)) == {1: (Decimal("7000.00"), 2027)}
    assert {(s.nom, s.camp, s.partage) for s in ensemble.scenarios.all()} == {("Prudent", "autorite", False)}
    assert lignes(scenario_courant(monde.voisine)) == {1: (Decimal("7000.00"), 2027)}
    entree = Entree.objects.get(geste="creer_ensemble")
    assert entree.apres == {
        "nom": "Prudent", "origine": "Copie des maquettes en cours", "territoires": 2,
    }  # fmt: skip
    assert Entree.objects.filter(geste="copier_scenario").count() == 2


def test_un_double_suit_son_modele_et_un_territoire_ouvert_depuis_y_est_vide(
    monde: Monde, ensemble: EnsembleScenarios
) -> None:
    Proposition.objects.filter(scenario__ensemble=ensemble).update(montant=Decimal("1234"))
    neuve = fabrique.demarche(dans=monde.dispositif)
    double = actions.copier(monde.dispositif, "Double", ensemble, par=monde.chef)
    assert lignes(part(double, monde.demarche))[1][0] == Decimal("1234.00")
    assert lignes(part(double, neuve)) == {}
    assert double.origine == "Copie de « Prudent »"


def test_un_nom_vide_ou_deja_pris_et_trop_d_ensembles_sont_refuses(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = connecte(monde.chef)
    for nom, dit in (("  ", "obligatoire"), ("Prudent", "s’appelle déjà")):
        reponse = client.post(url(monde, "ensemble_copier"), {"nom": nom, "source": "courant"})
        assert reponse.status_code == 422
        assert dit in texte(reponse)
    monkeypatch.setattr(actions, "NOMBRE_MAX", 1)
    reponse = client.post(url(monde, "ensemble_copier"), {"nom": "Deux", "source": str(ensemble.pk)})
    assert reponse.status_code == 422
    assert 'value="Deux"' in texte(reponse)
    assert "supprimez ceux qui ne servent plus" in texte(reponse)
    assert EnsembleScenarios.objects.count() == 1
    assert Scenario.objects.filter(est_courant=False).count() == 2


def test_sans_territoire_rien_ne_se_cree(monde: Monde) -> None:
    vide = fabrique.dispositif()
    with pytest.raises(ArbitrageRefuse, match="ouvrez-en une d’abord"):
        actions.copier(vide, "Rien", None, par=None)
    assert not EnsembleScenarios.objects.exists()


def test_montrer_un_ensemble_montre_a_chaque_territoire_sa_part_seule(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    president = connecte(monde.president)
    la_sienne = reverse("negociations:scenario", args=["gevaudan", part(ensemble, monde.demarche).pk])
    l_autre = reverse("negociations:scenario", args=["margeride", part(ensemble, monde.voisine).pk])
    assert president.get(la_sienne).status_code == 404
    envoi = {"nom": "Prudent 2", "partage": "on", "version_lue": str(ensemble.version)}
    assert connecte(monde.chef).post(url(monde, "ensemble_modifier", ensemble.pk), envoi).status_code == 302
    page = texte(president.get(la_sienne))
    assert "Prudent 2" in page
    assert "Halle" not in page
    assert url(monde, "ensemble", ensemble.pk) not in page
    assert president.get(l_autre).status_code == 404
    assert president.get(url(monde, "ensemble", ensemble.pk)).status_code == 404
    entree = Entree.objects.get(geste="modifier_ensemble")
    assert entree.apres == {"nom": "Prudent 2", "partage": True}
    ensemble.refresh_from_db()
    actions.modifier(ensemble, "Prudent 2", False, version_lue=ensemble.version, par=monde.chef)
    assert president.get(la_sienne).status_code == 404


def test_le_nom_d_un_autre_ensemble_et_un_enregistrement_perime_sont_refuses(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    actions.copier(monde.dispositif, "Audacieux", ensemble, par=monde.chef)
    client, ici = connecte(monde.chef), url(monde, "ensemble_modifier", ensemble.pk)
    reponse = client.post(ici, {"nom": "Audacieux", "version_lue": "1"})
    assert reponse.status_code == 422
    assert "s’appelle déjà" in texte(reponse)
    assert client.post(ici, {"nom": "", "version_lue": "1"}).status_code == 422
    assert client.post(ici, {"nom": "Premier", "version_lue": "1"}).status_code == 302
    perime = client.post(ici, {"nom": "Second", "version_lue": "1"})
    assert perime.status_code == 409
    assert "Premier" in texte(perime)


def test_la_part_d_un_ensemble_se_nomme_et_se_supprime_avec_lui_seulement(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    client, la_part = connecte(monde.chef), part(ensemble, monde.demarche)
    page = texte(client.get(reverse("negociations:scenario", args=["gevaudan", la_part.pk])))
    assert "depuis la page de cet ensemble" in page
    assert url(monde, "ensemble", ensemble.pk) in page
    assert reverse("negociations:scenario_tableau", args=["gevaudan", la_part.pk]) in page
    modifier = reverse("negociations:scenario_modifier", args=["gevaudan", la_part.pk])
    assert client.post(modifier, {"nom": "Autre", "version_lue": "1"}).status_code == 422
    client.post(reverse("negociations:scenario_supprimer", args=["gevaudan", la_part.pk]))
    assert Scenario.objects.filter(pk=la_part.pk, nom="Prudent").exists()


def test_supprimer_emporte_les_parts_et_le_journal_garde_les_montants(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios, ailleurs: Fiche
) -> None:
    assert connecte(monde.chef).post(url(monde, "ensemble_supprimer", ensemble.pk)).status_code == 302
    assert not Scenario.objects.filter(est_courant=False).exists()
    assert Entree.objects.get(geste="supprimer_ensemble").avant["nom"] == "Prudent"
    gardees = [e.avant["lignes"] for e in Entree.objects.filter(geste="supprimer_scenario")]
    assert {str(ailleurs.pk): "7000.00"} in gardees
    assert connecte(monde.chef).get(url(monde, "ensemble", ensemble.pk)).status_code == 404


def test_les_gestes_ont_leurs_mots() -> None:
    assert {"creer_ensemble", "modifier_ensemble", "supprimer_ensemble"} <= set(GESTES)


# --- whose they are ---------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["president_epci", "agent_epci", "maire", "sous_prefet"])
def test_hors_de_l_autorite_les_ensembles_n_existent_pas(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios, role: str
) -> None:
    client = connecte(fabrique.agent(role, monde.demarche))
    for ou in (url(monde), url(monde, "ensemble", ensemble.pk), url(monde, "ensemble_comparer")):
        assert client.get(ou).status_code == 404
    assert client.post(url(monde, "ensemble_supprimer", ensemble.pk)).status_code == 404
    assert url(monde) not in texte(client.get(f"/dispositifs/{monde.dispositif.slug}/"))


def test_qui_lit_ne_change_rien_et_dit_a_qui_cela_revient(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    client = connecte(fabrique.agent("elu_autorite", monde.demarche))
    assert "Il revient à : administrateur" in texte(client.get(url(monde)))
    assert "Reprendre</a>" not in texte(client.get(f"{url(monde, 'ensemble_comparer')}?apres={ensemble.pk}"))
    for nom in ("ensemble_modifier", "ensemble_supprimer", "ensemble_reprendre"):
        assert client.post(url(monde, nom, ensemble.pk)).status_code == 403
    assert client.get(url(monde, "ensemble_rechercher")).status_code == 403


def test_un_droit_tenu_sur_un_seul_territoire_ne_suffit_pas(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    """An elected member of the authority who also presides a territory reads here, and writes only there."""
    elu = fabrique.agent("elu_autorite", monde.demarche)
    elu.habilitations.create(role="president_epci", territoire=monde.demarche.territoire, debut="2020-01-01")
    client = connecte(elu)
    assert client.get(url(monde)).status_code == 200
    assert client.post(url(monde, "ensemble_supprimer", ensemble.pk)).status_code == 403
    assert "n’en couvre qu’une partie" in texte(client.get(url(monde)))


def test_l_autre_autorite_et_le_visiteur_n_entrent_pas(
    connecte: Connecte, client: Client, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    autre = fabrique.demarche()
    assert connecte(fabrique.agent("chef_de_projet", autre)).get(url(monde)).status_code == 404
    assert client.get(url(monde)).status_code == 302
    ailleurs = reverse("negociations:ensemble", args=[autre.processus.dispositif.slug, ensemble.pk])
    assert connecte(fabrique.agent("administrateur")).get(ailleurs).status_code == 404
    assert connecte(monde.chef).get("/dispositifs/rien/scenarios/").status_code == 404


# --- read -------------------------------------------------------------------------------------------


def test_la_page_totalise_par_territoire_theme_et_annee(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    fonds = monde.dispositif.fonds.get()
    PartEnveloppe.objects.create(demarche=monde.demarche, fonds=fonds, critere="forfait", montant=50_000)
    lu = contenu_de(ensemble)
    par_nom = {t.libelle: t for t in lu.territoires}
    ici = par_nom[monde.demarche.territoire.nom]
    assert (ici.nombre, ici.total, ici.solde, ici.habitants) == (1, Decimal(10_000), Decimal(40_000), 1_000)
    assert ici.par_habitant == Decimal("10.00")
    assert par_nom[monde.voisine.territoire.nom].solde is None
    assert [(t.libelle, t.total) for t in lu.annees] == [("2026", Decimal(10_000)), ("2027", Decimal(7_000))]
    assert [(t.libelle, t.nombre) for t in lu.themes] == [("Voirie", 1), ("Cadre de vie", 1)]
    assert (lu.tout.nombre, lu.tout.total, lu.tout.travaux) == (2, Decimal(17_000), Decimal(200_000))
    assert lu.tout.par_habitant == Decimal("8.50")
    page = texte(connecte(monde.chef).get(url(monde, "ensemble", ensemble.pk)))
    for attendu in ("17\u202f000,00", "2 projets sans aide", "Pas encore examiné", "8,50"):
        assert attendu in page


def test_une_commune_sans_population_ne_fait_pas_de_moyenne(
    monde: Monde, ensemble: EnsembleScenarios
) -> None:
    commune = monde.voisine.territoire.compositions.get().groupement.appartenances.first().commune
    commune.population = None
    commune.save()
    lu = contenu_de(ensemble)
    assert {t.par_habitant for t in lu.territoires} == {Decimal("10.00"), None}
    assert lu.tout.par_habitant is None


def test_les_projets_sans_aide_se_lisent_page_par_page(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    for n in range(60):
        fabrique.fiche(monde.voisine, numero=100 + n, titre=f"Suite {n}.")
    Proposition.objects.create(
        scenario=part(ensemble, monde.demarche), fiche=monde.fiches[1], montant=0, decision="refusee",
        motif="Hors du contrat.",
    )  # fmt: skip
    ici = url(monde, "ensemble", ensemble.pk)
    pages = [texte(connecte(monde.chef).get(f"{ici}?page={n}")) for n in (1, 2)]
    assert "62 projets sans aide" in pages[0]
    assert "Hors du contrat." in pages[0] + pages[1]
    for n in range(60):
        assert sum(f"Suite {n}.</a>" in page for page in pages) == 1


def test_les_pages_font_un_nombre_fixe_de_requetes(
    connecte: Connecte, monde: Monde, ensemble: EnsembleScenarios
) -> None:
    client = connecte(monde.chef)
    adresses = [url(monde), url(monde, "ensemble", ensemble.pk), url(monde, "ensemble_rechercher")]
    adresses.append(f"{url(monde, 'ensemble_comparer')}?apres={ensemble.pk}")
    client.get(adresses[0])

    def compter() -> list[int]:
        comptes = []
        for adresse in adresses:
            with CaptureQueriesContext(connection) as requetes:
                assert client.get(adresse).status_code == 200
            comptes.append(len(requetes))
        return comptes

    peu = compter()
    for n in range(4):
        neuve = fabrique.demarche(dans=monde.dispositif)
        fabrique.fiche(neuve)
        actions.copier(monde.dispositif, f"Suite {n}", None, par=monde.chef)
        fabrique.fiche(monde.demarche)
    assert compter() == peu
    assert max(peu) <= 12, peu
