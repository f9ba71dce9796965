"""Charts: well-formed, escaped, true to their values, clean under the content security policy."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree.ElementTree import Element

import pytest
from defusedxml.ElementTree import fromstring
from hypothesis import given
from hypothesis import strategies as st

from arpent.plateforme.socle.catalogue import valeurs
from arpent.plateforme.socle.graphiques import (
    Barre,
    Bloc,
    Empilement,
    Figure,
    Flux,
    Jalon,
    Lieu,
    LigneGantt,
    Noeud,
    Periode,
    Position,
    Serie,
    Suite,
    Tranche,
    bandes_de_flux,
    barres_empilees,
    barres_horizontales,
    choroplethe,
    gantt,
    lignes,
    petits_multiples,
    positions,
    pyramide,
    schema,
    suites,
)
from arpent.plateforme.socle.graphiques.base import graduations, texte
from arpent.plateforme.socle.graphiques.cartes import seuils

MECHANT = '</svg><script>alert("1")</script>&\x00'
CARRE = {"type": "Polygon", "coordinates": [[[3, 44], [3.1, 44], [3.1, 44.1], [3, 44.1], [3, 44]]]}
VOISIN = {"type": "MultiPolygon", "coordinates": [[[[3.1, 44], [3.2, 44], [3.2, 44.1], [3.1, 44]]]]}
FIGURES = {cle: fig for cle, fig in valeurs().items() if isinstance(fig, Figure)}


def _largeurs(svg: str, classe: str) -> list[float]:
    """Widths, in per cent, of the rectangles of a class."""
    racine = fromstring(svg)
    rects: list[Element] = [r for r in racine.iter("rect") if classe in (r.get("class") or "").split()]
    return [float((r.get("width") or "0").rstrip("%")) for r in rects if "%" in (r.get("width") or "")]


@pytest.mark.parametrize("cle", FIGURES)
def test_un_graphique_se_nomme_se_decrit_et_ne_porte_ni_style_ni_script(cle: str) -> None:
    figure = FIGURES[cle]
    racine = fromstring(figure.svg)
    ids = (racine.get("aria-labelledby") or "").split()
    assert racine.get("role") == "img"
    assert [e.get("id") for e in (racine.find("title"), racine.find("desc")) if e is not None] == ids
    assert "style=" not in figure.svg
    assert "<script" not in figure.svg
    assert all(len(ligne) == len(figure.entetes) for ligne in figure.lignes)


def _figures_avec(nom: str) -> list[Figure]:
    return [
        barres_horizontales(nom, [Barre(nom, 1)], libelle_repere=nom),
        barres_empilees(nom, [nom, "b"], [Empilement(nom, (1, 2))]),
        lignes(nom, [nom], [Serie(nom, (1,)), Serie("b", (2,))]),
        petits_multiples(nom, [nom], [Serie(nom, (1,))]),
        pyramide(nom, [Tranche(nom, 1, 2)], gauche=nom),
        bandes_de_flux(nom, [Flux(nom, nom, 3)]),
        choroplethe(nom, [Lieu("1", nom, CARRE, 1)], libelle_valeur=nom),
        positions(nom, [Position(nom, nom, 0.5, (0.2, None))], ici=nom, reperes=[nom, nom], pairs=nom),
        suites(nom, [Suite(nom, ((nom, 2016.0, 1), (nom, 2022.0, 2)), note=nom)]),
    ]


@pytest.mark.parametrize("rang", range(9))
def test_un_nom_malveillant_reste_du_texte(rang: int) -> None:
    figure = _figures_avec(MECHANT)[rang]
    racine = fromstring(figure.svg)
    assert not list(racine.iter("script"))
    assert 'alert("1")' in (racine.find("title").text or "")


def test_la_plus_grande_barre_occupe_toute_la_largeur() -> None:
    figure = barres_horizontales("t", [Barre("a", Decimal(200)), Barre("b", Decimal(50))])
    assert _largeurs(figure.svg, "s1") == [100, 25]
    assert figure.lignes == (("a", "200"), ("b", "50"))


def test_une_valeur_negative_part_a_gauche_du_zero() -> None:
    figure = barres_horizontales("t", [Barre("perte", -25), Barre("gain", 75)])
    rects = [r for r in fromstring(figure.svg).iter("rect") if r.get("class") == "s1"]
    assert [(r.get("x"), r.get("width")) for r in rects] == [("0%", "25%"), ("25%", "75%")]


def test_le_repere_a_sa_colonne_dans_le_tableau() -> None:
    figure = barres_horizontales("t", [Barre("a", 2, repere=4), Barre("b", 3)], libelle_repere="moyenne")
    assert figure.entetes == ("Nom", "Valeur", "moyenne")
    assert figure.lignes == (("a", "2", "4"), ("b", "3", "–"))
    assert _largeurs(figure.svg, "s1") == [50, 75]


@given(st.lists(st.integers(0, 10**9), min_size=3, max_size=3))
def test_un_empilement_en_parts_fait_cent_pour_cent(montants: list[int]) -> None:
    figure = barres_empilees("t", ["a", "b", "c"], [Empilement("x", tuple(montants))], en_parts=True)
    attendu = 100 if sum(montants) else 0
    assert sum(_largeurs(figure.svg, "blanc")) == pytest.approx(attendu, abs=0.05)


@pytest.mark.parametrize("valeurs", [(1, -2), (1,)])
def test_un_empilement_faux_est_refuse_par_son_nom(valeurs: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="Voirie"):
        barres_empilees("t", ["a", "b"], [Empilement("Voirie", valeurs)])


def test_une_annee_non_publiee_interrompt_la_courbe() -> None:
    figure = lignes("t", ["2015", "2016", "2017", "2018"], [Serie("a", (1, 2, None, 4))])
    (courbe,) = re.findall(r'<g class="courbe c1">(.*?)</g>', figure.svg)
    # 2015-2016 is drawn, 2017 is not published, 2018 is a dot alone
    assert (courbe.count("<line"), courbe.count("<circle")) == (1, 3)
    assert figure.lignes[2] == ("2017", "–")


def test_une_serie_trop_courte_est_refusee() -> None:
    with pytest.raises(ValueError, match=r"Emplois.*2 valeurs attendues, 1 reçues"):
        lignes("t", ["2015", "2016"], [Serie("Emplois", (1,))])


def test_une_courbe_sans_annee_est_refusee() -> None:
    with pytest.raises(ValueError, match="Aucune abscisse"):
        petits_multiples("t", [], [Serie("a", ())])


def test_des_courbes_sans_valeur_se_dessinent_vides() -> None:
    figure = petits_multiples("t", ["2015"], [Serie("a", (None,))])
    assert "non publié" in figure.svg
    assert figure.lignes == (("2015", "–"),)


def test_une_valeur_infinie_est_refusee() -> None:
    with pytest.raises(ValueError, match="nombre fini"):
        barres_horizontales("t", [Barre("a", float("inf"))])


@given(st.floats(-1e9, 1e9), st.floats(0, 1e9))
def test_les_graduations_couvrent_les_valeurs(bas: float, etendue: float) -> None:
    reperes = graduations(bas + etendue, bas)
    tolerance = 1e-6 * max(1.0, abs(bas), etendue)
    assert reperes[0] <= bas + tolerance
    assert reperes[-1] >= bas + etendue - tolerance
    assert 2 <= len(reperes) <= 7


def test_les_deux_cotes_de_la_pyramide_ont_la_meme_echelle() -> None:
    figure = pyramide("t", [Tranche("0-14", 50, 100)])
    (gauche,), (droite,) = _largeurs(figure.svg, "s3"), _largeurs(figure.svg, "s2")
    assert droite == pytest.approx(2 * gauche)


def test_les_bandes_ont_l_epaisseur_de_leur_valeur() -> None:
    figure = bandes_de_flux("t", [Flux("État", "Eau", 300), Flux("Région", "Eau", 100), Flux("x", "y", 0)])
    hauteurs = []
    for trace in re.findall(r'class="bande[^"]*" d="([^"]*)"', figure.svg):
        debut, fin = re.match(r"M0 ([\d.]+)C", trace), re.search(r" 0 ([\d.]+)z", trace)
        assert debut is not None
        assert fin is not None
        hauteurs.append(float(fin[1]) - float(debut[1]))
    assert hauteurs[0] == pytest.approx(3 * hauteurs[1], abs=0.05)
    assert len(figure.lignes) == 3


def test_la_carte_grise_les_voisins_et_tirete_les_valeurs_absentes() -> None:
    figure = choroplethe(
        "t",
        [
            Lieu("1", "Florac", CARRE, None),
            Lieu("2", "Ispagnac", CARRE, 3),
            Lieu("3", "Alès", VOISIN, 9, True),
        ],
    )
    classes = [p.get("class") for p in fromstring(figure.svg).iter("path")]
    assert classes == ["lieu voisin", "lieu sans", "lieu r2"]
    assert figure.lignes == (("Florac", "–"), ("Ispagnac", "3"))
    assert "non publié" in figure.svg


@pytest.mark.parametrize(
    ("lieux", "message"),
    [([], "Aucun lieu"), ([Lieu("1", "a", {"type": "Point", "coordinates": [1, 2]})], "polygone")],
)
def test_une_carte_sans_contour_est_refusee(lieux: list[Lieu], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        choroplethe("t", lieux)


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60))
def test_les_classes_de_la_carte_contiennent_chaque_valeur(nombres: list[int]) -> None:
    bornes = seuils([float(n) for n in nombres])
    assert bornes == sorted(set(bornes))
    assert bornes[-1] == max(nombres)
    assert len(bornes) <= 5


def test_le_fichier_svg_porte_ses_couleurs_et_sa_taille() -> None:
    autonome = FIGURES["fig_barres"].svg_autonome(600)
    racine = fromstring(autonome)
    assert racine.tag == "{http://www.w3.org/2000/svg}svg"
    assert racine.get("width") == "600"
    assert ".s1{fill:#1f6446}" in autonome


def test_le_csv_ne_laisse_sortir_aucune_formule() -> None:
    figure = Figure("t", "d", "<svg/>", ("Nom",), (("=1+1",), ("-5,2",), ("-SOMME(A1)",), ('dit "oui"',)))
    assert figure.csv().split("\r\n")[1:5] == ['"\'=1+1"', '"-5,2"', '"\'-SOMME(A1)"', '"dit ""oui"""']


