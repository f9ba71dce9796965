"""`arpent fichiers ranger`: takes away the files that a killed process left in the store."""

from __future__ import annotations

import argparse
from datetime import timedelta
from typing import Any

from ..commande import Refus
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    fichiers = sous.add_parser("fichiers", help="dépôt des fichiers de l’instance")
    actions = fichiers.add_subparsers(dest="action", metavar="ACTION", required=True)
    ranger = actions.add_parser(
        "ranger", help="efface les fichiers qu’un arrêt brutal a laissés sans ligne dans la base"
    )
    ranger.add_argument("--heures", type=int, default=24, metavar="N", help="plus vieux que N heures (24)")
    ranger.add_argument("--essai", action="store_true", help="dit lesquels sans les effacer")
    ranger.add_argument("--json", action="store_true", help="sortie JSON")
    ranger.set_defaults(agir=ranger_les_fichiers)


def ranger_les_fichiers(options: argparse.Namespace) -> int:
    from arpent.plateforme.socle.depot import ranger

    try:
        trouves = ranger(timedelta(hours=options.heures), effacer=not options.essai)
    except ValueError as erreur:
        raise Refus(f"{erreur} Donnez --heures 1 ou plus.") from None
    if options.json:
        en_json({"fichiers": [str(f) for f in trouves], "effaces": not options.essai})
        return 0
    for fichier in trouves:
        ligne(str(fichier))
    s = "s" if len(trouves) > 1 else ""
    ligne(f"{len(trouves)} fichier{s} sans ligne{', rien n’est effacé' if options.essai else f' effacé{s}'}.")
    return 0
