"""The names of those who act, held apart from the chain: a name can be erased, no line moves.

A line holds `cle` = SHA-256 of a random salt and of the name, and the number of the account. The name and its
salt are here. While they are, the check of the journal proves that the name is the one written that day; once
both are gone nobody can go back from the key to the name.
"""

from __future__ import annotations

import hashlib
import secrets

from .models import AuteurJournal

EN_L_ABSENCE = ", en l’absence de "


def cle_de(sel: str, nom: str) -> str:
    """What a line keeps of a name."""
    return hashlib.sha256(f"{sel}|{nom}".encode()).hexdigest()


def auteur_de(agent_id: int, nom: str) -> str:
    """The key of that person under that name, made the first time. One query, two the first time."""
    connu = AuteurJournal.objects.filter(agent_id=agent_id, nom=nom).exclude(sel="").first()
    if connu is None:
        sel = secrets.token_hex(16)
        connu = AuteurJournal.objects.create(cle=cle_de(sel, nom), agent_id=agent_id, nom=nom, sel=sel)
    return connu.cle


def noms_alteres() -> set[str]:
    """Keys whose name is no longer the one they were made of. One query; an erased name is not one."""
    return {
        cle
        for cle, nom, sel in AuteurJournal.objects.exclude(sel="").values_list("cle", "nom", "sel")
        if cle_de(sel, nom) != cle
    }


def oublier_auteur(agent_id: int, pseudonyme: str, nom: str) -> int:
    """Erases the names and salts of an account; every line of theirs then shows the pseudonym.

    Whoever stood in for them keeps their own name: “X, en l’absence de Y” becomes “X, en l’absence de
    Personne n° 7”.
    """
    for suppleance in AuteurJournal.objects.filter(nom__endswith=f"{EN_L_ABSENCE}{nom}"):
        suppleance.nom = suppleance.nom.removesuffix(nom) + pseudonyme
        suppleance.sel = ""
        suppleance.save(update_fields=["nom", "sel"])
    return AuteurJournal.objects.filter(agent_id=agent_id).update(nom=pseudonyme, sel="")
