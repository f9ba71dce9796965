"""All EPCI at once gives what the store gives one by one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.observatoire import calcul
from arpent.plateforme.observatoire.catalogue import Croissance, Rapport, catalogue
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.masse import (
    DES_COMMUNES,
    DES_TOTAUX,
    PUBLIEE,
    Rangement,
    Regle,
    TableEpci,
    mesurer,
    table_epci,
)

CELLULE = st.one_of(st.just(np.nan), st.integers(0, 1000).map(float))


@pytest.fixture(scope="module")
def table(magasin: Magasin) -> TableEpci:
    return table_epci(magasin)


def test_tous_les_indicateurs_de_tous_les_epci_sont_la(table: TableEpci) -> None:
    assert len(table.sirens) > 1_200
    assert [q.code for q in table.indicateurs] == list(catalogue().indicateurs)


def test_chaque_valeur_est_celle_du_calcul_un_par_un(table: TableEpci, magasin: Magasin) -> None:
    """Every EPCI whose communes are in the store, every indicator: value, coverage and secrecy."""
    compares = 0
    for e, siren in enumerate(table.sirens):
        communes = magasin.communes_de(siren)
        if not communes or e % 7:
            continue
        for i, quoi in enumerate(table.indicateurs):
            seule = magasin.valeurs(communes, [siren], quoi.code)
            valeur = table.mesures.valeurs[i, e]
            if seule.valeur is None:
                assert np.isnan(valeur), (siren, quoi.code)
            else:
                assert valeur == pytest.approx(seule.valeur, rel=1e-9, abs=1e-9), (siren, quoi.code)
                compares += 1
            if table.origines[i, e] == DES_COMMUNES:
                assert table.mesures.couvertures[i, e] == pytest.approx(seule.couverture, abs=1e-4)
                assert table.mesures.secrets[i, e] == pytest.approx(seule.part_secrete, abs=1e-4)
    assert compares > 2_000


def test_un_epci_hors_des_communes_chargees_vient_des_totaux(table: TableEpci, magasin: Magasin) -> None:
    ailleurs = next(e for e, s in enumerate(table.sirens) if not magasin.communes_de(s))
    origines = set(table.origines[:, ailleurs].tolist())
    assert origines & {DES_TOTAUX, PUBLIEE}
    assert DES_COMMUNES not in origines


def test_une_valeur_absente_n_est_jamais_zero(table: TableEpci) -> None:
    sans = [x for x in table.lignes() if x["origine"] == ""]
    assert sans
    assert {x["valeur"] for x in sans} == {None}


def test_une_mediane_n_est_jamais_sommee(table: TableEpci, magasin: Magasin) -> None:
    for i, quoi in enumerate(table.indicateurs):
        if quoi.nature == "mediane":
            assert DES_COMMUNES not in table.origines[i], quoi.code


@given(
    st.lists(st.tuples(st.integers(-1, 4), CELLULE, CELLULE, st.integers(0, 50), st.booleans()), min_size=1),
    st.sampled_from([Rapport("h", "b", 100.0), Rapport("h"), Croissance("b", "h", 6)]),
    st.booleans(),
)
def test_la_masse_est_une_boucle(
    lignes: list[tuple[int, float, float, int, bool]], regle: Rapport | Croissance, refus: bool
) -> None:
    groupes = np.array([x[0] for x in lignes], dtype=np.intp)
    haut, bas, poids = (np.array([float(x[k]) for x in lignes]) for k in (1, 2, 3))
    voile = np.array([1.0 if x[4] and np.isnan(x[1]) else np.nan for x in lignes])
    colonnes = {"h": haut, "b": bas, "h__secret": voile}
    nom_bas = None if isinstance(regle, Rapport) and regle.denominateur is None else "b"
    lues = mesurer([Regle("x", "h", nom_bas, regle, refus)], colonnes.get, Rangement(groupes, 5), poids)
    for g in range(5):
        ici = groupes == g
        somme = (
            calcul.sommer(haut[ici], bas[ici] if nom_bas else None, poids[ici], voile[ici])
            if ici.any()
            else None
        )
        attendue = calcul.valeur_de_somme(somme, regle)
        couverture = somme.couverture if somme else 0.0
        secret = somme.secret if somme else 0.0
        if couverture < calcul.COUVERTURE_MINIMALE:
            attendue = None
        if refus and secret > 0 and couverture < calcul.COUVERTURE_COMPLETE:
            attendue = None
        lue = lues.valeurs[0, g]
        assert np.isnan(lue) if attendue is None else lue == pytest.approx(attendue, rel=1e-9, abs=1e-12)
        assert lues.couvertures[0, g] == pytest.approx(couverture)
        assert lues.secrets[0, g] == pytest.approx(secret)


def test_un_groupe_sans_commune_n_a_pas_de_valeur() -> None:
    lues = mesurer(
        [Regle("x", "h", None, Rapport("h"))],
        {"h": np.array([3.0, 4.0])}.get,
        Rangement(np.array([2, 0], dtype=np.intp), 3),
        np.ones(2),
    )
    assert lues.valeurs[0].tolist()[::2] == [4.0, 3.0]
    assert np.isnan(lues.valeurs[0, 1])
    assert lues.couvertures[0].tolist() == [1.0, 0.0, 1.0]
