"""The ledger follows the other gestures: at each stage it equals what the maquette shows, to the cent."""

from __future__ import annotations

import importlib
from decimal import Decimal as D

import pytest
from django.apps import apps

from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.credits import suivi
from arpent.plateforme.negociations.credits.actions import Ligne, diviser
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer, liberer
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.negociations.models import Enveloppe, Genre, Mouvement, PartEnveloppe, Proposition
from arpent.plateforme.plans.actions import enregistrer_fiche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.refonte import Fusion, decouper_en_tranches, fusionner_fiches
from arpent.plateforme.plans.saisies import lignes_de
from arpent.plateforme.reglements.models import Fonds
from tests.plateforme.contrats.conftest import EXECUTOIRE, emettre_version, voter
from tests.plateforme.negociations.conftest import Monde, poser


def _territoire(monde: Monde) -> Enveloppe:
    return Enveloppe.objects.get(demarche=monde.demarche, theme=None, annee=None)


def _soldes(monde: Monde) -> Soldes:
    return Mouvement.objects.filter(enveloppe__demarche=monde.demarche).soldes()


def _maquette(monde: Monde) -> tuple[D | None, D]:
    maquette = actions.maquette_de(actions.scenario_courant(monde.demarche))
    return maquette.enveloppe, maquette.total_propose


@pytest.fixture
def dote(monde: Monde) -> Monde:
    """Each territory has 75 000 of the fund: a key waits for its values."""
    for d in (monde.demarche, monde.voisine):
        actions.saisir_donnee(
            d.territoire, monde.dispositif, "voirie", D(100), "", version_lue=0, par=monde.chef
        )
    return monde


def test_l_alloue_est_l_enveloppe_et_le_fonds_garde_le_reste(dote: Monde) -> None:
    enveloppe, _ = _maquette(dote)
    assert _soldes(dote).alloue == enveloppe
    racine = _territoire(dote).parent
    assert racine is not None
    assert Mouvement.objects.all().de_la_branche(racine).soldes().alloue == D("100000.00")


def test_une_valeur_changee_n_ecrit_que_la_difference(dote: Monde) -> None:
    avant = Mouvement.objects.count()
    actions.recalculer_enveloppes(dote.dispositif, None)
    assert Mouvement.objects.count() == avant
    actions.saisir_donnee(
        dote.demarche.territoire, dote.dispositif, "voirie", D(300), "", version_lue=1, par=dote.chef
    )
    assert Mouvement.objects.count() == avant + 4
    assert _soldes(dote).alloue == _maquette(dote)[0]


def test_un_partage_ne_prend_pas_ce_qui_est_engage(dote: Monde) -> None:
    noeud = _territoire(dote)
    attribuer(noeud, Operation(_soldes(dote).alloue), par=None)
    with pytest.raises(actions.ArbitrageRefuse, match="Le partage ne peut pas changer ainsi"):
        actions.saisir_donnee(
            dote.demarche.territoire, dote.dispositif, "voirie", D(1), "", version_lue=1, par=dote.chef
        )


def test_une_demarche_close_garde_son_credit(dote: Monde) -> None:
    alloue = _soldes(dote).alloue
    type(dote.demarche).objects.filter(pk=dote.demarche.pk).update(etat="close")
    actions.recalculer_enveloppes(dote.dispositif, None)
    assert _soldes(dote).alloue == alloue
    racine = _territoire(dote).parent
    assert racine is not None
    assert Mouvement.objects.all().de_la_branche(racine).soldes().alloue == D("100000.00") + alloue


def test_chaque_geste_de_la_maquette_se_lit_au_grand_livre(dote: Monde) -> None:
    un, deux, trois = dote.fiches
    poser(dote, un, "9000.10")
    poser(dote, deux, "10000.05")
    assert _soldes(dote).propose == _maquette(dote)[1] == D("19000.15")
    poser(dote, un, "8000.00", version=1)
    poser(dote, deux, "10000.05", version=1, decision="refusee")
    poser(dote, trois, "0.01")
    assert _soldes(dote).propose == _maquette(dote)[1] == D("8000.01")
    assert Mouvement.objects.filter(fiche=un, stade="propose").count() == 2
    scenario = actions.scenario_courant(dote.demarche)
    for geste in ("offrir", "accepter"):
        actions.changer_etat(scenario, geste, par=None)
    assert _soldes(dote).convenu == D("8000.01")
    actions.changer_etat(scenario, "reprendre", par=None)
    assert (_soldes(dote).convenu, _soldes(dote).propose) == (D("0.00"), D("8000.01"))


