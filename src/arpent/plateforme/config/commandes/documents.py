"""`arpent plan fiches` and `arpent plan rapport`: the documents of a plan, as its page gives them."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import ligne


def declarer_documents(actions: Any) -> None:
    fiches = actions.add_parser("fiches", help="écrit la fiche PDF de chaque projet, et leur recueil")
    fiches.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    fiches.add_argument("--vers", type=Path, required=True, metavar="DOSSIER", help="créé s’il manque")
    fiches.set_defaults(agir=ecrire_fiches)
    rapport = actions.add_parser("rapport", help="écrit le rapport de pré-instruction du plan (PDF)")
    rapport.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    rapport.add_argument("--vers", type=Path, required=True, metavar="FICHIER", help="fichier PDF à écrire")
    rapport.set_defaults(agir=ecrire_rapport)


def ecrire(chemin: Path, composer: Callable[[], bytes]) -> None:
    """RenduImpossible and a folder that cannot be written become one French line."""
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    try:
        contenu = composer()
        chemin.parent.mkdir(parents=True, exist_ok=True)
        chemin.write_bytes(contenu)
    except RenduImpossible as refus:
        raise Refus(str(refus)) from refus
    except OSError as erreur:
        raise Refus(f"{chemin} ne peut pas être écrit : {erreur.strerror}.") from erreur


def ecrire_fiches(options: argparse.Namespace) -> int:
    from arpent.plateforme.documents.rendu.pdf_fiche import rendre_fiches_pdf
    from arpent.plateforme.plans.models import Fiche
    from arpent.plateforme.plans.sorties import TropDeFiches, completes, du_plan, fiches_doc

    demarche, le = demarche_de(options.territoire), date.today()
    try:
        lues = completes(du_plan(Fiche.objects.filter(demarche=demarche)), demarche)
    except TropDeFiches as refus:
        raise Refus(str(refus)) from refus
    if not lues:
        raise Refus(f"le plan de {demarche.territoire.nom} n’a pas encore de fiche proposée.")
    for fiche in lues:
        une = fiches_doc(demarche, [fiche], le, seule=True)
        ecrire(options.vers / f"fiche-{fiche.numero}.pdf", partial(rendre_fiches_pdf, une))
    recueil = fiches_doc(demarche, lues, le, seule=False)
    ecrire(options.vers / "fiches.pdf", partial(rendre_fiches_pdf, recueil))
    ligne(f"{len(lues)} fiches écrites dans {options.vers}, et leur recueil fiches.pdf")
    return 0


def ecrire_rapport(options: argparse.Namespace) -> int:
    from arpent.plateforme.documents.rendu.pdf_fiche import rendre_rapport_pdf
    from arpent.plateforme.plans.emissions import preparer_rapport
    from arpent.plateforme.plans.models import Fiche
    from arpent.plateforme.plans.sorties import TropDeFiches, du_plan

    demarche = demarche_de(options.territoire)
    fiches = du_plan(Fiche.objects.filter(demarche=demarche))
    try:
        doc = preparer_rapport(demarche, fiches, le=date.today(), par="Arpent", plan_entier=True)
    except TropDeFiches as refus:
        raise Refus(str(refus)) from refus
    ecrire(options.vers, partial(rendre_rapport_pdf, doc))
    ligne(f"Rapport de {len(doc.examens)} fiches écrit : {options.vers}")
    return 0
