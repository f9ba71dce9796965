"""Accounts from the console: invite, close, see and end sessions, export, anonymise."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Any

from ..commande import Refus
from .reperage import jour_de
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    compte = sous.add_parser("compte", help="comptes : invitations, sessions, données personnelles")
    actions = compte.add_subparsers(dest="action", metavar="ACTION", required=True)

    inviter = actions.add_parser("inviter", help="envoie un lien d’invitation, et l’affiche")
    inviter.add_argument("courriel")
    inviter.add_argument("--nom", required=True)
    inviter.add_argument("--prenom", default="")
    inviter.add_argument("--role", required=True, help="chef_de_projet, maire, invite…")
    inviter.add_argument("--autorite", default="", help="SIREN de l’autorité, pour ses rôles")
    inviter.add_argument("--territoire", default="", help="CODE du territoire, pour les rôles locaux")
    inviter.add_argument("--organisation", default="", help="SIREN de la structure représentée")
    inviter.add_argument("--fin", type=jour_de, metavar="AAAA-MM-JJ", help="dernier jour")
    inviter.add_argument(
        "--adresse", default="http://127.0.0.1:8000", help="adresse publique de l’instance, pour le lien"
    )
    inviter.set_defaults(agir=inviter_une_personne)

    desactiver = actions.add_parser("desactiver", help="ferme un compte, ses habilitations et ses sessions")
    desactiver.add_argument("courriel")
    desactiver.add_argument("--motif", default="")
    desactiver.set_defaults(agir=desactiver_un_compte)

    reactiver = actions.add_parser("reactiver", help="rouvre un compte désactivé, sans habilitation")
    reactiver.add_argument("courriel")
    reactiver.add_argument("--motif", default="")
    reactiver.set_defaults(agir=reactiver_un_compte)

    sessions = actions.add_parser("sessions", help="liste les sessions ouvertes d’un compte, ou les ferme")
    sessions.add_argument("courriel")
    sessions.add_argument("--fermer", action="store_true", help="les ferme toutes")
    sessions.add_argument("--json", action="store_true", help="sortie JSON")
    sessions.set_defaults(agir=voir_les_sessions)

    facteur = actions.add_parser("retirer-facteur", help="retire un second facteur perdu")
    facteur.add_argument("courriel")
    facteur.set_defaults(agir=retirer_le_facteur)

    identite = actions.add_parser("delier", help="délie un compte de son identité de la connexion unique")
    identite.add_argument("courriel")
    identite.set_defaults(agir=delier_le_compte)

    exporter = actions.add_parser("exporter", help="écrit toutes les données d’une personne (ZIP)")
    exporter.add_argument("courriel")
    exporter.add_argument("fichier", type=Path)
    exporter.set_defaults(agir=exporter_les_donnees)

    anonymiser = actions.add_parser("anonymiser", help="efface l’identité de qui n’est plus habilité")
    anonymiser.add_argument("courriel")
    anonymiser.add_argument("--apercu", action="store_true", help="dit ce qui serait fait, et s’arrête")
    anonymiser.add_argument("--motif", default="", help="écrit au journal")
    anonymiser.set_defaults(agir=anonymiser_un_compte)


def _agent(courriel: str) -> Any:
    from arpent.plateforme.acteurs.models import Agent

    agent = Agent.objects.filter(courriel__iexact=courriel).first()
    if agent is None:
        raise Refus(f"aucun compte ne porte l’adresse {courriel}. Vérifiez-la.")
    return agent


def inviter_une_personne(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes import invitations
    from arpent.plateforme.acteurs.models import Organisation

    from .reperage import demarche_de

    def structure(siren: str) -> Organisation | None:
        trouvee = Organisation.objects.filter(siren=siren).first() if siren else None
        if siren and trouvee is None:
            raise Refus(f"aucune organisation de SIREN {siren}. Vérifiez le numéro (9 chiffres).")
        return trouvee

    offre = invitations.Offre(
        courriel=options.courriel, nom=options.nom, prenom=options.prenom, role=options.role,
        debut=date.today(), fin=options.fin, organisation=structure(options.organisation),
        autorite=structure(options.autorite),
        territoire=demarche_de(options.territoire).territoire if options.territoire else None,
    )  # fmt: skip
    base = options.adresse.rstrip("/")
    try:
        invitation = invitations.inviter(
            offre, par=None, territoires=(), adresse=lambda jeton: f"{base}/invitation/{jeton}/"
        )
    except invitations.InvitationRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"Invitation envoyée à {invitation.courriel}, valable sept jours :")
    ligne(f"{base}/invitation/{invitations.jeton_de(invitation)}/")
    return 0


def desactiver_un_compte(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes.ouverture import desactiver_compte
    from arpent.plateforme.acteurs.habilitations import HabilitationRefusee

    try:
        agent = desactiver_compte(_agent(options.courriel), par=None, motif=options.motif)
    except HabilitationRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"Compte désactivé : {agent.nom_complet}. Ses sessions et ses habilitations sont closes.")
    return 0


def reactiver_un_compte(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes.ouverture import reactiver_compte
    from arpent.plateforme.acteurs.habilitations import HabilitationRefusee

    try:
        agent = reactiver_compte(_agent(options.courriel), par=None, motif=options.motif)
    except HabilitationRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"Compte rouvert : {agent.nom_complet}. Il n’a aucune habilitation : invitez la personne.")
    return 0


def voir_les_sessions(options: argparse.Namespace) -> int:
    from django.utils.timezone import localtime

    from arpent.plateforme.acteurs.comptes.sessions import fermer_les_sessions, sessions_de

    agent = _agent(options.courriel)
    if options.fermer:
        ligne(f"Sessions fermées : {fermer_les_sessions(agent, par=None)}")
        return 0
    lues = [s.session for s in sessions_de(agent)]
    if options.json:
        en_json(
            [
                {
                    "ouverte_le": s.ouverte_le.isoformat(), "moyen": s.moyen, "adresse": s.adresse,
                    "navigateur": s.navigateur,
                }
                for s in lues
            ]
        )  # fmt: skip
        return 0
    for s in lues:
        ligne(f"{localtime(s.ouverte_le):%d/%m/%Y %H:%M}  {s.moyen}  {s.adresse}  {s.navigateur}".rstrip())
    ligne(f"{len(lues)} session(s) ouverte(s).")
    return 0


def retirer_le_facteur(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes.facteurs import retirer_code_temporel
    from arpent.plateforme.acteurs.comptes.sessions import fermer_les_sessions

    agent = _agent(options.courriel)
    retirer_code_temporel(agent, par=None)
    fermer_les_sessions(agent, par=None, motif="second facteur retiré par l’exploitant")
    ligne(f"Second facteur retiré : {agent.nom_complet}. Ses sessions sont fermées.")
    return 0


def delier_le_compte(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes.identites import delier

    agent = _agent(options.courriel)
    if not delier(agent, par=None):
        raise Refus(f"{agent.nom_complet} n’est pas lié à la connexion unique : il n’y a rien à délier.")
    ligne(f"Compte délié : {agent.nom_complet}. La prochaine identité qui montre son adresse le liera.")
    return 0


def exporter_les_donnees(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes.export import exporter

    try:
        options.fichier.write_bytes(exporter(_agent(options.courriel)))
    except OSError as erreur:
        raise Refus(f"{options.fichier} ne peut pas être écrit ({erreur.strerror}).") from None
    ligne(f"Données écrites : {options.fichier}")
    return 0


def anonymiser_un_compte(options: argparse.Namespace) -> int:
    from arpent.plateforme.acteurs.comptes import anonymisation
    from arpent.plateforme.acteurs.habilitations import HabilitationRefusee

    agent = _agent(options.courriel)
    if options.apercu:
        for lue in anonymisation.apercu(agent):
            ligne(f"{lue.nombre:>7}  {lue.quoi} : {lue.sort}")
        return 0
    try:
        fait = anonymisation.anonymiser(agent, par=None, motif=options.motif)
    except HabilitationRefusee as refus:
        raise Refus(str(refus)) from None
    ligne(f"Compte anonymisé : {fait.nom_complet}")
    return 0
