"""Life cycle of a fiche projet, from its first draft to the contract."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatFiche(StrEnum):
    """State of a fiche projet."""

    BROUILLON = "brouillon"
    PROPOSEE = "proposee"
    A_COMPLETER = "a_completer"
    PRE_INSTRUITE = "pre_instruite"
    RETENUE = "retenue"
    DIFFEREE = "differee"
    REFUSEE = "refusee"
    CONTRACTUALISEE = "contractualisee"


E = EtatFiche

LIBELLES: dict[StrEnum, str] = {
    E.BROUILLON: "Brouillon",
    E.PROPOSEE: "Proposée",
    E.A_COMPLETER: "À compléter",
    E.PRE_INSTRUITE: "Pré-instruite",
    E.RETENUE: "Retenue",
    E.DIFFEREE: "Différée",
    E.REFUSEE: "Refusée",
    E.CONTRACTUALISEE: "Inscrite au contrat",
}

CYCLE_FICHE = Cycle(
    nom="fiche projet",
    etats=EtatFiche,
    initial=E.BROUILLON,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "proposer", frozenset({E.BROUILLON, E.A_COMPLETER}), E.PROPOSEE, "fiche.proposer", "Proposer"
        ),
        Transition(
            "demander_complement",
            frozenset({E.PROPOSEE, E.PRE_INSTRUITE}),
            E.A_COMPLETER,
            "fiche.pre_instruire",
            "Demander un complément",
        ),
        Transition(
            "pre_instruire",
            frozenset({E.PROPOSEE}),
            E.PRE_INSTRUITE,
            "fiche.pre_instruire",
            "Clore la pré-instruction",
        ),
        Transition(
            "retenir", frozenset({E.PRE_INSTRUITE, E.DIFFEREE}), E.RETENUE, "fiche.arbitrer", "Retenir"
        ),
        Transition(
            "differer", frozenset({E.PRE_INSTRUITE, E.RETENUE}), E.DIFFEREE, "fiche.arbitrer", "Différer"
        ),
        Transition(
            "refuser",
            frozenset({E.PRE_INSTRUITE, E.RETENUE, E.DIFFEREE}),
            E.REFUSEE,
            "fiche.arbitrer",
            "Refuser",
        ),
        Transition(
            "reprendre",
            frozenset({E.RETENUE, E.DIFFEREE, E.REFUSEE}),
            E.PRE_INSTRUITE,
            "fiche.arbitrer",
            "Reprendre l’examen",
        ),
        Transition(
            "contractualiser",
            frozenset({E.RETENUE}),
            E.CONTRACTUALISEE,
            "contrat.rediger",
            "Inscrire au contrat",
        ),
        Transition(
            "sortir_du_contrat",
            frozenset({E.CONTRACTUALISEE}),
            E.DIFFEREE,
            "contrat.conclure",
            "Sortir du contrat par avenant",
        ),
    ),
)
