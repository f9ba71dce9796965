"""`arpent pilotage …` : the territories of a dispositif, as the steering page shows them."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from .reperage import dispositif_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    pilotage = sous.add_parser("pilotage", help="où en sont les territoires d’un dispositif, retards d’abord")
    pilotage.add_argument("dispositif", metavar="DISPOSITIF", help="lozere, nouvelle-aquitaine…")
    pilotage.add_argument("--json", action="store_true", help="sortie JSON")
    pilotage.add_argument("--xlsx", type=Path, metavar="FICHIER", help="écrit le tableau dans un classeur")
    pilotage.add_argument("--pdf", type=Path, metavar="FICHIER", help="écrit la note d’une page de l’élu")
    pilotage.set_defaults(agir=piloter)


def piloter(options: argparse.Namespace) -> int:
    """The table on standard output, or the files asked for."""
    from arpent.plateforme.portail.pilotage import fichiers
    from arpent.plateforme.portail.pilotage.filtres import Filtres
    from arpent.plateforme.portail.pilotage.lecture import lire

    dispositif, today, filtres = dispositif_de(options.dispositif), date.today(), Filtres()
    lignes = lire(dispositif, None, today)
    if options.xlsx is not None:
        options.xlsx.write_bytes(fichiers.en_xlsx(dispositif, lignes, filtres, today))
        ligne(f"Tableau écrit : {options.xlsx}")
    if options.pdf is not None:
        note = fichiers.note_de(dispositif, lignes, today, filtres)
        options.pdf.write_bytes(fichiers.en_pdf(note))
        ligne(f"Note écrite : {options.pdf}")
    if options.json:
        en_json([fichiers.en_donnees(x) for x in lignes])
    elif options.xlsx is None and options.pdf is None:
        for x in lignes:
            retard = f"{x.retard} j de retard" if x.retard else "à l’heure"
            signature = f"{x.prevision.le:%d/%m/%Y}" if x.prevision.le else "non prévue"
            ligne(f"{x.nom:<44} {x.phase:<20} {retard:<18} signature {signature}")
    return 0
