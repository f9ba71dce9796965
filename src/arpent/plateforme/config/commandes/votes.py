"""`arpent contrat votes`: the twin of the panel of the votes."""

from __future__ import annotations

import argparse
from datetime import date

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne


def votes(options: argparse.Namespace) -> int:
    """One object per party with `--json`, else one line each."""
    from arpent.plateforme.contrats.assemblage import trouver_contrat
    from arpent.plateforme.contrats.sorties import votes_json

    contrat = trouver_contrat(demarche_de(options.territoire))
    if contrat is None:
        raise Refus("le contrat de ce territoire n’est pas encore préparé : préparez-le sur sa page.")
    lus = votes_json(contrat, date.today())
    if options.json:
        en_json(lus)
        return 0
    for vote in lus:
        suite = f" ; {vote['a_faire'].lower()}" if vote["a_faire"] else ""
        ligne(f"{vote['partie']:<45} {vote['libelle'].lower()}{suite}")
        for remarque in vote["remarques"]:
            ligne(f"    {'bloque' if remarque['bloquant'] else 'à vérifier'} : {remarque['texte']}")
        for changement in vote["changements"]:
            ligne(f"    a changé : {changement}")
    return 0
