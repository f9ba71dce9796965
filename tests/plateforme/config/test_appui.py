"""`arpent appui`: the requests, the load."""

from __future__ import annotations

import pytest

from arpent.plateforme.acteurs.models import DemandeAppui
from tests.plateforme import fabrique

from .conftest import Console


@pytest.fixture
def demande(db: None) -> DemandeAppui:
    demarche = fabrique.demarche(slug="gevaudan")
    return DemandeAppui.objects.create(
        territoire=demarche.territoire, autorite=demarche.autorite, demarche_id=demarche.pk, genre="montage",
        organisation=fabrique.organisation("commune", "Mairie de Langogne"), question="Secrète ?",
        demandee_par_nom="A", echeance_le="2026-01-10",
    )  # fmt: skip


def test_lister_et_compter(arpent: Console, demande: DemandeAppui) -> None:
    (dite,) = arpent("appui", "lister", "--territoire", "gevaudan", "--json").json
    assert (dite["numero"], dite["pour"], dite["etat"], dite["en_retard"]) == (
        demande.pk, "Mairie de Langogne", "ouverte", True,
    )  # fmt: skip
    assert "Secrète" not in arpent("appui", "lister").sortie
    assert arpent("appui", "lister", "--etat", "close", "--json").json == []
    assert len(arpent("appui", "lister", "--etat", "retard", "--json").json) == 1
    assert arpent("appui", "lister", "--etat", "perdue").code == 2
    charge = arpent("appui", "charge", "--json").json
    assert (charge["total"]["ouvertes"], charge["total"]["en_retard"]) == (1, 1)
    assert "1 en cours, 1 en retard" in arpent("appui", "charge").sortie
