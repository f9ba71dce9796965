"""Fund by year: voted, committed, paid, expected; what does not hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from arpent.metier.apcp import FondsLu, Glissement, Paiement, TableauCredits, Vote, dresser
from arpent.metier.argent import ZERO

D = Decimal
JOUR = date(2026, 9, 1)
SANS = Glissement((), "Sans correction.")
BASE = FondsLu(
    "base", "Enveloppe de base", D("100000"),
    engages={2025: D("40000"), 2026: D("20000")},
    payes={2025: D("10000"), 2026: D("5000")},
    votes={2025: Vote(D("50000"), D("12000")), 2026: Vote(D("30000"), D("30000")), 2028: Vote(None, D("1"))},
    reste=[Paiement(date(2026, 12, 31), D("25000")), Paiement(date(2028, 6, 30), D("20000"))],
)  # fmt: skip


def codes(tableau: TableauCredits) -> list[tuple[str, int | None, bool]]:
    return [(a.code, a.annee, a.grave) for a in tableau.alertes]


def test_un_fonds_par_annee_sans_trou_entre_la_premiere_et_la_derniere() -> None:
    tableau = dresser([BASE], SANS, JOUR)
    assert tableau.annees == (2025, 2026, 2027, 2028)
    (ligne,) = tableau.fonds
    de_2026 = ligne.annees[1]
    assert (de_2026.engage, de_2026.paye, de_2026.prevu, de_2026.total) == (
        D("20000"), D("5000"), D("25000"), D("30000"),
    )  # fmt: skip
    assert de_2026.ecart == 0
    assert ligne.annees[2].ecart is None
    assert ligne.annees[2].ap is None


def test_le_reste_a_realiser_est_l_engage_moins_le_paye() -> None:
    (ligne,) = dresser([BASE], SANS, JOUR).fonds
    assert (ligne.engage, ligne.paye, ligne.reste_a_realiser) == (D("60000"), D("15000"), D("45000"))
    assert (ligne.ap, ligne.cp) == (D("80000"), D("42001"))


def test_un_fonds_sans_rien_se_dit_vide() -> None:
    rien = FondsLu("a", "A", D("5"))
    lus = dresser([BASE, rien, FondsLu("b", "B", reste=[Paiement(JOUR, D("1"))])], SANS, JOUR).fonds
    assert [f.est_vide for f in lus] == [False, True, False]


def test_le_total_est_celui_des_fonds() -> None:
    voirie = FondsLu("voirie", "Voirie", engages={2026: D("7")}, votes={2026: Vote(D("7"), D("7"))})
    total = dresser([BASE, voirie], SANS, JOUR).total
    assert (total.libelle, total.engage, total.ap, total.enveloppe) == (
        "Total", D("60007"), D("80007"), D("100000"),
    )  # fmt: skip


def test_l_intervalle_du_total_n_est_pas_la_somme_des_intervalles() -> None:
    glissement = Glissement((0, 0, 0, 0, 0, 400, 400, 400), "")
    un = FondsLu("a", "A", reste=[Paiement(date(2026, 10, 1), D("100"))])
    deux = FondsLu("b", "B", reste=[Paiement(date(2025, 10, 1), D("100"))])
    tableau = dresser([un, deux], glissement, JOUR)
    de_2026 = [f.annees[1].attendu for f in (*tableau.fonds, tableau.total)]
    assert [(a.bas, a.haut) for a in de_2026] == [
        (ZERO, D("100.00")), (D("100.00"), D("100.00")), (D("100.00"), D("200.00")),
    ]  # fmt: skip


def test_sans_rien_le_tableau_est_vide() -> None:
    tableau = dresser([FondsLu("a", "A")], SANS, JOUR)
    assert (tableau.annees, tableau.alertes, tableau.methode) == ((), (), "Sans correction.")
    assert tableau.total.ap is None


def test_un_fonds_qui_tient_n_a_pas_d_alerte() -> None:
    tenu = replace(BASE, votes=BASE.votes | {2028: Vote(None, D("20000"))})
    assert codes(dresser([tenu], SANS, JOUR)) == []


def test_les_credits_votes_trop_courts_pour_une_annee() -> None:
    tableau = dresser([BASE], SANS, JOUR)
    assert codes(tableau) == [("cp_annee", 2028, True)]
    assert "il manque 19\u202f999,00\u00a0€" in tableau.alertes[0].texte


def test_ap_au_dela_de_l_enveloppe_engage_au_dela_de_l_ap_cp_au_dela_de_l_ap() -> None:
    trop = FondsLu("a", "A", D("10"), engages={2026: D("12")}, votes={2026: Vote(D("11"), D("13"))})
    tableau = dresser([trop], SANS, JOUR)
    assert codes(tableau) == [("ap_enveloppe", None, True), ("engage_ap", None, True), ("cp_ap", None, True)]
    assert "1,00\u00a0€ de trop" in tableau.alertes[0].texte


def test_a_egalite_rien_ne_depasse() -> None:
    juste = FondsLu(
        "a", "A", D("10"), engages={2026: D("10")}, votes={2026: Vote(D("10"), D("10"))},
        reste=[Paiement(JOUR, D("10"))],
    )  # fmt: skip
    assert codes(dresser([juste], SANS, JOUR)) == []


def test_la_borne_haute_au_dela_des_cp_est_un_risque_pas_un_depassement() -> None:
    glissement = Glissement((0, 0, 0, 0, 0, 400, 400, 400), "")
    lu = FondsLu("a", "A", votes={2026: Vote(None, D("70"))}, reste=[Paiement(date(2026, 10, 1), D("100"))])
    tableau = dresser([lu], glissement, JOUR)
    assert codes(tableau) == [("cp_risque", 2026, False)]
    assert "30,00\u00a0€ pourraient manquer" in tableau.alertes[0].texte
    large = replace(lu, votes={2026: Vote(None, D("100"))})
    assert codes(dresser([large], glissement, JOUR)) == []
