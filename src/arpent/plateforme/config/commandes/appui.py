"""`arpent appui`: the support requests and the load of the structures, as their pages give them."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.acteurs.models import DemandeAppui
    from arpent.plateforme.demarches.appui.charge import Charge


def declarer_appui(sous: Any) -> None:
    appui = sous.add_parser("appui", help="demandes d’appui : liste, charge et délais des structures")
    actions = appui.add_subparsers(dest="action", metavar="ACTION", required=True)
    lister: argparse.ArgumentParser = actions.add_parser(
        "lister", help="les demandes, les plus pressées d’abord"
    )
    lister.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN ; sans lui, tous")
    lister.add_argument(
        "--etat", metavar="ETAT", help="ouverte, orientee, prise, en_attente, close ou retard"
    )
    lister.add_argument("--json", action="store_true", help="sortie JSON")
    lister.set_defaults(agir=lister_demandes)
    charge: argparse.ArgumentParser = actions.add_parser("charge", help="charge et délais par structure")
    charge.add_argument("--du", type=date.fromisoformat, metavar="JOUR", help="demandées depuis ce jour")
    charge.add_argument("--au", type=date.fromisoformat, metavar="JOUR", help="demandées jusqu’à ce jour")
    charge.add_argument("--json", action="store_true", help="sortie JSON")
    charge.set_defaults(agir=dire_la_charge)


def lister_demandes(options: argparse.Namespace) -> int:
    """One query, the question left out: it may be private."""
    from django.db.models import F

    from arpent.metier.cycles.appui import EtatAppui
    from arpent.plateforme.acteurs.models import DemandeAppui

    le, rows = date.today(), DemandeAppui.objects.select_related("organisation", "structure", "territoire")
    if options.territoire:
        rows = rows.filter(demarche_id=demarche_de(options.territoire).pk)
    if options.etat == "retard":
        rows = rows.en_retard(le)
    elif options.etat:
        if options.etat not in set(EtatAppui):
            raise Refus(f"l’état « {options.etat} » n’existe pas. États : {', '.join(EtatAppui)}, retard.")
        rows = rows.filter(etat=options.etat)
    pressees = rows.order_by(
        F("close_le").asc(nulls_first=True), F("echeance_le").asc(nulls_last=True), "-pk"
    )
    dites = [_dite(d, le) for d in pressees]
    if options.json:
        en_json(dites)
    else:
        for d in dites:
            retard = ", en retard" if d["en_retard"] else ""
            ligne(
                f"{d['numero']:>5}  {d['etat']:<11} {d['genre']:<12} {d['pour']} → {d['structure']}{retard}"
            )
    return 0


def _dite(d: DemandeAppui, le: date) -> dict[str, Any]:
    return {
        "numero": d.pk,
        "territoire": d.territoire.nom,
        "pour": d.organisation.nom,
        "objet": d.objet_libelle,
        "genre": d.genre,
        "etat": d.etat,
        "structure": d.structure.nom if d.structure else "Mission d’appui",
        "demandee_le": d.demandee_le.date(),
        "echeance_le": d.echeance_le,
        "en_retard": d.est_en_retard(le),
        "close_le": d.close_le.date() if d.close_le else None,
        "resultat": d.resultat,
    }


def dire_la_charge(options: argparse.Namespace) -> int:
    """The figures of the page, over every authority of the instance."""
    from arpent.plateforme.demarches.appui.charge import Filtre, compter, lire_lignes

    tableau = compter(*lire_lignes(None, Filtre(options.du, options.au)), date.today())
    if options.json:
        en_json(
            {
                "structures": [_charge(c) for c in tableau.par_structure],
                "natures": [_charge(c) for c in tableau.par_genre],
                "mois": [_charge(c) for c in tableau.par_mois],
                "total": _charge(tableau.total),
            }
        )
    else:
        for c in (*tableau.par_structure, tableau.total):
            ligne(
                f"{c.libelle} : {c.ouvertes} en cours, {c.en_retard} en retard, {c.closes} closes, "
                f"{c.heures} h"
            )
    return 0


def _charge(c: Charge) -> dict[str, Any]:
    return {
        "libelle": c.libelle,
        "recues": c.recues,
        "ouvertes": c.ouvertes,
        "en_retard": c.en_retard,
        "closes": c.closes,
        "delai_reponse_jours": c.delai_reponse,
        "delai_cloture_jours": c.delai_cloture,
        "heures": c.heures,
        "satisfaits": c.satisfaits,
        "juges": c.juges,
    }
