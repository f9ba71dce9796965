"""Comparison totals: each recomputed indicator summed over France, regions, départements and EPCI."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import numpy as np

from arpent.extraits.lecture import Ligne, lire_csv
from arpent.plateforme.observatoire.assemblage import TABLES_COMMUNALES, assembler_communes
from arpent.plateforme.observatoire.calcul import sommer
from arpent.plateforme.observatoire.catalogue import Publie, catalogue
from arpent.plateforme.observatoire.derivation import Colonne, deriver
from arpent.plateforme.observatoire.magasin import FRANCE, entrees

ARRONDISSEMENTS = {"751": "75056", "132": "13055", "693": "69123"}
"""The census tables hold the arrondissements of Paris, Marseille and Lyon, not the cities."""


def lignes_de_totaux(
    fichier: Callable[[str], Path], tables: Mapping[str, str], epci: set[str]
) -> Iterator[Ligne]:
    """One row per place and indicator. Places: `fr`, all `reg:` and `dep:`, and the EPCI asked."""
    places = {x["code_insee"]: x for x in lire_csv([fichier("france/communes")]) if x["zone"] != "com"}
    codes = list(places) + _codes_des_arrondissements(fichier)
    chemins = {t: [fichier(f"france/{tables[t]}")] for t in TABLES_COMMUNALES if t in tables}
    colonnes = deriver(assembler_communes(codes, chemins), catalogue().derivees)
    groupes = _groupes(codes, places, epci)
    for indicateur in catalogue().indicateurs.values():
        if isinstance(indicateur.calcul, Publie) or indicateur.calcul.niveau != "communes":
            continue
        haut, bas = entrees(indicateur.calcul)
        if haut not in colonnes or (bas and bas not in colonnes):
            continue
        for niveau, rangs in groupes.items():
            yield from _ligne(indicateur.code, niveau, colonnes, haut, bas, rangs)


def _ligne(
    code: str, niveau: str, colonnes: Mapping[str, Colonne], haut: str, bas: str | None, rangs: list[int]
) -> Iterator[Ligne]:
    numerateur = colonnes[haut][rangs]
    denominateur = colonnes[bas][rangs] if bas else None
    somme = sommer(numerateur, denominateur, _poids(colonnes, rangs, haut, bas))
    if somme is None:
        return
    yield {
        "niveau": niveau,
        "indicateur": code,
        "numerateur": f"{somme.numerateur:.2f}",
        "denominateur": "" if somme.denominateur is None else f"{somme.denominateur:.2f}",
        "couverture": f"{somme.couverture:.4f}",
    }


def _poids(colonnes: Mapping[str, Colonne], rangs: list[int], haut: str, bas: str | None) -> Colonne:
    """Population; the big three cities count by arrondissement where the table does."""
    population = np.nan_to_num(colonnes["population_2023"][rangs])
    valeurs = colonnes[haut][rangs] if bas is None else colonnes[haut][rangs] + colonnes[bas][rangs]
    census = np.nan_to_num(colonnes["P22_POP"][rangs])
    absente = (population > 0) & np.isnan(valeurs) & (census == 0) & (population > 400_000)
    arrondissement = (population == 0) & ~np.isnan(valeurs)
    return np.where(absente, 0.0, np.where(arrondissement, census, population))


def _codes_des_arrondissements(fichier: Callable[[str], Path]) -> list[str]:
    lignes = lire_csv([fichier("france/rp2022_communes")])
    return [x["code_insee"] for x in lignes if _est_arrondissement(x["code_insee"])]


def _est_arrondissement(code: str) -> bool:
    return (
        code[:3] in ARRONDISSEMENTS
        and code != ARRONDISSEMENTS[code[:3]]
        and (code[:3] == "751" or code[:4] == "1320" or code[:4] == "1321" or code[:4] == "6938")
    )


def _groupes(codes: list[str], places: Mapping[str, Ligne], epci: set[str]) -> dict[str, list[int]]:
    groupes: dict[str, list[int]] = {}
    for rang, code in enumerate(codes):
        place = places.get(code) or places[ARRONDISSEMENTS[code[:3]]]
        cles = [FRANCE, f"reg:{place['region']}", f"dep:{place['departement']}"]
        if place["epci_siren"] in epci:
            cles.append(f"epci:{place['epci_siren']}")
        for cle in cles:
            groupes.setdefault(cle, []).append(rang)
    return groupes
