"""The optimiser, held against every possible choice on small problems; what it says, against the facts."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arpent.metier.scenarios.optimisation import (
    Choix,
    Groupe,
    Infaisable,
    Methode,
    Minimum,
    Nombre,
    Objectif,
    OptimisationImpossible,
    Paiements,
    Plafond,
    Portee,
    Probleme,
    consommations,
    expliquer,
    manques,
    optimiser,
    pas_a_pas,
    saturees,
    trouver_conflit,
)
from arpent.metier.scenarios.optimisation.mesures import points, valeur

from .fabrique_optimisation import candidat, candidats, contraintes, tous_les_choix

GROUPES = (Groupe("nord", 1_000, "A"), Groupe("sud", 3_000, "A"))
CHOISISSEURS = st.sampled_from([Objectif.CLASSEMENT, Objectif.TRAVAUX])
D = Decimal


def probleme(*lus, plafond="1000", **reste):
    return Probleme(tuple(lus), (Plafond("total", "Enveloppe", D(plafond)),), **reste)


# --- against every choice -------------------------------------------------------------------------


@settings(max_examples=60)
@given(candidats(modulables=False), contraintes(), CHOISISSEURS)
def test_aucun_choix_ne_vaut_mieux_que_la_proposition(lus, exigees, objectif):
    p = Probleme(lus, exigees, (objectif,))
    possibles = list(tous_les_choix(p))
    if not possibles:
        with pytest.raises(Infaisable):
            optimiser(p)
        return
    s = optimiser(p, ecart_vise=1e-9)
    meilleur = max(valeur(objectif, p, choix) for choix in possibles)
    assert manques(p, s.choix) == []
    assert float(valeur(objectif, p, s.choix)) == pytest.approx(float(meilleur), rel=1e-6, abs=0.01)
    assert s.etapes[0].borne >= float(meilleur) - 0.01


@settings(max_examples=60)
@given(candidats(modulables=True), contraintes(), CHOISISSEURS)
def test_une_aide_modulable_ne_fait_jamais_perdre(lus, exigees, objectif):
    """The choice between the floor and the maximum holds every all-or-nothing choice."""
    p = Probleme(lus, exigees, (objectif,))
    fixes = Probleme(tuple(replace(c, aide_min=None) for c in lus), exigees, (objectif,))
    possibles = list(tous_les_choix(fixes))
    try:
        s = optimiser(p, ecart_vise=1e-9)
    except Infaisable:
        assert possibles == []
        return
    assert manques(p, s.choix) == []
    par_id = {c.identifiant: c for c in lus}
    for i, x in s.choix.items():
        assert par_id[i].plancher <= x.aide <= par_id[i].aide_max
        assert x.annee in par_id[i].annees
        assert x.aide == x.aide.quantize(D("0.01"))
        assert par_id[i].impose is not False
    assert {c.identifiant for c in lus if c.impose} <= set(s.choix)
    for choix in possibles:
        assert float(valeur(objectif, p, choix)) <= s.etapes[0].valeur + 0.05


@settings(max_examples=40)
@given(candidats(modulables=False), contraintes(), st.sampled_from([Objectif.LISSAGE, Objectif.EQUITE]))
def test_en_ordre_le_second_objectif_ne_reprend_que_la_part_cedee(lus, exigees, second):
    p = Probleme(lus, exigees, (Objectif.TRAVAUX, second), groupes=GROUPES, tolerance=D("0.2"))
    possibles = list(tous_les_choix(p))
    if not possibles:
        return
    s = optimiser(p, ecart_vise=1e-9)
    assert manques(p, s.choix) == []
    meilleur = max(valeur(Objectif.TRAVAUX, p, choix) for choix in possibles)
    minimum = meilleur * D("0.8")
    assert valeur(Objectif.TRAVAUX, p, s.choix) >= minimum - D("0.01")
    mieux = max(
        valeur(second, p, choix) for choix in possibles if valeur(Objectif.TRAVAUX, p, choix) >= minimum
    )
    assert float(valeur(second, p, s.choix)) >= float(mieux) - 0.05


@settings(max_examples=40)
@given(candidats(modulables=False), contraintes())
def test_le_second_avis_respecte_tout_et_ne_passe_pas_la_borne(lus, exigees):
    p = Probleme(lus, exigees, (Objectif.TRAVAUX,))
    glouton = pas_a_pas(p)
    if glouton is None:
        return
    assert glouton.methode is Methode.GLOUTONNE
    assert manques(p, glouton.choix) == []
    if {c.identifiant for c in lus if c.impose} <= set(glouton.choix):
        assert glouton.etapes[0].valeur <= optimiser(p).etapes[0].borne + 0.01


# --- what a person reads --------------------------------------------------------------------------


@settings(max_examples=60)
@given(candidats(modulables=True), contraintes())
def test_ce_qui_manque_suffit_a_faire_entrer_le_projet(lus, exigees):
    p = Probleme(lus, exigees, (Objectif.CLASSEMENT,))
    try:
        s = optimiser(p)
    except Infaisable:
        return
    par_id = {c.identifiant: c for c in lus}
    sorties = expliquer(p, s.choix)
    assert set(sorties) | set(s.choix) == set(par_id)
    for i, sortie in sorties.items():
        if par_id[i].impose is False:
            assert sortie.texte == "Écarté à votre demande."
            continue
        assert sortie.annee is not None
        avec = s.choix | {i: Choix(par_id[i].plancher, sortie.annee)}
        assert {m.code: m.de for m in manques(p, avec)} == {m.code: m.de for m in sortie.manques}
        if sortie.echange is not None:
            sans = {k: x for k, x in avec.items() if k != sortie.echange.identifiant}
            assert all(isinstance(k, Nombre) for m in manques(p, sans) for k in exigees if k.code == m.code)


@settings(max_examples=60)
@given(candidats(modulables=False), contraintes())
def test_le_conflit_nomme_des_demandes_toutes_necessaires(lus, exigees):
    p = Probleme(lus, exigees, (Objectif.TRAVAUX,))
    conflit = trouver_conflit(p)
    possibles = next(tous_les_choix(p), None)
    assert (conflit is None) == (possibles is not None)
    if conflit is None:
        return
    libres = {c.titre for c in lus if c.impose is True} - set(conflit.imposes)
    gardes = tuple(replace(c, impose=None) if c.titre in libres else c for c in lus)
    assert next(tous_les_choix(Probleme(gardes, conflit.contraintes, (Objectif.TRAVAUX,))), None) is None
    for k in conflit.contraintes:
        reste = tuple(x for x in conflit.contraintes if x is not k)
        assert next(tous_les_choix(Probleme(gardes, reste, (Objectif.TRAVAUX,))), None) is not None
    assert "Relâchez l’une d’elles" in conflit.texte


def test_le_classement_se_suit_du_premier_au_dernier_tant_que_l_argent_suffit():
    lus = [candidat(str(rang), "300", rang=rang) for rang in range(1, 6)]
    s = optimiser(probleme(*lus))
    assert set(s.choix) == {"1", "2", "3"}
    sortie = expliquer(probleme(*lus), s.choix)["4"]
    assert sortie.texte == "En 2025, il manque 200,00\u00a0€ dans « Enveloppe »."


def test_un_projet_sorti_dit_qui_il_pourrait_remplacer():
    lus = [candidat("un", "700"), candidat("deux", "400", rang=2), candidat("trois", "300", rang=3)]
    p = probleme(*lus)
    sortie = expliquer(p, {"un": Choix(D("700"), 2025), "trois": Choix(D("300"), 2025)})["deux"]
    assert sortie.echange is None  # without the third, 300 euros are left for 400
    p = probleme(*lus, plafond="1150")
    sortie = expliquer(p, {"un": Choix(D("700"), 2025), "trois": Choix(D("300"), 2025)})["deux"]
    assert sortie.texte == (
        "En 2025, il manque 250,00\u00a0€ dans « Enveloppe ». Il entrerait à la place de « Projet trois », "
        "classé 3."
    )


def test_les_egalites_de_rang_ont_le_meme_poids_et_sans_rang_aucun():
    p = probleme(
        candidat("a", rang=1), candidat("b", rang=1), candidat("c", rang=2), candidat("d", rang=None)
    )
    assert points(p) == {"a": 1, "b": 1, "c": D("0.5"), "d": 0}


def test_les_paiements_suivent_l_echeancier():
    lus = (candidat("a", "100", annees=(2025,)), candidat("b", "100", annees=(2026,)))
    cp = Paiements("cp", "Paiements 2026", 2026, D("60"), (D("0.6"), D("0.4")))
    p = Probleme(lus, (cp,), (Objectif.TRAVAUX,))
    assert consommations(p, {"a": Choix(D("100"), 2025)}) == {"cp": D("40")}
    s = optimiser(p)
    assert len(s.choix) == 1
    assert saturees(p, {"b": Choix(D("100"), 2026)}) == [(cp, D("0"))]


def test_lisser_deplace_les_annees_sans_perdre_de_travaux():
    lus = [candidat(str(i), "100", annees=(2025, 2026), rang=i) for i in range(1, 5)]
    s = optimiser(probleme(*lus, ordre=(Objectif.TRAVAUX, Objectif.LISSAGE), tolerance=D(0)))
    par_an = [sum(x.annee == annee for x in s.choix.values()) for annee in (2025, 2026)]
    assert par_an == [2, 2]
    assert s.etapes[1].valeur == 0


def test_sans_lissage_chaque_projet_garde_sa_premiere_annee_possible():
    lus = [candidat(str(i), "100", annees=(2025, 2026), rang=i) for i in range(1, 5)]
    assert {x.annee for x in optimiser(probleme(*lus)).choix.values()} == {2025}
    par_an = Plafond("2025", "Crédits 2025", D("250"), Portee(annees=frozenset({2025})))
    s = optimiser(Probleme(tuple(lus), (par_an,), (Objectif.CLASSEMENT,)))
    assert {i: x.annee for i, x in s.choix.items()} == {"1": 2025, "2": 2025, "3": 2026, "4": 2026}


def test_l_equite_rapproche_les_euros_par_habitant():
    lus = [candidat(f"{lieu}{i}", "100", territoire=lieu) for lieu in ("nord", "sud") for i in range(4)]
    p = probleme(*lus, plafond="400", ordre=(Objectif.TRAVAUX, Objectif.EQUITE), groupes=GROUPES)
    s = optimiser(p)
    assert sum(i.startswith("sud") for i in s.choix) == 3
    assert s.etapes[1].valeur == 0


def test_des_objectifs_ponderes_se_melangent():
    cher = candidat("cher", "900", rang=2, cout=D("9000"))
    premier = candidat("premier", "800", rang=1, cout=D("900"))
    pour_les_travaux = {Objectif.CLASSEMENT: D(1), Objectif.TRAVAUX: D(9)}
    pour_le_rang = {Objectif.CLASSEMENT: D(9), Objectif.TRAVAUX: D(1)}
    assert set(optimiser(probleme(cher, premier, poids=pour_les_travaux)).choix) == {"cher"}
    assert set(optimiser(probleme(cher, premier, poids=pour_le_rang)).choix) == {"premier"}
    etape = optimiser(probleme(cher, premier, poids=pour_le_rang)).etapes[0]
    assert etape.objectif is None
    assert 0 < etape.valeur <= etape.borne <= 1.000001


def test_deux_fois_le_meme_probleme_donnent_la_meme_proposition():
    lus = [candidat(str(i), str(90 + 7 * i), rang=i, annees=(2025, 2026)) for i in range(1, 20)]
    p = probleme(*lus)
    assert optimiser(p) == optimiser(p)


def test_un_minimum_en_euros_donne_sa_part_a_un_territoire():
    chers = [candidat(f"n{i}", "100", territoire="nord", cout=Decimal(900)) for i in range(3)]
    pauvres = [candidat(f"s{i}", "60.01", territoire="sud", cout=Decimal(61)) for i in range(3)]
    plafond = Plafond("total", "Enveloppe", Decimal(230))
    sud = Minimum("sud", "Aides du sud", Decimal("120.02"), Portee(territoires=frozenset({"sud"})))

    def du_sud(*contraintes):
        lu = Probleme((*chers, *pauvres), (plafond, *contraintes), (Objectif.TRAVAUX,))
        for solution in (optimiser(lu), pas_a_pas(lu)):
            assert not manques(lu, solution.choix)
            yield sum(x.aide for i, x in solution.choix.items() if i.startswith("s"))

    assert list(du_sud()) == [0, 0]
    assert list(du_sud(sud)) == [Decimal("120.02")] * 2


def test_un_minimum_manque_et_un_minimum_impossible_se_lisent():
    sud = Minimum("sud", "Aides du sud", Decimal(50), Portee(territoires=frozenset({"sud"})))
    lu = Probleme(
        (candidat("a", "40", territoire="sud"), candidat("b", "40", territoire="sud")),
        (Plafond("total", "Enveloppe", Decimal(70)), sud), (Objectif.TRAVAUX,),
    )  # fmt: skip
    (manque,) = manques(lu, {"a": Choix(Decimal(40), 2025)})
    assert manque.ecrit == "10,00\u00a0€ de moins que le minimum de « Aides du sud »"
    with pytest.raises(Infaisable):
        optimiser(lu)
    conflit = trouver_conflit(lu)
    assert "« Enveloppe » (70,00" in conflit.texte
    assert "« Aides du sud » (au moins 50,00" in conflit.texte
    presse = trouver_conflit(lu, limite_s=0)
    assert presse.contraintes == lu.contraintes


def test_un_conflit_se_lit():
    p = Probleme(
        (candidat("a", "700", impose=True), candidat("b", "600", impose=True), candidat("c", "10")),
        (
            Plafond("total", "Enveloppe", D("1000")),
            Plafond("large", "Dispositif", D("90000")),
            Nombre("n", "Nombre par commune", Portee(), 0, 5),
        ),
    )
    with pytest.raises(Infaisable):
        optimiser(p)
    conflit = trouver_conflit(p)
    assert conflit is not None
    assert conflit.texte.startswith(
        "Ces demandes ne peuvent pas tenir ensemble : le projet imposé « Projet a », le projet imposé "
        "« Projet b » et « Enveloppe » (1\u202f000,00\u00a0€)."
    )


@pytest.mark.parametrize(
    ("fabriquer", "message"),
    [
        (lambda: Probleme((), ()), "Aucun projet à choisir"),
        (lambda: probleme(candidat("a"), candidat("a")), "figure deux fois"),
        (lambda: probleme(candidat("a", annees=())), "pas d’année possible"),
        (lambda: probleme(candidat("a", aide="10.001")), "arrondi au centime"),
        (lambda: probleme(candidat("a", aide_min=D("200"))), "dépasse l’aide maximale"),
        (lambda: probleme(candidat("a"), plafond="-1"), "positif ou nul"),
        (lambda: probleme(candidat("a"), ordre=()), "au moins un objectif"),
        (lambda: probleme(candidat("a"), ordre=(Objectif.LISSAGE,)), "ne choisit pas"),
        (lambda: probleme(candidat("a", rang=None)), "Aucun projet n’est classé"),
        (lambda: probleme(candidat("a"), ordre=(Objectif.TRAVAUX, Objectif.EQUITE)), "populations manquent"),
        (lambda: probleme(candidat("a"), tolerance=D(1)), "entre 0 et 99 %"),
        (lambda: probleme(candidat("a"), poids={Objectif.TRAVAUX: D(0)}), "supérieur à zéro"),
        (
            lambda: Probleme((candidat("a"),), (Nombre("n", "Nombre", Portee(), 3, 2),)),
            "le nombre minimal dépasse",
        ),
        (
            lambda: Probleme(
                (candidat("a"),), (Minimum("m", "Sud", D(1), Portee(annees=frozenset({2025}))),)
            ),
            "toutes les années à la fois",
        ),
        (
            lambda: Probleme((candidat("a"),), (Paiements("c", "CP", 2025, D(1), (D("0.5"),)),)),
            "doivent faire 100 %",
        ),
        (
            lambda: Probleme((candidat("a"),), (Plafond("x", "X", D(1)), Plafond("x", "Y", D(1)))),
            "donnez-lui un autre code",
        ),
    ],
)
def test_un_probleme_mal_pose_se_dit(fabriquer, message):
    with pytest.raises(OptimisationImpossible, match=message):
        fabriquer()


def test_le_solveur_n_ecrit_rien_sur_la_sortie() -> None:
    """Its banner would open the JSON of the command: only a process of its own shows what it writes."""
    import subprocess
    import sys

    essai = "from arpent.metier.scenarios.optimisation.moteur import _solveur; _solveur().run()"
    fini = subprocess.run([sys.executable, "-c", essai], capture_output=True, check=True)
    assert (fini.stdout, fini.stderr) == (b"", b"")
