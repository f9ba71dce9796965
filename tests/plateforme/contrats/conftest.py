"""A démarche whose maquette is agreed, with a contract model of a few articles."""

from __future__ import annotations

from datetime import date

import pytest

from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.negociations import actions as negociations
from tests.plateforme.negociations.conftest import Monde, monde, poser

__all__ = ["monde"]

MODELE = {
    "titre": "Contrat territorial {{ territoire_nom }}",
    "champs": {
        "date_effet": "Date d’effet",
        "reglement_acte": "Acte du règlement",
        "total_aides": "Total des aides",
    },
    "preambule": "Un préambule.",
    "visas": [
        {"code": "notre", "texte": "Vu la loi NOTRe ;", "condition": None},
        {"code": "acte", "texte": "Vu l’acte {{ reglement_acte }} ;", "condition": "reglement_acte"},
    ],
    "articles": [
        {"code": "objet", "titre": "Objet", "texte": "Aides : {{ total_aides }}.", "condition": None},
        {"code": "reserve", "titre": "Réserve", "texte": "{{ fonds_reserve_montant }}",
         "condition": "fonds_reserve_montant"},
        {"code": "duree", "titre": "Durée", "texte": "À partir du {{ date_effet }}.", "condition": None},
    ],
}  # fmt: skip


@pytest.fixture
def accord(monde: Monde) -> Monde:
    """Two projects retained, offered and accepted."""
    monde.dispositif.modele_contrat = MODELE
    monde.dispositif.save()
    poser(monde, monde.fiches[0], "9999.99")
    poser(monde, monde.fiches[1], "15000.01")
    scenario = negociations.scenario_courant(monde.demarche)
    for geste in ("offrir", "accepter"):
        scenario = negociations.changer_etat(scenario, geste, par=monde.chef)
    return monde


@pytest.fixture
def contrat(accord: Monde) -> Contrat:
    """Prepared and complete."""
    contrat = actions.contrat_de(accord.demarche, accord.chef)
    valeurs = {"reference": "CT-1", "date_effet": date(2026, 3, 1), "preambule": ""}
    return actions.enregistrer_contrat(contrat, valeurs, version_lue=contrat.version, par=accord.chef)
