"""The consolidated contract after 20 avenants and 900 projects: the page, the reading, the calculation.

    python -m bench.avenants        prints one JSON line; 1 when the target is missed

The floor, measured in turn with the page: the same frozen lines read from the same database and written by a
bare template of five columns. The ratio is the figure to quote.
"""

from __future__ import annotations

import json
import os
import random
import time
from datetime import date, timedelta
from decimal import Decimal
from statistics import median
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")

PROJETS, AVENANTS, PAR_AVENANT, TOURS = 900, 20, 30, 15
CIBLE_S = 0.300
GRAINE = 2026
EFFET = date(2026, 1, 1)


def _lignes() -> list[dict[str, Any]]:
    hasard = random.Random(GRAINE)
    return [
        {
            "numero": str(n), "titre": f"Réfection de la voie communale numéro {n}", "reference": str(n),
            "maitre_ouvrage": f"Commune {n % 60}", "theme": f"Thème {n % 6}", "axe": "", "maturite": "",
            "annee": 2026 + n % 3, "cout_ht": "150000.00",
            "aide": f"{hasard.randint(100_000, 5_000_000) / 100:.2f}",
        }
        for n in range(1, PROJETS + 1)
    ]  # fmt: skip


def _mouvements(rang: int) -> list[dict[str, Any]]:
    """Amounts and years for most, one project out, one in: each avenant has its own projects."""
    debut = rang * PAR_AVENANT + 1
    faits: list[dict[str, Any]] = []
    for n in range(debut, debut + PAR_AVENANT - 2):
        if n % 2:
            faits.append({"genre": "montant", "cle": str(n), "montant": "12345.67", "motif": "Aléa"})
        else:
            faits.append({"genre": "annee", "cle": str(n), "annee": 2030})
    faits.append({"genre": "retrait", "cle": str(debut + PAR_AVENANT - 2)})
    ligne = {
        "cle": f"n{rang}", "numero": f"9{rang:03d}", "titre": f"Projet ajouté {rang}", "cout_ht": "90000.00",
        "maitre_ouvrage": "Commune 1", "aide": "9000.00", "annee": 2027, "theme": "Thème 1", "axe": "",
        "fonds": "", "maturite": "", "maitre_ouvrage_id": None, "hors_enveloppe": False,
    }  # fmt: skip
    faits.append({"genre": "ajout", "ligne": ligne})
    return faits


def _semer() -> tuple[Any, Any]:
    """A démarche with its contract in force and its avenants; who reads it."""
    from tests.plateforme import fabrique

    from arpent.plateforme.contrats.models import Avenant, Contrat, VersionAvenant, VersionContrat

    demarche = fabrique.demarche(slug="banc-avenants")
    contrat = Contrat.objects.create(demarche=demarche, etat="en_vigueur", date_effet=EFFET)
    lignes = _lignes()
    fiches = [x | {"description": "Texte. " * 60, "constats": [{"article": "1"}] * 8} for x in lignes]
    articles = [
        {"numero": str(n), "titre": f"Article {n}", "paragraphes": ["Un paragraphe. " * 20]}
        for n in range(1, 21)
    ]
    VersionContrat.objects.create(
        contrat=contrat, numero=1, etat="signature", gabarit="contrat/v1", empreinte="banc", par_nom="banc",
        total_aides=Decimal(1), nombre_projets=PROJETS,
        donnees={
            "maquette": {"lignes": lignes, "enveloppe": "90000000.00"}, "fiches": fiches,
            "articles": articles,
            "parties": [{"nom": f"Commune {n}"} for n in range(60)],
        },
    )  # fmt: skip
    for rang in range(AVENANTS):
        avenant = Avenant.objects.create(
            contrat=contrat, numero=rang + 1, objet=f"Avenant {rang + 1}", etat="en_vigueur", piste="simple",
            date_effet=EFFET + timedelta(days=30 * rang),
        )  # fmt: skip
        VersionAvenant.objects.create(
            avenant=avenant, numero=1, gabarit="avenant/v1", empreinte="banc", par_nom="banc",
            donnees={"mouvements": _mouvements(rang), "variation": "0"},
        )  # fmt: skip
    return contrat, fabrique.agent("chef_de_projet", demarche)


def _chronometrer(agir: Any) -> float:
    debut = time.perf_counter()
    agir()
    return time.perf_counter() - debut


def mesurer() -> dict[str, Any]:
    """Medians in seconds; page and floor are asked in turn."""
    from django.template import engines
    from django.test import Client
    from django.urls import reverse

    from arpent.plateforme.contrats.avenants.lecture import actes_en_vigueur, base_de, etat_consolide
    from arpent.plateforme.contrats.models import VersionContrat

    contrat, chef = _semer()
    client = Client()
    client.force_login(chef)
    url = reverse("contrats:consolide", args=[contrat.demarche.slug]) + "?le=2030-01-01"
    nu = engines["django"].from_string(
        "<table>{% for x in lignes %}<tr><td>{{ x.numero }}</td><td>{{ x.titre }}</td><td>"
        "{{ x.maitre_ouvrage }}</td><td>{{ x.annee }}</td><td>{{ x.aide }}</td></tr>{% endfor %}</table>"
    )

    def plancher() -> None:
        lue = VersionContrat.objects.filter(contrat=contrat).values_list(
            "donnees__maquette__lignes", flat=True
        )
        nu.render({"lignes": lue.get()})

    def page() -> None:
        reponse = client.get(url)
        assert reponse.status_code == 200
        assert reponse.content.count(b"<tr>") > PROJETS

    lu = etat_consolide(contrat)
    assert lu.refus == (), lu.refus
    assert len(lu.appliques) == AVENANTS
    page()
    temps: dict[str, list[float]] = {"page": [], "plancher": [], "lecture": []}
    for _ in range(TOURS):
        temps["page"].append(_chronometrer(page))
        temps["plancher"].append(_chronometrer(plancher))
        temps["lecture"].append(_chronometrer(lambda: (base_de(contrat), actes_en_vigueur(contrat))))
    medianes = {nom: median(valeurs) for nom, valeurs in temps.items()}
    consolider = median(_chronometrer(lambda: etat_consolide(contrat)) for _ in range(TOURS))
    return {
        "projets": PROJETS, "avenants": AVENANTS, "mouvements": AVENANTS * PAR_AVENANT,
        "page_ms": round(medianes["page"] * 1000, 1), "plancher_ms": round(medianes["plancher"] * 1000, 1),
        "ratio": round(medianes["page"] / medianes["plancher"], 2),
        "lecture_ms": round(medianes["lecture"] * 1000, 1), "consolider_ms": round(consolider * 1000, 1),
        "cible_ms": CIBLE_S * 1000,
    }  # fmt: skip


def main() -> int:
    """On a test database of its own, dropped at the end."""
    import django

    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    nom = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    try:
        mesures = mesurer()
    finally:
        connection.creation.destroy_test_db(nom, verbosity=0)
        teardown_test_environment()
    print(json.dumps(mesures, ensure_ascii=False))
    return 0 if mesures["page_ms"] <= CIBLE_S * 1000 else 1


if __name__ == "__main__":
    raise SystemExit(main())
