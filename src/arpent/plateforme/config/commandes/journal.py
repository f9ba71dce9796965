"""The journal, checked from the outside."""

import argparse
from typing import Any

from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    journal = sous.add_parser("journal", help="journal chaîné : vérification")
    actions = journal.add_subparsers(dest="action", metavar="ACTION", required=True)
    verifier = actions.add_parser(
        "verifier", help="dit si le journal est intact, ou nomme la première rupture"
    )
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_journal)


def verifier_journal(options: argparse.Namespace) -> int:
    from arpent.plateforme.journal.actions import verifier

    resultat = verifier()
    if options.json:
        en_json(
            {
                "intact": resultat.intacte,
                "entrees": resultat.nombre,
                "rupture": resultat.rupture,
                "raison": resultat.raison,
            }
        )
    elif resultat.intacte:
        s = "s" if resultat.nombre > 1 else ""
        ligne(f"Journal intact : {resultat.nombre} entrée{s} vérifiée{s}.")
    else:
        ligne(f"Journal altéré à l’entrée {resultat.rupture} : {resultat.raison}.")
    return 0 if resultat.intacte else 1
