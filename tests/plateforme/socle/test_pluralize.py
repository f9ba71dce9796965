"""The plural as French counts: it starts at two."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.template import Context, Engine

from arpent.plateforme.socle.templatetags.formats import pluralize


@pytest.mark.parametrize(
    ("x", "attendu"),
    [
        (0, ""),
        (1, ""),
        (2, "s"),
        (-1, ""),
        (Decimal("1.5"), ""),
        (2.5, "s"),
        ("1", ""),
        ("12", "s"),
        ([], ""),
    ],
)
def test_zero_et_un_restent_au_singulier(x: object, attendu: str) -> None:
    assert pluralize(x) == attendu


def test_les_deux_formes_se_donnent() -> None:
    assert pluralize(0, "a,ont") == "a"
    assert pluralize(2, "a,ont") == "ont"
    assert pluralize([], ",nt") == ""
    assert pluralize(["un", "deux"], ",nt") == "nt"


def test_ce_qui_ne_se_compte_pas_est_au_singulier() -> None:
    assert pluralize(None) == ""


def test_toutes_les_pages_emploient_cette_regle() -> None:
    gabarit = Engine.get_default().from_string("{{ n }} fiche{{ n|pluralize }}")
    assert gabarit.render(Context({"n": 0})) == "0 fiche"
