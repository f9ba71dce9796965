"""The workshop: checks or fills one Word template that somebody sent, then dies. Started by ``isole.py``.

stdin: one line of JSON (what to do), then the template. stdout: the document made, if any.
exit 3: a refusal in French on stderr.
"""

from __future__ import annotations

import json
import resource
import sys
from datetime import date
from typing import Any

SECONDES_DE_CALCUL = 40
OCTETS_DE_MEMOIRE = 1024**3
REFUS = 3


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    from arpent.plateforme.documents.gabarits_word import controle, paquet

    commande = json.loads(sys.stdin.buffer.readline())
    modele = sys.stdin.buffer.read()
    pieces = [_piece(p) for p in commande["pieces"]]
    try:
        if commande["quoi"] == "controler":
            controle.controler(modele, pieces, commande["obligatoires"])
        else:
            sys.stdout.buffer.write(controle.rendre(modele, pieces[0])[0])
    except paquet.GabaritRefuse as refus:
        sys.stderr.write(str(refus))
        return REFUS
    return 0


def _piece(lue: dict[str, Any]) -> Any:
    from arpent.plateforme.documents.donnees_charte import CharteDoc
    from arpent.plateforme.documents.rendu.composition import Piece
    from arpent.plateforme.documents.serie import depuis_json

    charte = depuis_json(CharteDoc, json.dumps(lue["charte"])) if lue["charte"] else None
    return Piece(lue["vue"], lue["titre"], lue["auteur"], date.fromisoformat(lue["etabli_le"]), charte)


if __name__ == "__main__":
    sys.exit(main())
