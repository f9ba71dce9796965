"""`arpent maquette`: the maquette of a territory on the console, or as files."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from arpent.metier.argent import formater_euros

from ..commande import Refus
from .documents import ecrire
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.negociations.models import Scenario


def declarer_maquette(commande: argparse.ArgumentParser) -> None:
    commande.add_argument("--scenario", type=int, metavar="N", help="un scénario, au lieu de la maquette")
    for extension, quoi in (("xlsx", "le classeur Excel"), ("ods", "le classeur LibreOffice")):
        commande.add_argument(f"--{extension}", type=Path, metavar="FICHIER", help=f"écrit {quoi}")
    commande.add_argument("--pdf", type=Path, metavar="FICHIER", help="écrit le PDF, en A3 paysage")
    commande.add_argument("--papier", choices=["a3", "a4"], default="a3", help="papier du PDF (a3)")


def _scenario(options: argparse.Namespace, demarche: Demarche) -> Scenario:
    from arpent.plateforme.negociations.models import Scenario
    from arpent.plateforme.negociations.sorties import scenario_ou_vierge

    if options.scenario is None:
        return scenario_ou_vierge(demarche)
    trouve = Scenario.objects.filter(demarche=demarche, pk=options.scenario).first()
    if trouve is None:
        raise Refus(
            f"le scénario {options.scenario} n’existe pas pour ce territoire : « arpent scenario lister » "
            "donne les numéros"
        )
    trouve.demarche = demarche
    return trouve


def maquette(options: argparse.Namespace) -> int:
    from arpent.plateforme.negociations.sorties import maquette_json

    demarche = demarche_de(options.territoire)
    scenario = _scenario(options, demarche)
    resultat = maquette_json(demarche, scenario=scenario)
    ecrits = _ecrire_fichiers(options, scenario)
    if options.json:
        en_json(resultat)
        return 0
    for libelle, cle in (
        ("Enveloppe", "enveloppe"),
        ("Demandé", "total_demande"),
        ("Proposé", "total_propose"),
        ("Solde", "solde"),
    ):
        montant = resultat[cle]
        ligne(f"{libelle:<12}{formater_euros(Decimal(montant) if montant else None):>20}")
    for chemin in ecrits:
        ligne(f"Écrit : {chemin}")
    return 0


def _ecrire_fichiers(options: argparse.Namespace, scenario: Scenario) -> list[Path]:
    """The files asked for, from one reading of the maquette."""
    from arpent.plateforme.documents.rendu.maquette_xlsx import rendre_maquette_ods, rendre_maquette_xlsx
    from arpent.plateforme.documents.rendu.pdf import rendre_maquette_pdf
    from arpent.plateforme.negociations.sorties import maquette_du_jour

    demandes: list[tuple[Path | None, Callable[..., bytes]]] = [
        (options.xlsx, rendre_maquette_xlsx),
        (options.ods, rendre_maquette_ods),
        (options.pdf, partial(rendre_maquette_pdf, papier=options.papier)),
    ]
    voulues = [(chemin, rendre) for chemin, rendre in demandes if chemin is not None]
    if voulues:
        doc = maquette_du_jour(scenario, date.today())
        for chemin, rendre in voulues:
            ecrire(chemin, partial(rendre, doc))
    return [chemin for chemin, _ in voulues]
