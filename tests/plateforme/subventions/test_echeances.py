"""Deadlines of awarded files: declared facts, extensions, alerts sent once, lapses in batch."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import ProtectedError

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.versions import ConflitDeVersion
from arpent.plateforme.subventions.echeances import actions
from arpent.plateforme.subventions.echeances.actions import Acte, Decision, EcheanceRefusee
from arpent.plateforme.subventions.echeances.alertes import prevenir
from arpent.plateforme.subventions.echeances.documents import (
    acte_de_prorogation,
    emettre_caducites,
    projet_de_caducites,
)
from arpent.plateforme.subventions.echeances.faits import situation_de
from arpent.plateforme.subventions.echeances.lecture import caducs_possibles, du_dispositif, situations
from arpent.plateforme.subventions.models import AlerteEcheance, Dossier, LotCaducite, Prorogation
from tests.plateforme.negociations.conftest import Monde
from tests.plateforme.subventions import atelier_versements as atelier
from tests.plateforme.subventions.atelier_versements import D, engage, paye

TARD = date(2028, 2, 3)
"""The day after the deadline of start: 2 February 2026 + 24 months."""
ACTE = Acte("CP_28_1", TARD)


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    atelier.regler(monde.dispositif)
    return relu(atelier.dossier_notifie(monde.fiches[0]))


def relu(dossier: Dossier) -> Dossier:
    return Dossier.objects.avec_contexte().get(pk=dossier.pk)


def demander(dossier: Dossier, mois: int = 6, le: date = date(2028, 1, 1)) -> Prorogation:
    return actions.demander_prorogation(dossier, "commencement", mois, "Fouilles", par=None, le=le)


# --- declared facts -------------------------------------------------------------------------------


def test_le_commencement_declare_ouvre_le_delai_d_achevement(dossier: Dossier) -> None:
    le = date(2026, 9, 1)
    lu = actions.declarer(dossier, debut_le=date(2026, 8, 15), acheve_le=None, par=None, le=le)
    debut, fin, _ = situation_de(lu, le).echeances
    assert (debut.etat.value, fin.le) == ("tenue", date(2030, 8, 15))
    assert Entree.objects.filter(geste="declarer_avancement").count() == 1


@pytest.mark.parametrize(
    ("debut_le", "acheve_le", "message"),
    [
        (date(2026, 9, 2), None, "Le commencement est daté dans l’avenir"),
        (date(2026, 8, 1), date(2026, 9, 2), "L’achèvement est daté dans l’avenir"),
        (None, date(2026, 8, 1), "Déclarez d’abord le commencement"),
        (date(2026, 8, 1), date(2026, 7, 1), "L’achèvement précède le commencement"),
        (None, None, "déjà déclarées"),
    ],
)
def test_des_dates_impossibles_sont_refusees(
    dossier: Dossier, debut_le: date | None, acheve_le: date | None, message: str
) -> None:
    with pytest.raises(EcheanceRefusee, match=message):
        actions.declarer(dossier, debut_le=debut_le, acheve_le=acheve_le, par=None, le=date(2026, 9, 1))


def test_rien_ne_se_declare_sur_un_dossier_clos(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(etat="solde")
    with pytest.raises(EcheanceRefusee, match="plus rien à déclarer"):
        actions.declarer(dossier, debut_le=date(2026, 8, 1), acheve_le=None, par=None, le=date(2026, 9, 1))


# --- more time ------------------------------------------------------------------------------------


def test_une_prorogation_accordee_repousse_le_delai(dossier: Dossier) -> None:
    prorogation = demander(dossier)
    with pytest.raises(EcheanceRefusee, match="déjà demandée"):
        demander(dossier)
    with pytest.raises(EcheanceRefusee, match="numéro de l’acte"):
        actions.accorder(prorogation, Decision(6), par=None, le=TARD)
    decision = Decision(4, "", "CP_28_3", TARD)
    accordee = actions.accorder(prorogation, decision, par=None, le=TARD)
    assert (accordee.etat, accordee.mois_accordes) == ("accordee", 4)
    assert situation_de(relu(dossier), TARD).echeances[0].le == date(2028, 6, 2)
    with pytest.raises(TransitionRefusee):
        actions.retirer(accordee, par=None)
    assert acte_de_prorogation(Prorogation.objects.get(), TARD).startswith(b"%PDF-")


def test_la_prorogation_reste_dans_le_maximum_du_reglement(dossier: Dossier) -> None:
    with pytest.raises(EcheanceRefusee, match="permet 12 mois de prorogation"):
        demander(dossier, 13)
    prorogation = demander(dossier, 12)
    with pytest.raises(EcheanceRefusee, match="permet 12 mois"):
        actions.accorder(prorogation, Decision(13, "", "CP_28_3", TARD), par=None, le=TARD)


def test_un_refus_de_prorogation_se_motive(dossier: Dossier) -> None:
    prorogation = demander(dossier)
    with pytest.raises(EcheanceRefusee, match="Un refus se motive"):
        actions.refuser(prorogation, " ", par=None, le=TARD)
    assert actions.refuser(prorogation, "Délai suffisant", par=None, le=TARD).etat == "refusee"
    assert actions.retirer(demander(dossier), par=None).etat == "retiree"


# --- alerts ---------------------------------------------------------------------------------------


def _instant(jour: date) -> datetime:
    return datetime(jour.year, jour.month, jour.day, 9, tzinfo=UTC)


def test_une_alerte_part_une_fois_par_seuil(monde: Monde, dossier: Dossier) -> None:
    agent = atelier.secretaire(dossier)
    limite = date(2028, 2, 2)
    assert prevenir(_instant(limite - timedelta(days=91))) == 0
    assert prevenir(_instant(limite - timedelta(days=80))) == 1
    assert prevenir(_instant(limite - timedelta(days=79))) == 0
    assert prevenir(_instant(limite - timedelta(days=3))) == 1
    assert [a.seuil for a in AlerteEcheance.objects.order_by("pk")] == [90, 7]
    lues = Notification.objects.filter(destinataire_id=agent.pk, rubrique="echeances").order_by("pk")
    assert [x.texte.rpartition(" : ")[2] for x in lues] == ["il reste 80 jours.", "il reste 3 jours."]
    assert Notification.objects.filter(destinataire_id=monde.chef.pk, rubrique="echeances").count() == 2


def test_le_dernier_jour_se_dit(dossier: Dossier) -> None:
    agent = atelier.secretaire(dossier)
    prevenir(_instant(date(2028, 2, 2)))
    assert Notification.objects.get(destinataire_id=agent.pk).texte.endswith("c’est le dernier jour.")


# --- lapses ---------------------------------------------------------------------------------------


def test_les_caducites_prononcees_rendent_ce_qui_n_est_pas_verse(monde: Monde, dossier: Dossier) -> None:
    autre = atelier.dossier_notifie(monde.fiches[1], "10000")
    atelier.payer(dossier, "avance", "6000")
    lot = actions.prononcer_caducites(
        monde.dispositif, [relu(dossier), relu(autre)], ACTE, par=monde.chef, le=TARD
    )
    lignes = list(lot.lignes.order_by("pk"))
    assert [(x.montant_attribue, x.montant_verse, x.montant_libere) for x in lignes] == [
        (D("20000.00"), D("6000.00"), D("14000.00")),
        (D("10000.00"), D("0.00"), D("10000.00")),
    ]
    assert (paye(dossier), engage(dossier), engage(autre)) == (D("6000.00"), D("6000.00"), D("0.00"))
    clos = relu(autre)
    assert (clos.etat, clos.caducite_le, clos.clos_le) == ("caduc", TARD, TARD)
    emis = emettre_caducites(lot, par=monde.chef, le=TARD)
    assert emis.donnees["numero"] == "CP_28_1"
    assert len(emis.donnees["lignes"]) == 2


def test_un_dossier_qui_ne_peut_pas_tomber_arrete_tout_le_lot(monde: Monde, dossier: Dossier) -> None:
    autre = relu(atelier.dossier_notifie(monde.fiches[1], "10000", notifie_le=date(2027, 1, 1)))
    with pytest.raises(EcheanceRefusee, match="n’est plus hors délai"):
        actions.prononcer_caducites(monde.dispositif, [dossier, autre], ACTE, par=None, le=TARD)
    assert not LotCaducite.objects.exists()
    assert (relu(dossier).etat, engage(dossier)) == ("notifie", D("20000.00"))


def test_une_demande_de_versement_en_cours_retient_la_caducite(monde: Monde, dossier: Dossier) -> None:
    atelier.deposer(dossier, "avance", "6000")
    with pytest.raises(EcheanceRefusee, match="a une demande de versement en cours"):
        actions.prononcer_caducites(monde.dispositif, [relu(dossier)], ACTE, par=None, le=TARD)


def test_un_dossier_change_depuis_la_liste_est_un_conflit(monde: Monde, dossier: Dossier) -> None:
    avant = relu(dossier)
    actions.declarer(dossier, debut_le=date(2028, 2, 1), acheve_le=None, par=None, le=TARD)
    with pytest.raises(ConflitDeVersion):
        actions.prononcer_caducites(monde.dispositif, [avant], ACTE, par=None, le=TARD)


@pytest.mark.parametrize(
    ("acte", "choisis", "message"),
    [
        (replace(ACTE, numero=" "), True, "Écrivez le numéro de l’acte"),
        (replace(ACTE, le=TARD + timedelta(days=1)), True, "daté dans l’avenir"),
        (ACTE, False, "Cochez au moins un dossier"),
    ],
)
def test_un_acte_de_caducite_incomplet_est_refuse(
    monde: Monde, dossier: Dossier, acte: Acte, choisis: bool, message: str
) -> None:
    with pytest.raises(EcheanceRefusee, match=message):
        actions.prononcer_caducites(monde.dispositif, [dossier] if choisis else [], acte, par=None, le=TARD)


def test_un_acte_ne_sert_qu_une_fois_et_ses_dossiers_restent(monde: Monde, dossier: Dossier) -> None:
    actions.prononcer_caducites(monde.dispositif, [dossier], ACTE, par=None, le=TARD)
    autre = relu(atelier.dossier_notifie(monde.fiches[1], "10000"))
    with pytest.raises(EcheanceRefusee, match="a déjà prononcé"):
        actions.prononcer_caducites(monde.dispositif, [autre], ACTE, par=None, le=TARD)
    with pytest.raises(ProtectedError):
        relu(dossier).delete()


def test_la_liste_dit_ce_qu_il_faut_examiner(monde: Monde, dossier: Dossier) -> None:
    atelier.payer(dossier, "avance", "6000")
    demander(relu(dossier))
    (ligne,) = caducs_possibles(situations(du_dispositif(monde.dispositif), TARD))
    assert (ligne.verse, ligne.a_rendre) == (D("6000.00"), D("14000.00"))
    assert "une prorogation est demandée" in ligne.reserve
    assert "une part est déjà versée" in ligne.reserve
    assert projet_de_caducites(monde.dispositif, [ligne], TARD).startswith(b"%PDF-")


def test_suivre_les_echeances_coute_autant_de_requetes_pour_un_ou_dix(
    monde: Monde, dossier: Dossier, django_assert_num_queries: Any
) -> None:
    for fiche in monde.fiches[1:]:
        atelier.dossier_notifie(fiche, "1000")
    atelier.payer(dossier, "avance", "6000")
    with django_assert_num_queries(5):
        assert len(caducs_possibles(situations(du_dispositif(monde.dispositif), TARD))) == 3
    assert Mouvement.objects.exists()
