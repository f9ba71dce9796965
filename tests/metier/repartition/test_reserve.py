"""The criteria of the reserve as data, their explained verdicts, and the balance."""

from __future__ import annotations

from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.repartition.reserve import (
    ConstatReserve,
    FaitsReserve,
    Moment,
    Reserve,
    ReserveInvalide,
    SoldeReserve,
    VerdictCritere,
    examiner_demande,
    lire_reserve,
    manques,
    refus_accord,
)
from arpent.metier.repartition.soldes import Soldes

REMPLI, NON, A_JUSTIFIER, NON_CONTROLE = VerdictCritere


def lire(*criteres: dict[str, Any]) -> Reserve:
    reserve = lire_reserve({"criteres": [{"code": "c", "libelle": "Critère"} | c for c in criteres]})
    assert reserve is not None
    return reserve


def examiner(critere: dict[str, Any], **faits: Any) -> ConstatReserve:
    connus = {"montant": D(10_000), "cout": D(50_000), "porteur": "Florac"} | faits
    (constat,) = examiner_demande(lire(critere), FaitsReserve(**connus))
    return constat


def test_un_dispositif_sans_bloc_n_a_pas_de_reserve() -> None:
    assert lire_reserve(None) is None


def test_le_fonds_s_appelle_reserve_s_il_n_est_pas_nomme() -> None:
    assert lire({"genre": "solde"}).fonds == "reserve"
    lue = lire_reserve({"fonds": "urgence"})
    assert lue is not None
    assert (lue.fonds, lue.criteres) == ("urgence", ())


def test_les_criteres_declares_se_distinguent_des_calcules() -> None:
    reserve = lire({"code": "a", "genre": "declare", "exige": "deposer"}, {"code": "b", "genre": "solde"})
    assert [c.code for c in reserve.declares] == ["a"]
    assert [c.moment for c in reserve.criteres] == [Moment.DEPOSER, Moment.ACCORDER]


def _un(**critere: Any) -> dict[str, Any]:
    return {"criteres": [{"code": "a", "libelle": "A", "genre": "cout"} | critere]}


@pytest.mark.parametrize(
    ("bloc", "dit"),
    [
        ([], "doit être une table"),
        ({"criteres": "urgence"}, "liste de blocs"),
        ({"criteres": ["urgence"]}, "liste de blocs"),
        (_un(libelle=""), "un code et un libelle"),
        (_un(code=""), "un code et un libelle"),
        (_un(genre="humeur"), "a, genre : « humeur » est inconnu"),
        (_un(exige="demain"), "a, exige : « demain »"),
        (_un(minimum="x"), "a, minimum"),
        (_un(maximum=-5), "a, maximum"),
        (_un(par_porteur=0), "a, par_porteur"),
        (_un(par_contrat=True), "a, par_contrat"),
        (_un(par_contrat="3"), "a, par_contrat"),
        ({"criteres": _un()["criteres"] * 2}, "« a » est donné deux fois"),
    ],
)
def test_un_bloc_faux_est_refuse_et_nomme_sa_cle(bloc: Any, dit: str) -> None:
    with pytest.raises(ReserveInvalide, match=dit):
        lire_reserve(bloc)


def test_un_critere_declare_demande_une_justification() -> None:
    assert examiner({"genre": "declare"}).verdict is A_JUSTIFIER
    assert examiner({"genre": "declare"}, justifications={"c": "  "}).verdict is A_JUSTIFIER
    assert examiner({"genre": "declare"}, justifications={"autre": "Crue"}).verdict is A_JUSTIFIER
    assert examiner({"genre": "declare"}, justifications={"c": "Crue du 3 mai"}).verdict is REMPLI


def test_la_reserve_s_ouvre_avec_le_contrat() -> None:
    sans, avant = (
        examiner({"genre": "contrat_en_vigueur"}),
        examiner({"genre": "contrat_en_vigueur"}, contrat="À la signature"),
    )
    assert sans.verdict is avant.verdict is NON
    assert sans.explication.startswith("Le contrat n’est pas préparé")
    assert "« à la signature »" in avant.explication
    assert (
        examiner({"genre": "contrat_en_vigueur"}, contrat="En vigueur", contrat_en_vigueur=True).verdict
        is REMPLI
    )


@pytest.mark.parametrize(
    ("parmi", "qualites", "verdict", "dit"),
    [
        (["signataire", "beneficiaire"], {"beneficiaire"}, REMPLI, "Florac est bénéficiaire prévu"),
        (["signataire"], {"beneficiaire"}, NON, "Florac n’est pas signataire du contrat."),
        (["signataire", "beneficiaire"], {"signataire", "beneficiaire"}, REMPLI, "signataire du contrat et"),
        (["signataire", "beneficiaire"], set(), NON, "signataire du contrat ou bénéficiaire"),
    ],
)
def test_le_porteur_est_signataire_ou_beneficiaire(
    parmi: list[str], qualites: set[str], verdict: VerdictCritere, dit: str
) -> None:
    constat = examiner({"genre": "porteur", "parmi": parmi}, qualites=frozenset(qualites))
    assert constat.verdict is verdict
    assert dit in constat.explication


