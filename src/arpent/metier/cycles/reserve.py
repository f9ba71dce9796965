"""Life cycle of a request to the reserve fund: prepared, filed, assessed, decided, drawn."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatReserve(StrEnum):
    """State of a request."""

    BROUILLON = "brouillon"
    DEPOSEE = "deposee"
    A_COMPLETER = "a_completer"
    INSTRUITE = "instruite"
    ACCORDEE = "accordee"
    REFUSEE = "refusee"
    TIREE = "tiree"
    ANNULEE = "annulee"
    LIBEREE = "liberee"


E = EtatReserve
DEMANDER, INSTRUIRE, DECIDER = "reserve.demander", "reserve.instruire", "reserve.decider"

LIBELLES: dict[StrEnum, str] = {
    E.BROUILLON: "Brouillon",
    E.DEPOSEE: "Déposée",
    E.A_COMPLETER: "À compléter",
    E.INSTRUITE: "Instruite",
    E.ACCORDEE: "Accordée",
    E.REFUSEE: "Refusée",
    E.TIREE: "Tirée",
    E.ANNULEE: "Retirée",
    E.LIBEREE: "Libérée",
}

CYCLE_RESERVE = Cycle(
    nom="demande de réserve",
    etats=EtatReserve,
    initial=E.BROUILLON,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "deposer_demande_reserve",
            frozenset({E.BROUILLON, E.A_COMPLETER}),
            E.DEPOSEE,
            DEMANDER,
            "Déposer la demande",
        ),
        Transition(
            "completer_demande_reserve",
            frozenset({E.DEPOSEE, E.INSTRUITE}),
            E.A_COMPLETER,
            INSTRUIRE,
            "Demander un complément sur la réserve",
        ),
        Transition(
            "instruire_reserve", frozenset({E.DEPOSEE}), E.INSTRUITE, INSTRUIRE, "Rendre l’avis du service"
        ),
        Transition(
            "accorder_reserve", frozenset({E.INSTRUITE}), E.ACCORDEE, DECIDER, "Accorder sur la réserve"
        ),
        Transition("refuser_reserve", frozenset({E.INSTRUITE}), E.REFUSEE, DECIDER, "Refuser sur la réserve"),
        Transition("tirer_reserve", frozenset({E.ACCORDEE}), E.TIREE, DECIDER, "Tirer sur la réserve"),
        Transition(
            "retirer_demande_reserve",
            frozenset({E.BROUILLON, E.DEPOSEE, E.A_COMPLETER, E.INSTRUITE}),
            E.ANNULEE,
            DEMANDER,
            "Retirer la demande",
        ),
        Transition(
            "rendre_reserve",
            frozenset({E.ACCORDEE, E.TIREE}),
            E.LIBEREE,
            DECIDER,
            "Libérer le montant accordé",
        ),
    ),
)
A_DECIDER = frozenset({E.DEPOSEE.value, E.A_COMPLETER.value, E.INSTRUITE.value})
"""Filed, and not decided yet."""
OUVERTES = A_DECIDER | {E.BROUILLON.value, E.ACCORDEE.value, E.TIREE.value}
"""A fiche has one of these at most."""
