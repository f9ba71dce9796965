"""A request as an object: it has a conversation, and a message there may answer it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles.appui import EtatAppui
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.acteurs.remarques import Portee

from ..conversations.models import Message
from ..models import Demarche
from ..reunions.objets import Cle, GenreObjet, Objet, ObjetLu, declarer
from .actions import preciser
from .droits import est_du_cote_demandeur, peut_repondre

CODE = "appui"


def _aucun(_: Demarche, __: str) -> Sequence[Objet]:
    return ()


def lire_demandes(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """Each read by whoever asked or answers. One query, one more for the people of the structures."""
    demandes = (
        DemandeAppui.objects.filter(pk__in={pk for _, pk in cles})
        .select_related("structure", "organisation")
        .prefetch_related("structure__agents")
        .order_by()
    )
    lues: dict[Cle, ObjetLu] = {}
    for d in demandes:
        suivent = {d.demandee_par_id, d.prise_par_id}
        if d.prise_par_id is None and d.structure is not None:
            suivent |= {a.pk for a in d.structure.agents.all()}
        if d.demarche_id is not None:
            lues[d.demarche_id, d.pk] = ObjetLu(
                f"{d.organisation.nom}, {d.get_genre_display()}", d.lisible_par,
                frozenset(pk for pk in suivent if pk is not None),
            )  # fmt: skip
    return {cle: lu for cle, lu in lues.items() if cle in set(cles)}


def suivre_le_message(message: Message, par: Agent) -> None:
    """A shared message of the structure is its first answer; one of the asker brings what was waited for."""
    if message.genre != CODE or message.portee != Portee.PARTAGEE:
        return
    demande = DemandeAppui.objects.get(pk=message.objet_id)
    if est_du_cote_demandeur(par, demande):
        if demande.etat == EtatAppui.EN_ATTENTE.value:
            preciser(demande, par=par)
    elif demande.premiere_reponse_le is None and peut_repondre(par, demande):
        DemandeAppui.objects.filter(pk=demande.pk, premiere_reponse_le=None).update(
            premiere_reponse_le=timezone.now()
        )


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            CODE, "Demande d’appui", _aucun,
            lambda demarche, pk: reverse("appui:demande", args=[demarche.slug, pk]),
            lire=lire_demandes, ce="cette demande", cherche=False,
        )
    )  # fmt: skip
