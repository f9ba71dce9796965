"""Batch twin of the directory: a list of elected people, who to call, who may do what."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.acteurs.models import Agent
    from arpent.plateforme.echanges.election.actions import Apercu


def _jour(texte: str) -> date:
    try:
        return date.fromisoformat(texte)
    except ValueError:
        raise argparse.ArgumentTypeError(f"« {texte} » n’est pas une date AAAA-MM-JJ") from None


def declarer(sous: Any) -> None:
    gens = sous.add_parser("gens", help="élus et interlocuteurs : liste d’une élection, qui appeler")
    actions = gens.add_subparsers(dest="action", metavar="ACTION", required=True)
    importer = actions.add_parser("importer", help="compare une liste d’élus à l’annuaire, ou l’applique")
    importer.add_argument("fichier", type=Path, metavar="FICHIER", help="CSV du RNE, ou notre modèle")
    importer.add_argument("--le", type=_jour, required=True, metavar="DATE", help="premier jour des mandats")
    importer.add_argument("--autorite", required=True, metavar="SIREN", help="autorité qui tient l’annuaire")
    importer.add_argument("--par", metavar="COURRIEL", help="compte au nom duquel le journal est écrit")
    importer.add_argument("--incomplete", action="store_true", help="ne fait partir que les sièges uniques")
    quoi = importer.add_mutually_exclusive_group()
    quoi.add_argument("--apercu", action="store_true", help="dit ce qui changerait (par défaut)")
    quoi.add_argument("--appliquer", action="store_true", help="clôt, ouvre, transmet, en une fois")
    importer.add_argument("--json", action="store_true", help="sortie JSON")
    importer.set_defaults(agir=importer_elus)

    appeler = actions.add_parser("interlocuteurs", help="qui appeler pour un territoire et un thème")
    appeler.add_argument("territoire", metavar="TERRITOIRE", help="identifiant ou SIREN")
    appeler.add_argument("--theme", default="", metavar="CODE", help="code du thème (par défaut : tous)")
    appeler.add_argument("--json", action="store_true", help="sortie JSON")
    appeler.set_defaults(agir=interlocuteurs)

    acces = actions.add_parser("habilitations", help="qui a quel rôle, où, jusqu’à quand")
    acces.add_argument("--fin-avant", type=_jour, metavar="DATE", help="seulement celles qui finissent avant")
    acces.add_argument("--json", action="store_true", help="sortie JSON")
    acces.set_defaults(agir=habilitations)


def _tenu_par(options: argparse.Namespace) -> tuple[Any, Agent]:
    """The authority, and the agent whose perimeter is read: the one named, else an administrator."""
    from arpent.plateforme.acteurs.models import Agent, Organisation

    autorite = Organisation.objects.filter(siren=options.autorite).first()
    if autorite is None:
        raise Refus(f"autorité de SIREN {options.autorite} inconnue. Vérifiez le numéro (9 chiffres).")
    comptes = Agent.objects.filter(is_active=True)
    if options.par:
        agent = comptes.filter(courriel__iexact=options.par).first()
        manque = f"aucun compte ouvert pour {options.par}."
    else:
        agent = comptes.filter(habilitations__autorite=autorite, habilitations__role="chef_de_projet").first()
        agent = agent or comptes.filter(habilitations__role="administrateur").first()
        manque = "aucun chef de projet ni administrateur : précisez --par COURRIEL."
    if agent is None:
        raise Refus(manque)
    return autorite, agent


def importer_elus(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.droits import peut
    from arpent.plateforme.echanges.election import actions
    from arpent.plateforme.echanges.etats import ImportRefuse
    from arpent.plateforme.echanges.lecture import FichierIllisible

    if not options.fichier.is_file():
        raise Refus(f"fichier introuvable : {options.fichier}. Vérifiez le chemin.")
    autorite, agent = _tenu_par(options)
    if not (avis := peut(agent, "election.importer")):
        raise Refus(f"{agent.courriel} : {avis.raison}")
    try:
        lecture = actions.recevoir(
            options.fichier, options.fichier.name, autorite=autorite, le=options.le,
            complete=not options.incomplete, par=agent,
        )  # fmt: skip
        apercu = actions.apercevoir(lecture, agent)
        if options.appliquer:
            actions.appliquer(lecture, par=agent if options.par else None, vu_par=agent)
        else:
            actions.abandonner(lecture)
    except (FichierIllisible, ImportRefuse) as refus:
        raise Refus(str(refus)) from None
    bilan = _bilan(apercu) | {"applique": bool(options.appliquer)}
    if options.json:
        en_json(bilan)
    else:
        _dire(bilan)
    return 0


def _bilan(apercu: Apercu) -> dict[str, Any]:
    return {
        "partent": [
            {
                "nom": d.mandat.personne.nom_complet, "mandat": d.mandat.titre,
                "organisation": d.mandat.organisation.nom,
                "charges": [f"{c.genre} : {c.libelle} → {c.vers}" for c in d.charges],
            }
            for d in apercu.departs
        ],
        "arrivent": [
            {
                "ligne": v.ligne.numero, "nom": f"{v.ligne.prenom} {v.ligne.nom}".strip(),
                "mandat": v.fonction, "organisation": v.organisation.nom, "homonymes": len(v.homonymes),
            }
            for v in apercu.venues
        ],
        "restent": len(apercu.comparaison.restent),
        "a_verifier": [
            {"ligne": apercu.reconnues.par_numero[d.elu.numero].numero, "raison": d.raison}
            for d in apercu.comparaison.doutes
        ] + [{"ligne": n.ligne.numero, "raison": n.raison} for n in apercu.reconnues.non_reconnues],
        "hors_perimetre": apercu.reconnues.hors_perimetre,
    }  # fmt: skip


def _dire(bilan: dict[str, Any]) -> None:
    ligne(
        f"Partent : {len(bilan['partent'])} ; arrivent : {len(bilan['arrivent'])} ; restent : "
        f"{bilan['restent']} ; à vérifier : {len(bilan['a_verifier'])}"
    )
    for x in bilan["partent"]:
        ligne(f"  part      {x['nom']}, {x['mandat']}, {x['organisation']}")
        for charge in x["charges"]:
            ligne(f"              {charge}")
    for x in bilan["arrivent"]:
        homonyme = " (homonyme dans l’annuaire : à regarder sur la page)" if x["homonymes"] else ""
        ligne(f"  arrive    {x['nom']}, {x['mandat']}, {x['organisation']}{homonyme}")
    for x in bilan["a_verifier"]:
        ligne(f"  à vérifier, ligne {x['ligne']} : {x['raison']}")
    ligne("La liste est appliquée." if bilan["applique"] else "Rien n’est écrit : ajoutez --appliquer.")


def interlocuteurs(options: argparse.Namespace) -> int:
    from arpent.plateforme.portail.sorties_gens import interlocuteurs_json

    liste = interlocuteurs_json(demarche_de(options.territoire), options.theme, date.today())
    if options.json:
        en_json(liste)
        return 0
    for rubrique in liste["rubriques"]:
        ligne(rubrique["titre"])
        for x in rubrique["interlocuteurs"]:
            absent = f" [absence {x['absence']}, voir {x['suppleant']}]" if x["absence"] else ""
            ligne(f"  {x['nom']:<28} {x['titre']:<45} {x['telephone']} {x['courriel']}{absent}")
    return 0


def habilitations(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.models import Habilitation

    rows = Habilitation.objects.en_cours(date.today()).select_related(
        "agent", "organisation", "autorite", "territoire"
    )
    if options.fin_avant:
        rows = rows.filter(fin__lt=options.fin_avant)
    liste = [
        {
            "courriel": h.agent.courriel, "nom": h.agent.nom_complet, "role": h.role,
            "organisation": str(h.organisation or h.autorite or ""), "territoire": str(h.territoire or ""),
            "themes": sorted(h.codes_themes), "debut": h.debut.isoformat(),
            "fin": h.fin.isoformat() if h.fin else None,
        }
        for h in rows.order_by("agent__nom", "pk")
    ]  # fmt: skip
    if options.json:
        en_json(liste)
    else:
        for x in liste:
            ou = x["territoire"] or x["organisation"] or "toute l’instance"
            ligne(f"{x['nom']:<28} {x['role']:<20} {ou} ({x['fin'] or 'sans fin'})")
    return 0
