"""The pages of the evaluation of one contract, as tabs."""

from __future__ import annotations

from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.pieces import Onglet

VOLETS = (
    ("indicateurs", "Indicateurs", "suivi:evaluation"),
    ("questions", "Questions", "suivi:questions"),
    ("questionnaires", "Questionnaires", "suivi:campagnes"),
    ("jumeaux", "Jumeaux", "suivi:jumeaux"),
    ("generations", "Générations", "suivi:generations"),
    ("rapport", "Rapport", "suivi:rapport"),
    ("cloture", "Clôture", "suivi:cloture"),
)


def volets(demarche: Demarche, ici: str) -> list[Onglet]:
    """No query."""
    return [Onglet(libelle, reverse(nom, args=[demarche.slug]), code == ici) for code, libelle, nom in VOLETS]
