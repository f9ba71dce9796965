"""What the race on the arbitration table calls a lost edit, and what it does not."""

from __future__ import annotations

import pytest
from bench.fiabilite.arbitrages import Edition, egaux, juger

FINALES = {"7": {"montant": "300.00", "assiette": "None", "motif": ""}}


def _vues(*editions: tuple[str, str, bool]) -> list[Edition]:
    return [Edition(7, "montant", vu, voulu, acquittee) for vu, voulu, acquittee in editions]


def _ecrites(*pas: tuple[str, str]) -> list[list[str | int]]:
    return [[7, "montant", avant, apres] for avant, apres in pas]


def test_deux_editions_qui_se_suivent_sont_saines():
    editions = _vues(("0.00", "200", True), ("0.00", "250", False), ("200.00", "300", True))
    assert juger(editions, _ecrites(("0.00", "200.00"), ("200.00", "300.00")), FINALES, "1000.00") == []


@pytest.mark.parametrize(
    ("editions", "ecrites", "faute"),
    [
        (_vues(("0.00", "300", True), ("0.00", "200", True)), _ecrites(("0.00", "300.00")), "perdu"),
        (
            _vues(("0.00", "200", True), ("0.00", "300", True)),
            _ecrites(("0.00", "200.00"), ("200.00", "300.00")),
            "écrasé",
        ),
        (_vues(("0.00", "300", False)), _ecrites(("0.00", "300.00")), "n’a pas été acquitté"),
        (
            _vues(("0.00", "200", True), ("250.00", "300", True)),
            _ecrites(("0.00", "200.00"), ("250.00", "300.00")),
            "sans trace",
        ),
        (_vues(("0.00", "200", True)), _ecrites(("0.00", "200.00")), "en base"),
    ],
)
def test_chaque_perte_est_dite(editions, ecrites, faute):
    assert any(faute in x for x in juger(editions, ecrites, FINALES, "1000.00"))


def test_une_base_intacte_vaut_celle_de_la_fiche():
    edition = Edition(7, "assiette", "1000.00", "90", True)
    finales = {"7": {"assiette": "90.00"}}
    assert juger([edition], [[7, "assiette", "", "90.00"]], finales, "1000.00") == []


def test_deux_ecritures_du_meme_montant_sont_egales():
    assert egaux("12", "12.00")
    assert egaux("", "None")
    assert not egaux("", "0")
    assert not egaux("p1 n1", "p1 n2")
