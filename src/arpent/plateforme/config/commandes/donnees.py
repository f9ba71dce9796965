"""`arpent donnees exporter DOSSIER`: the open data as files, and their validation."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from ..commande import Refus
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    donnees = sous.add_parser("donnees", help="données ouvertes")
    actions = donnees.add_subparsers(dest="action", metavar="ACTION", required=True)
    exporter = actions.add_parser(
        "exporter", help="écrit contrats, projets, fichiers SCDL, catalogue et schémas dans un dossier"
    )
    exporter.add_argument("dossier", type=Path)
    exporter.add_argument("--json", action="store_true", help="sortie JSON")
    exporter.set_defaults(agir=exporter_les_donnees)


def exporter_les_donnees(options: argparse.Namespace) -> int:
    """1 when an award that the law asks to publish is late."""
    from arpent.plateforme.echanges.donnees_ouvertes.lecture import lire, sirets
    from arpent.plateforme.echanges.donnees_ouvertes.scdl import subventions
    from arpent.plateforme.echanges.donnees_ouvertes.sortie import exporter

    le = date.today()
    try:
        ecrits = exporter(options.dossier, le)
    except OSError as erreur:
        raise Refus(f"{options.dossier} ne peut pas être écrit ({erreur.strerror}).") from None
    _, ecartees = subventions(lire(le).attributions, sirets())
    retards = [e for e in ecartees if e.est_en_retard(le)]
    if options.json:
        en_json(
            {
                "fichiers": [str(f) for f in ecrits],
                "attributions_a_completer": len(ecartees),
                "en_retard": len(retards),
            }
        )
        return 1 if retards else 0
    for fichier in ecrits:
        ligne(str(fichier))
    for e in ecartees:
        suite = " (délai passé)" if e.est_en_retard(le) else ""
        ligne(f"Non publiée{suite} : {e.attribution.octroi.ligne.titre} ; il manque {', '.join(e.manques)}.")
    ligne(f"{len(ecrits)} fichiers écrits.")
    return 1 if retards else 0
