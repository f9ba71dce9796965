"""Scenarios beside the maquette: whose they are, what they hold, what comes back into the maquette."""

from __future__ import annotations

import copy
from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse

from arpent.metier.scenarios.optimisation import Choix
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.actions import ArbitrageRefuse, scenario_courant
from arpent.plateforme.negociations.models import Camp, Proposition, Scenario
from arpent.plateforme.negociations.scenarios import acces, actions
from arpent.plateforme.reglements.models import VersionReglement
from tests.plateforme import fabrique

from .conftest import CONTENU, Monde, poser


def url(monde: Monde, nom: str = "scenarios", *args: object) -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug, *args])


@pytest.fixture
def copie(monde: Monde) -> Scenario:
    poser(monde, monde.fiches[0], "10000")
    courant = scenario_courant(monde.demarche)
    return actions.copier(courant, "Voirie d’abord", Camp.AUTORITE, par=monde.chef)


def lignes(scenario: Scenario) -> dict[int, tuple[Decimal, str]]:
    return {p.fiche.numero: (p.montant, p.decision) for p in scenario.propositions.select_related("fiche")}


# --- whose they are -------------------------------------------------------------------------------


def test_une_copie_a_les_memes_lignes_et_ne_bouge_pas_la_maquette(monde: Monde, copie: Scenario):
    courant = scenario_courant(monde.demarche)
    assert lignes(copie) == lignes(courant) == {1: (Decimal("10000.00"), "retenue")}
    assert not copie.est_courant
    assert copie.origine == "Copie de « Maquette de travail »"
    assert Entree.objects.filter(geste="copier_scenario").count() == 1


def test_chaque_partie_ne_voit_que_les_siens_et_ceux_qu_on_lui_montre(monde: Monde, copie: Scenario):
    assert list(acces.visibles(monde.chef, monde.demarche)) == [copie]
    assert list(acces.visibles(monde.president, monde.demarche)) == []
    prefet = fabrique.agent("sous_prefet", monde.demarche)
    assert list(acces.visibles(prefet, monde.demarche)) == []
    actions.modifier(copie, copie.nom, partage=True, version_lue=copie.version, par=monde.chef)
    for agent in (monde.president, prefet):
        assert list(acces.visibles(agent, monde.demarche)) == [copie]


def test_le_scenario_prive_de_l_autre_partie_n_existe_pas(connecte, monde: Monde, copie: Scenario):
    client = connecte(monde.president)
    assert client.get(url(monde, "scenario", copie.pk)).status_code == 404
    assert client.get(url(monde, "scenario_comparer") + f"?apres={copie.pk}").status_code == 404
    assert "Voirie d’abord" not in client.get(url(monde)).content.decode()
    envoi = {"nom": "Le nôtre", "source": str(copie.pk)}
    assert client.post(url(monde, "scenario_copier"), envoi).status_code == 422
    assert client.post(url(monde, "scenario_supprimer", copie.pk)).status_code == 404
    assert Scenario.objects.filter(pk=copie.pk).exists()


def test_un_scenario_montre_se_copie_mais_ne_se_modifie_pas(connecte, monde: Monde, copie: Scenario):
    actions.modifier(copie, copie.nom, partage=True, version_lue=copie.version, par=monde.chef)
    client = connecte(monde.president)
    page = client.get(url(monde, "scenario", copie.pk)).content.decode()
    assert "Ce scénario est celui de l’autre partie" in page
    envoi = {"nom": "Autre nom", "version_lue": "2"}
    reponse = client.post(url(monde, "scenario_modifier", copie.pk), envoi)
    assert reponse.status_code == 422
    assert client.post(url(monde, "scenario_supprimer", copie.pk)).status_code == 302
    copie.refresh_from_db()
    assert copie.nom == "Voirie d’abord"
    envoi = {"nom": "Le nôtre", "source": str(copie.pk)}
    assert client.post(url(monde, "scenario_copier"), envoi).status_code == 302
    le_notre = Scenario.objects.get(nom="Le nôtre")
    assert le_notre.camp == Camp.TERRITOIRE
    assert lignes(le_notre) == lignes(copie)


def test_un_nom_vide_ou_trop_de_scenarios_sont_refuses_sans_rien_perdre(connecte, monde: Monde, monkeypatch):
    client = connecte(monde.chef)
    reponse = client.post(url(monde, "scenario_copier"), {"nom": "   ", "source": "courant"})
    assert reponse.status_code == 422
    monkeypatch.setattr(actions, "NOMBRE_MAX", 1)
    assert client.post(url(monde, "scenario_copier"), {"nom": "Un", "source": "courant"}).status_code == 302
    reponse = client.post(url(monde, "scenario_copier"), {"nom": "Deux", "source": "courant"})
    assert reponse.status_code == 422
    assert "supprimez ceux qui ne servent plus" in reponse.content.decode()
    assert 'value="Deux"' in reponse.content.decode()


