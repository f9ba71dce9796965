"""Files spoiled at random through the real pages: a refusal that says why, or a page that opens.

The same at full scale, with the bombs: `python -m bench.fiabilite fichiers`.
"""

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges import mutants

pytestmark = pytest.mark.django_db
NOMBRE = {"xlsx": 60, "csv": 50, "ods": 40, "piece": 50}


@pytest.fixture(autouse=True)
def depot(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.mark.parametrize("genre", mutants.GENRES)
def test_deux_cents_fichiers_abimes_ne_font_rien_tomber(connecte, genre):
    demarche = fabrique.demarche(slug="gevaudan")
    agent = fabrique.agent("chef_de_projet", demarche)
    client, fiche = connecte(agent), fabrique.fiche(demarche, numero=3)
    sains = mutants.originaux(demarche, agent)[genre]
    plan, fautes, refus = "/territoires/gevaudan/plan/", [], 0
    for rang, (nom, octets) in enumerate([*sains, *mutants.mutants(sains, NOMBRE[genre], 2026)]):
        reponse = mutants.envoyer(client, plan, fiche.get_absolute_url(), genre, nom, octets)
        refus += reponse.status_code == 400
        if faute := mutants.juger(client, reponse):
            fautes.append(f"{rang} ({nom}) : {faute}")
    assert not fautes, "\n".join(fautes)
    assert 5 < refus < NOMBRE[genre], "the faults are neither all fatal nor all harmless"
    assert Fiche.objects.count() == 1
    assert not Entree.objects.filter(geste="importer").exists()
