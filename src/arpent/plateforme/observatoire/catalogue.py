"""The catalogue of indicators, read once from catalogue.yaml and checked."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields
from functools import cache
from pathlib import Path
from typing import Any, Literal, get_args

import yaml

from arpent.plateforme.observatoire.expressions import ExpressionInvalide, jeux_de, noms_de

CHEMIN = Path(__file__).with_name("catalogue.yaml")

Niveau = Literal["communes", "epci"]
Forme = Literal["pct", "points", "ecart"]
Sens = Literal["plus", "moins", "neutre"]
Nature = Literal["effectif", "ratio", "croissance", "mediane", "indice"]
Secret = Literal["partiel", "refus"]


class CatalogueInvalide(ValueError):
    """The catalogue cannot be read: which entry, which field, why."""


@dataclass(frozen=True, slots=True)
class Rapport:
    """A sum, or a sum over a sum, recomputed on any perimeter."""

    numerateur: str
    denominateur: str | None = None
    facteur: float = 1.0
    niveau: Niveau = "communes"


@dataclass(frozen=True, slots=True)
class Croissance:
    """Yearly growth (%) between two vintages of the same head count."""

    debut: str
    fin: str
    annees: int
    niveau: Niveau = "communes"


@dataclass(frozen=True, slots=True)
class Publie:
    """A value published per EPCI. `base`: the denominator that recomposes several EPCI (None: it cannot).

    `regle` (its code in the catalogue) says why a value without base is not summable; `communes` is the
    column that publishes the same value for one commune (by default the one of the same name).
    """

    colonne: str
    base: str | None = None
    base_exacte: bool = False
    regle: str | None = None
    communes: str | None = None


@dataclass(frozen=True, slots=True)
class Evolution:
    """What the value is compared with: an earlier ratio, an earlier column, or a published change.

    `base`: the denominator that recomposes the earlier published value of several EPCI.
    """

    millesime: str
    forme: Forme
    numerateur: str | None = None
    denominateur: str | None = None
    colonne: str | None = None
    ecart: str | None = None
    base: str | None = None


@dataclass(frozen=True, slots=True)
class Indicateur:
    """`officiel`: how a published value is recomputed once the official file is loaded."""

    code: str
    libelle: str
    famille: str
    unite: str
    source: str
    millesime: str
    sens: Sens
    definition: str
    calcul: Rapport | Croissance | Publie
    nature: Nature = "ratio"
    decimales: int = 1
    secret: Secret = "partiel"
    evolution: Evolution | None = None
    officiel: Rapport | None = None

    @property
    def colonnes(self) -> tuple[str, ...]:
        """The expressions that its main value needs."""
        match self.calcul:
            case Rapport(haut, bas):
                return (haut,) if bas is None else (haut, bas)
            case Croissance(debut, fin):
                return (fin, debut)
            case Publie(colonne):
                return (colonne,)

    @property
    def jeux(self) -> frozenset[str]:
        """The official files that its main value waits for."""
        return frozenset(jeu for nom in self.colonnes for jeu in jeux_de(nom))


@dataclass(frozen=True, slots=True)
class Catalogue:
    familles: dict[str, str]
    sources: dict[str, str]
    derivees: dict[str, dict[str, Any]]
    indicateurs: dict[str, Indicateur]
    regles: dict[str, str]
    fichiers: dict[str, str]
    gardees: tuple[str, ...]
    ratios: tuple[str, ...]


class IndicateurInconnu(KeyError):
    """Asked for a code that the catalogue does not hold."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return f"L’indicateur « {self.code} » n’existe pas dans le catalogue de l’observatoire."


@cache
def catalogue() -> Catalogue:
    return lire(CHEMIN.read_text(encoding="utf-8"))


def indicateur(code: str) -> Indicateur:
    try:
        return catalogue().indicateurs[code]
    except KeyError:
        raise IndicateurInconnu(code) from None


def lire(texte: str) -> Catalogue:
    """The catalogue written in `texte`. CatalogueInvalide says which entry and which field is wrong."""
    try:
        brut = yaml.load(texte, Loader=yaml.CSafeLoader)
    except yaml.YAMLError as erreur:
        ligne = getattr(getattr(erreur, "problem_mark", None), "line", 0) + 1
        raise CatalogueInvalide(f"Catalogue : écriture incorrecte ligne {ligne}.") from erreur
    brut = brut if isinstance(brut, dict) else {}
    if manque := sorted(_SECTIONS - set(brut)):
        raise CatalogueInvalide(f"Catalogue : il manque la partie « {', '.join(manque)} ».")
    if inconnues := sorted(set(brut) - _SECTIONS):
        raise CatalogueInvalide(f"Catalogue : partie inconnue « {', '.join(map(str, inconnues))} ».")
    indicateurs: dict[str, Indicateur] = {}
    for rang, entree in enumerate(brut["indicateurs"], start=1):
        lu = _indicateur(rang, entree, brut)
        if lu.code in indicateurs:
            raise CatalogueInvalide(f"Catalogue : l’indicateur « {lu.code} » est déclaré deux fois.")
        indicateurs[lu.code] = lu
    return Catalogue(
        brut["familles"], brut["sources"], brut["derivees"], indicateurs, brut["regles"], brut["fichiers"],
        tuple(brut["gardees"]), tuple(brut["ratios"]),
    )  # fmt: skip


