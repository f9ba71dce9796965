"""People, fiches and démarches that no database holds: what is enough to ask who may do what."""

from __future__ import annotations

from typing import Any

from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.demarches.models import Demarche, Processus, VersionProcessus
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import Dispositif

TERRITOIRE, AUTRE_TERRITOIRE = 10, 11
AUTORITE, AUTRE_AUTORITE = 20, 21
MAIRIE, AUTRE_MAIRIE = 30, 31


def habilitation(role: str, **cles: Any) -> Habilitation:
    """One habilitation; by default it holds over TERRITOIRE, AUTORITE and MAIRIE."""
    defaut = {"territoire_id": TERRITOIRE, "autorite_id": AUTORITE, "organisation_id": MAIRIE}
    return Habilitation(role=role, **(defaut | cles))


def personne(*habilitations: Habilitation | str, pk: int = 1) -> Agent:
    """An agent with these habilitations in force (a word: that role, over the default perimeter)."""
    agent = Agent(pk=pk, nom=f"Agent {pk}")
    agent.habilitations_en_cours = [habilitation(h) if isinstance(h, str) else h for h in habilitations]
    return agent


def demarche() -> Demarche:
    processus = Processus(autorite=Organisation(pk=AUTORITE, nom="Département"))
    return Demarche(territoire_id=TERRITOIRE, version_processus=VersionProcessus(processus=processus))


def fiche(etat: str = "proposee", mairie: int = MAIRIE) -> Fiche:
    return Fiche(
        pk=1, demarche=demarche(), etat=etat, maitre_ouvrage=Organisation(pk=mairie, nom=f"Mairie {mairie}")
    )


def dispositif() -> Dispositif:
    return Dispositif(autorite_id=AUTORITE)
