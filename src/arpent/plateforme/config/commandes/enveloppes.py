"""`arpent enveloppes`: what each territory gets of the funds of a dispositif, and what the ledger says."""

from __future__ import annotations

import argparse
from typing import Any

from arpent.metier.argent import formater_euros
from arpent.metier.repartition import RepartitionImpossible

from ..commande import Refus
from .reperage import demarche_de, dispositif_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    enveloppes = sous.add_parser("enveloppes", help="partager les fonds d’un dispositif")
    actions = enveloppes.add_subparsers(dest="action", metavar="ACTION", required=True)
    commande = actions.add_parser("repartir", help="la part de chaque territoire, étape par étape")
    commande.add_argument("--dispositif", required=True, metavar="D", help="identifiant du dispositif")
    commande.add_argument("--fonds", metavar="CODE", help="un seul fonds, au lieu de tous")
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=repartir)
    commande = actions.add_parser("soldes", help="les soldes de chaque enveloppe, lus au grand livre")
    commande.add_argument("--dispositif", required=True, metavar="D", help="identifiant du dispositif")
    commande.add_argument("--territoire", metavar="T", help="les enveloppes d’un seul territoire")
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=soldes)


def repartir(options: argparse.Namespace) -> int:
    """Reads and computes: nothing is written, the stored envelopes do not change."""
    from arpent.plateforme.negociations.simulations.lecture import lire, simuler

    donnees = lire(dispositif_de(options.dispositif))
    fonds = [f for f in donnees.fonds if options.fonds in (None, f.code)]
    if not fonds:
        connus = ", ".join(f.code for f in donnees.fonds) or "aucun"
        if options.fonds is None:
            raise Refus("aucun fonds de ce dispositif n’a à la fois un montant et une clé de répartition")
        raise Refus(f"fonds « {options.fonds} » introuvable. Fonds qui ont un montant et une clé : {connus}.")
    if not donnees.demarches:
        raise Refus("aucune démarche n’est ouverte dans ce dispositif : il n’y a personne à doter")
    try:
        lus = [simuler(donnees, f, None) for f in fonds]
    except RepartitionImpossible as erreur:
        raise Refus(str(erreur)) from erreur
    if options.json:
        en_json([_en_json(donnees, s) for s in lus])
        return 0
    for s in lus:
        _ecrire(donnees, s)
    return 0


def _en_json(donnees: Any, s: Any) -> dict[str, Any]:
    mesure = s.mesure_apres
    return {
        "fonds": s.fonds.code,
        "libelle": s.fonds.libelle,
        "montant": f"{s.apres.montant:.2f}",
        "non_reparti": f"{s.apres.non_reparti:.2f}",
        "formule": s.fonds.cle_repartition,
        "etapes": [{"code": e.code, "libelle": e.libelle, "phrase": e.phrase} for e in s.apres.etapes],
        "manquants": [{"etape": a.libelle, "territoires": a.territoires} for a in s.attentes],
        "gini": mesure and f"{mesure.gini:.6f}",
        "theil": mesure and f"{mesure.theil:.6f}",
        "parts": [
            {
                "territoire": x.demarche.slug,
                "nom": x.demarche.territoire.nom,
                "habitants": None if x.habitants is None else int(x.habitants),
                "montant": f"{x.apres:.2f}",
                "par_habitant": None if x.apres_habitant is None else f"{x.apres_habitant:.2f}",
                "detail": {c: f"{m:.2f}" for c, m in s.apres.parts[str(x.demarche.pk)].detail.items()},
            }
            for x in s.lignes
        ],
    }


def _ecrire(donnees: Any, s: Any) -> None:
    libelles = {c.code: c.libelle for c in donnees.criteres} | {e.code: e.libelle for e in s.apres.etapes}
    ligne(f"{s.fonds.libelle} : {formater_euros(s.apres.montant)} pour {len(s.lignes)} territoires")
    for etape in s.apres.etapes:
        ligne(f"  {etape.libelle}. {etape.phrase}")
    for x in s.lignes:
        detail = s.apres.parts[str(x.demarche.pk)].detail
        ecrit = ", ".join(f"{libelles.get(c, c).lower()} {formater_euros(m)}" for c, m in detail.items())
        ligne(f"  {x.demarche.territoire.nom:<34} {formater_euros(x.apres):>18}  {ecrit}")
    for a in s.attentes:
        if a.territoires:
            ligne(f"  {a.libelle} : en attente, il manque la valeur de {a.territoires}")
    if s.apres.non_reparti:
        ligne(f"  Non réparti : {formater_euros(s.apres.non_reparti)}")
    if s.mesure_apres:
        ligne(f"  {s.mesure_apres.en_mots}")


def soldes(options: argparse.Namespace) -> int:
    """Reads only: every node with its stages and what is left, to the cent."""
    from arpent.plateforme.negociations.credits.lecture import arbre, enveloppes_du_dispositif

    dispositif = dispositif_de(options.dispositif)
    enveloppes = enveloppes_du_dispositif(dispositif)
    if options.territoire is not None:
        voulue = demarche_de(options.territoire, dispositif)
        enveloppes = [e for e in enveloppes if e.demarche_id == voulue.pk]
    if not enveloppes:
        raise Refus("aucune enveloppe n’est ouverte ici : donnez un montant au fonds, puis partagez-le")
    noeuds = arbre(enveloppes)
    if options.json:
        en_json([_noeud_en_json(n) for n in noeuds])
        return 0
    for n in noeuds:
        s = n.branche
        ecrit = (
            f"alloué {formater_euros(s.alloue)}, proposé {formater_euros(s.propose)}, "
            f"voté {formater_euros(s.vote)}, engagé {formater_euros(s.engage)}, payé {formater_euros(s.paye)}"
        )
        fonds = f"{n.enveloppe.fonds.libelle}, " if n.niveau == 0 and n.enveloppe.demarche_id else ""
        ligne(f"{'  ' * n.niveau}{fonds}{n.enveloppe.libelle} : {ecrit}")
    return 0


def _noeud_en_json(n: Any) -> dict[str, Any]:
    e, s = n.enveloppe, n.branche
    return {
        "enveloppe": e.pk,
        "parent": e.parent_id,
        "fonds": e.fonds.code,
        "territoire": e.demarche.slug if e.demarche else None,
        "theme": e.theme.code if e.theme else None,
        "annee": e.annee,
        "libelle": e.libelle,
        "ouverte": e.ouverte,
        **{stade: f"{s[stade]:.2f}" for stade in ("alloue", "propose", "convenu", "vote", "engage", "paye")},
        "reste_a_proposer": f"{s.reste_a_proposer:.2f}",
        "reste_a_convenir": f"{s.reste_a_convenir:.2f}",
        "reste_a_voter": f"{s.reste_a_voter:.2f}",
        "reste_a_engager": f"{s.reste_a_engager:.2f}",
        "reste_a_payer": f"{s.reste_a_payer:.2f}",
        "non_divise": None if n.non_divise is None else f"{n.non_divise:.2f}",
    }
