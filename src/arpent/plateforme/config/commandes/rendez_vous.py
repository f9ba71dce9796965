"""`arpent rendez-vous`: the pack of one Rendez-vous de Territoire, or of all those of a year."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..commande import Refus
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from arpent.plateforme.demarches.reunions.models import Reunion


def declarer(sous: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    rdv = sous.add_parser("rendez-vous", help="dossier d’un Rendez-vous de Territoire : PPTX, PDF, XLSX")
    rdv.add_argument("lequel", nargs="?", metavar="REUNION|VILLE", help="numéro de la réunion, ou sa ville")
    rdv.add_argument("--tous", action="store_true", help="tous ceux de l’année, un dossier par rendez-vous")
    rdv.add_argument("--annee", type=int, metavar="AAAA", help="l’année voulue (par défaut : la nôtre)")
    rdv.add_argument("--sortie", type=Path, required=True, metavar="DOSSIER", help="où écrire les fichiers")
    rdv.add_argument("--json", action="store_true", help="sortie JSON")
    rdv.set_defaults(agir=ecrire)


def ecrire(options: argparse.Namespace) -> int:
    """Three files a meeting. 1 when one of several could not be made: the others are."""
    from arpent.plateforme.suivi.rendez_vous.production import DossierRefuse, fabriquer, nom_du_fichier

    if bool(options.lequel) == options.tous:
        raise Refus("dites quel rendez-vous (numéro ou ville), ou --tous.")
    le = date.today()
    trouves = (
        _tous(options.annee or le.year) if options.tous else [_un(options.lequel, options.annee or le.year)]
    )
    faits, manques = [], 0
    for reunion in trouves:
        dossier = (
            options.sortie / f"{reunion.jour.isoformat()}-{reunion.pk}" if options.tous else options.sortie
        )
        try:
            fichiers = fabriquer(reunion, le).fichiers
        except DossierRefuse as refus:
            if not options.tous:
                raise Refus(str(refus)) from None
            ligne(f"{reunion.titre} : non produit. {refus}")
            manques += 1
            continue
        for extension, contenu in fichiers.items():
            chemin = dossier / nom_du_fichier(reunion, extension)
            _poser(chemin, contenu)
            faits.append({"reunion": reunion.pk, "fichier": str(chemin), "octets": len(contenu)})
            if not options.json:
                ligne(f"{chemin} : {len(contenu)} octets")
    if options.json:
        en_json(faits)
    return 1 if manques else 0


def _poser(chemin: Path, contenu: bytes) -> None:
    try:
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(contenu)
    except OSError as erreur:
        raise Refus(f"{chemin} ne peut pas être écrit ({erreur.strerror}).") from None


def _rendez_vous() -> QuerySet[Reunion]:
    """Those that are not called off, by day."""
    from arpent.metier.cycles.reunion import EtatReunion
    from arpent.plateforme.demarches.reunions.genres import RENDEZ_VOUS
    from arpent.plateforme.demarches.reunions.models import Reunion

    return (
        Reunion.objects.filter(genre__startswith=RENDEZ_VOUS)
        .exclude(etat=EtatReunion.ANNULEE.value)
        .select_related(
            "demarche__territoire", "demarche__version_processus__processus__autorite",
            "demarche__version_processus__processus__dispositif",
        )
        .defer("demarche__version_processus__definition")
        .order_by("jour", "pk")
    )  # fmt: skip


def _tous(annee: int) -> list[Reunion]:
    trouves = list(_rendez_vous().filter(jour__year=annee))
    if not trouves:
        raise Refus(
            f"aucun Rendez-vous de Territoire n’est fixé en {annee}. La liste : arpent reunion lister"
        )
    return trouves


def _un(lequel: str, annee: int) -> Reunion:
    """By its number, else the one of the year whose place or title names the town."""
    from django.db.models import Q

    if lequel.isdecimal():
        trouve = _rendez_vous().filter(pk=int(lequel)).first()
        if trouve is None:
            raise Refus(
                f"la réunion {lequel} n’est pas un Rendez-vous de Territoire ; voir : arpent reunion lister"
            )
        return trouve
    de_la_ville = Q(lieu__icontains=lequel) | Q(titre__icontains=lequel)
    trouves = list(_rendez_vous().filter(de_la_ville, jour__year=annee))
    if len(trouves) == 1:
        return trouves[0]
    if not trouves:
        raise Refus(f"aucun Rendez-vous de Territoire à « {lequel} » en {annee}. Autre année : --annee")
    numeros = ", ".join(f"{r.pk} ({r.jour:%d/%m/%Y})" for r in trouves)
    raise Refus(f"plusieurs rendez-vous à « {lequel} » en {annee} : {numeros}. Donnez un numéro.")
