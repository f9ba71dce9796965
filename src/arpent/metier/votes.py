"""The vote of one party on the contract: where it stands, what comes next, what keeps the signature shut."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from arpent.metier.deliberation import Acte, EtatActe, Remarque, verifier_acte, verifier_delai
from arpent.metier.reglement.parametres import LIVRES, ParametresLegaux


class EtatVote(StrEnum):
    """Where the vote of a party stands. `SANS_OBJET`: this party signs without an assembly (the State)."""

    A_CONVOQUER = "a_convoquer"
    CONVOQUEE = "convoquee"
    ADOPTEE = "adoptee"
    TRANSMISE = "transmise"
    EXECUTOIRE = "executoire"
    IRREGULIERE = "irreguliere"
    CADUQUE = "caduque"
    SANS_SUITE = "sans_suite"
    SANS_OBJET = "sans_objet"


E = EtatVote
LIBELLES_VOTE: dict[EtatVote, str] = {
    E.A_CONVOQUER: "À\N{NO-BREAK SPACE}convoquer",
    E.CONVOQUEE: "Convoquée",
    E.ADOPTEE: "Adoptée",
    E.TRANSMISE: "Transmise",
    E.EXECUTOIRE: "Exécutoire",
    E.IRREGULIERE: "Irrégulière",
    E.CADUQUE: "Caduque",
    E.SANS_SUITE: "Sans suite",
    E.SANS_OBJET: "Sans objet",
}
SUITES: dict[EtatVote, str] = {
    E.A_CONVOQUER: "Convoquer l’assemblée",
    E.CONVOQUEE: "Tenir la séance, puis noter le vote",
    E.ADOPTEE: "Transmettre l’acte au contrôle de légalité",
    E.TRANSMISE: "Publier l’acte",
    E.EXECUTOIRE: "",
    E.IRREGULIERE: "Convoquer de nouveau l’assemblée",
    E.CADUQUE: "Faire voter la version actuelle",
    E.SANS_SUITE: "Soumettre de nouveau le contrat à l’assemblée",
    E.SANS_OBJET: "",
}
A_VOTER = frozenset({E.A_CONVOQUER, E.CONVOQUEE, E.IRREGULIERE, E.CADUQUE, E.SANS_SUITE})
"""The assembly has still to vote, or to vote again."""
TENUS = frozenset({E.ADOPTEE, E.TRANSMISE, E.EXECUTOIRE})
"""The vote holds: the contract may cite it."""


@dataclass(frozen=True, slots=True)
class Examen:
    """What a vote is worth on a day. `changements`: what has changed in the contract since, line by line."""

    etat: EtatVote
    remarques: tuple[Remarque, ...] = ()
    changements: tuple[str, ...] = ()
    attendue_le: date | None = None
    executoire_le: date | None = None
    reste: str = ""

    @property
    def suite(self) -> str:
        """The next thing to do; empty when there is nothing left."""
        return SUITES[self.etat]

    @property
    def ouvre_la_signature(self) -> bool:
        return self.etat in {EtatVote.EXECUTOIRE, EtatVote.SANS_OBJET}

    def en_retard(self, le: date) -> bool:
        """The day planned for the meeting has passed without a vote that holds."""
        return self.etat in A_VOTER and self.attendue_le is not None and self.attendue_le < le

    def blocage(self, partie: str) -> str:
        """The sentence that says why the signature stays closed for that party; empty when it does not."""
        match self.etat:
            case EtatVote.EXECUTOIRE | EtatVote.SANS_OBJET:
                return ""
            case EtatVote.A_CONVOQUER | EtatVote.CONVOQUEE:
                return f"{partie} : la délibération manque, l’assemblée n’a pas encore voté."
            case EtatVote.SANS_SUITE:
                return f"{partie} : l’assemblée n’a pas adopté le contrat."
            case EtatVote.IRREGULIERE:
                return f"{partie} : {next(r.texte for r in self.remarques if r.bloquant)}"
            case EtatVote.CADUQUE:
                return f"{partie} : le contrat a changé depuis son vote ({self.changements[0]})."
            case _:
                return f"{partie} : la délibération n’est pas encore exécutoire, il reste à {self.reste}."


def _etat(acte: Acte, remarques: Sequence[Remarque], changements: Sequence[str]) -> EtatVote:
    if acte.etat is EtatActe.A_PRENDRE:
        return EtatVote.A_CONVOQUER if acte.convoquee_le is None else EtatVote.CONVOQUEE
    if acte.etat is EtatActe.SANS_SUITE:
        return EtatVote.SANS_SUITE
    if any(r.bloquant for r in remarques):
        return EtatVote.IRREGULIERE
    return EtatVote.CADUQUE if changements else EtatVote(acte.etat.value)


def verifier_prevision(
    acte: Acte, attendue_le: date | None, loi: ParametresLegaux = LIVRES
) -> Iterator[Remarque]:
    """What does not hold in a meeting that is only planned: its convocation comes before, early enough."""
    if acte.adoptee_le is not None or acte.convoquee_le is None or attendue_le is None:
        return
    if attendue_le < acte.convoquee_le:
        yield Remarque(
            "attendue_le",
            f"Les dates sont dans le désordre : la séance prévue le {attendue_le:%d/%m/%Y} précède la "
            f"convocation ({acte.convoquee_le:%d/%m/%Y}).",
            impossible=True,
        )
    yield from verifier_delai(replace(acte, adoptee_le=attendue_le), loi)


def examiner(
    acte: Acte,
    le: date,
    *,
    requis: bool = True,
    attendue_le: date | None = None,
    changements: Sequence[str] = (),
    loi: ParametresLegaux = LIVRES,
) -> Examen:
    """The state of a vote on that day, with everything that does not hold in it."""
    if not requis:
        return Examen(EtatVote.SANS_OBJET)
    remarques = (*verifier_acte(acte, le, loi), *verifier_prevision(acte, attendue_le, loi))
    etat = _etat(acte, remarques, changements)
    manque = (
        ("la transmettre au contrôle de légalité", acte.transmise_le is None and acte.recue_le is None),
        ("la publier", acte.publiee_le is None),
    )
    return Examen(
        etat,
        remarques,
        tuple(changements) if etat is EtatVote.CADUQUE else (),
        attendue_le,
        acte.executoire_le if etat is EtatVote.EXECUTOIRE else None,
        " et à ".join(quoi for quoi, absent in manque if absent),
    )
