"""`arpent contrat generer`: the files of one contract, of each signatory, of a whole generation."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de, dispositif_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Demarche

FORMATS = ("pdf", "docx")


def declarer_generer(actions: Any) -> None:
    generer: argparse.ArgumentParser = actions.add_parser(
        "generer", help="écrit contrat.pdf, contrat.docx et maquette.xlsx, d’un territoire ou de tous"
    )
    ou = generer.add_mutually_exclusive_group(required=True)
    ou.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN")
    ou.add_argument("--dispositif", metavar="D", help="tous les contrats d’une politique, un dossier chacun")
    generer.add_argument("--sortie", type=Path, required=True, metavar="DOSSIER", help="créé s’il manque")
    generer.add_argument(
        "--par-signataire",
        action="store_true",
        help="le contrat particulier de chaque signataire (PDF et Word), au lieu du contrat unique",
    )
    generer.add_argument("--json", action="store_true", help="sortie JSON")
    generer.set_defaults(agir=generer_contrats)


@dataclass(slots=True)
class Bilan:
    """What was written, and what could not be: territory and reason."""

    fichiers: list[str] = field(default_factory=list)
    contrats: int = 0
    refus: list[tuple[str, str]] = field(default_factory=list)


def generer_contrats(options: argparse.Namespace) -> int:
    """0 when everything asked was written; 1 when a territory of the generation could not be."""
    debut = time.monotonic()
    bilan = Bilan()
    try:
        if options.territoire:
            demarche = demarche_de(options.territoire)
            _un_territoire(demarche, options.sortie, options.par_signataire, bilan)
            if bilan.refus:
                raise Refus(bilan.refus[0][1])
        else:
            _une_generation(options, bilan)
    except OSError:
        raise Refus(
            f"impossible d’écrire dans {options.sortie}. Choisissez un dossier où vous pouvez écrire."
        ) from None
    if options.json:
        en_json(bilan.fichiers if options.territoire else _bilan_json(bilan, debut))
    else:
        for fichier in bilan.fichiers if options.territoire else ():
            ligne(fichier)
        for territoire, raison in bilan.refus:
            ligne(f"{territoire} : {raison}")
        if options.dispositif:
            ligne(
                f"{options.sortie} : {bilan.contrats} contrats, {len(bilan.fichiers)} fichiers, "
                f"{len(bilan.refus)} refusés, en {time.monotonic() - debut:.0f} s."
            )
    return 1 if bilan.refus else 0


def _bilan_json(bilan: Bilan, debut: float) -> dict[str, Any]:
    return {
        "contrats": bilan.contrats,
        "fichiers": bilan.fichiers,
        "refus": [{"territoire": t, "raison": r} for t, r in bilan.refus],
        "duree_s": round(time.monotonic() - debut, 1),
    }


def _une_generation(options: argparse.Namespace, bilan: Bilan) -> None:
    from arpent.plateforme.demarches.models import Demarche

    dispositif = dispositif_de(options.dispositif)
    demarches = Demarche.objects.avec_contexte().filter(version_processus__processus=dispositif.processus_id)
    toutes = list(demarches.order_by("slug"))
    if not toutes:
        raise Refus(f"aucune démarche n’est ouverte dans « {dispositif.nom} ».")
    for rang, demarche in enumerate(toutes, 1):
        print(f"{rang}/{len(toutes)}  {demarche.territoire.nom}", file=sys.stderr, flush=True)
        _un_territoire(demarche, options.sortie / demarche.slug, options.par_signataire, bilan)


def _un_territoire(demarche: Demarche, dossier: Path, par_signataire: bool, bilan: Bilan) -> None:
    """Writes its files; a refusal is noted and the others go on."""
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    ecrire = _particuliers if par_signataire else _unique
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        for fichier, contrats in ecrire(demarche, dossier):
            bilan.fichiers.append(str(fichier))
            bilan.contrats += contrats
    except (ContratRefuse, RenduImpossible) as refus:
        bilan.refus.append((demarche.territoire.nom, str(refus)))


def _unique(demarche: Demarche, dossier: Path) -> Iterator[tuple[Path, int]]:
    from arpent.plateforme.contrats.actions import generer_fichiers

    for chemin in generer_fichiers(demarche, dossier):
        yield chemin, int(chemin.suffix == ".pdf")


def _particuliers(demarche: Demarche, dossier: Path) -> Iterator[tuple[Path, int]]:
    from arpent.plateforme.contrats.assemblage import assembler
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.contrats.particuliers import ecrire_particuliers

    vide = True
    for chemin in ecrire_particuliers(assembler(demarche, date.today(), complet=True), dossier, FORMATS):
        vide = False
        yield chemin, int(chemin.suffix == ".pdf")
    if vide:
        raise ContratRefuse(
            "aucun signataire n’a de projet inscrit : préparez le contrat et arbitrez la maquette."
        )
