"""`python -m bench.interface`: the lists of the API beside the floor, and 100,000 lines of SCDL.

python -m bench.interface               both
python -m bench.interface scdl          the file and its validation alone
python -m bench.interface jeton         prints a key (a child process of the first)
"""

from __future__ import annotations

import http.client
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from . import serveur
from .client import Client, centile
from .instance import BancEnPanne, instance
from .mesures import semer
from .pages import COURRIEL, RATIO_LISTE, TAILLE_DE_REFERENCE

LIGNES = 100_000
SECONDES_SCDL = 30.0
TOURS = 200
LISTES = ("fiches", "demarches", "organisations")


def jeton() -> str:
    """The key of the person of the bench."""
    import django

    django.setup()
    from datetime import date, timedelta

    from arpent.plateforme.acteurs.models import Agent
    from arpent.plateforme.echanges.api import jetons

    agent = Agent.objects.get(courriel=COURRIEL)
    fin = date.today() + timedelta(days=1)
    return jetons.creer(agent, "Banc", portees=("lecture",), fin=fin)[1]


def _lire(connexion: http.client.HTTPConnection, chemin: str, cle: str) -> float:
    depart = time.perf_counter()
    connexion.request("GET", chemin, headers={"Authorization": f"Bearer {cle}"})
    recue = connexion.getresponse()
    recue.read()
    if recue.status != 200:
        raise BancEnPanne(f"{chemin} a répondu {recue.status}")
    return (time.perf_counter() - depart) * 1000


def listes(taille: int = TAILLE_DE_REFERENCE) -> bool:
    """In turn with the floor, so that a noisy moment hits both. Whether every p95 is within the target."""
    with instance() as banc:
        seances = semer(banc, taille)
        cle = banc.run("bench.interface", "jeton").strip().splitlines()[-1]
        with serveur.arpent(banc) as nous, serveur.plancher(banc) as floor:
            ours = http.client.HTTPConnection("127.0.0.1", nous.port, timeout=60)
            plancher = Client(floor.port, dict(seances.plancher))
            temps: dict[str, list[float]] = {code: [] for code in ("plancher", *LISTES)}
            for tour in range(TOURS + 5):
                for code in temps:
                    duree = (
                        plancher.page("/").secondes * 1000
                        if code == "plancher"
                        else _lire(ours, f"/api/v1/{code}", cle)
                    )
                    if tour >= 5:
                        temps[code].append(duree)
    sol, tenu = centile(temps["plancher"], 0.95), True
    for code, durees in temps.items():
        p95 = centile(durees, 0.95)
        tenu = tenu and p95 <= RATIO_LISTE * sol
        print(f"{code:<15} p50 {median(durees):7.1f} ms   p95 {p95:7.1f} ms   {p95 / sol:5.2f} × le plancher")
    return tenu


def scdl(lignes: int = LIGNES) -> bool:
    """Awards in memory → the file → the referee. Whether both are within the target."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings")
    django.setup()
    import frictionless

    from arpent.plateforme.echanges.donnees_ouvertes.jeux import SCHEMAS
    from arpent.plateforme.echanges.donnees_ouvertes.scdl import SUBVENTIONS, en_csv, subventions

    from .semis_scdl import attributions

    donnees, siret = attributions(lignes)
    depart = time.perf_counter()
    ecrites, ecartees = subventions(donnees, siret)
    contenu = en_csv(SUBVENTIONS, ecrites)
    export = time.perf_counter() - depart
    with tempfile.TemporaryDirectory() as dossier:
        (Path(dossier) / "subventions.csv").write_bytes(contenu)
        officiel = json.loads((SCHEMAS / "subventions-2.1.1.json").read_text(encoding="utf-8"))
        schema = frictionless.Schema.from_descriptor(officiel)
        depart = time.perf_counter()
        rapport = frictionless.Resource(
            path="subventions.csv", basepath=dossier, schema=schema, encoding="utf-8"
        ).validate(limit_rows=lignes)
        validation = time.perf_counter() - depart
    print(
        f"SCDL : {len(ecrites)} lignes, {len(ecartees)} écartées, {len(contenu) / 1e6:.1f} Mo ; export "
        f"{export:.1f} s, validation {validation:.1f} s ({time.process_time():.1f} s de processeur en tout), "
        f"valide : {rapport.valid}"
    )
    return rapport.valid and export + validation <= SECONDES_SCDL


def main(arguments: list[str]) -> int:
    """1 when a target is missed."""
    if arguments == ["jeton"]:
        print(jeton())
        return 0
    tenus = [scdl()] if arguments == ["scdl"] else [listes(), scdl()]
    return 0 if all(tenus) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
