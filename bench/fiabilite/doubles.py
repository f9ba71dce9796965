"""`python -m bench.fiabilite doubles`: the same form sent twice and ten times, one effect, one answer.

Several processes at once, each with threads that share a session as the tabs of one browser do. Each form of
`formulaires` is prepared, then sent at the same moment or up to 50 ms apart; one case in ten is sent ten
times, the others twice. Broken: more or less than one effect, two different answers, or an answer that is
neither the expected redirection nor the report.
"""

from __future__ import annotations

import argparse
import collections
import json
import os
import random
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from .outils import arret, base_neuve, dire, lancer, lire

if TYPE_CHECKING:
    from tests.plateforme.concurrence.formulaires import Cas

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")
OUVRIER = "bench.fiabilite.doubles"
ECART_MAX = 0.05
BEAUCOUP = 10


def _envoyer(cas: Cas, seance: str, attente: float) -> tuple[int, str, bytes, float]:
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.cookies["arpent"] = seance
    time.sleep(attente)
    debut = time.perf_counter()
    reponse = client.post(cas.adresse, cas.donnees)
    duree = time.perf_counter() - debut
    return reponse.status_code, reponse.headers.get("Location", ""), reponse.content, duree


def eprouver(rang: int, nombre: int, secondes: float) -> dict[str, Any]:
    """`nombre` cases at most by this process, the forms in turn."""
    from tests.plateforme.concurrence.formulaires import FORMULAIRES, decor
    from tests.plateforme.concurrence.ouvrier import ouvrir_une_seance

    lieu = decor(f"double-{rang}")
    seance = ouvrir_une_seance(lieu.agent.pk)
    alea, commence = random.Random(rang), time.monotonic()
    comptes: collections.Counter[str] = collections.Counter()
    fautes: list[str] = []
    durees: list[float] = []
    with ThreadPoolExecutor(BEAUCOUP) as fils:
        for n in range(nombre):
            if secondes and time.monotonic() - commence > secondes:
                break
            nom, preparer = FORMULAIRES[n % len(FORMULAIRES)]
            cas = preparer(lieu, n)
            fois = BEAUCOUP if n // len(FORMULAIRES) % 10 == 9 else 2
            attentes = [alea.uniform(0, ECART_MAX) for _ in range(fois)]
            recues = list(fils.map(_envoyer, [cas] * fois, [seance] * fois, attentes))
            durees += [r[3] for r in recues]
            reponses = {r[:3] for r in recues}
            if cas.effets() != 1 or len(reponses) != 1 or recues[0][0] not in {200, 302}:
                fautes.append(f"{nom} {n} : {cas.effets()} effets, {[r[:2] for r in recues]}")
            comptes[nom] += 1
            comptes["envois"] += fois
            comptes["cas envoyés dix fois"] += fois == BEAUCOUP
    return {"comptes": comptes, "fautes": fautes, "durees": durees}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite doubles", description=__doc__)
    parser.add_argument("--cas", type=int, default=700, help="en tout (10 000 pour la cible)")
    parser.add_argument("--processus", type=int, default=4)
    parser.add_argument("--secondes", type=float, default=0, help="durée au plus (0 : sans)")
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        lire(lancer(environnement, "BASE", module=OUVRIER))
        part = str(-(-options.cas // options.processus))
        ouvriers = [
            lancer(environnement, "OUVRIER", str(rang), part, str(options.secondes), module=OUVRIER)
            for rang in range(options.processus)
        ]
        rendus = [lire(ouvrier) for ouvrier in ouvriers]
    comptes: collections.Counter[str] = collections.Counter()
    for rendu in rendus:
        comptes.update(rendu["comptes"])
    fautes = [f for rendu in rendus for f in rendu["fautes"]]
    durees = sorted(d for rendu in rendus for d in rendu["durees"])
    p99 = round(durees[int(len(durees) * 0.99)] * 1000)
    formes = sum(n for nom, n in comptes.items() if not nom.startswith(("envois", "cas ")))
    dire("doubles", {"cas": formes, "fautes": len(fautes), "p99_ms": p99, "comptes": comptes})
    if fautes:
        raise arret("\n".join(fautes[:20]))
    return 0


if __name__ == "__main__":
    import django

    django.setup()
    if sys.argv[1] == "BASE":
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        print("{}")
    else:
        print(json.dumps(eprouver(int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4]))))
