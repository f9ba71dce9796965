"""Which fund pays a line: the chosen one, that of the theme, the main one."""

from __future__ import annotations

import pytest

from arpent.metier.repartition import FondsOuvert, Raison, imputer, principal

BASE = FondsOuvert("base", "Base")
VOIRIE = FondsOuvert("voirie", "Voirie", themes=frozenset({"voirie"}))
REEQUILIBRAGE = FondsOuvert("reequilibrage", "Rééquilibrage")


@pytest.mark.parametrize(
    ("theme", "choisi", "attendu", "raison", "abandonne"),
    [
        ("cadre", "", "base", Raison.PRINCIPAL, False),
        ("", "", "base", Raison.PRINCIPAL, False),
        ("voirie", "", "voirie", Raison.THEME, False),
        ("voirie", "base", "base", Raison.CHOIX, False),
        ("cadre", "voirie", "voirie", Raison.CHOIX, False),
        ("cadre", "reequilibrage", "reequilibrage", Raison.CHOIX, False),
        ("cadre", "parti", "base", Raison.PRINCIPAL, True),
        ("voirie", "parti", "voirie", Raison.THEME, True),
    ],
)
def test_le_choix_puis_le_theme_puis_le_fonds_principal(
    theme: str, choisi: str, attendu: str, raison: Raison, abandonne: bool
) -> None:
    lue = imputer((VOIRIE, BASE, REEQUILIBRAGE), theme, choisi)
    assert lue is not None
    assert (lue.fonds.code, lue.raison, lue.abandonne) == (attendu, raison, abandonne)


def test_sans_fonds_personne_ne_paie() -> None:
    assert imputer((), "voirie") is None
    assert principal(()) is None


def test_un_seul_fonds_meme_a_theme_paie_tout() -> None:
    lue = imputer((VOIRIE,), "cadre")
    assert lue is not None
    assert (lue.fonds, lue.raison) == (VOIRIE, Raison.PRINCIPAL)
