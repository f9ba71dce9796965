"""Giving, extending and closing what somebody may do; reminding of an end that comes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.territoires.models import Territoire

from .attributions import defaut_de_duree, defaut_de_perimetre, peut_attribuer
from .models import Agent, Habilitation, Organisation
from .roles import ROLES, Portee

RAPPEL = timedelta(days=15)


class HabilitationRefusee(ValueError):
    """Why it cannot be; French, says what to do."""


def _en_mots(habilitation: Habilitation) -> dict[str, Any]:
    return {
        "role": ROLES[habilitation.role].libelle,
        "organisation": str(habilitation.organisation or habilitation.autorite or ""),
        "territoire": str(habilitation.territoire or ""),
        "themes": habilitation.themes,
        "debut": habilitation.debut,
        "fin": habilitation.fin,
    }


def _exiger(par: Agent | None, habilitation: Habilitation, territoires: Collection[int]) -> None:
    """`par` None: the operator on the command line, who may everything."""
    if par is None:
        return
    avis = peut_attribuer(
        par, habilitation.role, autorite_id=habilitation.autorite_id,
        territoire_id=habilitation.territoire_id, territoires=territoires,
    )  # fmt: skip
    if not avis:
        raise HabilitationRefusee(avis.raison)


def _est_administrateur(agent: Agent | None) -> bool:
    return agent is None or any(h.definition.portee is Portee.TOUT for h in agent.habilitations_en_cours)


@transaction.atomic
def donner(
    agent: Agent,
    role: str,
    *,
    autorite: Organisation | None = None,
    territoire: Territoire | None = None,
    organisation: Organisation | None = None,
    themes: Collection[str] = (),
    debut: date,
    fin: date | None = None,
    motif: str = "",
    par: Agent | None,
    territoires: Collection[int] = (),
) -> Habilitation:
    """One more habilitation, and the person is told. HabilitationRefusee: out of what `par` may give, no
    perimeter, a guest without end, the same one already in force, or for oneself (but an administrator).
    """
    if role not in ROLES:
        raise HabilitationRefusee(f"Le rôle « {role} » n’existe pas.")
    portee, le = ROLES[role].portee, timezone.localdate()
    neuve = Habilitation(
        agent=agent,
        role=role,
        autorite=autorite if portee is Portee.AUTORITE else None,
        territoire=territoire if portee in {Portee.TERRITOIRE, Portee.ORGANISATION} else None,
        organisation=organisation or (autorite if portee is Portee.AUTORITE else None),
        themes=",".join(sorted(themes)),
        debut=debut,
        fin=fin,
        motif=motif,
        donnee_par=par,
    )
    manque = defaut_de_perimetre(
        role, autorite_id=neuve.autorite_id, territoire_id=neuve.territoire_id,
        organisation_id=neuve.organisation_id,
    )  # fmt: skip
    if manque := manque or defaut_de_duree(role, debut=debut, fin=fin, le=le):
        raise HabilitationRefusee(manque)
    _exiger(par, neuve, territoires)
    if par is not None and par.pk == agent.pk and not _est_administrateur(par):
        raise HabilitationRefusee("On ne se donne pas un rôle à soi-même : demandez à un administrateur.")
    meme = {
        "role": role, "autorite": neuve.autorite, "territoire": neuve.territoire,
        "organisation": neuve.organisation,
    }  # fmt: skip
    if agent.habilitations.en_cours(max(debut, le)).filter(**meme).exists():
        raise HabilitationRefusee(
            f"{agent.nom_complet} a déjà ce rôle sur ce périmètre : prolongez-le ou changez ses thèmes."
        )
    neuve.save(force_insert=True)
    consigner("donner_habilitation", sur=agent, par=par, motif=motif, apres=_en_mots(neuve))
    if par is None or par.pk != agent.pk:
        jusque = f" jusqu’au {fin:%d/%m/%Y}" if fin else ""
        ou = neuve.territoire or neuve.organisation or "toute l’instance"
        notifier(
            [agent.pk], rubrique="comptes", sujet="Un rôle vous est donné",
            texte=f"{ROLES[role].libelle.capitalize()}, {ou}, du {debut:%d/%m/%Y}{jusque}.",
        )  # fmt: skip
    return neuve


@transaction.atomic
def accorder(agent: Agent, *, par: Agent | None, **champs: Any) -> Habilitation:
    """The habilitation of an accepted invitation: what could be offered was checked when it was sent."""
    habilitation = Habilitation.objects.create(agent=agent, **champs)
    consigner("accorder_habilitation", sur=agent, par=par, apres=_en_mots(habilitation))
    return habilitation


def _verrouiller(habilitation: Habilitation, le: date) -> Habilitation:
    verrou = Habilitation.objects.select_for_update(of=("self",)).select_related("agent")
    relue = verrou.get(pk=habilitation.pk)
    if relue.fin is not None and relue.fin < le:
        raise HabilitationRefusee("Cet accès est déjà terminé : donnez-en un nouveau.")
    return relue


def autre_administrateur(habilitation: Habilitation, apres: date) -> bool:
    """Whether an administrator with an open account remains after that day. One query."""
    restent = Habilitation.objects.filter(role="administrateur", agent__is_active=True, debut__lte=apres)
    return restent.filter(Q(fin__isnull=True) | Q(fin__gt=apres)).exclude(pk=habilitation.pk).exists()


@transaction.atomic
def clore(
    habilitation: Habilitation,
    *,
    le: date,
    motif: str,
    par: Agent | None,
    territoires: Collection[int] = (),
    de_droit: bool = False,
) -> Habilitation:
    """`le` is its last day; yesterday (or before it began) ends it at once. Nothing is deleted.

    `de_droit`: closed by an election, whoever applies it.
    """
    habilitation = _verrouiller(habilitation, timezone.localdate())
    if not de_droit:
        _exiger(par, habilitation, territoires)
    if not motif.strip():
        raise HabilitationRefusee("Dites pourquoi cet accès se termine.")
    if habilitation.fin is not None and habilitation.fin < le:
        raise HabilitationRefusee("Cet accès se termine déjà avant cette date.")
    if habilitation.role == "administrateur" and not autre_administrateur(habilitation, le):
        raise HabilitationRefusee(
            "C’est le dernier administrateur : donnez d’abord ce rôle à une autre personne."
        )
    avant = _en_mots(habilitation)
    habilitation.fin, habilitation.motif = le, motif.strip()[:200]
    habilitation.save(update_fields=["fin", "motif"])
    consigner(
        "clore_habilitation", sur=habilitation.agent, par=par, motif=motif, avant=avant,
        apres=_en_mots(habilitation),
    )  # fmt: skip
    return habilitation


@transaction.atomic
def prolonger(
    habilitation: Habilitation,
    *,
    fin: date | None,
    themes: Collection[str] | None = None,
    par: Agent | None,
    territoires: Collection[int] = (),
) -> Habilitation:
    """Another end (None: no end), other themes. The reminder of the end will be sent again."""
    le = timezone.localdate()
    habilitation = _verrouiller(habilitation, le)
    _exiger(par, habilitation, territoires)
    if manque := defaut_de_duree(habilitation.role, debut=habilitation.debut, fin=fin, le=le):
        raise HabilitationRefusee(manque)
    dernier = habilitation.role == "administrateur" and fin is not None
    if dernier and not autre_administrateur(habilitation, fin or le):
        raise HabilitationRefusee("C’est le dernier administrateur : son accès reste sans fin.")
    if par is not None and par.pk == habilitation.agent_id and not _est_administrateur(par):
        raise HabilitationRefusee("On ne prolonge pas son propre rôle : demandez à un administrateur.")
    avant = _en_mots(habilitation)
    habilitation.fin, habilitation.rappelee_le = fin, None
    if themes is not None:
        habilitation.themes = ",".join(sorted(themes))
    habilitation.save(update_fields=["fin", "rappelee_le", "themes"])
    consigner(
        "prolonger_habilitation", sur=habilitation.agent, par=par, avant=avant, apres=_en_mots(habilitation)
    )
    return habilitation


@transaction.atomic
def rappeler_les_fins(maintenant: datetime) -> int:
    """Tells whoever gave an access that it ends within fifteen days. Once each; returns how many.

    Run every day. One query, then one notification for each.
    """
    le = timezone.localdate(maintenant)
    proches = (
        Habilitation.objects.select_for_update(of=("self",), skip_locked=True)
        .filter(fin__gte=le, fin__lte=le + RAPPEL, debut__lte=le, rappelee_le__isnull=True)
        .filter(donnee_par__isnull=False, agent__is_active=True)
        .select_related("agent", "territoire", "organisation")
    )
    nombre = 0
    for habilitation in proches:
        ou = habilitation.territoire or habilitation.organisation or ""
        notifier(
            [habilitation.donnee_par_id or 0],
            rubrique="comptes",
            sujet="Un accès se termine bientôt",
            texte=f"{habilitation.agent.nom_complet}, {habilitation.get_role_display()} ({ou}) : dernier "
            f"jour le {habilitation.fin:%d/%m/%Y}. Prolongez-le s’il le faut.",
            url="/habilitations/",
        )
        habilitation.rappelee_le = le
        habilitation.save(update_fields=["rappelee_le"])
        nombre += 1
    return nombre
