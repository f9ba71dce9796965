"""The fund that pays a line: by theme, by choice, in the ledger, the table, the files, the search."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from arpent.metier.reglement import Verdict
from arpent.metier.repartition.soldes import Soldes, Stade
from arpent.metier.scenarios.optimisation import Objectif
from arpent.plateforme.contrats.models import Contrat  # noqa: F401  (the ledger listens to it)
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.actions import DepassementRefuse
from arpent.plateforme.negociations.credits import suivi
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.negociations.forms import ecrire_lu
from arpent.plateforme.negociations.imputations import ouverts_de
from arpent.plateforme.negociations.models import Accord, Camp, Enveloppe, Genre, Mouvement, PositionTour
from arpent.plateforme.negociations.propositions import Demande, Valeurs, enregistrer_lignes, valeurs_de
from arpent.plateforme.negociations.scenarios import actions as scenarios
from arpent.plateforme.negociations.scenarios.comparaison import comparer_scenarios
from arpent.plateforme.negociations.scenarios.recherche import Demande as Recherche
from arpent.plateforme.negociations.scenarios.recherche import chercher
from arpent.plateforme.negociations.scenarios.recherche import poser as poser_probleme
from arpent.plateforme.negociations.sorties import maquette_json
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Fonds

from .conftest import Monde, poser
from .test_credits_promis import DISPONIBLE, constat, regler

Connecte = Callable[[object], Client]


@pytest.fixture
def deux(monde: Monde) -> Monde:
    """50 000 of the base fund and 20 000 of one for roads in each territory; the first fiche is a road."""
    Fonds.objects.create(
        dispositif=monde.dispositif, code="voirie", libelle="Fonds voirie", montant=D(40000), ordre=1,
        cle_repartition=[{"critere": "forfait", "poids": "1"}], themes=["voirie"],
    )  # fmt: skip
    Fonds.objects.create(
        dispositif=monde.dispositif, code="reserve", libelle="Réserve", montant=D(9000), ordre=2,
        cle_repartition=[{"critere": "forfait", "poids": "1"}],
    )  # fmt: skip
    monde.dispositif.parametres["reserve"] = {"fonds": "reserve", "criteres": []}
    monde.dispositif.save(update_fields=["parametres"])
    voirie = monde.dispositif.themes.get_or_create(code="voirie", defaults={"libelle": "Voirie", "ordre": 1})[
        0
    ]
    cadre = monde.dispositif.themes.exclude(pk=voirie.pk).order_by("ordre").first()
    Fiche.objects.filter(demarche=monde.demarche).update(theme=cadre)
    Fiche.objects.filter(pk=monde.fiches[0].pk).update(theme=voirie)
    for fiche in monde.fiches:
        fiche.refresh_from_db()
    for d in (monde.demarche, monde.voisine):
        actions.saisir_donnee(
            d.territoire, monde.dispositif, "voirie", D(100), "", version_lue=0, par=monde.chef
        )
    return monde


def soldes(monde: Monde, code: str) -> Soldes:
    return Mouvement.objects.filter(enveloppe__demarche=monde.demarche, enveloppe__fonds__code=code).soldes()


def choisir(monde: Monde, fiche: Fiche, code: str, **reste: object) -> object:
    """Chooses the fund of a line as the chef de projet."""
    scenario = actions.scenario_courant(monde.demarche)
    p = scenario.propositions.select_related("fonds").filter(fiche=fiche).first()
    voulu = replace(valeurs_de(fiche, p), fonds=code, **reste)
    demande = Demande(fiche, voulu, p.version if p else 0)
    return enregistrer_lignes(scenario, [demande], par=monde.chef)[fiche.pk]


# --- the rule and the ledger ----------------------------------------------------------------------


def test_le_theme_impute_et_le_grand_livre_suit(deux: Monde) -> None:
    route, autre, _ = deux.fiches
    poser(deux, route, "9000.10")
    poser(deux, autre, "5000.05")
    assert (soldes(deux, "voirie").propose, soldes(deux, "base").propose) == (D("9000.10"), D("5000.05"))
    scenario = actions.scenario_courant(deux.demarche)
    maquette = actions.maquette_de(scenario)
    assert [(c.code, c.montant, c.propose) for c in maquette.par_fonds()] == [
        ("base", soldes(deux, "base").alloue, D("5000.05")),
        ("voirie", D("20000.00"), D("9000.10")),
    ]
    assert maquette.enveloppe == soldes(deux, "base").alloue + D(20000)


def test_changer_de_fonds_deplace_sans_changer_aucune_somme(deux: Monde) -> None:
    route = deux.fiches[0]
    poser(deux, route, "9000")
    choisir(deux, route, "base")
    assert (soldes(deux, "voirie").propose, soldes(deux, "base").propose) == (D(0), D(9000))
    deplaces = Mouvement.objects.filter(fiche=route, genre=Genre.RATTACHEMENT)
    assert sorted(deplaces.values_list("montant", flat=True)) == [D(-9000), D(9000)]
    ligne = maquette_json(deux.demarche)["projets"][0]
    assert (ligne["fonds"], ligne["fonds_raison"]) == ("base", f"choisi par {deux.chef.nom_complet}")
    choisir(deux, route, "")
    assert soldes(deux, "voirie").propose == D(9000)


def test_convenu_et_vote_vont_au_meme_fonds(deux: Monde) -> None:
    route, autre, _ = deux.fiches
    poser(deux, route, "9000")
    poser(deux, autre, "5000")
    choisir(deux, autre, "voirie")
    scenario = actions.scenario_courant(deux.demarche)
    for geste in ("offrir", "accepter"):
        actions.changer_etat(scenario, geste, par=None)
    suivi.noter_vote(deux.demarche, par=None)
    voirie = soldes(deux, "voirie")
    assert (voirie.propose, voirie.convenu, voirie.vote) == (D(14000), D(14000), D(14000))
    assert {p.fonds.code for p in PositionTour.objects.select_related("fonds") if p.fonds} == {"voirie"}
    assert {x["fonds"] for x in Accord.objects.get().lignes} == {"voirie"}


def test_un_projet_ne_s_engage_que_sur_le_fonds_de_son_vote(deux: Monde) -> None:
    route = deux.fiches[0]
    poser(deux, route, "9000")
    scenario = actions.scenario_courant(deux.demarche)
    for geste in ("offrir", "accepter"):
        actions.changer_etat(scenario, geste, par=None)
    suivi.noter_vote(deux.demarche, par=None)
    noeuds = {e.fonds.code: e for e in Enveloppe.objects.filter(demarche=deux.demarche)}
    with pytest.raises(CreditRefuse, match="voté sur « Fonds voirie »"):
        attribuer(noeuds["base"], Operation(D(1), route, 2026), par=None)
    attribuer(noeuds["voirie"], Operation(D(9000), route, 2026), par=None)
    with pytest.raises(CreditRefuse, match="Le vote accorde"):
        attribuer(noeuds["voirie"], Operation(D("0.01"), route, 2026), par=None)


def test_un_theme_qui_change_change_de_fonds(deux: Monde) -> None:
    route, autre, _ = deux.fiches
    poser(deux, route, "9000")
    Fiche.objects.filter(pk=route.pk).update(theme=autre.theme)
    suivi.suivre_le_theme(deux.demarche, None)
    assert (soldes(deux, "voirie").propose, soldes(deux, "base").propose) == (D(0), D(9000))


def test_un_fonds_ferme_rend_ses_lignes_et_garde_le_choix(deux: Monde) -> None:
    autre = deux.fiches[1]
    poser(deux, autre, "5000")
    choisir(deux, autre, "voirie")
    Fonds.objects.filter(code="voirie").update(montant=None)
    actions.recalculer_enveloppes(deux.dispositif, None)
    assert (soldes(deux, "voirie").propose, soldes(deux, "base").propose) == (D(0), D(5000))
    ligne = next(x for x in maquette_json(deux.demarche)["projets"] if x["numero"] == autre.numero)
    assert "n’a plus de crédit ici" in ligne["fonds_raison"]
    assert not isinstance(choisir(deux, autre, "voirie", montant=D(4000)), Exception)


def test_la_reserve_ne_se_partage_ni_ne_se_choisit(deux: Monde) -> None:
    assert [f.code for f in ouverts_de(deux.demarche).fonds] == ["base", "voirie"]
    poser(deux, deux.fiches[1], "100")
    refus = choisir(deux, deux.fiches[1], "reserve")
    assert isinstance(refus, actions.ArbitrageRefuse)
    assert "n’a pas de crédit pour les projets de ce territoire" in str(refus)


def test_le_depassement_d_un_seul_fonds_arrete_l_offre(deux: Monde) -> None:
    poser(deux, deux.fiches[0], "20000.01", motif="Urgence")
    scenario = actions.scenario_courant(deux.demarche)
    with pytest.raises(actions.ArbitrageRefuse, match="« Fonds voirie » dépassent son crédit de 0,01"):
        actions.changer_etat(scenario, "offrir", par=None)
    poser(deux, deux.fiches[0], "20000", version=1, motif="Urgence, ramenée au crédit")
    actions.changer_etat(scenario, "offrir", par=None)


# --- it travels -----------------------------------------------------------------------------------


def test_le_fonds_choisi_voyage_par_copie_fusion_classeur_et_reprise(deux: Monde) -> None:
    autre = deux.fiches[1]
    poser(deux, autre, "5000")
    choisir(deux, autre, "voirie")
    courant = actions.scenario_courant(deux.demarche)
    copie = scenarios.copier(courant, "Copie", Camp.AUTORITE, par=deux.chef)
    fusion = scenarios.fusionner(copie, courant, [autre.pk], "Fusion", Camp.AUTORITE, par=deux.chef)
    classeur = scenarios.creer_depuis(
        courant, "Classeur", Camp.AUTORITE, {autre.pk: (D(4000), 2026, "retenue")}, origine="x", par=deux.chef
    )
    for scenario in (copie, fusion, classeur):
        ligne = scenario.propositions.get()
        assert ligne.fonds is not None
        assert (ligne.fonds.code, ligne.fonds_par) == ("voirie", deux.chef.nom_complet)
    choisir(deux, autre, "")
    assert comparer_scenarios(deux.demarche, courant, copie).lignes[0].genre == "deplacee"
    scenarios.reprendre(classeur, par=deux.chef)
    assert soldes(deux, "voirie").propose == D(4000)


def test_un_scenario_du_territoire_ne_change_pas_le_fonds(deux: Monde) -> None:
    autre = deux.fiches[1]
    poser(deux, autre, "5000")
    sien = scenarios.copier(actions.scenario_courant(deux.demarche), "Sien", Camp.TERRITOIRE, par=deux.maire)
    choisir(deux, autre, "voirie")
    ligne = sien.propositions.get()
    ligne.montant = D(4500)
    ligne.save()
    scenarios.reprendre(sien, par=deux.chef)
    assert soldes(deux, "voirie").propose == D(4500)


# --- pages and files ------------------------------------------------------------------------------


def _url(monde: Monde, nom: str) -> str:
    return reverse(f"negociations:{nom}", args=[monde.demarche.slug])


def test_le_tableau_montre_une_jauge_par_fonds_et_le_choix_s_enregistre(
    deux: Monde, connecte: Connecte
) -> None:
    route = deux.fiches[0]
    poser(deux, route, "9000")
    client = connecte(deux.chef)
    page = client.get(_url(deux, "maquette")).content.decode()
    assert page.count("data-fonds-jauge=") == 2
    assert "Fonds voirie, selon le thème" in page
    lu = ecrire_lu(1, Valeurs(D(9000), 2026, "retenue", route.cout_ht))
    assert lu in page
    reponse = client.post(_url(deux, "lignes"), {f"lu-{route.pk}": lu, f"fonds-{route.pk}": "base"})
    assert reponse.status_code == 200
    assert f"Enveloppe de base, choisi par {deux.chef.nom_complet}" in reponse.content.decode()
    assert soldes(deux, "base").propose == D(9000)
    lecture = connecte(deux.president).get(_url(deux, "maquette")).content.decode()
    assert f'name="fonds-{route.pk}"' not in lecture
    assert "choisi par" in lecture


def test_le_territoire_ne_choisit_pas_le_fonds(deux: Monde, connecte: Connecte) -> None:
    route = deux.fiches[0]
    poser(deux, route, "9000")
    sien = scenarios.copier(
        actions.scenario_courant(deux.demarche), "Sien", Camp.TERRITOIRE, par=deux.president
    )
    url = reverse("negociations:scenario_lignes", args=[deux.demarche.slug, sien.pk])
    lu = ecrire_lu(1, Valeurs(D(9000), 2026, "retenue", route.cout_ht))
    reponse = connecte(deux.president).post(url, {f"lu-{route.pk}": lu, f"fonds-{route.pk}": "base"})
    assert reponse.status_code == 200
    assert sien.propositions.get().fonds is None


def test_un_seul_fonds_ne_montre_pas_de_colonne(monde: Monde, connecte: Connecte) -> None:
    actions.recalculer_enveloppes(monde.dispositif, None)
    poser(monde, monde.fiches[0], "100")
    page = connecte(monde.chef).get(_url(monde, "maquette")).content.decode()
    assert "data-fonds-jauge" not in page
    assert "Fonds qui paie" not in page


def test_le_classeur_et_la_page_complete_portent_le_fonds(deux: Monde, connecte: Connecte) -> None:
    poser(deux, deux.fiches[0], "9000")
    client = connecte(deux.chef)
    livre = load_workbook(io.BytesIO(client.get(_url(deux, "maquette_xlsx")).content), data_only=True)
    entetes = [c.value for c in livre["Maquette"][8]]
    assert livre["Maquette"].cell(9, entetes.index("Fonds") + 1).value == "Fonds voirie"
    rows = [[c.value for c in r] for r in livre["Par fonds"].iter_rows(min_row=2)]
    assert ["Fonds voirie", 1, 20000, 9000, 11000] in rows
    page = client.get(_url(deux, "maquette_complete")).content.decode()
    assert 'data-libelle="Fonds">Fonds voirie' in page


def test_le_tableau_groupe_par_fonds(deux: Monde, connecte: Connecte) -> None:
    poser(deux, deux.fiches[0], "9000")
    page = connecte(deux.chef).get(_url(deux, "maquette"), {"grouper": "fonds"}).content.decode()
    assert "Fonds voirie (1)" in page


# --- the search -----------------------------------------------------------------------------------


def _somme(resultat, pks: set[int]) -> D:
    return sum((x.aide for i, x in resultat.solution.choix.items() if int(i) in pks), D(0))


@pytest.mark.parametrize("locales", [True, False])
def test_la_recherche_tient_chaque_fonds(deux: Monde, locales: bool) -> None:
    route, autre, tiers = deux.fiches
    for fiche, theme in ((autre, route.theme), (tiers, tiers.theme)):
        Fiche.objects.filter(pk=fiche.pk).update(theme=theme)
    Fiche.objects.filter(demarche=deux.demarche).update(aide_demandee=D(15000))
    Fiche.objects.filter(pk=route.pk).update(aide_demandee=D(8000))
    demande = Recherche(ordre=(Objectif.TRAVAUX,), modulation=D("0.1"))
    seul = chercher([deux.demarche], demande, date(2026, 6, 1))
    assert _somme(seul, {route.pk, autre.pk}) <= D(20000)
    tous = poser_probleme(
        [deux.demarche, deux.voisine],
        replace(demande, enveloppes_locales=locales, enveloppe=None if locales else D(500_000)),
        date(2026, 6, 1),
    )
    noms = {k.libelle: k.montant for k in tous.probleme.contraintes if k.code.startswith("fonds-voirie")}
    if locales:
        assert noms == {f"Fonds voirie de {deux.demarche.territoire.nom}": D(20000)}
    else:
        assert noms == {"Fonds voirie": D(40000)}


def test_une_enveloppe_saisie_ne_borne_que_les_autres_fonds(deux: Monde) -> None:
    demande = Recherche(ordre=(Objectif.TRAVAUX,), enveloppe=D(900_000))
    pose = poser_probleme([deux.demarche], demande, date(2026, 6, 1))
    codes = {k.code for k in pose.probleme.contraintes}
    assert "fonds-voirie-" + str(deux.demarche.pk) in codes
    assert not any(code.startswith("fonds-base") for code in codes)


def test_les_comptes_restent_ceux_de_la_maquette_a_chaque_stade(deux: Monde) -> None:
    """Every stage, over the funds, is the total of the maquette: nothing is counted twice or lost."""
    for fiche, montant in zip(deux.fiches, ("9000.10", "5000.05", "0.01"), strict=True):
        poser(deux, fiche, montant)
    choisir(deux, deux.fiches[2], "voirie")
    total = actions.maquette_de(actions.scenario_courant(deux.demarche)).total_propose
    tous = Mouvement.objects.filter(enveloppe__demarche=deux.demarche)
    assert tous.soldes()[Stade.PROPOSE] == total == D("14000.16")


def test_une_regle_d_enveloppe_ne_regarde_que_les_lignes_de_son_fonds(deux: Monde) -> None:
    """A road is paid by its own fund: the credits of the base fund do not bound it, until it moves there."""
    regler(deux, DISPONIBLE)
    route, autre, _ = deux.fiches
    Fiche.objects.filter(pk__in=[route.pk, autre.pk]).update(cout_ht=D(500_000))
    for fiche in (route, autre):
        fiche.refresh_from_db()
    base = next(f.montant for f in ouverts_de(deux.demarche).fonds if f.code == "base")
    assert base is not None
    poser(deux, autre, str(base - 1_000))
    lu = constat(deux, route)
    assert (lu.verdict, lu.plafond) == (Verdict.SANS_OBJET, None)
    assert lu.explication == "Le projet est payé par « Fonds voirie », non par cette enveloppe."
    poser(deux, route, "5000")
    refusee = choisir(deux, route, "base")
    assert isinstance(refusee, DepassementRefuse)
    assert "article 9" in str(refusee)
    assert not isinstance(choisir(deux, route, "base", montant=D(1_000)), Exception)
    assert constat(deux, route).plafond == D(1_000)
