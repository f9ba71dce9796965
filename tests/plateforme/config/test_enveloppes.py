"""`arpent enveloppes`: the parts to the cent, the steps, the refusals, the balances; nothing is written."""

from decimal import Decimal

import pytest

from arpent.plateforme.negociations.actions import recalculer_enveloppes
from arpent.plateforme.negociations.models import PartEnveloppe
from arpent.plateforme.reglements.models import Dispositif, Fonds
from tests.plateforme import fabrique
from tests.plateforme.config.conftest import Console

pytestmark = pytest.mark.django_db


@pytest.fixture
def dispositif() -> Dispositif:
    dispositif = fabrique.dispositif()
    for slug in ("gevaudan", "margeride", "aubrac"):
        fabrique.demarche(dans=dispositif, slug=slug)
    Fonds.objects.create(
        dispositif=dispositif,
        code="base",
        libelle="Enveloppe de base",
        montant=Decimal("100000"),
        cle_repartition={"fixe": 10000, "cles": [{"critere": "population", "poids": "1"}], "plafond": 40000},
    )
    return dispositif


def test_les_parts_font_le_fonds_au_centime(arpent: Console, dispositif: Dispositif) -> None:
    (fonds,) = arpent("enveloppes", "repartir", "--dispositif", dispositif.slug, "--json").json
    assert sum(Decimal(p["montant"]) for p in fonds["parts"]) == Decimal(fonds["montant"]) == 100_000
    for part in fonds["parts"]:
        assert sum(Decimal(m) for m in part["detail"].values()) == Decimal(part["montant"])
        assert set(part["detail"]) == {"fixe", "population", "bornes"}
    assert [e["code"] for e in fonds["etapes"]] == ["fixe", "bornes"]
    assert not PartEnveloppe.objects.exists()


def test_le_texte_dit_chaque_etape(arpent: Console, dispositif: Dispositif) -> None:
    sortie = arpent("enveloppes", "repartir", "--dispositif", dispositif.slug, "--fonds", "base").sortie
    assert "Part fixe" in sortie
    assert "part fixe 10\u202f000,00" in sortie
    assert "Chaque habitant compte autant partout" in sortie


def test_un_fonds_inconnu_ou_impossible_est_refuse(arpent: Console, dispositif: Dispositif) -> None:
    refus = arpent("enveloppes", "repartir", "--dispositif", dispositif.slug, "--fonds", "xx")
    assert refus.code != 0
    assert "base" in refus.erreur
    Fonds.objects.update(cle_repartition={"fixe": 50000})
    refus = arpent("enveloppes", "repartir", "--dispositif", dispositif.slug)
    assert refus.code != 0
    assert "La part fixe demande" in refus.erreur


def test_les_soldes_se_lisent_au_centime(arpent: Console, dispositif: Dispositif) -> None:
    assert arpent("enveloppes", "soldes", "--dispositif", dispositif.slug).code != 0
    recalculer_enveloppes(dispositif, None)
    noeuds = arpent("enveloppes", "soldes", "--dispositif", dispositif.slug, "--json").json
    fonds, *territoires = noeuds
    assert (fonds["alloue"], fonds["territoire"], fonds["reste_a_engager"]) == (
        "100000.00",
        None,
        "100000.00",
    )
    alloues = sum(Decimal(t["alloue"]) for t in territoires)
    assert alloues + Decimal(fonds["non_divise"]) == 100_000
    (un,) = arpent(
        "enveloppes", "soldes", "--dispositif", dispositif.slug, "--territoire", "aubrac", "--json"
    ).json
    assert un == next(t for t in territoires if t["territoire"] == "aubrac")
    texte = arpent("enveloppes", "soldes", "--dispositif", dispositif.slug).sortie
    assert "Enveloppe de base : alloué 100\u202f000,00" in texte