def test_un_grand_nombre_de_communes_reste_leger() -> None:
    lieux: list[Any] = [Lieu(str(i), f"Commune {i}", CARRE, i) for i in range(200)]
    assert len(choroplethe("t", lieux).svg) < 40_000


def test_une_image_complete_porte_son_titre_et_sa_source() -> None:
    figure = barres_horizontales(f"Un constat {MECHANT}", [Barre("a", 1)])
    racine = fromstring(figure.svg_complet(720, "Insee, recensement <2022>"))
    textes = ["".join(t.itertext()) for t in racine.iter("{http://www.w3.org/2000/svg}text")]
    assert any(t.startswith("Un constat") for t in textes)
    assert "Insee, recensement <2022>" in textes
    assert racine.get("width") == "720"


def test_une_place_est_celle_dite_et_ses_reperes_sont_comptes() -> None:
    figure = positions(
        "t", [Position("Aînés", "30 %", 0.9, (0.5,))], ici="Ici", reperes=["Dép."], pairs="EPCI"
    )
    (disque,) = re.findall(r'<circle class="s1" cx="([^"]+)%" cy="58"', figure.svg)
    assert float(disque) == pytest.approx(1 + 98 * 0.9)
    assert figure.lignes == (("Aînés", "30 %", "90\u00a0%", "50\u00a0%"),)
    with pytest.raises(ValueError, match="autant de repères"):
        positions("t", [Position("a", "1", 0.5)], ici="Ici", reperes=["Dép."], pairs="EPCI")


