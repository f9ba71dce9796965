"""`arpent dossier`: the grant files, as their list and their page show them. It writes nothing."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.subventions.models import Dossier


def declarer_dossier(sous: Any) -> None:
    dossier = sous.add_parser("dossier", help="dossiers de subvention")
    actions = dossier.add_subparsers(dest="action", metavar="ACTION", required=True)
    liste: argparse.ArgumentParser = actions.add_parser("liste", help="les dossiers, par date de dépôt")
    liste.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN ; sans lui, tous")
    liste.add_argument("--etat", metavar="ETAT", help="brouillon, depose, a_completer, complet, propose…")
    liste.add_argument("--json", action="store_true", help="sortie JSON")
    liste.set_defaults(agir=lister)
    montrer: argparse.ArgumentParser = actions.add_parser(
        "montrer", help="un dossier : pièces, calcul, délais"
    )
    montrer.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    montrer.add_argument("--dossier", required=True, metavar="N", help="sa référence, par exemple 2026-3")
    montrer.add_argument("--json", action="store_true", help="sortie JSON")
    montrer.set_defaults(agir=decrire)


def lister(options: argparse.Namespace) -> int:
    from arpent.metier.argent import formater_euros
    from arpent.metier.cycles import EtatDossier
    from arpent.plateforme.subventions.models import Dossier

    dossiers = Dossier.objects.avec_contexte().order_by("depose_le", "annee", "numero", "pk")
    if options.territoire:
        dossiers = dossiers.filter(demarche=demarche_de(options.territoire))
    if options.etat:
        if options.etat not in set(EtatDossier):
            raise Refus(f"l’état « {options.etat} » n’existe pas. Connus : {', '.join(EtatDossier)}.")
        dossiers = dossiers.filter(etat=options.etat)
    lus = list(dossiers)
    if options.json:
        en_json([_dit(d) for d in lus])
        return 0
    for d in lus:
        ligne(
            f"{d.demarche.slug} {d.reference}  {d.get_etat_display():<12} "
            f"{formater_euros(d.montant_en_jeu):>16}  {d.fiche.titre} ({d.maitre_ouvrage.nom})"
        )
    if not lus:
        ligne("Aucun dossier de subvention.")
    return 0


def _texte(montant: Any) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def _dit(d: Dossier) -> dict[str, Any]:
    return {
        "territoire": d.demarche.slug,
        "dossier": d.reference,
        "projet": d.fiche.numero,
        "titre": d.fiche.titre,
        "beneficiaire": d.maitre_ouvrage.nom,
        "etat": d.etat,
        "stade": d.stade,
        "aide_du_contrat": _texte(d.montant_contractualise),
        "demande": _texte(d.montant_demande),
        "propose": _texte(d.montant_propose),
        "attribue": _texte(d.montant_attribue),
        "rendu": _texte(d.montant_rendu),
        "depose_le": d.depose_le.isoformat() if d.depose_le else None,
        "complet_le": d.complet_le.isoformat() if d.complet_le else None,
        "vote_le": d.vote_le.isoformat() if d.vote_le else None,
        "decision": d.decision,
        "demonstration": d.demonstration,
    }


def decrire(options: argparse.Namespace) -> int:
    from arpent.metier.argent import formater_euros
    from arpent.plateforme.subventions.dossiers.lecture import page_de
    from arpent.plateforme.subventions.models import Dossier

    demarche = demarche_de(options.territoire)
    annee, _, numero = options.dossier.partition("-")
    trouve = None
    if annee.isdecimal() and numero.isdecimal():
        connus = Dossier.objects.avec_contexte().filter(demarche=demarche)
        trouve = connus.filter(annee=int(annee), numero=int(numero)).first()
    if trouve is None:
        raise Refus(
            f"aucun dossier {options.dossier} dans ce territoire : « arpent dossier liste » les donne."
        )
    page = page_de(trouve, date.today())
    pieces = [
        (x.attendu.libelle if x.attendu else "Autres pièces", x.etat, len(x.fichiers)) for x in page.pieces
    ]
    if options.json:
        en_json(
            _dit(trouve)
            | {
                "pieces": [{"piece": p, "etat": e, "fichiers": n} for p, e, n in pieces],
                "calcul": [{**b, "plafond": _texte(b["plafond"])} for b in page.calcul],
                "aide_calculee": _texte(page.aide),
                "silence_le": page.silence.le.isoformat() if page.silence else None,
                "commencement": page.commencement.phrase,
            }
        )
        return 0
    ligne(f"{trouve} ({trouve.get_etat_display().lower()})")
    ligne(f"  {trouve.maitre_ouvrage.nom}, aide du contrat {formater_euros(trouve.montant_contractualise)}")
    for piece, etat, nombre in pieces:
        ligne(f"  {piece} : {etat or 'jointes'} ({nombre} fichier{'s' if nombre > 1 else ''})")
    for b in page.calcul:
        ligne(f"  {b['intitule']} : {formater_euros(b['plafond'])} {b['article']}")
    if page.aide is not None:
        ligne(f"  Aide : {formater_euros(page.aide)}")
    ligne(f"  {page.commencement.phrase}")
    if page.silence:
        ligne(f"  Silence valant rejet le {page.silence.le:%d/%m/%Y} ({page.silence.article})")
    return 0
