"""Life cycle of a meeting, from its preparation to the minutes that were sent."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatReunion(StrEnum):
    """State of a meeting."""

    PREPAREE = "preparee"
    CONVOQUEE = "convoquee"
    REPORTEE = "reportee"
    ANNULEE = "annulee"
    TENUE = "tenue"
    REDIGEE = "redigee"
    VALIDEE = "validee"
    ENVOYEE = "envoyee"


E = EtatReunion
CONDUIRE, VALIDER = "reunion.conduire", "reunion.valider"

LIBELLES: dict[StrEnum, str] = {
    E.PREPAREE: "En préparation",
    E.CONVOQUEE: "Convoquée",
    E.REPORTEE: "Reportée",
    E.ANNULEE: "Annulée",
    E.TENUE: "Tenue",
    E.REDIGEE: "Compte rendu rédigé",
    E.VALIDEE: "Compte rendu validé",
    E.ENVOYEE: "Compte rendu envoyé",
}

CYCLE_REUNION = Cycle(
    nom="réunion",
    etats=EtatReunion,
    initial=E.PREPAREE,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "convoquer_reunion", frozenset({E.PREPAREE, E.REPORTEE}), E.CONVOQUEE, CONDUIRE, "Convoquer"
        ),
        Transition(
            "tenir_reunion", frozenset({E.CONVOQUEE}), E.TENUE, CONDUIRE, "Dire que la réunion s’est tenue"
        ),
        Transition(
            "rediger_compte_rendu", frozenset({E.TENUE}), E.REDIGEE, CONDUIRE, "Soumettre le compte rendu"
        ),
        Transition(
            "reprendre_compte_rendu", frozenset({E.REDIGEE}), E.TENUE, CONDUIRE, "Reprendre le compte rendu"
        ),
        Transition(
            "valider_compte_rendu", frozenset({E.REDIGEE}), E.VALIDEE, VALIDER, "Valider le compte rendu"
        ),
        Transition(
            "envoyer_compte_rendu", frozenset({E.VALIDEE}), E.ENVOYEE, CONDUIRE, "Envoyer le compte rendu"
        ),
        Transition("reporter_reunion", frozenset({E.CONVOQUEE}), E.REPORTEE, CONDUIRE, "Reporter la réunion"),
        Transition(
            "annuler_reunion",
            frozenset({E.PREPAREE, E.CONVOQUEE, E.REPORTEE}),
            E.ANNULEE,
            CONDUIRE,
            "Annuler la réunion",
        ),
    ),
)
"""Putting off and calling off need a reason; a meeting put off is convened again with a new notice."""

MODIFIABLES = frozenset({E.PREPAREE, E.REPORTEE})
"""While nobody holds a notice: the composition may change, and anything of the meeting."""
EN_SEANCE = frozenset({E.CONVOQUEE, E.TENUE})
"""When presence, notes and decisions are written."""
