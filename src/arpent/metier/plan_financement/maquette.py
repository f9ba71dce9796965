"""The maquette financière: the projects of a territory, their aids, and every total one needs to negotiate.

Aids and costs of all the lines are added; the proposed aid counts only on the lines that are retained, so
that setting a project aside gives its money back to the envelope.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement.financeurs import Financeur

RETENUE = "retenue"


@dataclass(frozen=True, slots=True)
class LigneMaquette:
    """One project. `financements` holds the other funders' money, never the authority's own aid."""

    identifiant: str
    numero: int
    titre: str
    maitre_ouvrage: str
    theme: str
    axe: str
    maturite: str
    annee: int | None
    cout_ht: Decimal
    assiette: Decimal
    aide_demandee: Decimal
    aide_proposee: Decimal
    financements: Mapping[Financeur, Decimal]
    priorite: int | None = None
    decision: str = RETENUE
    fonds: str = ""
    """Code of the fund that pays it; empty without any."""

    @property
    def aide_comptee(self) -> Decimal:
        """The proposed aid when the line is retained, 0 otherwise."""
        return self.aide_proposee if self.decision == RETENUE else ZERO


@dataclass(frozen=True, slots=True)
class Total:
    """Totals of the lines that share one key (`cle` is empty for lines without one)."""

    cle: str
    nombre: int
    cout: Decimal
    demande: Decimal
    propose: Decimal


@dataclass(frozen=True, slots=True)
class Caisse:
    """A fund of the territory: what was shared out to it (None: nothing yet), what its lines propose."""

    code: str
    libelle: str
    montant: Decimal | None
    propose: Decimal = ZERO
    nombre: int = 0

    @property
    def solde(self) -> Decimal | None:
        """Negative when exceeded; None when the fund has no amount here."""
        return None if self.montant is None else self.montant - self.propose


def _somme(montants: Iterable[Decimal]) -> Decimal:
    return sum(montants, ZERO)


def _totaliser(cle: str, lignes: Iterable[LigneMaquette]) -> Total:
    groupe = tuple(lignes)
    return Total(
        cle,
        len(groupe),
        _somme(ligne.cout_ht for ligne in groupe),
        _somme(ligne.aide_demandee for ligne in groupe),
        _somme(ligne.aide_comptee for ligne in groupe),
    )


@dataclass(frozen=True, slots=True)
class Maquette:
    """Lines and envelope of a territory; `financeur` is the authority that proposes the aids, if named.

    `caisses`: the funds that make the envelope, those that pay something counted when they are asked for.
    """

    lignes: tuple[LigneMaquette, ...]
    enveloppe: Decimal | None = None
    financeur: Financeur | None = None
    caisses: tuple[Caisse, ...] = ()

    @property
    def total_propose(self) -> Decimal:
        return _somme(ligne.aide_comptee for ligne in self.lignes)

    @property
    def total_demande(self) -> Decimal:
        return _somme(ligne.aide_demandee for ligne in self.lignes)

    @property
    def total_cout(self) -> Decimal:
        return _somme(ligne.cout_ht for ligne in self.lignes)

    @property
    def solde(self) -> Decimal | None:
        """What is left of the envelope (negative when exceeded); None without envelope."""
        return None if self.enveloppe is None else self.enveloppe - self.total_propose

    @property
    def consommation(self) -> Decimal | None:
        """Proposed over envelope (1 = all of it); None when there is no envelope or it is null."""
        return self.total_propose / self.enveloppe if self.enveloppe else None

    def par_fonds(self) -> tuple[Caisse, ...]:
        """The funds that have an amount or pay a line, each with what its lines propose, in their order."""
        sommes: dict[str, list[Decimal]] = {}
        for ligne in self.lignes:
            if ligne.aide_comptee:
                sommes.setdefault(ligne.fonds, []).append(ligne.aide_comptee)
        comptees = (
            replace(c, propose=_somme(sommes.get(c.code, ())), nombre=len(sommes.get(c.code, ())))
            for c in self.caisses
        )
        return tuple(c for c in comptees if c.montant is not None or c.nombre)

    @property
    def caisses_depassees(self) -> tuple[Caisse, ...]:
        return tuple(c for c in self.par_fonds() if c.solde is not None and c.solde < 0)

    def par_theme(self) -> tuple[Total, ...]:
        """In the order in which the themes first appear."""
        return self._par(lambda ligne: ligne.theme)

    def par_maitre_ouvrage(self) -> tuple[Total, ...]:
        """In alphabetical order."""
        return tuple(sorted(self._par(lambda ligne: ligne.maitre_ouvrage), key=lambda total: total.cle))

    def par_annee(self) -> tuple[Total, ...]:
        """In chronological order, lines without a year last."""
        totaux = self._par(lambda ligne: "" if ligne.annee is None else str(ligne.annee))
        return tuple(sorted(totaux, key=lambda total: (total.cle == "", total.cle)))

    def par_financeur(self) -> tuple[Total, ...]:
        """In the order of `Financeur`, the authority's own aids included when `financeur` is named.

        `nombre` and `cout` are those of the lines where the funder brings money; `demande` is its money on
        all the lines, `propose` on the retained ones (for the authority: aids asked, aids proposed).
        """
        apportees: dict[Financeur, list[LigneMaquette]] = {}
        for ligne in self.lignes:
            for financeur, montant in ligne.financements.items():
                if montant:
                    apportees.setdefault(financeur, []).append(ligne)
        totaux = (self._total_financeur(f, apportees.get(f, ())) for f in Financeur)
        return tuple(total for total in totaux if total.nombre)

    def _par(self, cle: Callable[[LigneMaquette], str]) -> tuple[Total, ...]:
        groupes: dict[str, list[LigneMaquette]] = {}
        for ligne in self.lignes:
            groupes.setdefault(cle(ligne), []).append(ligne)
        return tuple(_totaliser(nom, lignes) for nom, lignes in groupes.items())

    def _total_financeur(self, financeur: Financeur, lignes: Sequence[LigneMaquette]) -> Total:
        """`lignes`: those where it brings money, were it not the authority."""
        if financeur is self.financeur:
            return _totaliser(
                financeur, (ligne for ligne in self.lignes if ligne.aide_demandee or ligne.aide_comptee)
            )
        return Total(
            financeur,
            len(lignes),
            _somme(ligne.cout_ht for ligne in lignes),
            _somme(ligne.financements[financeur] for ligne in lignes),
            _somme(ligne.financements[financeur] for ligne in lignes if ligne.decision == RETENUE),
        )