def test_un_enregistrement_perime_est_refuse(connecte, monde: Monde, copie: Scenario):
    client = connecte(monde.chef)
    envoi = {"nom": "Premier", "version_lue": str(copie.version)}
    assert client.post(url(monde, "scenario_modifier", copie.pk), envoi).status_code == 302
    envoi["nom"] = "Second"
    reponse = client.post(url(monde, "scenario_modifier", copie.pk), envoi)
    assert reponse.status_code == 409
    assert "Premier" in reponse.content.decode()
    assert "Second" in reponse.content.decode()


def test_supprimer_garde_les_montants_au_journal(connecte, monde: Monde, copie: Scenario):
    assert connecte(monde.chef).post(url(monde, "scenario_supprimer", copie.pk)).status_code == 302
    entree = Entree.objects.get(geste="supprimer_scenario")
    assert entree.avant["lignes"] == {str(monde.fiches[0].pk): "10000.00"}
    assert lignes(scenario_courant(monde.demarche)) == {1: (Decimal("10000.00"), "retenue")}


# --- back into the maquette, side by side -----------------------------------------------------------


def test_reprendre_applique_ligne_a_ligne_et_dit_ce_qui_est_refuse(connecte, monde: Monde, copie: Scenario):
    un, deux, trois = monde.fiches
    Proposition.objects.filter(scenario=copie, fiche=un).update(montant=Decimal("9000"))
    Proposition.objects.create(scenario=copie, fiche=deux, montant=Decimal("3000"), annee=2026)
    Proposition.objects.create(scenario=copie, fiche=trois, montant=Decimal("99999999"), annee=2026)
    page = connecte(monde.chef).post(url(monde, "scenario_reprendre", copie.pk), follow=True).content.decode()
    assert "2 lignes de la maquette ont changé" in page
    assert "dépasse le coût du projet" in page
    courant = scenario_courant(monde.demarche)
    assert lignes(courant) == {1: (Decimal("9000.00"), "retenue"), 2: (Decimal("3000.00"), "retenue")}


def test_reprendre_revient_a_qui_arbitre(connecte, monde: Monde, copie: Scenario):
    actions.modifier(copie, copie.nom, partage=True, version_lue=copie.version, par=monde.chef)
    assert connecte(monde.president).post(url(monde, "scenario_reprendre", copie.pk)).status_code == 403


def test_la_comparaison_montre_ancien_et_nouveau(connecte, monde: Monde, copie: Scenario):
    Proposition.objects.filter(scenario=copie).update(montant=Decimal("8000"), annee=2027)
    Proposition.objects.create(scenario=copie, fiche=monde.fiches[1], montant=Decimal("5000"), annee=2026)
    page = connecte(monde.chef).get(url(monde, "scenario_comparer") + f"?apres={copie.pk}").content.decode()
    assert "d’aides en plus" in page
    for attendu in ("10\u202f000,00", "8\u202f000,00", "2026", "2027", "entre", "baisse", "3\u202f000,00"):
        assert attendu in page
    inverse = connecte(monde.chef).get(url(monde, "scenario_comparer") + f"?avant={copie.pk}&apres=courant")
    assert "d’aides en moins" in inverse.content.decode()
    memes = connecte(monde.chef).get(url(monde, "scenario_comparer") + "?avant=courant&apres=courant")
    assert "Les deux scénarios sont les mêmes" in memes.content.decode()
    assert connecte(monde.chef).get(url(monde, "scenario_comparer") + "?avant=zut").status_code == 404


def test_fusionner_prend_les_lignes_cochees_du_second(connecte, monde: Monde, copie: Scenario):
    deux = monde.fiches[1]
    Proposition.objects.filter(scenario=copie).update(montant=Decimal("8000"))
    Proposition.objects.create(scenario=copie, fiche=deux, montant=Decimal("5000"), annee=2026)
    envoi = {"avant": "courant", "apres": str(copie.pk), "fiche": [str(deux.pk)], "nom": "Les deux"}
    client = connecte(monde.chef)
    refus = client.post(url(monde, "scenario_fusionner"), envoi | {"nom": " "})
    assert refus.status_code == 422
    assert f'value="{deux.pk}" checked' in refus.content.decode()
    assert client.post(url(monde, "scenario_fusionner"), envoi).status_code == 302
    fusion = Scenario.objects.get(nom="Les deux")
    assert lignes(fusion) == {1: (Decimal("10000.00"), "retenue"), 2: (Decimal("5000.00"), "retenue")}
    assert "Fusion de" in fusion.origine
    assert lignes(scenario_courant(monde.demarche)) == {1: (Decimal("10000.00"), "retenue")}


