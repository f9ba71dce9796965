"""The documents of a plan: one fiche projet as PDF, then a booklet of sixty.

python -m bench.documents                   prints times as JSON
"""

from __future__ import annotations

import json
import time
from datetime import date
from statistics import median

import django

django.setup()

from arpent.plateforme.demarches.models import Demarche  # noqa: E402
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_fiches_pdf  # noqa: E402
from arpent.plateforme.plans.models import Fiche  # noqa: E402
from arpent.plateforme.plans.sorties import completes, fiches_doc  # noqa: E402

from .pages import DEMARCHE  # noqa: E402

FOIS = 5
RECUEIL = 60
LE_JOUR = date(2026, 11, 10)


def fiches() -> dict[str, float]:
    """Median time from the database to the PDF of one fiche, and of a booklet of sixty.

    The base of the bench spreads its fiches over many démarches: sixty of them are bound as one plan.
    """
    demarche = Demarche.objects.avec_contexte().get(slug=DEMARCHE)
    fiches = Fiche.objects.order_by("pk")
    choisies = list(fiches.values_list("pk", flat=True)[:RECUEIL])
    mesures = {"recueil_fiches": float(len(choisies))}
    for code, cles, seule in (("fiche", choisies[:1], True), ("recueil", choisies, False)):
        times = []
        for _ in range(FOIS):
            start = time.perf_counter()
            lues = completes(fiches.filter(pk__in=cles), demarche)
            rendre_fiches_pdf(fiches_doc(demarche, lues, LE_JOUR, seule=seule))
            times.append(time.perf_counter() - start)
        mesures[code] = median(times)
    return mesures


if __name__ == "__main__":
    print(json.dumps(fiches()))
