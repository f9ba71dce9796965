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
FICHES, DOSSIERS = "fiches.ecrire", "dossiers.ecrire"
PORTEES: dict[str, Portee] = {
    p.code: p
    for p in (
        Portee(
            LECTURE, "Lire",
            "Territoires, règlements, démarches, plans, contrats, dossiers, réunions, annuaire.",
        ),
        Portee(CONVERSATIONS, "Lire les conversations", "Les messages que vous lisez à l’écran."),
        Portee(JOURNAL, "Lire le journal", "Qui a fait quoi, quand, avant et après."),
        Portee(FICHES, "Créer et modifier des fiches", "Celles que vous pouvez rédiger à l’écran.", True),
        Portee(
            DOSSIERS, "Préparer des dossiers de subvention",
            "Ceux que vous pouvez déposer à l’écran ; les pièces et le dépôt se font à l’écran.", True,
        ),
    )
}  # fmt: skip
