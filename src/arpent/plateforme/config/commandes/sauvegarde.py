"""`arpent sauvegarder` and `arpent restaurer`: the whole instance in one file, and back."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from ..commande import Refus
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    ecrire = sous.add_parser(
        "sauvegarder", help="écrit toute l’instance (base, fichiers, clés) en une archive, sans l’arrêter"
    )
    ecrire.add_argument("fichier", type=Path, metavar="FICHIER.zip")
    ecrire.add_argument("--json", action="store_true", help="sortie JSON")
    ecrire.set_defaults(agir=sauvegarder)
    rendre = sous.add_parser("restaurer", help="remet en place une instance sauvegardée")
    rendre.add_argument("fichier", type=Path, metavar="FICHIER.zip")
    rendre.add_argument(
        "--remplacer", action="store_true", help="met de côté l’instance actuelle si elle n’est pas vide"
    )
    rendre.add_argument("--json", action="store_true", help="sortie JSON")
    rendre.set_defaults(agir=restaurer)


def sauvegarder(options: argparse.Namespace) -> int:
    """1 when a file named by the database is missing from the store: the rest is saved."""
    from ..sauvegarde import SauvegardeRefusee
    from ..sauvegarde.ecrire import sauvegarder as ecrire

    try:
        faite = ecrire(options.fichier)
    except SauvegardeRefusee as refus:
        raise Refus(str(refus)) from None
    m = faite.manifeste
    if options.json:
        en_json(
            {
                "fichier": str(faite.chemin),
                "octets": faite.octets,
                "sha256_manifeste": faite.sha256,
                "moteur": m.moteur,
                "version": m.version,
                "tables": len(m.tables),
                "lignes": m.lignes,
                "fichiers": sum(1 for _ in m.fichiers()),
                "manquants": m.manquants,
            }
        )
    else:
        fichiers = sum(1 for _ in m.fichiers())
        ligne(
            f"{faite.chemin} : {len(m.tables)} tables, {m.lignes} lignes, {fichiers} fichiers, "
            f"{faite.octets // 1024} Kio ; relue, tout y est."
        )
        ligne(f"Empreinte du manifeste, à noter ailleurs : {faite.sha256}")
        for nom in m.manquants:
            ligne(f"Manque au dépôt, donc à la sauvegarde : {nom}")
    return 1 if m.manquants else 0


def restaurer(options: argparse.Namespace) -> int:
    from ..sauvegarde import SauvegardeRefusee
    from ..sauvegarde.rendre import restaurer as rendre

    try:
        faite = rendre(
            options.fichier,
            remplacer=options.remplacer,
            dire=(lambda _: None) if options.json else (lambda texte: ligne(f"  {texte}…")),
        )
    except SauvegardeRefusee as refus:
        raise Refus(str(refus)) from None
    m = faite.archive.manifeste
    if options.json:
        en_json(
            {
                "faite_le": m.faite_le,
                "moteur_d_origine": m.moteur,
                "tables": len(m.tables),
                "lignes": m.lignes,
                "fichiers": sum(1 for _ in m.fichiers()),
                "sha256_manifeste": faite.archive.sha256,
                "mis_de_cote": [x for x in (faite.base_ecartee, faite.ecartee) if x],
            }
        )
        return 0
    ligne(f"Instance du {m.faite_le} restaurée : {m.lignes} lignes, {sum(1 for _ in m.fichiers())} fichiers.")
    for ancien in filter(None, (faite.base_ecartee, faite.ecartee)):
        ligne(f"L’instance d’avant est mise de côté : {ancien}. Effacez-la quand tout est vérifié.")
    ligne("Lancez maintenant : arpent verifier, puis arpent serve")
    return 0
