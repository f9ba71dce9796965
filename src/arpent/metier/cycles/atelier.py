"""Life cycle of a workshop « regards croisés »: prepared, open, voting, closed."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatAtelier(StrEnum):
    """State of a workshop."""

    PREPARATION = "preparation"
    OUVERT = "ouvert"
    VOTE = "vote"
    CLOS = "clos"


E = EtatAtelier
_DROIT = "diagnostic.rediger"

LIBELLES: dict[StrEnum, str] = {
    E.PREPARATION: "En préparation",
    E.OUVERT: "Ouvert aux contributions",
    E.VOTE: "Vote ouvert",
    E.CLOS: "Clos",
}

CYCLE_ATELIER = Cycle(
    nom="atelier",
    etats=EtatAtelier,
    initial=E.PREPARATION,
    libelles=LIBELLES,
    transitions=(
        Transition("ouvrir_atelier", frozenset({E.PREPARATION}), E.OUVERT, _DROIT, "Ouvrir l’atelier"),
        Transition("ouvrir_vote", frozenset({E.OUVERT}), E.VOTE, _DROIT, "Ouvrir le vote"),
        Transition("reprendre_collecte", frozenset({E.VOTE}), E.OUVERT, _DROIT, "Reprendre la collecte"),
        Transition("clore_atelier", frozenset({E.OUVERT, E.VOTE}), E.CLOS, _DROIT, "Clore l’atelier"),
        Transition("rouvrir_atelier", frozenset({E.CLOS}), E.OUVERT, _DROIT, "Rouvrir l’atelier"),
    ),
)
