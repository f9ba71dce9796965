"""Numbers of rows as a page sends them."""

LONGUEUR_MAX = 17


def identifiant(texte: str) -> int | None:
    """The number of a row; None for anything that no database could hold as one."""
    lisible = texte.isascii() and texte.isdigit() and len(texte) <= LONGUEUR_MAX
    return int(texte) if lisible else None
