"""`python -m bench.fiabilite plafonds`: 64 commitments at once on an envelope that has room for ten.

Each repetition is a new envelope; the participants are processes that wait for each other at a barrier.
Exactly ten are accepted, the sum stays under the ceiling, the journal stays whole.
"""

from __future__ import annotations

import argparse

from .outils import arret, base_neuve, dire, lancer, lire

MODULE = "tests.plateforme.concurrence.plafonds"
PLACES = 10


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite plafonds", description=__doc__)
    parser.add_argument("--participants", type=int, default=64)
    parser.add_argument("--repetitions", type=int, default=50, help="enveloppes (1 000 pour la cible)")
    options = parser.parse_args(arguments)
    with base_neuve() as environnement:
        demande = ("COURIR", str(options.participants), str(options.repetitions))
        mesure = lire(lancer(environnement, *demande, module=MODULE))
    dire("plafonds", mesure)
    attendu = ([min(PLACES, options.participants)], 0, True)
    vu = (mesure["engagements_par_enveloppe"], mesure["plafonds_passes"], mesure["journal"])
    if vu != attendu:
        raise arret(f"Le plafond n’a pas tenu : {vu} au lieu de {attendu}.")
    return 0
