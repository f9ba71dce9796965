"""`python -m bench.fiabilite signatures`: a signed contract changed in every way, one place signed at once.

Three certificates sign a PDF. Then bits are flipped anywhere in the file (half of them in the signatures
themselves), bytes removed, inserted, replaced, a piece moved, an update added, the last revision cut, the
signature of another document put in place of its own. Broken: one changed file said intact, unless it is an
older revision, whole, whose fingerprint is not that of the document. Then 16 processes sign the same place.
"""

from __future__ import annotations

import argparse
import collections
import os
import random
import re
import sys
import time
from typing import Any

from .outils import arret, base_neuve, dire, lancer, lire

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")
COURSE = "tests.plateforme.concurrence.signatures"


def signer(nombre: int = 3, texte: str = "Contrat d’essai") -> bytes:
    """A PDF signed `nombre` times."""
    from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, petit_pdf, pkcs12

    from arpent.plateforme.documents.signature import certificats, pades

    champs = [pades.nom_de_champ(n) for n in range(1, nombre + 1)]
    pdf = pades.preparer(petit_pdf(texte), champs)
    for rang, champ in enumerate(champs):
        certificat = certificats.lire_pkcs12(pkcs12(f"Signataire {rang}"), MOT_DE_PASSE)
        pdf = pades.signer(pdf, champ, certificat, pades.Mention(f"M. {rang}"), certifier=rang == 0)
    return pdf


def muter(pdf: bytes, autre: bytes, alea: random.Random) -> tuple[str, bytes]:
    """What was done, and the changed file."""
    places = [m.span(1) for m in re.finditer(rb"/Contents ?<([0-9A-Fa-f]+)>", pdf)]
    ou = alea.randrange(len(pdf))
    taille = alea.randrange(1, 400)
    match alea.choice(("bit", "bit", "cms", "cms", "coupe", "ajout", "remplace", "fin", "tronque", "greffe")):
        case "bit":
            change = bytearray(pdf)
            change[ou] ^= 1 << alea.randrange(8)
            return "bit", bytes(change)
        case "cms":
            debut, fin = alea.choice(places)
            change = bytearray(pdf)
            rang = debut + alea.randrange(min(fin - debut, 5_000))
            change[rang] = alea.choice([c for c in b"0123456789ABCDEFabcdef " if c != change[rang]])
            return "octet d’une signature", bytes(change)
        case "coupe":
            return "octets retirés", pdf[:ou] + pdf[ou + taille :]
        case "ajout":
            return "octets ajoutés", pdf[:ou] + alea.randbytes(taille) + pdf[ou:]
        case "remplace":
            return "octets remplacés", pdf[:ou] + alea.randbytes(min(taille, len(pdf) - ou)) + pdf[
                ou + taille :
            ]
        case "fin":
            return "mise à jour ajoutée", pdf + alea.choice(
                (b"\n", b"%%EOF\n", alea.randbytes(taille), autre)
            )
        case "tronque":
            return "fin retirée", pdf[:-taille]
        case _:
            (debut, fin), ailleurs = places[-1], re.search(rb"/Contents ?<([0-9A-Fa-f]+)>", autre)
            assert ailleurs is not None
            greffe = ailleurs[1][: fin - debut].ljust(fin - debut, b"0")
            return "signature d’un autre document", pdf[:debut] + greffe + pdf[fin:]


def eprouver(mutations: int, graine: int) -> dict[str, Any]:
    from arpent.plateforme.documents.signature.verification import verifier_pdf

    alea, pdf, autre = random.Random(graine), signer(), signer(1, "Un autre contrat")
    assert verifier_pdf(pdf).intact
    comptes: collections.Counter[str] = collections.Counter()
    acceptees, debut = [], time.monotonic()
    for n in range(mutations):
        quoi, change = muter(pdf, autre, alea)
        if change == pdf:
            continue
        comptes[quoi] += 1
        if verifier_pdf(change).intact:
            acceptees.append(f"{n} : {quoi}")
    return {
        "mutations": sum(comptes.values()),
        "par_genre": dict(comptes),
        "acceptees": acceptees,
        "secondes": round(time.monotonic() - debut, 1),
    }


def main(arguments: list[str]) -> int:
    analyseur = argparse.ArgumentParser(prog="bench.fiabilite signatures")
    analyseur.add_argument("--mutations", type=int, default=1_000)
    analyseur.add_argument("--graine", type=int, default=18)
    analyseur.add_argument("--participants", type=int, default=16)
    analyseur.add_argument("--repetitions", type=int, default=5)
    options = analyseur.parse_args(arguments)
    import django

    django.setup()
    mesure = eprouver(options.mutations, options.graine)
    dire("signatures", mesure)
    with base_neuve() as environnement:
        course = lire(
            lancer(
                environnement, "COURIR", str(options.participants), str(options.repetitions), module=COURSE
            )
        )
    dire("signatures, même emplacement", course)
    if mesure["acceptees"]:
        raise arret(f"{len(mesure['acceptees'])} fichiers changés sont dits intacts.")
    if course["signees"] != options.repetitions or course["fichiers_orphelins"]:
        raise arret("Un emplacement a été signé plus d’une fois, ou un fichier est de trop.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
