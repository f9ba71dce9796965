"""The track of an avenant, what two of them cannot both do, what one does to the money, its sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.avenants import (
    Genre,
    Mouvement,
    Piste,
    conflits,
    effets,
    lire_seuils,
    phrases,
    piste_de,
)

from .fabrique import etats, ligne, mouvements_sur, petit

BLOC = {
    "genres": {"montant": "simple", "annee": "simple", "fongibilite": "simple", "ajout": "commission",
               "duree": "toutes"},
    "fongibilite": {"simple": "0.10", "commission": "0.30"},
    "variation": {"simple": 5000, "commission": 20000},
    "demonstration": True,
}  # fmt: skip
SEUILS = lire_seuils(BLOC)
PARTS = (Decimal("0.3"), Decimal("0.5"), Decimal("0.2"))


def montant(cle: str, aide: str) -> Mouvement:
    return Mouvement(Genre.MONTANT, cle=cle, montant=Decimal(aide))


@pytest.mark.parametrize(
    ("mouvements", "piste", "dit"),
    [
        ([montant("1", "45000.00")], Piste.SIMPLE, "Les aides bougent de 5\u202f000,00"),
        ([montant("1", "45000.01")], Piste.COMMISSION, "plus de 5\u202f000,00"),
        ([montant("1", "60000.01")], Piste.TOUTES, "plus de 20\u202f000,00"),
        ([Mouvement(Genre.AJOUT, ligne=ligne("9", "10.00"))], Piste.COMMISSION, "Ajouter un projet"),
        ([Mouvement(Genre.DUREE, date_fin=date(2029, 1, 1))], Piste.TOUTES, "Changer la durée"),
        ([Mouvement(Genre.RETRAIT, cle="3")], Piste.TOUTES, "Retirer un projet"),
        (
            [Mouvement(Genre.FONGIBILITE, cle="1", vers="2", montant=Decimal(2000))],
            Piste.SIMPLE,
            "5\u00a0% de l’aide",
        ),
        (
            [Mouvement(Genre.FONGIBILITE, cle="3", vers="2", montant=Decimal(1000))],
            Piste.COMMISSION,
            "20\u00a0% de l’aide",
        ),
    ],
)
def test_le_seuil_decide_la_voie_et_se_nomme(mouvements: list[Mouvement], piste: Piste, dit: str) -> None:
    retenue = piste_de(mouvements, SEUILS, petit())
    assert retenue.piste is piste
    assert dit in " ".join(r.texte for r in retenue.raisons)
    assert retenue.majeur is (piste is not Piste.SIMPLE)
    assert retenue.demonstration


def test_deux_actes_simples_ne_contournent_pas_le_seuil() -> None:
    petite = [montant("1", "44000.00")]
    assert piste_de(petite, SEUILS, petit()).piste is Piste.SIMPLE
    assert piste_de(petite, SEUILS, petit(), Decimal("4000.00")).piste is Piste.COMMISSION


def test_sans_seuil_toutes_les_assemblees_deliberent() -> None:
    assert lire_seuils(None) is None
    assert piste_de([montant("1", "40000.01")], None, petit()).piste is Piste.TOUTES


@pytest.mark.parametrize(
    ("bloc", "message"),
    [
        ({"genres": {"autre": "simple"}}, "« autre » n’est pas un genre"),
        ({"genres": {"ajout": "rapide"}}, "« rapide » n’est pas une voie"),
        ({"fongibilite": {"simple": "dix"}}, "« dix » n’est pas un nombre"),
        ({"fongibilite": {"simple": "1.5"}}, "hors des bornes"),
        ({"variation": {"simple": -1}}, "hors des bornes"),
    ],
)
def test_un_bloc_mal_ecrit_est_nomme(bloc: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lire_seuils(bloc)


@pytest.mark.parametrize(
    ("a", "b", "genre"),
    [
        (montant("1", "41000.00"), montant("1", "42000.00"), "ligne"),
        (montant("1", "41000.00"), Mouvement(Genre.RETRAIT, cle="1"), "retiree"),
        (Mouvement(Genre.RETRAIT, cle="1"), montant("1", "41000.00"), "retiree"),
        (Mouvement(Genre.AJOUT, ligne=ligne("9")), Mouvement(Genre.AJOUT, ligne=ligne("9")), "double"),
        (montant("1", "43000.00"), montant("2", "13000.00"), "enveloppe"),
        (Mouvement(Genre.PERIMETRE, partie="Aumont"), Mouvement(Genre.PERIMETRE, partie="Aumont"), "partie"),
        (
            Mouvement(Genre.DUREE, date_fin=date(2029, 1, 1)),
            Mouvement(Genre.DUREE, date_fin=date(2030, 1, 1)),
            "duree",
        ),
        (
            Mouvement(Genre.TEXTE, article="Objet", texte="a"),
            Mouvement(Genre.TEXTE, article="Objet", texte="b"),
            "article",
        ),
        (
            Mouvement(Genre.PERIMETRE, partie="Aumont", sort=True),
            Mouvement(Genre.MAITRE_OUVRAGE, cle="1", maitre_ouvrage="Aumont"),
            "partie",
        ),
    ],
)
def test_deux_avenants_en_conflit_le_disent(a: Mouvement, b: Mouvement, genre: str) -> None:
    (conflit,) = conflits([a], [b], petit(), "l’avenant n° 4")
    assert conflit.genre == genre
    assert "l’avenant n° 4" in conflit.texte


def test_deux_avenants_disjoints_qui_tiennent_ne_sont_pas_en_conflit() -> None:
    assert conflits([montant("1", "42000.00")], [montant("2", "12000.00")], petit()) == ()


def test_un_projet_de_la_reserve_ne_prend_rien_a_l_enveloppe() -> None:
    reserve = replace(ligne("9", "90000.00"), hors_enveloppe=True)
    vu = effets(petit(), [Mouvement(Genre.RESERVE, ligne=reserve)], PARTS)
    assert (vu.solde_avant, vu.solde_apres, vu.depasse) == (Decimal(5000), Decimal(5000), False)


def test_les_effets_disent_l_enveloppe_les_annees_les_habitants() -> None:
    faits = [montant("1", "50000.00"), Mouvement(Genre.ANNEE, cle="2", annee=2027)]
    vu = effets(petit(), faits, PARTS, {"Mende": 1000, "Langogne": 500})
    assert (vu.solde_avant, vu.solde_apres, vu.depasse) == (Decimal(5000), Decimal(-5000), True)
    annees = {x.annee: x for x in vu.annees}
    assert annees[2026].ap_avant == Decimal(55000)
    assert annees[2026].ap_apres == Decimal(55000)
    assert annees[2027].ap_apres == Decimal(10000)
    assert [(h.nom, h.avant, h.apres) for h in vu.habitants] == [
        ("Mende", Decimal("45.00"), Decimal("55.00"))
    ]
    assert [t.libelle for t in vu.themes_changes] == ["Voirie"]


@given(st.data())
def test_les_paiements_font_les_engagements(data: st.DataObject) -> None:
    base = data.draw(etats())
    faits = data.draw(mouvements_sur(base, [x.cle for x in base.lignes], "n"))
    vu = effets(base, faits, PARTS)
    assert sum(x.cp_avant for x in vu.annees) == sum(x.ap_avant for x in vu.annees) == base.total_aides
    assert sum(x.cp_apres for x in vu.annees) == sum(x.ap_apres for x in vu.annees)
    assert vu.comparaison.total.ecart == sum(x.ap_apres - x.ap_avant for x in vu.annees)


def test_le_texte_se_redige_a_partir_des_mouvements() -> None:
    faits = [
        montant("1", "55000.00"),
        montant("1", "50000.00"),
        Mouvement(Genre.ANNEE, cle="2", annee=2027),
        Mouvement(Genre.REMPLACEMENT, cle="3", ligne=ligne("9", "4000.00", maitre_ouvrage="Aumont")),
        Mouvement(Genre.DUREE, date_fin=date(2029, 1, 1)),
        Mouvement(Genre.FONGIBILITE, cle="1", vers="2", montant=Decimal(100)),
    ]
    dites = [p.replace("\u202f", " ").replace("\u00a0", " ") for p in phrases(petit(), faits)]
    assert dites[0] == "L’aide au projet 1 « Projet 1 » est portée de 40 000,00 € à 55 000,00 €."
    assert dites[1] == "L’aide au projet 1 « Projet 1 » est ramenée de 55 000,00 € à 50 000,00 €."
    assert dites[2] == "Le projet 2 « Projet 2 », inscrit en 2026, est reporté en 2027."
    assert (
        "le projet 9 « Projet 9 » le remplace : opération portée par Aumont, aide de 4 000,00 €" in dites[3]
    )
    assert dites[4] == "La fin du contrat, fixée au 31 décembre 2028, est portée au 1er janvier 2029."
    assert "Les aides deviennent 49 900,00 € et 10 100,00 €." in dites[5]
