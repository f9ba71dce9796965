"""`arpent tournee`: what is done without anybody asking; `arpent courriels`: the queue of mails."""

from __future__ import annotations

import argparse
from typing import Any

from ..commande import Refus
from .sortie import en_json, ligne


def declarer(sous: Any) -> None:
    tournee = sous.add_parser("tournee", help="relances, résumés et envoi des courriels")
    tournee.add_argument("--boucle", action="store_true", help="recommence chaque minute, jusqu’à l’arrêt")
    tournee.add_argument("--parent", type=int, default=0, help=argparse.SUPPRESS)
    tournee.add_argument("--json", action="store_true", help="sortie JSON")
    tournee.set_defaults(agir=faire_la_tournee)

    courriels = sous.add_parser("courriels", help="file des courriels")
    actions = courriels.add_subparsers(dest="action", metavar="ACTION", required=True)
    lister = actions.add_parser("lister", help="les courriels par état, les plus récents d’abord")
    lister.add_argument("--etat", default="", help="en_file, envoye, echec, abandonne")
    lister.add_argument("--limite", type=int, default=50, metavar="N", help="au plus N courriels (50)")
    lister.add_argument("--json", action="store_true", help="sortie JSON")
    lister.set_defaults(agir=lister_les_courriels)
    relancer = actions.add_parser("relancer", help="remet en file les courriels non remis")
    relancer.set_defaults(agir=relancer_les_courriels)
    essai = actions.add_parser("essai", help="envoie un courriel d’essai et dit ce que le serveur répond")
    essai.add_argument("adresse")
    essai.set_defaults(agir=envoyer_un_essai)


def faire_la_tournee(options: argparse.Namespace) -> int:
    from ..tournee import Boucle, passer

    if options.boucle:
        Boucle(options.parent).tourner()
        return 0
    passages = passer()
    if options.json:
        en_json([{"tache": p.tache.code, "nombre": p.nombre, "erreur": p.erreur} for p in passages])
    else:
        for p in passages:
            ligne(f"{p.tache.libelle} : {p.erreur or p.nombre}")
    return 1 if any(p.erreur for p in passages) else 0


def lister_les_courriels(options: argparse.Namespace) -> int:
    from arpent.plateforme.notifications.models import Courriel

    courriels = Courriel.objects.all()
    if options.etat:
        if options.etat not in Courriel.Etat.values:
            raise Refus(
                f"état « {options.etat} » inconnu. États possibles : {', '.join(Courriel.Etat.values)}."
            )
        courriels = courriels.filter(etat=options.etat)
    lus = list(courriels[: max(options.limite, 0)])
    if options.json:
        champs = ("destinataire", "sujet", "etat", "essais", "erreur", "cree_le", "envoye_le", "raison")
        en_json([{champ: getattr(c, champ) for champ in champs} for c in lus])
        return 0
    for c in lus:
        suite = f" ({c.erreur})" if c.erreur else ""
        ligne(f"{c.get_etat_display():<16} {c.destinataire:<36} {c.sujet}{suite}")
    ligne(f"{len(lus)} courriel{'s' if len(lus) > 1 else ''}.")
    return 0


def relancer_les_courriels(options: argparse.Namespace) -> int:
    from arpent.plateforme.notifications.courriels import relancer_envoi
    from arpent.plateforme.notifications.models import Courriel

    remis = [relancer_envoi(c) for c in Courriel.objects.filter(etat=Courriel.Etat.ECHEC)]
    ligne(f"{len(remis)} courriel{'s remis' if len(remis) > 1 else ' remis'} en file.")
    return 0


def envoyer_un_essai(options: argparse.Namespace) -> int:
    from django.conf import settings
    from django.core.exceptions import ValidationError
    from django.core.mail import send_mail
    from django.core.validators import validate_email

    from arpent.plateforme.notifications.courriels import expliquer

    try:
        validate_email(options.adresse)
    except ValidationError:
        raise Refus(f"« {options.adresse} » n’est pas une adresse de courriel.") from None
    try:
        send_mail(
            "Arpent : courriel d’essai",
            f"Ce courriel d’essai vient de {settings.ARPENT_URL}.",
            settings.DEFAULT_FROM_EMAIL,
            [options.adresse],
        )
    except Exception as erreur:
        ligne(f"Non remis : {expliquer(erreur)}")
        return 1
    ou = f"par {settings.EMAIL_HOST}" if settings.EMAIL_HOST else f"écrit dans {settings.EMAIL_FILE_PATH}"
    ligne(f"Courriel d’essai remis {ou}.")
    return 0
