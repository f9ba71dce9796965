"""`python -m bench.negociation comparer-base`: two scenarios of n lines, read from the database, compared.

Ten territories of one dispositif, two ensembles, a third of the lines differ. The database is made for the
run and thrown away (SQLite, or the one of DATABASE_URL).
"""

from __future__ import annotations

import logging
import os
import time
from decimal import Decimal
from typing import Any

CIBLE_S = 2.0
TERRITOIRES = 10
TOURS = 5


def _semer(lignes: int) -> tuple[Any, Any]:
    from tests.plateforme import fabrique

    from arpent.plateforme.negociations.ensembles import actions
    from arpent.plateforme.negociations.models import Proposition
    from arpent.plateforme.plans.models import Fiche

    dispositif = fabrique.dispositif()
    porteurs = [fabrique.organisation("commune") for _ in range(40)]
    theme = dispositif.themes.first()
    demarches = [fabrique.demarche(dans=dispositif) for _ in range(TERRITOIRES)]
    Fiche.objects.bulk_create(
        Fiche(
            demarche=demarches[n % TERRITOIRES], numero=n + 1, titre=f"Projet {n}", etat="proposee",
            theme=theme, maitre_ouvrage=porteurs[n % 40], cout_ht=Decimal(100_000), assiette=Decimal(100_000),
            aide_demandee=Decimal(30_000), annee=2026,
        )
        for n in range(lignes)
    )  # fmt: skip
    ensembles = [actions.copier(dispositif, nom, None, par=None) for nom in ("Avant", "Après")]
    for rang, ensemble in enumerate(ensembles):
        parts = {s.demarche_id: s for s in ensemble.scenarios.all()}
        Proposition.objects.bulk_create(
            Proposition(
                scenario=parts[demarche], fiche_id=pk, annee=2026,
                montant=Decimal(20_000 + 500 * rang * (n % 3 == 0)),
            )
            for n, (pk, demarche) in enumerate(
                Fiche.objects.filter(demarche__in=demarches).order_by("pk").values_list("pk", "demarche_id")
            )
        )  # fmt: skip
    return ensembles[0], ensembles[1]


def _mesurer(lignes: int) -> dict[str, Any]:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from arpent.plateforme.negociations.ensembles.comparaison import comparer, cote_de

    avant, apres = _semer(lignes)
    durees, calculs = [], []
    for _ in range(TOURS):
        debut, calcul = time.perf_counter(), time.process_time()
        comparee = comparer(cote_de(avant), cote_de(apres))
        durees.append(time.perf_counter() - debut)
        calculs.append(time.process_time() - calcul)
    with CaptureQueriesContext(connection) as requetes:
        comparer(cote_de(avant), cote_de(apres))
    mediane = sorted(durees)[TOURS // 2]
    return {
        "base": connection.vendor,
        "lignes": lignes,
        "changees": comparee.changees,
        "requetes": len(requetes),
        "duree_s": round(mediane, 3),
        "processeur_s": round(sorted(calculs)[TOURS // 2], 3),
        "cible_s": CIBLE_S,
        "tenu": mediane <= CIBLE_S,
    }


def comparer_en_base(lignes: int = 10_000) -> dict[str, Any]:
    """Both sides read, then every line that differs: median of five runs."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "arpent.plateforme.config.settings_tests"
    import django

    django.setup()
    from django.db import connection

    logging.disable(logging.WARNING)
    ancienne = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        return _mesurer(lignes)
    finally:
        connection.creation.destroy_test_db(ancienne, verbosity=0)
