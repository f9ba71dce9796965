"""The co-financing solver: worked cases, who moves first, refusals."""

from dataclasses import replace
from decimal import Decimal as D
from pathlib import Path

import pytest

from arpent.metier.argent import lire_montant
from arpent.metier.plan_financement import (
    Financement,
    Financeur,
    Operation,
    Plafond,
    Proposition,
    Refus,
    Seuil,
    baisses_suffisantes,
    est_detr,
    est_dotation,
    examiner_plan,
    marge_fonds_concours,
    proposer,
    reparer,
)
from tests.metier.plan_financement.fabrique import (
    ACQUIS,
    DEPARTEMENT,
    ENVISAGE,
    EPCI,
    ETAT,
    PRIVE,
    PROPRE,
    REFUSE,
    REGION,
    SOLLICITE,
    UE,
    ligne,
    maxima,
    montants,
    operation,
    propose,
)

# --- worked cases ---------------------------------------------------------------------------------


def _cas() -> list[list[str]]:
    page = Path(__file__).parents[3] / "docs" / "algorithmes" / "cofinancement.md"
    lignes = [
        x for x in page.read_text(encoding="utf-8").splitlines() if x.startswith("| ") and x.count("|") == 10
    ]
    return [[c.strip() for c in x.strip("|").split("|")] for x in lignes][1:]


@pytest.mark.parametrize("cas", _cas(), ids=lambda cas: cas[0])
def test_les_cas_de_la_documentation_sont_ceux_que_le_code_calcule(cas: list[str]) -> None:
    cout, etat, epci, departement, minimum, *attendus = map(lire_montant, cas[1:])
    op = operation(str(cout), ligne(ETAT, etat, ACQUIS), ligne(EPCI, epci), ligne(DEPARTEMENT, departement))
    assert examiner_plan(op).minimum == minimum
    assert [maxima(op)[f] for f in (ETAT, EPCI, DEPARTEMENT)] == attendus


def test_la_documentation_a_quatre_cas() -> None:
    assert len(_cas()) == 4


def test_le_bilan_nomme_l_article_qui_limite_chaque_financeur() -> None:
    op = operation(
        "200000.00", ligne(ETAT, "120000", ACQUIS), ligne(EPCI, "25000"), ligne(DEPARTEMENT, "30000")
    )
    bilan = examiner_plan(op, (REGION, PRIVE))
    assert (bilan.part, bilan.minimum, bilan.article_minimum) == (D("25000"), D("40000"), "L1111-10")
    par = {p.financeur: p for p in bilan.possibilites}
    assert list(par) == [ETAT, DEPARTEMENT, REGION, EPCI]
    assert (par[ETAT].acquis, par[ETAT].encore, par[ETAT].depassement) == (D("120000"), 0, 0)
    assert (par[EPCI].maximum, par[EPCI].depassement, par[EPCI].limite.article) == (
        D("10000"),
        D("15000"),
        "L1111-10",
    )
    assert par[REGION].maximum == 0
    assert {m.article for m in bilan.manquements} == {"L1111-10", "R2334-27"}


def test_le_fonds_de_concours_reste_sous_la_moitie_du_reste_au_centime() -> None:
    op = operation("100.01", ligne(EPCI, "10"), minimum=None)
    assert maxima(op)[EPCI] == D("50.00") == marge_fonds_concours(D("100.01"), D("0.5"))
    assert marge_fonds_concours(D("-5"), D("0.5")) == 0
    assert marge_fonds_concours(D("100.03"), D("0.5")) == D("50.01")  # 50.015


def test_un_fonds_de_concours_verse_limite_aussi_les_autres() -> None:
    op = operation("100000", ligne(EPCI, "45000", ACQUIS), ligne(UE, "1000"))
    (union,) = [p for p in examiner_plan(op).possibilites if p.financeur is UE]
    assert (union.maximum, union.limite.article) == (D("10000"), "L5214-16 V")


def test_un_plan_ttc_deduit_le_fctva_de_la_part_propre() -> None:
    op = operation("120000", ligne(EPCI, "1"), fctva=D("19684.80"))
    assert maxima(op)[EPCI] == D("50157.60")


def test_sans_taux_de_fctva_le_fonds_de_concours_garde_son_montant() -> None:
    op = operation("120000", ligne(EPCI, "10000"), ligne(UE, "10000"), fctva=None)
    assert maxima(op) == {EPCI: D("10000"), UE: D("86000")}
    assert montants(propose(op).plan) == {UE: D("86000"), EPCI: D("10000"), PROPRE: D("24000")}