def test_une_suite_place_ses_dates_selon_le_temps() -> None:
    figure = suites("t", [Suite("a", (("2010", 2010, 1), ("2012", 2012, 3), ("2020", 2020, 2)))])
    points = re.findall(r'class="points" cx="([\d.]+)%" cy="([\d.]+)"', figure.svg)
    assert [float(x) for x, _ in points] == [0, 20, 100]
    assert [float(y) for _, y in points] == [40, 0, 20]
    with pytest.raises(ValueError, match="au moins une date"):
        suites("t", [Suite("a", ())])


def test_un_voisin_prend_la_teinte_pale_de_sa_valeur() -> None:
    lieux = [Lieu("1", "A", CARRE, 1), Lieu("2", "B", CARRE, 2), Lieu("3", "V", VOISIN, 9, voisin=True)]
    figure = choroplethe("t", lieux, voisins_teintes=True)
    assert 'class="lieu voisin pale r4"' in figure.svg
    assert [ligne[0] for ligne in figure.lignes] == ["A", "B"]


@pytest.mark.parametrize("signe", ["\x00", "\x08", "\x1b", "\ud800", "\ufffe", "\uffff"])
def test_un_signe_que_xml_refuse_disparait_du_dessin(signe: str) -> None:
    assert fromstring(f"<text>{texte(f'Gé{signe}vaudan')}</text>").text == "Gévaudan"


