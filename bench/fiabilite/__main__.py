"""`python -m bench.fiabilite CHAPITRE [options]`: the reliability lines, at full scale.

    essais      wrong passwords, and the time of the answers (line 13)
    ecritures   many writers on one fiche (line 1)
    plafonds    64 commitments at once on an envelope that has room for ten (line 2)
    doubles     the same form sent twice and ten times (line 8)
    fichiers    spoiled and harmful files through the import pages (lines 9 and 10)
    arrets      a process killed while it signs, issues, sends, pays, answers (line 4)
    arbitrages  twenty people on one arbitration table (line 1)
    cellules    ten thousand cells out and back (line 17)
    migrations  eight people edit while their table is migrated (line 21)
    signatures  a signed contract changed in every way, one place signed by sixteen at once (line 18)

Runs on SQLite, or on the empty database that DATABASE_URL names. Code 1 when a line is broken.
"""

from __future__ import annotations

import sys

from . import (
    arbitrages,
    arrets,
    cellules,
    doubles,
    ecritures,
    essais,
    fichiers,
    migrations,
    plafonds,
    signatures,
)

CHAPITRES = {
    "arbitrages": arbitrages.main, "arrets": arrets.main, "cellules": cellules.main,
    "doubles": doubles.main, "essais": essais.main,
    "ecritures": ecritures.main, "fichiers": fichiers.main,
    "migrations": migrations.main, "plafonds": plafonds.main,
    "signatures": signatures.main,
}  # fmt: skip


def main() -> int:
    if len(sys.argv) < 2 or sys.argv[1] not in CHAPITRES:
        print(__doc__)
        return 2
    return CHAPITRES[sys.argv[1]](sys.argv[2:])


if __name__ == "__main__":
    raise SystemExit(main())