def test_hors_des_financements_publics_le_fonds_de_concours_abaisse_le_minimum() -> None:
    op = operation(
        "100000", ligne(UE, "60000", ACQUIS), ligne(EPCI, "1000"), concours_public=False, cumul=None
    )
    bilan = examiner_plan(op)
    assert bilan.minimum == D("19800")
    assert maxima(op)[EPCI] == D("20000")
    assert maxima(replace(op, part_concours=None))[EPCI] == D("25000")
    obtenu = propose(op)
    assert (obtenu.part, montants(obtenu.plan)[EPCI]) == (D("20000"), D("20000"))


def test_un_fonds_de_concours_hors_calcul_ne_sauve_pas_un_plan_deja_trop_aide() -> None:
    op = operation(
        "100000", ligne(UE, "90000", ACQUIS), ligne(EPCI, "1000"), concours_public=False, cumul=None
    )
    assert maxima(op)[EPCI] == 0
    assert isinstance(proposer(op), Refus)


def test_une_part_de_fonds_de_concours_nulle_interdit_toute_autre_aide_une_fois_verse() -> None:
    op = operation("100000", ligne(EPCI, "1", ACQUIS), ligne(UE, "1"), part_concours=Seuil(D(0), "x"))
    assert maxima(op) == {EPCI: 0, UE: 0}


def test_une_part_de_fonds_de_concours_entiere_ne_limite_que_le_cout() -> None:
    op = operation("100000", ligne(EPCI, "1"), part_concours=Seuil(D(1), "x"), cumul=None)
    assert montants(propose(op).plan) == {EPCI: D("80000"), PROPRE: D("20000")}


def test_region_ou_departement_mais_pas_les_deux() -> None:
    op = operation("100000", ligne(REGION, "10000"), ligne(DEPARTEMENT, "30000"), exclusion="L1111-9")
    par = {p.financeur: p for p in examiner_plan(op).possibilites}
    assert (par[REGION].maximum, par[REGION].limite.article) == (0, "L1111-9")
    assert montants(propose(op).plan) == {DEPARTEMENT: D("80000"), REGION: 0, PROPRE: D("20000")}
    assert montants(propose(op, None, REGION).plan) == {
        DEPARTEMENT: 0,
        REGION: D("80000"),
        PROPRE: D("20000"),
    }
    assert baisses_suffisantes(op) == {DEPARTEMENT: D("30000"), REGION: D("10000")}
    repare = reparer(op)
    assert isinstance(repare, Proposition)
    assert [(m.financeur, m.ecart) for m in repare.mouvements] == [(REGION, D("-10000"))]


def test_region_et_departement_acquis_ensemble_ne_se_reparent_pas() -> None:
    op = operation(
        "100000", ligne(REGION, "10000", ACQUIS), ligne(DEPARTEMENT, "1", ACQUIS), exclusion="L1111-9"
    )
    refus = reparer(op)
    assert isinstance(refus, Refus)
    assert "acquises" in refus.raison
    assert baisses_suffisantes(op) == {}


def test_une_petite_aide_de_l_etat_peut_etre_retiree_plutot_que_toutes_les_autres() -> None:
    op = operation("100000", ligne(ETAT, "10"), ligne(UE, "60000", ACQUIS), assiette=D("50000"))
    repare = reparer(op)
    assert isinstance(repare, Proposition)
    assert [(m.financeur, m.avant, m.apres) for m in repare.mouvements] == [(ETAT, D("10"), D(0))]


def test_le_plafond_du_reglement_est_nomme() -> None:
    plafond = Plafond(DEPARTEMENT, D("15000.00"), "Règlement, article 4", "30 % × 50 000 €")
    op = operation(
        "100000",
        ligne(DEPARTEMENT, "30000"),
        plafonds=(plafond, replace(plafond, montant=D("99"), financeur=UE)),
    )
    (possible,) = examiner_plan(op).possibilites
    assert (possible.maximum, possible.limite.article) == (D("15000"), "Règlement, article 4")
    refus = proposer(op, D("20000"))
    assert isinstance(refus, Refus)
    assert refus.part_possible == D("85000")
    assert "Département" in refus.raison


# --- who moves first ------------------------------------------------------------------------------


def test_les_financeurs_montent_au_prorata_de_ce_qui_leur_est_demande() -> None:
    op = operation("100000", ligne(REGION, "10000"), ligne(UE, "30000"))
    assert montants(propose(op).plan) == {REGION: D("20000"), UE: D("60000"), PROPRE: D("20000")}


