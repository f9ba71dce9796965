"""The act of an assembly: what state it is in, and what does not hold in its dates, presence and votes.

Sources: CGCT L2121-17 (quorum), L2121-20 (pouvoirs, majority), L2131-1 (exécutoire), L2131-11 (members with
an interest); what each assembly counts is in `assemblees`, the delay before it meets in `convocations`. For a
body without a known regime (association, State) only dates and counts are checked.
The delays are dated parameters of the law, read at the day of the meeting.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import pairwise

from arpent.metier.assemblees import MUNICIPAL, Delai, Regime
from arpent.metier.convocations import delai_envoi
from arpent.metier.reglement.parametres import LIVRES, SECONDE_REUNION_DELAI, ParametresLegaux


class EtatActe(StrEnum):
    """Where the act stands. `SANS_SUITE`: rejected or postponed, a new one is needed."""

    A_PRENDRE = "a_prendre"
    ADOPTEE = "adoptee"
    TRANSMISE = "transmise"
    EXECUTOIRE = "executoire"
    SANS_SUITE = "sans_suite"


LIBELLES_ACTE: dict[EtatActe, str] = {
    EtatActe.A_PRENDRE: "À\N{NO-BREAK SPACE}prendre",
    EtatActe.ADOPTEE: "Adoptée",
    EtatActe.TRANSMISE: "Transmise",
    EtatActe.EXECUTOIRE: "Exécutoire",
    EtatActe.SANS_SUITE: "Sans suite",
}


@dataclass(frozen=True, slots=True)
class Acte:
    """What is known of an act; None is “not said”. `regime`: the rules of the assembly, None when unknown.

    `ecartes`: members with an interest, present or represented, who took no part in the vote. `controle`:
    the act goes through the contrôle de légalité; without it, it binds once adopted.
    """

    adoptee_le: date | None = None
    sens: str = ""
    convoquee_le: date | None = None
    transmise_le: date | None = None
    recue_le: date | None = None
    publiee_le: date | None = None
    en_exercice: int | None = None
    presents: int | None = None
    representes: int | None = None
    pour: int | None = None
    contre: int | None = None
    abstentions: int | None = None
    ecartes: int | None = None
    seconde_convocation: bool = False
    regime: Regime | None = MUNICIPAL
    controle: bool = True
    habitants: int | None = None

    @property
    def etat(self) -> EtatActe:
        """Exécutoire once published and transmitted (L2131-1); a receipt proves the transmission."""
        if self.adoptee_le is None:
            return EtatActe.A_PRENDRE
        if self.sens in {"rejetee", "ajournee"}:
            return EtatActe.SANS_SUITE
        if not self.controle:
            return EtatActe.EXECUTOIRE
        if self.transmise_le is None and self.recue_le is None:
            return EtatActe.ADOPTEE
        return EtatActe.TRANSMISE if self.publiee_le is None else EtatActe.EXECUTOIRE

    @property
    def executoire_le(self) -> date | None:
        """The day it binds: once both published and transmitted; None until then."""
        if self.etat is not EtatActe.EXECUTOIRE:
            return None
        if not self.controle:
            return self.adoptee_le
        return max(jour for jour in (self.publiee_le, self.transmise_le or self.recue_le) if jour is not None)

    @property
    def votants(self) -> int | None:
        """Present and represented, less those who stood aside; None without the presence."""
        if self.presents is None:
            return None
        return self.presents + (self.representes or 0) - (self.ecartes or 0)


@dataclass(frozen=True, slots=True)
class Remarque:
    """Something that does not hold. `impossible`: a slip of the pen, never saved; else to be looked at.

    `bloquant`: saved as it is, but such an act authorises nothing.
    """

    champ: str
    texte: str
    impossible: bool = False
    source: str = ""
    bloquant: bool = False


def quorum_requis(en_exercice: int) -> int:
    """Members who must be present: more than half of those in office (L2121-17)."""
    return en_exercice // 2 + 1


def verifier_acte(acte: Acte, le: date, loi: ParametresLegaux = LIVRES) -> tuple[Remarque, ...]:
    """Everything that does not hold in the act as known on that day: dates, then presence, then votes."""
    remarques = [*_dates(acte, le), *_presence(acte), *_votes(acte)]
    if (regime := acte.regime) is not None:
        remarques += [*verifier_delai(acte, loi), *_quorum(acte, regime), *_majorite(acte, regime)]
    return tuple(remarques)


def verifier_delai(acte: Acte, loi: ParametresLegaux = LIVRES) -> tuple[Remarque, ...]:
    """The convocation, or the reports, before the day of the meeting (`adoptee_le`, or the one planned)."""
    regime = acte.regime
    if regime is None or regime.delai is Delai.AUCUN:
        return ()
    if regime.delai is Delai.RAPPORTS:
        return tuple(_rapports(acte, loi, regime))
    return tuple(_convocation(acte, loi, regime))


def _dates(acte: Acte, le: date) -> Iterator[Remarque]:
    suite = (
        ("convoquee_le", "la convocation", acte.convoquee_le),
        ("adoptee_le", "la séance", acte.adoptee_le),
        ("transmise_le", "la transmission au contrôle de légalité", acte.transmise_le),
        ("recue_le", "l’accusé de réception", acte.recue_le),
    )
    connues = [(champ, nom, jour) for champ, nom, jour in suite if jour is not None]
    for (_, avant, jour_avant), (champ, apres, jour_apres) in pairwise(connues):
        if jour_apres < jour_avant:
            yield Remarque(
                champ,
                f"Les dates sont dans le désordre : {apres} ({jour_apres:%d/%m/%Y}) précède {avant} "
                f"({jour_avant:%d/%m/%Y}).",
                impossible=True,
            )
    if acte.publiee_le and acte.adoptee_le and acte.publiee_le < acte.adoptee_le:
        yield Remarque("publiee_le", "La publication précède la séance.", impossible=True)
    for champ, nom, jour in (*connues, ("publiee_le", "la publication", acte.publiee_le)):
        if champ != "convoquee_le" and jour is not None and jour > le:
            yield Remarque(
                champ,
                f"{nom[:1].upper()}{nom[1:]} est datée du {jour:%d/%m/%Y}, qui n’est pas encore passé : "
                "notez l’acte une fois qu’il est pris.",
                impossible=True,
            )


def _presence(acte: Acte) -> Iterator[Remarque]:
    presents, representes, membres = acte.presents, acte.representes, acte.en_exercice
    if presents is not None and representes is not None and representes > presents:
        yield Remarque(
            "representes",
            f"{representes} membres représentés pour {presents} présents : un membre ne peut porter qu’un "
            "seul pouvoir.",
            source=acte.regime.pouvoirs if acte.regime else "",
        )
    if presents is not None and acte.ecartes is not None and acte.ecartes > presents + (representes or 0):
        yield Remarque(
            "ecartes",
            f"{acte.ecartes} membres écartés pour {presents + (representes or 0)} présents et représentés.",
            impossible=True,
        )
    if membres is not None and presents is not None and presents + (representes or 0) > membres:
        yield Remarque(
            "presents",
            f"{presents + (representes or 0)} présents et représentés pour {membres} membres en exercice.",
            impossible=True,
        )


def _votes(acte: Acte) -> Iterator[Remarque]:
    voix = [v for v in (acte.pour, acte.contre, acte.abstentions) if v is not None]
    votants = acte.votants
    if votants is None or not voix or sum(voix) <= votants:
        return
    if acte.ecartes:
        yield Remarque(
            "pour",
            f"{sum(voix)} voix (abstentions comprises) pour {max(votants, 0)} votants : un membre intéressé "
            "à l’affaire ne prend pas part au vote.",
            impossible=True,
            source="CGCT, art. L2131-11",
        )
    else:
        yield Remarque(
            "pour",
            f"{sum(voix)} voix (abstentions comprises) pour {votants} présents et représentés.",
            impossible=True,
        )


def _convocation(acte: Acte, loi: ParametresLegaux, regime: Regime) -> Iterator[Remarque]:
    convoquee, seance = acte.convoquee_le, acte.adoptee_le
    if convoquee is None or seance is None or convoquee > seance:
        return
    if acte.seconde_convocation:
        delai = loi.seuil(SECONDE_REUNION_DELAI, seance)
        jours = (seance - convoquee).days
        if delai and jours < delai.valeur:
            yield Remarque(
                "adoptee_le",
                f"La seconde réunion se tient au moins {delai.valeur:.0f} jours après la nouvelle "
                f"convocation : il s’en est écoulé {jours}.",
                source=delai.article,
                bloquant=not _au_quorum(acte, regime),
            )
        return
    envoi = delai_envoi(regime, acte.habitants, seance, loi)
    if envoi is None or seance >= (tot := envoi.premiere_seance(convoquee)):
        return
    if envoi.classe:
        texte = (
            f"Convoquée le {convoquee:%d/%m/%Y}, l’assemblée d’une commune {envoi.classe} ne pouvait se "
            f"réunir avant le {tot:%d/%m/%Y} ({envoi.jours} jours francs)."
        )
    else:
        texte = (
            f"Moins de {envoi.jours} jours francs entre la convocation et la séance : vérifiez le délai "
            "qui s’applique à cette assemblée."
        )
    yield Remarque("convoquee_le", texte, source=envoi.article)


def _rapports(acte: Acte, loi: ParametresLegaux, regime: Regime) -> Iterator[Remarque]:
    """The reports of a Département or a Région leave days before it meets; the convocation is all we date."""
    if acte.convoquee_le is None or acte.adoptee_le is None or acte.convoquee_le > acte.adoptee_le:
        return
    delai = delai_envoi(regime, None, acte.adoptee_le, loi)
    if delai and acte.adoptee_le < delai.premiere_seance(acte.convoquee_le):
        yield Remarque(
            "convoquee_le",
            f"Moins de {delai.jours} jours entre la convocation et la séance : vérifiez que les conseillers "
            "ont reçu les rapports dans ce délai.",
            source=delai.article,
        )


def _comptes_au_quorum(acte: Acte, regime: Regime) -> int:
    presents = acte.presents or 0
    return presents + (acte.representes or 0) if regime.representes_au_quorum else presents


def _au_quorum(acte: Acte, regime: Regime) -> bool:
    """Whether the quorum is known to be met without any second convocation."""
    if acte.en_exercice is None or acte.presents is None:
        return False
    return _comptes_au_quorum(acte, regime) >= quorum_requis(acte.en_exercice)


def _quorum(acte: Acte, regime: Regime) -> Iterator[Remarque]:
    if acte.en_exercice is None or acte.presents is None or acte.seconde_convocation:
        return
    requis, comptes = quorum_requis(acte.en_exercice), _comptes_au_quorum(acte, regime)
    if comptes >= requis:
        if comptes - (acte.ecartes or 0) < requis:
            yield Remarque(
                "ecartes",
                f"Sans les membres écartés, il resterait {comptes - (acte.ecartes or 0)} membres pour un "
                f"quorum de {requis} : vérifiez qu’ils étaient en séance quand le quorum a été constaté.",
                source=regime.quorum,
            )
        return
    if regime.representes_au_quorum:
        compte, reserve = f"{comptes} présents et représentés", "présents ou représentés"
    else:
        compte, reserve = f"{comptes} présents", "les pouvoirs ne comptent pas"
    yield Remarque(
        "presents",
        f"Le quorum n’est pas atteint : {compte} pour {acte.en_exercice} membres en exercice, il en faut "
        f"{requis} ({reserve}). Si l’assemblée a été convoquée une seconde fois, cochez-le.",
        source=regime.quorum,
        bloquant=True,
    )


def _majorite(acte: Acte, regime: Regime) -> Iterator[Remarque]:
    if acte.pour is None or acte.contre is None or acte.sens not in {"", "adoptee"}:
        return
    if acte.pour < acte.contre:
        yield Remarque(
            "pour",
            f"{acte.pour} voix pour et {acte.contre} contre : la délibération n’a pas la majorité des "
            "suffrages exprimés.",
            source=regime.majorite,
            bloquant=True,
        )
    elif acte.pour == acte.contre:
        yield Remarque(
            "pour",
            "Partage égal des voix : vérifiez que la voix du président de séance a départagé.",
            source=regime.partage,
        )
