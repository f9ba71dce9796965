"""`arpent verifier`: one page that says whether what is stored holds together."""

from __future__ import annotations

import argparse
from typing import Any

from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    verifier = sous.add_parser(
        "verifier", help="contrôle la base, le journal, les fichiers et les totaux ; n’écrit rien"
    )
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_l_instance)


def verifier_l_instance(options: argparse.Namespace) -> int:
    """1 when something does not hold."""
    from ..verification import verifier

    comptes = verifier()
    sain = not any(c.total for c in comptes)
    if options.json:
        en_json(
            {
                "sain": sain,
                "controles": [
                    {
                        "code": c.code,
                        "lus": c.nombre,
                        "anomalies": c.total,
                        "exemples": list(c.anomalies),
                        "duree_s": round(c.duree, 2),
                    }
                    for c in comptes
                ],
            }
        )
        return 0 if sain else 1
    for c in comptes:
        verdict = f"{c.total} anomalie{'s' if c.total > 1 else ''}" if c.total else "rien à signaler"
        ligne(f"{c.libelle:<42} {c.nombre:>9} {c.lus:<18} {verdict}")
        for anomalie in c.anomalies:
            ligne(f"  – {anomalie}")
        if c.total > len(c.anomalies):
            ligne(f"  – et {c.total - len(c.anomalies)} autres.")
    ligne("Tout se tient." if sain else "Des anomalies sont à traiter : voir docs/exploitation.md.")
    return 0 if sain else 1
