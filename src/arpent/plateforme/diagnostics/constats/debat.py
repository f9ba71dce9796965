"""What supports a finding, what is said about it, and whether the territory agrees."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import ConstatTerritorial, Echange, Preuve

CHAMPS_PREUVE = ("genre", "texte", "indicateur", "valeur_citee", "millesime_cite", "adresse")
ECHANGES_MAX = 20
"""Messages one person may post in an hour on one démarche."""


class TropDeMessages(Exception):
    """The discussion is not a chat: said in French, with what to do."""

    def __init__(self) -> None:
        super().__init__(
            f"Vous avez écrit {ECHANGES_MAX} messages en une heure sur ce diagnostic : reprenez un peu "
            "plus tard, ou regroupez vos remarques en un seul message."
        )


@transaction.atomic
def ajouter_preuve(preuve: Preuve, *, par: Agent | None) -> Preuve:
    preuve.save()
    apres = {nom: getattr(preuve, nom) for nom in CHAMPS_PREUVE if getattr(preuve, nom)}
    _consigner("ajouter_preuve", preuve.constat, par, apres=apres)
    return preuve


@transaction.atomic
def retirer_preuve(preuve: Preuve, *, par: Agent | None) -> None:
    avant = {nom: getattr(preuve, nom) for nom in CHAMPS_PREUVE if getattr(preuve, nom)}
    constat = preuve.constat
    preuve.delete()
    _consigner("retirer_preuve", constat, par, avant=avant)


@transaction.atomic
def dire(constat: ConstatTerritorial, texte: str, *, par: Agent) -> Echange:
    """A message on a finding. Raises TropDeMessages."""
    Agent.objects.select_for_update().get(pk=par.pk)
    depuis = timezone.now() - timedelta(hours=1)
    recents = Echange.objects.filter(
        auteur=par, ecrit_le__gte=depuis, constat__demarche_id=constat.demarche_id
    ).count()
    if recents >= ECHANGES_MAX:
        raise TropDeMessages
    echange = Echange.objects.create(constat=constat, auteur=par, auteur_nom=str(par)[:200], texte=texte)
    _consigner("ecrire_message", constat, par, apres={"message": texte})
    return echange


@transaction.atomic
def masquer(echange: Echange, *, par: Agent) -> None:
    """Hides a message from the discussion; the journal keeps it."""
    echange.masque = True
    echange.save(update_fields=["masque"])
    _consigner("masquer_message", echange.constat, par, avant={"message": echange.texte})


@transaction.atomic
def accorder(
    constat: ConstatTerritorial, accord: str, motif: str, *, version_lue: int, par: Agent | None
) -> ConstatTerritorial:
    """Agreed, contested (with its reason) or only proposed. Raises ConflitDeVersion."""
    avant = {"accord": constat.accord, "motif_accord": constat.motif_accord}
    constat.accord, constat.motif_accord = accord, motif
    enregistrer_version(constat, version_lue, ["accord", "motif_accord"])
    apres = {"accord": accord, "motif_accord": motif}
    _consigner("accorder", constat, par, avant=avant, apres=apres)
    return constat


def _consigner(
    geste: str,
    constat: ConstatTerritorial,
    par: Agent | None,
    *,
    avant: dict[str, str] | None = None,
    apres: dict[str, str] | None = None,
) -> None:
    consigner(
        geste, sur=constat, par=par, demarche_id=constat.demarche_id, avant=avant or {}, apres=apres or {}
    )