def _lire_svg(figure: Figure) -> Element:
    return fromstring(figure.svg.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1))  # type: ignore[no-any-return]


def test_un_calendrier_dessine_chaque_periode_et_aujourd_hui() -> None:
    periodes = (
        Periode(date(2026, 1, 1), date(2026, 3, 1), "fait", MECHANT),
        Periode(date(2026, 3, 1), date(2027, 1, 1), "prevision"),
    )
    jalon = Jalon(date(2026, 12, 31), "signature", fort=True)
    figure = gantt(
        "Calendrier",
        [LigneGantt(MECHANT, periodes, ("a", "b"), (jalon,), "en retard")],
        ("Nom", "Début", "Fin"),
        today=date(2026, 6, 1),
    )
    _lire_svg(figure)
    assert "<script>" not in figure.svg
    assert "aujourd’hui" in figure.svg
    assert "prévision, du plus tôt au plus tard" in figure.svg
    assert figure.lignes == ((MECHANT, "a", "b"),)
    with pytest.raises(ValueError, match="Aucune date"):
        gantt("Vide", [], ("Nom",))


@given(st.dates(date(1900, 1, 1), date(2200, 1, 1)), st.integers(0, 40_000))
def test_l_axe_du_temps_porte_cinq_dates_au_plus(debut: date, jours: int) -> None:
    fin = date.fromordinal(debut.toordinal() + jours)
    periode = Periode(debut, fin, "prevu")
    figure = gantt("Axe", [LigneGantt("x", (periode,), ())], ("Nom",))
    assert figure.svg.count("grille-trait") <= 5
    assert "nan" not in figure.svg


def test_un_schema_met_cote_a_cote_ce_qui_se_mene_ensemble() -> None:
    rang = tuple(Noeud(f"Étape {i}", MECHANT, tirets=i == 0) for i in range(4))
    figure = schema("Processus", [Bloc("Phase", (rang, (Noeud("Fin"),)))], ("Étape", "Qui", "Phase"))
    _lire_svg(figure)
    assert figure.svg.count('class="noeud') == 5
    assert figure.svg.count("noeud tirets") == 1
    assert figure.svg.count("fleche") == 1
    assert len(figure.lignes) == 5


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(1, 4000))
def test_aucun_mois_ne_s_ecrit_sur_un_autre(debut: date, jours: int) -> None:
    fin = debut + timedelta(days=jours)
    svg = gantt("C", [LigneGantt("a", (Periode(debut, fin, "prevu"),), ("x",))], ("Quoi", "Quand")).svg
    places = []
    for mois in fromstring(svg).iter("text"):
        if "menu" in (mois.get("class") or "").split():
            x = float((mois.get("x") or "0").rstrip("%"))
            places.append((x - 16, x) if "fin" in (mois.get("class") or "").split() else (x, x + 16))
    assert all(a[1] <= b[0] + 0.01 for a, b in pairwise(sorted(places)))
    assert all(b <= 100.01 for _, b in places)