def test_les_listes_font_un_nombre_fixe_de_requetes(
    connecte, monde: Monde, copie: Scenario, django_assert_max_num_queries
):
    client = connecte(monde.chef)
    for n in range(6):
        actions.copier(copie, f"Variante {n}", Camp.AUTORITE, par=monde.chef)
    with django_assert_max_num_queries(13):
        page = client.get(url(monde))
    assert page.content.decode().count("Variante") >= 6
    with django_assert_max_num_queries(30):
        client.get(url(monde, "scenario", copie.pk))


# --- the optimiser --------------------------------------------------------------------------------


def recherche(**reste: str) -> dict[str, str]:
    envoi = {
        "nom": "Proposition", "objectif": "travaux", "classement": "territoire", "modulation": "",
        "enveloppe": "30 000", "minimum": "", "maximum": "", "imposes": "", "exclus": "",
    }  # fmt: skip
    return envoi | reste


def test_une_recherche_devient_un_scenario_du_camp_de_qui_la_fait(connecte, monde: Monde):
    reponse = connecte(monde.president).post(url(monde, "scenario_rechercher"), recherche())
    assert reponse.status_code == 302
    garde = Scenario.objects.get(nom="Proposition")
    assert garde.camp == Camp.TERRITOIRE
    assert not garde.partage
    retenues = [p for p in garde.propositions.all() if p.decision == "retenue"]
    assert 0 < sum(p.montant for p in retenues) <= Decimal("30000")
    assert {p.fiche_id for p in garde.propositions.all()} == {f.pk for f in monde.fiches}
    for p in garde.propositions.exclude(decision="retenue"):
        assert p.motif
    page = connecte(monde.president).get(reponse.url).content.decode()
    assert "Une proposition, pas une décision" in page
    assert "c’est prouvé" in page
    assert not Proposition.objects.filter(scenario__est_courant=True).exists()


def test_un_projet_impose_et_une_enveloppe_trop_petite_sont_nommes(connecte, monde: Monde):
    envoi = recherche(enveloppe="10", imposes="1")
    reponse = connecte(monde.chef).post(url(monde, "scenario_rechercher"), envoi)
    page = reponse.content.decode()
    assert reponse.status_code == 422
    assert "Ces demandes ne peuvent pas tenir ensemble" in page
    assert 'value="10' in page
    assert not Scenario.objects.filter(est_courant=False).exists()


def test_le_plafond_d_un_maitre_d_ouvrage_sur_une_periode_borne_la_recherche(connecte, monde: Monde):
    """Earlier aids and fiches already engaged outside the arbitration count; the article is named."""
    contenu = copy.deepcopy(CONTENU)
    contenu["articles"][0]["regles"].append({"genre": "plafond_periode", "montant": 25000, "annees": 10})
    VersionReglement.objects.create(
        dispositif=monde.dispositif, numero=9, intitule="Plafonné", en_vigueur_le=date(2026, 1, 1),
        contenu=contenu, empreinte="9" * 64,
    )  # fmt: skip
    mairie = monde.fiches[0].maitre_ouvrage
    siennes = [
        fabrique.fiche(monde.demarche, numero=50 + n, maitre_ouvrage=mairie, aide_demandee=Decimal("15000"))
        for n in range(3)
    ]
    envoi = recherche(enveloppe="1 000 000")
    assert connecte(monde.president).post(url(monde, "scenario_rechercher"), envoi).status_code == 302
    propositions = Scenario.objects.get(nom="Proposition").propositions.filter(fiche__maitre_ouvrage=mairie)
    retenues = propositions.filter(decision="retenue")
    assert 0 < sum(p.montant for p in retenues) <= Decimal("25000")
    ecartees = propositions.exclude(decision="retenue").filter(fiche__in=siennes)
    assert ecartees
    assert any("article 1" in p.motif for p in ecartees)


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"imposes": "3, sept"}, "« sept » n’est pas un numéro de fiche"),
        ({"imposes": "1", "exclus": "1 2"}, "À retenir et à écarter à la fois : 1"),
        ({"minimum": "3", "maximum": "2"}, "Le plus est inférieur au moins"),
        ({"enveloppe": "beaucoup"}, "beaucoup"),
        ({"objectif": "classement"}, "Aucun projet n’est classé"),
    ],
)
def test_une_recherche_mal_remplie_reste_remplie(connecte, monde: Monde, champs, message):
    reponse = connecte(monde.chef).post(url(monde, "scenario_rechercher"), recherche(**champs))
    assert reponse.status_code == 422
    assert message in reponse.content.decode()


def test_chercher_sans_droit_est_refuse(connecte, monde: Monde):
    assert connecte(monde.maire).get(url(monde, "scenario_rechercher")).status_code == 403


def test_un_choix_hors_de_la_recherche_n_entre_pas(monde: Monde):
    with pytest.raises(ArbitrageRefuse, match="Donnez un nom"):
        actions.ecrire_les_choix(
            monde.demarche, " ", Camp.AUTORITE, {monde.fiches[0].pk: Choix(Decimal(1), 2026)}, {}, {},
            origine="essai", par=None,
        )  # fmt: skip
