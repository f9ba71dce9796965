"""Life cycle of a negotiation scenario: worked on, offered, accepted or set aside."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatScenario(StrEnum):
    """State of a scenario."""

    TRAVAIL = "travail"
    OFFERT = "offert"
    ACCEPTE = "accepte"
    ECARTE = "ecarte"


E = EtatScenario

LIBELLES: dict[StrEnum, str] = {
    E.TRAVAIL: "En travail",
    E.OFFERT: "Offert",
    E.ACCEPTE: "Accepté",
    E.ECARTE: "Écarté",
}

DE_LA_MAQUETTE: dict[StrEnum, str] = {
    E.TRAVAIL: "en travail",
    E.OFFERT: "offerte",
    E.ACCEPTE: "acceptée",
    E.ECARTE: "écartée",
}
"""The same said of the maquette, inside a sentence."""

CYCLE_SCENARIO = Cycle(
    nom="scénario",
    etats=EtatScenario,
    initial=E.TRAVAIL,
    libelles=LIBELLES,
    transitions=(
        Transition("offrir", frozenset({E.TRAVAIL}), E.OFFERT, "maquette.arbitrer", "Offrir"),
        Transition("accepter", frozenset({E.OFFERT}), E.ACCEPTE, "maquette.accepter", "Accepter"),
        Transition(
            "contre_offrir",
            frozenset({E.OFFERT}),
            E.TRAVAIL,
            "maquette.accepter",
            "Répondre par une contre-offre",
        ),
        Transition("ecarter", frozenset({E.TRAVAIL, E.OFFERT}), E.ECARTE, "maquette.arbitrer", "Écarter"),
        Transition(
            "reprendre",
            frozenset({E.OFFERT, E.ACCEPTE, E.ECARTE}),
            E.TRAVAIL,
            "maquette.arbitrer",
            "Reprendre le travail",
        ),
    ),
)
