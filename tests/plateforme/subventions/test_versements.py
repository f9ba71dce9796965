"""A request for payment, from its draft to its mandate; withholdings, repayments, the closed file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits.engagements import Operation, liberer
from arpent.plateforme.negociations.credits.registre import CreditRefuse
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion
from arpent.plateforme.subventions.models import Dossier, Retenue
from arpent.plateforme.subventions.versements import actions, pieces, suites
from arpent.plateforme.subventions.versements.actions import Certification, VersementRefuse
from arpent.plateforme.subventions.versements.compte import lire_compte
from arpent.plateforme.subventions.versements.suites import Demande
from tests.plateforme.negociations.conftest import Monde
from tests.plateforme.subventions import atelier_versements as atelier
from tests.plateforme.subventions.atelier_versements import LE, D, engage, paye

PNG = (
    b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"
    b"\x00\x00\x00\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\x00\x05\x00\x01\xff\x89\x99=\x1d\x00\x00\x00\x00IEND\xaeB`\x82"
)


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    atelier.regler(monde.dispositif)
    return atelier.dossier_notifie(monde.fiches[0])


def relu(dossier: Dossier) -> Dossier:
    return Dossier.objects.avec_contexte().get(pk=dossier.pk)


# --- from the draft to the mandate ----------------------------------------------------------------


def test_du_brouillon_au_mandat_le_paye_suit_au_grand_livre(dossier: Dossier) -> None:
    avance = atelier.payer(dossier, "avance", "6000")
    assert (avance.etat, avance.montant_paye, avance.exercice) == ("payee", D("6000.00"), 2026)
    assert (paye(dossier), engage(dossier)) == (D("6000.00"), D("20000.00"))
    mouvement = Mouvement.objects.filter(stade="paye").get()
    assert (mouvement.acte, mouvement.acte_le, mouvement.annee) == ("Mandat M-1", LE, 2026)
    acompte = atelier.payer(dossier, "acompte", "4000", "25000")
    assert acompte.calcul[0] == {
        "code": "justifie", "libelle": "Dépenses justifiées", "montant": "4000.00",
        "calcul": acompte.calcul[0]["calcul"], "source": "", "liante": True,
    }  # fmt: skip
    assert paye(dossier) == D("10000.00")
    assert Entree.objects.filter(geste="mettre_en_paiement").count() == 2
    assert Notification.objects.filter(sujet__contains="à mettre en paiement").exists()


def test_un_dossier_a_une_seule_demande_ouverte(dossier: Dossier) -> None:
    atelier.ouvrir(dossier, "avance", "6000")
    with pytest.raises(VersementRefuse, match="déjà une demande de versement en cours"):
        atelier.ouvrir(dossier, "acompte", "1")


def test_rien_ne_se_verse_avant_la_notification(dossier: Dossier) -> None:
    Dossier.objects.filter(pk=dossier.pk).update(etat="vote")
    with pytest.raises(VersementRefuse, match="Le dossier est « voté »"):
        atelier.ouvrir(dossier, "avance", "6000")


@pytest.mark.parametrize(
    ("genre", "montant", "depenses", "message"),
    [
        ("avance", "6000.01", None, "dépassent ce qui peut être versé, 6"),
        ("acompte", "100", None, "Écrivez le total des dépenses éligibles"),
        ("acompte", "900", "2250", "le minimum est de 1"),
        ("acompte", "16000.01", "50000", "Avance et acomptes, au total"),
        ("solde", "20000", "50000", "Joignez au moins une pièce. Attendues : Certificat d’achèvement."),
    ],
)
def test_le_depot_reste_dans_la_regle(
    dossier: Dossier, genre: str, montant: str, depenses: str | None, message: str
) -> None:
    with pytest.raises(VersementRefuse, match=message):
        atelier.deposer(dossier, genre, montant, depenses)


def test_sans_regle_saisie_l_agent_donne_la_raison(monde: Monde) -> None:
    dossier = atelier.dossier_notifie(monde.fiches[0])
    demande = atelier.deposer(dossier, "avance", "9000")
    with pytest.raises(VersementRefuse, match="ne donne pas le taux de l’avance"):
        actions.certifier(demande, Certification(D("9000")), par=None, le=LE)
    certifiee = actions.certifier(
        demande, Certification(D("9000"), raison="Usage du service"), par=None, le=LE
    )
    assert (certifiee.montant_certifie, certifiee.raison) == (D("9000"), "Usage du service")


def test_le_montant_certifie_tient_dans_les_depenses_retenues(dossier: Dossier) -> None:
    demande = atelier.deposer(dossier, "acompte", "10000", "25000")
    with pytest.raises(VersementRefuse, match="Écrivez les dépenses éligibles que vous retenez"):
        actions.certifier(demande, Certification(D("8000")), par=None, le=LE)
    with pytest.raises(VersementRefuse, match="dépassent ce qui peut être versé, 8"):
        actions.certifier(demande, Certification(D("8000.01"), D("20000")), par=None, le=LE)
    juste = Certification(D("8000"), D("20000"))
    assert actions.certifier(demande, juste, par=None, le=LE).etat == "certifiee"


@pytest.mark.parametrize(
    ("mandat", "mandat_le", "message"),
    [
        (" ", LE, "Écrivez le numéro du mandat"),
        ("M-1", LE + timedelta(days=1), "daté dans l’avenir"),
        ("M-1", LE - timedelta(days=1), "précède la certification du service fait, le 01/06/2026"),
    ],
)
def test_un_mandat_mal_date_est_refuse(dossier: Dossier, mandat: str, mandat_le: date, message: str) -> None:
    demande = atelier.certifier(dossier, "avance", "6000")
    with pytest.raises(VersementRefuse, match=message):
        actions.payer(demande, mandat, mandat_le, par=None, le=LE)
    assert paye(dossier) == 0


def test_un_versement_au_dela_de_l_engage_est_refuse_et_rien_n_est_ecrit(dossier: Dossier) -> None:
    demande = atelier.certifier(dossier, "avance", "6000")
    liberer(atelier.enveloppe_de(dossier.fiche), Operation(D("15000"), dossier.fiche), par=None)
    with pytest.raises(CreditRefuse, match="engagez d’abord la différence"):
        actions.payer(demande, "M-1", LE, par=None, le=LE)
    demande.refresh_from_db()
    assert (demande.etat, paye(dossier)) == ("certifiee", D("0.00"))


def test_un_paiement_ne_se_note_pas_deux_fois(dossier: Dossier) -> None:
    demande = atelier.certifier(dossier, "avance", "6000")
    avant = type(demande).objects.avec_contexte().get(pk=demande.pk)
    demande = actions.payer(demande, "M-1", LE, par=None, le=LE)
    with pytest.raises(ConflitDeVersion):
        actions.payer(avant, "M-2", LE, par=None, le=LE)
    avant.version = demande.version
    with pytest.raises(TransitionRefusee):
        actions.payer(avant, "M-2", LE, par=None, le=LE)
    assert paye(dossier) == D("6000.00")


def test_une_demande_renvoyee_se_complete_et_se_depose_a_nouveau(dossier: Dossier) -> None:
    demande = atelier.deposer(dossier, "avance", "6000")
    with pytest.raises(VersementRefuse, match="ce que le bénéficiaire doit compléter"):
        actions.completer(demande, " ", par=None)
    demande = actions.completer(demande, "Le RIB manque", par=None)
    assert (demande.etat, demande.complement) == ("a_completer", "Le RIB manque")
    changee = actions.modifier_demande(
        demande, {"montant_demande": D("5000")}, version_lue=demande.version, par=None
    )
    deposee = actions.deposer(changee, par=None, le=LE)
    assert (deposee.etat, deposee.complement, deposee.montant_demande) == ("deposee", "", D("5000"))
    with pytest.raises(VersementRefuse, match="elle ne se modifie plus"):
        actions.modifier_demande(deposee, {}, version_lue=deposee.version, par=None)


def test_un_refus_se_motive_et_laisse_la_place_a_une_autre_demande(dossier: Dossier) -> None:
    demande = atelier.deposer(dossier, "avance", "6000")
    with pytest.raises(VersementRefuse, match="Un refus se motive"):
        actions.refuser(demande, "", par=None)
    assert actions.refuser(demande, "Hors délai", par=None).fin_motif == "Hors délai"
    retiree = actions.retirer(atelier.ouvrir(dossier, "avance", "1"), "", par=None)
    assert (retiree.etat, retiree.numero) == ("retiree", 2)


def test_une_certification_reprise_efface_sa_retenue(dossier: Dossier) -> None:
    demande = atelier.certifier(dossier, "avance", "6000", retenue=D("500"), retenue_motif="Panneau absent")
    reprise = actions.reprendre(demande, "Erreur d’assiette", par=None)
    assert (reprise.etat, reprise.montant_certifie, reprise.calcul) == ("deposee", None, [])
    assert not Retenue.objects.exists()


# --- evidence -------------------------------------------------------------------------------------


def test_une_piece_se_joint_une_fois_et_se_retire_sans_s_effacer(dossier: Dossier) -> None:
    demande = atelier.ouvrir(dossier, "solde", "20000", "50000")
    piece = pieces.joindre(demande, Envoi("certificat.png", PNG), "Certificat", par=None)
    with pytest.raises(VersementRefuse, match="déjà joint"):
        pieces.joindre(demande, Envoi("autre.png", PNG), "", par=None)
    with pytest.raises(VersementRefuse):
        pieces.joindre(demande, Envoi("x.exe", b"MZ"), "", par=None)
    assert actions.deposer(demande, par=None, le=LE).etat == "deposee"
    with pytest.raises(VersementRefuse, match="ses pièces ne changent plus"):
        pieces.retirer_piece(piece, par=None)


def test_une_piece_retiree_reste_au_depot(dossier: Dossier) -> None:
    demande = atelier.ouvrir(dossier, "avance", "6000")
    piece = pieces.joindre(demande, Envoi("rib.png", PNG), "", par=None)
    assert piece.libelle == "rib.png"
    pieces.retirer_piece(piece, par=None)
    piece.refresh_from_db()
    assert piece.retiree_le is not None
    assert piece.fichier.storage.exists(piece.fichier.name)
    with pytest.raises(VersementRefuse, match="déjà retirée"):
        pieces.retirer_piece(piece, par=None)


# --- withholding ----------------------------------------------------------------------------------


def test_la_retenue_se_retire_du_paiement_puis_se_verse_une_fois_levee(dossier: Dossier) -> None:
    demande = atelier.payer(dossier, "avance", "6000", retenue=D("500"), retenue_motif="Panneau absent")
    assert (demande.montant_paye, paye(dossier)) == (D("5500.00"), D("5500.00"))
    assert lire_compte(relu(dossier)).payable("acompte", D("50000")).montant == D("10000.00")
    retenue = Retenue.objects.get()
    suites.lever_retenue(retenue, "Panneau posé", par=None, le=LE)
    assert lire_compte(relu(dossier)).payable("acompte", D("50000")).montant == D("10500.00")
    with pytest.raises(VersementRefuse, match="déjà levée"):
        suites.lever_retenue(retenue, "Encore", par=None, le=LE)


def test_une_retenue_au_dela_du_versement_est_refusee(dossier: Dossier) -> None:
    with pytest.raises(VersementRefuse, match="dépasse le versement"):
        atelier.certifier(dossier, "avance", "6000", retenue=D("6000.01"), retenue_motif="x")
    assert not Retenue.objects.exists()


def test_tout_retenir_ne_verse_rien_et_n_ecrit_rien(dossier: Dossier) -> None:
    demande = atelier.payer(dossier, "avance", "6000", retenue=D("6000"), retenue_motif="Pièce fausse")
    assert (demande.etat, demande.montant_paye, paye(dossier)) == ("payee", D("0.00"), D("0.00"))


# --- money that comes back ------------------------------------------------------------------------


def test_le_reversement_ne_se_retire_du_paye_qu_au_recouvrement(dossier: Dossier) -> None:
    atelier.payer(dossier, "avance", "6000")
    reversement = suites.demander_reversement(
        dossier, Demande("usage", D("2000"), "Salle vendue"), par=None, le=LE
    )
    assert paye(dossier) == D("6000.00")
    with pytest.raises(VersementRefuse, match="4\u202f000,00\u00a0€ ont été versés"):
        suites.demander_reversement(dossier, Demande("usage", D("4000.01"), "x"), par=None, le=LE)
    with pytest.raises(VersementRefuse, match="précède la demande"):
        suites.recouvrer(reversement, "T-1", LE - timedelta(days=1), par=None, le=LE)
    with pytest.raises(VersementRefuse, match="dans l’avenir"):
        suites.recouvrer(reversement, "T-1", LE + timedelta(days=1), par=None, le=LE)
    fait = suites.recouvrer(reversement, "T-1", LE, par=None, le=LE)
    assert (fait.etat, paye(dossier)) == ("recouvre", D("4000.00"))
    assert lire_compte(relu(dossier)).aide.verse == D("4000.00")


def test_un_reversement_abandonne_ne_change_rien(dossier: Dossier) -> None:
    atelier.payer(dossier, "avance", "6000")
    reversement = suites.demander_reversement(dossier, Demande("autre", D("1"), "Erreur"), par=None, le=LE)
    with pytest.raises(VersementRefuse, match="Dites pourquoi le reversement est abandonné"):
        suites.abandonner(reversement, "", par=None)
    assert suites.abandonner(reversement, "Erreur de saisie", par=None).etat == "abandonne"
    assert paye(dossier) == D("6000.00")


# --- closing --------------------------------------------------------------------------------------


def _jusqu_au_solde(dossier: Dossier, montant: str, depenses: str, **lu: Any) -> None:
    demande = atelier.ouvrir(dossier, "solde", montant, depenses)
    pieces.joindre(demande, Envoi("certificat.png", PNG), "Certificat", par=None)
    demande = actions.deposer(demande, par=None, le=LE)
    demande = actions.certifier(demande, Certification(D(montant), D(depenses), **lu), par=None, le=LE)
    actions.payer(demande, "M-9", LE, par=None, le=LE)


def test_un_dossier_solde_rend_ce_qui_n_est_pas_du(dossier: Dossier) -> None:
    with pytest.raises(VersementRefuse, match="Le solde n’est pas encore versé"):
        suites.solder(relu(dossier), par=None, le=LE)
    _jusqu_au_solde(dossier, "18000", "45000")
    solde = suites.solder(relu(dossier), par=None, le=LE)
    assert (solde.etat, solde.clos_le) == ("solde", LE)
    assert (paye(dossier), engage(dossier)) == (D("18000.00"), D("18000.00"))
    with pytest.raises(VersementRefuse, match="Le dossier est « soldé »"):
        atelier.ouvrir(dossier, "acompte", "1")


def test_un_dossier_ne_se_solde_pas_avec_une_retenue_une_demande_ou_un_reversement(dossier: Dossier) -> None:
    _jusqu_au_solde(dossier, "18000", "45000", retenue=Decimal("100"), retenue_motif="Photo absente")
    with pytest.raises(VersementRefuse, match="encore retenus"):
        suites.solder(relu(dossier), par=None, le=LE)
    suites.demander_reversement(dossier, Demande("autre", D("1"), "x"), par=None, le=LE)
    with pytest.raises(VersementRefuse, match="Un reversement est attendu"):
        suites.solder(relu(dossier), par=None, le=LE)
    atelier.ouvrir(dossier, "acompte", "1")
    with pytest.raises(VersementRefuse, match="Une demande de versement est en cours"):
        suites.solder(relu(dossier), par=None, le=LE)
