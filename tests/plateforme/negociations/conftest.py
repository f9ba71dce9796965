"""A démarche with three fiches, a fund shared by two territories, and the people around it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.ensembles import actions as ensembles
from arpent.plateforme.negociations.models import EnsembleScenarios
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif, Fonds, VersionReglement
from tests.plateforme import fabrique

CONTENU = {
    "dispositif": "essai",
    "version": "1",
    "intitule": "Règlement d’essai",
    "en_vigueur_le": "2020-01-01",
    "financeur": "departement",
    "articles": [
        {
            "numero": "1",
            "titre": "Participation",
            "prose": "Le maître d’ouvrage paie sa part.",
            "regles": [{"genre": "participation_minimale"}],
        }
    ],
}


@dataclass(frozen=True)
class Monde:
    """What most tests need."""

    dispositif: Dispositif
    demarche: Demarche
    voisine: Demarche
    fiches: list[Fiche]
    chef: Agent
    president: Agent
    maire: Agent


@pytest.fixture
def monde(db: None) -> Monde:
    dispositif = fabrique.dispositif()
    Fonds.objects.create(
        dispositif=dispositif,
        code="base",
        libelle="Enveloppe de base",
        montant=Decimal("100000"),
        cle_repartition=[
            {"critere": "forfait", "poids": "0.50"},
            {"critere": "voirie", "poids": "0.25"},
            {"critere": "population", "poids": "0.25"},
        ],
    )
    VersionReglement.objects.create(
        dispositif=dispositif,
        numero=1,
        intitule="Règlement d’essai",
        en_vigueur_le=date(2020, 1, 1),
        contenu=CONTENU,
        empreinte="essai",
    )
    demarche = fabrique.demarche(dans=dispositif, slug="gevaudan")
    voisine = fabrique.demarche(dans=dispositif, slug="margeride")
    fiches = [fabrique.fiche(demarche, numero=n) for n in (1, 2, 3)]
    fabrique.fiche(demarche, numero=4, etat="brouillon")
    fabrique.financement(fiches[0], "etat", "70000")
    return Monde(
        dispositif,
        demarche,
        voisine,
        fiches,
        fabrique.agent("chef_de_projet", demarche),
        fabrique.agent("president_epci", demarche),
        fabrique.agent("maire", demarche),
    )


def poser(monde: Monde, fiche: Fiche, montant: str, *, version: int = 0, **reste: object) -> None:
    """Proposes an amount as the chef de projet."""
    actions.proposer(
        actions.scenario_courant(monde.demarche),
        fiche,
        Decimal(montant),
        2026,
        str(reste.pop("decision", "retenue")),
        str(reste.pop("motif", "")),
        version_lue=version,
        par=monde.chef,
    )


@pytest.fixture
def ailleurs(monde: Monde) -> Fiche:
    """A fiche of the neighbour, with an aid in its maquette."""
    fiche = fabrique.fiche(monde.voisine, numero=1, titre="Halle", theme=monde.dispositif.themes.last())
    courant = actions.scenario_courant(monde.voisine)
    actions.proposer(courant, fiche, Decimal("7000"), 2027, "retenue", version_lue=0, par=monde.chef)
    return fiche


@pytest.fixture
def ensemble(monde: Monde, ailleurs: Fiche) -> EnsembleScenarios:
    """A copy of both maquettes: 10 000 € for the first fiche here, 7 000 € at the neighbour's."""
    poser(monde, monde.fiches[0], "10000")
    return ensembles.copier(monde.dispositif, "Prudent", None, par=monde.chef)