def test_l_ordre_donne_passe_avant_le_prorata() -> None:
    op = operation("100000", ligne(REGION, "10000"), ligne(UE, "30000"))
    assert montants(propose(op, None, DEPARTEMENT).plan) == {
        DEPARTEMENT: D("40000"), REGION: D("10000"), UE: D("30000"), PROPRE: D("20000"),
    }  # fmt: skip


def test_celui_qui_atteint_son_plafond_laisse_sa_part_aux_autres() -> None:
    op = operation(
        "100000", ligne(REGION, "10000"), ligne(UE, "10000"), plafonds=(Plafond(UE, D("12000"), "UE"),)
    )
    assert montants(propose(op).plan) == {REGION: D("68000"), UE: D("12000"), PROPRE: D("20000")}


def test_qui_n_est_sollicite_de_rien_monte_en_dernier() -> None:
    op = operation(
        "100000", ligne(REGION, "0"), ligne(UE, "10000"), plafonds=(Plafond(UE, D("12000"), "UE"),)
    )
    assert montants(propose(op).plan) == {REGION: D("68000"), UE: D("12000"), PROPRE: D("20000")}


def test_une_part_plus_grande_baisse_les_demandes_et_l_ordre_donne_en_dernier() -> None:
    op = operation("100000", ligne(REGION, "10000"), ligne(UE, "30000"), ligne(ETAT, "10000", ACQUIS))
    assert montants(propose(op, "60000").plan) == {
        ETAT: D("10000"), REGION: D("7500"), UE: D("22500"), PROPRE: D("60000"),
    }  # fmt: skip
    assert montants(propose(op, "70000", REGION, UE).plan) == {
        ETAT: D("10000"), REGION: D("10000"), UE: D("10000"), PROPRE: D("70000"),
    }  # fmt: skip
    assert montants(propose(op, "85000", REGION).plan) == {
        ETAT: D("10000"), REGION: D("5000"), UE: 0, PROPRE: D("85000"),
    }  # fmt: skip


def test_les_lignes_d_un_financeur_se_partagent_son_montant_et_les_refusees_restent() -> None:
    op = operation(
        "100000", ligne(REGION, "10000"), ligne(REGION, "30000", ENVISAGE), ligne(REGION, "5000", ACQUIS),
        ligne(UE, "7000", REFUSE), ligne(PROPRE, "1"),
    )  # fmt: skip
    plan = propose(op).plan
    assert [f.montant for f in plan.financements] == [
        D("18750"),
        D("56250"),
        D("5000"),
        D("7000"),
        D("20000"),
    ]


def test_l_autofinancement_deja_acquis_ne_baisse_pas() -> None:
    op = operation("100000", ligne(UE, "10000"), ligne(PROPRE, "35000", ACQUIS))
    assert propose(op).part == D("35000")
    refus = proposer(op, D("30000"))
    assert isinstance(refus, Refus)
    assert "autofinancement déjà acquis" in refus.raison


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("op", "part", "extrait", "possible"),
    [
        (operation("100000", ligne(UE, "10000")), "19999.99", "au moins 20 000,00 € (L1111-10)", "20000"),
        (operation("100", ligne(UE, "1"), ligne(ETAT, "1"), assiette=D("50")), "50", "R2334-27", "60"),
        (operation("100000", ligne(UE, "10000", ACQUIS)), "95000", "ne bouge pas", "90000"),
        (operation("100000", ligne(UE, "10000", ACQUIS)), "85000", "donner davantage (Union", "90000"),
        (operation("100000"), "85000", "ne peuvent pas donner davantage.", "100000"),
        (operation("100000", ligne(UE, "90000", ACQUIS)), "10000", "Les aides acquises enfreignent", None),
        (operation("100", ligne(PRIVE, "101")), None, "Les aides acquises enfreignent", None),
        (operation("100000", ligne(EPCI, "60000", ACQUIS)), None, "L5214-16", None),
    ],
)  # fmt: skip
def test_un_refus_dit_pourquoi_et_ce_qui_est_possible(
    op: Operation, part: str | None, extrait: str, possible: str | None
) -> None:
    refus = proposer(op, None if part is None else D(part))
    assert isinstance(refus, Refus)
    texte = refus.raison.replace("\u202f", " ").replace("\u00a0", " ")
    if extrait == "L5214-16":
        extrait = "Fonds de concours"
    assert extrait in texte
    assert refus.part_possible == (None if possible is None else D(possible))


def test_un_plan_conforme_n_a_rien_a_reparer() -> None:
    op = operation("100000", ligne(UE, "80000"))
    assert reparer(op) is None
    assert baisses_suffisantes(op) == {}


