"""Progress of works: milestones by weight, the climb by cost, what is late."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.avancement import (
    Jalon,
    Projet,
    Taux,
    avancement,
    est_acheve,
    monter,
    prochain,
    proposer_dates,
    retards,
)

LE = date(2026, 6, 10)
HIER = date(2026, 6, 9)


def jalon(cle: int, poids: int, *, fait: bool = False, prevu: date | None = None) -> Jalon:
    return Jalon(cle, f"Jalon {cle}", poids, prevu, LE if fait else None)


ECOLE = Projet(1, Decimal(300_000), (jalon(1, 10, fait=True), jalon(2, 20, fait=True), jalon(3, 70)))
HALLE = Projet(2, Decimal(100_000), (jalon(4, 5, fait=True),))
SENTIER = Projet(3, Decimal(100_000))


def test_le_poids_des_jalons_franchis_fait_l_avancement() -> None:
    assert avancement(ECOLE.jalons) == Taux(Decimal(30), Decimal(100))
    assert avancement(ECOLE.jalons).valeur == Decimal("0.3")


def test_sans_jalon_il_n_y_a_pas_de_taux() -> None:
    assert avancement(()).valeur is None


@pytest.mark.parametrize("poids", [0, -1])
def test_un_poids_nul_ou_negatif_est_refuse_par_son_nom(poids: int) -> None:
    with pytest.raises(ValueError, match="Jalon 9"):
        avancement([jalon(9, poids)])


def test_le_taux_d_un_axe_pese_les_couts_et_dit_qui_n_a_pas_de_jalons() -> None:
    """The worked table of the algorithm page."""
    axe = monter([ECOLE, HALLE, SENTIER])
    assert axe.taux == Taux(Decimal(190_000), Decimal(500_000))
    assert axe.taux.valeur == Decimal("0.38")
    assert (axe.nombre, axe.sans_jalons) == (3, (3,))


def test_les_axes_ensemble_font_le_contrat() -> None:
    assert monter([ECOLE, HALLE]).taux + monter([SENTIER]).taux == monter([ECOLE, HALLE, SENTIER]).taux


def test_un_groupe_sans_cout_n_a_pas_de_taux() -> None:
    assert monter([Projet(1, Decimal(0), HALLE.jalons)]).taux.valeur is None


@given(
    st.lists(
        st.tuples(
            st.integers(0, 10**8),
            st.lists(st.tuples(st.integers(1, 100), st.booleans()), max_size=6),
        ),
        max_size=12,
    )
)
def test_le_taux_d_un_groupe_reste_entre_zero_et_un(lus: list[tuple[int, list[tuple[int, bool]]]]) -> None:
    projets = [
        Projet(n, Decimal(cout), tuple(jalon(k, p, fait=f) for k, (p, f) in enumerate(jalons)))
        for n, (cout, jalons) in enumerate(lus)
    ]
    taux = monter(projets).taux
    assert 0 <= taux.fait <= taux.total
    assert (taux.valeur is None) is (taux.total == 0)


def test_un_jalon_est_en_retard_le_lendemain_de_sa_date_prevue() -> None:
    projet = Projet(1, Decimal(1), (jalon(1, 1, prevu=HIER), jalon(2, 1, prevu=LE), jalon(3, 1)))
    (retard,) = retards(projet, LE)
    assert retard.jalon is not None
    assert (retard.jalon.cle, retard.jours) == (1, 1)


def test_un_jalon_franchi_n_est_jamais_en_retard() -> None:
    assert retards(Projet(1, Decimal(1), (jalon(1, 1, fait=True, prevu=HIER),)), LE) == ()


def test_le_plus_ancien_retard_vient_le_premier() -> None:
    vieux = date(2026, 1, 1)
    projet = Projet(1, Decimal(1), (jalon(1, 1, prevu=HIER), jalon(2, 1, prevu=vieux)))
    assert [r.prevu_le for r in retards(projet, LE)] == [vieux, HIER]


def test_la_fin_des_travaux_passee_est_un_retard_si_rien_d_autre_ne_le_dit() -> None:
    (retard,) = retards(Projet(1, Decimal(1), (jalon(1, 1),), HIER), LE)
    assert (retard.jalon, retard.jours) == (None, 1)
    assert retards(Projet(1, Decimal(1), HALLE.jalons, HIER), LE) == ()
    assert retards(Projet(1, Decimal(1), (), LE), LE) == ()
    assert len(retards(Projet(1, Decimal(1), (jalon(1, 1, prevu=HIER),), HIER), LE)) == 1


def test_un_projet_est_acheve_quand_tous_ses_jalons_sont_franchis() -> None:
    assert est_acheve(HALLE)
    assert not est_acheve(ECOLE)
    assert not est_acheve(SENTIER)


def test_le_prochain_jalon_est_le_premier_qui_reste() -> None:
    assert prochain(ECOLE.jalons) == ECOLE.jalons[2]
    assert prochain(HALLE.jalons) is None


def test_les_dates_proposees_suivent_les_poids_et_finissent_avec_les_travaux() -> None:
    debut, fin = date(2026, 1, 1), date(2026, 4, 11)
    assert proposer_dates(debut, fin, [10, 40, 50]) == [date(2026, 1, 11), date(2026, 2, 20), fin]


@pytest.mark.parametrize(("debut", "fin"), [(None, LE), (LE, None), (LE, HIER)])
def test_sans_debut_ni_fin_senses_aucune_date_n_est_proposee(debut: date | None, fin: date | None) -> None:
    assert proposer_dates(debut, fin, [1, 2]) == [None, None]
    assert proposer_dates(HIER, LE, []) == []
