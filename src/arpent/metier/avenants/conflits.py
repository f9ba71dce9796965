"""What two avenants cannot both do. Disjoint ones give the same contract in either order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from arpent.metier.argent import formater_euros

from .consolidation import appliquer
from .etat import EtatContractuel
from .mouvements import Genre, Mouvement


@dataclass(frozen=True, slots=True)
class Conflit:
    """One reason, in French, with the kind of thing in dispute."""

    genre: str
    texte: str


def conflits(
    a: Sequence[Mouvement], b: Sequence[Mouvement], etat: EtatContractuel, nom: str = "l’autre avenant"
) -> tuple[Conflit, ...]:
    """What stops `a` while `b`, called `nom`, is also on its way. Empty: they are independent."""
    return (*_lignes(a, b, etat, nom), *_reste(a, b, nom), *_credits(a, b, etat, nom))


def _lignes(
    a: Sequence[Mouvement], b: Sequence[Mouvement], etat: EtatContractuel, nom: str
) -> Iterator[Conflit]:
    noms = {x.cle: x.nom for x in etat.lignes}
    noms |= {m.ligne.cle: m.ligne.nom for m in (*a, *b) if m.ligne}
    siennes, autres = _union(a, "touchees"), _union(b, "touchees")
    sorties_a, sorties_b = _union(a, "sorties"), _union(b, "sorties")
    entrees = _union(a, "entrees") & _union(b, "entrees")
    for cle in sorted(siennes & autres):
        quoi = noms.get(cle, "projet")
        if cle in sorties_b:
            yield Conflit("retiree", f"Le {quoi} est retiré par {nom}.")
        elif cle in sorties_a:
            yield Conflit("retiree", f"Le {quoi}, que vous retirez, est changé par {nom}.")
        elif cle in entrees:
            yield Conflit("double", f"Le {quoi} est déjà ajouté par {nom}.")
        else:
            yield Conflit("ligne", f"Le {quoi} est déjà changé par {nom}.")


def _union(mouvements: Sequence[Mouvement], trait: str) -> set[str]:
    return {cle for m in mouvements for cle in getattr(m, trait)}


def _reste(a: Sequence[Mouvement], b: Sequence[Mouvement], nom: str) -> Iterator[Conflit]:
    articles = {m.article for m in a if m.article} & {m.article for m in b if m.article}
    for titre in sorted(articles):
        yield Conflit("article", f"L’article « {titre} » est déjà remplacé par {nom}.")
    parties = {m.partie for m in a if m.partie} & {m.partie for m in b if m.partie}
    for partie in sorted(parties):
        yield Conflit("partie", f"{partie} entre ou sort déjà par {nom}.")
    if all(any(m.genre is Genre.DUREE for m in liste) for liste in (a, b)):
        yield Conflit("duree", f"La durée du contrat est déjà changée par {nom}.")
    # A party that leaves in one while the other gives it a project.
    for sortants, porteurs in ((a, b), (b, a)):
        partants = {m.partie for m in sortants if m.partie and m.sort}
        repreneurs = {m.maitre_ouvrage for m in porteurs if m.maitre_ouvrage}
        repreneurs |= {m.ligne.maitre_ouvrage for m in porteurs if m.ligne}
        for partie in sorted(partants & repreneurs):
            yield Conflit("partie", f"{partie} quitte le contrat et reçoit un projet, l’un par {nom}.")


def _credits(
    a: Sequence[Mouvement], b: Sequence[Mouvement], etat: EtatContractuel, nom: str
) -> Iterator[Conflit]:
    """Each fits in the envelope, both do not: the same credits are used twice."""
    seul, ensemble = appliquer(etat, a)[0].solde, appliquer(etat, [*b, *a])[0].solde
    if seul is None or ensemble is None or seul < 0 or ensemble >= 0:
        return
    yield Conflit(
        "enveloppe",
        f"Avec {nom}, l’enveloppe serait dépassée de {formater_euros(-ensemble)} : les mêmes crédits "
        "serviraient deux fois.",
    )
