"""What a token may be made for. A scope only ever takes away from what its owner may do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Portee:
    code: str
    libelle: str
    aide: str
    ecrit: bool = False


LECTURE, CONVERSATIONS, JOURNAL = "lecture", "conversations.lire", "journal.lire"
FICHES = "fiches.ecrire"
PORTEES: dict[str, Portee] = {
    p.code: p
    for p in (
        Portee(LECTURE, "Lire", "Territoires, règlements, démarches, plans, contrats, réunions, annuaire."),
        Portee(CONVERSATIONS, "Lire les conversations", "Les messages que vous lisez à l’écran."),
        Portee(JOURNAL, "Lire le journal", "Qui a fait quoi, quand, avant et après."),
        Portee(FICHES, "Créer et modifier des fiches", "Celles que vous pouvez rédiger à l’écran.", True),
    )
}
