"""The long jobs: the contract as PDF, the workbook that is imported.

python -m bench.travaux contrat             composes the contract, prints times and memory as JSON
python -m bench.travaux portrait            the same for the portrait de territoire
python -m bench.travaux preinstruction      applies the règlement to 10,000 fiches, prints times and memory
python -m bench.travaux solveur             solves co-financing plans, prints how many a second
python -m bench.travaux sale                reads a dirty plan of 10,000 rows, to its preview
python -m bench.travaux classeur FICHIER    writes a plan of 10,000 rows
"""

from __future__ import annotations

import json
import re
import resource
import sys
import tempfile
import time
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median

import django

django.setup()

import xlsxwriter  # noqa: E402
from tests.plateforme.echanges.classeur_sale import sale as ecrire_sale  # noqa: E402

from arpent.metier.argent import arrondir  # noqa: E402
from arpent.metier.plan_financement import (  # noqa: E402
    Financement,
    Financeur,
    Operation,
    Plafond,
    Plan,
    Seuil,
    StatutFinancement,
    examiner_plan,
    proposer,
    reparer,
)
from arpent.plateforme.contrats.assemblage import assembler, contrat_doc  # noqa: E402
from arpent.plateforme.demarches.models import Demarche  # noqa: E402
from arpent.plateforme.diagnostics.editions.assemblage import assembler as assembler_portrait  # noqa: E402
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf  # noqa: E402
from arpent.plateforme.documents.rendu.pdf_portrait import rendre_portrait_pdf  # noqa: E402
from arpent.plateforme.echanges.apercu import verifier  # noqa: E402
from arpent.plateforme.echanges.correspondance import CHAMPS, deviner  # noqa: E402
from arpent.plateforme.echanges.lecture import lire_fichier  # noqa: E402
from arpent.plateforme.plans.models import Fiche  # noqa: E402
from arpent.plateforme.plans.preinstruction import preinstruire_par_tranches  # noqa: E402
from arpent.plateforme.plans.structures import structures_du_territoire  # noqa: E402
from arpent.plateforme.reglements.models import Theme  # noqa: E402

from .pages import DEMARCHE, DEMARCHE_CONTRAT, LIGNES_IMPORTEES  # noqa: E402

FOIS = 5
FICHES_PREINSTRUITES = 10_000
LE_JOUR = date(2026, 11, 10)


