"""The envelope: shared to the cent, waiting when a value is missing, typed in by the chef de projet."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from django.db.models import Sum
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.models import DonneeRepartition, PartEnveloppe
from arpent.plateforme.negociations.sorties import maquette_json

from .conftest import Monde

URL = "/territoires/gevaudan/negociation/enveloppe/"
Connecte = Callable[[Agent], Client]


def saisir(client: Client, valeur: str, *, version: int = 0, jeton: str = "") -> object:
    donnees = {"critere": "voirie", "valeur": valeur, "source": "fiche DGF", "version_lue": str(version)}
    return client.post(URL + "donnee/", donnees | ({"_soumission": jeton} if jeton else {}))


def test_une_cle_sans_valeur_reste_en_attente(monde: Monde, connecte: Connecte) -> None:
    enveloppes = actions.recalculer_enveloppes(monde.dispositif, monde.chef)
    assert enveloppes[monde.demarche.pk] == Decimal("37500.00")
    assert not PartEnveloppe.objects.filter(critere="voirie").exists()
    page = connecte(monde.chef).get(URL).content.decode()
    assert "en attente" in page
    assert monde.voisine.territoire.nom in page


def test_une_fois_les_longueurs_saisies_tout_est_reparti(monde: Monde, connecte: Connecte) -> None:
    DonneeRepartition.objects.create(
        territoire=monde.voisine.territoire, critere="voirie", valeur=Decimal("1"), unite="km"
    )
    reponse = saisir(connecte(monde.chef), "2")
    assert reponse.status_code == 302  # type: ignore[attr-defined]
    total = PartEnveloppe.objects.aggregate(total=Sum("montant"))["total"]
    assert total == Decimal("100000.00")
    part = PartEnveloppe.objects.get(demarche=monde.demarche, critere="voirie")
    assert part.montant == Decimal("16666.67")
    assert maquette_json(monde.demarche)["enveloppe"] == "54166.67"


def test_une_valeur_de_demonstration_se_dit(monde: Monde, connecte: Connecte) -> None:
    for demarche in (monde.demarche, monde.voisine):
        DonneeRepartition.objects.create(
            territoire=demarche.territoire,
            critere="voirie",
            valeur=Decimal("10"),
            unite="km",
            demonstration=True,
        )
    actions.recalculer_enveloppes(monde.dispositif, None)
    assert "valeur de démonstration" in connecte(monde.chef).get(URL).content.decode()
    assert maquette_json(monde.demarche)["enveloppe_detail"]["demonstration"] is True


def test_une_valeur_negative_est_refusee(monde: Monde, connecte: Connecte) -> None:
    reponse = saisir(connecte(monde.chef), "-3")
    assert reponse.status_code == 422  # type: ignore[attr-defined]
    assert not DonneeRepartition.objects.exists()


def test_une_saisie_perimee_repond_409(monde: Monde, connecte: Connecte) -> None:
    client = connecte(monde.chef)
    saisir(client, "12")
    assert saisir(client, "15").status_code == 409  # type: ignore[attr-defined]
    assert DonneeRepartition.objects.get().valeur == Decimal("12")


def test_la_population_ne_se_saisit_pas(monde: Monde, connecte: Connecte) -> None:
    donnees = {"critere": "population", "valeur": "9", "source": "", "version_lue": "0"}
    assert connecte(monde.chef).post(URL + "donnee/", donnees).status_code == 422


def test_le_president_lit_l_enveloppe_sans_formulaire(monde: Monde, connecte: Connecte) -> None:
    client = connecte(monde.president)
    assert "Enregistrer et recalculer" not in client.get(URL).content.decode()
    assert saisir(client, "3").status_code == 403  # type: ignore[attr-defined]


def test_le_double_envoi_ne_compte_qu_une_fois(monde: Monde, connecte: Connecte) -> None:
    client = connecte(monde.chef)
    for _ in range(2):
        assert saisir(client, "12", jeton="j").status_code == 302  # type: ignore[attr-defined]
    assert DonneeRepartition.objects.get().version == 1
