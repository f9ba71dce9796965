"""Saved views of the lists: who sees which, which one opens by itself, keeping and removing one."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.http import QueryDict

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner

from .models import VueEnregistree

NOM_MAX = 80
REQUETE_MAX = 1_000
VUES_MAX = 50  # of one person on one list
# Parameters that are not part of the question.
_HORS_QUESTION = ("page", "vue", "tout", "choisir", "n")
A_UN_AUTRE, LA_SIENNE, D_OFFICE = 0, 1, 2


class VueRefusee(ValueError):
    """The view cannot be kept; the message is French and says what to do."""


class Vue(NamedTuple):
    """A saved view as a list shows it. `rang`: somebody else's, one's own, the one that opens by itself."""

    pk: int
    nom: str
    requete: str
    rang: int

    @property
    def est_a_soi(self) -> bool:
        return self.rang != A_UN_AUTRE

    @property
    def est_d_office(self) -> bool:
        return self.rang == D_OFFICE


def rang_de_vue(agent: Agent) -> Any:
    """What `Vue.rang` holds, as an expression."""
    return Case(
        When(agent=agent, par_defaut=True, then=Value(D_OFFICE)),
        When(agent=agent, then=Value(LA_SIENNE)),
        default=Value(A_UN_AUTRE),
        output_field=IntegerField(),
    )


def _collegues(agent: Agent) -> Q:
    """People of the same authority or of the same body: those with whom a view of every fiche is shared."""
    autorites = {h.autorite_id for h in agent.habilitations_en_cours if h.autorite_id}
    organisations = {h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id}
    memes = Habilitation.objects.filter(Q(autorite__in=autorites) | Q(organisation__in=organisations))
    return Q(agent__in=memes.order_by().values("agent"))


def vues_lisibles(agent: Agent, liste: str, demarche: Demarche | None) -> QuerySet[VueEnregistree]:
    """One's own views of a list and those shared with its readers. No query.

    A shared view of a plan is for all who read that plan; of the general list, for one's colleagues.
    """
    vues = VueEnregistree.objects.filter(liste=liste, demarche=demarche)
    partagee = Q(partagee=True)
    return vues.filter(Q(agent=agent) | (partagee if demarche else partagee & _collegues(agent)))


def question(requete: str) -> str:
    """The address reduced to what was asked: no page, no ticked row."""
    get = QueryDict(requete.replace("\0", ""), mutable=True)
    for nom in _HORS_QUESTION:
        get.pop(nom, None)
    for nom in [n for n, valeurs in get.lists() if not any(valeurs)]:
        get.pop(nom)
    return get.urlencode()


@transaction.atomic
def garder_vue(
    agent: Agent,
    liste: str,
    demarche: Demarche | None,
    *,
    nom: str,
    requete: str,
    partagee: bool,
    par_defaut: bool,
) -> VueEnregistree:
    """Keeps the question under that name; the same name again replaces one's own view. VueRefusee."""
    nom, requete = " ".join(nom.split()), question(requete)
    if not nom or len(nom) > NOM_MAX:
        raise VueRefusee(f"Donnez un nom à la vue, de {NOM_MAX} caractères au plus.")
    if len(requete) > REQUETE_MAX:
        raise VueRefusee("Cette vue compte trop de filtres pour être gardée : retirez-en.")
    # Two saves of one person at once: the row of the agent orders them.
    Agent.objects.select_for_update(of=("self",)).get(pk=agent.pk)
    siennes = VueEnregistree.objects.filter(agent=agent, liste=liste, demarche=demarche)
    if siennes.exclude(nom=nom).count() >= VUES_MAX:
        raise VueRefusee(f"Vous avez déjà {VUES_MAX} vues sur cette liste : retirez-en une.")
    if par_defaut:
        siennes.update(par_defaut=False)
    vue, _ = VueEnregistree.objects.update_or_create(
        agent=agent,
        liste=liste,
        demarche=demarche,
        nom=nom,
        defaults={"requete": requete, "partagee": partagee, "par_defaut": par_defaut},
    )
    if partagee:  # the journal is read by others: what one keeps for oneself has no place in it
        apres = {"nom": nom, "requete": requete}
        consigner("garder_vue", sur=vue, par=agent, demarche_id=vue.demarche_id, apres=apres)
    return vue


@transaction.atomic
def retirer_vue(vue: VueEnregistree, *, par: Agent) -> None:
    """Forgets one's own view."""
    if vue.partagee:
        consigner("retirer_vue", sur=vue, par=par, demarche_id=vue.demarche_id, avant={"nom": vue.nom})
    vue.delete()
