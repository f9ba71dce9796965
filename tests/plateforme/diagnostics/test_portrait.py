"""The portrait: families, the page of an indicator, twins, downloads, on real figures."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
import openpyxl
import pytest
from defusedxml.ElementTree import fromstring
from django.test import Client
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics import figures
from arpent.plateforme.diagnostics.lecture import lire_perimetre, lire_portrait
from arpent.plateforme.diagnostics.portraits import carte, exports
from arpent.plateforme.diagnostics.portraits.dessins import dessiner, points_de
from arpent.plateforme.observatoire.catalogue import catalogue
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.observatoire.tableau import Tableau
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.images import ImageImpossible
from arpent.plateforme.territoires.models import Adjacence, Contour
from arpent.plateforme.territoires.perimetres import Perimetre
from tests.plateforme import fabrique

from .conftest import GORGES, ouvrir_sur

Connecte = Callable[[Agent], Client]
"""Three times the figure to reach (300 ms): a noisy machine must not fail the suite."""
APCHER = "200069185"


@pytest.fixture
def client(connecte: Connecte, demarche: Demarche) -> Client:
    return connecte(fabrique.agent("maire", demarche))


def url(demarche: Demarche, nom: str, *args: str) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *args])


def carre(demarche: Demarche) -> None:
    """A made-up outline for each commune of the territory, side by side, and one neighbour."""
    codes = list(demarche.territoire.groupements.values_list("membres", flat=True))
    for n, code in enumerate([*codes, fabrique.commune("Voisine", code="48092").pk]):
        x = n / 10
        points = [[x, 44.0], [x + 0.1, 44.0], [x + 0.1, 44.1], [x, 44.1], [x, 44.0]]
        Contour.objects.create(commune_id=code, geometrie={"type": "Polygon", "coordinates": [points]})
    paire = sorted((codes[-1], "48092"))
    Adjacence.objects.create(commune_a_id=paire[0], commune_b_id=paire[1], longueur_m=900)


def test_la_page_tient_dans_150_ko_et_dix_requetes(
    client: Client, demarche: Demarche, django_assert_max_num_queries: Callable[..., Any]
):
    client.get(url(demarche, "portrait"))
    with django_assert_max_num_queries(10):
        page = client.get(url(demarche, "portrait"))
    assert len(page.content) <= 150_000
    assert page.content.decode().count('<details class="pli famille" open') == 1


@pytest.mark.parametrize("code", ["part_65_plus", "niveau_vie_median", "population", "emploi_prive"])
def test_la_page_d_un_indicateur_dit_sa_source_son_calcul_et_sa_couverture(
    client: Client, demarche: Demarche, code: str, django_assert_max_num_queries: Callable[..., Any]
):
    carre(demarche)
    client.get(url(demarche, "indicateur", code))
    with django_assert_max_num_queries(10):
        page = client.get(url(demarche, "indicateur", code))
    texte = page.content.decode()
    quoi = catalogue().indicateurs[code]
    for attendu in (
        quoi.libelle,
        "Définition",
        "Calcul",
        "Couverture",
        "Secret statistique",
        "de la population",
    ):
        assert attendu in texte
    assert page.context["dessins"]


def test_chaque_indicateur_du_catalogue_a_sa_page(client: Client, demarche: Demarche):
    for code in catalogue().indicateurs:
        assert client.get(url(demarche, "indicateur", code)).status_code == 200, code


def test_un_indicateur_inconnu_n_existe_pas(client: Client, demarche: Demarche):
    assert client.get(url(demarche, "indicateur", "inconnu")).status_code == 404


def test_la_carte_montre_les_communes_et_leur_voisine_plus_pale(demarche: Demarche):
    carre(demarche)
    dessin = dessiner(lire_portrait(demarche, date.today()), "carte-part_65_plus")
    assert dessin is not None
    assert dessin.figure.entetes[0] == "Commune"
    assert "Voisine" not in {ligne[0] for ligne in dessin.figure.lignes}
    assert "voisin pale" in dessin.figure.svg


def test_un_indicateur_publie_par_epci_seulement_a_la_carte_des_epci(demarche: Demarche):
    carre(demarche)
    dessin = dessiner(lire_portrait(demarche, date.today()), "carte-emploi_prive")
    assert dessin is not None
    assert dessin.figure.entetes[0] == "Intercommunalité"


@pytest.mark.parametrize(
    ("extension", "debut"), [("csv", b"\xef\xbb\xbf"), ("svg", b"<svg"), ("png", b"\x89PNG")]
)
def test_un_dessin_se_telecharge(client: Client, demarche: Demarche, extension: str, debut: bytes):
    reponse = client.get(url(demarche, "portrait_figure", "ages", extension))
    assert reponse.status_code == 200
    assert reponse.content.startswith(debut)
    assert f'filename="{demarche.slug}-ages.{extension}"' in reponse["Content-Disposition"]
    if extension == "svg":
        textes = [
            "".join(t.itertext())
            for t in fromstring(reponse.content).iter("{http://www.w3.org/2000/svg}text")
        ]
        assert any("65 ans et plus" in t for t in textes)
        assert any(t.startswith("Source : Insee") for t in textes)


@pytest.mark.parametrize(
    ("nom", "extension"), [("inconnu", "svg"), ("carte-inconnu", "png"), ("ages", "exe")]
)
def test_un_dessin_inconnu_n_existe_pas(client: Client, demarche: Demarche, nom: str, extension: str):
    assert client.get(url(demarche, "portrait_figure", nom, extension)).status_code == 404


def test_une_image_impossible_dit_quoi_faire(client: Client, demarche: Demarche, monkeypatch: Any):
    def refuser(svg: str) -> bytes:
        raise ImageImpossible("L’image n’a pas pu être dessinée : téléchargez le dessin en SVG.")

    monkeypatch.setattr("arpent.plateforme.diagnostics.fichiers.png", refuser)
    reponse = client.get(url(demarche, "portrait_figure", "ages", "png"))
    assert (reponse.status_code, "en SVG" in reponse.content.decode()) == (503, True)


def test_sans_donnees_rien_ne_plante(client: Client, demarche: Demarche, settings: Any, tmp_path: Any):
    settings.ARPENT_DONNEES = tmp_path
    for nom, *args in (("portrait",), ("portrait_jumeaux",), ("indicateur", "population")):
        page = client.get(url(demarche, nom, *args))
        assert page.status_code == 200
        assert "arpent init" in page.content.decode()
    assert client.get(url(demarche, "portrait_csv")).status_code == 404
    assert client.get(url(demarche, "portrait_figure", "ages", "png")).status_code == 404


def test_le_csv_porte_source_millesime_couverture_et_jamais_de_zero_invente(
    client: Client, demarche: Demarche
):
    brut = client.get(url(demarche, "portrait_csv")).content
    assert brut.startswith(b"\xef\xbb\xbf")
    lignes = list(csv.DictReader(io.StringIO(brut.decode("utf-8-sig")), delimiter=";"))
    assert len(lignes) == len(catalogue().indicateurs)
    aines = next(x for x in lignes if x["Code"] == "part_65_plus")
    assert aines["Valeur"] == "28,7"
    assert aines["Source"].startswith("Insee")
    assert aines["Millésime"] == "2022"
    vides = [x for x in lignes if not x["Valeur"]]
    assert vides
    assert all(x["Remarque"] for x in vides)


def test_aucune_cellule_n_est_une_formule():
    assert exports._cellule("=1+1") == '"\'=1+1"'
    assert exports._cellule("+3 % depuis 2016") == '"\'+3 % depuis 2016"'
    assert exports._cellule(-1.5) == "-1,5"
    assert exports._cellule(None) == ""


def test_le_classeur_s_ouvre_avec_des_nombres(client: Client, demarche: Demarche):
    feuille = openpyxl.load_workbook(io.BytesIO(client.get(url(demarche, "portrait_xlsx")).content)).active
    lignes = {ligne[1]: ligne for ligne in feuille.iter_rows(values_only=True)}
    assert lignes["part_65_plus"][3] == 28.7
    assert all(not str(c).startswith("=") for ligne in lignes.values() for c in ligne)


def test_les_jumeaux_disent_pourquoi(client: Client, demarche: Demarche):
    page = client.get(url(demarche, "portrait_jumeaux"))
    proches = page.context["proches"]
    assert len(proches) == 15
    assert [p.distance for p in proches] == sorted(p.distance for p in proches)
    assert sum(p.choisi for p in proches) == 7
    assert all(p.rapprochent for p in proches[:3])


def test_le_lecteur_choisit_ses_pairs_et_ils_suivent_partout(client: Client, demarche: Demarche):
    pairs = {"pairs": [APCHER, "200069128", "244800470"]}
    page = client.get(url(demarche, "portrait"), pairs)
    assert "3 territoires choisis" in page.content.decode()
    assert f"pairs={APCHER}" in page.content.decode()
    csv_ = client.get(url(demarche, "portrait_csv"), pairs).content.decode()
    assert "Médiane des territoires choisis" in csv_


@pytest.mark.parametrize("pairs", ["abc", "000000000", GORGES, "9" * 40])
def test_un_pair_impossible_laisse_les_jumeaux(client: Client, demarche: Demarche, pairs: str):
    page = client.get(url(demarche, "portrait"), {"pairs": pairs})
    assert page.status_code == 200
    assert not page.context["lecture"].choisis


def test_une_intercommunalite_se_cherche_par_son_nom(client: Client, demarche: Demarche):
    page = client.get(url(demarche, "portrait_jumeaux"), {"chercher": "AUBRAC"})
    assert any(
        "Aubrac" in nom
        for _, nom in page.context["resultats"] + [("", p.nom) for p in page.context["proches"]]
    )
    rien = client.get(url(demarche, "portrait_jumeaux"), {"chercher": "zzz<script>"})
    assert "Aucune autre intercommunalité" in rien.content.decode()
    assert "zzz<script>" not in rien.content.decode()


@pytest.mark.parametrize(
    ("nom", "args"),
    [("portrait", ()), ("indicateur", ("population",)), ("portrait_csv", ()), ("portrait_xlsx", ()),
     ("portrait_jumeaux", ()), ("portrait_figure", ("ages", "svg"))],
)  # fmt: skip
def test_hors_de_son_perimetre_rien_n_existe(
    connecte: Connecte, demarche: Demarche, nom: str, args: tuple[str, ...]
):
    etranger = connecte(fabrique.agent("maire", fabrique.demarche()))
    assert etranger.get(url(demarche, nom, *args)).status_code == 404


def test_une_serie_finit_par_la_valeur_du_jour_et_commence_par_ce_qui_est_connu(demarche: Demarche):
    lecture = lire_portrait(demarche, date.today())
    for famille in lecture.familles:
        for ligne in famille.lignes:
            points = points_de(lecture, ligne)
            if points:
                assert points[-1].valeur == ligne.valeur.valeur
                assert [p.quand for p in points] == sorted({p.quand for p in points})
    population = lecture.ligne("population")
    assert population is not None
    assert points_de(lecture, population)[0].date == "2012"


def test_un_groupe_d_epci_n_a_ni_mediane_ni_part_d_emploi_inventees(magasin: Magasin, lozere: Dispositif):
    groupe = ouvrir_sur(magasin, lozere, GORGES, "200069128", nom="Sud Lozère")
    lecture = lire_portrait(groupe, date.today())
    mediane = lecture.ligne("niveau_vie_median")
    assert mediane is not None
    assert (mediane.valeur.valeur, mediane.rang_jumeaux) == (None, None)
    activite = figures.activite(lecture)
    assert activite is not None
    assert len(activite.lignes) == 4
    comparee = dessiner(lecture, "comparaison-niveau_vie_median")
    assert comparee is not None
    assert len(comparee.figure.lignes) >= 4


def test_une_pyramide_demande_le_recensement(demarche: Demarche):
    assert figures.pyramide_des_ages(lire_portrait(demarche, date.today())) is None


def test_un_perimetre_jamais_vu_se_lit(magasin: Magasin):
    communes = tuple(sorted({*magasin.communes_de("200070043"), *magasin.communes_de("200070035")}))
    lecture = lire_perimetre("Brouillon", Perimetre(("200070035", "200070043"), communes))
    assert lecture.nombre_valeurs > 40


def test_le_bord_de_deux_carres_qui_se_touchent_ne_garde_pas_le_cote_commun():
    gauche = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    droite = [[1, 0], [2, 0], [2, 1], [1, 1], [1, 0]]
    traces = [{"type": "Polygon", "coordinates": [c]} for c in (gauche, droite)]
    ((anneau,),) = carte.bord(traces)["coordinates"]
    assert anneau[0] == anneau[-1]
    assert {frozenset(c) for c in pairwise(anneau)} == {
        frozenset(c)
        for c in (
            ((0, 0), (1, 0)), ((1, 0), (2, 0)), ((2, 0), (2, 1)), ((2, 1), (1, 1)), ((1, 1), (0, 1)),
            ((0, 1), (0, 0)),
        )
    }  # fmt: skip


def test_la_pyramide_lit_le_recensement_le_plus_recent(demarche: Demarche):
    lecture = lire_portrait(demarche, date.today())
    table = lecture.magasin.communes
    noms = [f"rp:P{aa}_{s}{code}" for aa in ("16", "22") for s in "HF" for code, _ in figures.TRANCHES]
    valeurs = np.vstack([np.full(len(table.rangs), 2.0 if "22" in nom[:6] else 9.0) for nom in noms])
    rp = Tableau(table.rangs, {nom: i for i, nom in enumerate(noms)}, valeurs)
    avec = replace(lecture, magasin=replace(lecture.magasin, communes=rp))
    pyramide = figures.pyramide_des_ages(avec)
    assert pyramide is not None
    assert pyramide.titre == "43\u00a0% des habitants ont 60 ans et plus (2022)"
    effectif = str(2 * len(lecture.perimetre.communes))
    assert pyramide.lignes[0] == ("0-14 ans", effectif, effectif)
    valeurs[noms.index("rp:P22_F90P"), table.rangs[lecture.perimetre.communes[0]]] = np.nan
    assert figures.pyramide_des_ages(avec) is None
