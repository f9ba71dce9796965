"""Two states of a contract side by side: what entered, what left, what changed, and the totals of both."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO

from .etat import EtatContractuel, LigneContrat

CHAMPS_COMPARES = (
    "aide", "annee", "maitre_ouvrage", "titre", "theme", "fonds", "cout_ht", "hors_enveloppe",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class LigneChangee:
    """A project in both states; `champs` are those that differ."""

    avant: LigneContrat
    apres: LigneContrat
    champs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TotalCompare:
    """A group of projects in each state: how many, and euros of aid."""

    libelle: str
    nombre_avant: int
    nombre_apres: int
    aide_avant: Decimal
    aide_apres: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.aide_apres - self.aide_avant


@dataclass(frozen=True, slots=True)
class Comparaison:
    """From `avant` to `apres`. Nothing is listed that is the same in both."""

    entrees: tuple[LigneContrat, ...]
    sorties: tuple[LigneContrat, ...]
    changees: tuple[LigneChangee, ...]
    total: TotalCompare
    par_theme: tuple[TotalCompare, ...]
    par_maitre_ouvrage: tuple[TotalCompare, ...]
    par_annee: tuple[TotalCompare, ...]
    parties_entrees: tuple[str, ...] = ()
    parties_sorties: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    """Titles of the articles whose text differs, of those added or taken out."""
    fin: tuple[date | None, date | None] | None = None
    """The two ends when they differ."""
    enveloppe: tuple[Decimal | None, Decimal | None] | None = None

    @property
    def identiques(self) -> bool:
        return not (
            self.entrees
            or self.sorties
            or self.changees
            or self.parties_entrees
            or self.parties_sorties
            or self.articles
            or self.fin
            or self.enveloppe
        )


def comparer(avant: EtatContractuel, apres: EtatContractuel) -> Comparaison:
    """What differs. Lines are matched by key, parties by name, articles by title."""
    vieilles, neuves = {x.cle: x for x in avant.lignes}, {x.cle: x for x in apres.lignes}
    changees = [
        LigneChangee(vieilles[cle], ligne, champs)
        for cle, ligne in neuves.items()
        if cle in vieilles and (champs := _differents(vieilles[cle], ligne))
    ]
    textes_avant = {a.titre: a.texte for a in avant.articles}
    textes_apres = {a.titre: a.texte for a in apres.articles}
    titres = dict.fromkeys([*textes_avant, *textes_apres])
    return Comparaison(
        entrees=tuple(x for cle, x in neuves.items() if cle not in vieilles),
        sorties=tuple(x for cle, x in vieilles.items() if cle not in neuves),
        changees=tuple(changees),
        total=_total("Ensemble", avant.lignes, apres.lignes),
        par_theme=_groupes(avant, apres, lambda x: x.theme or "Sans thème"),
        par_maitre_ouvrage=_groupes(avant, apres, lambda x: x.maitre_ouvrage or "Sans maître d’ouvrage"),
        par_annee=_groupes(avant, apres, lambda x: str(x.annee) if x.annee else "Année à préciser"),
        parties_entrees=tuple(p for p in apres.parties if p not in avant.parties),
        parties_sorties=tuple(p for p in avant.parties if p not in apres.parties),
        articles=tuple(t for t in titres if textes_avant.get(t) != textes_apres.get(t)),
        fin=None if avant.date_fin == apres.date_fin else (avant.date_fin, apres.date_fin),
        enveloppe=None if avant.enveloppe == apres.enveloppe else (avant.enveloppe, apres.enveloppe),
    )


def _differents(a: LigneContrat, b: LigneContrat) -> tuple[str, ...]:
    return tuple(nom for nom in CHAMPS_COMPARES if getattr(a, nom) != getattr(b, nom))


def _total(libelle: str, avant: Iterable[LigneContrat], apres: Iterable[LigneContrat]) -> TotalCompare:
    vieux, neuf = tuple(avant), tuple(apres)
    return TotalCompare(
        libelle, len(vieux), len(neuf), sum((x.aide for x in vieux), ZERO), sum((x.aide for x in neuf), ZERO)
    )


def _groupes(
    avant: EtatContractuel, apres: EtatContractuel, cle: Callable[[LigneContrat], str]
) -> tuple[TotalCompare, ...]:
    """One total per value of the key, in alphabetical order; together they make both totals."""
    vieux: dict[str, list[LigneContrat]] = {}
    neuf: dict[str, list[LigneContrat]] = {}
    for etat, groupes in ((avant, vieux), (apres, neuf)):
        for ligne in etat.lignes:
            groupes.setdefault(cle(ligne), []).append(ligne)
    return tuple(_total(nom, vieux.get(nom, ()), neuf.get(nom, ())) for nom in sorted({*vieux, *neuf}))
