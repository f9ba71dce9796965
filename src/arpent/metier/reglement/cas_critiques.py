"""The cases that decide: for the fields that some rules read, every value on which an answer may change.

A number gives its thresholds, one step under and one step over; a code gives those named and one that is
not; a list gives the sets of its codes. Between two such points no rule changes its mind, so that looking at
all of them is looking at every project.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import combinations, product
from math import prod
from typing import Any

from arpent.metier.argent import ZERO
from arpent.metier.reglement.bareme import Bareme
from arpent.metier.reglement.champs import ChampProjet, TypeChamp
from arpent.metier.reglement.conditions import Comparaison, Condition, Parmi, ecrire
from arpent.metier.reglement.contexte import nommer
from arpent.metier.reglement.description import CODES_FERMES
from arpent.metier.reglement.projet import Poste, Projet

CAS_MAXIMUM = 4000
CODES_COMBINES = 5
AUTRE = "autre-cas"
_ENTIERS = frozenset({"population", "rang", "annee"})
_PAS_NOMBRE = Decimal("0.0000001")
_PAS_MONTANT = Decimal("0.01")
_ATTRIBUTS = {
    "classe": "classe_vulnerabilite",
    "beneficiaire": "beneficiaire_nature",
    "population": "beneficiaire_population",
    "deliberation": "a_deliberation",
}
_TABLES = {"indicateur": "indicateurs", "quantite": "quantites", "depense": "depenses"}

# Everything unknown: a rule that answers on it answers whatever the project.
INCONNU = Projet(
    titre="",
    theme="",
    maturite="",
    nature_depense="",
    beneficiaire_nature="",
    beneficiaire_population=None,
    cout_ht=Decimal("10000000000.00"),
    assiette=None,
    aide_demandee=ZERO,
    financements=(),
    classe_vulnerabilite=None,
    a_deliberation=False,
    derogation=None,
)


class TropDeCas(ValueError):
    """More cases than the bound: the check cannot be done whole."""


@dataclass(frozen=True, slots=True)
class Cas:
    """A project reduced to the fields that matter, and how to say it."""

    valeurs: tuple[tuple[ChampProjet, Any], ...]

    @property
    def projet(self) -> Projet:
        change: dict[str, Any] = {}
        for champ, valeur in self.valeurs:
            _poser(change, champ, valeur)
        return replace(INCONNU, **change)

    def enonce(self, libelles: Mapping[str, str]) -> str:
        """“commune de 500 habitants, thème « Voirie »”; “tous les projets” when no field matters."""
        mots = [_dire(champ, valeur, libelles) for champ, valeur in self.valeurs]
        lus = {champ.nom: valeur for champ, valeur in self.valeurs}
        if lus.get("beneficiaire") and lus.get("population") is not None:
            population = next(c for c, _ in self.valeurs if c.nom == "population")
            mots = [
                m for (c, _), m in zip(self.valeurs, mots, strict=True) if c.nom not in lus.keys() & _DEUX
            ]
            ecrit = ecrire(population, Decimal(lus["population"]))
            mots.insert(0, f"{nommer(lus['beneficiaire'], libelles)} de {ecrit}")
        return ", ".join(mots) or "tous les projets"


_DEUX = frozenset({"beneficiaire", "population"})


@dataclass(slots=True)
class _Axe:
    """One field, the values named by the rules, and whether “not known” is one of the answers."""

    champ: ChampProjet
    seuils: set[Any]
    peut_manquer: bool = False


def enumerer(conditions: Iterable[Condition], baremes: Iterable[Bareme] = ()) -> Iterator[Cas]:
    """Every deciding case of these conditions and scales together. Raises TropDeCas beyond CAS_MAXIMUM."""
    axes = [[(axe.champ, point) for point in _points(axe)] for axe in _relever(conditions, baremes).values()]
    if prod(len(axe) for axe in axes) > CAS_MAXIMUM:
        raise TropDeCas
    return (Cas(tuple(valeurs)) for valeurs in product(*axes))


def est_exhaustif(conditions: Iterable[Condition], baremes: Iterable[Bareme] = ()) -> bool:
    """False when a list field has too many codes for all its sets to be drawn."""
    return all(
        axe.champ.type is not TypeChamp.CODES or len(axe.seuils) <= CODES_COMBINES
        for axe in _relever(conditions, baremes).values()
    )


def _relever(conditions: Iterable[Condition], baremes: Iterable[Bareme]) -> dict[str, _Axe]:
    """The fields read, by name, in the order in which they are met."""
    axes: dict[str, _Axe] = {}
    feuilles = [feuille for condition in conditions for feuille in condition.feuilles()]
    for bareme in baremes:
        feuilles += [f for ligne in bareme.lignes if ligne.si for f in ligne.si.feuilles()]
        if bareme.par is not None:
            seuils = axes.setdefault(bareme.par.nom, _Axe(bareme.par, set())).seuils
            seuils.update(bareme.valeurs)
            seuils.update(b for t in bareme.tranches for b in (t.bas, t.haut) if b is not None)
    for feuille in feuilles:
        axe = axes.setdefault(feuille.champ.nom, _Axe(feuille.champ, set()))
        if isinstance(feuille, Parmi):
            axe.seuils.update(feuille.codes)
        elif isinstance(feuille, Comparaison):
            axe.seuils.add(feuille.valeur)
        else:
            axe.peut_manquer = feuille.champ.lire(INCONNU) is None
    return axes


def _points(axe: _Axe) -> list[Any]:
    """The values of one field on which an answer may change; None: not known."""
    return [*_valeurs(axe.champ, axe.seuils), *([None] if axe.peut_manquer else [])]


def _valeurs(champ: ChampProjet, trouves: set[Any]) -> list[Any]:
    """The known values of one field on which an answer may change."""
    match champ.type:
        case TypeChamp.CODE:
            fermes = CODES_FERMES.get(champ.vocabulaire) if champ.vocabulaire else None
            return list(fermes) if fermes else [*sorted(trouves), AUTRE]
        case TypeChamp.CODES:
            return _ensembles(sorted(trouves))
        case TypeChamp.BOOLEEN:
            return [True, False]
        case TypeChamp.DATE:
            jour = datetime.timedelta(days=1)
            return sorted(
                {j for t in trouves for j in (t - jour, t, t + jour)} or {datetime.date(2000, 1, 1)}
            )
        case _:
            return _nombres(champ, trouves)


def _nombres(champ: ChampProjet, trouves: set[Any]) -> list[Any]:
    """The thresholds, then one step under, one step over, and the smallest value; never negative."""
    pas = _PAS_MONTANT if champ.type is TypeChamp.MONTANT else _PAS_NOMBRE
    if champ.nom in _ENTIERS:
        pas = Decimal(1)
    seuils = [Decimal(t) for t in sorted(trouves)]
    points = [t + ecart for ecart in (Decimal(0), -pas, pas) for t in seuils]
    gardes = list(dict.fromkeys(p for p in (*points, Decimal(0)) if p >= 0))
    return [int(p) for p in gardes if p == int(p)] if champ.nom in _ENTIERS else list(gardes)


def _ensembles(codes: list[str]) -> list[tuple[str, ...]]:
    """All the sets of codes; when they are too many: none, each alone, all, all but one."""
    if len(codes) <= CODES_COMBINES:
        return [choix for taille in range(len(codes) + 1) for choix in combinations(codes, taille)]
    seuls = [(code,) for code in codes]
    sauf_un = [tuple(c for c in codes if c != code) for code in codes]
    return [(), *seuls, *sauf_un, tuple(codes)]


def _poser(change: dict[str, Any], champ: ChampProjet, valeur: Any) -> None:
    """Add that value of that field to what changes from INCONNU; None: not known."""
    famille, _, code = champ.nom.partition(".")
    if code:
        table = change.get(_TABLES[famille]) or {}
        connue = {**table, code: valeur} if valeur is not None else table
        change[_TABLES[famille]] = None if valeur is None and famille == "depense" else connue
    elif champ.nom in ("poste", "quotite"):
        poste = change.get("poste") or Poste("")
        nom = "sorte" if champ.nom == "poste" else "quotite"
        change["poste"] = replace(poste, **{nom: valeur}) if valeur is not None else None
    else:
        change[_ATTRIBUTS.get(champ.nom, champ.nom)] = valeur


def _dire(champ: ChampProjet, valeur: Any, libelles: Mapping[str, str]) -> str:
    """One field of a case in French."""
    if valeur is None:
        return f"sans {champ.libelle}"
    match champ.type:
        case TypeChamp.CODE:
            if valeur == AUTRE:
                return f"autre {champ.nom_court}"
            nom = nommer(valeur, libelles)
            return nom if champ.nom == "beneficiaire" else f"{champ.nom_court} « {nom} »"
        case TypeChamp.CODES:
            noms = ", ".join(f"« {nommer(code, libelles)} »" for code in valeur)
            return f"{champ.nom_court} : {noms or 'aucun'}"
        case TypeChamp.BOOLEEN:
            return champ.nom_court if valeur else champ.contraire
        case TypeChamp.DATE:
            return f"{champ.nom_court} le {valeur:%d/%m/%Y}"
        case _:
            ecrit = ecrire(champ, Decimal(valeur))
            return ecrit if champ.nom == "population" else f"{champ.nom_court} : {ecrit}"