def _work() -> float:
    """Processor time of this process and of the compilers it started, in seconds."""
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def contrat() -> dict[str, float]:
    """Median time from the database to the PDF, pages, peak memory of this process and of the compiler."""
    times, pdf, work = [], b"", _work()
    for _ in range(FOIS):
        start = time.perf_counter()
        demarche = Demarche.objects.avec_contexte().get(slug=DEMARCHE_CONTRAT)
        pdf = rendre_contrat_pdf(contrat_doc(assembler(demarche, LE_JOUR, complet=True), version="1"))
        times.append(time.perf_counter() - start)
    return {
        "secondes": median(times),
        "cpu": (_work() - work) / FOIS,
        "pages": len(re.findall(rb"/Type\s*/Page\b", pdf)),
        "octets": len(pdf),
        "memoire": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def portrait() -> dict[str, float]:
    """First and median time of the portrait, from the database and the store to the PDF; its pages."""
    times, pdf = [], b""
    for _ in range(FOIS):
        start = time.perf_counter()
        demarche = Demarche.objects.avec_contexte().get(slug=DEMARCHE)
        pdf = rendre_portrait_pdf(assembler_portrait(demarche, LE_JOUR))
        times.append(time.perf_counter() - start)
    return {
        "portrait": median(times),
        "portrait_premier": times[0],
        "portrait_pages": len(re.findall(rb"/Type\s*/Page\b", pdf)),
    }


def preinstruction() -> dict[str, float]:
    """Median time of 10,000 pré-instructions, from the database to the verdicts; peak memory."""
    fiches = Fiche.objects.order_by("pk")[:FICHES_PREINSTRUITES]
    times, nombre = [], 0
    for _ in range(FOIS):
        start = time.perf_counter()
        nombre = sum(1 for _ in preinstruire_par_tranches(fiches, LE_JOUR))
        times.append(time.perf_counter() - start)
    return {
        "preinstruction": median(times),
        "preinstruction_fiches": nombre,
        "preinstruction_memoire": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _operations() -> list[Operation]:
    """Two hundred plans of a commune: State granted, three aids asked, a cap; a third break a rule."""
    minimum, cumul = Seuil(Decimal("0.20"), "L1111-10"), Seuil(Decimal("0.80"), "R2334-27")
    moitie = Seuil(Decimal("0.50"), "L5214-16 V")
    operations = []
    for n in range(200):
        cout = Decimal(50_000 + n * 3_517)
        parts = [(Financeur.ETAT, "0.40"), (Financeur.REGION, "0.10"), (Financeur.EPCI, "0.08")]
        parts.append((Financeur.DEPARTEMENT, "0.30" if n % 3 == 0 else "0.15"))
        lignes = tuple(
            Financement(
                f, "", arrondir(cout * Decimal(part)),
                StatutFinancement.ACQUIS if f is Financeur.ETAT else StatutFinancement.SOLLICITE,
            )
            for f, part in parts
        )  # fmt: skip
        plafond = Plafond(Financeur.DEPARTEMENT, arrondir(cout * Decimal("0.25")), "article 4")
        operations.append(
            Operation(Plan(cout, lignes), minimum, cumul, cout, Financeur.EPCI, moitie, plafonds=(plafond,))
        )
    return operations


def solveur() -> dict[str, float]:
    """Plans examined, proposed and mended a second: the best of five rounds."""
    operations, times = _operations(), []
    for _ in range(FOIS):
        start = time.perf_counter()
        for operation in operations:
            examiner_plan(operation)
            proposer(operation)
            reparer(operation)
        times.append(time.perf_counter() - start)
    return {"solveur": len(operations) / min(times)}


def classeur(chemin: Path) -> dict[str, float]:
    """A plan as people keep it: every column, real owners and themes of the territory."""
    demarche = Demarche.objects.avec_contexte().get(slug=DEMARCHE)
    structures = [s.nom for s in structures_du_territoire(demarche)]
    themes = [t.libelle for t in Theme.objects.filter(dispositif__slug="lozere")]
    with xlsxwriter.Workbook(str(chemin), {"constant_memory": True}) as livre:
        feuille = livre.add_worksheet("Plan")
        feuille.write_row(0, 0, [champ.libelle for champ in CHAMPS])
        for n in range(1, LIGNES_IMPORTEES + 1):
            cout = 10_000 + n * 37 % 900_000
            valeurs = {
                "numero": 1_000_000 + n,
                "titre": f"Réfection de la voie communale n° {n}",
                "description": "Reprise de la chaussée et des fossés",
                "mo": structures[n % len(structures)],
                "theme": themes[n % len(themes)],
                "maturite": "structurant",
                "cout_ht": cout,
                "assiette": cout,
                "etat": cout * 2 // 5,
                "aide_demandee": cout // 5,
                "autofinancement": cout - cout * 2 // 5 - cout // 5,
                "annee": 2026 + n % 3,
            }
            feuille.write_row(n, 0, [valeurs.get(champ.code, "") for champ in CHAMPS])
    return {"octets": chemin.stat().st_size}


def sale() -> dict[str, float]:
    """A dirty workbook of the same size (titles, amounts and dates written every way), to its preview."""
    demarche = Demarche.objects.avec_contexte().get(slug=DEMARCHE)
    structures = [s.nom for s in structures_du_territoire(demarche)]
    with tempfile.TemporaryDirectory() as repertoire:
        chemin = Path(repertoire) / "sale.xlsx"
        ecrire_sale(chemin, structures=structures, theme="Voirie", lignes=LIGNES_IMPORTEES)
        start = time.perf_counter()
        tableau = lire_fichier(chemin)
        verifier(demarche, tableau, deviner(tableau.entetes, [x.cellules for x in tableau.lignes[:50]]))
        seconds = time.perf_counter() - start
    memory = max(
        resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    return {"import_sale": seconds, "import_sale_memoire": memory / 1024}


if __name__ == "__main__":
    jobs = {
        "preinstruction": preinstruction,
        "contrat": contrat,
        "portrait": portrait,
        "solveur": solveur,
        ("sale"): sale,
    }
    job = jobs[sys.argv[1]]() if sys.argv[1] in jobs else classeur(Path(sys.argv[2]))
    print(json.dumps(job))
