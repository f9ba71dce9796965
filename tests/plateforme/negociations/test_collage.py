"""A block pasted in the arbitration table shares the envelope: it is checked as a whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

import pytest
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations.actions import DepassementRefuse, enregistrer_lignes, scenario_courant
from arpent.plateforme.negociations.models import Proposition
from arpent.plateforme.negociations.propositions import ARBITRES, Demande, Issue, Valeurs
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique

from .conftest import Monde, poser
from .test_credits_promis import DISPONIBLE, partage, regler
from .test_proposer import envoi

__all__ = ["partage"]
URL = "/territoires/gevaudan/negociation/"
QUOTA = {
    "genre": "quota_enveloppe", "enveloppe": "base", "part": "60 %",
    "prioritaires": {"champ": "maturite", "parmi": ["structurant"]},
}  # fmt: skip


@pytest.fixture
def fiches(monde: Monde, partage: Decimal) -> list[Fiche]:
    """Three projects that only the envelope limits; the third alone is priority."""
    Fiche.objects.filter(demarche=monde.demarche).update(cout_ht=Decimal(900_000), assiette=None)
    classes = ("amorcage_a", "amorcage_a", "structurant")
    for fiche, classe in zip(monde.fiches, classes, strict=True):
        Fiche.objects.filter(pk=fiche.pk).update(maturite=classe)
        fiche.refresh_from_db()
    return monde.fiches


def coller(monde: Monde, lignes: Sequence[tuple[Fiche, Decimal]], motif: str = "") -> dict[int, Issue]:
    """Those amounts at once, each on the version in the database."""
    scenario = scenario_courant(monde.demarche)
    versions = dict(scenario.propositions.values_list("fiche_id", "version"))
    demandes = [
        Demande(
            f, Valeurs(m, 2026, "retenue", motif=motif), versions.get(f.pk, 0), champs=(*ARBITRES, "motif")
        )
        for f, m in lignes
    ]
    return enregistrer_lignes(scenario, demandes, par=monde.chef)


def total(**parmi: object) -> Decimal:
    retenues = Proposition.objects.filter(decision="retenue", **parmi)
    return sum((p.montant for p in retenues), Decimal(0))


def test_ce_qui_tient_est_garde_ce_qui_ne_tient_plus_est_refuse_nomme(
    monde: Monde, fiches: list[Fiche], partage: Decimal
) -> None:
    regler(monde, DISPONIBLE)
    une, deux, trois = fiches
    issues = coller(monde, [(une, partage - 5_000), (deux, Decimal(6_000)), (trois, Decimal(5_000))])
    refus = issues[deux.pk]
    assert isinstance(refus, DepassementRefuse)
    assert "« Crédits disponibles » (article 9)" in str(refus)
    assert "aide maximale possible (5 000,00" in str(refus).replace("\u202f", " ")
    assert "les autres lignes du même envoi ont pris ce qui restait" in str(refus)
    assert {p.fiche_id for p in Proposition.objects.all()} == {une.pk, trois.pk}
    assert total() == partage


def test_une_ligne_qui_ne_tenait_pas_seule_ne_met_pas_les_autres_en_cause(
    monde: Monde, fiches: list[Fiche], partage: Decimal
) -> None:
    regler(monde, DISPONIBLE)
    issues = coller(monde, [(fiches[0], Decimal(1_000)), (fiches[1], partage + 1)])
    assert "même envoi" not in str(issues[fiches[1].pk])
    assert "dépasse l’aide maximale possible" in str(issues[fiches[1].pk])


def test_ce_qui_est_rendu_sert_aux_lignes_du_meme_collage(
    monde: Monde, fiches: list[Fiche], partage: Decimal
) -> None:
    regler(monde, DISPONIBLE)
    une, deux, _ = fiches
    coller(monde, [(une, Decimal(1_000)), (deux, partage - 1_000)])
    issues = coller(monde, [(une, Decimal(8_000)), (deux, partage - 8_000)])
    assert all(isinstance(x, Proposition) for x in issues.values())
    assert total() == partage


def test_un_motif_laisse_passer_et_les_lignes_suivantes_le_comptent(
    monde: Monde, fiches: list[Fiche], partage: Decimal
) -> None:
    regler(monde, DISPONIBLE)
    une, deux, _ = fiches
    coller(monde, [(une, partage + 10)], motif="Accord du bureau")
    assert isinstance(coller(monde, [(deux, Decimal("0.01"))])[deux.pk], DepassementRefuse)


def test_la_part_reservee_se_partage_aussi_entre_les_lignes(
    monde: Monde, fiches: list[Fiche], partage: Decimal
) -> None:
    regler(monde, QUOTA)
    libre = partage - (partage * Decimal("0.6")).quantize(Decimal("0.01"))
    une, deux, trois = fiches
    issues = coller(monde, [(trois, Decimal(20_000)), (une, libre), (deux, Decimal("0.01"))])
    assert [isinstance(issues[f.pk], Proposition) for f in fiches] == [True, False, True]


MONTANTS = st.sampled_from(
    ["0", "0.01", "5000", "12000.33", "19999.99", "20000", "25000", "49999.99", "50000"]
)
COLLAGES = st.lists(
    st.dictionaries(st.integers(0, 2), MONTANTS.map(Decimal), min_size=2), min_size=1, max_size=4
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(COLLAGES)
def test_aucun_collage_ne_passe_ce_qui_etait_libre(
    monde: Monde, fiches: list[Fiche], partage: Decimal, collages: list[dict[int, Decimal]]
) -> None:
    with transaction.atomic():
        regler(monde, DISPONIBLE, QUOTA)
        libre = partage - (partage * Decimal("0.6")).quantize(Decimal("0.01"))
        for choisies in collages:
            issues = coller(monde, [(fiches[rang], montant) for rang, montant in choisies.items()])
            assert total() <= partage
            assert total(fiche__in=fiches[:2]) <= libre
            for rang, montant in choisies.items():
                if isinstance(issues[fiches[rang].pk], Proposition):
                    assert total(fiche=fiches[rang]) == montant
        transaction.set_rollback(True)


def test_la_page_garde_et_refuse_ligne_par_ligne(
    monde: Monde, fiches: list[Fiche], partage: Decimal, connecte: Callable[[Agent], Client]
) -> None:
    regler(monde, DISPONIBLE)
    donnees = envoi(fiches[0], f"{partage:f}") | envoi(fiches[1], "1")
    reponse = connecte(monde.chef).post(f"{URL}lignes/", donnees)
    assert reponse.status_code == 422
    assert "2 lignes envoyées, dont 1 non enregistrée" in reponse.content.decode()
    assert "du même envoi" in reponse.content.decode()
    assert total() == partage


def test_une_part_reservee_ne_fait_lire_les_fiches_qu_une_fois(
    monde: Monde, fiches: list[Fiche], connecte: Callable[[Agent], Client]
) -> None:
    regler(monde, QUOTA)
    client = connecte(monde.chef)
    poser(monde, fiches[0], "1")
    poser(monde, fiches[1], "1")
    nombres = []
    for tour in (1, 2):
        client.get(URL)
        lu = f"{tour}/{tour}.00/2026/retenue/900000.00///"
        with CaptureQueriesContext(connection) as requetes:
            assert client.post(f"{URL}lignes/", envoi(fiches[0], str(tour + 1), lu=lu)).status_code == 200
        lectures = [q["sql"] for q in requetes if "lu_empreinte" in q["sql"]]
        assert len(lectures) == 2, "the row that was sent, then all of them"
        nombres.append(len(requetes))
        for n in range(30 if tour == 1 else 0):
            ajoutee = fabrique.fiche(monde.demarche, numero=100 + n, maitre_ouvrage=fiches[0].maitre_ouvrage)
            poser(monde, ajoutee, "10")
    assert nombres[0] == nombres[1]
