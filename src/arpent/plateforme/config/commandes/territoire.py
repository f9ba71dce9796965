"""Batch twin of the walk: territories, diagnostic, plan, maquette, contract."""

from __future__ import annotations

import argparse
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arpent.metier.argent import formater_euros

from ..commande import Refus
from .appui import declarer_appui
from .archive import declarer_archiver
from .avenants import comparer, consolider, declarer_comparer, declarer_consolider
from .cofinancement import declarer_cofinancement
from .contrat import declarer_generer
from .diagnostic import declarer as declarer_diagnostic
from .documents import declarer_documents
from .dossier import declarer_dossier
from .maquette import declarer_maquette, maquette
from .preinstruction import declarer_preinstruction
from .reperage import demarche_de
from .signatures import declarer_signatures
from .sortie import en_json, ligne
from .subvention import declarer_subvention
from .votes import declarer_seance, votes

if TYPE_CHECKING:
    from arpent.plateforme.echanges.reperes import Rejet


def declarer(sous: Any) -> None:
    territoires = sous.add_parser("territoires", help="territoires et démarches")
    actions = territoires.add_subparsers(dest="action", metavar="ACTION", required=True)
    _commande(actions, "lister", "liste les territoires", lister, territoire=False)

    declarer_diagnostic(sous)

    plan = sous.add_parser("plan", help="plan d’actions : import, pré-instruction")
    actions = plan.add_subparsers(dest="action", metavar="ACTION", required=True)
    importer = _commande(actions, "importer", "importe un plan (XLSX, ODS ou CSV)", importer_plan)
    importer.add_argument("fichier", type=Path, metavar="FICHIER", help="XLSX, ODS ou CSV")
    importer.add_argument(
        "--valides-seulement",
        action="store_true",
        help="importe les lignes justes et liste les autres, au lieu de tout refuser",
    )
    importer.add_argument("--simuler", action="store_true", help="dit ce qui serait fait, n’écrit rien")
    declarer_preinstruction(actions)
    declarer_documents(actions)
    declarer_cofinancement(actions)

    declarer_maquette(_commande(sous, "maquette", "maquette financière d’un territoire", maquette))

    contrat = sous.add_parser("contrat", help="contrat d’un territoire")
    actions = contrat.add_subparsers(dest="action", metavar="ACTION", required=True)
    declarer_generer(actions)
    declarer_archiver(actions)
    _commande(actions, "votes", "les votes des parties : état, remarques, ce qui bloque la signature", votes)
    declarer_seance(actions)
    declarer_consolider(_commande(actions, "consolider", "le contrat en vigueur à une date", consolider))
    declarer_comparer(
        _commande(actions, "comparer", "deux états du contrat : projets entrés, sortis, changés", comparer)
    )
    declarer_signatures(actions)

    declarer_subvention(sous)
    declarer_dossier(sous)
    declarer_appui(sous)


def _commande(
    actions: Any, nom: str, aide: str, agir: Any, *, territoire: bool = True
) -> argparse.ArgumentParser:
    commande: argparse.ArgumentParser = actions.add_parser(nom, help=aide)
    if territoire:
        commande.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=agir)
    return commande


def _euros(montant: str | None) -> str:
    """An amount of the JSON outputs, for a reader: right-aligned, “–” when unknown."""
    return f"{formater_euros(Decimal(montant) if montant else None):>20}"


def lister(options: argparse.Namespace) -> int:
    from arpent.plateforme.portail.sorties import territoires_json

    territoires = territoires_json()
    if options.json:
        en_json(territoires)
    else:
        for t in territoires:
            suite = f"{t['dispositif']}, {t['etat']}" if t["dispositif"] else "pas encore de démarche"
            ligne(f"{t['slug']:<40} {t['nom']} ({suite})")
    return 0


def importer_plan(options: argparse.Namespace) -> int:
    from arpent.plateforme.echanges.actions import importer
    from arpent.plateforme.echanges.apercu import verifier
    from arpent.plateforme.echanges.correspondance import deviner
    from arpent.plateforme.echanges.etats import ImportRefuse
    from arpent.plateforme.echanges.lecture import FichierIllisible, lire_fichier
    from arpent.plateforme.plans.actions import ActionRefusee

    demarche = demarche_de(options.territoire)
    if not options.fichier.is_file():
        raise Refus(f"fichier introuvable : {options.fichier}. Vérifiez le chemin.")
    try:
        tableau = lire_fichier(options.fichier)
        correspondance = deviner(tableau.entetes, [lue.cellules for lue in tableau.lignes])
        apercu = verifier(demarche, tableau, correspondance)
        refuse = bool(apercu.rejets) and not options.valides_seulement
        creees = 0 if options.simuler or refuse else importer(demarche, apercu, par=None)
    except (FichierIllisible, ImportRefuse, ActionRefusee) as refus:
        raise Refus(str(refus)) from None
    bilan = {
        "lues": len(tableau.lignes),
        "valides": len(apercu.valides),
        "creees": creees,
        "simulation": options.simuler,
        "rejets": [_remarque(r) for r in apercu.rejets],
        "avertissements": [_remarque(r) for r in apercu.avertissements],
    }
    if options.json:
        en_json(bilan)
    else:
        ligne(f"Lignes lues : {bilan['lues']} ; valides : {bilan['valides']} ; fiches créées : {creees}")
        for note in apercu.notes:
            ligne(f"  {note}")
        for genre, remarques in (("à corriger", apercu.rejets), ("à vérifier", apercu.avertissements)):
            for r in remarques:
                ligne(f"  {genre}, ligne {r.ligne}, {r.colonne} : {r.cause} {r.conseil}")
    if refuse:
        premier, nombre = apercu.rejets[0], apercu.lignes_rejetees
        raise Refus(
            f"rien n’a été importé : {nombre} ligne{'s' if nombre > 1 else ''} à corriger. D’abord la ligne "
            f"{premier.ligne}, {premier.colonne} : {premier.cause} {premier.conseil}"
        )
    return 0


def _remarque(r: Rejet) -> dict[str, Any]:
    return {"ligne": r.ligne, "colonne": r.colonne, "cause": r.cause, "conseil": r.conseil}
