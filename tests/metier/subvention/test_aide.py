"""The aid on the real figures: the least of four bounds, each with its arithmetic."""

from __future__ import annotations

from decimal import Decimal as D

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import Financement, Financeur, Operation, Plan, Seuil, StatutFinancement
from arpent.metier.subvention import (
    CONTRAT,
    DEMANDE,
    TAUX,
    AideReelle,
    LigneAidee,
    Reel,
    calculer_aide,
    refus_du_montant,
)

MINIMUM = Seuil(D("0.20"), "CGCT, art. L1111-10, III")
LIGNE = LigneAidee(D("40000"), D("100000"), "contrat signé, projet n° 7")


def aide(
    ligne: LigneAidee = LIGNE,
    *,
    cout: str = "100000",
    assiette: str | None = None,
    demande: str | None = None,
    autres: tuple[Financement, ...] = (),
    minimum: Seuil | None = MINIMUM,
) -> AideReelle:
    reel = Reel(D(cout), D(assiette or cout), D(demande) if demande else None)
    operation = Operation(Plan(D(cout), autres), minimum=minimum, assiette=reel.assiette)
    return calculer_aide(ligne, reel, operation, Financeur.DEPARTEMENT)


def etat(montant: str) -> Financement:
    return Financement(Financeur.ETAT, "DETR", D(montant), StatutFinancement.ACQUIS)


@pytest.mark.parametrize(
    ("cas", "montant", "code"),
    [
        # as planned: the line, whole
        ({}, "40000.00", CONTRAT),
        # cheaper: the rate on the real base
        ({"cout": "80000"}, "32000.00", TAUX),
        # dearer: never above the line without an avenant
        ({"cout": "150000"}, "40000.00", CONTRAT),
        # only part of the cost is eligible
        ({"assiette": "60000.01"}, "24000.00", TAUX),
        # the owner asks for less
        ({"demande": "25000"}, "25000.00", DEMANDE),
        # the State gave so much that the owner's 20 % leave 20 000
        ({"autres": (etat("60000"),)}, "20000.00", "loi-0"),
        # nothing left
        ({"autres": (etat("90000"),)}, "0.00", "loi-0"),
    ],
)
def test_l_aide_est_la_plus_petite_des_bornes(cas: dict[str, object], montant: str, code: str) -> None:
    trouvee = aide(**cas)  # type: ignore[arg-type]
    assert (trouvee.montant, trouvee.liante.code) == (D(montant), code)
    assert trouvee.reste == LIGNE.aide - D(montant)


def test_chaque_borne_dit_son_article_et_son_calcul() -> None:
    bornes = {b.code: b for b in aide(cout="80000", autres=(etat("30000"),)).bornes}
    assert bornes[CONTRAT].article == "contrat signé, projet n° 7"
    assert bornes[TAUX].calcul == "40 000,00 € ÷ 100 000,00 € × 80 000,00 € = 32 000,00 €".replace(
        " 000", "\u202f000"
    ).replace(" €", "\u00a0€")
    assert bornes["loi-0"].article == MINIMUM.article
    assert bornes["loi-0"].plafond == D("34000.00")


def test_la_phrase_dit_le_montant_et_ce_qui_limite() -> None:
    assert aide().phrase == "40\u202f000,00\u00a0€ : toute l’aide inscrite au contrat."
    reduite = aide(cout="80000").phrase
    assert reduite.startswith("32\u202f000,00\u00a0€ au lieu de 40\u202f000,00\u00a0€ au contrat.")
    assert "Ce qui limite" in reduite


def test_ce_que_l_autorite_donne_deja_ailleurs_compte() -> None:
    autre = Financement(Financeur.DEPARTEMENT, "autre régime", D("30000"), StatutFinancement.ACQUIS)
    trouvee = aide(autres=(etat("30000"), autre))
    assert trouvee.montant == D("20000.00")
    assert "déjà accordé" in trouvee.liante.calcul


def test_sans_assiette_au_contrat_le_taux_est_a_verifier() -> None:
    trouvee = aide(LigneAidee(D("40000"), None, "contrat signé"), cout="80000")
    assert [b.code for b in trouvee.a_verifier] == [TAUX]
    assert trouvee.montant == D("40000")


def test_le_taux_ne_perd_pas_de_centime() -> None:
    # 17 943.21 over 100 000: the rate shown is rounded, the amount is not
    trouvee = aide(LigneAidee(D("17943.21"), D("100000"), "contrat"), cout="99999.99")
    assert trouvee.montant == D("17943.21")


@pytest.mark.parametrize(
    ("montant", "motif", "mot"),
    [
        ("0", "", "positif"),
        ("40000.01", "", "avenant"),
        ("32000.01", "", "Taux du contrat"),
        ("31999.99", "", "écrivez pourquoi"),
        ("31999.99", "projet réduit", ""),
        ("32000.00", "", ""),
    ],
)
def test_un_montant_propose_tient_dans_les_bornes(montant: str, motif: str, mot: str) -> None:
    refus = refus_du_montant(D(montant), aide(cout="80000"), motif)
    assert mot in refus if mot else refus == ""


@given(
    ligne=st.decimals("1", "500000", places=2),
    prevue=st.decimals("1", "1000000", places=2),
    reelle=st.decimals("1", "1000000", places=2),
    autres=st.decimals("0", "900000", places=2),
)
def test_jamais_plus_que_la_ligne_ni_que_la_loi(ligne: D, prevue: D, reelle: D, autres: D) -> None:
    trouvee = aide(LigneAidee(ligne, prevue, "contrat"), cout=str(reelle), autres=(etat(str(autres)),))
    assert D(0) <= trouvee.montant <= ligne
    assert trouvee.montant == 0 or trouvee.montant + autres <= reelle - (reelle * D("0.2")) + D("0.01")
