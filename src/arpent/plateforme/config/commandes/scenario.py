"""`arpent scenario lister | optimiser | comparer`: the twins of the pages of the scenarios."""

from __future__ import annotations

import argparse
import time
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_euros

from ..commande import Refus
from .cofinancement import montant
from .reperage import demarche_de, dispositif_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    scenario = sous.add_parser("scenario", help="chercher et comparer des scénarios de maquette")
    actions = scenario.add_subparsers(dest="action", metavar="ACTION", required=True)
    _declarer_lister(actions)
    _declarer_optimiser(actions)
    _declarer_comparer(actions)


def _declarer_lister(actions: Any) -> None:
    commande = actions.add_parser("lister", help="les scénarios d’un territoire, et leurs totaux")
    commande.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=lister)


def _declarer_optimiser(actions: Any) -> None:
    commande = actions.add_parser("optimiser", help="les projets qui tiennent sous l’enveloppe")
    ou = commande.add_mutually_exclusive_group(required=True)
    ou.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN")
    ou.add_argument("--dispositif", metavar="D", help="tous les territoires d’un dispositif")
    commande.add_argument(
        "--objectif", action="append", required=True,
        choices=["classement", "travaux", "lissage", "equite"],
        help="ce qui est recherché ; répétez-le pour un ordre : le premier compte d’abord",
    )  # fmt: skip
    commande.add_argument("--enveloppe", type=montant, metavar="EUROS", help="au lieu de celle du territoire")
    commande.add_argument(
        "--annee", action="append", type=_par_annee, default=[], metavar="AAAA=EUROS",
        help="engagements d’une année, au plus",
    )  # fmt: skip
    commande.add_argument(
        "--paiements", action="append", type=_par_annee, default=[], metavar="AAAA=EUROS",
        help="paiements d’une année, au plus (30 %%, 50 %%, 20 %% sur trois ans)",
    )  # fmt: skip
    commande.add_argument(
        "--modulation", type=_part, metavar="PART", help="part minimale d’une aide, 0,6 par exemple"
    )
    par_maitre = "projets par maître d’ouvrage"
    commande.add_argument("--minimum", type=int, default=0, metavar="N", help=f"{par_maitre}, au moins")
    commande.add_argument("--maximum", type=int, metavar="N", help=f"{par_maitre}, au plus")
    par_territoire = "avec --dispositif, par territoire, au moins"
    commande.add_argument(
        "--projets-territoire", type=int, default=0, metavar="N", help=f"projets {par_territoire}"
    )
    commande.add_argument("--euros-territoire", type=montant, metavar="EUROS", help=f"aides {par_territoire}")
    commande.add_argument(
        "--enveloppe-commune", action="store_true",
        help="avec --dispositif et --enveloppe : les territoires la partagent, sans garder chacun la sienne",
    )  # fmt: skip
    commande.add_argument("--secondes", type=float, default=60.0, metavar="S", help="temps donné (60)")
    commande.add_argument(
        "--enregistrer", metavar="NOM",
        help="garder la proposition comme scénario, ou comme ensemble pour un dispositif",
    )  # fmt: skip
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=optimiser)


def _declarer_comparer(actions: Any) -> None:
    commande = actions.add_parser("comparer", help="deux scénarios d’un territoire, ligne à ligne")
    commande.add_argument("avant", metavar="A", help="numéro d’un scénario")
    commande.add_argument("apres", metavar="B", help="numéro d’un scénario")
    commande.add_argument("--json", action="store_true", help="sortie JSON")
    commande.set_defaults(agir=comparer)


def _par_annee(texte: str) -> tuple[int, Decimal]:
    annee, signe, somme = texte.partition("=")
    if not signe or not (annee.isascii() and annee.isdigit() and len(annee) == 4):
        raise argparse.ArgumentTypeError(f"« {texte} » : écrivez une année et un montant, 2027=150000")
    return int(annee), montant(somme)


def _part(texte: str) -> Decimal:
    try:
        part = Decimal(texte.replace(",", "."))
    except ArithmeticError:
        part = Decimal(-1)
    if not (part.is_finite() and 0 < part <= 1):
        raise argparse.ArgumentTypeError(f"« {texte} » : écrivez une part entre 0 et 1, 0,6 par exemple")
    return part


def lister(options: argparse.Namespace) -> int:
    from arpent.plateforme.negociations.scenarios.lecture import tous

    demarche = demarche_de(options.territoire)
    resumes = tous(demarche)
    if options.json:
        en_json([
            {
                "numero": r.scenario.pk, "nom": r.nom, "camp": r.scenario.camp,
                "partage": r.scenario.partage or r.scenario.est_courant, "total": f"{r.total:.2f}",
                "nombre": r.nombre, "solde": None if r.solde is None else f"{r.solde:.2f}",
            }
            for r in resumes
        ])  # fmt: skip
        return 0
    for r in resumes:
        ligne(f"{r.scenario.pk:>6}  {r.nom:<40} {r.nombre:>4} projets  {formater_euros(r.total):>18}")
    return 0


