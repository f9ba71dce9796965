"""The schema and its documentation say what is served; a fuzzer made of the schema finds no fault."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
    unsupported_method,
)

from arpent.plateforme.echanges.api import debit
from arpent.plateforme.echanges.api import urls as routes
from arpent.plateforme.echanges.api.ressources import RESSOURCES
from arpent.plateforme.echanges.api.schema import schema
from tests.architecture.monde import batir

from .conftest import cle_de

pytestmark = pytest.mark.django_db
CAS = int(os.environ.get("ARPENT_CAS_API", "160"))
"""Cases in all. The bench asks 10,000: ARPENT_CAS_API=10000."""
VERIFICATIONS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance, negative_data_rejection, unsupported_method,
]  # fmt: skip


def test_les_routes_ecrites_a_la_main_sont_celles_de_la_bibliotheque() -> None:
    assert {f"/api/v1/{m.replace('<cle>', '{cle}')}" for m in routes.MOTIFS} == set(schema()["paths"])
    assert tuple(r.code for r in RESSOURCES) == routes.RESSOURCES or set(routes.RESSOURCES) == {
        r.code for r in RESSOURCES
    }


def test_le_schema_est_du_3_1_public_et_marque() -> None:
    reponse = Client().get("/api/v1/openapi.json")
    assert reponse.status_code == 200
    assert reponse.json()["openapi"] == "3.1.0"
    encore = Client().get("/api/v1/openapi.json", headers={"If-None-Match": reponse.headers["ETag"]})
    assert encore.status_code == 304


def test_chaque_operation_dit_ses_refus_en_francais() -> None:
    for chemin, methodes in schema()["paths"].items():
        for operation in methodes.values():
            assert operation["security"] == [{"jeton": []}], chemin
            assert {"401", "403", "429"} <= set(operation["responses"]), chemin
            for statut, reponse in operation["responses"].items():
                if int(statut) >= 400:
                    assert list(reponse["content"]) == ["application/problem+json"]
            assert operation["summary"]
            assert operation["description"].endswith((".", "»."))


def test_aucune_operation_ne_s_ouvre_sans_jeton(client: Client) -> None:
    for chemin, methodes in schema()["paths"].items():
        for methode in methodes:
            for entetes in ({}, {"Authorization": "Bearer arp_" + "x" * 43}, {"Authorization": "Basic eDp4"}):
                reponse = client.generic(
                    methode.upper(), chemin.replace("{cle}", "1"), b"{}", content_type="application/json",
                    headers=entetes,
                )  # fmt: skip
                assert reponse.status_code == 401, (methode, chemin, entetes)


def test_la_documentation_montre_chaque_operation_sans_script_d_ailleurs() -> None:
    texte = Client().get("/api/v1/doc/").content.decode()
    for chemin, methodes in schema()["paths"].items():
        for methode in methodes:
            assert f"<code>{methode.upper()} {chemin.removeprefix('/api/v1')}</code>" in texte
    assert "style=" not in texte
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', texte)


def test_les_exemples_de_la_documentation_sont_du_json() -> None:
    from arpent.plateforme.echanges.api.documentation import rubriques

    for rubrique in rubriques():
        for operation in rubrique.operations:
            assert json.loads(operation.reponse)


@pytest.fixture(scope="module")
def cle(django_db_setup: None, django_db_blocker: Any) -> Iterator[str]:
    """The key of somebody who sees and writes everything."""
    with django_db_blocker.unblock(), transaction.atomic():
        agent = batir().agents["administrateur"]
        assert agent is not None
        yield cle_de(agent)
        transaction.set_rollback(True)


@pytest.fixture
def connexion_gardee() -> Iterator[None]:
    """The fuzzer goes through WSGI: the end of a request would close the connection of the transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _une_operation() -> Any:
    lu = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    return lu


@pytest.mark.usefixtures("connexion_gardee")
def test_un_fouineur_ne_trouve_ni_panne_ni_ecart_au_schema(
    cle: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Each operation is asked by what the schema allows, and by what it forbids."""
    monkeypatch.setattr(debit, "PAR_MINUTE", 10**6)
    entetes = {"Authorization": f"Bearer {cle}"}
    operations = [x.ok() for x in _une_operation().get_all_operations()]
    assert len(operations) > 35
    faits = []
    for operation in operations:

        @settings(
            max_examples=max(4, CAS // len(operations)), deadline=None, database=None,
            derandomize=CAS < 1_000, suppress_health_check=list(HealthCheck),
        )  # fmt: skip
        def essayer(case: Any) -> None:
            with transaction.atomic():
                reponse = case.call(headers=entetes)
                transaction.set_rollback(True)
            faits.append(reponse.status_code)
            case.validate_response(reponse, checks=VERIFICATIONS)

        from hypothesis import given

        given(case=operation.as_strategy())(essayer)()
    assert len(faits) >= CAS // 2
    assert max(faits) < 500
