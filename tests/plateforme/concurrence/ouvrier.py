"""One writer among several: run as a process of its own by `test_ecritures.py`.

`python -m tests.plateforme.concurrence.ouvrier PREPARER`            makes the database and its objects
`python -m tests.plateforme.concurrence.ouvrier MODIFIER number`     adds one to a counter, `number` times
`python -m tests.plateforme.concurrence.ouvrier REDIGER  number [s [p]]` one euro to a fiche, `number` times
`python -m tests.plateforme.concurrence.ouvrier ARBITRER cell step`  adds a step to a cell, 25 times
`python -m tests.plateforme.concurrence.ouvrier ENVOYER  token`      sends the same form with that token
Each prints one JSON line.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")


def preparer() -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.plateforme.diagnostics.models import Enjeu
    from tests.plateforme import fabrique

    demarche = fabrique.demarche(slug="course")
    agent = fabrique.agent("administrateur", demarche)
    enjeu = Enjeu.objects.create(demarche=demarche, libelle="Compter", priorite=0)
    fabrique.fiche(demarche, titre="À plusieurs", cout_ht=Decimal(0), aide_demandee=Decimal(0))
    from arpent.plateforme.negociations.actions import proposer, scenario_courant

    arbitree = fabrique.fiche(demarche, titre="Arbitrée")
    proposer(scenario_courant(demarche), arbitree, Decimal(0), 2026, "retenue", version_lue=0, par=None)
    return {"agent": agent.pk, "enjeu": enjeu.pk}


def modifier(nombre: int) -> dict[str, Any]:
    """Reads, adds one, saves if nobody did meanwhile, else reads again: no addition may be lost."""
    from django.db import transaction

    from arpent.plateforme.diagnostics.models import Enjeu
    from arpent.plateforme.journal.actions import consigner
    from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

    refus = 0
    for _ in range(nombre):
        while True:
            enjeu = Enjeu.objects.get(demarche__slug="course")
            lue, enjeu.priorite = enjeu.version, enjeu.priorite + 1
            try:
                with transaction.atomic():
                    enregistrer_version(enjeu, lue, ["priorite"])
                    consigner("modifier", sur=enjeu, par=None, apres={"priorite": enjeu.priorite})
                break
            except ConflitDeVersion:
                refus += 1
    return {"refus": refus}


def rediger(nombre: int, secondes: float = 0, pause: float = 0) -> dict[str, Any]:
    """Adds a euro to the cost and to the own share through the action of the page, again when refused.

    `durees` are those of the saves that were accepted, `entieres` count the refused ones before them.
    Stops after `secondes` when there are any. `pause`: seconds between two edits of one writer, on average.
    """
    from django.db import OperationalError

    from arpent.metier.plan_financement import Financeur
    from arpent.plateforme.plans.actions import enregistrer_fiche
    from arpent.plateforme.plans.models import Fiche
    from arpent.plateforme.plans.saisies import LigneSaisie
    from arpent.plateforme.socle.versions import ConflitDeVersion

    refus, occupee, durees, entieres, commence = 0, 0, [], [], time.monotonic()
    for _ in range(nombre):
        if secondes and time.monotonic() - commence > secondes:
            break
        if pause:
            time.sleep(random.uniform(0, 2 * pause))
        premier, essais = time.perf_counter(), 0
        while True:
            fiche = Fiche.objects.select_related("demarche", "maitre_ouvrage", "theme").get(
                titre="À plusieurs"
            )
            fiche.cout_ht += 1
            debut = time.perf_counter()
            try:
                lignes = [LigneSaisie(Financeur.AUTOFINANCEMENT, fiche.cout_ht)]
                enregistrer_fiche(fiche, lignes, par=None, version_lue=fiche.version)
                durees.append(time.perf_counter() - debut)
                entieres.append(time.perf_counter() - premier)
                break
            except ConflitDeVersion:
                refus, essais = refus + 1, essais + 1
                time.sleep(random.uniform(0, 0.01 * 2 ** min(essais, 12)))
            except OperationalError as erreur:  # the page then answers 503: nothing was acknowledged
                if "locked" not in str(erreur):
                    raise
                occupee += 1
    return {
        "refus": refus, "occupee": occupee, "durees": durees, "entieres": entieres,
        "debut": commence, "fin": time.monotonic(),
    }  # fmt: skip


def arbitrer(case: str, pas: int) -> dict[str, Any]:
    """Adds to `montant` or `priorite` of the one line, from what was read; again when refused.

    Each writer has its step: two people who type the same value are not a conflict.
    """
    from dataclasses import replace

    from arpent.plateforme.negociations.models import Proposition
    from arpent.plateforme.negociations.propositions import Demande, enregistrer_lignes, valeurs_de

    refus = 0
    for _ in range(25):
        while True:
            p = Proposition.objects.select_related("scenario", "fiche").get(fiche__titre="Arbitrée")
            lu = valeurs_de(p.fiche, p)
            voulu = replace(lu, **{case: (getattr(lu, case) or 0) + pas})
            demande = Demande(p.fiche, voulu, p.version, lu)
            issue = enregistrer_lignes(p.scenario, [demande], par=None)[p.fiche_id]
            if isinstance(issue, Proposition):
                break
            refus += 1
    return {"refus": refus}


def envoyer(jeton: str) -> dict[str, Any]:
    """Posts the form of a new enjeu, as a double click would."""
    from django.test import Client
    from django.urls import reverse

    from arpent.plateforme.acteurs.models import Agent

    client = Client()
    client.cookies["arpent"] = os.environ["ARPENT_SEANCE"]
    assert Agent.objects.exists()
    reponse = client.post(
        reverse("diagnostics:enjeu_creer", args=["course"]),
        {"_soumission": jeton, "libelle": "Envoyé deux fois", "priorite": "1", "version_lue": "1"},
    )
    return {"code": reponse.status_code, "vers": reponse.headers.get("Location", "")}


def ouvrir_une_seance(agent_pk: int) -> str:
    """A session shared by the senders, as the tabs of one browser share it."""
    from django.test import Client

    from arpent.plateforme.acteurs.models import Agent

    client = Client()
    client.force_login(
        Agent.objects.get(pk=agent_pk), backend="arpent.plateforme.acteurs.moteur.MoteurAgents"
    )
    return str(client.cookies["arpent"].value)


def bilan() -> dict[str, Any]:
    from arpent.plateforme.diagnostics.models import Enjeu
    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.negociations.models import Proposition
    from arpent.plateforme.plans.models import Fiche

    compteur = Enjeu.objects.get(demarche__slug="course", libelle="Compter")
    fiche = Fiche.objects.get(titre="À plusieurs")
    ligne = Proposition.objects.select_related("scenario").get(fiche__titre="Arbitrée")
    return {
        "cout": str(fiche.cout_ht),
        "autofinancement": [str(ligne.montant) for ligne in fiche.financements.all()],
        "version_fiche": fiche.version,
        "priorite": compteur.priorite,
        "version": compteur.version,
        "ligne": [f"{ligne.montant}", ligne.priorite, ligne.version, ligne.scenario.revision],
        "envois": Enjeu.objects.filter(libelle="Envoyé deux fois").count(),
        "journal": verifier().intacte,
        "entrees": verifier().nombre,
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    match arguments:
        case ["PREPARER"]:
            resultat = preparer()
            resultat["seance"] = ouvrir_une_seance(resultat["agent"])
        case ["MODIFIER", nombre]:
            resultat = modifier(int(nombre))
        case ["REDIGER", nombre, *secondes]:
            resultat = rediger(int(nombre), *map(float, secondes))
        case ["ARBITRER", case, pas]:
            resultat = arbitrer(case, int(pas))
        case ["ENVOYER", jeton]:
            resultat = envoyer(jeton)
        case _:
            resultat = bilan()
    print(json.dumps(resultat))


if __name__ == "__main__":
    main(sys.argv[1:])
