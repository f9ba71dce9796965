"""/mes-conversations/ : les mentions sans réponse d'abord, rien de ce qu'on ne lit plus."""

from __future__ import annotations

import pytest

from arpent.plateforme.acteurs.models import Habilitation
from arpent.plateforme.demarches.conversations.actions import dire
from arpent.plateforme.demarches.conversations.lecture import trouver
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.commentaires import commenter
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
URL = "/mes-conversations/"


@pytest.fixture
def demarche():
    return Demarche.objects.avec_contexte().get(pk=fabrique.demarche(slug="gevaudan").pk)


@pytest.fixture
def chef(demarche):
    return fabrique.agent("chef_de_projet", demarche, prenom="Élise", nom="Vernhet")


@pytest.fixture
def maire(demarche):
    return fabrique.agent("maire", demarche, prenom="Jean", nom="Roux")


def parler(demarche, par, texte, **reste):
    return dire(trouver(par, demarche, "territoire", demarche.pk), texte, par=par, **reste)


def test_une_mention_sans_reponse_passe_devant_puis_se_tait(demarche, chef, maire, connecte):
    demande = parler(demarche, chef, "Votre délibération, @Jean Roux ?")
    parler(demarche, maire, "Une question plus récente")
    page = connecte(maire).get(URL).content.decode()
    assert "1 discussion attend votre réponse" in page
    assert page.index("Votre délibération") < page.index("Une question plus récente")
    parler(demarche, maire, "Elle est votée", reponse_a=demande)
    assert "personne n’attend votre réponse" in connecte(maire).get(URL).content.decode()


def test_les_fiches_y_sont_et_rien_de_ce_que_l_on_ne_lit_pas(demarche, chef, maire, connecte):
    fiche = fabrique.fiche(demarche, numero=4, titre="Halle")
    commenter(fiche, "La surface, @Jean Roux ?", par=chef)
    commenter(fiche, "Entre services", par=chef, portee="interne")
    parler(demarche, chef, "Sans vous")
    page = connecte(maire).get(URL).content.decode()
    assert "La surface" in page
    assert f"{fiche.get_absolute_url()}#echanges" in page
    assert "Entre services" not in page
    assert "Sans vous" not in page
    Habilitation.objects.filter(agent=maire).update(fin="2021-01-01")
    assert "La surface" not in connecte(maire).get(URL).content.decode()


def test_le_nombre_de_requetes_est_constant(demarche, chef, maire, connecte, django_assert_max_num_queries):
    fiche = fabrique.fiche(demarche)
    for n in range(15):
        parler(demarche, chef, f"Question {n}, @Jean Roux")
        commenter(fiche, f"Remarque {n}, @Jean Roux", par=chef)
    client = connecte(maire)
    with django_assert_max_num_queries(10):
        page = client.get(URL).content.decode()
    assert "20 discussions attendent votre réponse" in page
