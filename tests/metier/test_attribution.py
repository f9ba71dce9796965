"""When a convention is due, and what a dispositif says of payments and delays."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.attribution import convention_due, lire_modalites
from arpent.metier.reglement import LIVRES
from arpent.metier.reglement.parametres import CONVENTION_SUBVENTION

SEUIL = LIVRES.seuil(CONVENTION_SUBVENTION, date(2026, 6, 1))


@pytest.mark.parametrize(
    ("prive", "aides", "requise"),
    [
        (True, ["23000.00"], False),
        (True, ["23000.01"], True),
        (True, ["12000", "11000.01"], True),
        (None, ["23000.01"], None),
        (None, ["9000"], False),
        (False, ["900000"], False),
    ],
)
def test_la_convention_se_juge_au_dela_de_23_000_euros_par_an(
    prive: bool | None, aides: list[str], requise: bool | None
) -> None:
    due = convention_due(prive, [Decimal(a) for a in aides], 2027, SEUIL)
    assert due.requise is requise
    assert "loi n° 2000-321 du 12 avril 2000, art. 10" in due.article
    assert "décret n° 2001-495 du 6 juin 2001, art. 1er" in due.article


def test_le_calcul_additionne_les_aides_de_l_annee() -> None:
    due = convention_due(True, [Decimal("12000"), Decimal("11000.01")], 2027, SEUIL)
    assert due.calcul == "12\u202f000,00\u00a0€ + 11\u202f000,01\u00a0€ = 23\u202f000,01\u00a0€ en 2027"


def test_sans_seuil_saisi_rien_n_est_affirme() -> None:
    assert convention_due(True, [Decimal(90_000)], None, None).requise is None


def test_un_dispositif_muet_ne_fixe_ni_delai_ni_versement() -> None:
    lu = lire_modalites(None)
    assert (lu.versement, lu.pieces, lu.delais) == ((), (), ())


def test_les_modalites_se_lisent_et_une_faute_se_nomme() -> None:
    lu = lire_modalites({"delais": ["Deux ans."], "source": "Règlement", "demonstration": True})
    assert (lu.delais, lu.source, lu.demonstration) == (("Deux ans.",), "Règlement", True)


@pytest.mark.parametrize(
    ("bloc", "message"),
    [
        ({"delai": ["x"]}, "clé « delai » inconnue"),
        ({"delais": "Deux ans."}, "delais : écrivez une liste de phrases"),
        ({"pieces": [" "]}, "pieces : écrivez une liste de phrases"),
        (["x"], "écrivez des clés"),
    ],
)
def test_un_bloc_illisible_est_refuse(bloc: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lire_modalites(bloc)