def test_un_scenario_a_cote_n_ecrit_rien(dote: Monde) -> None:
    from arpent.plateforme.negociations.models import Camp
    from arpent.plateforme.negociations.scenarios.actions import copier

    poser(dote, dote.fiches[0], "9000")
    avant = Mouvement.objects.count()
    variante = copier(actions.scenario_courant(dote.demarche), "Autre", Camp.AUTORITE, par=None)
    ligne = variante.propositions.get()
    actions.proposer(variante, ligne.fiche, D("9"), 2026, "retenue", version_lue=ligne.version, par=None)
    assert Mouvement.objects.count() == avant


def test_les_lignes_prennent_les_projets_de_leur_theme_et_de_leur_annee(dote: Monde) -> None:
    un, deux, _ = dote.fiches
    voirie, cadre = dote.dispositif.themes.order_by("ordre")
    Fiche.objects.filter(pk=deux.pk).update(theme=cadre)
    poser(dote, un, "9000")
    poser(dote, deux, "10000")
    lignes = diviser(_territoire(dote), [Ligne(voirie, None, D(9)), Ligne(cadre, None, D(8))], par=None)
    (annee,) = diviser(lignes[0], [Ligne(None, 2026, D(5))], par=None)
    propres = Mouvement.objects.filter(stade="propose").sommes("enveloppe")
    assert {pk: s.propose for pk, s in propres.items() if s.propose} == {
        annee.pk: D("9000.00"), lignes[1].pk: D("10000.00"),
    }  # fmt: skip
    assert _soldes(dote).propose == _maquette(dote)[1]
    assert set(
        Mouvement.objects.filter(enveloppe=annee, stade="propose").values_list("genre", flat=True)
    ) == {Genre.RATTACHEMENT.value}
    poser(dote, un, "9500", version=1)
    assert Mouvement.objects.filter(enveloppe=annee).soldes().propose == D("9500.00")


def test_une_fusion_et_un_decoupage_quittent_le_grand_livre_comme_la_maquette(dote: Monde) -> None:
    un, deux, trois = dote.fiches
    for fiche in dote.fiches:
        poser(dote, fiche, "1000")
    un.refresh_from_db()
    deux.refresh_from_db()
    fusionner_fiches(
        Fusion(un, lignes_de(un), None, None, None), deux, version_lue=un.version,
        version_absorbee=deux.version, par=None,
    )  # fmt: skip
    assert _soldes(dote).propose == _maquette(dote)[1] == D("2000.00")
    trois.refresh_from_db()
    decouper_en_tranches(trois, [D(1), D(1)], version_lue=trois.version, par=None)
    assert _soldes(dote).propose == _maquette(dote)[1] == D("1000.00")


def test_un_projet_qui_change_de_theme_change_de_ligne(dote: Monde) -> None:
    un = dote.fiches[0]
    voirie, cadre = dote.dispositif.themes.order_by("ordre")
    poser(dote, un, "9000")
    lignes = diviser(_territoire(dote), [Ligne(voirie, None, D(9)), Ligne(cadre, None, D(8))], par=None)
    un.refresh_from_db()
    un.theme = cadre
    enregistrer_fiche(un, lignes_de(un), par=None, version_lue=un.version)
    propose = [Mouvement.objects.filter(enveloppe=ligne).soldes().propose for ligne in lignes]
    assert propose == [D("0.00"), D("9000.00")]


def test_le_vote_s_ecrit_a_la_signature_et_se_retire_avec_elle(dote: Monde) -> None:
    poser(dote, dote.fiches[0], "9000")
    scenario = actions.scenario_courant(dote.demarche)
    for geste in ("offrir", "accepter"):
        actions.changer_etat(scenario, geste, par=None)
    contrat = contrats.contrat_de(dote.demarche)
    type(contrat).objects.filter(pk=contrat.pk).update(etat="vote")
    contrat.refresh_from_db()
    emettre_version(contrat)
    for partie in contrat.parties.all():
        voter(partie, **EXECUTOIRE | {"numero": "CD-26-1"})
    contrats.faire_avancer(contrat, "ouvrir_signature", par=None)
    assert _soldes(dote).vote == D("9000.00")
    assert Mouvement.objects.get(stade="vote").acte == "CD-26-1"
    noeud = _territoire(dote)
    attribuer(noeud, Operation(D("500"), dote.fiches[0]), par=None)
    with pytest.raises(CreditRefuse, match="Le vote accorde"):
        attribuer(noeud, Operation(D("9000"), dote.fiches[0]), par=None)
    with pytest.raises(ContratRefuse, match="libérez-les"):
        contrats.faire_avancer(contrat, "reprendre_redaction", par=None)
    liberer(noeud, Operation(D("500"), dote.fiches[0]), par=None)
    contrats.faire_avancer(contrat, "reprendre_redaction", par=None)
    assert _soldes(dote).vote == D("0.00")


