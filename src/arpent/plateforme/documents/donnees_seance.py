"""What the papers of the meeting that votes a contract need to know: convocation, note de synthèse, slides.

Same rules as ``donnees``: frozen values, Decimal euros to the cent, None when unknown, texts never read as
markup. What is voted is that of the frozen version: ``ContratPresenteDoc`` holds no total, it adds its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from .donnees import ZERO, TotalDoc
from .donnees_charte import CharteDoc
from .donnees_fiche import CollectiviteDoc

RolePartieDoc = Literal["autorite", "porteur", "signataire"]


@dataclass(frozen=True, slots=True)
class ReunionDoc:
    """The meeting to come. None and "" are blanks that the documents mark."""

    tenue_le: date | None = None
    heure: str = ""
    """« 18 h 30 »."""
    lieu: str = ""

    @property
    def a_completer(self) -> tuple[str, ...]:
        absents = (
            ("la date de la séance", self.tenue_le is None),
            ("l’heure de la séance", not self.heure),
            ("le lieu de la séance", not self.lieu),
        )
        return tuple(quoi for quoi, manque in absents if manque)


# --- The convocation ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ConvocationDoc:
    """The letter that calls an assembly, the proxy to tear off, and the message that goes with them.

    `regles` are sentences of the letter; `rappels` are for whoever sends it. `limite_le`: the last day on
    which the law lets it leave, None without a date of the meeting or a known delay; `delai` says which.
    """

    collectivite: CollectiviteDoc
    destinataires: str
    """« les conseillers municipaux »."""
    territoire: str
    titre_contrat: str
    version: str
    etabli_le: date
    objet: str
    """The item of the agenda."""
    reunion: ReunionDoc = ReunionDoc()
    envoyee_le: date | None = None
    limite_le: date | None = None
    delai: str = ""
    regles: tuple[str, ...] = ()
    pieces: tuple[str, ...] = ()
    pouvoir: str = ""
    rappels: tuple[str, ...] = ()
    demonstration: bool = False
    gabarit: str = "convocation/v1"
    charte: CharteDoc | None = None

    @property
    def a_completer(self) -> tuple[str, ...]:
        """What is missing, in the words of the document."""
        envoi = () if self.envoyee_le else ("la date d’envoi",)
        return (*self.reunion.a_completer, *envoi, "les autres points de l’ordre du jour")


# --- What is voted --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ProjetPresenteDoc:
    numero: str
    titre: str
    maitre_ouvrage: str
    theme: str
    annee: int | None
    cout_ht: Decimal
    aide: Decimal
    autres_aides: Decimal = ZERO

    @property
    def reste_a_charge(self) -> Decimal:
        return self.cout_ht - self.aide - self.autres_aides


@dataclass(frozen=True, slots=True)
class ArticlePresenteDoc:
    numero: str
    titre: str
    texte: str
    """Its first sentence."""


@dataclass(frozen=True, slots=True)
class ChiffrePresenteDoc:
    """A figure of the diagnostic annexed to the contract."""

    libelle: str
    valeur: str
    repere: str = ""
    """« Département : 14,8 ; France : 106,3 »."""
    source: str = ""


@dataclass(frozen=True, slots=True)
class ContratPresenteDoc:
    """The version that is voted, as councillors are told of it."""

    titre: str
    version: str
    autorite: str
    territoire: str
    dispositif: str
    parties: tuple[str, ...]
    projets: tuple[ProjetPresenteDoc, ...] = ()
    financeurs: tuple[TotalDoc, ...] = ()
    """Who pays the whole cost: the authority, the other funders, the owners."""
    articles: tuple[ArticlePresenteDoc, ...] = ()
    annexes: tuple[str, ...] = ()
    enjeux: tuple[str, ...] = ()
    axes: tuple[str, ...] = ()
    chiffres: tuple[ChiffrePresenteDoc, ...] = ()
    reference: str = ""
    enveloppe: Decimal | None = None
    date_effet: date | None = None
    date_fin: date | None = None
    demonstration: bool = False
    charte: CharteDoc | None = None

    @property
    def par_theme(self) -> tuple[TotalDoc, ...]:
        return totaux(self.projets, lambda p: p.theme or "Sans thème")

    @property
    def par_annee(self) -> tuple[TotalDoc, ...]:
        return totaux(self.projets, lambda p: "Année à préciser" if p.annee is None else str(p.annee))

    @property
    def ensemble(self) -> TotalDoc:
        return total("Total", self.projets)

    def de(self, maitre_ouvrage: str) -> tuple[ProjetPresenteDoc, ...]:
        return tuple(p for p in self.projets if p.maitre_ouvrage == maitre_ouvrage)


def total(libelle: str, projets: Iterable[ProjetPresenteDoc]) -> TotalDoc:
    lus = tuple(projets)
    return TotalDoc(
        libelle,
        len(lus),
        sum((p.aide for p in lus), ZERO),
        sum((p.cout_ht for p in lus), ZERO),
        sum((p.autres_aides for p in lus), ZERO),
    )


def totaux(
    projets: Iterable[ProjetPresenteDoc], cle: Callable[[ProjetPresenteDoc], str]
) -> tuple[TotalDoc, ...]:
    """One total a group, in the order of their names."""
    groupes: dict[str, list[ProjetPresenteDoc]] = {}
    for projet in projets:
        groupes.setdefault(cle(projet), []).append(projet)
    return tuple(total(nom, groupes[nom]) for nom in sorted(groupes))


@dataclass(frozen=True, slots=True)
class EtapeDoc:
    """A step of the calendar. `quand`: a date or a condition, as read."""

    quand: str
    quoi: str


@dataclass(frozen=True, slots=True)
class PresentationDoc:
    """The contract told to one assembly: the note de synthèse and the slides say it with the same figures."""

    contrat: ContratPresenteDoc
    collectivite: CollectiviteDoc
    role: RolePartieDoc
    etabli_le: date
    reunion: ReunionDoc = ReunionDoc()
    calendrier: tuple[EtapeDoc, ...] = ()
    signataire: str = ""
    regle_note: str = ""
    """Why this note is sent, with its article."""
    gabarit: str = "note/v1"

    @property
    def siens(self) -> tuple[ProjetPresenteDoc, ...]:
        """The projects that this party owns."""
        return self.contrat.de(self.collectivite.nom)

    @property
    def total_siens(self) -> TotalDoc:
        return total("Total", self.siens)
