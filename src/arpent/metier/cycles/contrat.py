"""Life cycle of a contract, from its drafting to the last payment."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition


class EtatContrat(StrEnum):
    """State of a contract."""

    REDACTION = "redaction"
    VOTE = "vote"
    SIGNATURE = "signature"
    EN_VIGUEUR = "en_vigueur"
    ECHU = "echu"
    SOLDE = "solde"
    RESILIE = "resilie"


E = EtatContrat

LIBELLES: dict[StrEnum, str] = {
    E.REDACTION: "En rédaction",
    E.VOTE: "Au vote des assemblées",
    E.SIGNATURE: "À la signature",
    E.EN_VIGUEUR: "En vigueur",
    E.ECHU: "Échu",
    E.SOLDE: "Soldé",
    E.RESILIE: "Résilié",
}

CYCLE_CONTRAT = Cycle(
    nom="contrat",
    etats=EtatContrat,
    initial=E.REDACTION,
    libelles=LIBELLES,
    transitions=(
        Transition(
            "soumettre_au_vote",
            frozenset({E.REDACTION}),
            E.VOTE,
            "contrat.rediger",
            "Soumettre au vote des assemblées",
        ),
        # From SIGNATURE the platform also requires that no party has signed yet: what is signed is frozen.
        Transition(
            "reprendre_redaction",
            frozenset({E.VOTE, E.SIGNATURE}),
            E.REDACTION,
            "contrat.rediger",
            "Reprendre la rédaction",
        ),
        Transition(
            "ouvrir_signature", frozenset({E.VOTE}), E.SIGNATURE, "contrat.conclure", "Ouvrir la signature"
        ),
        Transition(
            "constater_signature",
            frozenset({E.SIGNATURE}),
            E.EN_VIGUEUR,
            "contrat.conclure",
            "Constater la signature de toutes les parties",
        ),
        Transition(
            "reprendre_contrat_signe",
            frozenset({E.REDACTION}),
            E.EN_VIGUEUR,
            "contrat.conclure",
            "Reprendre un contrat signé hors d’Arpent",
        ),
        Transition(
            "constater_echeance",
            frozenset({E.EN_VIGUEUR}),
            E.ECHU,
            "contrat.conclure",
            "Constater l’échéance",
        ),
        Transition("solder", frozenset({E.ECHU}), E.SOLDE, "contrat.conclure", "Solder"),
        Transition(
            "resilier", frozenset({E.SIGNATURE, E.EN_VIGUEUR}), E.RESILIE, "contrat.conclure", "Résilier"
        ),
    ),
)