def test_les_themes_ouverts() -> None:
    ouvert = {"genre": "theme", "parmi": ["voirie"]}
    assert examiner({"genre": "theme"}).verdict is NON_CONTROLE
    assert examiner(ouvert).explication == "La fiche n’a pas de thème : complétez-la."
    assert examiner(ouvert, theme="voirie", theme_libelle="Voirie").verdict is REMPLI
    refus = examiner(ouvert, theme="eau", theme_libelle="Eau")
    assert (refus.verdict, refus.explication) == (NON, "Le thème « Eau » n’est pas ouvert à la réserve.")


@pytest.mark.parametrize(
    ("bornes", "cout", "verdict"),
    [
        ({}, 50_000, NON_CONTROLE),
        ({"minimum": 50_000}, 50_000, REMPLI),
        ({"minimum": 50_000.01}, 50_000, NON),
        ({"maximum": 50_000}, 50_000, REMPLI),
        ({"maximum": 49_999.99}, 50_000, NON),
        ({"minimum": 10_000, "maximum": 60_000}, 50_000, REMPLI),
    ],
)
def test_la_fenetre_de_cout(bornes: dict[str, Any], cout: int, verdict: VerdictCritere) -> None:
    assert examiner({"genre": "cout", **bornes}, cout=D(cout)).verdict is verdict


def test_l_aide_maximale_par_projet() -> None:
    assert examiner({"genre": "plafond_projet"}).verdict is NON_CONTROLE
    assert examiner({"genre": "plafond_projet", "maximum": 10_000}).verdict is REMPLI
    refus = examiner({"genre": "plafond_projet", "maximum": 9_999.99})
    assert refus.verdict is NON
    assert "9\u202f999,99" in refus.explication


@pytest.mark.parametrize(
    ("limites", "faits", "verdict", "dit"),
    [
        ({}, {}, NON_CONTROLE, "n’a pas publié"),
        ({"par_porteur": 1}, {}, REMPLI, "n’est pas atteint"),
        ({"par_porteur": 1}, {"deja_porteur": 1}, NON, "Florac a déjà 1 aide de la réserve, pour 1"),
        ({"par_porteur": 3, "par_contrat": 2}, {"deja_contrat": 2}, NON, "Ce contrat a déjà 2 aides"),
        ({"par_contrat": 3}, {"deja_porteur": 9, "deja_contrat": 2}, REMPLI, "n’est pas atteint"),
    ],
)
def test_le_nombre_d_aides(
    limites: dict[str, int], faits: dict[str, int], verdict: VerdictCritere, dit: str
) -> None:
    constat = examiner({"genre": "nombre", **limites}, **faits)
    assert constat.verdict is verdict
    assert dit in constat.explication


def test_le_reglement_et_le_solde_se_comparent_au_montant() -> None:
    assert examiner({"genre": "aide_reglement"}).verdict is NON_CONTROLE
    assert examiner({"genre": "aide_reglement"}, aide_maximale=D(10_000)).verdict is REMPLI
    assert examiner({"genre": "aide_reglement"}, aide_maximale=D("9999.99")).verdict is NON
    assert examiner({"genre": "solde"}).explication.startswith("Le fonds de réserve n’a pas de montant")
    assert examiner({"genre": "solde"}).verdict is NON
    assert examiner({"genre": "solde"}, reste=D(10_000)).verdict is REMPLI
    assert examiner({"genre": "solde"}, reste=D("9999.99")).verdict is NON


def test_ce_qui_arrete_le_depot_arrete_aussi_la_decision() -> None:
    reserve = lire(
        {"code": "a", "genre": "declare", "exige": "deposer"},
        {"code": "b", "genre": "porteur", "parmi": ["signataire"]},
        {"code": "d", "genre": "solde"},
        {"code": "e", "genre": "cout"},
    )
    constats = examiner_demande(reserve, FaitsReserve(D(1), D(1)))
    assert [c.critere.code for c in manques(constats, Moment.DEPOSER)] == ["a"]
    assert [c.critere.code for c in manques(constats, Moment.ACCORDER)] == ["a", "b", "d"]
    assert [c.critere.code for c in manques(constats, Moment.ACCORDER, derogation=True)] == ["d"]


def test_le_solde_se_lit_dans_les_deux_etages_du_grand_livre() -> None:
    solde = SoldeReserve.depuis(Soldes(alloue=D(60)), Soldes(alloue=D(40), engage=D(25), paye=D(10)), D(100))
    assert solde == SoldeReserve(D(200), D(100), D(15), D(25), D(10), D(60))
    assert solde.dote - solde.libere == solde.reserve + solde.tire + solde.reste


def test_on_n_accorde_pas_plus_que_ce_qui_reste() -> None:
    assert refus_accord(D(100), D(100)) == ""
    assert refus_accord(D(0), D(100)).startswith("Le montant doit être positif")
    assert "Il reste 100,00" in refus_accord(D("100.01"), D(100))
    assert "Il reste 0,00" in refus_accord(D(1), D(-5))