def test_l_etat_seul_ne_suffit_pas_quand_l_acquis_des_autres_deborde() -> None:
    op = operation("100000", ligne(UE, "85000", ACQUIS), ligne(ETAT, "1000"))
    assert baisses_suffisantes(op) == {}
    assert isinstance(reparer(op), Refus)


def test_sans_minimum_legal_le_plan_ne_depasse_pas_le_cout() -> None:
    op = operation("1000", ligne(UE, "1200"), minimum=None)
    (manquement,) = examiner_plan(op).manquements
    assert "ne dépasse pas le coût" in manquement.intitule
    assert propose(op).part == 0
    assert propose(op).explication == "Le maître d’ouvrage paie 0,00\u00a0€."


def test_une_operation_absurde_est_refusee() -> None:
    with pytest.raises(ValueError, match="autre collectivité"):
        operation("1", concours=PROPRE)
    with pytest.raises(ValueError, match="positif"):
        Plafond(UE, D("-1"), "x")
    with pytest.raises(ValueError, match="positif"):
        operation("1", assiette=D("-1"))


@pytest.mark.parametrize(
    ("financeur", "libelle", "dotation", "detr"),
    [
        (ETAT, "DETR 2019", True, True), (ETAT, "dsil", True, False), (ETAT, "", True, False),
        (ETAT, "État", True, False), (ETAT, "FNADT", False, False), (UE, "DETR", False, False),
        (ETAT, "Dotation d’équipement des territoires ruraux", True, True),
    ],
)  # fmt: skip
def test_une_dotation_de_l_etat_se_reconnait_a_son_nom(
    financeur: Financeur, libelle: str, dotation: bool, detr: bool
) -> None:
    row = Financement(financeur, libelle, D(1), SOLLICITE)
    assert (est_dotation(row), est_detr(row)) == (dotation, detr)
    assert not est_dotation(replace(row, statut=REFUSE))


def test_le_bilan_et_les_mouvements_nomment_leurs_financeurs() -> None:
    bilan = examiner_plan(operation("100000", ligne(ETAT, "90000"), ligne(REGION, "5000", ACQUIS)))
    etat, region = bilan.possibilites
    assert (etat.libelle, region.libelle) == ("État", "Région")
    assert (etat.depassement, region.depassement) == (D("15000.00"), D("0.00"))
    reparation = reparer(operation("100000", ligne(ETAT, "90000"), ligne(REGION, "5000", ACQUIS)))
    assert isinstance(reparation, Proposition)
    (mouvement,) = reparation.mouvements
    assert (mouvement.libelle, mouvement.ecart) == ("État", D("-15000.00"))


def test_un_autofinancement_et_des_aides_acquis_au_dela_du_cout_ne_se_repartissent_pas() -> None:
    op = operation("100000", ligne(PROPRE, "90000", ACQUIS), ligne(ETAT, "20000", ACQUIS))
    refus = proposer(op)
    assert isinstance(refus, Refus)
    assert refus.part_possible is None
    assert refus.raison.startswith("Aucune répartition des aides demandées ne respecte")


def test_une_reparation_retire_l_etat_quand_tous_les_autres_y_gagnent() -> None:
    op = operation("100000", ligne(ETAT, "10"), ligne(UE, "60000"), assiette=D("50000"))
    repare = reparer(op)
    assert isinstance(repare, Proposition)
    assert [(m.financeur, m.apres) for m in repare.mouvements] == [(ETAT, D(0))]


@pytest.mark.parametrize(
    ("lignes", "part", "extrait"),
    [
        ((ligne(PRIVE, "10000"), ligne(UE, "10000")), "15000", "au moins 18 000,00 € (L1111-10)"),
        ((ligne(PRIVE, "10000"), ligne(UE, "10000"), ligne(PROPRE, "35000", ACQUIS)), "30000",
         "déjà acquis est de 35 000,00 €. La part la plus basse possible est 35 000,00 €"),
        ((ligne(REGION, "10000", ACQUIS), ligne(UE, "10000", ACQUIS)), "75000",
         "davantage (Région, Union européenne). La part la plus basse possible est 80 000,00 €"),
    ],
)  # fmt: skip
def test_un_refus_compte_l_argent_prive_et_nomme_chaque_financeur(
    lignes: tuple[Financement, ...], part: str, extrait: str
) -> None:
    refus = proposer(operation("100000", *lignes), D(part))
    assert isinstance(refus, Refus)
    assert extrait in refus.raison.replace("\u202f", " ").replace("\u00a0", " ")
