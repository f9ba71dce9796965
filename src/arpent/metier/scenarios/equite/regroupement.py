"""The aids in their groups, and two states of them side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import ZERO, partager

from .modele import Aide, APart, Axe, Groupe, Lecture, Lieu, Regroupement

LIBELLES_A_PART = {
    APart.INTERCOMMUNAL: "Projets intercommunaux",
    APart.AILLEURS: "Projets situés hors du périmètre",
    APart.AUTRE_PORTEUR: "Intercommunalités, syndicats et autres maîtres d’ouvrage",
}
BANDES: tuple[tuple[int, str], ...] = (
    (200, "Communes de moins de 200 habitants"),
    (500, "Communes de 200 à 499 habitants"),
    (1_000, "Communes de 500 à 999 habitants"),
    (2_000, "Communes de 1\u202f000 à 1\u202f999 habitants"),
    (5_000, "Communes de 2\u202f000 à 4\u202f999 habitants"),
)
AU_DESSUS = "Communes de 5\u202f000 habitants et plus"
SANS_POPULATION = "Communes dont la population est inconnue"
SANS_CLE = {
    Axe.EPCI: "Communes sans intercommunalité",
    Axe.TERRITOIRE: "Communes sans territoire",
    Axe.CLASSE: "Communes non classées",
    Axe.THEME: "Sans thème",
}


@dataclass(frozen=True, slots=True)
class Rapprochement:
    """One group now and before; `avant` None when nothing is compared."""

    groupe: Groupe
    avant: Groupe | None


def bande(habitants: int | None) -> str:
    """The size of a commune in words."""
    if habitants is None:
        return SANS_POPULATION
    return next((libelle for borne, libelle in BANDES if habitants < borne), AU_DESSUS)


def regrouper(
    axe: Axe,
    aides: Iterable[Aide],
    lieux: Sequence[Lieu],
    lecture: Lecture = Lecture.TRAVAUX,
    noms: Mapping[str, str] | None = None,
) -> Regroupement:
    """Every aid in its group. `noms`: label of each EPCI, territory or class, in the order of the classes.

    A project is counted once: where its works are, else with what is set apart, though its euros may be
    spread. A spread project one of whose communes has no known population stays apart whole.
    """
    noms = noms or {}
    index = {lieu.code: lieu for lieu in lieux}
    montants: dict[str | APart, Decimal] = {}
    projets: dict[str | APart, int] = {}
    for aide in aides:
        placees = _placer(axe, aide, index, lecture)
        unique = next(iter(placees)) if len(placees) == 1 else APart.INTERCOMMUNAL
        projets[unique] = projets.get(unique, 0) + 1
        for cle, montant in placees.items():
            montants[cle] = montants.get(cle, ZERO) + montant
    habitants = _habitants(axe, lieux, montants)
    groupes = [
        Groupe(cle, _libelle(axe, cle, index, noms), projets.get(cle, 0), montants.get(cle, ZERO), gens)
        for cle, gens in habitants.items()
    ]
    a_part = [
        Groupe(x.value, LIBELLES_A_PART[x], projets.get(x, 0), montants.get(x, ZERO), None)
        for x in APart
        if x in projets
    ]
    inconnues = tuple(lieu.nom for lieu in lieux if lieu.habitants is None)
    return Regroupement(axe, _ordonner(axe, groupes, noms), tuple(a_part), inconnues)


def rapprocher(apres: Regroupement, avant: Regroupement | None) -> tuple[Rapprochement, ...]:
    """Each group with what it was; a group that only existed before comes last, with nothing now."""
    if avant is None:
        return tuple(Rapprochement(g, None) for g in (*apres.groupes, *apres.a_part))
    lignes = []
    for ici, la in ((apres.groupes, avant.groupes), (apres.a_part, avant.a_part)):
        anciens = {g.cle: g for g in la}
        lignes += [Rapprochement(g, anciens.pop(g.cle, _vide(g))) for g in ici]
        lignes += [Rapprochement(_vide(g), g) for g in anciens.values()]
    return tuple(lignes)


def _vide(g: Groupe) -> Groupe:
    return Groupe(g.cle, g.libelle, 0, ZERO, g.habitants)


def _cle(axe: Axe, lieu: Lieu) -> str:
    """The group of a commune."""
    match axe:
        case Axe.EPCI:
            return lieu.epci
        case Axe.TERRITOIRE:
            return lieu.territoire
        case Axe.CLASSE:
            return lieu.classe
        case Axe.TAILLE:
            return bande(lieu.habitants)
        case _:
            return lieu.code


def _placer(
    axe: Axe, aide: Aide, index: Mapping[str, Lieu], lecture: Lecture
) -> Mapping[str | APart, Decimal]:
    """The groups of one aid and what each takes of it: their sum is the aid."""
    if axe is Axe.THEME:
        return {aide.theme: aide.montant}
    if axe is Axe.TERRITOIRE:
        return {aide.territoire: aide.montant}
    if axe is Axe.TAILLE:
        return {_de(axe, aide.porteur, index, APart.AUTRE_PORTEUR): aide.montant}
    if aide.commune:
        return {_de(axe, aide.commune, index, APart.AILLEURS): aide.montant}
    servis = [index[code] for code in aide.perimetre if code in index]
    cles = {_cle(axe, lieu) for lieu in servis}
    if len(cles) == 1:
        return {cles.pop(): aide.montant}
    if lecture is Lecture.TRAVAUX:
        return {APart.INTERCOMMUNAL: aide.montant}
    return _repartir(axe, aide, servis)


def _de(axe: Axe, code: str, index: Mapping[str, Lieu], sans: APart) -> str | APart:
    """The group of the commune `code`; `sans` without a code, AILLEURS when it is not one of ours."""
    if not code:
        return sans
    return _cle(axe, index[code]) if code in index else APart.AILLEURS


def _repartir(axe: Axe, aide: Aide, servis: Sequence[Lieu]) -> Mapping[str | APart, Decimal]:
    """By inhabitant, to the cent, by largest remainder."""
    if any(lieu.habitants is None for lieu in servis) or not sum(lieu.habitants or 0 for lieu in servis):
        return {APart.INTERCOMMUNAL: aide.montant}
    parts = partager(aide.montant, {lieu.code: Decimal(lieu.habitants or 0) for lieu in servis})
    placees: dict[str | APart, Decimal] = {}
    for lieu in servis:
        cle = _cle(axe, lieu)
        placees[cle] = placees.get(cle, ZERO) + parts[lieu.code]
    return placees


def _habitants(
    axe: Axe, lieux: Sequence[Lieu], montants: Mapping[str | APart, Decimal]
) -> dict[str, int | None]:
    """Inhabitants of every group, those without any aid included; of a theme, everybody."""
    recues = [cle for cle in montants if isinstance(cle, str)]
    if axe is Axe.THEME:
        tous = _somme(lieux)
        return dict.fromkeys(recues, tous)
    groupes: dict[str, list[Lieu]] = {}
    for lieu in lieux:
        groupes.setdefault(_cle(axe, lieu), []).append(lieu)
    # An aid may name a territory of which no commune is known.
    return {cle: _somme(groupes.get(cle, ())) for cle in (*groupes, *(c for c in recues if c not in groupes))}


def _somme(lieux: Sequence[Lieu]) -> int | None:
    connus = [lieu.habitants for lieu in lieux if lieu.habitants is not None]
    return sum(connus) if lieux and len(connus) == len(lieux) else None


def _libelle(axe: Axe, cle: str, index: Mapping[str, Lieu], noms: Mapping[str, str]) -> str:
    if not cle:
        return SANS_CLE[axe]
    return index[cle].nom if axe is Axe.COMMUNE else noms.get(cle, cle)


def _ordonner(axe: Axe, groupes: Iterable[Groupe], noms: Mapping[str, str]) -> tuple[Groupe, ...]:
    """Sizes and classes in their own order, the others from the best endowed to the least."""
    if axe is Axe.TAILLE:
        bandes = [libelle for _, libelle in BANDES] + [AU_DESSUS, SANS_POPULATION]
        return tuple(sorted(groupes, key=lambda g: bandes.index(g.cle)))
    if axe is Axe.CLASSE:
        rangs = {cle: rang for rang, cle in enumerate(noms)}
        return tuple(sorted(groupes, key=lambda g: (rangs.get(g.cle, len(rangs)), g.libelle)))
    return tuple(sorted(groupes, key=lambda g: (g.habitants is None, -g.exact, g.libelle, g.cle)))
