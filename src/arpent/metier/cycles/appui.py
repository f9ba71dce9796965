"""Life cycle of a support request: asked, sent to a structure, taken, answered."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatAppui(StrEnum):
    """State of a support request."""

    OUVERTE = "ouverte"
    ORIENTEE = "orientee"
    PRISE = "prise"
    EN_ATTENTE = "en_attente"
    CLOSE = "close"


E = EtatAppui
DEMANDER, REPONDRE = "appui.demander", "appui.repondre"

LIBELLES: dict[StrEnum, str] = {
    E.OUVERTE: "Ouverte",
    E.ORIENTEE: "Orientée",
    E.PRISE: "Prise en charge",
    E.EN_ATTENTE: "En attente du demandeur",
    E.CLOSE: "Close",
}

CYCLE_APPUI = Cycle(
    nom="demande d’appui",
    etats=EtatAppui,
    initial=E.OUVERTE,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "prendre_appui",
            frozenset({E.OUVERTE, E.ORIENTEE, E.PRISE}),
            E.PRISE,
            REPONDRE,
            "Prendre en charge",
        ),
        Transition("attendre_appui", frozenset({E.PRISE}), E.EN_ATTENTE, REPONDRE, "Demander une précision"),
        Transition(
            "preciser_appui", frozenset({E.EN_ATTENTE}), E.PRISE, DEMANDER, "Apporter la précision demandée"
        ),
        Transition(
            "orienter_appui",
            frozenset({E.OUVERTE, E.ORIENTEE, E.PRISE, E.EN_ATTENTE}),
            E.ORIENTEE,
            REPONDRE,
            "Orienter vers une structure",
        ),
        Transition(
            "clore_appui",
            frozenset({E.OUVERTE, E.ORIENTEE, E.PRISE, E.EN_ATTENTE}),
            E.CLOSE,
            REPONDRE,
            "Répondre et clore",
        ),
        Transition("rouvrir_appui", frozenset({E.CLOSE}), E.OUVERTE, DEMANDER, "Rouvrir la demande"),
    ),
)
"""Taken again by somebody else: assigned. Whoever was asked a precision brings it by answering."""

EN_COURS = frozenset({E.OUVERTE.value, E.ORIENTEE.value, E.PRISE.value, E.EN_ATTENTE.value})
ATTENDUES = frozenset({E.OUVERTE.value, E.ORIENTEE.value, E.PRISE.value})
"""Those in which the structure is the one that must act: only they are ever late."""
