"""The vote of a party: state, next step, what keeps the signature closed."""

from dataclasses import replace
from datetime import date

import pytest

from arpent.metier.assemblees import DEPARTEMENT
from arpent.metier.deliberation import Acte
from arpent.metier.votes import LIBELLES_VOTE, SUITES, EtatVote, examiner

LE, SEANCE, PREVUE = date(2026, 6, 1), date(2026, 3, 12), date(2026, 6, 20)
ADOPTEE = Acte(adoptee_le=SEANCE, sens="adoptee")
COMPLETE = replace(ADOPTEE, transmise_le=date(2026, 3, 13), publiee_le=date(2026, 3, 14))


@pytest.mark.parametrize(
    ("acte", "etat"),
    [
        (Acte(), EtatVote.A_CONVOQUER),
        (Acte(convoquee_le=LE), EtatVote.CONVOQUEE),
        (ADOPTEE, EtatVote.ADOPTEE),
        (replace(ADOPTEE, transmise_le=SEANCE), EtatVote.TRANSMISE),
        (COMPLETE, EtatVote.EXECUTOIRE),
        (replace(COMPLETE, sens="rejetee"), EtatVote.SANS_SUITE),
        (replace(COMPLETE, en_exercice=11, presents=5), EtatVote.IRREGULIERE),
        (replace(COMPLETE, pour=3, contre=4), EtatVote.IRREGULIERE),
    ],
)
def test_l_etat_du_vote_suit_l_acte(acte, etat):
    assert examiner(acte, LE).etat is etat


def test_un_contrat_change_rend_le_vote_caduc_et_dit_quoi():
    examen = examiner(COMPLETE, LE, changements=["Enveloppe : 2 € au lieu de 1 €"])
    assert examen.etat is EtatVote.CADUQUE
    assert examen.executoire_le is None
    assert "Enveloppe : 2 € au lieu de 1 €" in examen.blocage("Chirac")


def test_un_vote_rejete_ne_devient_pas_caduc():
    examen = examiner(replace(COMPLETE, sens="ajournee"), LE, changements=["Préambule modifié"])
    assert (examen.etat, examen.changements) == (EtatVote.SANS_SUITE, ())


def test_l_etat_signe_sans_assemblee():
    examen = examiner(Acte(), LE, requis=False)
    assert examen.etat is EtatVote.SANS_OBJET
    assert examen.ouvre_la_signature
    assert examen.blocage("État") == ""


@pytest.mark.parametrize(
    ("acte", "attendu"),
    [
        (Acte(), "Chirac : la délibération manque"),
        (Acte(convoquee_le=LE), "n’a pas encore voté"),
        (ADOPTEE, "il reste à la transmettre au contrôle de légalité et à la publier"),
        (replace(ADOPTEE, publiee_le=SEANCE), "il reste à la transmettre au contrôle de légalité."),
        (replace(ADOPTEE, recue_le=SEANCE), "il reste à la publier"),
        (replace(COMPLETE, sens="rejetee"), "n’a pas adopté le contrat"),
        (replace(COMPLETE, en_exercice=11, presents=5), "Chirac : Le quorum n’est pas atteint"),
    ],
)
def test_ce_qui_bloque_la_signature_nomme_la_partie(acte, attendu):
    examen = examiner(acte, LE)
    assert attendu in examen.blocage("Chirac")
    assert not examen.ouvre_la_signature


def test_un_vote_executoire_ouvre_la_signature_a_sa_date():
    examen = examiner(COMPLETE, LE)
    assert (examen.ouvre_la_signature, examen.blocage("Chirac"), examen.suite) == (True, "", "")
    assert examen.executoire_le == date(2026, 3, 14)


def test_une_convocation_trop_courte_se_dit_avant_la_seance():
    prevue = Acte(convoquee_le=date(2026, 6, 17), habitants=5_000)
    (remarque,) = examiner(prevue, LE, attendue_le=PREVUE).remarques
    assert "ne pouvait se réunir avant le 23/06/2026" in remarque.texte
    assert examiner(replace(prevue, convoquee_le=date(2026, 6, 10)), LE, attendue_le=PREVUE).remarques == ()


def test_les_rapports_d_une_seance_pleniere_se_comptent_avant_elle():
    prevue = Acte(convoquee_le=date(2026, 6, 17), regime=DEPARTEMENT)
    (remarque,) = examiner(prevue, LE, attendue_le=PREVUE).remarques
    assert remarque.source == "CGCT, art. L3121-19"


def test_une_seance_prevue_avant_sa_convocation_est_impossible():
    (remarque,) = examiner(Acte(convoquee_le=date(2026, 6, 21)), LE, attendue_le=PREVUE).remarques
    assert (remarque.champ, remarque.impossible) == ("attendue_le", True)


def test_la_prevision_ne_se_verifie_plus_une_fois_la_seance_tenue():
    assert examiner(replace(ADOPTEE, convoquee_le=date(2026, 2, 1)), LE, attendue_le=SEANCE).remarques == ()


@pytest.mark.parametrize(
    ("acte", "attendue_le", "retard"),
    [
        (Acte(), None, False),
        (Acte(), PREVUE, False),
        (Acte(), date(2026, 5, 31), True),
        (COMPLETE, date(2026, 2, 1), False),
    ],
)
def test_un_vote_attendu_pour_un_jour_passe_est_en_retard(acte, attendue_le, retard):
    assert examiner(acte, LE, attendue_le=attendue_le).en_retard(LE) is retard


def test_chaque_etat_a_son_mot_et_sa_suite():
    assert set(LIBELLES_VOTE) == set(SUITES) == set(EtatVote)
