"""`arpent contrat archiver`: the zip of a contract with its manifest, and its verification."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne


def declarer_archiver(actions: Any) -> None:
    archiver: argparse.ArgumentParser = actions.add_parser(
        "archiver",
        help="réunit les actes du contrat en un zip, avec leurs empreintes ; ou vérifie un zip",
    )
    quoi = archiver.add_mutually_exclusive_group(required=True)
    quoi.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN du contrat à archiver")
    quoi.add_argument("--verifier", type=Path, metavar="FICHIER", help="archive à vérifier")
    archiver.add_argument("--sortie", type=Path, metavar="FICHIER", help="le zip à écrire")
    archiver.add_argument("--json", action="store_true", help="sortie JSON")
    archiver.set_defaults(agir=archiver_contrat)


def archiver_contrat(options: argparse.Namespace) -> int:
    """1 when a file is missing or altered, in the store or in the archive."""
    if options.verifier:
        return _verifier(options)
    from arpent.plateforme.contrats.archives import archiver
    from arpent.plateforme.contrats.assemblage import trouver_contrat

    if options.sortie is None:
        raise Refus("donnez le fichier à écrire : --sortie contrat.zip")
    contrat = trouver_contrat(demarche_de(options.territoire))
    if contrat is None:
        raise Refus("le contrat de ce territoire n’est pas encore préparé : préparez-le sur sa page.")
    try:
        bordereau = archiver(contrat, options.sortie, date.today())
    except OSError:
        raise Refus(
            f"impossible d’écrire {options.sortie}. Choisissez un dossier où vous pouvez écrire."
        ) from None
    if options.json:
        en_json({"actes": bordereau.actes, "octets": bordereau.octets, "fautes": bordereau.fautes})
    else:
        ligne(f"{options.sortie} : {len(bordereau.actes)} actes, {len(bordereau.empreintes)} fichiers.")
        for faute in bordereau.fautes:
            ligne(f"  {faute}")
    return 1 if bordereau.fautes else 0


def _verifier(options: argparse.Namespace) -> int:
    from arpent.plateforme.contrats.archives import verifier_archive

    if not options.verifier.is_file():
        raise Refus(f"le fichier {options.verifier} n’existe pas.")
    fautes = verifier_archive(options.verifier)
    if options.json:
        en_json({"intacte": not fautes, "fautes": fautes})
    else:
        for faute in fautes or ["Archive intacte : chaque fichier a l’empreinte de son manifeste."]:
            ligne(faute)
    return 1 if fautes else 0
