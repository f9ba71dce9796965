"""Life cycle of a decision taken in a meeting: to be done, done, given up."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatDecision(StrEnum):
    """State of a decision."""

    A_FAIRE = "a_faire"
    FAITE = "faite"
    ABANDONNEE = "abandonnee"


E = EtatDecision
_DROIT = "reunion.voir"

LIBELLES: dict[StrEnum, str] = {
    E.A_FAIRE: "À faire",
    E.FAITE: "Faite",
    E.ABANDONNEE: "Abandonnée",
}

CYCLE_DECISION = Cycle(
    nom="décision",
    etats=EtatDecision,
    initial=E.A_FAIRE,
    libelles=LIBELLES,
    transitions=(
        Transition("accomplir_decision", frozenset({E.A_FAIRE}), E.FAITE, _DROIT, "Dire qu’elle est faite"),
        Transition("abandonner_decision", frozenset({E.A_FAIRE}), E.ABANDONNEE, _DROIT, "Abandonner"),
        Transition(
            "rouvrir_decision", frozenset({E.FAITE, E.ABANDONNEE}), E.A_FAIRE, _DROIT, "Remettre à faire"
        ),
    ),
)
"""Its owner, or whoever conducts the meeting, makes these gestures; giving up needs a reason."""
