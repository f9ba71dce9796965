"""`arpent contrat signer`, `signatures` and `verifier`: the twins of the pages of the signature."""

from __future__ import annotations

import argparse
import getpass
import os
import sys
from datetime import UTC, date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..commande import Refus
from .reperage import avenant_de, demarche_de, dispositif_de
from .sortie import en_json, ligne

if TYPE_CHECKING:
    from arpent.plateforme.contrats.models import Avenant, Contrat, EmplacementSignature


def declarer_signatures(actions: Any) -> None:
    signer = actions.add_parser("signer", help="signe le contrat, ou un avenant, pour une partie (PKCS#12)")
    quoi = signer.add_mutually_exclusive_group(required=True)
    quoi.add_argument("--territoire", metavar="CODE", help="identifiant ou SIREN")
    quoi.add_argument("--dispositif", metavar="NOM", help="tout ce qui attend cette partie dans ses contrats")
    signer.add_argument("--partie", required=True, metavar="SIREN", help="SIREN de la partie qui signe")
    signer.add_argument(
        "--certificat", type=Path, metavar="FICHIER", help="sans lui, celui du dossier des certificats"
    )
    signer.add_argument("--avenant", type=int, metavar="N", help="signe l’avenant de ce numéro")
    signer.add_argument("--ouvrir", action="store_true", help="ouvre d’abord le circuit s’il ne l’est pas")
    signer.add_argument(
        "--separement",
        action="store_true",
        help="avec --ouvrir : un contrat par signataire",
    )
    signer.add_argument(
        "--acte", default="", metavar="NUMERO", help="avec --ouvrir : acte du président, pour un acte simple"
    )
    signer.add_argument("--json", action="store_true", help="sortie JSON")
    signer.set_defaults(agir=signer_contrat)
    suivi = actions.add_parser("signatures", help="où en sont les signatures du contrat, ou d’un avenant")
    suivi.add_argument("--territoire", required=True, metavar="CODE", help="identifiant ou SIREN")
    suivi.add_argument("--avenant", type=int, metavar="N", help="celles de l’avenant de ce numéro")
    suivi.add_argument("--json", action="store_true", help="sortie JSON")
    suivi.set_defaults(agir=lister_signatures)
    verifier = actions.add_parser("verifier", help="vérifie un PDF signé, ou une preuve de consentement")
    verifier.add_argument("fichier", type=Path, metavar="FICHIER")
    verifier.add_argument("--json", action="store_true", help="sortie JSON")
    verifier.set_defaults(agir=verifier_fichier)


def _contrat(code: str) -> Contrat:
    from arpent.plateforme.contrats.assemblage import trouver_contrat

    contrat = trouver_contrat(demarche_de(code))
    if contrat is None:
        raise Refus("le contrat de ce territoire n’est pas encore préparé : préparez-le sur sa page.")
    return contrat


def _lire(chemin: Path, quoi: str) -> bytes:
    try:
        return chemin.read_bytes()
    except OSError as erreur:
        raise Refus(f"{quoi} {chemin} ne peut pas être lu : {erreur.strerror}.") from erreur


def _ouvrir(contrat: Contrat, avenant: Avenant | None, options: argparse.Namespace) -> None:
    from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
    from arpent.plateforme.contrats.signatures.circuits import ouvrir_pour_le_contrat
    from arpent.plateforme.contrats.signatures.separement import ouvrir_separement

    if avenant is not None:
        ouvrir_signature(avenant, par=None, le=date.today(), acte=options.acte)
    elif options.separement:
        ouvrir_separement(contrat, ordre_impose=False, par=None)
    else:
        ouvrir_pour_le_contrat(contrat, ordre_impose=False, par=None)


def _places(contrat: Contrat, options: argparse.Namespace) -> list[EmplacementSignature]:
    """The places of the party in the circuits under way: one, or several when contracts are signed apart."""
    from arpent.plateforme.contrats.models import CircuitSignature, EmplacementSignature

    avenant, siren = avenant_de(contrat, options.avenant), options.partie
    ouverts = contrat.circuits.filter(etat=CircuitSignature.Etat.OUVERT, avenant=avenant)
    if options.ouvrir and not ouverts.exists():
        _ouvrir(contrat, avenant, options)
    circuits = list(ouverts.values_list("pk", flat=True))
    if not circuits:
        raise Refus("aucun circuit de signature n’est ouvert : ouvrez-le sur la page, ou ajoutez --ouvrir.")
    toutes = EmplacementSignature.objects.select_related("circuit__contrat", "partie__organisation")
    de_la_partie = toutes.filter(circuit__in=circuits, partie__organisation__siren=siren)
    siennes = list(de_la_partie.order_by("circuit_id"))
    if not siennes:
        connues = toutes.filter(circuit__in=circuits).exclude(partie__organisation__siren="")
        sirens = ", ".join(dict.fromkeys(connues.values_list("partie__organisation__siren", flat=True)))
        raise Refus(f"aucune partie de SIREN {siren} dans ce circuit. Parties : {sirens}.")
    attendues = [p for p in siennes if p.etat == EmplacementSignature.Etat.ATTENDUE]
    return attendues or siennes[:1]


def _mot_de_passe(siren: str) -> str:
    """From the environment, else typed: never on the command line, where other users would read it."""
    if (donne := os.environ.get(f"ARPENT_CERTIFICAT_{siren}")) is not None:
        return donne
    if sys.stdin.isatty():
        return getpass.getpass("Mot de passe du certificat : ")
    return sys.stdin.readline().rstrip("\n")


