"""Passwords: a bounded cost, and no word that anybody would try first."""

from __future__ import annotations

import re
import unicodedata

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.password_validation import CommonPasswordValidator
from django.core.exceptions import ValidationError

from .models import Agent, Organisation

MOTS_DU_METIER = frozenset({
    "arpent", "contrat", "contrats", "territoire", "territoires", "territorial", "territoriaux",
    "departement", "departemental", "region", "regional", "prefecture", "mairie", "commune", "communes",
    "communaute", "syndicat", "conseil", "motdepasse", "password", "bienvenue",
})  # fmt: skip
RESTE_MIN = 8
"""Characters, once the words of the context, digits and signs are taken out."""
_N = Organisation.Nature


class Argon2Borne(Argon2PasswordHasher):
    """About 60 ms and 32 MiB a hash, above the OWASP minimum (19 MiB, t=2, p=1)."""

    time_cost = 3
    memory_cost = 32 * 1024
    parallelism = 1


def _lettres(texte: str) -> str:
    plie = unicodedata.normalize("NFKD", texte.lower()).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z]", "", plie)


def mots_du_contexte(agent: Agent | None = None) -> set[str]:
    """Words whoever attacks knows: the trade, the authorities, the person's bodies. Two queries."""
    noms = list(
        Organisation.objects.filter(nature__in=(_N.DEPARTEMENT, _N.REGION)).values_list("nom", flat=True)[:50]
    )
    if agent is not None and agent.pk:
        noms += agent.habilitations.exclude(organisation=None).values_list("organisation__nom", flat=True)[
            :50
        ]
    mots = {_lettres(mot) for nom in noms for mot in re.split(r"[\W_]+", nom)}
    return set(MOTS_DU_METIER) | {mot for mot in mots if len(mot) > 3}


_CLAVIER = (
    "1234567890", "azertyuiop", "qsdfghjklm", "wxcvbn", "qwertyuiop", "asdfghjkl", "zxcvbnm", "abcdefghijklm",
    "1qaz2wsx3edc4rfv5tgb6yhn", "1aqw2zsx3edc4rfv", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0",
    "1a2z3e4r5t6y7u8i9o0p", "a1z2e3r4t5y6u7i8o9p0", "qazwsxedcrfvtgb", "123qweasdzxc", "zaq12wsxcde34rfv",
)  # fmt: skip
"""Ways a finger goes on a French or an English keyboard."""
_SUITE = 3
_SUITES = frozenset(
    sens[i : i + _SUITE]
    for chemin in _CLAVIER
    for sens in (chemin, chemin[::-1])
    for i in range(len(chemin) - 2)
)
DISTINCTS_MIN = 5


def _sans_suites(texte: str) -> str:
    """What is left once the walks of three keys and more are taken out."""
    dans = [
        any(texte[j : j + _SUITE] in _SUITES for j in range(max(0, i - 2), i + 1)) for i in range(len(texte))
    ]
    return "".join(c for c, suite in zip(texte, dans, strict=True) if not suite)


def _periode(texte: str) -> str:
    """The shortest text that, repeated, gives this one."""
    return texte[: (texte * 2).find(texte, 1)] if texte else ""


class MotsDePasseCourants(CommonPasswordValidator):
    """The twenty thousand of the known leaks, and what is made of them to reach twelve characters.

    Digits or signs around one of them, one of them repeated, a walk on the keyboard, four characters in all.
    """

    def validate(self, password: str, user: object = None) -> None:
        super().validate(password, user)  # type: ignore[arg-type]
        bas = password.strip().lower()
        noyaux = {_periode(bas), re.sub(r"^[\W\d_]+|[\W\d_]+$", "", bas), re.sub(r"[\W\d_]+", "", bas)}
        noyaux |= {_periode(n) for n in noyaux}
        courant = any(n in self.passwords for n in noyaux if n != bas or len(n) < 12)
        if courant or len(set(bas)) < DISTINCTS_MIN or len(_sans_suites(bas)) < 4 or bas.isdigit():
            raise ValidationError(
                "Ce mot de passe est parmi les premiers essayés : un mot très courant allongé de chiffres, "
                "répété, ou une suite de touches. Prenez une phrase que vous seul connaissez.",
                code="mot_de_passe_courant",
            )


class MotsDuContexte:
    """Refuses a password that is little more than names: the product, the authority, one's body."""

    def validate(self, password: str, user: object = None) -> None:
        reste = _lettres(password)
        connus = mots_du_contexte(user if isinstance(user, Agent) else None)
        trouves = [mot for mot in sorted(connus, key=len, reverse=True) if mot in reste]
        for mot in trouves:
            reste = reste.replace(mot, "")
        if trouves and len(reste) < RESTE_MIN:
            raise ValidationError(
                "Ce mot de passe se devine : il est fait de mots connus ici (« %(mot)s »…). Ajoutez-y des "
                "mots qui n’ont rien à voir avec votre travail.",
                code="mots_du_contexte",
                params={"mot": trouves[0]},
            )

    def get_help_text(self) -> str:
        return "Ni le nom du logiciel, ni celui de votre collectivité, ni les mots du métier."
