"""The act of an assembly: state, dates, quorum, votes."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

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
        (3_499, date(2026, 3, 7), "vérifiez le délai"),
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
    assert textes(en_exercice=11, presents=2, pour=0, contre=2, collegial=False) == []


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
    assert verifier_acte(replace(acte, collegial=False, departementale=True), LE) == ()


@pytest.mark.parametrize(
    ("convoquee_le", "attendu"),
    [
        (date(2026, 2, 28), []), (date(2026, 3, 1), ["CGCT, art. L3121-19"]),
        (None, []), (date(2026, 3, 13), [""]), (SEANCE, ["CGCT, art. L3121-19"]),
    ],
)  # fmt: skip
def test_les_rapports_d_un_conseil_departemental_partent_douze_jours_avant(convoquee_le, attendu):
    dites = _remarques(LIVRES, collegial=False, departementale=True, convoquee_le=convoquee_le)
    assert [source for _, source in dites] == attendu
