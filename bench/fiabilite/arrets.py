"""`python -m bench.fiabilite arrets`: a process killed at random at its work.

It signs, issues, makes the round (mails, events), awards and pays, answers forms. Broken: something
acknowledged is lost, a circuit says another thing than its file, a version lacks a file, a mail or an event
does not arrive or arrives twice more often than there were kills, the ledger counts a payment twice, a form
sent again does not have one effect, the journal or the database does not hold. Files that no row names are
counted, then tidied away.
"""

from __future__ import annotations

import argparse

from .outils import arret, base_neuve, dire, lancer, lire

MODULE = "tests.plateforme.concurrence.arrets"


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.fiabilite arrets", description=__doc__)
    parser.add_argument("--genres", default="signer,generer,tourner,payer,envoyer")
    parser.add_argument("--arrets", type=int, default=50, help="par genre (1 000 pour la cible)")
    options = parser.parse_args(arguments)
    for genre in options.genres.split(","):
        with base_neuve() as environnement:
            mesure = lire(lancer(environnement, "COURIR", genre, str(options.arrets), module=MODULE))
        dire("arrets", mesure)
        restes = mesure["fichiers_manquants"] + mesure["fichiers_sans_ligne_une_fois_range"]
        if mesure["fautes"] or restes or not mesure["journal"]:
            raise arret(f"Un arrêt a laissé quelque chose à moitié fait : {mesure['fautes'][:3]}.")
    return 0
