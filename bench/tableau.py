"""`python -m bench.tableau`: one cell of an arbitration table of 500 lines, from the POST to the totals.

Prints one JSON line: median and 95th percentile of the answer, its processor time, its queries, and the page
for comparison. 1 when the target is missed. The database is made for the run and thrown away.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import time
from typing import Any

CIBLE_MS = 100.0


def mesurer(lignes: int, tours: int) -> dict[str, Any]:
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from tests.plateforme import fabrique

    from arpent.plateforme.plans.models import Fiche

    demarche = fabrique.demarche(slug="banc")
    porteurs = [fabrique.organisation("commune") for _ in range(40)]
    for n in range(lignes):
        fiche = fabrique.fiche(demarche, numero=n + 1, maitre_ouvrage=porteurs[n % 40])
        fabrique.financement(fiche, "etat", "1000")
    client, url = Client(), f"/territoires/{demarche.slug}/negociation/"
    client.force_login(
        fabrique.agent("chef_de_projet", demarche),
        backend="arpent.plateforme.acteurs.moteur.MoteurAgents",
    )
    pk = Fiche.objects.filter(demarche=demarche).values_list("pk", flat=True)[lignes // 2]

    def une_case(n: int) -> None:
        lu = f"{n}/{n}.00/2026/retenue/100000.00///"
        donnees = {f"lu-{pk}": lu, f"montant-{pk}": str(n + 1), f"annee-{pk}": "2026"}
        assert client.post(f"{url}lignes/", donnees).status_code == 200

    une_case(0)
    durees, calculs = [], []
    for n in range(1, tours + 1):
        debut, calcul = time.perf_counter(), time.process_time()
        une_case(n)
        durees.append((time.perf_counter() - debut) * 1000)
        calculs.append((time.process_time() - calcul) * 1000)
    with CaptureQueriesContext(connection) as requetes:
        une_case(tours + 1)
    nombre = len(requetes)
    debut = time.perf_counter()
    assert client.get(url).status_code == 200
    page = (time.perf_counter() - debut) * 1000
    mediane = statistics.median(durees)
    return {
        "lignes": lignes,
        "case_ms": round(mediane, 1),
        "case_p95_ms": round(sorted(durees)[int(len(durees) * 0.95)], 1),
        "case_processeur_ms": round(statistics.median(calculs), 1),
        "requetes": nombre,
        "page_ms": round(page, 1),
        "cible_ms": CIBLE_MS,
        "tenu": mediane <= CIBLE_MS,
    }


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.tableau", description=__doc__)
    parser.add_argument("--lignes", type=int, default=500)
    parser.add_argument("--tours", type=int, default=40)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "arpent.plateforme.config.settings_tests"
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment

    logging.disable(logging.WARNING)
    setup_test_environment()
    ancienne = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        mesure = mesurer(options.lignes, options.tours)
    finally:
        connection.creation.destroy_test_db(ancienne, verbosity=0)
    print(json.dumps(mesure, ensure_ascii=False))
    return 0 if mesure["tenu"] else 1


if __name__ == "__main__":
    raise SystemExit(main())
