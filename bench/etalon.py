"""The yardstick: the same figures in plain Python loops, and the gap with what the product gives.

python -m bench.etalon DOSSIER    times of the loops, widest gaps: JSON
"""

from __future__ import annotations

import json
import math
import sys
import time
from collections import defaultdict
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from arpent.metier.flux_revenus import COLONNES_COMMUNES, COLONNES_OFFICIELLES, Navettes, estimer, preparer
from arpent.metier.flux_revenus import masse as flux
from arpent.metier.flux_revenus.resultats import LIBELLES_BASES
from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.catalogue import Croissance, catalogue
from arpent.plateforme.observatoire.derivation import SECRET, Colonne
from arpent.plateforme.observatoire.expressions import evaluer
from arpent.plateforme.observatoire.masse import Regle, regles_du_catalogue

from .masse import National, calculer, lire
from .national import AA

Liste = list[float]
Listes = dict[str, Liste]


def deriver(colonnes: Listes) -> None:
    """The derived columns, cell by cell."""
    for nom, recette in catalogue().derivees.items():
        base = str(recette["base"])
        genre, source = next((g, s) for g, s in recette.items() if g != "base")
        if base not in colonnes or (isinstance(source, str) and source not in colonnes):
            continue
        bases = colonnes[base]
        valeurs = colonnes[source] if isinstance(source, str) else bases
        colonnes[nom] = [_cellule(genre, source, v, b) for v, b in zip(valeurs, bases, strict=True)]


def _cellule(genre: str, source: Any, v: float, b: float) -> float:
    match genre:
        case "multiple":
            return b * float(source)
        case "part":
            return v * b / 100.0
        case "complement":
            return (100.0 - v) * b / 100.0
        case "produit":
            return v * b
        case "difference":
            return v - b
        case "moyenne":
            return (v + b) / 2.0
    return v * 100.0 / b if b > 0 else math.nan


def indicateurs(colonnes: Listes, groupes: list[int], nombre: int) -> list[Liste]:
    """Each indicator of each EPCI, one commune after the other."""
    membres: dict[int, list[int]] = defaultdict(list)
    for commune, groupe in enumerate(groupes):
        membres[groupe].append(commune)
    deriver(colonnes)
    poids = colonnes["population_2023"]
    resultat = []
    for regle in regles_du_catalogue(AA):
        haut, bas = _colonne(regle.haut, colonnes), _colonne(regle.bas, colonnes) if regle.bas else None
        ligne = []
        for groupe in range(nombre):
            hauts = bases = pesees = total = 0.0
            connues = 0
            for c in membres[groupe]:
                p = poids[c]
                total += p
                if math.isnan(haut[c]) or (bas is not None and math.isnan(bas[c])):
                    continue
                connues += 1
                hauts += haut[c]
                bases += bas[c] if bas is not None else 0.0
                pesees += p
            couverture = pesees / total if total else connues / max(len(membres[groupe]), 1)
            ligne.append(_valeur(regle, hauts, bases, couverture if connues else 0.0))
        resultat.append(ligne)
    return resultat


def _une_cellule(colonnes: Listes, i: int, nom: str) -> Colonne:
    return np.array(colonnes[nom][i])


def _colonne(nom: str, colonnes: Listes) -> Liste:
    """A column, or an expression worked out cell by cell."""
    if nom in colonnes:
        return colonnes[nom]
    n = len(colonnes["population_2023"])
    cellules = []
    for i in range(n):
        lue = evaluer(nom, partial(_une_cellule, colonnes, i))
        cellules.append(float(lue))
    colonnes[nom] = cellules
    return cellules


def _valeur(regle: Regle, haut: float, bas: float, couverture: float) -> float:
    if couverture < calcul.COUVERTURE_MINIMALE:
        return math.nan
    if isinstance(regle.calcul, Croissance):
        return ((haut / bas) ** (1 / regle.calcul.annees) - 1) * 100 if bas > 0 else math.nan
    if regle.bas is None:
        return haut * regle.calcul.facteur
    return haut / bas * regle.calcul.facteur if bas else math.nan


