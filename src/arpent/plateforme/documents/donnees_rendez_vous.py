"""What the pack of a Rendez-vous de Territoire tells: rows only, so that every total is the sum of its rows.

The slides, the booklet and the workbook are made from this and nothing else: they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from datetime import date
from decimal import Decimal
from typing import Any

from .donnees_charte import CharteDoc
from .donnees_portrait import GraphiqueDoc

ZERO = Decimal("0.00")
INTERCOMMUNAUX, SANS_THEME = "Projets intercommunaux", "Sans thème"


@dataclass(frozen=True, slots=True)
class MontantsDoc:
    """Euros to the cent; `realise`: the share of the cost that the milestones reached stand for."""

    cout: Decimal = ZERO
    accorde: Decimal = ZERO
    contractualise: Decimal = ZERO
    vote: Decimal = ZERO
    engage: Decimal = ZERO
    paye: Decimal = ZERO
    reste_a_engager: Decimal = ZERO
    reste_a_payer: Decimal = ZERO
    realise: Decimal = ZERO
    reste_a_realiser: Decimal = ZERO

    def __add__(self, autre: MontantsDoc) -> MontantsDoc:
        return MontantsDoc(*(getattr(self, f.name) + getattr(autre, f.name) for f in fields(self)))


@dataclass(frozen=True, slots=True)
class ProjetSuiviDoc:
    """A retained or contracted project. `commune` empty: it serves the whole territory."""

    territoire: str
    numero: int
    titre: str
    maitre_ouvrage: str
    commune: str
    theme: str
    etat: str
    montants: MontantsDoc
    jours_de_retard: int = 0


@dataclass(frozen=True, slots=True)
class RetardDoc:
    """A late project: what is late since when, why, who clears it, what comes next."""

    territoire: str
    numero: int
    titre: str
    quoi: str
    depuis: date
    jours: int
    raison: str
    responsable: str
    prochaine: str = ""
    prochaine_le: date | None = None


@dataclass(frozen=True, slots=True)
class EnveloppeDoc:
    """What is left of an envelope, or of the reserve of the dispositif."""

    libelle: str
    dotation: Decimal
    employe: Decimal

    @property
    def reste(self) -> Decimal:
        """Negative when more was decided than the envelope holds."""
        return self.dotation - self.employe


@dataclass(frozen=True, slots=True)
class DecisionPriseDoc:
    """Something decided since the last meeting. `montant` None: no money in it."""

    le: date
    nature: str
    territoire: str
    texte: str
    suite: str = ""
    montant: Decimal | None = None


@dataclass(frozen=True, slots=True)
class QuestionDoc:
    """A question to settle, and what was decided of it (empty while nothing is)."""

    rang: int
    territoire: str
    texte: str
    origine: str = ""
    objet: str = ""
    reponse: str = ""
    suite: str = ""


@dataclass(frozen=True, slots=True)
class GroupeDoc:
    """Some projects and the sum of their rows."""

    libelle: str
    nombre: int
    montants: MontantsDoc
    en_retard: int = 0


@dataclass(frozen=True, slots=True)
class RendezVousDoc:
    """One meeting and its territories. `depuis`: the day of the previous meeting, or a year before."""

    titre: str
    lieu: str
    tenue_le: date
    autorite: str
    dispositif: str
    territoires: tuple[str, ...]
    depuis: date
    depuis_reunion: bool
    etabli_le: date
    projets: tuple[ProjetSuiviDoc, ...]
    retards: tuple[RetardDoc, ...]
    enveloppes: tuple[EnveloppeDoc, ...]
    """Of the territories whose envelope is known; the reserve, shared with others, is apart."""
    reserve: EnveloppeDoc | None
    decisions: tuple[DecisionPriseDoc, ...]
    questions: tuple[QuestionDoc, ...]
    carte: GraphiqueDoc | None = None
    tetes_de_la_carte: tuple[tuple[str, str], ...] = ()
    """Name and aid per inhabitant of the communes most helped, as the map writes them."""
    charte: CharteDoc | None = None
    demonstration: bool = False
    gabarit: str = "livret_rendez_vous/v1"

    @property
    def total(self) -> MontantsDoc:
        return sum((p.montants for p in self.projets), MontantsDoc())

    @property
    def par_theme(self) -> tuple[GroupeDoc, ...]:
        """The biggest aid first."""
        return _grouper(self.projets, lambda p: p.theme or SANS_THEME)

    @property
    def par_commune(self) -> tuple[GroupeDoc, ...]:
        """The biggest aid first, what serves the whole territory last."""
        return _grouper(self.projets, lambda p: p.commune or INTERCOMMUNAUX, dernier=INTERCOMMUNAUX)

    @property
    def par_territoire(self) -> tuple[GroupeDoc, ...]:
        """In the order of the meeting; a territory without a project is there with zeros."""
        groupes = {g.libelle: g for g in _grouper(self.projets, lambda p: p.territoire)}
        return tuple(groupes.get(t) or GroupeDoc(t, 0, MontantsDoc()) for t in self.territoires)

    @property
    def reste_des_enveloppes(self) -> Decimal:
        return sum((e.reste for e in self.enveloppes), ZERO)

    @property
    def attribue(self) -> Decimal:
        """The money of the decisions taken since the last meeting."""
        return sum((d.montant for d in self.decisions if d.montant is not None), ZERO)

    @property
    def ouvertes(self) -> tuple[QuestionDoc, ...]:
        """Questions that nothing answers yet."""
        return tuple(q for q in self.questions if not q.reponse)


def _grouper(
    projets: Iterable[ProjetSuiviDoc], cle: Callable[[ProjetSuiviDoc], str], dernier: str = ""
) -> tuple[GroupeDoc, ...]:
    par_cle: dict[str, list[ProjetSuiviDoc]] = {}
    for projet in projets:
        par_cle.setdefault(cle(projet), []).append(projet)
    groupes = [
        GroupeDoc(
            libelle,
            len(siens),
            sum((p.montants for p in siens), MontantsDoc()),
            sum(1 for p in siens if p.jours_de_retard),
        )
        for libelle, siens in par_cle.items()
    ]

    def rang(g: GroupeDoc) -> Any:
        return (g.libelle == dernier, -g.montants.accorde, g.libelle)

    return tuple(sorted(groupes, key=rang))
