"""Compositions of the EPCI applied year by year: past states stay readable."""

from datetime import date

import pytest

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.territoires.compositions import appliquer_composition
from arpent.plateforme.territoires.models import Appartenance, Commune, Composition, Groupement, Territoire
from arpent.plateforme.territoires.perimetres import perimetre

pytestmark = pytest.mark.django_db
AVANT, APRES = "200000001", "200000002"


@pytest.fixture
def communes() -> list[str]:
    codes = ["48001", "48002", "48003"]
    Commune.objects.bulk_create(
        Commune(code=c, nom=c, departement="48", region="76", population=100) for c in codes
    )
    return codes


def periodes(code: str) -> list[tuple[str, int, int | None]]:
    rangees = Appartenance.objects.filter(commune=code).order_by("debut")
    return [(a.groupement_id, a.debut.year, a.fin and a.fin.year) for a in rangees]


def test_deux_annees_donnent_deux_etats_lisibles(communes):
    appliquer_composition(2017, [(c, AVANT) for c in communes], noms={AVANT: ("CC d’avant", "CC")})
    appliquer_composition(2026, [("48001", AVANT), ("48002", APRES), ("48003", APRES)])
    territoire = Territoire.objects.create(slug="essai", nom="Essai")
    Composition.objects.create(territoire=territoire, groupement_id=AVANT, debut=date(2017, 1, 1))
    assert perimetre(territoire, date(2020, 6, 1)).communes == tuple(communes)
    assert perimetre(territoire, date(2026, 1, 1)).communes == ("48001",)
    assert Groupement.objects.get(pk=AVANT).nom == "CC d’avant"


@pytest.mark.parametrize("ordre", [(2017, 2020, 2026), (2026, 2020, 2017), (2020, 2026, 2017)])
def test_l_ordre_de_chargement_ne_change_pas_qui_est_ou(communes, ordre):
    siren = {2017: AVANT, 2020: APRES, 2026: AVANT}
    for annee in ordre:
        appliquer_composition(annee, [("48001", siren[annee])])
    for annee, attendu in siren.items():
        jour = date(annee, 1, 1)
        tenues = Appartenance.objects.filter(commune="48001", debut__lte=jour).exclude(fin__lte=jour)
        assert [a.groupement_id for a in tenues] == [attendu]


def test_relancer_ne_change_rien(communes):
    paires = [(c, AVANT) for c in communes]
    premiere = appliquer_composition(2025, paires)
    entrees = Entree.objects.count()
    seconde = appliquer_composition(2025, paires)
    assert (premiere.ouvertes, seconde.ouvertes, seconde.inchangees) == (3, 0, 3)
    assert Entree.objects.count() == entrees


def test_un_syndicat_n_est_pas_touche(communes):
    Groupement.objects.create(siren="254800001", nom="Syndicat", nature="SIVU")
    Appartenance.objects.create(commune_id="48001", groupement_id="254800001", debut=date(2010, 1, 1))
    appliquer_composition(2025, [("48001", AVANT)])
    assert periodes("48001") == [("254800001", 2010, None), (AVANT, 2025, None)]


def test_une_commune_inconnue_est_dite_et_le_changement_journalise(communes):
    bilan = appliquer_composition(2025, [("48001", AVANT), ("99999", AVANT)])
    assert bilan.inconnues == ["99999"]
    assert bilan.groupements_crees == [AVANT]
    appliquer_composition(2026, [("48001", APRES)])
    sortie = Entree.objects.get(geste="appliquer_composition", objet_id=AVANT, apres__annee=2026)
    assert sortie.apres["sorties"] == ["48001"]
    assert periodes("48001") == [(AVANT, 2025, 2026), (APRES, 2026, None)]


def test_le_nombre_de_requetes_ne_depend_pas_du_nombre_de_communes(communes, django_assert_max_num_queries):
    with django_assert_max_num_queries(14):
        appliquer_composition(2025, [(c, AVANT) for c in communes])
