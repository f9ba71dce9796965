"""`arpent evaluation …` : the indicators of a territory and the euros that serve each enjeu."""

from __future__ import annotations

import argparse
from datetime import date
from typing import Any

from arpent.metier.argent import formater_euros

from .reperage import demarche_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    evaluation = sous.add_parser("evaluation", help="indicateurs d’un territoire, contribution des aides")
    actions = evaluation.add_subparsers(dest="action", required=True, metavar="ACTION")
    lu = actions.add_parser("lire", help="indicateurs et contribution des aides aux enjeux")
    lu.add_argument("territoire", metavar="CODE", help="identifiant ou SIREN de l’intercommunalité")
    lu.add_argument("--json", action="store_true", help="sortie JSON")
    lu.set_defaults(agir=lire)
    releve = actions.add_parser("relever", help="garde les valeurs du jour de l’observatoire")
    releve.add_argument("territoire", metavar="CODE", help="identifiant ou SIREN de l’intercommunalité")
    releve.set_defaults(agir=relever)


def lire(options: argparse.Namespace) -> int:
    from arpent.plateforme.suivi.avancement.lecture import fiches_suivies
    from arpent.plateforme.suivi.evaluation.lecture import evaluation_de

    demarche = demarche_de(options.territoire)
    lue = evaluation_de(demarche, list(fiches_suivies(demarche)))
    contributions = [
        {"enjeu": c.enjeu.libelle if c.enjeu else None, "accorde": str(c.accorde), "engage": str(c.engage),
         "paye": str(c.paye)}
        for c in lue.contributions
    ]  # fmt: skip
    if options.json:
        indicateurs = [
            {"sur": str(x.indicateur.sur), "libelle": x.indicateur.libelle,
             "valeur": x.derniere.valeur if x.derniere else None, "cible": x.indicateur.cible,
             "chemin": x.trajet.chemin.value, "parcouru": x.trajet.parcouru}
            for x in lue.lignes
        ]  # fmt: skip
        en_json({"indicateurs": indicateurs, "contributions": contributions})
        return 0
    for x in lue.lignes:
        ligne(f"{x.indicateur.libelle[:60]:<62} {x.valeur or 'sans valeur':>14}  {x.chemin}")
    for c in lue.contributions:
        nom = c.enjeu.libelle if c.enjeu else "Sans enjeu"
        ligne(f"{nom[:60]:<62} {formater_euros(c.accorde):>18} accordés")
    return 0


def relever(options: argparse.Namespace) -> int:
    """1 when an indicator could not be read: the others are kept."""
    from arpent.plateforme.suivi.evaluation import actions
    from arpent.plateforme.suivi.models import IndicateurSuivi

    demarche, code = demarche_de(options.territoire), 0
    for indicateur in IndicateurSuivi.objects.filter(demarche=demarche).exclude(code="").order_by("pk"):
        indicateur.demarche = demarche
        try:
            valeur = actions.relever_valeur(indicateur, le=date.today(), par=None)
        except actions.EvaluationRefusee as refus:
            code = 1
            ligne(f"{indicateur.libelle} : {refus}")
        else:
            ligne(f"{indicateur.libelle} : {valeur}")
    return code
