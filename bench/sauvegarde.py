"""`python -m bench.sauvegarde`: how long a whole instance takes to be saved, and to be restored elsewhere.

On SQLite, or on the databases that DATABASE_URL allows to create. `--fichiers N`: attachments of 200 kB.
Code 1 when the restoration takes more than fifteen minutes, or when a table differs.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from typing import Any

from .instance import RACINE, BancEnPanne, Instance, _administer, _with_name, instance

RTO = 15 * 60
AILLEURS = "arpent_bench_ailleurs"
EFFACER = f'DROP DATABASE IF EXISTS "{AILLEURS}" WITH (FORCE)'
_POIDS = 200_000


def _arpent(environ: dict[str, str], *arguments: str) -> tuple[float, float, dict[str, Any], float]:
    """Seconds, peak memory in MB, what the command said, processor seconds."""
    debut = time.monotonic()
    enfant = subprocess.Popen(
        [sys.executable, "-m", "arpent", *arguments, "--json"],
        cwd=RACINE, env=environ, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert enfant.stdout is not None
    dit = enfant.stdout.read()
    _, code, usage = os.wait4(enfant.pid, 0)
    if code:
        raise BancEnPanne(f"arpent {' '.join(arguments)} : code {code}")
    calcul = usage.ru_utime + usage.ru_stime
    return time.monotonic() - debut, usage.ru_maxrss / 1024, json.loads(dit), calcul


def _joindre(banc: Instance, nombre: int) -> None:
    """So many attachments: a row and a file each, written by the code of the application."""
    code = (
        "import django, os; django.setup()\n"
        "from django.core.files.base import ContentFile\n"
        "from arpent.plateforme.documents.models import DocumentEmis\n"
        "import hashlib\n"
        f"for n in range({nombre}):\n"
        f"    c = os.urandom({_POIDS})\n"
        "    d = DocumentEmis(titre='Banc', genre='lettre', format='pdf', objet_type='plans.fiche', "
        "objet_id='1', gabarit='lettre/v1', taille=len(c), sha256=hashlib.sha256(c).hexdigest())\n"
        "    d.fichier.save(f'banc-{n}.pdf', ContentFile(c), save=True)\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=RACINE, env=banc.environ, check=True)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.sauvegarde", description=__doc__)
    parser.add_argument("--taille", type=int, default=100_000, help="fiches (100 000)")
    parser.add_argument("--fichiers", type=int, default=1_000, help="pièces de 200 ko (1 000)")
    options = parser.parse_args()
    with instance() as banc:
        semis = [sys.executable, "-m", "bench.semis", str(options.taille)]
        subprocess.run(semis, cwd=RACINE, env=banc.environ, check=True, stdout=subprocess.DEVNULL)
        _joindre(banc, options.fichiers)
        archive, ailleurs = banc.dossier.parent / f"{banc.dossier.name}.zip", banc.dossier / "ailleurs"
        cible = banc.environ | {"ARPENT_DONNEES": str(ailleurs)}
        url = os.environ.get("DATABASE_URL", "")
        if banc.moteur == "PostgreSQL":
            _administer(
                url, f'DROP DATABASE IF EXISTS "{AILLEURS}" WITH (FORCE)', f'CREATE DATABASE "{AILLEURS}"'
            )
            cible["DATABASE_URL"] = _with_name(url, AILLEURS)
        try:
            ecrite = _arpent(banc.environ, "sauvegarder", str(archive))
            rendue = _arpent(cible, "restaurer", str(archive))
        finally:
            archive.unlink(missing_ok=True)
            if banc.moteur == "PostgreSQL":
                _administer(url, EFFACER)
    mesure = {
        "moteur": banc.moteur, "fiches": options.taille, "lignes": ecrite[2]["lignes"],
        "fichiers": ecrite[2]["fichiers"], "archive_mo": round(ecrite[2]["octets"] / 1e6, 1),
        "sauvegarde_cpu_s": round(ecrite[3], 1), "restauration_cpu_s": round(rendue[3], 1),
        "sauvegarde_s": round(ecrite[0], 1), "sauvegarde_memoire_mo": round(ecrite[1]),
        "restauration_s": round(rendue[0], 1), "restauration_memoire_mo": round(rendue[1]),
    }  # fmt: skip
    print(json.dumps(mesure, ensure_ascii=False))
    return 1 if rendue[0] > RTO or rendue[2]["lignes"] != ecrite[2]["lignes"] else 0


if __name__ == "__main__":
    raise SystemExit(main())