def bases(lu: National, nombre: int) -> list[list[float]]:
    """The four bases of each EPCI with the one-by-one calculation of the product, on rows."""
    o, d, actifs = (x.tolist() for x in lu.flux)
    groupes = lu.groupes.tolist()
    internes, partis, venus = [0.0] * nombre, [0.0] * nombre, [0.0] * nombre
    for i in range(len(o)):
        depart, arrivee = groupes[o[i]], groupes[d[i]]
        if depart == arrivee:
            internes[depart] += actifs[i]
        else:
            partis[depart] += actifs[i]
            venus[arrivee] += actifs[i]
    noms = [n for n in lu.communes if not n.endswith(SECRET)]
    utiles = [n for n in (*COLONNES_COMMUNES, *COLONNES_OFFICIELLES) if n in noms]
    colonnes = {n: lu.communes[n].tolist() for n in utiles}
    lignes: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for commune, groupe in enumerate(groupes):
        ligne = {n: None if math.isnan(v[commune]) else v[commune] for n, v in colonnes.items()}
        lignes[groupe].append(ligne | {"code_insee": str(commune), "epci_siren": str(groupe)})
    publiees = {n: v.tolist() for n, v in lu.epci.items()}
    resultat = []
    for groupe in range(nombre):
        rangee = {n: None if math.isnan(v[groupe]) else v[groupe] for n, v in publiees.items()}
        rangee |= {"libelle": str(groupe), "n_communes": len(lignes[groupe])}
        restent, partent, viennent = (Decimal(repr(x[groupe])) for x in (internes, partis, venus))
        vus = Navettes(restent, partent, viennent, source="", millesime="", couverture=Decimal(1))
        estime = estimer(preparer(lignes[groupe], {str(groupe): rangee}, navettes=vus))
        montants = [estime.base(code).montant for code in LIBELLES_BASES]
        resultat.append([math.nan if m is None else float(m.central) for m in montants])
    return resultat


def mesurer(dossier: Path) -> dict[str, float]:
    lu = lire(dossier)
    nombre = len(next(iter(lu.epci.values())))
    mesures, masse = calculer(lu)
    listes = {n: v.tolist() for n, v in lu.communes.items() if not n.endswith(SECRET)}
    groupes = lu.groupes.tolist()
    debut = time.perf_counter()
    lents = indicateurs(listes, groupes, nombre)
    milieu = time.perf_counter()
    lentes = bases(lu, nombre)
    fin = time.perf_counter()
    regles = regles_du_catalogue(AA)
    # a rule that refuses a partial sum also looks at secrecy: the loop does not, and is not compared there
    comparables = [i for i, r in enumerate(regles) if not r.refus]
    ecart = _ecart(mesures.valeurs[comparables], np.array(lents)[comparables])
    rapides = np.array([masse.base(code)[flux.CENTRAL] for code in LIBELLES_BASES])
    return {
        "indicateurs": milieu - debut,
        "bases": fin - milieu,
        "ecart": ecart,
        "ecart_euros": float(np.nanmax(np.abs(rapides - np.array(lentes).T))),
        "bases_comparees": float(np.isfinite(rapides).sum()),
        "bases_differentes": float((np.isfinite(rapides) != np.isfinite(np.array(lentes).T)).sum()),
    }


def _ecart(a: np.ndarray[Any, Any], b: np.ndarray[Any, Any]) -> float:
    """Widest relative gap; infinite when a value is known on one side only."""
    if (np.isnan(a) != np.isnan(b)).any():
        return math.inf
    return float(np.nanmax(np.abs(a - b) / np.maximum(np.abs(b), 1.0)))


if __name__ == "__main__":
    print(json.dumps(mesurer(Path(sys.argv[1]))))
