"""The deadlines of awarded aids among « mes échéances », and their feed."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.reunions.suites import ouvrir_agenda, revoquer_agenda
from arpent.plateforme.subventions.models import Dossier
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde, monde
from tests.plateforme.subventions import atelier_versements as atelier

__all__ = ["monde"]
Connecte = Callable[[Agent], Client]


@pytest.fixture
def dossier(monde: Monde) -> Dossier:
    """Its start is due in ten days."""
    atelier.regler(monde.dispositif, echeances={"commencement_mois": 1})
    vote = date.today() - timedelta(days=20)
    return atelier.dossier_notifie(monde.fiches[0], vote_le=vote, notifie_le=vote)


def test_le_delai_d_une_aide_est_dans_les_echeances_de_sa_mairie_et_du_service(
    monde: Monde, dossier: Dossier, connecte: Connecte
) -> None:
    dit = f"Commencement des travaux : {dossier.fiche.titre}"
    for agent in (atelier.secretaire(dossier), fabrique.agent("instructeur", monde.demarche)):
        assert dit in connecte(agent).get("/mes-echeances/").content.decode()
    ailleurs = connecte(fabrique.agent("instructeur", fabrique.demarche()))
    assert dit not in ailleurs.get("/mes-echeances/").content.decode()


def test_l_agenda_ouvert_donne_les_echeances_et_revoque_ne_repond_plus(
    dossier: Dossier, connecte: Connecte
) -> None:
    agent = atelier.secretaire(dossier)
    client = connecte(agent)
    assert "ouvrez son adresse" in client.get("/mes-echeances/").content.decode()
    ouvrir_agenda(agent)
    lue = client.get("/mes-echeances/").content.decode()
    (adresse,) = set(re.findall(r'href="http://testserver([^"]+\.ics)"', lue))
    flux = Client().get(adresse)
    assert flux["Content-Type"] == "text/calendar; charset=utf-8"
    lu = flux.content.decode().replace("\r\n ", "")
    assert f"SUMMARY:Aide : Commencement des travaux : {dossier.fiche.titre}" in lu
    assert "Referrer-Policy" in flux
    revoquer_agenda(agent)
    assert Client().get(adresse).status_code == 404
    assert Client().get("/agenda/faux/echeances.ics").status_code == 404
