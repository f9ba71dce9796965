"""Balances of an envelope, and each rule on both sides of its limit."""

from __future__ import annotations

from decimal import Decimal as D

import pytest

from arpent.metier.repartition.soldes import (
    LIBELLES_STADE,
    Soldes,
    Stade,
    Tranche,
    refus_division,
    refus_dotation,
    refus_dotation_du_fonds,
    refus_engagement,
    refus_liberation,
    refus_montant,
    refus_ouverture,
    refus_report,
    refus_reversement,
    refus_versement,
    refus_virement,
    somme,
)

S = Soldes(D("1000.00"), D("800.00"), D("700.00"), D("600.00"), D("500.00"), D("200.00"))


def test_les_restes_se_lisent_de_stade_en_stade() -> None:
    restes = (S.reste_a_proposer, S.reste_a_convenir, S.reste_a_voter, S.reste_a_engager, S.reste_a_payer)
    assert restes == (D("200.00"), D("100.00"), D("100.00"), D("500.00"), D("300.00"))
    assert S.libre == D("300.00")
    assert S.tient
    assert set(LIBELLES_STADE) == set(Stade)


@pytest.mark.parametrize(
    "faux",
    [Soldes(D(-1)), Soldes(engage=D(1)), Soldes(D(9), engage=D(1), paye=D(2)), Soldes(D(9), paye=D(-1))],
)
def test_un_plafond_passe_se_voit(faux: Soldes) -> None:
    assert not faux.tient


def test_les_soldes_s_additionnent_et_se_lisent_au_centime() -> None:
    lus = Soldes.depuis({"alloue": D("0.300000000000000"), "paye": D("0.1")})
    assert lus == Soldes(D("0.30"), paye=D("0.10"))
    assert somme([lus, lus, S])["alloue"] == D("1000.60")
    assert somme([]) == Soldes()


@pytest.mark.parametrize(("montant", "refuse"), [("0.01", False), ("0", True), ("-1", True), ("0.015", True)])
def test_un_montant_est_positif_au_centime(montant: str, refuse: bool) -> None:
    assert bool(refus_montant(D(montant))) is refuse


def test_une_dotation_ne_descend_pas_sous_ses_engagements() -> None:
    assert refus_dotation(Soldes(D(5), engage=D(5)), "Nord") == ""
    assert "« Nord » n’aurait plus que 4,00" in refus_dotation(Soldes(D(4), engage=D(5)), "Nord")
    assert refus_dotation(Soldes(D("-0.01")), "Nord")


def test_un_fonds_ne_reprend_pas_ce_qu_il_a_donne() -> None:
    propre = Soldes(alloue=D(20), engage=D(5))
    assert refus_dotation_du_fonds(D(85), D(-15), propre, "Base") == ""
    assert "au moins 85,00" in refus_dotation_du_fonds(D(84), D(-16), propre, "Base")


def test_les_lignes_tiennent_dans_ce_qui_reste() -> None:
    assert refus_division(S, D("500.00")) == ""
    assert "il reste 500,00" in refus_division(S, D("500.01"))
    assert "il reste 0,00" in refus_division(Soldes(engage=D(3)), D(1))


def _virement(montant: str, *, deja: str = "0", limite: str | None = "0.25", niveau: bool = True) -> str:
    taux = None if limite is None else D(limite)
    return refus_virement(D(montant), S, deja_vire=D(deja), limite=taux, meme_niveau=niveau)


def test_un_virement_reste_dans_la_part_fongible() -> None:
    assert _virement("250.00") == ""
    assert "limitée à 25 %" in _virement("250.01").replace("\u00a0", " ")
    # 200 already left: the line had 1 200, a quarter of it is 300.
    assert _virement("100.00", deja="200") == ""
    assert "au plus 100,00" in _virement("100.01", deja="200")
    assert "au plus 0,00" in _virement("1", deja="900", limite="0.1")


