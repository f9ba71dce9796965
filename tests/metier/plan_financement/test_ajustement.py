"""Who is raised or lowered, in cents: what each may have (least, most), what it is asked, the total."""

from arpent.metier.plan_financement.ajustement import repartir
from tests.metier.plan_financement.fabrique import DEPARTEMENT, ETAT, REGION, UE


def test_le_prorata_porte_sur_ce_qui_est_demande_au_dela_de_l_acquis() -> None:
    bornes = {ETAT: (2000, 9999), REGION: (0, 9999)}
    assert repartir(5000, bornes, {ETAT: 3000, REGION: 1000}, ()) == {ETAT: 3500, REGION: 1500}


def test_un_financeur_s_arrete_a_son_maximum_meme_si_sa_part_est_plus_grande() -> None:
    bornes = {DEPARTEMENT: (0, 1500), REGION: (0, 9999)}
    assert repartir(4000, bornes, {DEPARTEMENT: 1000, REGION: 1000}, ()) == {DEPARTEMENT: 1500, REGION: 2500}


def test_un_seul_centime_va_a_qui_est_le_plus_sollicite() -> None:
    bornes = {DEPARTEMENT: (0, 99), REGION: (0, 99)}
    assert repartir(61, bornes, {DEPARTEMENT: 10, REGION: 50}, ()) == {DEPARTEMENT: 10, REGION: 51}


def test_une_baisse_prend_au_prorata_puis_sur_l_ordre_en_finissant_par_le_premier() -> None:
    bornes = {ETAT: (0, 99), REGION: (10, 99), UE: (0, 99)}
    depart = {ETAT: 20, REGION: 40, UE: 30}
    assert repartir(60, bornes, depart, (UE, ETAT)) == {ETAT: 20, REGION: 10, UE: 30}
    assert repartir(35, bornes, depart, (UE, ETAT)) == {ETAT: 0, REGION: 10, UE: 25}
