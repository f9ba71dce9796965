"""`arpent plan cofinancer`: what each funder can still bring to a fiche, and the plan that is proposed."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import MontantIllisible, formater_euros, lire_montant
from arpent.metier.plan_financement import LIBELLES_FINANCEUR, Financeur, Refus

from ..commande import Refus as SaisieRefusee
from .reperage import demarche_de
from .sortie import en_json, ligne


def declarer_cofinancement(actions: Any) -> None:
    commande = actions.add_parser("cofinancer", help="ce que chaque financeur peut encore apporter")
    commande.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    commande.add_argument("--fiche", required=True, type=int, metavar="N", help="numéro de la fiche")
    commande.add_argument(
        "--part", type=montant, default=None, metavar="EUROS", help="part du maître d’ouvrage"
    )
    commande.add_argument(
        "--premier", choices=[f.value for f in Financeur if f.est_aide_publique], default=None,
        help="financeur à solliciter d’abord",
    )  # fmt: skip
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=cofinancer)


def montant(texte: str) -> Decimal:
    try:
        return lire_montant(texte)
    except MontantIllisible as erreur:
        raise argparse.ArgumentTypeError(str(erreur)) from None


def cofinancer(options: argparse.Namespace) -> int:
    """Writes nothing. 1 when the present plan breaks a rule, or when the wish cannot be granted."""
    from arpent.plateforme.plans.cofinancement import cofinancement_de, cofinancement_en_json
    from arpent.plateforme.plans.models import Fiche

    demarche = demarche_de(options.territoire)
    fiche = Fiche.objects.filter(demarche=demarche, numero=options.fiche).first()
    if fiche is None:
        raise SaisieRefusee(f"la fiche {options.fiche} n’existe pas dans {demarche}")
    fiche.demarche = demarche
    vu = cofinancement_de(fiche, date.today())
    ordre = (Financeur(options.premier),) if options.premier else ()
    reponse = vu.proposer(options.part, ordre)
    anomalie = bool(vu.bilan.manquements) or isinstance(reponse, Refus)
    if options.json:
        en_json(cofinancement_en_json(vu, reponse))
        return int(anomalie)
    ligne(f"{fiche} : le maître d’ouvrage paierait {formater_euros(vu.bilan.part)}")
    for p in vu.possibilites:
        limite = f"{p.limite.intitule} {p.limite.article}".rstrip()
        ligne(f"  {p.libelle:<40} {formater_euros(p.encore):>18}  {limite}")
    for m in vu.bilan.manquements:
        ligne(f"  enfreint : {m.intitule}, {m.calcul}")
    if isinstance(reponse, Refus):
        ligne(f"  {reponse.raison}")
        return 1
    ligne(f"  {reponse.explication}")
    for f in reponse.plan.financements:
        ligne(
            f"  {LIBELLES_FINANCEUR[f.financeur]:<40} {formater_euros(f.montant):>18}  {f.libelle}".rstrip()
        )
    return int(anomalie)
