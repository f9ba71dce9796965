"""`arpent apcp`, `arpent echeances`, `arpent finances`: credits, deadlines, finance export."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import dispositif_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.metier.apcp import LigneFonds


def declarer(sous: Any) -> None:
    apcp = sous.add_parser("apcp", help="AP et CP d’un dispositif, par fonds et par exercice")
    apcp.add_argument("dispositif", metavar="DISPOSITIF", help="lozere, nouvelle-aquitaine…")
    apcp.add_argument("--json", action="store_true", help="sortie JSON")
    apcp.add_argument("--xlsx", type=Path, metavar="FICHIER", help="écrit l’annexe budgétaire")
    apcp.set_defaults(agir=montrer_apcp)
    echeances = sous.add_parser("echeances", help="délais des aides attribuées, le plus proche d’abord")
    echeances.add_argument("dispositif", metavar="DISPOSITIF", help="lozere, nouvelle-aquitaine…")
    echeances.add_argument("--json", action="store_true", help="sortie JSON")
    echeances.set_defaults(agir=montrer_echeances)
    finances = sous.add_parser("finances", help="exports du logiciel financier")
    actions = finances.add_subparsers(dest="action", metavar="ACTION", required=True)
    importer: argparse.ArgumentParser = actions.add_parser(
        "importer", help="lit un export, rapproche ses lignes, et les applique si on le demande"
    )
    importer.add_argument("fichier", type=Path, metavar="FICHIER", help="CSV, XLSX ou ODS")
    importer.add_argument("--dispositif", required=True, metavar="DISPOSITIF")
    importer.add_argument("--nature", required=True, choices=("paiement", "engagement"))
    importer.add_argument("--appliquer", action="store_true", help="applique les lignes rapprochées")
    importer.add_argument("--json", action="store_true", help="sortie JSON")
    importer.set_defaults(agir=importer_export)


def _texte(montant: Any) -> str | None:
    return None if montant is None else f"{montant:.2f}"


def _dit(f: LigneFonds) -> dict[str, Any]:
    return {
        "fonds": f.libelle, "enveloppe": _texte(f.enveloppe), "reste_a_realiser": _texte(f.reste_a_realiser),
        "annees": [
            {
                "annee": a.annee, "ap": _texte(a.ap), "engage": _texte(a.engage), "cp": _texte(a.cp),
                "paye": _texte(a.paye), "prevu": _texte(a.prevu), "attendu": _texte(a.attendu.montant),
                "bas": _texte(a.attendu.bas), "haut": _texte(a.attendu.haut), "ecart": _texte(a.ecart),
            }
            for a in f.annees
        ],
    }  # fmt: skip


def montrer_apcp(options: argparse.Namespace) -> int:
    """1 when something does not hold."""
    from arpent.metier.argent import formater_euros
    from arpent.plateforme.subventions.apcp.fichiers import tableau_en_fichier
    from arpent.plateforme.subventions.apcp.lecture import lire_tableau

    dispositif = dispositif_de(options.dispositif)
    tableau = lire_tableau(dispositif, date.today())
    if options.xlsx is not None:
        options.xlsx.write_bytes(tableau_en_fichier("xlsx", dispositif, tableau).content)
        ligne(f"Annexe écrite : {options.xlsx}")
    if options.json:
        en_json({
            "fonds": [_dit(f) for f in tableau.fonds], "total": _dit(tableau.total),
            "alertes": [a.texte for a in tableau.alertes], "methode": tableau.methode,
        })  # fmt: skip
    elif options.xlsx is None:
        for f in (*tableau.fonds, tableau.total):
            ligne(f"{f.libelle} : reste à réaliser {formater_euros(f.reste_a_realiser)}")
            for a in f.annees:
                ligne(
                    f"  {a.annee}  engagé {formater_euros(a.engage):>16}  payé {formater_euros(a.paye):>16}  "
                    f"attendu {formater_euros(a.attendu.montant):>16}  CP votés {formater_euros(a.cp):>16}"
                )
        for alerte in tableau.alertes:
            ligne(f"! {alerte.texte}")
        ligne(tableau.methode)
    return 1 if any(a.grave for a in tableau.alertes) else 0


def montrer_echeances(options: argparse.Namespace) -> int:
    """1 when an aid may be declared lapsed."""
    from arpent.plateforme.subventions.echeances.lecture import (
        caducs_possibles,
        du_dispositif,
        jours_de,
        situations,
    )

    lues = situations(du_dispositif(dispositif_de(options.dispositif)), date.today())
    jours, caducs = jours_de(lues), caducs_possibles(lues)
    if options.json:
        en_json([
            {
                "dossier": j.dossier.reference, "territoire": j.dossier.demarche.slug,
                "delai": j.echeance.genre.value, "le": j.echeance.le.isoformat() if j.echeance.le else None,
                "etat": j.echeance.etat.value, "jours": j.echeance.jours, "calcul": j.echeance.calcul,
            }
            for j in jours
        ])  # fmt: skip
    else:
        for j in jours:
            ligne(f"{j.echeance.le:%d/%m/%Y}  {j.dossier.demarche.slug} {j.dossier.reference}  {j.libelle}")
        ligne(f"{len(caducs)} aide(s) hors délai sur {len(lues)} suivie(s).")
    return 1 if caducs else 0


def importer_export(options: argparse.Namespace) -> int:
    """1 when lines are left to a human. Nothing is applied twice, nor without `--appliquer`."""
    from arpent.plateforme.echanges.etats import ImportRefuse
    from arpent.plateforme.echanges.finances import actions
    from arpent.plateforme.echanges.lecture import FichierIllisible
    from arpent.plateforme.echanges.models import LigneFinances

    if not options.fichier.is_file():
        raise Refus(f"le fichier {options.fichier} n’existe pas.")
    dispositif = dispositif_de(options.dispositif)
    try:
        lecture = actions.recevoir(
            dispositif, options.fichier, options.fichier.name, options.nature, par=None
        )
        lecture = actions.confirmer(lecture, lecture.correspondance, par=None)
    except (FichierIllisible, ImportRefuse) as refus:
        raise Refus(str(refus)) from None
    if options.appliquer:
        actions.appliquer(lecture, par=None)
    lues = list(lecture.lues.select_related("dossier"))
    if options.json:
        en_json([
            {
                "ligne": x.numero, "sort": x.sort, "raison": x.raison, "montant": _texte(x.montant),
                "dossier": x.dossier.reference if x.dossier else None,
            }
            for x in lues
        ])  # fmt: skip
    else:
        for x in lues:
            ligne(f"ligne {x.numero} : {x.get_sort_display()}. {x.raison}")
    restent = {LigneFinances.Sort.A_REGLER, LigneFinances.Sort.ILLISIBLE}
    return 1 if any(x.sort in restent for x in lues) else 0
