"""`python -m bench.fiabilite migrations`: eight people edit a fiche while its table is migrated (line 21).

A first run without migration gives the normal p95; in the second one a column is added and taken away again
and again through `config.migrer`. Broken: an edit ends in error, or the p95 is twice the normal one. On
PostgreSQL (DATABASE_URL, an empty database); SQLite has one writer and is measured for the record.
"""

from __future__ import annotations

import argparse
import subprocess
import sys

from .outils import RACINE, arret, base_neuve, dire, lancer, lire

MIGRER = """
import json, sys, time, django
django.setup()
from django.db import connection
from arpent.plateforme.config.migrer import migrer

def ordre(sql):
    def faire():
        with connection.cursor() as curseur:
            curseur.execute(sql)
    return faire

fin, durees, essais = time.monotonic() + float(sys.argv[1]), [], 0
while time.monotonic() < fin:
    for sql in ("ADD COLUMN banc integer", "DROP COLUMN banc"):
        debut = time.monotonic()
        essais += migrer(faire=ordre(f"ALTER TABLE plans_fiche {sql}"), pause=0.2)
        durees.append(time.monotonic() - debut)
        time.sleep(0.2)
print(json.dumps({"migrations": len(durees), "essais": essais, "plus_longue": round(max(durees), 2)}))
"""


def _centile(durees: list[float], part: float) -> float:
    return sorted(durees)[int(len(durees) * part)] * 1000 if durees else 0.0


def _ecrire(environnement: dict[str, str], clients: int, secondes: int) -> list[float]:
    ouvriers = [lancer(environnement, "REDIGER", "100000", str(secondes), "0.05") for _ in range(clients)]
    return [duree for ouvrier in ouvriers for duree in lire(ouvrier)["durees"]]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite migrations", description=__doc__)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--secondes", type=int, default=20)
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        lire(lancer(environnement, "PREPARER"))
        normal = _ecrire(environnement, options.clients, options.secondes)
        reglages = {"DJANGO_SETTINGS_MODULE": "arpent.plateforme.config.settings_tests"}
        migre = subprocess.Popen(
            [sys.executable, "-c", MIGRER, str(options.secondes + 5)],
            cwd=RACINE, env=environnement | reglages, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        pendant = _ecrire(environnement, options.clients, options.secondes)
        fait = lire(migre)
    mesure = {
        "clients": options.clients,
        "ecritures": [len(normal), len(pendant)],
        "p95_ms": [round(_centile(normal, 0.95), 1), round(_centile(pendant, 0.95), 1)],
        "p100_ms": [round(_centile(normal, 0.9999), 1), round(_centile(pendant, 0.9999), 1)],
    }
    dire("migrations", mesure | fait)
    if not pendant or _centile(pendant, 0.95) > 2 * _centile(normal, 0.95):
        raise arret("Les écritures ont attendu plus du double pendant la migration.")
    return 0
