"""Writing a message, settling a thread.

Neither the text nor the name of the object goes to the journal: not all its readers may read them.
"""

from __future__ import annotations

from collections.abc import Collection

from django.db import transaction
from django.db.models import Q

from arpent.plateforme.acteurs.mentions import mentionner, prevenir_mentions
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import (
    Portee,
    cadrer,
    ecrire,
    maisons_de,
    noter_reglee,
)
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.envois import Envoi

from .evenements import ECRITS
from .lecture import Sujet, public_de
from .models import Message


def _du_fil(racine: Message) -> set[int]:
    """Those who wrote in the thread, or were mentioned there. Two queries."""
    du_fil = Message.objects.filter(Q(pk=racine.pk) | Q(reponse_a=racine.pk)).order_by()
    auteurs = du_fil.filter(auteur__isnull=False).values_list("auteur_id", flat=True)
    cites = Message.mentions.through.objects.filter(message__in=du_fil.values("pk"))
    return {pk for pk in (*auteurs, *cites.values_list("agent_id", flat=True)) if pk is not None}


@transaction.atomic
def dire(
    sujet: Sujet,
    texte: str,
    *,
    par: Agent,
    portee: str = Portee.PARTAGEE,
    reponse_a: Message | None = None,
    envoi: Envoi | None = None,
    prevenir: Collection[int] = (),
) -> Message:
    """Writes a message, or an answer (which keeps the reach of its thread). RemarqueRefusee.

    Told: whoever is mentioned; then, among those who may read it, the people of the thread and those whom the
    object concerns.
    """
    texte, portee, maison = cadrer(texte, par=par, portee=portee, reponse_a=reponse_a)
    public = public_de(sujet, par, maison)
    lisent = {a.pk for a in public.lecteurs if portee != Portee.INTERNE or maison in maisons_de(a)}
    cites = mentionner(
        texte, prevenir, lecteurs=public.lecteurs, portee=portee, maison=maison, maison_nom=public.maison,
        de_quoi=sujet.genre.ce,
    )  # fmt: skip
    message = Message(
        demarche=sujet.demarche, genre=sujet.genre.code, objet_id=sujet.objet_id, texte=texte, portee=portee,
        organisation_id=maison, reponse_a=reponse_a, auteur=par, auteur_nom=par.nom_complet,
    )  # fmt: skip
    ecrire(message, envoi=envoi, mentions=cites)
    consigner(
        "ecrire_conversation", sur=message, par=par, demarche_id=sujet.demarche.pk,
        libelle=f"Conversation : {sujet.genre.libelle}", apres={"portee": Portee(portee).label},
    )  # fmt: skip
    annonce, url = f"{sujet.lu.libelle} : {texte}", sujet.url_du_fil
    prevenir_mentions(cites - {par.pk}, par=par, texte=annonce, url=url)
    autres = set(sujet.lu.interesses)
    if reponse_a is not None:
        autres |= _du_fil(reponse_a)
    notifier(
        (autres & lisent) - cites - {par.pk},
        rubrique="remarques",
        sujet=f"{par.nom_complet} vous répond" if reponse_a else f"Un message de {par.nom_complet}",
        texte=annonce[:300],
        url=url,
    )
    for ecoute in ECRITS:
        ecoute(message, par)
    return message


@transaction.atomic
def regler(message: Message, sujet: Sujet, *, resolu: bool, par: Agent) -> Message:
    """Settles a thread, or opens it again. RemarqueRefusee when it is so already."""
    stocke = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    noter_reglee(stocke, resolu=resolu, par=par)
    consigner(
        "regler_conversation" if resolu else "rouvrir_conversation", sur=stocke, par=par,
        demarche_id=stocke.demarche_id, libelle=f"Conversation : {sujet.genre.libelle}",
        apres={"portee": stocke.get_portee_display()},
    )  # fmt: skip
    return stocke
