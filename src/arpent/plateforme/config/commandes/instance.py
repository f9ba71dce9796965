"""Setting up, serving, and the people of an instance."""

from __future__ import annotations

import argparse
import getpass
import os
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

from ..commande import Refus
from .sortie import etape, ligne


def declarer(sous: Any) -> None:
    init = sous.add_parser("init", help="prépare la base et charge les données publiques livrées")
    init.add_argument("--sans-donnees", action="store_true", help="la base seule")
    init.set_defaults(agir=initialiser)

    migrer = sous.add_parser("migrer", help="met la base à niveau, sans recharger les données publiques")
    migrer.set_defaults(agir=mettre_a_niveau)

    servir = sous.add_parser("serve", help="sert l’application")
    _options_serveur(servir)
    servir.set_defaults(agir=lancer)

    demo = sous.add_parser("demo", help="charge les territoires de démonstration, puis sert l’application")
    demo.add_argument("--sans-serveur", action="store_true", help="charge et s’arrête")
    _options_serveur(demo)
    demo.set_defaults(agir=demonstration)

    agent = sous.add_parser("agent", help="comptes des agents")
    actions = agent.add_subparsers(dest="action", metavar="ACTION", required=True)
    creer = actions.add_parser("creer", help="crée un compte et son habilitation")
    creer.add_argument("courriel")
    creer.add_argument("--nom", required=True)
    creer.add_argument("--prenom", default="")
    creer.add_argument("--role", default="administrateur", help="administrateur, chef_de_projet, maire…")
    creer.add_argument("--autorite", default="", help="SIREN de l’autorité, pour ses rôles et ceux de l’État")
    creer.add_argument("--territoire", default="", help="CODE du territoire, pour les rôles locaux")
    creer.add_argument("--organisation", default="", help="SIREN de l’organisation représentée")
    creer.set_defaults(agir=creer_agent)

    dispositif = sous.add_parser("dispositif", help="dispositifs et règlements")
    actions = dispositif.add_subparsers(dest="action", metavar="ACTION", required=True)
    charger = actions.add_parser("charger", help="charge un dispositif depuis son dossier")
    charger.add_argument("dossier", type=Path)
    charger.set_defaults(agir=charger_un_dispositif)


def _options_serveur(analyseur: argparse.ArgumentParser) -> None:
    analyseur.add_argument("--adresse", default=os.environ.get("ARPENT_ADRESSE", "127.0.0.1"))
    analyseur.add_argument("--port", type=int, default=int(os.environ.get("ARPENT_PORT", "8000")))
    analyseur.add_argument("--processus", type=int, default=2, help="processus de travail (2)")
    analyseur.add_argument(
        "--sans-tournee", action="store_true", help="sans relances ni courriels : un autre processus les fait"
    )


def preparer_la_base() -> None:
    from ..migrer import MigrationRefusee, migrer

    try:
        migrer(ligne)
    except MigrationRefusee as refus:
        raise Refus(str(refus)) from None


def mettre_a_niveau(options: argparse.Namespace) -> int:
    """The schema alone: nothing of the public data is loaded again."""
    with etape("Base de données"):
        preparer_la_base()
    return 0


def initialiser(options: argparse.Namespace) -> int:
    from django.conf import settings

    from arpent.plateforme.acteurs.chargement import charger_organisations
    from arpent.plateforme.observatoire.chargement import charger_extraits
    from arpent.plateforme.reglements.chargement import charger_dispositif, lister_livres
    from arpent.plateforme.territoires.chargement import charger_territoires

    with etape("Base de données"):
        preparer_la_base()
    if not options.sans_donnees:
        ligne("  Territoires")
        charger_territoires(lambda texte: ligne(f"    {texte}"))
        with etape("Organisations"):
            charger_organisations()
        ligne("  Observatoire")
        charger_extraits(settings.DONNEES, lambda texte: ligne(f"    {texte}"))
        for dossier in lister_livres():
            with etape(f"Dispositif {dossier.name}"):
                charger_dispositif(dossier, demonstration=False, par=None)
    ligne("Prêt. Ouvrez une démarche (arpent demarche ouvrir --help), créez un premier compte")
    ligne("(arpent agent creer --help), puis lancez : arpent serve")
    return 0


def lancer(options: argparse.Namespace) -> int:
    """Becomes the server (gunicorn, threads): a signal reaches it directly."""
    from django.core.management import call_command
    from django.core.management.base import CommandError

    from ..serveur import Serveur

    try:
        call_command("migrate", check_unapplied=True, verbosity=0)
    except (CommandError, SystemExit):
        raise Refus("la base n’est pas à jour. Lancez : arpent init") from None
    _exiger_port_libre(options.adresse, options.port)
    ligne(f"Arpent répond sur http://{options.adresse}:{options.port} (Ctrl-C pour arrêter)")
    sys.stdout.flush()
    if not options.sans_tournee:
        _lancer_la_tournee()
    Serveur(options.adresse, options.port, options.processus).run()
    return 0


def _lancer_la_tournee() -> None:
    """The round in a process of its own, that ends with the server."""
    commande = [sys.executable, "-m", "arpent", "tournee", "--boucle", "--parent", str(os.getpid())]
    subprocess.Popen(commande)


def _exiger_port_libre(adresse: str, port: int) -> None:
    import socket

    with socket.socket() as essai:
        essai.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            essai.bind((adresse, port))
        except OSError:
            raise Refus(
                f"le port {port} est déjà pris. Arrêtez l’autre serveur, ou choisissez : --port {port + 1}"
            ) from None


def demonstration(options: argparse.Namespace) -> int:
    from ..demo import charger

    charger.tout()
    if options.sans_serveur:
        return 0
    from ..demo.comptes import afficher

    afficher(options.adresse, options.port)
    return lancer(options)


def _mot_de_passe() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    premier = getpass.getpass("Mot de passe (12 caractères au moins) : ")
    if premier != getpass.getpass("Encore une fois : "):
        raise Refus("les deux saisies diffèrent. Recommencez.")
    return premier


def creer_agent(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.actions import CompteRefuse, creer_compte

    from .reperage import demarche_de

    territoire = demarche_de(options.territoire).territoire if options.territoire else None
    try:
        agent = creer_compte(
            courriel=options.courriel,
            nom=options.nom,
            prenom=options.prenom,
            mot_de_passe=_mot_de_passe(),
            role=options.role,
            autorite_siren=options.autorite,
            organisation_siren=options.organisation,
            territoire=territoire,
            debut=date.today(),
        )
    except CompteRefuse as refus:
        raise Refus(str(refus)) from None
    ligne(f"Compte créé : {agent.nom_complet} <{agent.courriel}>")
    return 0


def charger_un_dispositif(options: argparse.Namespace) -> int:
    from arpent.plateforme.reglements.chargement import DispositifInvalide, charger_dispositif

    try:
        dispositif = charger_dispositif(options.dossier, demonstration=False, par=None)
    except DispositifInvalide as refus:
        raise Refus(str(refus)) from None
    ligne(f"Dispositif chargé : {dispositif.nom}")
    return 0
