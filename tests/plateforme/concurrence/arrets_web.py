"""The web killed anywhere, between the commit and the answer too: the same form sent again has one effect.

The child notes what it is about to send, sends it, and says it once answered. What was never answered is sent
again with the same key, as a person does who sees no answer; what was answered, too.
"""

from __future__ import annotations

import json
import os
import random
import signal
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

from django.conf import settings

PAIEMENT = "versement payé"
NOMS = ("fiche créée", "remarque", "demande d’avis", "délibération", PAIEMENT)
UN_SUR = 6
"""One sending in that many is killed just after its commit, before its answer."""


def _envois() -> Path:
    return Path(settings.ARPENT_DONNEES) / "envois.jsonl"


def preparer() -> None:
    from . import arrets_versements
    from .formulaires import decor
    from .ouvrier import ouvrir_une_seance

    decor("arrets-1")
    arrets_versements.preparer()
    lieu = _lieu()
    for nom in NOMS:  # the children find everything loaded
        _envoyer(lieu, nom, ouvrir_une_seance(lieu.agent.pk))


def _lieu() -> Any:
    from arpent.plateforme.acteurs.models import Agent, Organisation
    from arpent.plateforme.demarches.models import Demarche

    from .formulaires import Lieu

    demarche = Demarche.objects.get(slug="arrets-1")
    mairie = Organisation.objects.get(nom="Commune de Chirac 1")
    return Lieu(demarche, mairie, Agent.objects.get(habilitations__role="administrateur"))


def _effets(nom: str, n: int, cle: int) -> int:
    """How many times that form took effect. `cle`: the payment request, for a payment."""
    from arpent.plateforme.negociations.models import Mouvement
    from arpent.plateforme.plans.models import AvisService, Commentaire, Deliberation, Fiche
    from arpent.plateforme.subventions.models import DemandeVersement

    match nom:
        case "fiche créée":
            return Fiche.objects.filter(titre=f"École {n}").count()
        case "remarque":
            return Commentaire.objects.filter(texte=f"Remarque {n}").count()
        case "demande d’avis":
            return AvisService.objects.filter(question=f"Question {n}").count()
        case "délibération":
            return Deliberation.objects.filter(numero=f"2026-{n}").count()
        case _:
            demande = DemandeVersement.objects.get(pk=cle)
            return Mouvement.objects.filter(fiche=demande.dossier.fiche_id, genre="versement").count()


def _payer(n: int) -> tuple[str, dict[str, Any], int]:
    from .arrets_versements import certifie

    demande = certifie()
    donnees = {
        "_soumission": f"paiement-{n}-{demande.pk}", "version_lue": demande.version, "mandat": f"M-{n}",
        "mandat_le": "2026-06-02",
    }  # fmt: skip
    return f"{demande.get_absolute_url()}gestes/payer/", donnees, demande.pk


def _une_fois_sur_tant() -> None:
    """The process dies between the commit of an accepted form and its answer, one time in UN_SUR."""
    from django.db import transaction

    from arpent.plateforme.socle import soumission

    garder = soumission._garder

    def garder_puis_mourir(row: Any, response: Any) -> None:
        garder(row, response)
        if random.randrange(UN_SUR) == 0:
            transaction.on_commit(partial(os.kill, os.getpid(), signal.SIGKILL))

    soumission._garder = garder_puis_mourir


def _envoyer(lieu: Any, nom: str, seance: str) -> int:
    """Notes the sending, sends it; its number once it is answered."""
    from .formulaires import FORMULAIRES

    n, cle = random.randrange(10**8), 0
    if nom == PAIEMENT:
        adresse, donnees, cle = _payer(n)
    else:
        cas = dict(FORMULAIRES)[nom](lieu, n)
        adresse, donnees = cas.adresse, cas.donnees
    envoi = {"n": n, "nom": nom, "cle": cle, "adresse": adresse, "donnees": donnees, "seance": seance}
    with _envois().open("a") as flux:
        flux.write(json.dumps(envoi) + "\n")
    reponse = _poster(envoi)
    assert reponse.status_code == 302, (nom, reponse.status_code, reponse.content.decode())
    return n


def envoyer_sans_fin(dire: Callable[[int], None]) -> None:
    from .ouvrier import ouvrir_une_seance

    random.seed()
    lieu = _lieu()
    seance = ouvrir_une_seance(lieu.agent.pk)
    _une_fois_sur_tant()
    while True:
        dire(_envoyer(lieu, random.choice(NOMS), seance))


def _poster(envoi: dict[str, Any]) -> Any:
    from django.test import Client

    client = Client(raise_request_exception=False)
    client.cookies["arpent"] = envoi["seance"]
    return client.post(envoi["adresse"], envoi["donnees"])


def fautes(dites: set[int], mesure: dict[str, Any]) -> Iterator[str]:
    """A form acknowledged that left nothing, one that a second sending does twice or refuses."""
    envois = [json.loads(ligne) for ligne in _envois().read_text().splitlines()]
    if inconnus := dites - {e["n"] for e in envois}:
        yield f"{len(inconnus)} envois acquittés n’ont pas été notés"
    mesure["faits_sans_reponse"] = 0
    for envoi in envois:
        avant = _effets(envoi["nom"], envoi["n"], envoi["cle"])
        if envoi["n"] in dites and avant != 1:
            yield f"{envoi['nom']} {envoi['n']} acquitté : {avant} effets"
        mesure["faits_sans_reponse"] += envoi["n"] not in dites and avant == 1
        reponse = _poster(envoi)
        apres = _effets(envoi["nom"], envoi["n"], envoi["cle"])
        if (reponse.status_code, apres) != (302, 1):
            yield f"{envoi['nom']} {envoi['n']} renvoyé : {reponse.status_code}, {avant} puis {apres} effets"
