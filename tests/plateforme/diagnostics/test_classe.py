"""The class of a démarche, kept for a minute, never invented."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arpent.plateforme.diagnostics.vulnerabilites.classe import classe_de, oublier
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def test_sans_observatoire_ou_sans_modele_il_n_y_a_pas_de_classe() -> None:
    assert classe_de(fabrique.demarche().pk) is None


def test_la_reponse_est_gardee_puis_oubliee() -> None:
    demarche = fabrique.demarche()
    classe_de(demarche.pk)
    with CaptureQueriesContext(connection) as gardee:
        classe_de(demarche.pk)
    assert len(gardee) == 0
    oublier()
    with CaptureQueriesContext(connection) as relue:
        classe_de(demarche.pk)
    assert 1 <= len(relue) <= 5
