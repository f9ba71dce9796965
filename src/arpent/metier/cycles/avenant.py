"""Life cycle of an avenant: prepared, proposed, approved by its track, signed, in force for ever."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatAvenant(StrEnum):
    """State of an avenant."""

    PREPARATION = "preparation"
    PROPOSE = "propose"
    VOTE = "vote"
    SIGNATURE = "signature"
    SIGNE = "signe"
    EN_VIGUEUR = "en_vigueur"
    ABANDONNE = "abandonne"


E = EtatAvenant
REDIGER, CONCLURE = "contrat.rediger", "contrat.conclure"

LIBELLES: dict[StrEnum, str] = {
    E.PREPARATION: "En préparation",
    E.PROPOSE: "Proposé",
    E.VOTE: "Au vote des assemblées",
    E.SIGNATURE: "À la signature",
    E.SIGNE: "Signé, à mettre en vigueur",
    E.EN_VIGUEUR: "En vigueur",
    E.ABANDONNE: "Abandonné",
}

CYCLE_AVENANT = Cycle(
    nom="avenant",
    etats=EtatAvenant,
    initial=E.PREPARATION,
    libelles=LIBELLES,
    transitions=(
        Transition("proposer_avenant", frozenset({E.PREPARATION}), E.PROPOSE, REDIGER, "Proposer l’avenant"),
        Transition(
            "soumettre_avenant", frozenset({E.PROPOSE}), E.VOTE, REDIGER, "Soumettre l’avenant aux assemblées"
        ),
        # From PROPOSE: only on the simple track, that no assembly votes.
        Transition(
            "ouvrir_signature_avenant",
            frozenset({E.PROPOSE, E.VOTE}),
            E.SIGNATURE,
            CONCLURE,
            "Ouvrir la signature de l’avenant",
        ),
        # Crossed by the last signature of its circuit.
        Transition(
            "constater_signature_avenant",
            frozenset({E.SIGNATURE}),
            E.SIGNE,
            CONCLURE,
            "Constater la signature de l’avenant",
        ),
        Transition(
            "mettre_avenant_en_vigueur",
            frozenset({E.SIGNE}),
            E.EN_VIGUEUR,
            CONCLURE,
            "Mettre l’avenant en vigueur",
        ),
        Transition(
            "reprendre_avenant",
            frozenset({E.PROPOSE, E.VOTE, E.SIGNATURE}),
            E.PREPARATION,
            REDIGER,
            "Reprendre la préparation de l’avenant",
        ),
        Transition(
            "abandonner_avenant",
            frozenset({E.PREPARATION, E.PROPOSE, E.VOTE, E.SIGNATURE}),
            E.ABANDONNE,
            REDIGER,
            "Abandonner l’avenant",
        ),
    ),
)
EN_COURS = frozenset({E.PROPOSE, E.VOTE, E.SIGNATURE, E.SIGNE})
"""Proposed and not in force yet: its movements are frozen, its credits are kept for it."""
