"""The workshop: reads one file that somebody sent, then dies. Started by ``isole.py``, never imported.

A PDF can be made to eat all the memory, and PDFium is native code: neither belongs in a web process.

stdin: one line of JSON (what to do, sizes of the files), then the files one after the other.
stdout: one line of JSON (the report), then the file made, if any. exit 3: a refusal in French on stderr.
"""

from __future__ import annotations

import json
import resource
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

SECONDES_DE_CALCUL = 90
OCTETS_DE_MEMOIRE = 2 * 1024**3
REFUS = 3


def _rendre(rapport: Any, fichier: bytes = b"") -> int:
    sys.stdout.buffer.write(json.dumps(rapport, ensure_ascii=False).encode() + b"\n" + fichier)
    return 0


def main() -> int:
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDES_DE_CALCUL, SECONDES_DE_CALCUL))
    resource.setrlimit(resource.RLIMIT_AS, (OCTETS_DE_MEMOIRE, OCTETS_DE_MEMOIRE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    commande = json.loads(sys.stdin.buffer.readline())
    fichiers = [sys.stdin.buffer.read(taille) for taille in commande["tailles"]]
    if commande["quoi"] == "verifier":
        from arpent.plateforme.documents.signature.verification import verifier_pdf

        dossier = Path(commande["dossier"]) if commande["dossier"] else None
        return _rendre(asdict(verifier_pdf(fichiers[0], dossier, connu=commande["connu"])))
    from arpent.plateforme.documents.signature import papier

    try:
        if commande["quoi"] == "marquer":
            marque = papier.Marque(*commande["marque"])
            return _rendre({}, papier.marquer(fichiers[0], marque, commande["mention"]))
        original, *pile = fichiers
        pages, nommes = papier.compter_pages(original), zip(commande["noms"], pile, strict=True)
        return _rendre(*_pile(papier.reconnaitre(nommes, papier.Marque(*commande["marque"]), pages)))
    except papier.PileRefusee as refus:
        sys.stderr.write(str(refus))
        return REFUS


def _pile(lue: tuple[Any, bytes]) -> tuple[dict[str, Any], bytes]:
    return asdict(lue[0]), lue[1]


if __name__ == "__main__":
    sys.exit(main())
