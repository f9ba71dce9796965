"""What can be paid of an aid: the rules as data, the bounds, the repayment, the planned payments."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.argent import ZERO
from arpent.metier.reglement import LIVRES
from arpent.metier.reglement.parametres import DETR_ACOMPTES, DETR_AVANCE
from arpent.metier.versements import (
    Aide,
    GenreVersement,
    Prevu,
    ReglesVersement,
    Travaux,
    echeancier,
    exemple_detr,
    lire_regles,
    montant_du,
    payable,
    refus_montant,
    refus_retenue,
    refus_reversement,
)

D = Decimal
AVANCE, ACOMPTE, SOLDE = GenreVersement
REGLES = ReglesVersement(D("0.30"), D("0.80"), D("5000"), source="Règlement, art. 12")
AIDE = Aide(D("50000.00"), assiette=D("100000.00"))
PARTS = (D("0.3"), D("0.5"), D("0.2"))


def aide(verse: str = "0", depenses: str | None = None, **autres: Any) -> Aide:
    return replace(
        AIDE, verse=D(verse) + ZERO, depenses=None if depenses is None else D(depenses) + ZERO, **autres
    )


# --- the rules ------------------------------------------------------------------------------------


def test_un_dispositif_muet_ne_fixe_aucun_taux() -> None:
    lues = lire_regles(None)
    assert not lues.saisies
    assert lues.pieces_de("solde") == ()
    assert lire_regles({"avance_taux": 0}).pieces == {}


def test_les_regles_se_lisent_avec_leurs_pieces_et_leur_source() -> None:
    lues = lire_regles({
        "avance_taux": "0.30", "acomptes_taux": 0.8, "acompte_minimum": 5000, "acomptes_nombre": 2,
        "solde_mois": 6, "pieces": {"solde": [" Certificat d’achèvement "]}, "source": "Règlement",
        "demonstration": True,
    })  # fmt: skip
    assert (lues.avance_taux, lues.acomptes_taux) == (D("0.30"), D("0.8"))
    assert (lues.acompte_minimum, lues.acomptes_nombre, lues.solde_mois) == (D("5000.00"), 2, 6)
    assert lues.pieces_de("solde") == ("Certificat d’achèvement",)
    assert lues.saisies
    assert (lues.source, lues.demonstration) == ("Règlement", True)


@pytest.mark.parametrize(
    ("bloc", "message"),
    [
        ([], "écrivez des clés"),
        ({"avance": "0.3"}, "clé « avance » inconnue"),
        ({"avance_taux": "trente"}, "« trente » n’est pas un nombre"),
        ({"avance_taux": "NaN"}, "« NaN » n’est pas un nombre"),
        ({"avance_taux": "30"}, "écrivez un taux de 0 à 1"),
        ({"avance_taux": "-0.1"}, "écrivez un taux de 0 à 1"),
        ({"avance_taux": "0.9", "acomptes_taux": "0.8"}, "avance_taux dépasse acomptes_taux"),
        ({"acompte_minimum": "-1"}, "écrivez un montant positif"),
        ({"acompte_minimum": "0.001"}, "écrivez un montant positif"),
        ({"acomptes_nombre": True}, "écrivez un nombre entier"),
        ({"acomptes_nombre": -1}, "écrivez un nombre entier"),
        ({"solde_mois": "3"}, "écrivez un nombre entier"),
        ({"pieces": []}, "écrivez une liste pour avance, acompte, solde"),
        ({"pieces": {"bilan": ["x"]}}, "« bilan » n’est ni avance"),
        ({"pieces": {"solde": "x"}}, "écrivez une liste de libellés"),
        ({"pieces": {"solde": [" "]}}, "écrivez une liste de libellés"),
    ],
)
def test_une_faute_dans_les_regles_se_nomme(bloc: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lire_regles(bloc)


def test_l_exemple_de_la_detr_vient_des_parametres_legaux() -> None:
    le = date(2026, 6, 1)
    lues = exemple_detr(LIVRES.seuil(DETR_AVANCE, le), LIVRES.seuil(DETR_ACOMPTES, le))
    assert (lues.avance_taux, lues.acomptes_taux) == (D("0.30"), D("0.80"))
    assert "R2334" in lues.source


def test_l_exemple_sans_parametre_ne_dit_rien() -> None:
    assert exemple_detr(None, None) == ReglesVersement()


# --- what is due ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("montant", "assiette", "depenses", "du"),
    [
        ("50000", "100000", "36000", "18000.00"),
        ("50000", "100000", "100000", "50000.00"),
        ("50000", "100000", "130000", "50000.00"),
        ("50000", "100000", "0", "0.00"),
        ("50000", "100000", None, "0.00"),
        ("10000", "30000", "29999.99", "10000.00"),
        ("10000", "30000", "10000", "3333.33"),
        ("50000", None, "1", "50000"),
        ("50000", None, None, "0.00"),
        ("50000", "0", "10", "0.00"),
    ],
)
def test_le_du_suit_le_plus_petit_du_reel_et_du_prevu(
    montant: str, assiette: str | None, depenses: str | None, du: str
) -> None:
    lue = Aide(
        D(montant), None if assiette is None else D(assiette), None if depenses is None else D(depenses)
    )
    assert montant_du(lue) == D(du)


# --- what can be paid -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("genre", "verse", "depenses", "montant", "borne"),
    [
        (AVANCE, "0", None, "15000.00", "avance"),
        (ACOMPTE, "15000", "70000", "20000.00", "justifie"),
        (ACOMPTE, "35000", "95000", "5000.00", "acomptes"),
        (SOLDE, "40000", "92000", "6000.00", "justifie"),
        (SOLDE, "40000", "130000", "10000.00", "justifie"),
    ],
)
def test_le_cas_travaille_de_la_page(
    genre: GenreVersement, verse: str, depenses: str | None, montant: str, borne: str
) -> None:
    lu = payable(genre, aide(verse, depenses), REGLES)
    assert (lu.montant, lu.borne.code, lu.refus) == (D(montant), borne, "")


def test_la_borne_qui_arrete_dit_son_calcul_et_sa_source() -> None:
    lu = payable(ACOMPTE, aide("35000", "95000"), REGLES)
    assert lu.explication == (
        "Avance et acomptes, au total\u00a0: 80\u00a0% × 50\u202f000,00\u00a0€ = 40\u202f000,00\u00a0€, "
        "moins 35\u202f000,00\u00a0€ déjà versés = 5\u202f000,00\u00a0€ (Règlement, art. 12)"
    )
    assert [b.code for b in lu.bornes] == ["justifie", "acomptes", "reste"]


def test_la_depense_au_dela_du_prevu_se_dit_plafonnee() -> None:
    lu = payable(SOLDE, aide("0", "130000"), REGLES)
    assert "100\u202f000,00\u00a0€ (plafonnés à 100\u202f000,00\u00a0€)" in lu.borne.calcul


def test_un_acompte_sous_le_minimum_est_refuse_avec_les_deux_montants() -> None:
    lu = payable(ACOMPTE, aide("15000", "36000"), REGLES)
    assert lu.refus.startswith(
        "L’acompte serait de 3\u202f000,00\u00a0€ ; le minimum est de 5\u202f000,00\u00a0€"
    )


def test_un_acompte_au_minimum_passe() -> None:
    assert payable(ACOMPTE, aide("15000", "40000"), REGLES).refus == ""


def test_le_nombre_d_acomptes_du_reglement_arrete() -> None:
    regles = replace(REGLES, acomptes_nombre=2)
    assert payable(ACOMPTE, aide("15000", "70000", acomptes=1), regles).refus == ""
    assert "permet 2 acompte(s)" in payable(ACOMPTE, aide("15000", "70000", acomptes=2), regles).refus


def test_un_taux_nul_n_est_pas_une_regle_absente() -> None:
    nulles = ReglesVersement(ZERO, ZERO)
    assert payable(AVANCE, aide(), nulles).refus.startswith("Le règlement ne prévoit pas d’avance")
    assert payable(ACOMPTE, aide("0", "50000"), nulles).refus.startswith(
        "Le règlement ne prévoit pas d’acompte"
    )
    assert not payable(AVANCE, aide(), nulles).regle_manquante


def test_une_seconde_avance_ne_peut_pas_etre_versee() -> None:
    lu = payable(AVANCE, aide("15000", avances=D("15000.00")), REGLES)
    assert lu.montant == 0
    assert lu.refus.startswith("Aucun montant ne peut être versé en avance. Avance permise")


def test_sans_depense_justifiee_aucun_acompte() -> None:
    lu = payable(ACOMPTE, aide(), REGLES)
    assert "aucune dépense justifiée" in lu.refus


def test_une_borne_negative_ne_donne_pas_de_versement_negatif() -> None:
    lu = payable(ACOMPTE, aide("40000", "60000"), REGLES)
    assert (lu.montant, lu.borne.montant, lu.a_reverser) == (ZERO, D("-10000.00"), ZERO)


def test_au_solde_le_trop_verse_est_a_reverser() -> None:
    lu = payable(SOLDE, aide("40000", "76000"), REGLES)
    assert (lu.montant, lu.a_reverser) == (ZERO, D("2000.00"))
    assert lu.refus.endswith("2\u202f000,00\u00a0€ sont à reverser.")


def test_une_aide_forfaitaire_est_due_en_entier() -> None:
    lu = payable(SOLDE, Aide(D("8000.00"), None, D("1.00")), REGLES)
    assert (lu.montant, lu.borne.calcul) == (D("8000.00"), "aide forfaitaire 8\u202f000,00\u00a0€")


def test_ce_qui_est_retenu_n_est_payable_par_aucune_porte() -> None:
    lu = payable(SOLDE, aide("40000", "100000", retenu=D("1500.00")), REGLES)
    assert lu.montant == D("8500.00")
    assert all("moins 1\u202f500,00\u00a0€ retenus" in b.calcul for b in lu.bornes)


def test_une_regle_non_saisie_se_nomme_et_laisse_les_autres_bornes() -> None:
    vides = ReglesVersement()
    avance, acompte, solde = (payable(g, aide("10000", "60000"), vides) for g in GenreVersement)
    assert avance.regle_manquante == "le taux de l’avance"
    assert (avance.borne.code, avance.montant) == ("reste", D("40000.00"))
    assert acompte.regle_manquante.startswith("la part de l’aide")
    assert (acompte.borne.code, acompte.montant) == ("justifie", D("20000.00"))
    assert solde.regle_manquante == ""


# --- refusals -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("montant", "debut"),
    [
        ("0", "Le montant doit être positif"),
        ("1.001", "Le montant doit être positif"),
        ("15000.01", "15\u202f000,01\u00a0€ dépassent ce qui peut être versé, 15\u202f000,00\u00a0€."),
    ],
)
def test_le_montant_demande_reste_dans_la_borne(montant: str, debut: str) -> None:
    assert refus_montant(D(montant), payable(AVANCE, aide(), REGLES)).startswith(debut)


def test_le_montant_de_la_borne_passe() -> None:
    assert refus_montant(D("15000"), payable(AVANCE, aide(), REGLES)) == ""
    assert refus_montant(D("0.01"), payable(AVANCE, aide(), REGLES)) == ""


def test_un_genre_refuse_l_est_quel_que_soit_le_montant() -> None:
    lu = payable(ACOMPTE, aide("15000", "36000"), REGLES)
    assert refus_montant(D("100"), lu) == lu.refus


def test_sans_regle_saisie_le_montant_demande_sa_raison() -> None:
    lu = payable(AVANCE, aide(), ReglesVersement())
    assert "ne donne pas le taux de l’avance" in refus_montant(D("1000"), lu, " ")
    assert refus_montant(D("1000"), lu, "Usage du service") == ""


@pytest.mark.parametrize(
    ("retenue", "motif", "debut"),
    [
        ("0", "x", "La retenue doit être positive"),
        ("0.001", "x", "La retenue doit être positive"),
        ("1000.01", "x", "La retenue, 1\u202f000,01\u00a0€, dépasse le versement"),
        ("1000", " ", "Dites pourquoi"),
        ("1000", "Panneau absent", ""),
    ],
)
def test_la_retenue_tient_dans_le_versement_et_dit_pourquoi(retenue: str, motif: str, debut: str) -> None:
    refus = refus_retenue(D(retenue), D("1000.00"), motif)
    assert refus.startswith(debut)
    assert bool(refus) is bool(debut)


@pytest.mark.parametrize(
    ("montant", "motif", "debut"),
    [
        ("0", "x", "Le montant doit être positif"),
        ("0.001", "x", "Le montant doit être positif"),
        ("5000.01", "x", "5\u202f000,00\u00a0€ ont été versés"),
        ("5000", "", "Dites pourquoi"),
        ("5000", "Changement d’usage", ""),
    ],
)
def test_le_reversement_tient_dans_ce_qui_est_verse(montant: str, motif: str, debut: str) -> None:
    refus = refus_reversement(D(montant), D("5000.00"), motif)
    assert refus.startswith(debut)
    assert bool(refus) is bool(debut)


# --- planned payments -----------------------------------------------------------------------------

TRAVAUX = Travaux(date(2026, 7, 1), date(2028, 6, 30))


def prevoir(
    verse: str = "0", regles: ReglesVersement = REGLES, travaux: Travaux = TRAVAUX, montant: str = "50000.00"
) -> tuple[Prevu, ...]:
    return echeancier(D(montant), D(verse), regles, travaux, attribue_le=date(2026, 3, 15), parts=PARTS)


def test_l_avance_au_debut_les_acomptes_en_fin_d_annee_le_solde_apres_la_fin() -> None:
    prevus = prevoir()
    assert [(p.genre, p.le) for p in prevus] == [
        (AVANCE, date(2026, 7, 1)),
        (ACOMPTE, date(2027, 12, 31)),
        (SOLDE, date(2028, 9, 30)),
    ]
    # 2026: 183 days of 730, 12 534,25 €, under the advance; 2027: 548 of 730, 37 534,25 €.
    assert [p.montant for p in prevus] == [D("15000.00"), D("22534.25"), D("12465.75")]


def test_les_versements_prevus_font_l_aide_moins_ce_qui_est_verse() -> None:
    for verse in ("0", "15000", "15000.01", "40000", "49999.99", "50000"):
        assert sum((p.montant for p in prevoir(verse)), ZERO) == D("50000.00") - D(verse)
    assert [p.genre for p in prevoir("20000")] == [ACOMPTE, SOLDE]
    assert prevoir("50000") == ()


def test_un_acompte_prevu_sous_le_minimum_attend_le_suivant() -> None:
    regles = replace(REGLES, avance_taux=ZERO, acompte_minimum=D("20000"))
    assert [(p.genre, p.montant) for p in prevoir(regles=regles)] == [
        (ACOMPTE, D("37534.25")),
        (SOLDE, D("12465.75")),
    ]


def test_les_acomptes_prevus_ne_passent_pas_leur_plafond() -> None:
    regles = replace(REGLES, acomptes_taux=D("0.50"), solde_mois=0)
    prevus = prevoir(regles=regles)
    assert [p.montant for p in prevus] == [D("15000.00"), D("10000.00"), D("25000.00")]
    assert prevus[-1].le == date(2028, 6, 30)


def test_sans_taux_d_acomptes_l_avance_puis_le_solde() -> None:
    regles = ReglesVersement(avance_taux=D("0.30"))
    assert [p.genre for p in prevoir(regles=regles)] == [AVANCE, SOLDE]
    sans_avance = ReglesVersement(acomptes_taux=D("0.80"))
    assert [p.genre for p in prevoir(regles=sans_avance)] == [ACOMPTE, ACOMPTE, SOLDE]


@pytest.mark.parametrize(
    ("regles", "travaux"),
    [
        (ReglesVersement(), TRAVAUX),
        (REGLES, Travaux(None, date(2028, 6, 30))),
        (REGLES, Travaux(date(2026, 7, 1), None)),
        (REGLES, Travaux(date(2026, 7, 1), date(2026, 6, 30))),
    ],
)
def test_sans_dates_ou_sans_taux_les_parts_du_dispositif(regles: ReglesVersement, travaux: Travaux) -> None:
    assert prevoir(regles=regles, travaux=travaux) == (
        Prevu(ACOMPTE, date(2026, 12, 31), D("15000.00")),
        Prevu(ACOMPTE, date(2027, 12, 31), D("25000.00")),
        Prevu(SOLDE, date(2028, 12, 31), D("10000.00")),
    )


def test_des_travaux_d_un_jour_ne_divisent_pas_par_zero() -> None:
    jour = date(2026, 7, 1)
    assert [p.genre for p in prevoir(travaux=Travaux(jour, jour))] == [AVANCE, SOLDE]
