"""Comparing a new list of elected people with those in office."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.election import (
    Connu,
    Elu,
    EnPlace,
    Siege,
    cle_personne,
    comparer,
    plier_nom,
)

MAIRE = Siege("maire", 1)
CONSEIL = Siege("conseiller_communautaire", 2)


def place(cle: int, nom: str, prenom: str = "Anne", siege: Siege = CONSEIL, civilite: str = "") -> EnPlace:
    return EnPlace(cle, 100 + cle, nom, prenom, siege, civilite)


def elu(numero: int, nom: str, prenom: str = "Anne", siege: Siege = CONSEIL, civilite: str = "") -> Elu:
    return Elu(numero, nom, prenom, siege, civilite)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("DURAND", "Élise"), ("Durand", "ELISE")),
        (("LE GOFF-MARTIN", "Jean-Pierre"), ("Le Goff Martin", "Jean Pierre")),
        (("D’ARCY", "Zoé"), ("d'Arcy", "Zoe")),
        (("de La Tour", "Marc"), ("LA TOUR", "MARC")),
        (("Lebœuf", "Léa"), ("LEBOEUF", "Lea")),
    ],
)
def test_deux_ecritures_d_un_nom_sont_la_meme_personne(a, b):
    assert cle_personne(*a) == cle_personne(*b)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        (("Martin", "Anne"), ("Martin", "Annie")),
        (("Martin", "Jean-Pierre"), ("Martin", "Jean")),
        (("Martin-Roux", "Anne"), ("Martin", "Anne")),
    ],
)
def test_deux_noms_proches_restent_deux_personnes(a, b):
    assert cle_personne(*a) != cle_personne(*b)


def test_un_nom_fait_d_une_particule_reste_un_nom():
    assert cle_personne("Le", "An") == "le|an"


def test_qui_reste_qui_part_qui_arrive():
    vu = comparer([place(1, "Roux"), place(2, "Vidal")], [elu(2, "ROUX"), elu(3, "Pons")])
    assert [(p.cle, e.numero) for p, e in vu.restent] == [(1, 2)]
    assert [p.cle for p in vu.partent] == [2]
    assert [a.elu.numero for a in vu.arrivent] == [3]
    assert vu.change


def test_un_mandat_hors_des_sieges_de_la_liste_n_est_pas_touche():
    vu = comparer([place(1, "Roux", siege=MAIRE)], [elu(2, "Pons")])
    assert vu.partent == ()


def test_chaque_canton_est_un_siege_a_part():
    ici, la = Siege("conseiller_departemental", 3, "4801"), Siege("conseiller_departemental", 3, "4802")
    vu = comparer([place(1, "Roux", siege=ici), place(2, "Vidal", siege=la)], [elu(2, "Pons", siege=ici)])
    assert [p.cle for p in vu.partent] == [1]


def test_deux_maires_pour_une_commune_sont_un_doute_et_rien_ne_change():
    vu = comparer([place(1, "Roux", siege=MAIRE)], [elu(2, "Pons", siege=MAIRE), elu(3, "Bel", siege=MAIRE)])
    assert [d.elu.numero for d in vu.doutes] == [2, 3]
    assert not vu.change
    assert MAIRE not in vu.sieges


def test_deux_personnes_en_place_du_meme_nom_sont_un_doute_pour_tout_le_siege():
    vu = comparer([place(1, "Roux"), place(2, "Roux")], [elu(2, "Roux"), elu(3, "Pons")])
    assert [d.elu.numero for d in vu.doutes] == [2, 3]
    assert "à vérifier" in vu.doutes[1].raison
    assert not vu.change


def test_le_sexe_distingue_deux_homonymes():
    vu = comparer(
        [place(1, "Roux", "Camille", civilite="mme"), place(2, "Roux", "Camille", civilite="m")],
        [elu(2, "Roux", "Camille", civilite="m")],
    )
    assert [p.cle for p, _ in vu.restent] == [2]
    assert [p.cle for p in vu.partent] == [1]


def test_une_ligne_repetee_est_comptee_une_fois():
    vu = comparer([], [elu(2, "Pons"), elu(3, "PONS")])
    assert [a.elu.numero for a in vu.arrivent] == [2]
    assert [d.numero for d in vu.doublons] == [3]


def test_l_adjointe_devenue_maire_est_reconnue_dans_sa_commune():
    connue = Connu(7, "PONS", "Anne", organisations=frozenset({1}))
    vu = comparer([], [elu(2, "Pons", siege=MAIRE)], [connue])
    assert vu.arrivent[0].personne == 7
    assert vu.arrivent[0].homonymes == ()


def test_un_homonyme_d_ailleurs_est_montre_et_jamais_reuni():
    vu = comparer([], [elu(2, "Pons", siege=MAIRE)], [Connu(7, "Pons", "Anne", "", frozenset({9}))])
    assert (vu.arrivent[0].personne, vu.arrivent[0].homonymes) == (None, (7,))


def test_deux_personnes_du_meme_nom_ici_sont_montrees_toutes_deux():
    ici = [Connu(n, "Pons", "Anne", organisations=frozenset({1})) for n in (8, 7)]
    assert comparer([], [elu(2, "Pons", siege=MAIRE)], ici).arrivent[0].homonymes == (7, 8)


noms = st.sampled_from(["Roux", "ROUX", "Vidal", "Le Goff", "LE-GOFF", "Pons", "de Pons", "Œil"])
sieges = st.sampled_from([MAIRE, CONSEIL, Siege("maire", 5), Siege("conseiller_departemental", 3, "4801")])
civilites = st.sampled_from(["", "m", "mme"])
en_place = st.lists(
    st.builds(place, st.integers(1, 10**6), noms, noms, sieges, civilites),
    max_size=8,
    unique_by=lambda p: p.cle,
)
listes = st.lists(
    st.builds(elu, st.integers(1, 10**6), noms, noms, sieges, civilites),
    max_size=8,
    unique_by=lambda e: e.numero,
)


@given(st.text(max_size=30))
def test_plier_deux_fois_ne_change_rien(texte):
    assert plier_nom(plier_nom(texte)) == plier_nom(texte)


@given(en_place, listes)
def test_chaque_ligne_et_chaque_mandat_des_sieges_a_une_place_et_une_seule(places, elus):
    vu = comparer(places, elus)
    lignes = [
        *(e.numero for _, e in vu.restent),
        *(a.elu.numero for a in vu.arrivent),
        *(d.elu.numero for d in vu.doutes),
        *(e.numero for e in vu.doublons),
    ]
    assert sorted(lignes) == sorted(e.numero for e in elus)
    touches = [*(p.cle for p, _ in vu.restent), *(p.cle for p in vu.partent)]
    assert sorted(touches) == sorted(p.cle for p in places if p.siege in vu.sieges)


@given(en_place, listes, st.randoms())
def test_l_ordre_des_lignes_ne_change_rien(places, elus, hasard):
    autres, autrement = list(places), list(elus)
    hasard.shuffle(autres)
    hasard.shuffle(autrement)
    assert comparer(autres, autrement) == comparer(places, elus)


@given(en_place, listes)
def test_appliquer_la_liste_puis_la_relire_ne_change_plus_rien(places, elus):
    vu = comparer(places, elus)
    partis = {p.cle for p in vu.partent}
    apres = [p for p in places if p.cle not in partis]
    apres += [
        EnPlace(10**7 + a.elu.numero, 0, a.elu.nom, a.elu.prenom, a.elu.siege, a.elu.civilite)
        for a in vu.arrivent
    ]
    relue = comparer(apres, elus)
    assert not [p for p in relue.partent if p.siege in vu.sieges] or relue.doutes
    assert {a.elu.numero for a in relue.arrivent} <= {d.elu.numero for d in vu.doutes}


@given(listes)
def test_une_liste_comparee_a_elle_meme_ne_dit_ni_depart_ni_arrivee(elus):
    places = [place(e.numero, e.nom, e.prenom, e.siege, e.civilite) for e in elus]
    assert not comparer(places, elus).change or len(
        {(e.siege, cle_personne(e.nom, e.prenom)) for e in elus}
    ) < len(elus)


def test_le_numero_d_une_ligne_ne_change_pas_son_sort():
    premiere = comparer([place(1, "Roux")], [elu(2, "Pons")])
    autre = comparer([place(1, "Roux")], [elu(9, "Pons")])
    assert replace(autre.arrivent[0].elu, numero=2) == premiere.arrivent[0].elu
