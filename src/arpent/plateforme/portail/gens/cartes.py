"""Visiting cards (vCard 3.0): one person, or a whole list, for an address book."""

from __future__ import annotations

from collections.abc import Iterable

from .interlocuteurs import Interlocuteur

MIME = "text/vcard; charset=utf-8"


def carte(qui: Interlocuteur) -> str:
    """One card. Never empty: a structure without anybody named has its own."""
    from segno import helpers  # at the first card: the start must not wait for it

    nom = ";".join((qui.nom, qui.prenom)) if qui.nom else f"{qui.organisation};"
    texte: str = helpers.make_vcard_data(
        nom, qui.nom_complet, email=qui.courriel or None, phone=qui.telephone or None,
        title=qui.titre or None, org=qui.organisation or None,
    )  # fmt: skip
    return texte


def cartes(gens: Iterable[Interlocuteur]) -> bytes:
    """The cards one after the other, in UTF-8."""
    return "".join(carte(g) for g in gens).encode()
