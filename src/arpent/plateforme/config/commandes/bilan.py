"""`arpent bilan …` : where the projects of a territory stand, as its pages say."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from arpent.metier.argent import formater_taux

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.suivi.avancement.lecture import LigneProjet


def declarer(sous: Any) -> None:
    bilan = sous.add_parser("bilan", help="où en sont les projets d’un territoire")
    actions = bilan.add_subparsers(dest="action", required=True, metavar="ACTION")
    avancement = actions.add_parser("avancement", help="avancement des travaux, par axe et par projet")
    avancement.add_argument("territoire", metavar="CODE", help="identifiant ou SIREN de l’intercommunalité")
    avancement.add_argument("--retards", action="store_true", help="les projets en retard seulement")
    avancement.add_argument("--json", action="store_true", help="sortie JSON")
    avancement.set_defaults(agir=avancer)
    fil = actions.add_parser("fil", help="le fil rouge, du chiffre au résultat, en PDF")
    fil.add_argument("territoire", metavar="CODE", help="identifiant ou SIREN de l’intercommunalité")
    fil.add_argument("--pdf", type=Path, metavar="FICHIER", required=True, help="où l’écrire")
    fil.add_argument("--enjeu", type=int, metavar="N", help="un seul enjeu, par sa priorité")
    fil.add_argument("--projet", type=int, metavar="N", help="un seul projet, par son numéro")
    fil.add_argument("--retour", action="store_true", help="du résultat au chiffre de départ")
    fil.set_defaults(agir=derouler)


def avancer(options: argparse.Namespace) -> int:
    from arpent.plateforme.suivi.avancement.lecture import avancement_de

    lu = avancement_de(demarche_de(options.territoire), date.today())
    projets = lu.en_retard if options.retards else list(lu.projets)
    if options.json:
        en_json({"taux": lu.ensemble.taux.valeur, "projets": [_donnees(x) for x in projets]})
        return 0
    if not options.retards:
        for x in lu.axes:
            nom = f"Axe {x.axe}" if x.axe else "Sans axe"
            ligne(f"{nom[:70]:<72} {formater_taux(x.ensemble.taux.valeur, 0):>7}")
        ligne(f"{'Contrat':<72} {formater_taux(lu.ensemble.taux.valeur, 0):>7}")
    for p in projets:
        retard = f"{p.jours} j de retard" if p.jours else ""
        titre = f"{p.fiche.numero} {p.fiche.titre}"
        ligne(f"  {titre[:68]:<70} {formater_taux(p.taux.valeur, 0):>7} {retard}".rstrip())
    return 0


def derouler(options: argparse.Namespace) -> int:
    from arpent.plateforme.suivi.fil_rouge import lecture
    from arpent.plateforme.suivi.fil_rouge.document import en_pdf

    demarche, le = demarche_de(options.territoire), date.today()
    pelote = lecture.lire(demarche, le)
    if options.projet is not None:
        fils = [lecture.fil_du_projet(pelote, x) for x in pelote.projets if x.fiche.numero == options.projet]
    elif options.enjeu is not None:
        fils = [lecture.fil_de_l_enjeu(pelote, e) for e in pelote.enjeux if e.priorite == options.enjeu]
    else:
        fils = lecture.tous_les_fils(pelote)
    if not fils:
        raise Refus("aucun fil à écrire : vérifiez l’enjeu ou le projet (il doit être retenu).")
    options.pdf.write_bytes(en_pdf(demarche, fils, le, retour=options.retour))
    manquent = sum(len(f.ruptures) for f in fils)
    s, x = "s" if len(fils) > 1 else "", "s" if manquent > 1 else ""
    ligne(f"Fil rouge écrit : {options.pdf} ({len(fils)} fil{s}, {manquent} maillon{x} manquant{x})")
    return 0


def _donnees(x: LigneProjet) -> dict[str, Any]:
    return {
        "numero": x.fiche.numero,
        "titre": x.fiche.titre,
        "maitre_ouvrage": x.fiche.maitre_ouvrage.nom,
        "cout_ht": str(x.fiche.cout_ht),
        "taux": x.taux.valeur,
        "jours_de_retard": x.jours,
        "points_bloquants": [b.texte for b in x.bloquants],
    }