_SECTIONS = {
    "familles", "sources", "derivees", "indicateurs", "regles", "fichiers", "gardees", "ratios",
}  # fmt: skip
_CALCULS: dict[str, type[Rapport] | type[Croissance] | type[Publie]] = {
    "somme": Rapport,
    "croissance": Croissance,
    "publie": Publie,
}
_CHOIX: dict[str, tuple[str, ...]] = {
    "sens": get_args(Sens),
    "nature": get_args(Nature),
    "secret": get_args(Secret),
    "niveau": get_args(Niveau),
    "forme": get_args(Forme),
}
_COLONNES = frozenset({"numerateur", "denominateur", "debut", "fin", "colonne", "ecart", "base", "communes"})
_TEXTES = frozenset({"code", "libelle", "unite", "millesime", "definition"})


def _indicateur(rang: int, entree: Any, brut: Mapping[str, Any]) -> Indicateur:
    if not isinstance(entree, dict) or not isinstance(entree.get("code"), str):
        raise CatalogueInvalide(f"Catalogue, entrée n° {rang} : il manque le champ « code ».")
    champs: dict[str, Any] = dict(entree)
    ou = f"« {champs['code']} »"
    genres = [g for g in _CALCULS if g in champs]
    if len(genres) != 1:
        raise CatalogueInvalide(
            f"Catalogue, {ou} : il faut un seul calcul parmi {', '.join(_CALCULS)} (lu : {len(genres)})."
        )
    champs["calcul"] = _construire(ou, genres[0], _CALCULS[genres[0]], champs.pop(genres[0]))
    for nom, genre in (("evolution", Evolution), ("officiel", Rapport)):
        if nom in champs:
            champs[nom] = _construire(ou, nom, genre, champs[nom])
    _verifier_valeurs(ou, "", champs)
    _refuser_ailleurs(ou, champs, brut)
    champs["source"] = brut["sources"][champs["source"]]
    lu: Indicateur = _construire(ou, "", Indicateur, champs)
    return lu


def _refuser_ailleurs(ou: str, champs: Mapping[str, Any], brut: Mapping[str, Any]) -> None:
    """What an entry names must exist in the other parts of the catalogue."""
    for nom, partie in (("famille", "familles"), ("source", "sources")):
        if champs.get(nom) not in brut[partie]:
            raise CatalogueInvalide(
                f"Catalogue, {ou}, champ « {nom} » : « {champs.get(nom)} » n’est pas dans « {partie} »."
            )
    calcul = champs["calcul"]
    if isinstance(calcul, Publie) and calcul.base is None and calcul.regle not in brut["regles"]:
        raise CatalogueInvalide(
            f"Catalogue, {ou} : une valeur publiée sans « base » doit dire sa « regle » "
            f"({', '.join(brut['regles'])})."
        )


def _construire(ou: str, nom: str, genre: Any, champs: Any) -> Any:
    lieu = f"{ou}, « {nom} »" if nom else ou
    if not isinstance(champs, dict):
        raise CatalogueInvalide(f"Catalogue, {lieu} : on attend des champs entre accolades.")
    connus = {f.name: f for f in fields(genre)}
    if inconnus := sorted(set(champs) - set(connus)):
        raise CatalogueInvalide(f"Catalogue, {lieu} : champ inconnu « {', '.join(inconnus)} ».")
    exiges = [n for n, f in connus.items() if f.default is MISSING and f.default_factory is MISSING]
    if manque := [n for n in exiges if n not in champs]:
        raise CatalogueInvalide(f"Catalogue, {lieu} : il manque le champ « {', '.join(manque)} ».")
    if nom:
        _verifier_valeurs(ou, nom, champs)
    return genre(**champs)


def _verifier_valeurs(ou: str, nom: str, champs: Mapping[str, Any]) -> None:
    for champ, valeur in champs.items():
        lieu = f"Catalogue, {ou}, champ « {nom + '.' if nom else ''}{champ} »"
        if champ in _CHOIX and valeur not in _CHOIX[champ]:
            raise CatalogueInvalide(
                f"{lieu} : « {valeur} » n’est pas permis (choix : {', '.join(_CHOIX[champ])})."
            )
        if champ in _TEXTES and (not isinstance(valeur, str) or not valeur.strip()):
            raise CatalogueInvalide(f"{lieu} : on attend un texte (mettez-le entre guillemets).")
        if champ in ("decimales", "annees") and (isinstance(valeur, bool) or not isinstance(valeur, int)):
            raise CatalogueInvalide(f"{lieu} : on attend un nombre entier.")
        if champ == "facteur" and (isinstance(valeur, bool) or not isinstance(valeur, int | float)):
            raise CatalogueInvalide(f"{lieu} : on attend un nombre.")
        if champ in _COLONNES:
            try:
                noms_de(str(valeur))
            except ExpressionInvalide as erreur:
                raise CatalogueInvalide(f"{lieu} : {erreur}") from erreur
