"""The amount of a fund typed by the authority: a movement with its act, never under what was given below."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal as D

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.credits.dotations import Dotation, doter, fonds_dotes
from arpent.plateforme.negociations.credits.engagements import Operation, attribuer
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.models import Enveloppe, Genre, Mouvement
from arpent.plateforme.reglements.models import Fonds

from .conftest import Monde

Connecte = Callable[[object], Client]
ACTE = Piece("Budget primitif", "CD_26_1007", date(2026, 1, 15))
ENVOI = {"montant": "700 000", "acte": "CD_26_1007", "acte_le": "15/01/2026", "motif": "Budget primitif"}


@pytest.fixture
def libre(monde: Monde) -> Fonds:
    """A fund without amount nor key, as the one that was not published."""
    return Fonds.objects.create(
        dispositif=monde.dispositif, code="libre", libelle="Fonds de rééquilibrage", ordre=1
    )


@pytest.fixture
def base(monde: Monde) -> Fonds:
    """The fund of the world, 75 000 of its 100 000 shared: a key waits for values."""
    actions.recalculer_enveloppes(monde.dispositif, None)
    return Fonds.objects.get(code="base")


def url(monde: Monde, code: str = "libre") -> str:
    return reverse("negociations:credits_dotation", args=[monde.dispositif.slug, code])


def dotes(fonds: Fonds) -> D:
    return Mouvement.objects.filter(enveloppe__fonds=fonds, genre=Genre.DOTATION).soldes().alloue


def test_un_montant_saisi_s_ajoute_avec_son_acte_et_se_lit_au_journal(
    monde: Monde, libre: Fonds, connecte: Connecte
) -> None:
    client = connecte(monde.chef)
    assert client.get(url(monde)).status_code == 200
    reponse = client.post(url(monde), ENVOI, follow=True)
    page = reponse.content.decode()
    assert "700\u202f000,00" in page
    assert "CD_26_1007" in page
    (mouvement,) = Mouvement.objects.filter(enveloppe__fonds=libre)
    assert (mouvement.montant, mouvement.genre, mouvement.acte_le) == (
        D(700_000),
        "dotation",
        date(2026, 1, 15),
    )
    libre.refresh_from_db()
    assert (libre.montant, libre.montant_saisi) == (D(700_000), True)
    assert Entree.objects.filter(geste="doter_fonds", motif="Budget primitif").exists()


def test_les_exercices_se_partagent_au_centime_et_se_corrigent_par_difference(
    monde: Monde, libre: Fonds
) -> None:
    doter(libre, Dotation(D("100.00"), (2026, 2027, 2028), ACTE), par=monde.chef)
    lues = Mouvement.objects.filter(enveloppe__fonds=libre).order_by("annee")
    assert [(m.annee, m.montant) for m in lues] == [
        (2026, D("33.34")), (2027, D("33.33")), (2028, D("33.33")),
    ]  # fmt: skip
    doter(libre, Dotation(D("40.00"), (2027,), ACTE), par=monde.chef)
    doter(libre, Dotation(D("5.00"), (), ACTE), par=monde.chef)
    libre.refresh_from_db()
    assert libre.montant == dotes(libre) == D("111.67")
    lu = next(f for f in fonds_dotes(monde.dispositif) if f.fonds == libre)
    assert lu.lignes == [(2026, D("33.34")), (2027, D("40.00")), (2028, D("33.33")), (None, D("5.00"))]
    actions.recalculer_enveloppes(monde.dispositif, None)
    assert dotes(libre) == D("111.67")


def test_on_ne_descend_pas_sous_ce_qui_est_donne(monde: Monde, base: Fonds) -> None:
    with pytest.raises(CreditRefuse, match="au moins 75\u202f000,00"):
        doter(base, Dotation(D("74999.99"), (), ACTE), par=monde.chef)
    base.refresh_from_db()
    assert base.montant == D(100_000)
    doter(base, Dotation(D(75_000), (), ACTE), par=monde.chef)
    assert dotes(base) == D(75_000)


def test_partager_aussitot_donne_sa_part_a_chacun_et_s_arrete_a_l_engage(monde: Monde, base: Fonds) -> None:
    noeud = Enveloppe.objects.get(demarche=monde.demarche)
    doter(base, Dotation(D(200_000), (), ACTE, partager=True), par=monde.chef)
    assert Mouvement.objects.filter(enveloppe=noeud).soldes().alloue == D(75_000)
    doter(base, Dotation(D(40_000), (), ACTE, partager=True), par=monde.chef)
    assert Mouvement.objects.filter(enveloppe=noeud).soldes().alloue == D(15_000)
    attribuer(noeud, Operation(D(9_000)), par=None)
    with pytest.raises(CreditRefuse, match="Le partage ne peut pas changer ainsi"):
        doter(base, Dotation(D(20_000), (), ACTE, partager=True), par=monde.chef)
    actes = Mouvement.objects.filter(enveloppe__fonds=base, genre=Genre.DOTATION, acte="CD_26_1007")
    assert sorted(actes.values_list("montant", flat=True)) == [D(-160_000), D(100_000)]


def test_un_fonds_jamais_partage_garde_le_montant_publie(monde: Monde) -> None:
    base = Fonds.objects.get(code="base")
    doter(base, Dotation(D(120_000), (), ACTE), par=monde.chef)
    assert dotes(base) == D(120_000)
    assert Mouvement.objects.filter(enveloppe__fonds=base, acte="CD_26_1007").get().montant == D(20_000)


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"acte": ""}, "champ est obligatoire"),
        ({"motif": " "}, "champ est obligatoire"),
        ({"montant": "beaucoup"}, "n’est pas un montant"),
        ({"montant": "0"}, "déjà ce montant"),
        ({"derniere": "2027"}, "Le dernier exercice suit le premier"),
        ({"premiere": "2026", "derniere": "2099"}, "exercices au plus"),
    ],
)
def test_une_saisie_impossible_est_refusee_et_gardee(
    monde: Monde, libre: Fonds, connecte: Connecte, champs: dict[str, str], dit: str
) -> None:
    reponse = connecte(monde.chef).post(url(monde), ENVOI | champs)
    assert reponse.status_code == 422
    assert dit in reponse.content.decode()
    assert 'value="15/01/2026"' in reponse.content.decode()
    assert not Mouvement.objects.filter(enveloppe__fonds=libre).exists()


def test_le_droit_est_celui_de_l_autorite(monde: Monde, libre: Fonds, connecte: Connecte) -> None:
    assert connecte(monde.president).post(url(monde), ENVOI).status_code == 403
    assert connecte(monde.chef).get(url(monde, "inconnu")).status_code == 404
    page = connecte(monde.chef).get(reverse("negociations:credits_dispositif", args=[monde.dispositif.slug]))
    assert "non publié" in page.content.decode()


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 10**7), st.sampled_from([(), (2026,), (2026, 2027)])), max_size=5))
def test_le_montant_du_fonds_est_la_somme_de_ses_dotations(monde: Monde, actes: list) -> None:
    fonds, _ = Fonds.objects.get_or_create(
        dispositif=monde.dispositif, code="suite", defaults={"libelle": "Suite", "ordre": 9}
    )
    dits: set[str] = set()
    for centimes, annees in actes:
        try:
            doter(fonds, Dotation(D(centimes).scaleb(-2), annees, ACTE), par=None)
        except CreditRefuse as refus:
            dits.add(str(refus))
        fonds.refresh_from_db()
        assert (fonds.montant or D(0)) == dotes(fonds)
    assert all("déjà ce montant" in dit for dit in dits)
