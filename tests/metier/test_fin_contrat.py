"""Dates of the end of a contract before its term."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from arpent.metier.fin_contrat import FinDemandee, MotifFin, controler

CADRE: dict[str, Any] = {
    "debut": date(2026, 1, 1), "terme": date(2028, 12, 31), "delai_mois": 2, "le": date(2027, 5, 10),
}  # fmt: skip
ACCORD = FinDemandee(MotifFin.ACCORD, False, date(2027, 4, 1), date(2027, 4, 15), date(2027, 6, 30))
MANQUEMENT = FinDemandee(
    MotifFin.MANQUEMENT, True, date(2027, 4, 1), date(2027, 4, 15), date(2027, 6, 30), date(2027, 3, 31)
)


def _champs(fin: FinDemandee, **autre: Any) -> list[str]:
    return [d.champ for d in controler(fin, **(CADRE | autre))]


def test_ce_qui_est_en_ordre_ne_dit_rien() -> None:
    assert _champs(ACCORD) == []
    assert _champs(MANQUEMENT) == []
    assert _champs(replace(ACCORD, motif=MotifFin.INTERET_GENERAL, par_une_partie=True)) == []


@pytest.mark.parametrize(
    ("fin", "champ"),
    [
        (replace(ACCORD, par_une_partie=True), "auteur"),
        (replace(MANQUEMENT, par_une_partie=False), "auteur"),
        (replace(ACCORD, acte_le=date(2027, 5, 11), notifie_le=date(2027, 5, 11)), "acte_le"),
        (replace(ACCORD, acte_le=date(2025, 12, 31)), "acte_le"),
        (replace(ACCORD, notifie_le=date(2027, 3, 31)), "notifie_le"),
        (replace(ACCORD, notifie_le=date(2027, 5, 11)), "notifie_le"),
        (replace(ACCORD, effet_le=date(2027, 4, 14)), "effet_le"),
        (replace(ACCORD, effet_le=date(2029, 1, 1)), "effet_le"),
        (replace(ACCORD, mise_en_demeure_le=date(2027, 1, 1)), "mise_en_demeure_le"),
        (replace(MANQUEMENT, mise_en_demeure_le=None), "mise_en_demeure_le"),
        (replace(MANQUEMENT, mise_en_demeure_le=date(2027, 4, 2)), "mise_en_demeure_le"),
    ],
)
def test_chaque_defaut_est_dit_sur_sa_case(fin: FinDemandee, champ: str) -> None:
    assert champ in _champs(fin)


def test_la_mise_en_demeure_laisse_son_delai_au_jour_pres() -> None:
    fin = replace(MANQUEMENT, mise_en_demeure_le=date(2027, 3, 31), effet_le=date(2027, 5, 31))
    assert _champs(fin) == []
    assert _champs(replace(fin, effet_le=date(2027, 5, 30))) == ["effet_le"]
    assert _champs(replace(fin, effet_le=date(2027, 5, 1)), delai_mois=None) == []


def test_sans_dates_de_contrat_seules_les_autres_comptent() -> None:
    assert _champs(replace(ACCORD, effet_le=date(2040, 1, 1)), debut=None, terme=None) == []