def test_un_virement_laisse_ce_qui_est_convenu() -> None:
    assert _virement("300.00", limite="1") == ""
    assert "Il reste 300,00" in _virement("300.01", limite="1")
    promis = Soldes(D(10), convenu=D(12))
    assert "Il reste 0,00" in refus_virement(
        D(1), promis, deja_vire=D(0), limite=D(1), meme_niveau=True
    )  # fmt: skip


def test_un_virement_demande_une_limite_et_une_voisine() -> None:
    assert "n’est pas fongible" in _virement("1", limite=None)
    assert "ligne voisine" in _virement("1", niveau=False)


def test_un_report_va_a_l_annee_suivante_et_laisse_l_engage() -> None:
    assert refus_report(D("500.00"), S, annee=2026, vers=2027) == ""
    assert "Il reste 500,00" in refus_report(D("500.01"), S, annee=2026, vers=2027)
    assert "Il reste 0,00" in refus_report(D(1), Soldes(engage=D(1)), annee=2026, vers=2027)
    assert "n’a pas d’année" in refus_report(D(1), S, annee=None, vers=2027)
    assert "se reporte sur 2027" in refus_report(D(1), S, annee=2026, vers=2028)


def test_une_tranche_attend_ses_soeurs() -> None:
    fermee = Tranche("2028", ouverte=False, taux=D("0.5"))
    assert refus_ouverture(fermee, Soldes(D(100), engage=D(50))) == ""
    assert "engagés : elles le sont à 49 %" in refus_ouverture(
        fermee, Soldes(D(100), engage=D(49))
    ).replace("\u00a0", " ")  # fmt: skip
    assert refus_ouverture(fermee, Soldes()) == ""
    assert refus_ouverture(Tranche("2028", ouverte=False), Soldes(D(100))) == ""
    assert "déjà ouverte" in refus_ouverture(Tranche("2026"), Soldes())


def test_un_engagement_tient_dans_l_enveloppe_et_dans_le_vote() -> None:
    ouverte = [Tranche("Fonds"), Tranche("Nord")]
    assert refus_engagement(D("500.00"), S, ouverte) == ""
    assert "Il reste 500,00" in refus_engagement(D("500.01"), S, ouverte)
    assert "Il reste 0,00" in refus_engagement(D(1), Soldes(engage=D(2)), [])
    assert refus_engagement(D(40), S, ouverte, vote=D(100), engage_du_vote=D(60)) == ""
    assert "au plus 40,00" in refus_engagement(D(41), S, ouverte, vote=D(100), engage_du_vote=D(60))
    assert "au plus 0,00" in refus_engagement(D(1), S, ouverte, vote=D(100), engage_du_vote=D(101))
    assert "voté sur « Voirie »" in refus_engagement(D(1), S, ouverte, vote_ailleurs="Voirie")
    assert refus_engagement(D(1), S, ouverte, vote=D(100), vote_ailleurs="Voirie") == ""


def test_une_tranche_fermee_dans_la_branche_retient_l_engagement() -> None:
    branche = [
        Tranche("Fonds"),
        Tranche("2028", ouverte=False, condition="revue à mi-parcours"),
        Tranche("Voirie"),
    ]
    assert "« 2028 » n’est pas ouverte (revue à mi-parcours)" in refus_engagement(D(1), S, branche)
    assert "n’est pas ouverte :" in refus_engagement(D(1), S, [Tranche("2028", ouverte=False)])


def test_on_libere_verse_et_reverse_dans_les_limites() -> None:
    assert refus_liberation(D("300.00"), S) == refus_versement(D("300.00"), S) == ""
    assert "au plus 300,00" in refus_liberation(D("300.01"), S)
    assert "au plus 300,00" in refus_versement(D("300.01"), S)
    assert refus_reversement(D("200.00"), S) == ""
    assert "200,00" in refus_reversement(D("200.01"), S)
