"""The act of an assembly: state, dates, quorum, votes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.assemblees import DEPARTEMENT, PERMANENTE_DEPARTEMENT, TypeAssemblee, regime_de
from arpent.metier.deliberation import Acte, EtatActe, quorum_requis, verifier_acte
from arpent.metier.reglement import LIVRES, ParametreDate

LE = date(2026, 6, 1)
SEANCE = date(2026, 3, 12)


def textes(**champs):
    return [r.texte for r in verifier_acte(Acte(**champs), LE)]


@pytest.mark.parametrize(
    ("champs", "etat"),
    [
        ({}, EtatActe.A_PRENDRE),
        ({"adoptee_le": SEANCE}, EtatActe.ADOPTEE),
        ({"adoptee_le": SEANCE, "publiee_le": SEANCE}, EtatActe.ADOPTEE),
        ({"adoptee_le": SEANCE, "transmise_le": SEANCE}, EtatActe.TRANSMISE),
        ({"adoptee_le": SEANCE, "recue_le": SEANCE}, EtatActe.TRANSMISE),
        ({"adoptee_le": SEANCE, "transmise_le": SEANCE, "publiee_le": SEANCE}, EtatActe.EXECUTOIRE),
        ({"adoptee_le": SEANCE, "transmise_le": SEANCE, "sens": "rejetee"}, EtatActe.SANS_SUITE),
        ({"adoptee_le": SEANCE, "sens": "ajournee"}, EtatActe.SANS_SUITE),
    ],
)
def test_l_etat_de_l_acte_suit_ses_dates(champs, etat):
    assert Acte(**champs).etat is etat


def test_un_acte_regulier_ne_recoit_aucune_remarque():
    acte = Acte(
        adoptee_le=SEANCE, convoquee_le=date(2026, 3, 6), transmise_le=date(2026, 3, 13),
        recue_le=date(2026, 3, 13), publiee_le=date(2026, 3, 14), en_exercice=11, presents=6, representes=3,
        pour=7, contre=1, abstentions=1, habitants=5_000,
    )  # fmt: skip
    assert verifier_acte(acte, LE) == ()


@pytest.mark.parametrize(
    ("champs", "champ"),
    [
        ({"adoptee_le": SEANCE, "convoquee_le": date(2026, 3, 13)}, "adoptee_le"),
        ({"adoptee_le": SEANCE, "transmise_le": date(2026, 3, 11)}, "transmise_le"),
        ({"adoptee_le": SEANCE, "recue_le": date(2026, 3, 11)}, "recue_le"),
        ({"transmise_le": SEANCE, "recue_le": date(2026, 3, 11)}, "recue_le"),
        ({"adoptee_le": SEANCE, "publiee_le": date(2026, 3, 11)}, "publiee_le"),
        ({"adoptee_le": date(2026, 6, 2)}, "adoptee_le"),
        ({"adoptee_le": SEANCE, "transmise_le": date(2026, 6, 2)}, "transmise_le"),
        ({"adoptee_le": SEANCE, "publiee_le": date(2026, 6, 2)}, "publiee_le"),
        ({"en_exercice": 11, "presents": 10, "representes": 2}, "presents"),
        ({"presents": 6, "representes": 2, "pour": 7, "contre": 1, "abstentions": 1}, "pour"),
    ],
)
def test_une_date_ou_un_compte_impossible_est_nomme(champs, champ):
    remarques = verifier_acte(Acte(**champs), LE)
    assert [(r.champ, r.impossible) for r in remarques] == [(champ, True)]


def test_une_convocation_peut_etre_a_venir():
    assert textes(convoquee_le=date(2026, 6, 20)) == []


@pytest.mark.parametrize(("en_exercice", "requis"), [(1, 1), (10, 6), (11, 6), (15, 8), (69, 35)])
def test_le_quorum_est_plus_de_la_moitie_des_membres_en_exercice(en_exercice, requis):
    assert quorum_requis(en_exercice) == requis
    assert not textes(en_exercice=en_exercice, presents=requis)
    if requis > 1:
        (texte,) = textes(en_exercice=en_exercice, presents=requis - 1)
        assert "quorum n’est pas atteint" in texte


def test_la_seconde_convocation_dispense_du_quorum_trois_jours_plus_tard():
    seconde = {
        "seconde_convocation": True,
        "en_exercice": 11,
        "presents": 2,
        "convoquee_le": date(2026, 3, 9),
    }
    assert textes(adoptee_le=date(2026, 3, 12), **seconde) == []
    (texte,) = textes(adoptee_le=date(2026, 3, 11), **seconde)
    assert "au moins 3 jours" in texte


@pytest.mark.parametrize(
    ("habitants", "convoquee_le", "attendu"),
    [
        (3_500, date(2026, 3, 6), None),
        (3_500, date(2026, 3, 7), "ne pouvait se réunir avant le 13/03/2026"),
        (3_499, date(2026, 3, 8), None),
        (
            3_499,
            date(2026, 3, 9),
            "de moins de 3\u202f500 habitants ne pouvait se réunir avant le 13/03/2026",
        ),
        (None, date(2026, 3, 7), "vérifiez le délai"),
    ],
)
def test_le_delai_de_convocation_se_compte_en_jours_francs(habitants, convoquee_le, attendu):
    dits = textes(adoptee_le=SEANCE, convoquee_le=convoquee_le, habitants=habitants)
    assert (dits == []) if attendu is None else (attendu in dits[0])


@pytest.mark.parametrize(
    ("pour", "contre", "sens", "attendu"),
    [
        (5, 4, "adoptee", None),
        (4, 5, "adoptee", "n’a pas la majorité"),
        (4, 4, "", "Partage égal"),
        (4, 5, "rejetee", None),
    ],
)
def test_la_majorite_se_lit_sur_les_suffrages_exprimes(pour, contre, sens, attendu):
    dits = textes(pour=pour, contre=contre, sens=sens)
    assert (dits == []) if attendu is None else (attendu in dits[0])


def test_la_remarque_de_majorite_cite_son_article():
    dites = [(r.texte, r.source) for r in verifier_acte(Acte(pour=4, contre=5), LE)]
    texte = "4 voix pour et 5 contre : la délibération n’a pas la majorité des suffrages exprimés."
    assert dites == [(texte, "CGCT, art. L2121-20")]
    assert {r.source for r in verifier_acte(Acte(pour=4, contre=4), LE)} == {"CGCT, art. L2121-20"}


def test_un_membre_ne_porte_qu_un_pouvoir():
    (texte,) = textes(presents=2, representes=3)
    assert "un seul pouvoir" in texte


def test_les_regles_du_conseil_municipal_ne_s_imposent_pas_a_une_association():
    assert textes(en_exercice=11, presents=2, pour=0, contre=2, regime=None) == []


def _loi(**valeurs):
    return LIVRES.completer(
        ParametreDate(code, code, Decimal(v), date(2026, 1, 1), None, "texte d’essai")
        for code, v in valeurs.items()
    )


def _remarques(loi, **champs):
    return [(r.texte, r.source) for r in verifier_acte(Acte(adoptee_le=SEANCE, **champs), LE, loi)]


def test_le_delai_des_petites_communes_s_applique_une_fois_saisi():
    loi = _loi(convocation_delai_sous_seuil="3")
    assert _remarques(loi, habitants=800, convoquee_le=date(2026, 3, 8)) == []
    ((texte, source),) = _remarques(loi, habitants=800, convoquee_le=date(2026, 3, 9))
    assert "moins de 3\u202f500 habitants ne pouvait se réunir avant le 13/03/2026 (3 jours francs)" in texte
    assert source == "texte d’essai"
    ((texte, _),) = _remarques(loi, convoquee_le=date(2026, 3, 9))
    assert "vérifiez le délai" in texte


def test_un_delai_change_par_l_instance_change_la_remarque_et_sa_source():
    loi = _loi(convocation_delai="7", convocation_habitants="2000", seconde_reunion_delai="5")
    ((texte, source),) = _remarques(loi, habitants=2_500, convoquee_le=date(2026, 3, 6))
    assert "(7 jours francs)" in texte
    assert source == "texte d’essai"
    ((texte, _),) = _remarques(loi, seconde_convocation=True, convoquee_le=date(2026, 3, 8))
    assert "au moins 5 jours" in texte


def test_sans_delai_connu_ce_jour_la_rien_n_est_dit():
    avant = date(2014, 3, 12)
    acte = Acte(adoptee_le=avant, convoquee_le=avant, habitants=5_000)
    assert verifier_acte(acte, LE) == ()
    assert verifier_acte(replace(acte, seconde_convocation=True), LE) == ()
    assert verifier_acte(replace(acte, regime=DEPARTEMENT), LE) == ()


@pytest.mark.parametrize(
    ("convoquee_le", "attendu"),
    [
        (date(2026, 2, 28), []), (date(2026, 3, 1), ["CGCT, art. L3121-19"]),
        (None, []), (date(2026, 3, 13), [""]), (SEANCE, ["CGCT, art. L3121-19"]),
    ],
)  # fmt: skip
def test_les_rapports_d_un_conseil_departemental_partent_douze_jours_avant(convoquee_le, attendu):
    dites = _remarques(LIVRES, regime=DEPARTEMENT, convoquee_le=convoquee_le)
    assert [source for _, source in dites] == attendu


CP = {"en_exercice": 26, "presents": 12, "representes": 2}


@pytest.mark.parametrize(
    ("type_assemblee", "region", "article"),
    [
        ("conseil_municipal", False, "CGCT, art. L2121-17"),
        ("conseil_communautaire", False, "CGCT, art. L2121-17"),
        ("comite_syndical", False, "CGCT, art. L2121-17"),
        ("seance_pleniere", False, "CGCT, art. L3121-14"),
        ("seance_pleniere", True, "CGCT, art. L4132-13"),
    ],
)
def test_une_assemblee_pleniere_compte_ses_seuls_presents(type_assemblee, region, article):
    regime = regime_de(TypeAssemblee(type_assemblee), region=region)
    (remarque,) = verifier_acte(Acte(regime=regime, **CP), LE)
    assert "12 présents pour 26 membres en exercice, il en faut 14 (les pouvoirs ne comptent pas)" in (
        remarque.texte
    )
    assert (remarque.source, remarque.bloquant, remarque.impossible) == (article, True, False)


@pytest.mark.parametrize(
    ("region", "article"), [(False, "CGCT, art. L3121-14-1"), (True, "CGCT, art. L4132-13-1")]
)
def test_la_commission_permanente_compte_les_presents_ou_representes(region, article):
    regime = regime_de(TypeAssemblee.COMMISSION_PERMANENTE, region=region)
    assert verifier_acte(Acte(regime=regime, **CP), LE) == ()
    (remarque,) = verifier_acte(Acte(regime=regime, **CP | {"representes": 1}), LE)
    assert "13 présents et représentés" in remarque.texte
    assert "il en faut 14 (présents ou représentés)" in remarque.texte
    assert (remarque.source, remarque.bloquant) == (article, True)


def test_une_commission_permanente_sans_pouvoir_compte_ses_presents():
    acte = Acte(regime=PERMANENTE_DEPARTEMENT, en_exercice=26, presents=14)
    assert verifier_acte(acte, LE) == ()


def test_aucun_delai_n_est_compte_pour_une_commission_permanente():
    assert textes(adoptee_le=SEANCE, convoquee_le=SEANCE, regime=PERMANENTE_DEPARTEMENT) == []


def test_un_organe_sans_regime_connu_n_a_pas_de_quorum():
    assert regime_de(TypeAssemblee.AUTRE) is None
    assert textes(regime=None, **CP) == []


def test_un_membre_interesse_ne_compte_pas_dans_les_votants():
    presence = {"en_exercice": 11, "presents": 8, "representes": 2, "ecartes": 2}
    assert Acte(**presence).votants == 8
    assert Acte(ecartes=2).votants is None
    assert textes(pour=8, contre=0, abstentions=0, **presence) == []
    (remarque,) = verifier_acte(Acte(pour=8, contre=1, abstentions=0, **presence), LE)
    assert "9 voix (abstentions comprises) pour 8 votants" in remarque.texte
    assert (remarque.impossible, remarque.source) == (True, "CGCT, art. L2131-11")


def test_plus_d_ecartes_que_de_membres_en_seance_est_impossible():
    (remarque,) = verifier_acte(Acte(presents=3, representes=1, ecartes=5, regime=None), LE)
    assert (remarque.champ, remarque.impossible) == ("ecartes", True)
    (remarque,) = verifier_acte(Acte(presents=3, ecartes=4, regime=None), LE)
    assert "4 membres écartés pour 3 présents et représentés" in remarque.texte


def test_un_quorum_atteint_grace_aux_ecartes_est_a_verifier():
    (remarque,) = verifier_acte(Acte(en_exercice=11, presents=6, ecartes=1), LE)
    assert "il resterait 5 membres pour un quorum de 6" in remarque.texte
    assert not remarque.bloquant


@pytest.mark.parametrize(("presents", "bloquant"), [(None, True), (5, True), (6, False)])
def test_une_seconde_reunion_trop_tot_ne_vaut_que_si_le_quorum_y_etait(presents, bloquant):
    acte = Acte(adoptee_le=date(2026, 3, 11), convoquee_le=date(2026, 3, 9), seconde_convocation=True,
                en_exercice=11, presents=presents)  # fmt: skip
    (remarque,) = verifier_acte(acte, LE)
    assert remarque.bloquant is bloquant


def test_un_pouvoir_de_trop_ne_cite_pas_d_article_sans_regime():
    (remarque,) = verifier_acte(Acte(presents=2, representes=3, regime=None), LE)
    assert remarque.source == ""


def test_la_date_executoire_est_la_derniere_des_deux_formalites():
    acte = Acte(adoptee_le=SEANCE, transmise_le=date(2026, 3, 13), publiee_le=date(2026, 3, 16))
    assert acte.executoire_le == date(2026, 3, 16)
    assert replace(acte, transmise_le=date(2026, 3, 20)).executoire_le == date(2026, 3, 20)
    assert replace(acte, transmise_le=None, recue_le=date(2026, 3, 18)).executoire_le == date(2026, 3, 18)
    assert replace(acte, publiee_le=None).executoire_le is None


def test_un_acte_sans_controle_de_legalite_engage_des_son_adoption():
    acte = Acte(adoptee_le=SEANCE, controle=False, regime=None)
    assert (acte.etat, acte.executoire_le) == (EtatActe.EXECUTOIRE, SEANCE)
