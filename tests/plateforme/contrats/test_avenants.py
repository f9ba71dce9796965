"""Avenants: what one changes when it is in force, what stops it, what it leaves alone until then."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.avenants import Genre, comparer
from arpent.metier.cycles import TransitionRefusee
from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.contrats.avenants import actions, proposition, vigueur
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.examen import examiner
from arpent.plateforme.contrats.avenants.lecture import AvenantRefuse, base_de, etat_consolide
from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
from arpent.plateforme.contrats.avenants.votes_avenant import votes_de_l_avenant
from arpent.plateforme.contrats.lecture_votes import lire_votes
from arpent.plateforme.contrats.models import Avenant, Contrat, Partie, VersionAvenant, Vote
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.registre import Ecriture, inscrire
from arpent.plateforme.negociations.models import Genre as GenreCredit
from arpent.plateforme.negociations.models import Mouvement, Proposition
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import signer_exemplaire
from tests.plateforme.contrats.conftest import (
    AUJOURD_HUI,
    EFFET,
    EXECUTOIRE,
    LE,
    conclure,
    mettre_en_signature,
    preparer,
    signer,
)
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")


def montant(fiche: Fiche, aide: str, motif: str = "") -> Saisie:
    return Saisie(Genre.MONTANT, fiche=fiche, montant=Decimal(aide), motif=motif)


def ajout(fiche: Fiche, aide: str = "5000.00", annee: int = 2027) -> Saisie:
    return Saisie(Genre.AJOUT, entrante=fiche, montant=Decimal(aide), annee=annee)


def votes_par_fiche(monde: Monde) -> dict[int, Decimal]:
    lus = Mouvement.objects.filter(stade="vote", enveloppe__demarche=monde.demarche).sommes("fiche")
    return {pk: s.vote for pk, s in lus.items() if s.vote}


def aides_du_contrat(contrat: Contrat) -> dict[int, Decimal]:
    return {int(x.cle): x.aide for x in etat_consolide(contrat).etat.lignes}


# --- the whole way --------------------------------------------------------------------------------


def test_un_avenant_simple_change_la_maquette_le_grand_livre_et_la_fiche(
    accord: Monde, en_vigueur: Contrat
) -> None:
    avant = etat_consolide(en_vigueur).etat
    avenant = signer(preparer(en_vigueur, montant(accord.fiches[1], "17000.01", "Aléa de chantier")))
    assert avenant.piste == "simple"
    assert votes_par_fiche(accord)[accord.fiches[1].pk] == Decimal("15000.01")  # not before it is in force
    avenant = vigueur.mettre_en_vigueur(avenant, par=accord.chef, le=AUJOURD_HUI)
    assert (avenant.etat, avenant.numero, avenant.acte) == ("en_vigueur", 1, "2026-A-1")
    assert votes_par_fiche(accord) == aides_du_contrat(en_vigueur)
    fiche = Fiche.objects.get(pk=accord.fiches[1].pk)
    assert fiche.aide_accordee == Decimal("17000.01")
    assert Proposition.objects.get(fiche=fiche, scenario__est_courant=True).montant == Decimal("17000.01")
    mouvement = Mouvement.objects.filter(fiche=fiche, stade="vote").latest("pk")
    assert (mouvement.montant, mouvement.acte, mouvement.acte_le) == (Decimal(2000), "2026-A-1", EFFET)
    # the signed version never moves, and the day before the effect neither
    assert base_de(en_vigueur) == avant
    assert etat_consolide(en_vigueur, date(2026, 5, 31)).etat == avant
    assert Entree.objects.filter(geste="mettre_avenant_en_vigueur").count() == 1
    places = dict(accord.demarche.places.values_list("code", "resume"))
    assert places["contrat"] == "en vigueur, avenant 1"
    assert places["realisation"] == "2 projets, 27 000 €"


def test_un_projet_entre_un_autre_sort(accord: Monde, en_vigueur: Contrat) -> None:
    sortante, entrante = accord.fiches[0], accord.fiches[2]
    avenant = conclure(
        preparer(
            en_vigueur,
            Saisie(Genre.REMPLACEMENT, fiche=sortante, entrante=entrante, montant=Decimal(8000), annee=2027),
        )
    )
    assert avenant.piste == "commission"
    lu = etat_consolide(en_vigueur)
    assert {x.numero for x in lu.etat.lignes} == {"2", "3"}
    assert lu.traces[str(entrante.pk)].origine == "avenant-1"
    assert lu.traces[str(sortante.pk)].sortie == "avenant-1"
    assert votes_par_fiche(accord) == aides_du_contrat(en_vigueur)
    assert Fiche.objects.get(pk=entrante.pk).etat == "contractualisee"
    assert Fiche.objects.get(pk=sortante.pk).aide_accordee is None
    vu = comparer(base_de(en_vigueur), lu.etat)
    assert (vu.total.nombre_avant, vu.total.nombre_apres) == (2, 2)


def test_le_maitre_d_ouvrage_qui_arrive_devient_partie_a_l_entree_en_vigueur(
    accord: Monde, en_vigueur: Contrat
) -> None:
    nouveau = fabrique.organisation("commune", "Commune qui arrive")
    saisie = Saisie(Genre.MAITRE_OUVRAGE, fiche=accord.fiches[1], organisation=nouveau)
    avenant = signer(preparer(en_vigueur, saisie))
    partie = Partie.objects.get(organisation=nouveau)
    assert partie not in en_vigueur.parties.en_cours()
    vigueur.mettre_en_vigueur(avenant, par=None, le=AUJOURD_HUI)
    assert partie in en_vigueur.parties.en_cours()
    assert partie not in en_vigueur.parties.d_origine()
    assert Fiche.objects.get(pk=accord.fiches[1].pk).maitre_ouvrage == nouveau


# --- what stops one -------------------------------------------------------------------------------


def test_un_mouvement_sur_une_ligne_retiree_par_un_autre_avenant_est_refuse(
    accord: Monde, en_vigueur: Contrat
) -> None:
    conclure(preparer(en_vigueur, Saisie(Genre.RETRAIT, fiche=accord.fiches[0])))
    suivant = preparer(en_vigueur)
    with pytest.raises(AvenantRefuse, match="déjà été retiré du contrat par l’avenant n°\u00a01"):
        actions.ecrire_mouvement(suivant, montant(accord.fiches[0], "12000.00"), par=None)


def test_un_conflit_avec_un_avenant_propose_est_nomme(accord: Monde, en_vigueur: Contrat) -> None:
    proposition.proposer(preparer(en_vigueur, montant(accord.fiches[1], "16000.00")), par=None, le=LE)
    autre = preparer(en_vigueur, Saisie(Genre.RETRAIT, fiche=accord.fiches[1]))
    with pytest.raises(AvenantRefuse, match="que vous retirez, est changé par l’avenant n°\u00a01"):
        proposition.proposer(autre, par=None, le=LE)
    assert Avenant.objects.get(pk=autre.pk).numero is None
    assert not VersionAvenant.objects.filter(avenant=autre).exists()


def test_les_memes_credits_ne_servent_pas_deux_fois(accord: Monde, en_vigueur: Contrat) -> None:
    """25 000 € are allocated out of 40 000 €: each of these fits, both do not."""
    a = preparer(en_vigueur, montant(accord.fiches[1], "24000.01"))
    b = preparer(en_vigueur, ajout(accord.fiches[2], "9000.00"))
    proposition.proposer(a, par=None, le=LE)
    with pytest.raises(AvenantRefuse, match="les mêmes crédits serviraient deux fois"):
        proposition.proposer(b, par=None, le=LE)


@pytest.mark.parametrize(
    ("aide", "effet", "raison"),
    [
        ("90000.00", EFFET, "L’enveloppe de 40\u202f000,00"),
        ("200000.00", EFFET, "dépasse son coût"),
        ("16000.00", date(2026, 2, 1), "précède celle du contrat"),
        ("16000.00", date(2030, 1, 1), "Le contrat prend fin le"),
        ("16000.00", None, "pas de date d’effet"),
    ],
)
def test_ce_qui_ne_tient_pas_est_refuse_a_la_proposition(
    accord: Monde, en_vigueur: Contrat, aide: str, effet: date | None, raison: str
) -> None:
    avenant = preparer(en_vigueur, montant(accord.fiches[1], aide), effet=effet)
    with pytest.raises(AvenantRefuse, match=raison):
        proposition.proposer(avenant, par=None, le=LE)
    assert Avenant.objects.get(pk=avenant.pk).etat == "preparation"


def test_le_plafond_du_reglement_demande_un_motif(accord: Monde, en_vigueur: Contrat) -> None:
    """70 % of the cost is already paid by the State: 10 % is all that is left for this one."""
    saisie = montant(accord.fiches[0], "12000.00")
    with pytest.raises(AvenantRefuse, match="dépasse l’aide maximale possible"):
        proposition.proposer(preparer(en_vigueur, saisie), par=None, le=LE)
    motive = preparer(en_vigueur, montant(accord.fiches[0], "12000.00", "Dérogation du préfet"))
    assert "Par dérogation motivée" in examiner(motive, LE).alertes[0]
    assert proposition.proposer(motive, par=None, le=LE).numero == 1


def test_une_aide_ne_descend_pas_sous_ce_qui_est_engage(accord: Monde, en_vigueur: Contrat) -> None:
    fiche = accord.fiches[1]
    noeud = Mouvement.objects.filter(fiche=fiche, stade="vote").latest("pk").enveloppe
    inscrire([Ecriture(noeud, Stade.ALLOUE, GenreCredit.DOTATION, Decimal(40_000))], par=None)
    attribuer(noeud, Operation(Decimal(10_000), fiche, 2026), par=None)
    avenant = preparer(en_vigueur, montant(fiche, "9000.00"))
    with pytest.raises(AvenantRefuse, match="sont déjà engagés"):
        proposition.proposer(avenant, par=None, le=LE)


def test_un_avenant_ne_change_qu_un_contrat_en_vigueur(au_vote: Contrat) -> None:
    with pytest.raises(AvenantRefuse, match="ne change qu’un contrat en vigueur"):
        preparer(au_vote)


def test_un_avenant_ne_vaut_pas_pour_le_passe(accord: Monde, en_vigueur: Contrat) -> None:
    circuit = mettre_en_signature(preparer(en_vigueur, montant(accord.fiches[1], "16000.00")))
    with pytest.raises(AvenantRefuse, match="précède la signature"):
        signer_exemplaire(circuit, date(2026, 6, 2))
    assert not circuit.emplacements.exclude(etat="attendue").exists()
    signer_exemplaire(circuit, EFFET)
    assert Avenant.objects.get().signe_le == EFFET


def test_il_attend_sa_date_d_effet(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = signer(preparer(en_vigueur, montant(accord.fiches[1], "16000.00"), effet=date(2026, 9, 1)))
    with pytest.raises(AvenantRefuse, match="prend effet le 01/09/2026"):
        vigueur.mettre_en_vigueur(avenant, par=None, le=AUJOURD_HUI)
    vigueur.mettre_en_vigueur(avenant, par=None, le=date(2026, 9, 1))
    assert etat_consolide(en_vigueur, date(2026, 8, 31)).appliques == ()


# --- frozen, and its votes ------------------------------------------------------------------------


def test_propose_il_est_fige_et_en_vigueur_il_l_est_pour_toujours(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = proposition.proposer(
        preparer(en_vigueur, montant(accord.fiches[1], "16000.00")), par=None, le=AUJOURD_HUI
    )
    with pytest.raises(AvenantRefuse, match="reprenez sa préparation"):
        actions.ecrire_mouvement(avenant, montant(accord.fiches[0], "9000.00"), par=None)
    avenant = actions.reprendre(avenant, par=None)
    avenant = conclure(avenant)
    assert avenant.numero == 1
    assert [v.numero for v in avenant.versions.all()] == [2, 1]
    for geste in (
        lambda: actions.ecrire_mouvement(avenant, montant(accord.fiches[0], "9000.00"), par=None),
        lambda: actions.enregistrer_avenant(
            avenant, {"objet": "x", "date_effet": EFFET}, version_lue=avenant.version, par=None
        ),
    ):
        with pytest.raises(AvenantRefuse, match="il ne change plus"):
            geste()
    for autre in (
        lambda: actions.reprendre(avenant, par=None),
        lambda: actions.abandonner(avenant, "x", par=None),
    ):
        with pytest.raises(TransitionRefusee, match="définitif"):
            autre()


def test_changer_un_avenant_vote_rend_ses_votes_caducs(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur, ajout(accord.fiches[2]))
    avenant = vigueur.soumettre(proposition.proposer(avenant, par=None, le=LE), par=None)
    partie = avenant.concernees.get(role="autorite")
    vote, _ = enregistrer_vote(partie, EXECUTOIRE, par=None, le=LE, avenant=avenant)
    assert vote.avenant_vote == avenant.versions.get()
    avenant = actions.reprendre(avenant, par=None)
    rang = avenant.mouvements.get()
    saisie = ajout(accord.fiches[2], "6000.00")
    actions.ecrire_mouvement(avenant, saisie, par=None, mouvement=rang, version_lue=rang.version)
    avenant = vigueur.soumettre(proposition.proposer(avenant, par=None, le=LE), par=None)
    vote.refresh_from_db()
    assert len(vote.ecarts) == 2
    assert "6\u202f000,00" in vote.ecarts[0]
    with pytest.raises(AvenantRefuse, match="La signature reste fermée"):
        ouvrir_signature(avenant, par=None, le=LE)


def test_les_votes_du_contrat_et_de_l_avenant_ne_se_melangent_pas(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur, ajout(accord.fiches[2]))
    avenant = vigueur.soumettre(proposition.proposer(avenant, par=None, le=LE), par=None)
    autorite = avenant.concernees.get(role="autorite")
    assert all(v.vote is None for v in votes_de_l_avenant(avenant, LE))
    enregistrer_vote(autorite, EXECUTOIRE, par=None, le=LE, avenant=avenant)
    (du_contrat,) = lire_votes(Partie.objects.filter(pk=autorite.pk), LE)
    assert du_contrat.vote is not None
    assert du_contrat.vote.avenant is None
    assert Vote.objects.filter(partie=autorite).count() == 2


def test_la_commission_ne_fait_voter_que_les_parties_concernees(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = proposition.proposer(preparer(en_vigueur, ajout(accord.fiches[2])), par=None, le=LE)
    roles = {p.organisation.nom: p.role for p in avenant.concernees.select_related("organisation")}
    assert accord.demarche.autorite.nom in roles
    assert accord.fiches[2].maitre_ouvrage.nom in roles
    assert accord.fiches[0].maitre_ouvrage.nom not in roles
    autre = next(p for p in en_vigueur.parties.d_origine() if p.organisation.nom not in roles)
    avenant = vigueur.soumettre(avenant, par=None)
    with pytest.raises(Exception, match="n’a pas à voter cet avenant"):
        enregistrer_vote(autre, EXECUTOIRE, par=None, le=LE, avenant=avenant)


# --- several at once, stale saves -----------------------------------------------------------------


def test_deux_avenants_disjoints_entrent_tous_deux_sans_mouvement_perdu(
    accord: Monde, en_vigueur: Contrat
) -> None:
    a = signer(preparer(en_vigueur, montant(accord.fiches[1], "16000.00")))
    b = signer(preparer(en_vigueur, montant(accord.fiches[0], "9000.00")))
    # each was read before the other entered: the second one is read again under the lock
    for avenant in (b, a):
        vigueur.mettre_en_vigueur(avenant, par=None, le=AUJOURD_HUI)
    assert etat_consolide(en_vigueur).refus == ()
    assert sorted(aides_du_contrat(en_vigueur).values()) == [Decimal("9000.00"), Decimal("16000.00")]
    assert votes_par_fiche(accord) == aides_du_contrat(en_vigueur)
    with pytest.raises(TransitionRefusee):
        vigueur.mettre_en_vigueur(a, par=None, le=AUJOURD_HUI)


def test_plusieurs_petits_actes_simples_ne_contournent_pas_le_seuil(
    accord: Monde, en_vigueur: Contrat
) -> None:
    conclure(preparer(en_vigueur, montant(accord.fiches[1], "17000.00")))
    suivant = preparer(en_vigueur, montant(accord.fiches[1], "19000.00"))
    assert examiner(suivant, LE).piste.piste == "commission"


def test_une_saisie_perimee_n_ecrase_rien(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = preparer(en_vigueur, montant(accord.fiches[1], "16000.00"))
    row = avenant.mouvements.get()
    nouvelle = montant(accord.fiches[1], "16500.00")
    actions.ecrire_mouvement(avenant, nouvelle, par=None, mouvement=row, version_lue=1)
    with pytest.raises(ConflitDeVersion) as conflit:
        actions.ecrire_mouvement(
            avenant, montant(accord.fiches[1], "17000.00"), par=None, mouvement=row, version_lue=1
        )
    assert "16\u202f500,00" in conflit.value.ecarts[0].en_base
    assert "17\u202f000,00" in conflit.value.ecarts[0].propose
    assert avenant.mouvements.get().apres["montant"] == "16500.00"


def test_un_abandon_se_motive_et_rend_ses_credits(accord: Monde, en_vigueur: Contrat) -> None:
    avenant = proposition.proposer(preparer(en_vigueur, ajout(accord.fiches[2], "9000.00")), par=None, le=LE)
    with pytest.raises(AvenantRefuse, match="pourquoi"):
        actions.abandonner(avenant, " ", par=None)
    actions.abandonner(avenant, "Projet reporté", par=None)
    assert not Partie.objects.filter(entree=avenant).exists()
    proposition.proposer(preparer(en_vigueur, montant(accord.fiches[1], "24000.01")), par=None, le=LE)
