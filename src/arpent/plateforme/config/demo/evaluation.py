"""Indicators of the demonstration: the observatoire is real, targets and counts are invented."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.suivi.avancement.lecture import fiches_suivies
from arpent.plateforme.suivi.evaluation import actions
from arpent.plateforme.suivi.evaluation.releve import ReleveImpossible, relever
from arpent.plateforme.suivi.models import IndicateurSuivi

from .avancement import SIGNE, VITRINE

MIEUX, MOINS = Decimal("1.05"), Decimal("0.90")
"""Demonstration: a target 5 % above the value of departure, or 10 % under it."""
DEPART, CIBLE = 2025, 2028
SOURCE = "Bilans des maîtres d’ouvrage (exemple)"


@transaction.atomic
def mesurer(le: date) -> None:
    """All or nothing, once."""
    if IndicateurSuivi.objects.exists():
        return
    for slug in (SIGNE, VITRINE):
        demarche = Demarche.objects.avec_contexte().get(slug=slug)
        for enjeu in demarche.enjeux.prefetch_related("constats").order_by("priorite", "pk"):
            code = next((c.indicateur for c in enjeu.constats.all() if c.indicateur), "")
            quoi = catalogue().indicateurs.get(code)
            if quoi is not None:
                indicateur = IndicateurSuivi(
                    demarche=demarche, enjeu=enjeu, libelle=quoi.libelle, unite=quoi.unite, code=code,
                    source=quoi.source, demonstration=True, cible_annee=CIBLE,
                )  # fmt: skip
                _du_territoire(indicateur, le)
        _des_projets(demarche, le)


def _du_territoire(indicateur: IndicateurSuivi, le: date) -> None:
    """From the value of today towards a target; kept without value when the store has none."""
    try:
        lu = relever(indicateur.demarche, indicateur.code)
    except ReleveImpossible:
        actions.ecrire_indicateur(indicateur, par=None)
        return
    annees = re.findall(r"\d{4}", lu.millesime)
    indicateur.reference, indicateur.reference_annee = lu.valeur, int(annees[-1]) if annees else le.year
    moins = catalogue().indicateurs[indicateur.code].sens == "moins"
    vers = MOINS if moins or lu.valeur < 0 else MIEUX
    indicateur.cible = (lu.valeur * vers).quantize(Decimal("0.01"))
    actions.ecrire_indicateur(indicateur, par=None)
    actions.relever_valeur(indicateur, le=le, par=None)


def _des_projets(demarche: Demarche, le: date) -> None:
    """How many projects of each axis are finished."""
    nombres: dict[int, int] = {}
    for fiche in fiches_suivies(demarche):
        if fiche.axe_id:
            nombres[fiche.axe_id] = nombres.get(fiche.axe_id, 0) + 1
    for axe in demarche.axes.filter(pk__in=nombres).order_by("numero"):
        indicateur = actions.ecrire_indicateur(
            IndicateurSuivi(
                demarche=demarche, axe=axe, nature=IndicateurSuivi.Nature.REALISATION,
                libelle="Projets achevés", reference=Decimal(0), reference_annee=DEPART,
                cible=Decimal(nombres[axe.pk]), cible_annee=CIBLE, source=SOURCE, demonstration=True,
            ),
            par=None,
        )  # fmt: skip
        faits = Decimal(1 if nombres[axe.pk] > 1 else 0)
        actions.noter_valeur(indicateur, faits, le=le, source=SOURCE, par=None, demonstration=True)
