"""The definition of a model as words, to show or to journal what differs between two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_nombre
from arpent.metier.vulnerabilite import (
    Modele,
    ModeSeuils,
    Normalisation,
    RegleComposition,
    Sens,
)

from .bibliotheque import lisible

A_SAISIR = "à saisir"
NORMALISATIONS = {
    Normalisation.Z_SCORE: "Écart à la moyenne, en écarts-types (z-score)",
    Normalisation.MIN_MAX: "Place entre le plus bas et le plus haut (min-max)",
    Normalisation.RANG: "Rang",
    Normalisation.RATIO_MOYENNE: "Rapport à la moyenne",
}
MODES = {
    ModeSeuils.QUANTILE: "Par part des territoires comparés (%)",
    ModeSeuils.FIXE: "À partir d’un score",
    ModeSeuils.N_DERNIERS: "En comptant les plus vulnérables (nombre)",
}
COMPOSITIONS = {
    RegleComposition.MOYENNE_PONDEREE: "Moyenne des scores, pondérée par la population",
    RegleComposition.MAJORITE: "Classe où vit le plus grand nombre d’habitants",
    RegleComposition.PART_POPULATION: "Classe atteinte par une part de la population",
    RegleComposition.PLUS_VULNERABLE: "Classe du membre le plus vulnérable",
    RegleComposition.AUCUNE: "Aucune : chaque membre garde sa classe",
}
SENS = {Sens.AGGRAVE: "rend vulnérable", Sens.PROTEGE: "protège"}


@dataclass(frozen=True, slots=True)
class Difference:
    libelle: str
    avant: str
    apres: str


def ecrire(x: float | Decimal | None) -> str:
    """A number with its useful decimals, four at most."""
    if x is None:
        return A_SAISIR
    ecrit = formater_nombre(Decimal(str(x)), 4)
    return ecrit.rstrip("0").rstrip(",")


def en_mots(modele: Modele) -> dict[str, str]:
    """Every choice of the model, by its name."""
    mots = {
        "Nom": modele.libelle,
        "Mise à la même échelle": NORMALISATIONS[modele.normalisation],
        "Couverture minimale": f"{ecrire(modele.couverture_minimale * 100)}\u00a0%",
        "Composition": COMPOSITIONS[modele.composition.regle],
        "Valeurs supposées": "oui" if modele.demonstration else "non",
    }
    if modele.composition.part is not None:
        mots["Part de la population"] = f"{ecrire(modele.composition.part * 100)}\u00a0%"
    mots["Coupe des classes"] = MODES[modele.seuils.mode] if modele.seuils else A_SAISIR
    for rang, classe in enumerate(modele.classes):
        nom = f"Classe « {classe.libelle} »"
        if rang and modele.seuils:
            facteur = 100 if modele.seuils.mode is ModeSeuils.QUANTILE else 1
            mots[f"{nom}, seuil"] = ecrire(modele.seuils.valeurs[rang - 1] * facteur)
        mots[f"{nom}, type de contrat"] = classe.type_contrat or "aucun"
        mots[f"{nom}, aide à l’ingénierie"] = {True: "ouverte", False: "fermée", None: "aucun effet"}[
            classe.ingenierie
        ]
        bonus = None if classe.taux_bonus is None else classe.taux_bonus * 100
        mots[f"{nom}, bonus de taux"] = "aucun" if bonus is None else f"{ecrire(bonus)} points"
        mots[f"{nom}, plafond d’aide"] = (
            "aucun" if classe.plafond is None else f"{ecrire(classe.plafond)}\u00a0€"
        )
    for famille in modele.familles:
        mots[f"Poids de la famille « {famille.libelle} »"] = ecrire(famille.poids)
    for i in modele.indicateurs:
        mots[f"Poids de « {i.libelle} »"] = ecrire(i.poids)
        mots[f"Sens de « {i.libelle} »"] = SENS[i.sens]
    return mots


def differences(avant: Mapping[str, Any] | None, apres: Mapping[str, Any] | None) -> list[Difference]:
    """What differs, in the order of the second model; an absent line is « (absent) »."""
    a, b = _mots(avant), _mots(apres)
    return [
        Difference(nom, a.get(nom, "(absent)"), b.get(nom, "(absent)"))
        for nom in [*b, *(n for n in a if n not in b)]
        if a.get(nom) != b.get(nom)
    ]


def _mots(definition: Mapping[str, Any] | None) -> dict[str, str]:
    modele = lisible(definition) if definition else None
    return en_mots(modele) if modele else {}


def sans_effets_etrangers(definition: Mapping[str, Any], types: Mapping[str, str]) -> dict[str, Any]:
    """The definition without the contract types of another policy, which mean nothing in this one."""
    classes = [
        {**c, "type_contrat": c["type_contrat"] if c.get("type_contrat") in types else None}
        for c in definition["classes"]
    ]
    particuliers = [t for t in definition.get("types_particuliers", ()) if t["type_contrat"] in types]
    return {**definition, "classes": classes, "types_particuliers": particuliers}
