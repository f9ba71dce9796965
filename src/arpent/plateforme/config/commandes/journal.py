"""The journal, sealed day by day and checked from the outside."""

from __future__ import annotations

import argparse
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

from ..commande import Refus
from .reperage import jour_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    journal = sous.add_parser("journal", help="journal chaîné : vérification, sceau de chaque jour")
    actions = journal.add_subparsers(dest="action", metavar="ACTION", required=True)
    verifier = actions.add_parser(
        "verifier", help="dit si le journal et ses sceaux sont intacts, ou nomme la première rupture"
    )
    verifier.add_argument(
        "--sceaux", type=Path, metavar="DOSSIER", help="compare aussi aux sceaux gardés dans ce dossier"
    )
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_journal)
    sceller = actions.add_parser(
        "sceller", help="scelle chaque jour fini (racine, horodatage si ARPENT_HORODATAGE) et l’exporte"
    )
    sceller.add_argument(
        "--jusqu-au", type=jour_de, metavar="AAAA-MM-JJ", help="dernier jour à sceller (hier)"
    )
    sceller.add_argument(
        "--sortie", type=Path, metavar="DOSSIER", help="écrit les sceaux dans ce dossier, un fichier par jour"
    )
    sceller.add_argument("--json", action="store_true", help="sortie JSON")
    sceller.set_defaults(agir=sceller_journal)


def sceller_journal(options: argparse.Namespace) -> int:
    """1 when a seal could not be stamped, or an exported one says something else."""
    from django.conf import settings
    from django.utils import timezone

    from arpent.plateforme.documents.signature.horodatage import HorodatageImpossible, horodater
    from arpent.plateforme.journal import sceaux

    adresse, anomalies = settings.ARPENT_HORODATAGE, []
    try:
        faits = sceaux.sceller(options.jusqu_au or timezone.localdate() - timedelta(days=1))
    except sceaux.SceauRefuse as erreur:
        raise Refus(str(erreur)) from None
    if adresse:
        try:
            sceaux.horodater_les_sceaux(lambda contenu: horodater(contenu, adresse))
        except HorodatageImpossible as erreur:
            anomalies.append(f"{erreur} Les sceaux sont faits ; ils attendent leur jeton.")
    ecrits, refuses = _exporter(options.sortie) if options.sortie else (0, [])
    anomalies += refuses
    if options.json:
        en_json({"scelles": [sceaux.en_clair(s) for s in faits], "ecrits": ecrits, "anomalies": anomalies})
        return 1 if anomalies else 0
    for s in faits:
        ligne(f"{s.jour:%d/%m/%Y} : entrées {s.premiere} à {s.derniere}, racine {s.racine}")
    if not faits:
        ligne("Rien à sceller : chaque jour fini l’est déjà.")
    if ecrits:
        ligne(f"{ecrits} sceau{'x' if ecrits > 1 else ''} dans {options.sortie}.")
    for anomalie in anomalies:
        ligne(anomalie)
    return 1 if anomalies else 0


def _exporter(dossier: Path) -> tuple[int, list[str]]:
    """Writes every seal, one file a day. A file that holds another root is kept as it is, and named."""
    from arpent.plateforme.journal import sceaux
    from arpent.plateforme.journal.models import Sceau

    ecrits, refuses = 0, []
    try:
        dossier.mkdir(parents=True, exist_ok=True)
        for sceau in Sceau.objects.order_by("jour"):
            chemin = dossier / f"journal-{sceau.jour.isoformat()}.json"
            if chemin.exists() and _racine_gardee(chemin) != sceau.racine:
                refuses.append(
                    f"{chemin} garde une autre racine : il est laissé tel quel. Vérifiez le journal."
                )
                continue
            chemin.write_text(json.dumps(sceaux.en_clair(sceau), indent=1) + "\n", "utf-8")
            ecrits += 1
    except OSError as erreur:
        raise Refus(
            f"impossible d’écrire dans {dossier} ({erreur.strerror}) : choisissez un autre dossier."
        ) from None
    return ecrits, refuses


def _racine_gardee(chemin: Path) -> str:
    from arpent.plateforme.journal.sceaux import SceauRefuse, depuis_le_clair

    try:
        return depuis_le_clair(chemin.read_text("utf-8")).racine
    except (SceauRefuse, UnicodeDecodeError):
        return ""


def verifier_journal(options: argparse.Namespace) -> int:
    """1 when the chain, a seal, or a seal kept elsewhere does not hold."""
    from django.conf import settings

    from arpent.plateforme.documents.signature.horodatage import lire_jeton
    from arpent.plateforme.journal import sceaux
    from arpent.plateforme.journal.actions import verifier

    exportes = _lire_les_exportes(options.sceaux) if options.sceaux else {}
    resultat = verifier()
    try:
        nombre, ecarts = sceaux.verifier_les_sceaux(
            resultat, lambda jeton, contenu: lire_jeton(jeton, contenu, settings.ARPENT_CERTIFICATS), exportes
        )
    except sceaux.SceauRefuse as erreur:
        raise Refus(str(erreur)) from None
    intact = resultat.intacte and not ecarts
    if options.json:
        en_json(
            {
                "intact": intact,
                "entrees": resultat.nombre,
                "rupture": resultat.rupture,
                "raison": resultat.raison,
                "sceaux": nombre,
                "ecarts": [{"jour": e.jour.isoformat(), "raison": e.raison} for e in ecarts],
            }
        )
        return 0 if intact else 1
    if resultat.intacte:
        s = "s" if resultat.nombre > 1 else ""
        ligne(f"Journal intact : {resultat.nombre} entrée{s} vérifiée{s}.")
    else:
        ligne(f"Journal altéré à l’entrée {resultat.rupture} : {resultat.raison}.")
    for ecart in ecarts:
        ligne(f"Sceau du {ecart.jour:%d/%m/%Y} : {ecart.raison}.")
    if nombre and not ecarts:
        ligne(f"{nombre} sceau{'x' if nombre > 1 else ''} de jour, intact{'s' if nombre > 1 else ''}.")
    return 0 if intact else 1


def _lire_les_exportes(dossier: Path) -> dict[str, str]:
    try:
        lus = {f.name: f.read_text("utf-8") for f in sorted(dossier.glob("journal-*.json"))}
    except (OSError, UnicodeDecodeError):
        lus = {}
    if not lus:
        raise Refus(f"le dossier {dossier} ne contient aucun sceau lisible (journal-AAAA-MM-JJ.json).")
    return lus
