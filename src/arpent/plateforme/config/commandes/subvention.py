"""`arpent subvention actes`: the acts of award of a territory, as its page gives them."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

GENRES = ("lettre", "arrete", "convention")


def declarer_subvention(sous: Any) -> None:
    subvention = sous.add_parser("subvention", help="actes d’attribution des aides d’un contrat")
    actions = subvention.add_subparsers(dest="action", metavar="ACTION", required=True)
    actes: argparse.ArgumentParser = actions.add_parser(
        "actes", help="écrit les lettres, arrêtés et conventions des projets du contrat en vigueur"
    )
    actes.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    actes.add_argument("--dossier", type=Path, required=True, metavar="DOSSIER", help="créé s’il manque")
    actes.add_argument("--genre", choices=GENRES, help="un seul genre d’acte ; sans lui, les trois")
    actes.add_argument("--json", action="store_true", help="sortie JSON")
    actes.set_defaults(agir=ecrire_actes)


def ecrire_actes(options: argparse.Namespace) -> int:
    """Word and PDF of each act, one at a time; with `--json` the slip of each: template, SHA-256, blanks."""
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible
    from arpent.plateforme.subventions.actes import tous_les_actes
    from arpent.plateforme.subventions.attribution import contrat_en_vigueur, lire_cadre, lire_octrois

    le, genres = date.today(), [options.genre] if options.genre else list(GENRES)
    bordereau: list[dict[str, Any]] = []
    try:
        contrat = contrat_en_vigueur(demarche_de(options.territoire))
        octrois = lire_octrois(contrat, le)
        options.dossier.mkdir(parents=True, exist_ok=True)
        for nom, contenu, dit in tous_les_actes(lire_cadre(contrat, le), octrois, genres, le):
            chemin = options.dossier / nom
            chemin.write_bytes(contenu)
            bordereau.append({**dit, "fichier": str(chemin)})
    except (ContratRefuse, RenduImpossible) as refus:
        raise Refus(str(refus)) from None
    except OSError:
        raise Refus(
            f"impossible d’écrire dans {options.dossier}. Choisissez un dossier où vous pouvez écrire."
        ) from None
    if options.json:
        en_json([{cle: v for cle, v in dit.items() if cle != "donnees"} for dit in bordereau])
    else:
        for dit in bordereau:
            ligne(dit["fichier"])
    return 0
