"""A grant file from its draft to the notification: what each gesture keeps, refuses, moves in the ledger."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.cycles import TransitionRefusee
from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits.restes import moins_les_rendus, rendus_par_fiche, restes_rendus
from arpent.plateforme.negociations.credits.suivi import noter_vote as suivre_le_vote
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import PieceJointe
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.socle.versions import ConflitDeVersion
from arpent.plateforme.subventions.dossiers import actions, decisions, instruction, pieces, rapports
from arpent.plateforme.subventions.dossiers.actions import DossierIncomplet, DossierRefuse
from arpent.plateforme.subventions.dossiers.calcul import silence_du
from arpent.plateforme.subventions.models import Dossier, LigneRapport, RapportCommission
from tests.plateforme.contrats.atelier_signature import petit_pdf

from .conftest import LE, Bureau

SEANCE = date(2026, 7, 20)


def soldes(dossier: Dossier) -> Soldes:
    return Mouvement.objects.filter(fiche=dossier.fiche_id).soldes()


def rapport(bureau: Bureau, *dossiers: Dossier, numero: str = "CP-26-118") -> RapportCommission:
    valeurs = {"numero": numero, "objet": "Aides", "assemblee": "Commission permanente", "seance_le": SEANCE}
    ouvert = rapports.creer_rapport(bureau.monde.demarche.autorite, valeurs, par=bureau.instructeur)
    rapports.ajouter(ouvert, [d.pk for d in dossiers], par=bureau.instructeur)
    ouvert.refresh_from_db()
    return rapports.inscrire(ouvert, par=bureau.instructeur, le=LE)


def voter(bureau: Bureau, *dossiers: Dossier, **votes: Any) -> RapportCommission:
    inscrit = rapport(bureau, *dossiers)
    lignes = {x.pk: rapports.VoteLigne("adoptee", **votes) for x in inscrit.lignes.all()}
    return rapports.noter_vote(inscrit, "CP_26_301", SEANCE, lignes, pour=12, par=bureau.instructeur)


def test_le_dossier_part_prerempli_du_contrat_et_de_la_fiche(bureau: Bureau) -> None:
    fiche = bureau.fiches[0]
    PieceJointe.objects.create(
        fiche=fiche, nature="devis", titre="Devis", fichier="pieces/x.pdf", nom_fichier="devis.pdf",
        type_mime="application/pdf", taille=10, sha256="0" * 64, deposee_par_nom="Mairie",
    )  # fmt: skip
    dossier = actions.ouvrir_dossier(bureau.monde.demarche, fiche.pk, par=bureau.secretaire, le=LE)
    assert dossier.reference == "2026-1"
    assert dossier.montant_contractualise == dossier.montant_demande == Decimal("9999.99")
    assert [(f.financeur, f.montant) for f in dossier.financements.all()] == [("etat", Decimal(70_000))]
    (reprise,) = pieces.reprendre_de_la_fiche(dossier, par=None)
    assert (reprise.code, reprise.fichier.name, reprise.origine_id is None) == (
        "devis",
        "pieces/x.pdf",
        False,
    )
    assert pieces.reprendre_de_la_fiche(dossier, par=None) == []
    with pytest.raises(DossierRefuse, match="déjà un dossier"):
        actions.ouvrir_dossier(bureau.monde.demarche, fiche.pk, par=None, le=LE)
    with pytest.raises(DossierRefuse, match="pas d’aide au contrat"):
        actions.ouvrir_dossier(bureau.monde.demarche, bureau.fiches[2].pk, par=None, le=LE)


def test_le_depot_dit_tout_ce_qui_manque_et_garde_le_brouillon(bureau: Bureau) -> None:
    dossier = bureau.ouvrir(stade="", cout_reel_ht=None, montant_demande=Decimal("10000"))
    with pytest.raises(DossierIncomplet) as refus:
        actions.deposer(bureau.relire(dossier), par=None, le=LE)
    assert [m.champ for m in refus.value.manques] == [
        "stade", "cout_reel_ht", "montant_demande", "piece_devis", "piece_rib",
    ]  # fmt: skip
    garde = bureau.relire(dossier)
    assert (garde.etat, garde.assiette_reelle) == ("brouillon", Decimal(90_000))
    with pytest.raises(ConflitDeVersion):
        actions.modifier_dossier(garde, {"stade": "devis"}, [], version_lue=1, par=None)


def test_au_stade_des_marches_le_devis_n_est_pas_demande(bureau: Bureau) -> None:
    dossier = bureau.ouvrir(stade="marches")
    bureau.joindre(dossier, "rib")
    depose = actions.deposer(bureau.relire(dossier), par=bureau.secretaire, le=LE)
    assert (depose.etat, depose.depose_le, depose.annee) == ("depose", LE, 2026)
    assert Notification.objects.filter(destinataire_id=bureau.instructeur.pk, rubrique="dossiers").exists()
    with pytest.raises(DossierRefuse, match="ne se modifie plus"):
        actions.modifier_dossier(depose, {}, [], version_lue=depose.version, par=None)
    with pytest.raises(DossierRefuse, match="ses pièces ne changent plus"):
        bureau.joindre(depose, "rib")


def test_un_meme_fichier_ne_se_joint_pas_deux_fois(bureau: Bureau) -> None:
    dossier = bureau.ouvrir()
    bureau.joindre(dossier, "rib")
    with pytest.raises(DossierRefuse, match="déjà joint"):
        bureau.joindre(dossier, "rib")
    with pytest.raises(DossierRefuse, match="n’est plus attendue"):
        bureau.joindre(dossier, "inconnue")
    with pytest.raises(DossierRefuse, match=r"virus\.exe"):
        pieces.joindre(dossier, "rib", Envoi("virus.exe", b"MZ\x00"), par=None)
    piece = dossier.pieces.get()
    pieces.retirer_piece(piece, par=None)
    assert dossier.pieces.get().etat == "retiree"


def test_une_piece_demandee_suspend_puis_le_dossier_revient(bureau: Bureau) -> None:
    dossier = bureau.depose()
    rib = dossier.pieces.get(code="rib")
    with pytest.raises(DossierRefuse, match="date à venir"):
        pieces.refuser_piece(rib, "Illisible", echeance=LE, par=None, le=LE)
    pieces.refuser_piece(rib, "Illisible", echeance=date(2026, 7, 16), par=bureau.instructeur, le=LE)
    dossier = bureau.relire(dossier)
    assert dossier.etat == "a_completer"
    assert Notification.objects.filter(
        destinataire_id=bureau.secretaire.pk, texte__contains="Illisible"
    ).exists()
    with pytest.raises(DossierIncomplet, match="RIB"):
        actions.deposer(dossier, par=None, le=LE)
    demande = dossier.demandes.get()
    with pytest.raises(DossierRefuse, match="Joignez le fichier"):
        pieces.repondre(demande, " ", None, par=None, le=LE)
    autre = petit_pdf() + b"\n%autre"
    pieces.repondre(
        demande, "Le voici", Envoi("rib2.pdf", autre), par=bureau.secretaire, le=date(2026, 7, 11)
    )
    demande.refresh_from_db()
    with pytest.raises(DossierRefuse, match="déjà sa réponse"):
        pieces.lever_demande(demande, par=None, le=LE)
    dossier = actions.deposer(bureau.relire(dossier), par=bureau.secretaire, le=date(2026, 7, 11))
    assert (dossier.depose_le, dossier.etat) == (LE, "depose")
    silence = silence_du(dossier, dossier.demandes.all(), LE)
    assert silence is not None
    assert (silence.le, silence.jours_suspendus) == (date(2026, 9, 11), 10)


def test_l_accuse_demande_que_chaque_piece_soit_acceptee(bureau: Bureau) -> None:
    dossier = bureau.depose()
    with pytest.raises(DossierIncomplet, match="Devis ; RIB"):
        instruction.accuser(dossier, par=None, le=LE)
    assert pieces.accepter_tout(dossier, par=bureau.instructeur) == 2
    complet = instruction.accuser(bureau.relire(dossier), par=bureau.instructeur, le=LE)
    assert (complet.etat, complet.complet_le) == ("complet", LE)
    (accuse,) = DocumentEmis.objects.filter(objet_type="subventions.dossier", objet_id=str(dossier.pk))
    assert accuse.donnees["accuse"]["silence_le"] == "2026-09-01"
    assert accuse.donnees["accuse"]["pieces"] == ["Devis", "RIB"]
    with pytest.raises(DossierRefuse, match="s’examinent entre"):
        pieces.demander_piece(complet, "rib", "Encore", echeance=SEANCE, par=None, le=LE)


def test_la_proposition_tient_dans_le_calcul(bureau: Bureau) -> None:
    dossier = bureau.complet()
    for montant, motif, mot in (
        ("9999.99", "", "Taux du contrat"),
        ("10000", "", "avenant"),
        ("8000", "", "écrivez pourquoi"),
    ):
        with pytest.raises(DossierRefuse, match=mot):
            instruction.proposer(dossier, Decimal(montant), motif, par=None, le=LE)
        dossier = bureau.relire(dossier)
    propose = instruction.proposer(dossier, Decimal("8999.99"), "", par=bureau.instructeur, le=LE)
    assert (propose.etat, propose.montant_propose) == ("propose", Decimal("8999.99"))
    assert [b["liante"] for b in propose.calcul if b["code"] == "taux"] == [True]
    repris = instruction.reprendre(propose, par=None)
    assert (repris.etat, repris.montant_propose, repris.calcul) == ("complet", None, [])


def test_des_travaux_commences_trop_tot_arretent_la_proposition(bureau: Bureau) -> None:
    dossier = bureau.complet(debut_le=date(2026, 6, 1))
    with pytest.raises(DossierRefuse, match="avant d’y être autorisés"):
        instruction.proposer(dossier, Decimal("8999.99"), "", par=None, le=LE)
    dossier = bureau.relire(dossier)
    with pytest.raises(DossierRefuse, match="peuvent déjà commencer"):
        instruction.autoriser_le_commencement(dossier, SEANCE, "Urgence", par=None)
    dossier = instruction.autoriser_le_commencement(
        bureau.relire(dossier), date(2026, 5, 1), "Péril", par=bureau.instructeur
    )
    propose = instruction.proposer(dossier, Decimal("8999.99"), "", par=None, le=LE)
    assert propose.debut_autorise_motif == "Péril"


def test_le_vote_engage_l_aide_et_rend_le_reste_a_l_enveloppe(bureau: Bureau) -> None:
    dossier = bureau.propose("8999.99")
    avant = soldes(dossier)
    assert (avant.vote, avant.convenu, avant.engage) == (Decimal("9999.99"), Decimal("9999.99"), Decimal(0))
    inscrit = voter(bureau, dossier)
    assert inscrit.etat == "vote"
    dossier = bureau.relire(dossier)
    assert (dossier.etat, dossier.decision, dossier.vote_le) == ("vote", "CP_26_301", SEANCE)
    assert (dossier.montant_attribue, dossier.montant_rendu) == (Decimal("8999.99"), Decimal("1000.00"))
    apres = soldes(dossier)
    assert (apres.vote, apres.convenu, apres.engage) == (Decimal("8999.99"),) * 3
    (reste,) = restes_rendus(bureau.monde.demarche)
    assert (reste.montant, reste.acte, reste.acte_le) == (Decimal("1000.00"), "CP_26_301", SEANCE)
    # what follows of the maquette (an avenant on another project) does not take it back
    suivre_le_vote(bureau.monde.demarche, par=None)
    assert soldes(dossier).vote == Decimal("8999.99")
    assert rendus_par_fiche(bureau.monde.demarche) == {dossier.fiche_id: Decimal("1000.00")}
    assert Entree.objects.filter(geste="rendre_reste").count() == 1


@pytest.mark.parametrize(
    ("ligne", "rendu", "engage", "compte"),
    [("100", "20", "80", "80"), ("80", "20", "80", "80"), ("120", "20", "80", "100"), ("50", "0", "0", "50")],
)
def test_un_avenant_ne_rend_pas_deux_fois_le_reste(ligne: str, rendu: str, engage: str, compte: str) -> None:
    nets = moins_les_rendus({1: Decimal(ligne)}, {1: Decimal(rendu)}, {1: Decimal(engage)})
    assert nets == {1: Decimal(compte)}


def test_un_vote_que_le_registre_refuse_n_ecrit_rien(bureau: Bureau) -> None:
    dossier = bureau.propose("8999.99")
    with pytest.raises(DossierRefuse, match="ne dépasse pas l’aide proposée"):
        voter(bureau, dossier, montant=Decimal("9000"))
    inscrit = RapportCommission.objects.get()
    bureau.monde.dispositif.fonds.get().enveloppes.update(ouverte=False)
    with pytest.raises(DossierRefuse, match="n’est pas ouverte"):
        rapports.noter_vote(inscrit, "CP_26_301", SEANCE, {}, par=None)
    assert (bureau.relire(dossier).etat, soldes(dossier).engage) == ("propose", Decimal(0))
    assert RapportCommission.objects.get().etat == "inscrit"


def test_un_dossier_ajourne_revient_a_une_autre_seance(bureau: Bureau) -> None:
    un, deux = bureau.propose("8999.99"), bureau.propose("13500", 1, "Moins de travaux")
    inscrit = rapport(bureau, un, deux)
    with pytest.raises(DossierRefuse, match="porte ce dossier"):
        instruction.reprendre(bureau.relire(un), par=None)
    with pytest.raises(DossierRefuse, match="retirez-le d’abord"):
        rapports.ajouter(inscrit, [un.pk], par=None)
    lignes = {x.dossier_id: x.pk for x in inscrit.lignes.all()}
    votes = {lignes[un.pk]: rapports.VoteLigne("ajournee"), lignes[deux.pk]: rapports.VoteLigne("rejetee")}
    rapports.noter_vote(inscrit, "CP_26_301", SEANCE, votes, par=None)
    assert [bureau.relire(d).etat for d in (un, deux)] == ["propose", "rejete"]
    assert bureau.relire(deux).fin_motif == "Rejeté par la décision CP_26_301."
    suivant = rapport(bureau, un, numero="CP-26-200")
    assert LigneRapport.objects.filter(dossier=un).count() == 2
    with pytest.raises(DossierRefuse, match="existe déjà"):
        rapport(bureau, numero="CP-26-200")
    rapports.reprendre_rapport(suivant, par=None)
    suivant.refresh_from_db()
    rapports.retirer_ligne(suivant, suivant.lignes.get(), par=None)
    suivant.refresh_from_db()
    with pytest.raises(DossierRefuse, match="est vide"):
        rapports.inscrire(suivant, par=None, le=LE)


def test_la_notification_emet_la_lettre_du_montant_attribue(bureau: Bureau) -> None:
    dossier = bureau.propose("8999.99")
    voter(bureau, dossier)
    notifie = decisions.notifier_l_aide(bureau.relire(dossier), par=bureau.instructeur, le=LE)
    assert (notifie.etat, notifie.notifie_le) == ("notifie", LE)
    lettre = DocumentEmis.objects.filter(genre="lettre d’attribution").first()
    assert lettre is not None
    acte = lettre.donnees["acte"]
    assert (acte["aide"], acte["assiette"], acte["decision"]["numero"]) == (
        "8999.99", "90000.00", "CP_26_301",
    )  # fmt: skip
    assert (acte["dossier"], acte["dossier_recu_le"]) == ("2026-1", "2026-07-01")
    lu = decisions.lettre_de(notifie)
    assert lu is not None
    assert lu.version == 1
    assert Notification.objects.filter(destinataire_id=bureau.secretaire.pk, sujet__contains="aide").exists()


def test_un_dossier_rejete_ou_retire_libere_la_ligne(bureau: Bureau) -> None:
    dossier = bureau.depose()
    with pytest.raises(DossierRefuse, match="se motive"):
        instruction.rejeter(dossier, " ", par=None, le=LE)
    rejete = instruction.rejeter(bureau.relire(dossier), "Hors règlement", par=None, le=LE)
    with pytest.raises(TransitionRefusee):
        actions.retirer(rejete, "", par=None, le=LE)
    second = bureau.ouvrir()
    assert second.reference == "2026-2"
    retire = actions.retirer(bureau.relire(second), "Reporté", par=None, le=LE)
    assert (retire.etat, retire.clos_le) == ("retire", LE)
