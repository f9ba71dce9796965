"""The agreed démarche of the contract tests, and grant files on its contract in force."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from arpent.metier.repartition.soldes import Stade
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.negociations.credits.noeuds import noeud_du_territoire
from arpent.plateforme.negociations.credits.registre import Ecriture, inscrire
from arpent.plateforme.negociations.models import Genre
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.envois import Envoi
from arpent.plateforme.subventions import emissions
from arpent.plateforme.subventions.dossiers import actions, documents, instruction, pieces
from arpent.plateforme.subventions.models import Dossier
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import petit_pdf
from tests.plateforme.contrats.conftest import accord, contrat, en_vigueur, monde, sans_fichiers, sans_pdf
from tests.plateforme.negociations.conftest import Monde

__all__ = ["accord", "contrat", "en_vigueur", "monde", "sans_fichiers", "sans_pdf"]

Connecte = Callable[[Agent], Client]
PIECES = {
    "pieces": [
        {"code": "devis", "libelle": "Devis", "nature": "devis", "etape": "dossier", "stades": ["devis"]},
        {"code": "rib", "libelle": "RIB", "etape": "dossier"},
    ]
}
LE = date(2026, 7, 1)


@dataclass
class Bureau:
    """A contract in force whose policy expects two pieces, and the people of a grant file."""

    monde: Monde
    contrat: Contrat
    secretaire: Agent
    instructeur: Agent
    fiches: list[Fiche] = field(default_factory=list)

    def ouvrir(self, rang: int = 0, **valeurs: Any) -> Dossier:
        dossier = actions.ouvrir_dossier(
            self.monde.demarche, self.fiches[rang].pk, par=self.secretaire, le=LE
        )
        base = {"stade": "devis", "cout_reel_ht": Decimal(90_000), "assiette_reelle": Decimal(90_000)}
        return actions.modifier_dossier(
            dossier, base | valeurs, [], version_lue=dossier.version, par=self.secretaire
        )

    def relire(self, dossier: Dossier) -> Dossier:
        return Dossier.objects.avec_contexte().get(pk=dossier.pk)

    def joindre(self, dossier: Dossier, *codes: str) -> None:
        for code in codes or ("devis", "rib"):
            pieces.joindre(dossier, code, Envoi(f"{code}.pdf", petit_pdf()), par=self.secretaire)

    def depose(self, rang: int = 0, **valeurs: Any) -> Dossier:
        dossier = self.ouvrir(rang, **valeurs)
        self.joindre(dossier)
        return actions.deposer(self.relire(dossier), par=self.secretaire, le=LE)

    def complet(self, rang: int = 0, **valeurs: Any) -> Dossier:
        dossier = self.depose(rang, **valeurs)
        pieces.accepter_tout(dossier, par=self.instructeur)
        return instruction.accuser(self.relire(dossier), par=self.instructeur, le=LE)

    def propose(self, montant: str, rang: int = 0, motif: str = "", **valeurs: Any) -> Dossier:
        dossier = self.complet(rang, **valeurs)
        return instruction.proposer(dossier, Decimal(montant), motif, par=self.instructeur, le=LE)


@pytest.fixture
def sans_rendu(monkeypatch: pytest.MonkeyPatch) -> None:
    """Papers are small PDFs: rendering is tested elsewhere."""
    monkeypatch.setattr(documents, "rendre_accuse_pdf", lambda _: petit_pdf())
    monkeypatch.setattr(documents, "rendre_rapport_commission_pdf", lambda _: petit_pdf())
    monkeypatch.setattr(emissions, "rendre", lambda *_: petit_pdf())


@pytest.fixture
def bureau(accord: Monde, en_vigueur: Contrat, sans_rendu: None) -> Bureau:
    parametres = dict(accord.dispositif.parametres)
    parametres |= {"fiche": PIECES, "dossier": {"reponse_jours": 15}}
    accord.dispositif.parametres = parametres
    accord.dispositif.save()
    fiches = accord.fiches
    Fiche.objects.filter(pk__in=[f.pk for f in fiches]).update(cout_ht=100_000, assiette=100_000)
    demarche = accord.demarche
    with transaction.atomic():
        noeud = noeud_du_territoire(accord.dispositif.fonds.get(), demarche)
        inscrire([Ecriture(noeud, Stade.ALLOUE, Genre.DOTATION, Decimal(40_000))], par=None)
    secretaire = fabrique.agent("secretaire_mairie", demarche, pour=fiches[0].maitre_ouvrage)
    instructeur = fabrique.agent("instructeur", demarche)
    return Bureau(accord, en_vigueur, secretaire, instructeur, fiches)
