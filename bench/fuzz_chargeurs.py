"""Ten thousand spoiled official files, by hand: python -m bench.fuzz_chargeurs [NOMBRE] [GRAINE]

Each batch runs in a child under the worker's own limits (memory, processor, no core); one file in fifty goes
through `charger` as well, with its own process. Prints how many were read, refused, slow, and any crash with
the file that caused it, kept beside for study. Exit code 1 when there is a crash.
"""

import collections
import json
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

from tests.plateforme.observatoire.chargeurs.aide import FICHIERS
from tests.plateforme.observatoire.chargeurs.mutations import mutants

from arpent.plateforme.observatoire.chargeurs.base import FichierRefuse, Rapport
from arpent.plateforme.observatoire.chargeurs.charger import charger
from arpent.plateforme.observatoire.chargeurs.ouvrier import limiter
from arpent.plateforme.observatoire.chargeurs.registre import lire, reconnaitre_tout
from arpent.plateforme.observatoire.chargeurs.source import Source

LOT = 500
LENT = 10.0


def lot(nombre: int, graine: int, dossier: Path) -> dict[str, int]:
    """One batch, in this process: what became of each file."""
    comptes: collections.Counter[str] = collections.Counter()
    officiels = sorted(f for f in FICHIERS.iterdir() if f.suffix != ".md")
    for rang, (nom, octets) in enumerate(mutants(officiels, nombre, graine)):
        chemin = dossier / nom
        chemin.write_bytes(octets)
        debut = time.monotonic()
        try:
            source = Source(chemin)
            for chargeur, quoi in reconnaitre_tout(source):
                lire(chargeur, source, quoi, Rapport(), lambda *_: None)
            if rang % 50 == 0:
                charger(chemin, dossier / "donnees")
            comptes["lus"] += 1
        except FichierRefuse:
            comptes["refusés"] += 1
        except Exception as erreur:  # what the bench is after
            comptes["plantages"] += 1
            (dossier / f"plantage-{graine}-{rang}-{nom}").write_bytes(octets)
            traceback.print_exception(erreur)
        comptes["lents"] += time.monotonic() - debut > LENT
    return dict(comptes)


def principal(nombre: int, graine: int) -> int:
    total: collections.Counter[str] = collections.Counter()
    dossier = Path(tempfile.mkdtemp(prefix="fuzz-"))
    for debut in range(0, nombre, LOT):
        taille = min(LOT, nombre - debut)
        commande = [
            sys.executable,
            "-m",
            __spec__.name,
            "--lot",
            str(taille),
            str(graine + debut),
            str(dossier),
        ]
        enfant = subprocess.run(commande, stdout=subprocess.PIPE, text=True, check=False)
        if enfant.returncode:
            total["enfants morts"] += 1
        else:
            total.update(json.loads(enfant.stdout.splitlines()[-1]))
        print(f"\r{debut + taille} fichiers : {dict(total)}", end="", file=sys.stderr, flush=True)
    print(f"\n{nombre} fichiers, graine {graine} : {dict(total)}. Plantages gardés dans {dossier}")
    return 1 if total["plantages"] or total["enfants morts"] else 0


if __name__ == "__main__":
    if "--lot" in sys.argv:
        limiter()
        print(json.dumps(lot(int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))))
        raise SystemExit(0)
    valeurs = [int(a) for a in sys.argv[1:]] + [10_000, 2026][len(sys.argv[1:]) :]
    raise SystemExit(principal(*valeurs))
