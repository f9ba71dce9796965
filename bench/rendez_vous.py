"""The pack of a Rendez-vous de Territoire for a contract of a hundred projects: reading, then each file.

python -m bench.rendez_vous                 prints times as JSON (on a loaded instance; writes nothing)
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from statistics import median
from typing import Any

import django

django.setup()

from django.db import transaction  # noqa: E402

from arpent.plateforme.demarches.models import Demarche  # noqa: E402
from arpent.plateforme.demarches.reunions import actions  # noqa: E402
from arpent.plateforme.demarches.reunions.genres import RENDEZ_VOUS, genres_de  # noqa: E402
from arpent.plateforme.demarches.reunions.models import Reunion  # noqa: E402
from arpent.plateforme.documents.rendu.pdf_rendez_vous import rendre_livret_rendez_vous_pdf  # noqa: E402
from arpent.plateforme.documents.rendu.pptx_rendez_vous import rendre_rendez_vous_pptx  # noqa: E402
from arpent.plateforme.documents.rendu.xlsx_rendez_vous import rendre_rendez_vous_xlsx  # noqa: E402
from arpent.plateforme.plans.models import Fiche  # noqa: E402
from arpent.plateforme.socle import images  # noqa: E402
from arpent.plateforme.suivi.rendez_vous.actions import relever  # noqa: E402
from arpent.plateforme.suivi.rendez_vous.lecture import rendez_vous_doc  # noqa: E402

PROJETS, FOIS = 100, 3
LE = date(2026, 11, 28)


def _chronometrer(faire: Callable[[], Any]) -> tuple[float, Any]:
    debut = time.perf_counter()
    fait = faire()
    return time.perf_counter() - debut, fait


def _image(svg: str, largeur: int) -> bytes:
    """Drawn each time: the images already drawn are forgotten."""
    images._gardees.clear()
    return images.png(svg, largeur=largeur)


def _preparer(demarche: Demarche) -> Reunion:
    """A meeting on PROJETS retained projects, copied from those of the territory."""
    modele = Fiche.objects.filter(demarche=demarche).order_by("pk").first()
    assert modele is not None
    suivies = Fiche.objects.filter(demarche=demarche, etat="retenue").comptees().count()
    dernier = Fiche.objects.filter(demarche=demarche).order_by("-numero").values_list("numero", flat=True)[0]
    for rang in range(1, PROJETS - suivies + 1):
        modele.pk, modele.numero, modele.etat = None, dernier + rang, "retenue"
        modele.aide_accordee, modele.fusionnee_dans, modele.tranche_de = modele.aide_demandee, None, None
        modele.save(force_insert=True)
    reunion = Reunion(demarche=demarche, titre="Rendez-vous du banc", jour=LE, lieu="Salle du banc")
    actions.preparer(reunion, genres_de(demarche)[RENDEZ_VOUS], par=None)
    relever(reunion, par=None)
    return reunion


def mesurer() -> dict[str, float]:
    """Median seconds. Everything written is given up at the end."""
    with transaction.atomic():
        demarche = Demarche.objects.avec_contexte().filter(fiches__isnull=False).order_by("pk").first()
        assert demarche is not None, "chargez d’abord une instance : arpent demo --sans-serveur"
        reunion = _preparer(demarche)
        temps: dict[str, list[float]] = {}
        projets = questions = 0
        for _ in range(FOIS):
            lue, doc = _chronometrer(lambda: rendez_vous_doc(reunion, LE))
            projets, questions = len(doc.projets), len(doc.questions)
            fichiers = {
                "pptx": lambda: rendre_rendez_vous_pptx(doc, _image),  # noqa: B023
                "pdf": lambda: rendre_livret_rendez_vous_pdf(doc),  # noqa: B023
                "xlsx": lambda: rendre_rendez_vous_xlsx(doc),  # noqa: B023
            }
            temps.setdefault("lecture", []).append(lue)
            for nom, faire in fichiers.items():
                temps.setdefault(nom, []).append(_chronometrer(faire)[0])
        transaction.set_rollback(True)
    medianes = {nom: round(median(lus), 3) for nom, lus in temps.items()}
    total = round(sum(medianes.values()), 3)
    return medianes | {"total": total, "projets": projets, "questions": questions}


if __name__ == "__main__":
    print(json.dumps(mesurer()))
