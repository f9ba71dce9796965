"""One cell as people write it → one value, what is left aside, or why not."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.echanges import valeurs
from arpent.plateforme.echanges.valeurs import ValeurIllisible


@pytest.mark.parametrize(
    ("texte", "montant"),
    [
        ("12 345,67 €", "12345.67"), ("12.345,67", "12345.67"), ("12,345.67", "12345.67"),
        ("12345.67", "12345.67"), ("45 k€", "45000"), ("1,5 K€", "1500"), ("1,234 k€", "1234"),
        ("1,2 M€", "1200000"), ("2 millions d'euros", "2000000"), ("env. 45 000 €", "45000"),
        ("environ 12 000 € HT", "12000"), ("≈ 3000", "3000"), ("45 000 € (devis 2023)", "45000"),
        ("12 000 € - estimation", "12000"), ("10 000 TTC", "10000"), ("5000*", "5000"),
    ],
)  # fmt: skip
def test_un_montant_se_lit_comme_on_l_ecrit(texte, montant):
    assert valeurs.montant_annote(texte)[0] == Decimal(montant)


@pytest.mark.parametrize("texte", ["45 k€", "env. 45 000 €", "45 000 € (devis 2023)", "10 000 TTC", "5000*"])
def test_ce_qui_entoure_un_montant_est_signale(texte):
    assert texte in valeurs.montant_annote(texte)[1]


@pytest.mark.parametrize("texte", ["12 345,67 €", "12000 € HT", ""])
def test_un_montant_sans_rien_autour_ne_dit_rien(texte):
    assert valeurs.montant_annote(texte)[1] == ""


@pytest.mark.parametrize(
    "texte", ["12 000 + 3 000", "1.234", "-5", "douze mille", "12 000 à 15 000", "voir devis n° 12", "k€"]
)
def test_un_montant_douteux_est_refuse(texte):
    with pytest.raises(ValeurIllisible):
        valeurs.montant_annote(texte)


@pytest.mark.parametrize("texte", ["à définir", "NC", "en cours de chiffrage", "?"])
def test_un_montant_pas_encore_connu_n_est_pas_une_erreur(texte):
    montant, note = valeurs.montant_annote(texte)
    assert montant is None
    assert "pas encore connu" in note


@pytest.mark.parametrize(
    ("texte", "debut", "fin"),
    [
        ("31/12/2026", (2026, 12, 31), (2026, 12, 31)),
        ("31-12-26", (2026, 12, 31), (2026, 12, 31)),
        ("2026-12-31", (2026, 12, 31), (2026, 12, 31)),
        ("décembre 2026", (2026, 12, 1), (2026, 12, 31)),
        ("46387", (2026, 12, 31), (2026, 12, 31)),
        ("T4 2026", (2026, 10, 1), (2026, 12, 31)),
        ("2026", (2026, 1, 1), (2026, 12, 31)),
        ("fin 2026", (2026, 10, 1), (2026, 12, 31)),
        ("début 2026", (2026, 1, 1), (2026, 3, 31)),
        ("courant 2026", (2026, 1, 1), (2026, 12, 31)),
    ],
)
def test_une_date_se_lit_sous_ses_formes(texte, debut, fin):
    assert valeurs.jour(texte) == date(*debut)
    assert valeurs.jour(texte, fin=True) == date(*fin)


@pytest.mark.parametrize("texte", ["31/02/2026", "99999", "32-12-26", "1er", "T5 2026"])
def test_une_date_impossible_est_refusee(texte):
    with pytest.raises(ValeurIllisible):
        valeurs.jour(texte)


@pytest.mark.parametrize("texte", ["7,99E+13", "7.99e13", "2,448E+08"])
def test_un_numero_abrege_par_le_tableur_est_explique(texte):
    with pytest.raises(ValeurIllisible, match="abrégé par le tableur"):
        valeurs.exiger_entier(texte)
