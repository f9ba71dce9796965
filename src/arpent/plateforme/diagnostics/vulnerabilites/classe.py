"""The vulnerability class of a démarche, for the rules and the clauses that depend on it."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import date

from django.conf import settings

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.observatoire.magasin import ObservatoireVide, ouvrir
from arpent.plateforme.observatoire.portrait import departement_principal
from arpent.plateforme.territoires.perimetres import perimetre

from .evaluation import evaluer

DUREE_S = 60.0
"""A class is kept that long in a process: a table of a thousand fiches asks for it a thousand times."""


@dataclass(frozen=True, slots=True)
class ClasseDeTerritoire:
    """`type_contrat`: label of the contract the class calls for; `demonstration`: weights not published."""

    code: str
    libelle: str
    type_contrat: str
    demonstration: bool


_GARDEES: dict[int, tuple[float, ClasseDeTerritoire | None]] = {}


def classe_de(demarche_id: int) -> ClasseDeTerritoire | None:
    """None without a usable model, a loaded observatory, or enough figures. At most five queries a minute."""
    instant, connue = _GARDEES.get(demarche_id, (0.0, None))
    if instant and time.monotonic() - instant < DUREE_S:
        return connue
    classe = _evaluer(demarche_id)
    _GARDEES[demarche_id] = (time.monotonic(), classe)
    return classe


def oublier() -> None:
    """Forgets what is kept (a dispositif was loaded again, a test begins)."""
    _GARDEES.clear()


def _evaluer(demarche_id: int) -> ClasseDeTerritoire | None:
    demarche = Demarche.objects.avec_contexte().get(pk=demarche_id)
    try:
        magasin = ouvrir(settings.ARPENT_DONNEES)
    except ObservatoireVide:
        return None
    ici = perimetre(demarche.territoire, date.today())
    if not ici.communes:
        return None
    resultat = evaluer(demarche, magasin, ici, departement_principal(magasin, ici.communes))
    if resultat is None or resultat.composee.classe is None:
        return None
    classe = resultat.composee.classe
    return ClasseDeTerritoire(
        classe.code,
        classe.libelle,
        resultat.types_contrat.get(resultat.type_contrat or "", ""),
        resultat.modele.demonstration,
    )
