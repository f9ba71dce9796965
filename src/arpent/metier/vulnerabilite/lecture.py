"""Reading a model from plain data (the content of `vulnerabilite.yaml`), with errors one can act on."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from math import isfinite
from typing import Any, TypeVar

from arpent.metier.vulnerabilite.modele import (
    Classe,
    Composition,
    Echelle,
    Famille,
    Indicateur,
    Modele,
    ModeleInvalide,
    ModeSeuils,
    Normalisation,
    Orientation,
    RegleComposition,
    Sens,
    Seuils,
    TypeParticulier,
)

E = TypeVar("E", bound=StrEnum)


def lire_modeles(donnees: Mapping[str, Any]) -> tuple[Modele, ...]:
    """All the models of a file, in order. Raises ModeleInvalide naming the model and the key."""
    return tuple(lire_modele(d) for d in _liste(donnees, "modeles", "fichier"))


def lire_modele(donnees: Mapping[str, Any]) -> Modele:
    code = str(_exiger(donnees, "code", "sans code"))
    seuils = donnees.get("seuils")
    return Modele(
        code=code,
        libelle=str(_exiger(donnees, "libelle", code)),
        source=str(_exiger(donnees, "source", code)),
        familles=tuple(
            Famille(
                str(_exiger(f, "code", code)), str(_exiger(f, "libelle", code)), _poids(f.get("poids"), code)
            )
            for f in _liste(donnees, "familles", code)
        ),
        indicateurs=tuple(_indicateur(i, code) for i in _liste(donnees, "indicateurs", code)),
        normalisation=_choix(Normalisation, _exiger(donnees, "normalisation", code), code),
        orientation=_choix(Orientation, donnees.get("orientation", Orientation.HAUT), code),
        seuils=None if seuils is None else _seuils(seuils, code),
        classes=tuple(_classe(c, code) for c in _liste(donnees, "classes", code)),
        types_particuliers=tuple(
            TypeParticulier(
                str(_exiger(t, "type_contrat", code)),
                str(_exiger(t, "motif", code)),
                frozenset(str(s) for s in _liste(t, "territoires", code)),
            )
            for t in donnees.get("types_particuliers", ())
        ),
        couverture_minimale=_couverture(donnees.get("couverture_minimale", 0.75), code),
        demonstration=bool(donnees.get("demonstration", False)),
        echelle=_choix(Echelle, donnees.get("echelle", Echelle.EPCI), code),
        composition=_composition(donnees.get("composition", RegleComposition.MOYENNE_PONDEREE), code),
    )


def _couverture(valeur: Any, modele: str) -> float:
    lue = _poids(valeur, modele)
    return 0.75 if lue is None else lue


def _composition(donnees: Any, modele: str) -> Composition:
    """The name of a rule, or {regle, part}."""
    if not isinstance(donnees, Mapping):
        return Composition(_choix(RegleComposition, donnees, modele))
    regle = _choix(RegleComposition, _exiger(donnees, "regle", modele), modele)
    return Composition(regle, _poids(donnees.get("part"), modele))


def _indicateur(donnees: Mapping[str, Any], modele: str) -> Indicateur:
    return Indicateur(
        code=str(_exiger(donnees, "code", modele)),
        libelle=str(_exiger(donnees, "libelle", modele)),
        famille=str(_exiger(donnees, "famille", modele)),
        sens=_choix(Sens, _exiger(donnees, "sens", modele), modele),
        poids=_poids(donnees.get("poids"), modele),
        source=str(donnees.get("source") or ""),
        colonne=str(donnees.get("colonne") or ""),
        denominateur=str(donnees.get("denominateur") or ""),
        fichier=str(donnees.get("fichier") or ""),
    )


def _seuils(donnees: Mapping[str, Any], modele: str) -> Seuils:
    valeurs = [_poids(v, modele) for v in _liste(donnees, "valeurs", modele)]
    connues = tuple(v for v in valeurs if v is not None)
    if len(connues) != len(valeurs):
        raise ModeleInvalide(f"Modèle « {modele} » : un seuil est vide. Saisissez-le, ou retirez les seuils.")
    return Seuils(_choix(ModeSeuils, _exiger(donnees, "mode", modele), modele), connues)


def _classe(donnees: Mapping[str, Any], modele: str) -> Classe:
    return Classe(
        code=str(_exiger(donnees, "code", modele)),
        libelle=str(_exiger(donnees, "libelle", modele)),
        type_contrat=donnees.get("type_contrat"),
        ingenierie=donnees.get("ingenierie"),
        taux_bonus=_decimal(donnees.get("taux_bonus"), modele),
        plafond=_decimal(donnees.get("plafond"), modele),
    )


def _decimal(valeur: Any, modele: str) -> Decimal | None:
    """An amount or a rate as written; None: no such effect."""
    if valeur is None or valeur == "":
        return None
    try:
        lue = Decimal(str(valeur))
    except InvalidOperation:
        lue = Decimal("NaN")
    if isinstance(valeur, bool) or not lue.is_finite():
        raise ModeleInvalide(f"Modèle « {modele} » : « {valeur} » n’est pas un nombre.")
    return lue


def _exiger(donnees: Any, cle: str, modele: str) -> Any:
    if not isinstance(donnees, Mapping):
        raise ModeleInvalide(f"Modèle « {modele} » : un bloc avec la clé « {cle} » est attendu.")
    if donnees.get(cle) in (None, ""):
        raise ModeleInvalide(f"Modèle « {modele} » : la clé « {cle} » manque ou est vide. Renseignez-la.")
    return donnees[cle]


def _liste(donnees: Mapping[str, Any], cle: str, modele: str) -> list[Any]:
    valeur = _exiger(donnees, cle, modele)
    if not isinstance(valeur, list):
        raise ModeleInvalide(f"Modèle « {modele} » : « {cle} » doit être une liste.")
    return valeur


def _poids(valeur: Any, modele: str) -> float | None:
    """None is a weight still to be typed in."""
    if valeur is None:
        return None
    if isinstance(valeur, bool) or not isinstance(valeur, int | float) or not isfinite(valeur):
        raise ModeleInvalide(f"Modèle « {modele} » : « {valeur} » n’est pas un nombre.")
    return float(valeur)


def _choix(enumeration: type[E], valeur: Any, modele: str) -> E:
    try:
        return enumeration(str(valeur))
    except ValueError:
        permis = ", ".join(e.value for e in enumeration)
        raise ModeleInvalide(
            f"Modèle « {modele} » : « {valeur} » est inconnu. Choisissez parmi : {permis}."
        ) from None
