"""The figures of the criteria, each with what makes it."""

from __future__ import annotations

from decimal import Decimal

import pytest

from arpent.metier.cadre_evaluation import (
    LIBELLES_CHIFFRE,
    Chiffre,
    FaitsEvaluation,
    QuestionEvaluative,
    Unite,
    lire_chiffre,
)

D = Decimal
FAITS = FaitsEvaluation(
    projets=4, acheves=1, en_retard=2, bloques=1, sans_enjeu=3, travaux_faits=D("30000"), travaux=D("60000"),
    accorde=D("25000.00"), vote=D("20000.00"), engage=D("10000.00"), paye=D("5000.00"),
    accorde_sans_enjeu=D("15000.01"), cout=D("100000"), indicateurs=5, mesures=3, atteints=2, reunions=6,
    avenants=1,
)  # fmt: skip
C = Chiffre


@pytest.mark.parametrize(
    ("chiffre", "valeur", "haut", "bas"),
    [
        (C.PROJETS, D(4), None, None),
        (C.PROJETS_ACHEVES, D(1), D(1), D(4)),
        (C.PROJETS_EN_RETARD, D(2), D(2), D(4)),
        (C.PROJETS_BLOQUES, D(1), D(1), D(4)),
        (C.PROJETS_SANS_ENJEU, D(3), D(3), D(4)),
        (C.AVANCEMENT, D("0.5"), D("30000"), D("60000")),
        (C.ACCORDE, D("25000.00"), None, None),
        (C.VOTE, D("20000.00"), None, None),
        (C.ENGAGE, D("10000.00"), None, None),
        (C.PAYE, D("5000.00"), None, None),
        (C.TAUX_ENGAGEMENT, D("0.4"), D("10000.00"), D("25000.00")),
        (C.TAUX_EXECUTION, D("0.2"), D("5000.00"), D("25000.00")),
        (C.AIDE_SANS_ENJEU, D("0.6000004"), D("15000.01"), D("25000.00")),
        (C.EFFET_DE_LEVIER, D(4), D("100000"), D("25000.00")),
        (C.INDICATEURS_MESURES, D(3), D(3), D(5)),
        (C.CIBLES_ATTEINTES, D(2), D(2), D(5)),
        (C.REUNIONS_TENUES, D(6), None, None),
        (C.AVENANTS, D(1), None, None),
    ],
)
def test_chaque_chiffre_garde_ses_deux_sommes(
    chiffre: Chiffre, valeur: D, haut: D | None, bas: D | None
) -> None:
    lu = lire_chiffre(chiffre, FAITS)
    assert (lu.valeur, lu.numerateur, lu.denominateur) == (valeur, haut, bas)
    assert lu.libelle == LIBELLES_CHIFFRE[chiffre]


@pytest.mark.parametrize("chiffre", list(Chiffre))
def test_sans_denominateur_un_rapport_n_a_pas_de_valeur(chiffre: Chiffre) -> None:
    lu = lire_chiffre(chiffre, FaitsEvaluation())
    sans = lu.unite is Unite.PART or chiffre is C.EFFET_DE_LEVIER
    assert (lu.valeur is None) is sans


def test_une_question_sans_source_est_une_proposition() -> None:
    assert QuestionEvaluative("q", "Question ?", ()).est_proposee
    assert not QuestionEvaluative("q", "Question ?", (), "Délibération").est_proposee
