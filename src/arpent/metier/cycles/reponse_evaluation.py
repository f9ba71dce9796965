"""Life cycle of the answer to a question of evaluation: to be written, written, validated."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatReponseEvaluation(StrEnum):
    """State of an answer."""

    A_REDIGER = "a_rediger"
    REDIGEE = "redigee"
    VALIDEE = "validee"


E = EtatReponseEvaluation
_DROIT = "evaluation.rediger"

LIBELLES: dict[StrEnum, str] = {
    E.A_REDIGER: "À rédiger",
    E.REDIGEE: "Rédigée",
    E.VALIDEE: "Validée",
}

CYCLE_REPONSE_EVALUATION = Cycle(
    nom="réponse d’évaluation",
    etats=EtatReponseEvaluation,
    initial=E.A_REDIGER,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "rediger_reponse_evaluation",
            frozenset({E.A_REDIGER, E.REDIGEE}),
            E.REDIGEE,
            _DROIT,
            "Enregistrer la réponse",
        ),
        Transition(
            "valider_reponse_evaluation", frozenset({E.REDIGEE}), E.VALIDEE, _DROIT, "Valider la réponse"
        ),
        Transition(
            "rouvrir_reponse_evaluation", frozenset({E.VALIDEE}), E.REDIGEE, _DROIT, "Rouvrir la réponse"
        ),
    ),
)
"""A validated answer is reopened before it changes: what the report quotes does not move under it."""
