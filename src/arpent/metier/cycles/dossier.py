"""Life cycles of a grant file and of the report that carries it to the commission.

From the draft of the owner to the notification; what is paid of it, and when it lapses, comes after.
"""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatDossier(StrEnum):
    """State of a grant file."""

    BROUILLON = "brouillon"
    DEPOSE = "depose"
    A_COMPLETER = "a_completer"
    COMPLET = "complet"
    PROPOSE = "propose"
    VOTE = "vote"
    NOTIFIE = "notifie"
    SOLDE = "solde"
    CADUC = "caduc"
    REJETE = "rejete"
    RETIRE = "retire"


E = EtatDossier
DEPOSER, INSTRUIRE, DECIDER = "dossier.deposer", "dossier.instruire", "dossier.decider"

LIBELLES: dict[StrEnum, str] = {
    E.BROUILLON: "Brouillon",
    E.DEPOSE: "Déposé",
    E.A_COMPLETER: "À compléter",
    E.COMPLET: "Complet",
    E.PROPOSE: "Proposé",
    E.VOTE: "Voté",
    E.NOTIFIE: "Notifié",
    E.SOLDE: "Soldé",
    E.CADUC: "Caduc",
    E.REJETE: "Rejeté",
    E.RETIRE: "Retiré",
}

CYCLE_DOSSIER = Cycle(
    nom="dossier de subvention",
    etats=EtatDossier,
    initial=E.BROUILLON,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "deposer_dossier",
            frozenset({E.BROUILLON, E.A_COMPLETER}),
            E.DEPOSE,
            DEPOSER,
            "Déposer le dossier",
        ),
        Transition("demander_piece", frozenset({E.DEPOSE}), E.A_COMPLETER, INSTRUIRE, "Demander une pièce"),
        Transition(
            "accuser_dossier",
            frozenset({E.DEPOSE, E.A_COMPLETER}),
            E.COMPLET,
            INSTRUIRE,
            "Reconnaître le dossier complet",
        ),
        Transition("proposer_aide", frozenset({E.COMPLET}), E.PROPOSE, INSTRUIRE, "Proposer un montant"),
        Transition(
            "reprendre_dossier", frozenset({E.PROPOSE}), E.COMPLET, INSTRUIRE, "Reprendre la proposition"
        ),
        Transition("voter_aide", frozenset({E.PROPOSE}), E.VOTE, DECIDER, "Noter le vote de l’aide"),
        Transition("notifier_dossier", frozenset({E.VOTE}), E.NOTIFIE, DECIDER, "Notifier l’aide"),
        Transition(
            "rejeter_dossier",
            frozenset({E.DEPOSE, E.A_COMPLETER, E.COMPLET, E.PROPOSE}),
            E.REJETE,
            DECIDER,
            "Rejeter le dossier",
        ),
        Transition(
            "retirer_dossier",
            frozenset({E.BROUILLON, E.DEPOSE, E.A_COMPLETER, E.COMPLET}),
            E.RETIRE,
            DEPOSER,
            "Retirer le dossier",
        ),
        Transition("solder_dossier", frozenset({E.NOTIFIE}), E.SOLDE, DECIDER, "Solder le dossier"),
        Transition(
            "constater_caducite", frozenset({E.VOTE, E.NOTIFIE}), E.CADUC, DECIDER, "Constater la caducité"
        ),
    ),
)
A_INSTRUIRE = frozenset({E.DEPOSE.value, E.A_COMPLETER.value})
"""Filed, and not complete yet."""
EN_COURS = A_INSTRUIRE | {E.COMPLET.value, E.PROPOSE.value}
"""Filed, and not decided yet: the silence of the authority runs."""
DECIDES = frozenset({E.VOTE.value, E.NOTIFIE.value, E.SOLDE.value})
"""An aid was awarded, and it stands."""
OUVERTS = EN_COURS | DECIDES | {E.BROUILLON.value}
"""A fiche has one of these at most."""


class EtatRapport(StrEnum):
    """State of a report to the commission."""

    PREPARE = "prepare"
    INSCRIT = "inscrit"
    VOTE = "vote"


LIBELLES_RAPPORT: dict[StrEnum, str] = {
    EtatRapport.PREPARE: "Préparé",
    EtatRapport.INSCRIT: "Inscrit à l’ordre du jour",
    EtatRapport.VOTE: "Voté",
}

CYCLE_RAPPORT = Cycle(
    nom="rapport d’individualisation",
    etats=EtatRapport,
    initial=EtatRapport.PREPARE,
    libelles=LIBELLES_RAPPORT,
    transitions=(
        Transition(
            "inscrire_rapport",
            frozenset({EtatRapport.PREPARE}),
            EtatRapport.INSCRIT,
            DECIDER,
            "Inscrire à l’ordre du jour",
        ),
        Transition(
            "reprendre_rapport",
            frozenset({EtatRapport.INSCRIT}),
            EtatRapport.PREPARE,
            DECIDER,
            "Retirer de l’ordre du jour",
        ),
        Transition(
            "noter_vote_rapport", frozenset({EtatRapport.INSCRIT}), EtatRapport.VOTE, DECIDER, "Noter le vote"
        ),
    ),
)
