"""Life cycles of what happens to an awarded aid: a request for payment, an extension, a repayment."""

from enum import StrEnum

from arpent.metier.cycles.cycle import Cycle, Transition

DEMANDER, CERTIFIER, PAYER = "dossier.deposer", "versement.certifier", "versement.payer"
PROROGER = "dossier.decider"


class EtatVersement(StrEnum):
    """State of a request for payment."""

    BROUILLON = "brouillon"
    DEPOSEE = "deposee"
    A_COMPLETER = "a_completer"
    CERTIFIEE = "certifiee"
    PAYEE = "payee"
    REFUSEE = "refusee"
    RETIREE = "retiree"


V = EtatVersement
LIBELLES_VERSEMENT: dict[StrEnum, str] = {
    V.BROUILLON: "Brouillon",
    V.DEPOSEE: "Déposée",
    V.A_COMPLETER: "À compléter",
    V.CERTIFIEE: "Service fait certifié",
    V.PAYEE: "Payée",
    V.REFUSEE: "Refusée",
    V.RETIREE: "Retirée",
}
CYCLE_VERSEMENT = Cycle(
    nom="demande de versement",
    etats=EtatVersement,
    initial=V.BROUILLON,
    libelles=LIBELLES_VERSEMENT,
    transitions=(
        Transition(
            "deposer_demande_versement",
            frozenset({V.BROUILLON, V.A_COMPLETER}),
            V.DEPOSEE,
            DEMANDER,
            "Déposer la demande de versement",
        ),
        Transition(
            "completer_demande_versement",
            frozenset({V.DEPOSEE}),
            V.A_COMPLETER,
            CERTIFIER,
            "Demander une pièce pour le versement",
        ),
        Transition(
            "certifier_service_fait",
            frozenset({V.DEPOSEE}),
            V.CERTIFIEE,
            CERTIFIER,
            "Certifier le service fait",
        ),
        Transition(
            "reprendre_certification",
            frozenset({V.CERTIFIEE}),
            V.DEPOSEE,
            CERTIFIER,
            "Reprendre la certification",
        ),
        Transition(
            "mettre_en_paiement", frozenset({V.CERTIFIEE}), V.PAYEE, PAYER, "Noter la mise en paiement"
        ),
        Transition("refuser_versement", frozenset({V.DEPOSEE}), V.REFUSEE, CERTIFIER, "Refuser le versement"),
        Transition(
            "retirer_demande_versement",
            frozenset({V.BROUILLON, V.DEPOSEE, V.A_COMPLETER}),
            V.RETIREE,
            DEMANDER,
            "Retirer la demande de versement",
        ),
    ),
)
VERSEMENTS_OUVERTS = frozenset({V.BROUILLON.value, V.DEPOSEE.value, V.A_COMPLETER.value, V.CERTIFIEE.value})
"""A file has one of these at most."""


class EtatProrogation(StrEnum):
    """State of a request for more time."""

    DEMANDEE = "demandee"
    ACCORDEE = "accordee"
    REFUSEE = "refusee"
    RETIREE = "retiree"


P = EtatProrogation
LIBELLES_PROROGATION: dict[StrEnum, str] = {
    P.DEMANDEE: "Demandée",
    P.ACCORDEE: "Accordée",
    P.REFUSEE: "Refusée",
    P.RETIREE: "Retirée",
}
CYCLE_PROROGATION = Cycle(
    nom="prorogation",
    etats=EtatProrogation,
    initial=P.DEMANDEE,
    libelles=LIBELLES_PROROGATION,
    transitions=(
        Transition(
            "accorder_prorogation",
            frozenset({P.DEMANDEE}),
            P.ACCORDEE,
            PROROGER,
            "Accorder la prorogation",
        ),
        Transition(
            "refuser_prorogation", frozenset({P.DEMANDEE}), P.REFUSEE, PROROGER, "Refuser la prorogation"
        ),
        Transition(
            "retirer_prorogation",
            frozenset({P.DEMANDEE}),
            P.RETIREE,
            DEMANDER,
            "Retirer la demande de prorogation",
        ),
    ),
)


class EtatReversement(StrEnum):
    """State of a repayment asked of a beneficiary."""

    DEMANDE = "demande"
    RECOUVRE = "recouvre"
    ABANDONNE = "abandonne"


R = EtatReversement
LIBELLES_REVERSEMENT: dict[StrEnum, str] = {
    R.DEMANDE: "Demandé",
    R.RECOUVRE: "Recouvré",
    R.ABANDONNE: "Abandonné",
}
CYCLE_REVERSEMENT = Cycle(
    nom="reversement",
    etats=EtatReversement,
    initial=R.DEMANDE,
    libelles=LIBELLES_REVERSEMENT,
    transitions=(
        Transition(
            "recouvrer_reversement",
            frozenset({R.DEMANDE}),
            R.RECOUVRE,
            PAYER,
            "Noter le recouvrement",
        ),
        Transition(
            "abandonner_reversement",
            frozenset({R.DEMANDE}),
            R.ABANDONNE,
            PAYER,
            "Abandonner le reversement",
        ),
    ),
)