def optimiser(options: argparse.Namespace) -> int:
    """1 when no proposal satisfies everything: the message names the demands that clash."""
    from arpent.metier.scenarios.optimisation import Objectif, OptimisationImpossible
    from arpent.plateforme.negociations.actions import ArbitrageRefuse
    from arpent.plateforme.negociations.enveloppes import demarches_dotees
    from arpent.plateforme.negociations.scenarios.recherche import Demande, chercher, resume

    if options.territoire:
        demarches = [demarche_de(options.territoire)]
    else:
        demarches = demarches_dotees(dispositif_de(options.dispositif))
    demande = Demande(
        ordre=tuple(Objectif(o) for o in options.objectif), modulation=options.modulation,
        enveloppe=options.enveloppe, par_annee=dict(options.annee), paiements=dict(options.paiements),
        minimum_par_maitre_ouvrage=options.minimum, maximum_par_maitre_ouvrage=options.maximum,
        minimum_par_territoire=options.projets_territoire, euros_par_territoire=options.euros_territoire,
        enveloppes_locales=not options.enveloppe_commune, limite_s=options.secondes,
    )  # fmt: skip
    debut = time.monotonic()
    try:
        resultat = chercher(demarches, demande, date.today())
    except OptimisationImpossible as refus:
        if options.json:
            en_json({"proposition": None, "raison": str(refus)})
        else:
            ligne(str(refus))
        return 1
    duree = time.monotonic() - debut
    try:
        ensemble, gardes = _garder(resultat, options, demande) if options.enregistrer else (None, [])
    except ArbitrageRefuse as refus:
        raise Refus(str(refus)) from refus
    if options.json:
        en_json(
            _resultat_en_json(resultat, duree)
            | {"scenarios": [s.pk for s in gardes], "ensemble": ensemble and ensemble.pk}
        )
        return 0
    s = resultat.solution
    ligne(f"{len(s.choix)} projets retenus, {formater_euros(s.total)} d’aides. {resume(resultat)}")
    for i, x in s.choix.items():
        projet = resultat.pose.lignes[i].ligne
        ligne(f"  {x.annee}  {formater_euros(x.aide):>16}  {projet.numero}. {projet.titre}")
    for i, sortie in resultat.sorties.items():
        ligne(f"  –     {resultat.pose.lignes[i].ligne.numero}. {sortie.texte}")
    if ensemble is not None:
        ligne(f"Gardée comme ensemble {ensemble.pk}, « {ensemble.nom} » : un scénario par territoire.")
    for scenario in gardes:
        ligne(f"Gardée comme scénario {scenario.pk}, « {scenario.nom} ».")
    return 0


def _garder(resultat: Any, options: argparse.Namespace, demande: Any) -> tuple[Any, list[Any]]:
    """A whole dispositif is kept as an ensemble, with its scenarios; a territory as one scenario."""
    from arpent.plateforme.negociations.ensembles import recherche
    from arpent.plateforme.negociations.scenarios.garder import garder

    if options.territoire:
        return None, garder(resultat, options.enregistrer, par=None)
    dispositif = dispositif_de(options.dispositif)
    ensemble = recherche.garder(
        resultat, dispositif, options.enregistrer, demande, par=None, origine="Recherche en ligne de commande"
    )
    return ensemble, list(ensemble.scenarios.order_by("demarche_id"))


def _resultat_en_json(resultat: Any, duree: float) -> dict[str, Any]:
    s, g, lignes = resultat.solution, resultat.second_avis, resultat.pose.lignes
    return {
        "objectif": s.etapes[0].valeur,
        "borne": s.etapes[0].borne,
        "ecart": s.ecart,
        "solveur": f"HiGHS, {s.methode.value}",
        "duree_s": round(duree, 3),
        "etapes": [
            {"objectif": e.objectif.value, "valeur": e.valeur, "borne": e.borne, "ecart": e.ecart}
            for e in s.etapes
        ],
        "total": f"{s.total:.2f}",
        "second_avis": g and {"total": f"{g.total:.2f}", "nombre": len(g.choix)},
        "retenus": [
            {"numero": lignes[i].ligne.numero, "aide": f"{x.aide:.2f}", "annee": x.annee}
            for i, x in s.choix.items()
        ],
        "ecartes": [
            {"numero": lignes[i].ligne.numero, "raison": sortie.texte}
            for i, sortie in resultat.sorties.items()
        ],
    }


def _scenario(numero: str) -> Any:
    from arpent.plateforme.negociations.models import Scenario

    valable = numero.isascii() and numero.isdigit() and len(numero) < 18
    trouve = Scenario.objects.filter(pk=int(numero)).first() if valable else None
    if trouve is None:
        raise Refus(f"le scénario {numero} n’existe pas : « arpent scenario lister » donne les numéros")
    return trouve


def comparer(options: argparse.Namespace) -> int:
    from arpent.plateforme.negociations.scenarios.comparaison import comparer_scenarios
    from arpent.plateforme.negociations.scenarios.comparaison import en_json as comparee_en_json

    avant, apres = _scenario(options.avant), _scenario(options.apres)
    if avant.demarche_id != apres.demarche_id:
        raise Refus("les deux scénarios ne sont pas du même territoire")
    comparee = comparer_scenarios(avant.demarche, avant, apres)
    if options.json:
        en_json(comparee_en_json(comparee))
        return 0
    ligne(f"{comparee.avant.nom} → {comparee.apres.nom} : {formater_euros(comparee.net)}")
    for x in comparee.lignes:
        ligne(
            f"  {x.genre:<9} {formater_euros(x.avant.aide_comptee):>16} → "
            f"{formater_euros(x.apres.aide_comptee):>16}  {x.avant.numero}. {x.avant.titre}"
        )
    return 0
