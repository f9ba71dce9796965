"""Phones of one room, run as a process of their own by `test_ateliers_concurrence.py`.

`… PREPARER n`            makes the database, a workshop whose vote is open, n phones seated
`… VOTER jeton …`         one thread per phone, each taps « + » eight times, twice with the same form
`… CLORE`                 closes the workshop
`… BILAN`                 what the database holds
Each prints one JSON line.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import Any

os.environ["DJANGO_SETTINGS_MODULE"] = "arpent.plateforme.config.settings_tests"
APPUIS = 8


def preparer(nombre: int) -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.plateforme.diagnostics.ateliers import jetons
    from tests.plateforme import fabrique

    from .atelier_outils import Telephone, atelier, dire

    ici = atelier(fabrique.demarche(), "vote", points=5)
    dites = [dire(ici, f"Constat {n}") for n in range(3)]
    cookies = [Telephone(ici, n % 3 + 1).client.cookies[jetons.NOM].value for n in range(nombre)]
    return {"code": ici.code, "dites": [c.pk for c in dites], "cookies": cookies}


def voter(code: str, dites: list[int], cookies: list[str]) -> dict[str, Any]:
    statuts: list[int] = []
    depart = threading.Barrier(len(cookies))

    def telephone(rang: int, cookie: str) -> None:
        from django.db import connection
        from django.test import Client

        from arpent.plateforme.diagnostics.ateliers import jetons

        client = Client()
        client.cookies[jetons.NOM] = cookie
        depart.wait()
        for appui in range(APPUIS):
            jeton = f"{cookie[-8:]}{appui // 2}"
            envoi = {"contribution": str(dites[(rang + appui) % 3]), "sens": "plus", "_soumission": jeton}
            statuts.append(client.post(f"/a/{code}/vote/", envoi).status_code)
            envoi["_soumission"] = f"{jeton}-{appui}"
            statuts.append(client.post(f"/a/{code}/vote/", envoi).status_code)
        connection.close()

    fils = [threading.Thread(target=telephone, args=(n, c)) for n, c in enumerate(cookies)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join()
    return {"statuts": sorted(set(statuts)), "nombre": len(statuts)}


def clore() -> dict[str, Any]:
    from arpent.plateforme.diagnostics.ateliers import actions
    from arpent.plateforme.diagnostics.models import Atelier

    clos = actions.faire_avancer(Atelier.objects.get(), "clore_atelier", par=None)
    return {"etat": clos.etat, "compte_rendu": clos.compte_rendu}


def bilan() -> dict[str, Any]:
    from django.db.models import Sum

    from arpent.plateforme.diagnostics.models import Participant, Vote

    par_telephone = Vote.objects.values("participant").annotate(n=Sum("points")).values_list("n", flat=True)
    return {"participants": Participant.objects.count(), "points": sorted(par_telephone)}


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    match arguments:
        case ["PREPARER", nombre]:
            resultat = preparer(int(nombre))
        case ["VOTER", code, dites, *cookies]:
            resultat = voter(code, json.loads(dites), cookies)
        case ["CLORE"]:
            resultat = clore()
        case _:
            resultat = bilan()
    print(json.dumps(resultat))


if __name__ == "__main__":
    main(sys.argv[1:])
