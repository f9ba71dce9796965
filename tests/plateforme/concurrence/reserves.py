"""Many processes grant on one reserve at the same moment: only what is in it is granted.

`python -m tests.plateforme.concurrence.reserves COURIR participants`

The reserve has room for `PLACES` grants; each participant, a process of its own, decides its own request
after a barrier. Prints one JSON line.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import random
import sys
import time
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")
PLACES, MONTANT = 5, Decimal("1234.56")


def preparer(participants: int) -> tuple[int, list[int]]:
    """The pk of the fund, and those of the requests, each of its own territory."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.plateforme.negociations.actions import recalculer_enveloppes
    from arpent.plateforme.negociations.models import DemandeReserve
    from arpent.plateforme.reglements.models import Fonds
    from tests.plateforme import fabrique

    # Names that no other process made in this database.
    fabrique._n = itertools.count(random.randrange(5_000, 45_000))
    criteres = [{"code": "solde", "libelle": "Solde", "genre": "solde"}]
    dispositif = fabrique.dispositif(parametres={"reserve": {"criteres": criteres}})
    fonds = Fonds.objects.create(
        dispositif=dispositif, code="reserve", libelle="Réserve", montant=PLACES * MONTANT + Decimal("0.01")
    )
    recalculer_enveloppes(dispositif, None)
    demandes = []
    for rang in range(participants):
        demarche = fabrique.demarche(dans=dispositif, slug=f"reserve-{time.time_ns()}-{rang}")
        demandes.append(
            DemandeReserve.objects.create(
                demarche=demarche, numero=1, fiche=fabrique.fiche(demarche), montant_demande=MONTANT,
                etat="instruite",
            ).pk
        )  # fmt: skip
    return fonds.pk, demandes


def _participer(pk: int, barriere: Any, rendus: Any) -> None:
    from django.db import OperationalError

    from arpent.plateforme.negociations.credits.registre import CreditRefuse
    from arpent.plateforme.negociations.models import DemandeReserve
    from arpent.plateforme.negociations.reserve.decisions import accorder

    demande = DemandeReserve.objects.get(pk=pk)
    barriere.wait(120)
    while True:
        try:
            accorder(demande, MONTANT, "", par=None)
            rendus.put("accordee")
            return
        except CreditRefuse:
            rendus.put("refusee")
            return
        except OperationalError as erreur:  # SQLite waited in vain: nothing was acknowledged
            if "locked" not in str(erreur):
                raise


def courir(participants: int) -> dict[str, Any]:
    from django.db import connection

    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.negociations.models import DemandeReserve
    from arpent.plateforme.negociations.reserve.fonds import solde_de
    from arpent.plateforme.reglements.models import Fonds

    fonds, demandes = preparer(participants)
    connection.close()
    contexte = multiprocessing.get_context("fork")
    barriere, rendus = contexte.Barrier(participants), contexte.Queue()
    processus = [contexte.Process(target=_participer, args=(pk, barriere, rendus)) for pk in demandes]
    for p in processus:
        p.start()
    issues = [rendus.get(timeout=600) for _ in processus]
    for p in processus:
        p.join()
    solde = solde_de(Fonds.objects.get(pk=fonds))
    assert solde is not None
    return {
        "accordees": issues.count("accordee"),
        "refusees": issues.count("refusee"),
        "en_base": DemandeReserve.objects.filter(pk__in=demandes, etat="accordee").count(),
        "reserve": str(solde.reserve),
        "reste": str(solde.reste),
        "journal": verifier().intacte,
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    print(json.dumps(courir(int(arguments[1]))))


if __name__ == "__main__":
    main(sys.argv[1:])
