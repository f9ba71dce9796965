"""The journal: append-only, chained, and any tampering is named."""

import random
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction

from arpent.plateforme.journal.actions import (
    GENESE,
    consigner,
    consigner_modification,
    empreinte,
    verifier,
)
from arpent.plateforme.journal.models import Entree
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


@pytest.fixture
def chaine() -> list[Entree]:
    commune = fabrique.commune("Ispagnac")
    return [
        consigner("modifier", sur=commune, par=None, motif=f"geste {i}", avant={"n": i}, apres={"n": i + 1})
        for i in range(12)
    ]


def _sans_triggers(sql: str, params: list[object]) -> None:
    """Alters the table as a database administrator could."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER IF EXISTS journal_pas_de_update")
            cursor.execute("DROP TRIGGER IF EXISTS journal_pas_de_delete")
        else:
            cursor.execute("ALTER TABLE journal_entree DISABLE TRIGGER USER")
        cursor.execute(sql, params)


def test_une_chaine_neuve_est_intacte(chaine: list[Entree]) -> None:
    assert chaine[0].empreinte_precedente == GENESE
    resultat = verifier()
    assert resultat.intacte
    assert resultat.nombre == 12


@pytest.mark.parametrize("colonne", ["motif", "par_nom", "geste", "libelle", "avant", "apres", "objet_id"])
def test_un_champ_modifie_est_nomme(chaine: list[Entree], colonne: str) -> None:
    valeur = '{"n": 999}' if colonne in {"avant", "apres"} else "autre"
    _sans_triggers(f"UPDATE journal_entree SET {colonne} = %s WHERE numero = 5", [valeur])
    resultat = verifier()
    assert not resultat.intacte
    assert resultat.rupture == 5
    assert "modifié" in resultat.raison


def test_une_date_modifiee_est_vue(chaine: list[Entree]) -> None:
    _sans_triggers(
        "UPDATE journal_entree SET le = %s WHERE numero = 7", [chaine[6].le + timedelta(seconds=1)]
    )
    assert verifier().rupture == 7


def test_une_entree_supprimee_est_vue(chaine: list[Entree]) -> None:
    _sans_triggers("DELETE FROM journal_entree WHERE numero = %s", [3])
    resultat = verifier()
    assert resultat.rupture == 3
    assert "manque" in resultat.raison


def test_deux_entrees_interverties_sont_vues(chaine: list[Entree]) -> None:
    for de, vers in ((4, 1004), (9, 4), (1004, 9)):
        _sans_triggers("UPDATE journal_entree SET numero = %s WHERE numero = %s", [vers, de])
    assert verifier().rupture == 4


def test_une_entree_refaite_avec_son_empreinte_rompt_la_suite(chaine: list[Entree]) -> None:
    fausse = chaine[5]
    fausse.motif = "réécrit"
    _sans_triggers(
        "UPDATE journal_entree SET motif = %s, empreinte = %s WHERE numero = 6",
        [fausse.motif, empreinte(fausse)],
    )
    resultat = verifier()
    assert resultat.rupture == 7
    assert "lien" in resultat.raison


def test_chaque_alteration_au_hasard_est_trouvee(chaine: list[Entree]) -> None:
    hasard = random.Random(48)
    for _ in range(40):
        numero = hasard.randint(1, 12)
        point = transaction.savepoint()
        _sans_triggers("UPDATE journal_entree SET motif = motif || 'x' WHERE numero = %s", [numero])
        assert verifier().rupture == numero
        transaction.savepoint_rollback(point)
    assert verifier().intacte


@pytest.mark.parametrize(
    "sql", ["UPDATE journal_entree SET motif = 'x' WHERE numero = 1", "DELETE FROM journal_entree"]
)
def test_la_base_refuse_elle_meme(chaine: list[Entree], sql: str) -> None:
    refus = pytest.raises(DatabaseError, match="ne se modifie pas")
    with refus, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_une_modification_ne_garde_que_ce_qui_bouge() -> None:
    commune = fabrique.commune()
    entree = consigner_modification(commune, {"nom": "A", "x": 1}, {"nom": "B", "x": 1}, par=None)
    assert entree is not None
    assert (entree.avant, entree.apres) == ({"nom": "A"}, {"nom": "B"})
    assert consigner_modification(commune, {"nom": "A"}, {"nom": "A"}, par=None) is None
    assert consigner_modification(commune, {"x": Decimal("0")}, {"x": Decimal("0.00")}, par=None) is None
