"""A token, and what a program sends with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.echanges.api import debit, jetons
from arpent.plateforme.echanges.api.portees import PORTEES

RACINE = "/api/v1"


class Programme:
    """A program that holds the key of somebody."""

    def __init__(self, cle: str) -> None:
        self._client, self._cle = Client(raise_request_exception=False), cle

    def lire(self, chemin: str, **entetes: str) -> Any:
        return self._client.get(f"{RACINE}{chemin}", headers={**self._porter(), **entetes})

    def ecrire(self, methode: str, chemin: str, corps: Any, **entetes: str) -> Any:
        envoi = corps if isinstance(corps, bytes) else json.dumps(corps).encode()
        return self._client.generic(
            methode,
            f"{RACINE}{chemin}",
            envoi,
            content_type="application/json",
            headers={**self._porter(), **entetes},
        )

    def liste(self, chemin: str) -> list[dict[str, Any]]:
        reponse = self.lire(chemin)
        assert reponse.status_code == 200, reponse.content
        return list(reponse.json()["resultats"])

    def _porter(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._cle}"} if self._cle else {}


def cle_de(
    agent: Agent, *portees: str, demarche: Demarche | None = None, nom: str = "Tableau de bord"
) -> str:
    fin = timezone.localdate() + timedelta(days=30)
    return jetons.creer(agent, nom, portees=portees or tuple(PORTEES), fin=fin, demarche=demarche)[1]


def programme_de(agent: Agent, *portees: str, demarche: Demarche | None = None) -> Programme:
    return Programme(cle_de(agent, *portees, demarche=demarche))


@pytest.fixture(autouse=True)
def _debit_a_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tokens of one test and of the next have the same number."""
    monkeypatch.setattr(debit, "_ouverts", _Neufs(tmp_path))


class _Neufs(dict[Path, Any]):
    """One file of counts a test."""

    def __init__(self, dossier: Path) -> None:
        super().__init__()
        self._compteurs = debit.Compteurs(dossier / "debit-api")

    def __contains__(self, cle: object) -> bool:
        return True

    def __getitem__(self, cle: Path) -> Any:
        return self._compteurs


Fabrique = Callable[..., Programme]
