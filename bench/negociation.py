"""`python -m bench.negociation`: the optimiser at growing sizes, and the comparison of two large scenarios.

The problems are invented (seeded): costs log-normal, aids of 20 to 50 %, three years, six themes, ten
territories, each with its envelope, payments over four years. Prints one JSON line per measure; 1 when a
target is missed. `python -m bench.negociation comparer-base` compares two scenarios read from a database.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise
from typing import Any

from arpent.metier.plan_financement import LigneMaquette, Maquette
from arpent.metier.scenarios import comparer
from arpent.metier.scenarios.optimisation import (
    Candidat,
    Objectif,
    Paiements,
    Plafond,
    Portee,
    Probleme,
    manques,
    optimiser,
    pas_a_pas,
)
from arpent.metier.scenarios.optimisation.mesures import valeur

from .comparaison import comparer_en_base

GRAINE = 2026
ANNEES = (2026, 2027, 2028)
THEMES = ("voirie", "cadre de vie", "habitat", "eau", "services", "économie")
TERRITOIRES = tuple(f"t{i}" for i in range(10))
CENT = Decimal("0.01")
CIBLES = {1_000: (5.0, 1e-3), 10_000: (60.0, 1e-3), 50_000: (60.0, 2e-4)}
"""Size → (seconds, gap)."""
PART_DU_SOLVEUR = 0.9
"""Of those seconds: the rest is posing the problem, rounding and repair."""
COMPARAISON_MAX_S = 2.0


def probleme(n: int, objectif: Objectif) -> Probleme:
    hasard = random.Random(GRAINE)
    candidats = []
    for i in range(n):
        cout = Decimal(str(round(hasard.lognormvariate(11, 1.2), 2)))
        aide = (cout * hasard.choice([20, 30, 40, 50]) / 100).quantize(CENT)
        candidats.append(
            Candidat(
                str(i), f"Projet {i}", cout, aide, ANNEES, rang=i + 1, maitre_ouvrage=f"m{i % (n // 5)}",
                theme=hasard.choice(THEMES), territoire=hasard.choice(TERRITOIRES),
            )
        )  # fmt: skip
    return Probleme(tuple(candidats), tuple(_contraintes(candidats)), (objectif,))


def _contraintes(candidats: list[Candidat]) -> Iterator[Plafond | Paiements]:
    def part(de: str, **portee: frozenset[Any]) -> tuple[Decimal, Portee]:
        ou = Portee(**portee)
        total = sum((c.aide_max for c in candidats if ou.prend(c)), Decimal(0))
        return (total * Decimal(de)).quantize(CENT), ou

    for annee in ANNEES:
        yield Plafond(f"ap{annee}", f"Engagements {annee}", *part("0.15", annees=frozenset({annee})))
    for theme in THEMES:
        yield Plafond(theme, theme, *part("0.50", themes=frozenset({theme})))
    for lieu in TERRITOIRES:
        yield Plafond(lieu, lieu, *part("0.42", territoires=frozenset({lieu})))
    montant, _ = part("0.16")
    parts = (Decimal("0.3"), Decimal("0.5"), Decimal("0.2"))
    for annee in (*ANNEES, ANNEES[-1] + 1):
        yield Paiements(f"cp{annee}", f"Paiements {annee}", annee, montant, parts)


def mesurer(n: int, objectif: Objectif) -> dict[str, Any]:
    pose = probleme(n, objectif)
    limite, cible = CIBLES.get(n, (60.0, 1e-3))
    debut = time.perf_counter()
    s = optimiser(pose, limite_s=limite * PART_DU_SOLVEUR)
    duree = time.perf_counter() - debut
    debut = time.perf_counter()
    g = pas_a_pas(pose)
    duree_g = time.perf_counter() - debut
    if manques(pose, s.choix) or (g is not None and manques(pose, g.choix)):
        raise SystemExit(f"Une proposition de {n} projets passe une contrainte.")
    atteint = valeur(objectif, pose, s.choix)
    return {
        "projets": n,
        "objectif": objectif.value,
        "retenus": len(s.choix),
        "sur_la_borne": round(s.etapes[0].valeur / s.etapes[0].borne, 7),
        "ecart": float(f"{s.ecart:.3g}"),
        "duree_s": round(duree, 2),
        "liste_descendante": round(float(valeur(objectif, pose, g.choix) / atteint), 4) if g else None,
        "liste_descendante_s": round(duree_g, 2),
        "tenu": s.ecart <= cible and duree <= limite,
    }


def comparaison(n: int = 10_000) -> dict[str, Any]:
    """Two maquettes of n lines, a third of which differ."""

    def maquette(plus: int) -> Maquette:
        return Maquette(
            tuple(
                LigneMaquette(
                    str(i), i, f"Projet {i}", "Mairie", "voirie", "", "structurant", 2026,
                    Decimal(100_000), Decimal(100_000), Decimal(30_000),
                    Decimal(20_000 + (plus if i % 3 == 0 else 0)), {},
                )
                for i in range(n)
            ),
            Decimal(10**9),
        )  # fmt: skip

    avant, apres = maquette(0), maquette(500)
    debut = time.perf_counter()
    ecarts = comparer(avant, apres)
    duree = time.perf_counter() - debut
    return {
        "lignes": n, "changees": len(ecarts.modifiees), "duree_s": round(duree, 3),
        "tenu": duree <= COMPARAISON_MAX_S,
    }  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.negociation", description=__doc__)
    parser.add_argument("quoi", nargs="?", choices=["optimiser", "comparer-base"], default="optimiser")
    parser.add_argument("--tailles", default="1000,10000,50000")
    parser.add_argument("--lignes", type=int, default=10_000)
    options = parser.parse_args()
    if options.quoi == "comparer-base":
        en_base = comparer_en_base(options.lignes)
        print(json.dumps(en_base, ensure_ascii=False))
        return 0 if en_base["tenu"] else 1
    tenus = []
    durees: dict[int, float] = {}
    for n in sorted(int(t) for t in options.tailles.split(",")):
        for objectif in (Objectif.TRAVAUX, Objectif.CLASSEMENT):
            mesure = mesurer(n, objectif)
            durees[n] = durees.get(n, 0.0) + mesure["duree_s"]
            tenus.append(mesure["tenu"])
            print(json.dumps(mesure, ensure_ascii=False), flush=True)
    tailles = sorted(durees)
    for petite, grande in pairwise(tailles):
        croissance = (durees[grande] / durees[petite]) / (grande / petite)
        print(json.dumps({"de": petite, "a": grande, "temps_par_projet": round(croissance, 2)}), flush=True)
    mesure = comparaison()
    tenus.append(mesure["tenu"])
    print(json.dumps(mesure, ensure_ascii=False))
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    raise SystemExit(main())
