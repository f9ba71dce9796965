"""`…/apercu/` and `…/reglement/comparaison/` : a règlement tried on fiches, two règlements compared."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from python_calamine import CalamineWorkbook

from arpent.metier.reglement import lire_reglement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans import simulation
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.simulation import Portee, comparer
from arpent.plateforme.reglements.actions import ouvrir_brouillon
from arpent.plateforme.reglements.edition_parametres import ajouter_ligne
from arpent.plateforme.reglements.models import (
    BrouillonReglement,
    Dispositif,
    ParametreLegal,
    VersionReglement,
)
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
LE = date(2026, 6, 1)


def contenu(taux: Any, **en_plus: Any) -> dict[str, Any]:
    regles = [{"genre": "taux_intervention", "taux": taux}]
    return {
        "dispositif": "essai",
        "version": "1",
        "intitule": "Règlement",
        "en_vigueur_le": "2020-01-01",
        "financeur": "departement",
        "articles": [{"numero": "1", "titre": "Taux", "prose": "L’aide.", "regles": regles}],
    } | en_plus


@pytest.fixture
def demarche() -> Demarche:
    return fabrique.demarche(sur=fabrique.territoire(nom="Margeride"))


@pytest.fixture
def dispositif(demarche: Demarche) -> Dispositif:
    dispositif = demarche.processus.dispositif
    for numero, taux in (
        (1, "30 %"),
        (2, {"par": "theme", "valeurs": {"voirie": "40 %", "cadre-de-vie": "20 %"}}),
    ):
        VersionReglement.objects.create(
            dispositif=dispositif, numero=numero, intitule="Règlement", empreinte=str(numero),
            en_vigueur_le=date(2019 + numero, 1, 1), contenu=contenu(taux),
        )  # fmt: skip
    return dispositif


@pytest.fixture
def fiches(demarche: Demarche, dispositif: Dispositif) -> list[Fiche]:
    voirie, cadre = dispositif.themes.order_by("ordre")
    rue: dict[str, Any] = {"titre": "Rue du Pont", "theme": voirie, "annee": 2019}
    return [
        fabrique.fiche(demarche, cout_ht=Decimal("50000"), assiette=None, **rue),
        fabrique.fiche(demarche, titre="Place", theme=cadre, annee=2019, source="Plan 2014"),
        fabrique.fiche(demarche, titre="Chemin", theme=voirie, annee=2020, assiette=Decimal("10000")),
    ]


@pytest.fixture
def cheffe(demarche: Demarche) -> Agent:
    return fabrique.agent("chef_de_projet", demarche)


@pytest.fixture
def client_cheffe(cheffe: Agent, connecte: Callable[[Agent], Client]) -> Client:
    return connecte(cheffe)


def lus(dispositif: Dispositif) -> list[Any]:
    return [lire_reglement(v.contenu) for v in dispositif.versions.order_by("numero")]


def page(client: Client, dispositif: Dispositif, **quoi: str) -> Any:
    return client.get(f"/dispositifs/{dispositif.slug}/reglement/comparaison/", quoi)


def test_les_totaux_les_gagnants_et_les_perdants_sont_justes(dispositif: Dispositif, fiches: list[Fiche]):
    avant, apres = lus(dispositif)
    resultat = comparer(dispositif, avant, apres, Portee(), agent=None, le=LE)
    # 30 % of 50 000 + 100 000 + 10 000, then 40 %, 20 %, 40 %.
    assert resultat.total.avant == Decimal("48000.00")
    assert resultat.total.apres == Decimal("44000.00")
    assert (resultat.total.gagnants, resultat.total.perdants, resultat.total.inchanges) == (2, 1, 0)
    assert {s.libelle: s.difference for s in resultat.par_theme} == {
        "Voirie": Decimal("6000.00"),
        "Cadre de vie": Decimal("-10000.00"),
    }
    assert [c.titre for c in resultat.ecarts()] == ["Place", "Rue du Pont", "Chemin"]
    assert [c.titre for c in resultat.ecarts("gain")] == ["Place", "Chemin", "Rue du Pont"]


def test_les_euros_par_habitant_sont_ceux_du_territoire(dispositif: Dispositif, fiches: list[Fiche]):
    avant, apres = lus(dispositif)
    (somme,) = comparer(dispositif, avant, apres, Portee(), agent=None, le=LE).par_territoire
    assert (somme.libelle, somme.habitants) == ("Margeride", 1000)
    assert somme.par_habitant == (Decimal("48.00"), Decimal("44.00"))


def test_un_taux_non_publie_rend_l_aide_inconnue_et_sort_des_totaux(
    dispositif: Dispositif, fiches: list[Fiche]
):
    avant, _ = lus(dispositif)
    vide = lire_reglement(
        contenu({"par": "theme", "valeurs": {"voirie": {"valeur": None}, "cadre-de-vie": "20 %"}})
    )
    total = comparer(dispositif, avant, vide, Portee(), agent=None, le=LE).total
    assert (total.nombre, total.inconnus) == (3, 2)
    assert (total.avant, total.apres) == (Decimal("30000.00"), Decimal("20000.00"))


@pytest.mark.parametrize(
    ("portee", "titres"),
    [
        (Portee(annee=2019), ["Rue du Pont", "Place"]),
        (Portee(source="plan 2014"), ["Place"]),
        (Portee(territoire="ailleurs"), []),
    ],
)
def test_la_comparaison_se_limite_a_une_annee_ou_a_une_origine(
    dispositif: Dispositif, fiches: list[Fiche], portee: Portee, titres: list[str]
):
    avant, apres = lus(dispositif)
    resultat = comparer(dispositif, avant, apres, portee, agent=None, le=LE)
    assert [c.titre for c in resultat.cas] == titres


def test_au_dela_du_nombre_compare_le_reste_est_compte(dispositif: Dispositif, fiches: list[Fiche]):
    avant, apres = lus(dispositif)
    tronquee = comparer(dispositif, avant, apres, Portee(), agent=None, le=LE, au_plus=2)
    assert (len(tronquee.cas), tronquee.tronquee) == (2, 1)


def test_la_page_compare_les_deux_dernieres_versions(
    client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche]
):
    texte = page(client_cheffe, dispositif).content.decode()
    assert "2 fiches y gagnent, 1 y perd" in texte
    assert texte.index("Place") < texte.index("Chemin")
    assert "Ce qui change dans le texte" in texte
    assert "Margeride" in texte


def test_une_perte_se_dit_en_moins_et_sans_signe(
    client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche]
):
    titre = page(client_cheffe, dispositif, avant="v1", apres="v2").content.decode().split("<h1>")[1]
    assert titre.startswith("4\u202f000\xa0€ d’aide en moins")


def test_les_deux_textes_citent_la_loi_en_vigueur_dans_l_instance(
    client_cheffe: Client, dispositif: Dispositif
):
    avec = contenu("30 %")
    avec["articles"][0]["regles"].append({"genre": "participation_minimale"})
    VersionReglement.objects.filter(dispositif=dispositif, numero=2).update(contenu=avec)
    avant = page(client_cheffe, dispositif).content.decode().split("textes")[-1]
    assert "20\u00a0%" in avant
    ligne = ParametreLegal(
        code="participation_minimale", valeur=Decimal("0.05"), depuis=date(2020, 1, 1), source="loi d’essai"
    )
    ajouter_ligne(ligne, par=None)
    texte = page(client_cheffe, dispositif).content.decode().split("textes")[-1]
    assert "5\u00a0%" in texte
    assert "20\u00a0%" not in texte
    assert texte.count("<del>") == 0


def test_un_brouillon_se_compare_a_une_version(
    client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche], cheffe: Agent
):
    brouillon = ouvrir_brouillon(dispositif, "Projet", contenu("50 %"), par=cheffe)
    texte = page(client_cheffe, dispositif, avant="v1", apres=f"b{brouillon.pk}").content.decode()
    assert "3 fiches y gagnent, 0 y perd" in texte
    BrouillonReglement.objects.filter(pk=brouillon.pk).update(contenu=contenu("moitié"))
    fautif = page(client_cheffe, dispositif, avant="v1", apres=f"b{brouillon.pk}").content.decode()
    assert "contient des erreurs" in fautif


def test_une_version_inconnue_n_existe_pas(client_cheffe: Client, dispositif: Dispositif):
    assert page(client_cheffe, dispositif, avant="v9").status_code == 404


def test_la_page_ne_compare_que_les_fiches_que_l_on_voit(
    dispositif: Dispositif, fiches: list[Fiche], connecte: Callable[[Agent], Client]
):
    maire = fabrique.agent("maire", fiches[0].demarche)
    assert page(connecte(maire), dispositif).status_code == 403
    autre = fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region", "Région")))
    fabrique.fiche(autre, titre="Ailleurs")
    assert page(connecte(fabrique.agent("chef_de_projet", autre)), dispositif).status_code == 404


def test_l_export_dit_ce_que_dit_la_page(client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche]):
    reponse = client_cheffe.get(f"/dispositifs/{dispositif.slug}/reglement/comparaison/export.xlsx")
    feuille = CalamineWorkbook.from_filelike(io.BytesIO(reponse.content)).get_sheet_by_index(0).to_python()
    entete = next(n for n, ligne in enumerate(feuille) if "Projet" in ligne)
    projet, ecart = feuille[entete].index("Projet"), feuille[entete].index("Différence")
    lignes = [(x[projet], x[ecart]) for x in feuille[entete + 1 : entete + 4]]
    assert lignes == [("Place", -10000.0), ("Rue du Pont", 5000.0), ("Chemin", 1000.0)]


def test_comparer_coute_le_meme_nombre_de_requetes_quel_que_soit_le_nombre_de_fiches(
    client_cheffe: Client,
    dispositif: Dispositif,
    demarche: Demarche,
    fiches: list[Fiche],
    django_assert_max_num_queries: Callable[..., Any],
):
    page(client_cheffe, dispositif)
    for _ in range(20):
        fabrique.fiche(demarche)
    with django_assert_max_num_queries(22):
        page(client_cheffe, dispositif)


def test_les_tranches_de_lecture_gardent_l_ordre_et_n_oublient_personne(
    dispositif: Dispositif, demarche: Demarche, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(simulation, "TRANCHE", 3)
    attendues = [fabrique.fiche(demarche).numero for _ in range(8)]
    avant, apres = lus(dispositif)
    resultat = comparer(dispositif, avant, apres, Portee(), agent=None, le=LE)
    assert [c.numero for c in resultat.cas] == attendues


def apercu(client: Client, brouillon: BrouillonReglement, **quoi: str) -> str:
    url = f"/dispositifs/{brouillon.dispositif.slug}/reglement/brouillons/{brouillon.pk}/apercu/"
    return client.get(url, quoi).content.decode()


def test_l_essai_montre_l_aide_d_aujourd_hui_celle_du_brouillon_et_l_article(
    client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche], cheffe: Agent
):
    brouillon = ouvrir_brouillon(dispositif, "Projet", contenu("50 %"), par=cheffe)
    texte = apercu(client_cheffe, brouillon)
    # 80 000 € under the draft, 44 000 € under version 2.
    assert "Le brouillon donne 80\u202f000" in texte.replace("\u00a0", " ")
    assert "Article 1, Taux d’intervention" in texte
    assert "50\u00a0% ×" in texte
    seule = apercu(client_cheffe, brouillon, choix="territoire", territoire=fiches[0].demarche.slug)
    assert "Chemin" in seule
    assert "Aucune fiche à essayer" in apercu(client_cheffe, brouillon, choix="recherche")


def test_un_brouillon_qui_ne_se_lit_pas_dit_quoi_corriger(
    client_cheffe: Client, dispositif: Dispositif, fiches: list[Fiche], cheffe: Agent
):
    brouillon = ouvrir_brouillon(dispositif, "Projet", contenu("moitié"), par=cheffe)
    assert "ne se lit pas encore" in apercu(client_cheffe, brouillon)
