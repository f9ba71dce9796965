"""The round killed at any moment: each mail, each event arrives, twice only when a kill fell on its sending.

At least once, and the same key each time: the receiver of a second one knows it for what it is.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any


def _reprendre() -> Any:
    """The démarche, its agent, and far ends that take what is sent."""
    from django.conf import settings

    from arpent.plateforme.demarches.models import Demarche
    from arpent.plateforme.echanges.api.webhooks import envoi

    from . import boite

    settings.EMAIL_BACKEND = "tests.plateforme.concurrence.boite.Boite"
    envoi.poster = boite.poster
    return Demarche.objects.get(slug="tournee")


def preparer() -> None:
    """One territory, one person who follows it by mail at once, one subscription to its events."""
    from django.conf import settings

    from arpent.plateforme.echanges.api.webhooks import abonnements
    from arpent.plateforme.echanges.api.webhooks.evenements import EVENEMENTS
    from arpent.plateforme.notifications.models import ChoixRubrique
    from arpent.plateforme.notifications.rubriques import RUBRIQUES, Frequence
    from tests.plateforme import fabrique

    settings.ARPENT_SORTIES_PERMISES = ["127.0.0.0/8"]
    demarche = fabrique.demarche(slug="tournee")
    agent = fabrique.agent("chef_de_projet", demarche)
    for code in RUBRIQUES:
        ChoixRubrique.objects.update_or_create(
            agent_id=agent.pk, rubrique=code, defaults={"frequence": Frequence.AUSSITOT}
        )
    abonnements.abonner(agent, "SIG", "http://127.0.0.1:9/", evenements=tuple(EVENEMENTS))
    list(_un_tour(_reprendre(), agent))  # the children find everything loaded


def _un_tour(demarche: Any, agent: Any) -> Iterator[int]:
    """A proposed fiche, a piece of news, a mail: says the fiche, then a round."""
    from django.db import transaction
    from django.utils import timezone

    from arpent.plateforme.config.tournee import passer
    from arpent.plateforme.journal.actions import consigner
    from arpent.plateforme.notifications.actions import notifier
    from arpent.plateforme.notifications.courriels import mettre_en_file
    from tests.plateforme import fabrique

    with transaction.atomic():
        fiche = fabrique.fiche(demarche, numero=random.randrange(10**9), etat="brouillon", commune=None)
        consigner("proposer", sur=fiche, par=agent, demarche_id=demarche.pk)
        notifier([agent.pk], sujet=f"Fiche {fiche.pk}", texte="Essai.", rubrique="fiches")
        mettre_en_file(
            "mairie@exemple.fr", sujet=f"Fiche {fiche.pk}", texte="Essai.", cle=f"essai:{fiche.pk}",
            raison="c’est un essai.",
        )  # fmt: skip
    yield fiche.pk
    for passage in passer(timezone.now()):
        assert not passage.erreur, passage


def tourner_sans_fin(dire: Callable[[int], None]) -> None:
    from arpent.plateforme.acteurs.models import Agent
    from tests.plateforme import fabrique

    demarche = _reprendre()
    agent = Agent.objects.get(abonnements_api__nom="SIG")
    random.seed()
    fabrique._n = itertools.count(time.time_ns() % 10**9)
    while True:
        for pk in _un_tour(demarche, agent):
            dire(pk)


def fautes(dites: set[int], mesure: dict[str, Any]) -> Iterator[str]:
    """What does not hold once the rounds that follow have taken up what the kills had cut."""
    from django.utils import timezone

    from arpent.plateforme.config.tournee import passer
    from arpent.plateforme.echanges.api.models import Livraison
    from arpent.plateforme.journal.models import Entree
    from arpent.plateforme.notifications.models import Courriel, Notification

    from . import boite

    _reprendre()
    for heures in (1, 2):  # past the lease of what a dead process was sending
        for passage in passer(timezone.now() + timedelta(hours=heures)):
            if passage.erreur:
                yield f"tournée, {passage.tache.code} : {passage.erreur}"
    restants = Courriel.objects.exclude(etat=Courriel.Etat.ENVOYE).count()
    en_attente = Livraison.objects.exclude(etat=Livraison.Etat.LIVREE).count()
    if restants or en_attente:
        yield f"{restants} courriels et {en_attente} événements ne sont pas partis"
    cles = set(Courriel.objects.values_list("cle", flat=True))
    if perdus := [pk for pk in dites if f"essai:{pk}" not in cles]:
        yield f"{len(perdus)} courriels mis en file sont perdus"
    if oubliees := Notification.objects.filter(postee_le__isnull=True).count():
        yield f"{oubliees} nouvelles dans aucun courriel"
    attendus = {
        "courriels": Courriel.objects.count(),
        "evenements": Entree.lignes.filter(geste="proposer").count(),
    }
    for nom, nombre in attendus.items():
        recus = boite.recus(nom)
        if len(recus) != nombre:
            yield f"{nom} : {nombre} attendus, {len(recus)} arrivés"
        mesure[f"{nom}_en_double"] = recus.total() - len(recus)
        if mesure[f"{nom}_en_double"] > mesure["arrets"]:
            yield f"{nom} : {mesure[f'{nom}_en_double']} arrivés deux fois, plus que d’arrêts"
    corps = "\n".join(Courriel.objects.values_list("texte", flat=True))
    for pk in dites:
        if (fois := corps.count(f"Fiche {pk}\n") + corps.count(f"Fiche {pk} ")) > 1:
            yield f"la nouvelle de la fiche {pk} est dans {fois} courriels"
