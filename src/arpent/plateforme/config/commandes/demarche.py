"""Démarches from the console: opened, read step by step, moved to another version of their process."""

from __future__ import annotations

import argparse
from datetime import date
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import demarche_de, dispositif_de, jour_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.demarches.models import Etape


def declarer(sous: Any) -> None:
    demarche = sous.add_parser("demarche", help="démarches : ouverture, étapes, version du processus")
    actions = demarche.add_subparsers(dest="action", metavar="ACTION", required=True)
    ouvrir = actions.add_parser("ouvrir", help="ouvre la démarche d’un territoire dans un dispositif")
    ouvrir.add_argument("territoire", metavar="TERRITOIRE", help="identifiant du territoire")
    ouvrir.add_argument("--dispositif", required=True, metavar="NOM", help="lozere, nouvelle-aquitaine…")
    ouvrir.add_argument("--generation", required=True, metavar="ANNEES", help="par exemple 2027-2029")
    ouvrir.add_argument(
        "--le", type=jour_de, default=None, metavar="AAAA-MM-JJ", help="aujourd’hui si absent"
    )
    ouvrir.add_argument(
        "--retenir", action="append", metavar="CODE", help="étape facultative retenue (à répéter)"
    )
    ouvrir.set_defaults(agir=ouvrir_une_demarche)

    etapes = actions.add_parser("etapes", help="liste les étapes d’une démarche et leurs dates")
    etapes.add_argument("territoire", metavar="CODE", help="démarche, territoire ou SIREN")
    etapes.add_argument("--json", action="store_true", help="sortie JSON")
    etapes.set_defaults(agir=lire_les_etapes)

    version = actions.add_parser("version", help="passe une démarche à la dernière version de son processus")
    version.add_argument("territoire", metavar="CODE", help="démarche, territoire ou SIREN")
    version.add_argument(
        "--appliquer", dest="motif", default="", metavar="RAISON", help="sans elle, rien n’est changé"
    )
    version.set_defaults(agir=changer_la_version)


def ouvrir_une_demarche(options: argparse.Namespace) -> int:
    from arpent.plateforme.demarches.processus.lancement import LancementRefuse, lancer
    from arpent.plateforme.territoires.models import Territoire

    territoire = Territoire.objects.filter(slug=options.territoire).first()
    if territoire is None:
        connus = ", ".join(Territoire.objects.order_by("slug").values_list("slug", flat=True))
        raise Refus(
            f"territoire « {options.territoire} » inconnu. Territoires : {connus or 'aucun (arpent init)'}."
        )
    dispositif = dispositif_de(options.dispositif)
    retenues = options.retenir
    try:
        demarche = lancer(
            territoire,
            dispositif.processus,
            generation=options.generation,
            ouverte_le=options.le or date.today(),
            par=None,
            retenues=retenues,
        )
    except LancementRefuse as refus:
        raise Refus(str(refus)) from None
    ligne(f"Démarche ouverte : {demarche} (identifiant {demarche.slug})")
    return 0


def lire_les_etapes(options: argparse.Namespace) -> int:
    """The steps of a running démarche, with their dates."""
    demarche = demarche_de(options.territoire)
    etapes = list(demarche.etapes.all())
    if options.json:
        champs = ("code", "libelle", "phase", "mois", "facultative", "retenue", "prevue_le", "faite_le")
        en_json([{c: getattr(e, c) for c in champs} for e in etapes])
        return 0
    version = demarche.version_processus.numero
    ligne(f"{demarche}, version {version} du processus « {demarche.processus.nom} »")
    for etape in etapes:
        ligne(f"  {_quand(etape):<24} {etape.code:<36} {etape.libelle}")
    return 0


def _quand(etape: Etape) -> str:
    if etape.faite_le:
        return f"faite le {etape.faite_le:%d/%m/%Y}"
    if etape.est_ecartee:
        return "non retenue"
    return f"prévue le {etape.prevue_le:%d/%m/%Y}" if etape.prevue_le else "sans date"


def changer_la_version(options: argparse.Namespace) -> int:
    """Shows what the last version would add and take away; with --appliquer, moves the démarche to it."""
    from arpent.plateforme.demarches.processus.redaction import en_vigueur
    from arpent.plateforme.demarches.processus.versions import changer_version, preparer

    demarche = demarche_de(options.territoire)
    version = en_vigueur(demarche.processus)
    if version is None or version.pk == demarche.version_processus_id:
        ligne(f"{demarche} suit déjà la dernière version du processus.")
        return 0
    passage = preparer(demarche, version, date.today())
    for mot, etapes in (
        ("ajoutée", passage.ajoutees),
        ("retirée", passage.retirees),
        ("faite, conservée", passage.conservees),
    ):  # fmt: skip
        for etape in etapes:
            ligne(f"  {mot:<18} {etape.libelle}")
    if not options.motif:
        ligne('Rien n’est changé. Pour appliquer : --appliquer "la raison"')
        return 0
    changer_version(demarche, version, par=None, motif=options.motif, le=date.today())
    ligne(f"{demarche} suit la version {version.numero}.")
    return 0
