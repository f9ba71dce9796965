"""The SIREN number: nine digits, the last one a Luhn key."""

from __future__ import annotations

import re


def nettoyer_siren(texte: str) -> str:
    """Digits without the spaces people type; a SIRET (14 digits) gives its SIREN."""
    chiffres = re.sub(r"[\s\u00a0\u202f.]", "", texte)
    return chiffres[:9] if re.fullmatch(r"[0-9]{14}", chiffres) else chiffres


def cle_de_luhn(chiffres: str) -> bool:
    """Whether the digits, one in two doubled from the right, sum to a multiple of ten."""
    somme = 0
    for rang, chiffre in enumerate(reversed(chiffres)):
        valeur = int(chiffre) * (2 if rang % 2 else 1)
        somme += valeur - 9 if valeur > 9 else valeur
    return somme % 10 == 0


def defaut_du_siren(siren: str) -> str:
    """Why a SIREN is refused, in one French sentence; empty when it is right (or not given)."""
    if not siren:
        return ""
    if not re.fullmatch(r"[0-9]{9}", siren):
        return "Le SIREN a neuf chiffres : vérifiez le numéro, ou laissez vide."
    if not cle_de_luhn(siren):
        return "Ce SIREN n’existe pas (sa clé de contrôle est fausse) : vérifiez la saisie."
    return ""
