"""Many processes commit money on one envelope at the same moment: only what fits is accepted.

`python -m tests.plateforme.concurrence.plafonds COURIR participants repetitions`

Each repetition makes an envelope with room for `PLACES` commitments; every participant, a process of its own,
waits for the others at a barrier, then asks for one. Prints one JSON line.
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
PLACES, MONTANT = 10, Decimal("1234.56")


def preparer(repetitions: int) -> list[int]:
    """Envelopes of a démarche of its own, one line each; their pks."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.metier.repartition.soldes import Stade
    from arpent.plateforme.negociations.credits.noeuds import ligne_de, noeud_du_territoire
    from arpent.plateforme.negociations.credits.registre import Ecriture, deplacer, inscrire
    from arpent.plateforme.negociations.models import Genre
    from arpent.plateforme.reglements.models import Fonds
    from tests.plateforme import fabrique

    # Names that no other process made in this database.
    fabrique._n = itertools.count(random.randrange(5_000, 45_000))
    demarche = fabrique.demarche(slug=f"plafonds-{time.time_ns()}")
    dispositif = demarche.processus.dispositif
    fonds = Fonds.objects.create(dispositif=dispositif, code="base", libelle="Fonds")
    territoire = noeud_du_territoire(fonds, demarche)
    room = PLACES * MONTANT + Decimal("0.01")
    pks = []
    for rang in range(repetitions):
        ligne = ligne_de(territoire, None, 2000 + rang)
        inscrire(
            [
                Ecriture(territoire, Stade.ALLOUE, Genre.DOTATION, room),
                *deplacer(territoire, ligne, room, Genre.DIVISION),
            ],
            par=None,
        )
        pks.append(ligne.pk)
    return pks


def _participer(pks: list[int], barriere: Any, rendus: Any) -> None:
    """One commitment asked of each envelope, all participants at once."""
    from django.db import OperationalError

    from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
    from arpent.plateforme.negociations.credits.registre import CreditRefuse
    from arpent.plateforme.negociations.models import Enveloppe

    acceptees, refusees, occupee = 0, 0, 0
    for pk in pks:
        barriere.wait(120)
        while True:
            try:
                attribuer(Enveloppe.objects.get(pk=pk), Operation(MONTANT), par=None)
                acceptees += 1
                break
            except CreditRefuse:
                refusees += 1
                break
            except OperationalError as erreur:  # SQLite waited in vain: nothing was acknowledged
                if "locked" not in str(erreur):
                    raise
                occupee += 1
    rendus.put((acceptees, refusees, occupee))


def courir(participants: int, repetitions: int) -> dict[str, Any]:
    """The race; each envelope must hold exactly PLACES commitments, and the journal be whole."""
    from django.db import connection

    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.negociations.models import Mouvement

    pks = preparer(repetitions)
    connection.close()
    contexte = multiprocessing.get_context("fork")
    barriere, rendus = contexte.Barrier(participants), contexte.Queue()
    processus = [
        contexte.Process(target=_participer, args=(pks, barriere, rendus)) for _ in range(participants)
    ]
    debut = time.monotonic()
    for p in processus:
        p.start()
    comptes = [rendus.get(timeout=600 + 5 * repetitions) for _ in processus]
    for p in processus:
        p.join()
    engages = Mouvement.objects.filter(enveloppe__in=pks, stade="engage")
    par_enveloppe = {pk: engages.filter(enveloppe=pk).count() for pk in pks}
    soldes = Mouvement.objects.filter(enveloppe__in=pks).sommes("enveloppe")
    return {
        "participants": participants,
        "repetitions": repetitions,
        "demandees": participants * repetitions,
        "acceptees": sum(a for a, _, _ in comptes),
        "refusees": sum(r for _, r, _ in comptes),
        "base_occupee_puis_reprises": sum(o for _, _, o in comptes),
        "engagements_par_enveloppe": sorted(set(par_enveloppe.values())),
        "plafonds_passes": sum(not s.tient for s in soldes.values()),
        "reste": sorted({str(s.reste_a_engager) for s in soldes.values()}),
        "journal": verifier().intacte,
        "secondes": round(time.monotonic() - debut, 1),
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    _, participants, repetitions = arguments
    print(json.dumps(courir(int(participants), int(repetitions))))


if __name__ == "__main__":
    main(sys.argv[1:])
