"""A Rendez-vous held by one territory with its neighbour, projects on both sides, one late and blocked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions
from arpent.plateforme.demarches.reunions.genres import USUELS
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import QuestionReunion
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import JalonProjet, PointBloquant, SuiviProjet
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import accord, contrat, en_vigueur, monde, sans_fichiers
from tests.plateforme.negociations.conftest import Monde
from tests.plateforme.suivi.conftest import retenus

__all__ = ["accord", "contrat", "en_vigueur", "monde", "retenus", "sans_fichiers"]
LE = date(2026, 6, 10)
RDV = next(g for g in USUELS if g.est_rendez_vous)


@pytest.fixture(autouse=True)
def depot(settings: Any, tmp_path: Path) -> None:
    """What is archived stays in a folder of the test."""
    settings.MEDIA_ROOT = tmp_path / "fichiers"


def fixer(monde: Monde, *autres: Demarche, jour: date = LE, etat: str = "convoquee") -> Reunion:
    reunion = Reunion(demarche=monde.demarche, titre="Rendez-vous de Florac", jour=jour, lieu="Florac")
    actions.preparer(reunion, RDV, autres, par=None)
    Reunion.objects.filter(pk=reunion.pk).update(etat=etat)
    reunion.refresh_from_db()
    return reunion


@pytest.fixture
def late(retenus: Monde) -> Fiche:
    """The first project: half done, its second milestone late of twenty days, one thing that blocks."""
    fiche = retenus.fiches[0]
    suivi = SuiviProjet.objects.create(fiche=fiche)
    JalonProjet.objects.create(
        suivi=suivi, ordre=1, libelle="Études", poids=50, prevu_le=date(2026, 1, 10), atteint_le=LE
    )
    JalonProjet.objects.create(
        suivi=suivi, ordre=2, libelle="Marchés signés", poids=50, prevu_le=date(2026, 5, 21)
    )
    PointBloquant.objects.create(
        fiche=fiche, texte="L’architecte est parti.", responsable=fiche.maitre_ouvrage,
        echeance=date(2026, 7, 1), ouvert_le=LE, ouvert_par_nom="Essai",
    )  # fmt: skip
    return fiche


@pytest.fixture
def voisin(retenus: Monde) -> Fiche:
    """A project of the neighbour that bears the same number as the first one here."""
    fiche = fabrique.fiche(retenus.voisine, numero=1, titre="Halle", etat="contractualisee")
    Fiche.objects.filter(pk=fiche.pk).update(aide_accordee=Decimal("7000.00"))
    fiche.refresh_from_db()
    return fiche


@pytest.fixture
def rdv(retenus: Monde, late: Fiche) -> Reunion:
    """Of one territory, its notices sent."""
    return fixer(retenus)


@pytest.fixture
def a_deux(retenus: Monde, late: Fiche, voisin: Fiche) -> Reunion:
    return fixer(retenus, retenus.voisine)


@pytest.fixture
def question(rdv: Reunion, late: Fiche) -> QuestionReunion:
    return QuestionReunion.objects.create(
        reunion=rdv, texte="Décaler la halle ?", objet_genre="fiche", objet_id=late.numero,
        objet_libelle=f"Fiche {late.numero} : {late.titre}",
    )  # fmt: skip
