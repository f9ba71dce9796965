"""`arpent plan preinstruire`: the règlement applied to every fiche of a territory or a dispositif."""

from __future__ import annotations

import argparse
import sys
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from arpent.metier.argent import formater_euros

from ..commande import Refus
from .reperage import demarche_de, dispositif_de
from .sortie import en_json_au_fil, ligne

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from arpent.plateforme.plans.models import Fiche


def declarer_preinstruction(actions: Any) -> None:
    commande = actions.add_parser("preinstruire", help="applique le règlement à chaque fiche")
    commande.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN")
    commande.add_argument("--dispositif", metavar="CODE", help="identifiant : tous ses territoires")
    commande.add_argument("--json", action="store_true", help="sortie JSON, une fiche par ligne")
    commande.set_defaults(agir=preinstruire)


def _fiches(options: argparse.Namespace) -> QuerySet[Fiche]:
    from arpent.plateforme.plans.models import Fiche

    if not options.territoire and not options.dispositif:
        raise Refus("dites sur quoi : --territoire CODE ou --dispositif CODE")
    fiches = Fiche.objects.order_by("demarche__slug", "numero")
    if options.dispositif:
        dispositif = dispositif_de(options.dispositif)
        fiches = fiches.filter(demarche__version_processus__processus=dispositif.processus_id)
    if options.territoire:
        fiches = fiches.filter(demarche=demarche_de(options.territoire))
    return fiches


def preinstruire(options: argparse.Namespace) -> int:
    from arpent.plateforme.plans.preinstruction import examens_en_json

    examens = examens_en_json(_fiches(options))
    if options.json:
        en_json_au_fil(examens, sys.stdout)
        return 0
    for fiche in examens:
        aide = formater_euros(Decimal(fiche["aide_maximale"]) if fiche["aide_maximale"] else None)
        ou = f"{fiche['territoire']:<28} " if options.dispositif else ""
        ligne(f"{ou}{fiche['numero']:>4} {fiche['verdict']:<14} {aide:>20}  {fiche['titre']}")
    return 0
