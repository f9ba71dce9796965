"""The votes of the parties: noted, refused, lapsed; what they open and what they keep shut."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.assemblage import assembler, contrat_doc
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat, Partie, Vote
from arpent.plateforme.contrats.votes import VoteRefuse
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.models import Notification
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import (
    EXECUTOIRE,
    LE,
    VOTE_LE,
    deliberer,
    emettre_version,
    etat_du_vote,
    porteur,
    voter,
)
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers")


# --- noting ---------------------------------------------------------------------------------------


def test_un_vote_note_donne_son_visa_au_contrat(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    voter(partie)
    partie.refresh_from_db()
    assert (partie.deliberation_numero, partie.deliberation_le) == ("2026-12", VOTE_LE)
    assert etat_du_vote(partie) is EtatVote.EXECUTOIRE
    assert Entree.objects.filter(geste="noter_vote").count() == 1


def test_un_vote_porte_sur_la_derniere_version_si_rien_n_est_dit(au_vote: Contrat) -> None:
    derniere = emettre_version(au_vote)
    assert voter(porteur(au_vote)).version_votee == derniere


def test_un_vote_rejete_ne_donne_pas_de_visa(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    voter(partie, **EXECUTOIRE | {"sens": "rejetee"})
    partie.refresh_from_db()
    assert partie.deliberation_numero == ""
    assert etat_du_vote(partie) is EtatVote.SANS_SUITE


def test_un_vote_sans_quorum_est_garde_et_ne_donne_pas_de_visa(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    voter(partie, **EXECUTOIRE | {"en_exercice": 20, "presents": 9, "representes": 5})
    partie.refresh_from_db()
    assert partie.deliberation_numero == ""
    assert etat_du_vote(partie) is EtatVote.IRREGULIERE


def test_la_commission_permanente_de_l_autorite_compte_les_representes(au_vote: Contrat) -> None:
    autorite = au_vote.parties.get(role="autorite")
    presence = {"en_exercice": 26, "presents": 12, "representes": 2}
    vote = voter(autorite, **EXECUTOIRE | presence | {"type_assemblee": "commission_permanente"})
    assert etat_du_vote(autorite) is EtatVote.EXECUTOIRE
    voter(autorite, vote=vote, type_assemblee="seance_pleniere")
    assert etat_du_vote(autorite) is EtatVote.IRREGULIERE


@pytest.mark.parametrize(
    ("valeurs", "champ"),
    [
        ({"transmise_le": date(2026, 2, 1)}, "transmise_le"),
        ({"convoquee_le": date(2026, 2, 3)}, "adoptee_le"),
        ({"publiee_le": date(2026, 4, 1)}, "publiee_le"),
        ({"en_exercice": 5, "presents": 6}, "presents"),
        ({"presents": 6, "ecartes": 7}, "ecartes"),
        ({"presents": 6, "ecartes": 1, "pour": 6}, "pour"),
        ({"type_assemblee": "commission_permanente"}, "type_assemblee"),
    ],
)
def test_ce_qui_est_impossible_est_refuse_a_son_champ(
    au_vote: Contrat, valeurs: dict[str, object], champ: str
) -> None:
    with pytest.raises(VoteRefuse) as refus:
        voter(porteur(au_vote), **EXECUTOIRE | valeurs)
    assert [c for c, _ in refus.value.par_champ] == [champ]
    assert not Vote.objects.exists()


def test_une_seance_ne_se_note_pas_pendant_la_redaction(contrat: Contrat) -> None:
    emettre_version(contrat)
    with pytest.raises(VoteRefuse, match="soumettez-le au vote"):
        voter(porteur(contrat))
    voter(porteur(contrat), attendue_le=date(2026, 4, 1))
    assert etat_du_vote(porteur(contrat)) is EtatVote.A_CONVOQUER


def test_une_seance_sans_version_emise_est_refusee(accord: Monde, contrat: Contrat) -> None:
    actions.faire_avancer(contrat, "soumettre_au_vote", par=accord.chef)
    with pytest.raises(VoteRefuse, match="Générez d’abord la version"):
        voter(porteur(contrat))


def test_un_second_vote_attend_que_le_premier_soit_sans_suite(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    vote = voter(partie)
    with pytest.raises(ContratRefuse, match="déjà suivi"):
        voter(partie)
    voter(partie, vote=vote, sens="ajournee")
    with pytest.raises(VoteRefuse, match="déjà noté"):
        voter(partie)
    voter(partie, **EXECUTOIRE | {"numero": "2026-13"})
    partie.refresh_from_db()
    assert partie.deliberation_numero == "2026-13"


def test_l_etat_signe_sans_deliberation(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    Organisation.objects.filter(pk=partie.organisation_id).update(nature="etat")
    assert etat_du_vote(partie) is EtatVote.SANS_OBJET
    with pytest.raises(ContratRefuse, match="signe sans délibération"):
        voter(partie)


def test_une_association_engage_des_l_adoption(au_vote: Contrat) -> None:
    partie = porteur(au_vote)
    Organisation.objects.filter(pk=partie.organisation_id).update(nature="association")
    voter(partie, numero="CA-4", adoptee_le=VOTE_LE, sens="adoptee", type_assemblee="autre")
    assert etat_du_vote(partie) is EtatVote.EXECUTOIRE


# --- signature ------------------------------------------------------------------------------------


def test_la_signature_dit_partie_par_partie_ce_qui_la_retient(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    vote = Vote.objects.get(partie=porteur(au_vote))
    voter(porteur(au_vote), vote=vote, publiee_le=None)
    nom = porteur(au_vote).organisation.nom
    with pytest.raises(ContratRefuse, match=f"{nom} : la délibération n’est pas encore exécutoire"):
        actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef)
    vote.refresh_from_db()
    voter(porteur(au_vote), vote=vote, publiee_le=date(2026, 2, 5), en_exercice=20, presents=4)
    with pytest.raises(ContratRefuse, match=f"{nom} : Le quorum n’est pas atteint"):
        actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef)
    vote.refresh_from_db()
    voter(porteur(au_vote), vote=vote, presents=14)
    assert actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef).etat == "signature"


def test_une_version_a_signer_ne_sort_pas_sans_ses_visas(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    contrat = actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef)
    vote = Vote.objects.get(partie=porteur(contrat))
    voter(porteur(contrat), vote=vote, sens="rejetee")
    with pytest.raises(ContratRefuse, match="n’a pas adopté le contrat"):
        actions.generer(contrat, accord.chef)
    assert contrat.versions.count() == 1


def test_une_fois_le_contrat_en_vigueur_seul_l_accuse_se_complete(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    Contrat.objects.filter(pk=au_vote.pk).update(etat="en_vigueur")
    vote = Vote.objects.get(partie=porteur(au_vote))
    voter(porteur(au_vote), vote=vote, accuse="048-1", recue_le=date(2026, 2, 4))
    vote.refresh_from_db()
    assert vote.accuse == "048-1"
    with pytest.raises(ContratRefuse, match="ne changent plus"):
        voter(porteur(au_vote), vote=vote, pour=12)


# --- lapse ----------------------------------------------------------------------------------------


def changer(fiche: Fiche, montant: str) -> None:
    """Another aid for a project, as a new round of negotiation would give it."""
    fiche.propositions.filter(scenario__est_courant=True).update(montant=Decimal(montant))


def test_un_montant_change_rend_les_votes_caducs_et_dit_lequel(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    changer(accord.fiches[0], "8000")
    with pytest.raises(ContratRefuse, match="Le contrat a changé depuis la version 1"):
        actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef)
    maire = fabrique.agent("agent_epci", accord.demarche, pour=porteur(au_vote).organisation)
    actions.generer(au_vote, accord.chef)
    partie = porteur(au_vote)
    assert etat_du_vote(partie) is EtatVote.CADUQUE
    vote = Vote.objects.get(partie=partie)
    assert any(
        "aide : 8\u202f000,00\u00a0€ au lieu de 9\u202f999,99\u00a0€" in ligne for ligne in vote.ecarts
    )
    assert partie.deliberation_numero == ""
    assert (
        Notification.objects.filter(destinataire_id=maire.pk, sujet="Un vote du contrat est caduc").count()
        == 1
    )
    with pytest.raises(ContratRefuse, match=f"{partie.organisation.nom} : le contrat a changé depuis"):
        actions.faire_avancer(au_vote, "ouvrir_signature", par=accord.chef)
    assert not any("2026-12" in v for v in au_vote.versions.get(numero=2).donnees["visas"])


def test_une_version_identique_garde_les_votes(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    actions.generer(au_vote, accord.chef)
    assert set(Vote.objects.values_list("version_votee__numero", flat=True)) == {1}
    assert etat_du_vote(porteur(au_vote)) is EtatVote.EXECUTOIRE


def test_revenir_a_ce_qui_fut_vote_releve_les_votes(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    changer(accord.fiches[0], "8000")
    actions.generer(au_vote, accord.chef)
    changer(accord.fiches[0], "9999.99")
    actions.generer(au_vote, accord.chef)
    assert etat_du_vote(porteur(au_vote)) is EtatVote.EXECUTOIRE
    assert porteur(au_vote).deliberation_numero == "2026-12"


def test_les_visas_et_le_signataire_ne_defont_pas_un_vote(accord: Monde, au_vote: Contrat) -> None:
    deliberer(au_vote)
    partie = porteur(au_vote)
    valeurs = {"signataire": "Mme Martin", "qualite": "présidente"}
    actions.enregistrer_partie(partie, valeurs, version_lue=partie.version, par=accord.chef)
    actions.generer(au_vote, accord.chef)
    assert etat_du_vote(partie) is EtatVote.EXECUTOIRE


def test_le_contrat_cite_l_acte_qui_tient(accord: Monde, au_vote: Contrat) -> None:
    modele = accord.dispositif.modele_contrat
    modele["visas"].append(
        {"code": "d", "texte": "Vu la délibération {{ deliberation_autorite_reference }} ;",
         "condition": "deliberation_autorite_date"}
    )  # fmt: skip
    accord.dispositif.save()
    assert not any("délibération" in v.texte for v in contrat_doc(_complet(accord), version="").visas)
    voter(au_vote.parties.get(role="autorite"), **EXECUTOIRE | {"numero": "CD-26-1042"})
    assert any("CD-26-1042" in v.texte for v in contrat_doc(_complet(accord), version="").visas)


def _complet(accord: Monde):  # type: ignore[no-untyped-def]
    return assembler(accord.demarche, LE, complet=True)


def test_une_partie_qui_a_vote_reste_dans_la_liste(accord: Monde, au_vote: Contrat) -> None:
    autre = Partie.objects.create(
        contrat=au_vote, organisation=fabrique.organisation("commune"), role="signataire", ordre=9
    )
    voter(autre)
    contrat = actions.faire_avancer(au_vote, "reprendre_redaction", par=accord.chef)
    actions.completer_parties(contrat, par=accord.chef)
    assert Partie.objects.filter(pk=autre.pk).exists()
