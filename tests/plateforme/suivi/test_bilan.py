"""The bilan: aid per inhabitant, leverage, shares; figures that state their finding."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.etat import etat_du_contrat
from arpent.plateforme.suivi.lecture import bilan_de
from arpent.plateforme.territoires.models import Commune, Contour
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/bilan/"
Connecte = Callable[[Agent], Client]
CARRE = {"type": "Polygon", "coordinates": [[[3, 44], [3.1, 44], [3.1, 44.1], [3, 44.1], [3, 44]]]}


def membres(monde: Monde) -> list[Commune]:
    territoire = monde.demarche.territoire
    return list(Commune.objects.filter(appartenances__groupement__compositions__territoire=territoire))


def test_l_aide_par_habitant_va_a_la_commune_du_projet(accord: Monde, connecte: Connecte) -> None:
    une, autre = membres(accord)
    for commune in (une, autre):
        Contour.objects.create(commune=commune, geometrie=CARRE)
    accord.fiches[1].commune = une
    accord.fiches[1].save()
    bilan = bilan_de(accord.demarche, date(2026, 6, 1))
    assert bilan.carte is not None
    assert dict(bilan.carte.lignes) == {une.nom: "30\u00a0€", autre.nom: "0\u00a0€"}
    assert bilan.intercommunal == Decimal("9999.99")
    page = connecte(accord.maire).get(URL).content.decode()
    assert f"{une.nom} reçoit le plus par habitant" in page
    assert "maquette en cours" in page


def test_le_levier_rapporte_les_travaux_aux_aides(accord: Monde) -> None:
    bilan = bilan_de(accord.demarche, date(2026, 6, 1))
    assert (bilan.total_aides, bilan.total_couts) == (Decimal("25000.00"), Decimal("200000.00"))
    assert bilan.levier == Decimal("8.00")
    assert bilan.par_habitant == Decimal("25.00")


def test_sans_projet_retenu_la_page_dit_quand_il_commencera(monde: Monde, connecte: Connecte) -> None:
    page = connecte(monde.maire).get(URL).content.decode()
    assert "Le bilan commencera avec les premiers projets retenus" in page


def test_hors_perimetre_404(monde: Monde, connecte: Connecte) -> None:
    assert connecte(fabrique.agent("maire", monde.voisine)).get(URL).status_code == 404


def test_les_requetes_ne_dependent_pas_des_projets(
    accord: Monde, connecte: Connecte, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    client = connecte(accord.chef)
    client.get(URL)
    with django_assert_max_num_queries(22):  # type: ignore[attr-defined]
        client.get(URL)


def test_le_bilan_dit_ce_qui_est_decide_fait_reste_et_en_retard(retenus: Monde, connecte: Connecte) -> None:
    fiche = retenus.fiches[0]
    Fiche.objects.filter(pk=fiche.pk).update(debut_le=date(2020, 1, 1), fin_le=date(2020, 12, 31))
    lu = etat_du_contrat(retenus.demarche, date(2026, 6, 1))
    assert (lu.total.accorde, lu.total.paye) == (Decimal("25000.00"), Decimal(0))
    assert lu.total.reste_a_engager == Decimal("25000.00")
    assert (lu.sans_engagement, len(lu.avancement.en_retard)) == (2, 1)
    page = connecte(retenus.maire).get(URL).content.decode()
    for mot in ("Décidé", "Fait", "Reste", "En retard", "25\u202f000,00\u00a0€", "1 projet en retard"):
        assert mot in page
