"""Codes of places and bodies: INSEE commune codes, départements, SIREN."""

import re

_COMMUNE = re.compile(r"(?:0[1-9]|1\d|2[1-9AB]|[3-8]\d|9[0-5])\d{3}|97[1-8]\d{2}|98[4-9]\d{2}")
_SIREN = re.compile(r"[0-9]{9}")


def est_code_insee(code: str) -> bool:
    """True for a commune code of the official geographic code: “48095”, “2A004”, “97411”.

    Only the form is checked; whether the commune exists is the observatory's business.
    """
    return code.isascii() and _COMMUNE.fullmatch(code) is not None


def est_siren(code: str) -> bool:
    """True for nine digits whose Luhn key is right.

    The well-known exception to the key (La Poste) concerns its 14-digit SIRETs only: its SIREN
    356000000 passes like the others. Communes, EPCI and syndicats all follow the key.
    """
    if _SIREN.fullmatch(code) is None:
        return False
    doubles = (sum(divmod(2 * int(chiffre), 10)) for chiffre in code[1::2])
    return (sum(doubles) + sum(int(chiffre) for chiffre in code[0::2])) % 10 == 0


def departement_de(code: str) -> str:
    """The département of a commune code: two characters, three overseas.

    Raises ValueError (French) when the code has not the form of a commune code.
    """
    if not est_code_insee(code):
        raise ValueError(f"« {code} » n’est pas un code INSEE de commune (cinq caractères, comme 48095).")
    return code[:3] if code.startswith(("97", "98")) else code[:2]