def test_sans_fonds_il_n_y_a_pas_de_grand_livre(monde: Monde) -> None:
    Fonds.objects.all().delete()
    poser(monde, monde.fiches[0], "9000")
    suivi.noter_vote(monde.demarche, par=None)
    assert not Mouvement.objects.exists()


def test_un_fonds_partage_apres_coup_devient_celui_qui_se_negocie(monde: Monde) -> None:
    Fonds.objects.filter(code="base").update(montant=None)
    poser(monde, monde.fiches[0], "9000")
    autre = Fonds.objects.create(
        dispositif=monde.dispositif, code="autre", libelle="Autre fonds", montant=D("500"), ordre=5,
        cle_repartition=[{"critere": "forfait", "poids": "1"}],
    )  # fmt: skip
    actions.recalculer_enveloppes(monde.dispositif, None)
    propres = Mouvement.objects.filter(stade="propose").sommes("enveloppe__fonds")
    assert {pk: s.propose for pk, s in propres.items() if s.propose} == {autre.pk: D("9000.00")}


@pytest.mark.parametrize("etat", ["travail", "accepte"])
def test_une_instance_d_avant_ouvre_son_grand_livre(monde: Monde, etat: str) -> None:
    """The migration, on rows written as if the ledger had not been there."""
    scenario = actions.scenario_courant(monde.demarche)
    fonds = Fonds.objects.get()
    for demarche in (monde.demarche, monde.voisine):
        PartEnveloppe.objects.create(demarche=demarche, fonds=fonds, critere="forfait", montant=D("25000.50"))
    Proposition.objects.bulk_create(
        Proposition(scenario=scenario, fiche=f, montant=D("1000.10"), annee=2026) for f in monde.fiches
    )
    Fiche.objects.filter(pk=monde.fiches[2].pk).update(fusionnee_dans=monde.fiches[1])
    type(scenario).objects.filter(pk=scenario.pk).update(etat=etat)
    contrat = contrats.contrat_de(monde.demarche)
    type(contrat).objects.filter(pk=contrat.pk).update(etat="signature")
    importlib.import_module("arpent.plateforme.negociations.migrations.0006_credits").ouvrir(apps, None)
    importlib.import_module("arpent.plateforme.contrats.migrations.0002_votes_au_grand_livre").ouvrir(
        apps, None
    )
    enveloppe, propose = _maquette(monde)
    convenu = propose if etat == "accepte" else D("0.00")
    assert _soldes(monde) == Soldes(enveloppe or D(0), propose, convenu, convenu)
    racine = _territoire(monde).parent
    assert racine is not None
    assert Mouvement.objects.all().de_la_branche(racine).soldes().alloue == D("100000.00")
    avant = Mouvement.objects.count()
    suivi.suivre_propositions(scenario, par=None)
    assert Mouvement.objects.count() == avant


def test_cinq_cents_lignes_s_ecrivent_en_peu_de_requetes(dote: Monde, django_assert_max_num_queries) -> None:
    from tests.plateforme import fabrique

    owner = dote.fiches[0].maitre_ouvrage
    fiches = [fabrique.fiche(dote.demarche, numero=100 + n, maitre_ouvrage=owner) for n in range(500)]
    scenario = actions.scenario_courant(dote.demarche)
    Proposition.objects.bulk_create(
        Proposition(scenario=scenario, fiche=f, montant=D("10.01"), annee=2026) for f in fiches
    )
    with django_assert_max_num_queries(15):
        suivi.suivre_propositions(scenario, par=None)
    assert _soldes(dote).propose == _maquette(dote)[1] == D("5005.00")
    with django_assert_max_num_queries(6):
        suivi.suivre_propositions(scenario, par=None, fiches=[fiches[0].pk])