def _certificat(options: argparse.Namespace) -> bytes:
    from django.conf import settings

    from arpent.plateforme.documents.signature.certificats import chemin_du_certificat

    chemin = options.certificat or chemin_du_certificat(settings.ARPENT_CERTIFICATS, options.partie)
    if chemin is None:
        raise Refus(
            f"aucun certificat {options.partie}.p12 dans {settings.ARPENT_CERTIFICATS} : ajoutez-le, ou "
            "donnez --certificat."
        )
    return _lire(chemin, "le certificat")


def _signer_ensemble(options: argparse.Namespace) -> int:
    """1 when one of the signatures is refused; the others are given."""
    from arpent.plateforme.contrats.signatures.ensemble import du_corps

    if options.avenant or options.ouvrir:
        raise Refus("--dispositif signe ce qui est déjà à signer : sans --avenant ni --ouvrir.")
    places = du_corps(options.partie, dispositif_de(options.dispositif).slug)
    return _tout_signer(places, options)


def _tout_signer(places: list[EmplacementSignature], options: argparse.Namespace) -> int:
    from arpent.plateforme.contrats.signatures.ensemble import signer_ensemble

    contenu = _certificat(options)
    issues = signer_ensemble(places, contenu, _mot_de_passe(options.partie), par=None) if places else []
    if options.json:
        en_json(
            [
                {
                    "objet": i.place.circuit.objet,
                    "etat": i.place.etat,
                    "sha256": i.place.sha256,
                    "refus": i.refus,
                }
                for i in issues
            ]
        )
    else:
        for i in issues:
            ligne(f"{i.place.circuit.objet} : {i.refus or 'signé'}")
        faites = sum(not i.refus for i in issues)
        ligne(f"Signatures faites : {faites} sur {len(issues)} attendues.")
    return 1 if any(i.refus for i in issues) else 0


def signer_contrat(options: argparse.Namespace) -> int:
    """Signs for one party; refusals are one line, exit code 2."""
    from arpent.metier.cycles import TransitionRefusee
    from arpent.plateforme.contrats.exigences import ContratRefuse
    from arpent.plateforme.contrats.signatures.electronique import signer_electronique
    from arpent.plateforme.documents.rendu.pdf import RenduImpossible

    if not options.partie.strip():
        raise Refus("donnez le SIREN de la partie qui signe : --partie 224800011")
    if options.dispositif:
        return _signer_ensemble(options)
    contrat, contenu = _contrat(options.territoire), _certificat(options)
    try:
        place, *suivantes = _places(contrat, options)
        if suivantes:
            return _tout_signer([place, *suivantes], options)
        place = signer_electronique(place, contenu, _mot_de_passe(options.partie), par=None)
    except (ContratRefuse, TransitionRefusee, RenduImpossible) as refus:
        raise Refus(str(refus)) from refus
    if options.json:
        en_json(
            {
                "partie": place.partie.organisation.nom,
                "siren": options.partie,
                "etat": place.etat,
                "sha256": place.sha256,
                "certificat": place.preuve["certificat"],
                "niveau": place.preuve["niveau"],
                "circuit": place.circuit.etat,
            }
        )
        return 0
    ligne(f"{place.partie.organisation.nom} a signé (niveau {place.preuve['niveau']}).")
    ligne(f"Empreinte du document signé : {place.sha256}")
    return 0


def lister_signatures(options: argparse.Namespace) -> int:
    """One object per circuit with `--json`, else one line per party."""
    from arpent.plateforme.contrats.signatures.lecture import signatures_json

    contrat = _contrat(options.territoire)
    circuits = signatures_json(contrat, avenant_de(contrat, options.avenant))
    if options.json:
        en_json(circuits)
        return 0
    for circuit in circuits:
        ligne(f"{circuit['objet']} : circuit {circuit['etat']}")
        for place in circuit["signatures"]:
            canal = f" ({place['canal']})" if place["canal"] else ""
            ligne(f"    {place['partie']:<45} {place['etat']}{canal}")
    if not circuits:
        ligne("Aucun circuit de signature n’est ouvert.")
    return 0


def verifier_fichier(options: argparse.Namespace) -> int:
    """0 intact, 1 altered or unsigned or unreadable, 2 when the file cannot be opened."""
    from arpent.plateforme.contrats.signatures.verification import rapport_json, verifier_ici

    rapport, emis = verifier_ici(_lire(options.fichier, "le fichier"))
    if options.json:
        en_json(rapport_json(rapport, emis))
        return 0 if rapport.intact else 1
    ligne(rapport.explication)
    for signature in rapport.signatures:
        heure = "horodatée" if signature.horodatee else "heure déclarée"
        etat = "intacte" if signature.intacte else "ne tient pas"
        ligne(
            f"    {signature.nom} : {etat}, {signature.instant.astimezone(UTC):%d/%m/%Y %H:%M} UTC ({heure})"
        )
        ligne(
            f"        certificat de {signature.emetteur}{'' if signature.reconnu else ', autorité inconnue'}"
        )
    for revision in rapport.revisions:
        ligne(f"    révision {revision.numero}, jusqu’à l’octet {revision.fin} : {revision.apport}")
    for alteration in rapport.alterations:
        ligne(f"    altération : {alteration}")
    ligne(f"Émis par cette instance : {emis.titre}" if emis else "Inconnu de cette instance.")
    return 0 if rapport.intact else 1
