"""The page of the income flows, its downloads, its parameters."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from arpent.metier.flux_revenus import PARAMETRES, estimer, preparer
from arpent.metier.flux_revenus.masse import BASE_DU_TERME
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.flux import calcul
from arpent.plateforme.diagnostics.models import ParametreFlux
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.observatoire.magasin import Magasin
from tests.plateforme import fabrique

Connecte = Callable[[Agent], Client]
CODE = "depense_nuit_non_marchande"
SAISIE = {"bas": "40", "valeur": "55,50", "haut": "70", "source": "Comité du tourisme, 2025", "depuis": ""}


def url(demarche: Demarche, nom: str = "flux", *suite: str) -> str:
    return reverse(f"diagnostics:{nom}", args=[demarche.slug, *suite])


def test_la_page_enonce_un_constat_et_montre_ses_fourchettes(connecte: Connecte, demarche: Demarche):
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche))
    texte = page.content.decode()
    assert page.status_code == 200
    assert "de l’argent qui entre" in page.context["titre"]
    flux = page.context["flux"]
    assert flux.total.bas < flux.total.central < flux.total.haut
    assert sum(b.part for b in flux.bases) == 1
    assert "Comment chaque terme est calculé" in texte
    assert "données connues pour" in texte
    assert {"entrees", "captation", "echelles"} <= set(page.context["figures"])


def test_la_page_montre_trois_echelles(connecte: Connecte, demarche: Demarche):
    echelles = connecte(fabrique.agent("maire", demarche)).get(url(demarche)).context["analyse"].echelles
    assert echelles[0].genre == "intercommunalité seule"
    assert echelles[-1].genre == "département"
    assert echelles[-1].lieu is not None


def test_la_page_compte_ses_requetes(
    connecte: Connecte, demarche: Demarche, django_assert_max_num_queries: Callable[..., Any]
):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    with django_assert_max_num_queries(12):
        client.get(url(demarche))


@pytest.mark.parametrize(("genre", "debut"), [("csv", "\ufeff"), ("svg", "<svg xmlns")])
def test_chaque_figure_se_telecharge(connecte: Connecte, demarche: Demarche, genre: str, debut: str):
    client = connecte(fabrique.agent("maire", demarche))
    figures = client.get(url(demarche)).context["figures"]
    assert sum(figure is not None for figure in figures.values()) >= 3
    for nom, figure in figures.items():
        reponse = client.get(url(demarche, f"flux_{genre}", nom))
        assert reponse.status_code == (404 if figure is None else 200)
        assert figure is None or reponse.content.decode().startswith(debut)
    assert client.get(url(demarche, f"flux_{genre}", "inconnue")).status_code == 404


def test_un_parametre_change_recalcule_et_se_retablit(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    avant = client.get(url(demarche)).context["flux"].total.central
    reponse = client.post(url(demarche, "flux_parametre", CODE), SAISIE | {"version_lue": "0"})
    assert reponse.status_code == 302
    change = ParametreFlux.objects.get()
    assert change.valeur == Decimal("55.5")
    page = client.get(url(demarche))
    assert page.context["flux"].total.central > avant
    assert "Comité du tourisme, 2025" in page.content.decode()
    assert "par défaut 48,90" in page.content.decode()
    client.post(url(demarche, "flux_parametre_defaut", CODE), {"version_lue": "1"})
    assert not ParametreFlux.objects.exists()
    assert client.get(url(demarche)).context["flux"].total.central == avant
    gestes = list(
        Entree.objects.filter(objet_type="diagnostics.parametreflux").values_list("geste", flat=True)
    )
    assert sorted(gestes) == ["creer", "supprimer"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"source": ""}, "obligatoire"),
        ({"bas": "60"}, "La valeur basse dépasse"),
        ({"haut": "10"}, "La valeur haute est sous"),
        ({"valeur": "beaucoup"}, "nombre"),
        ({"valeur": "-1", "bas": ""}, "supérieure ou égale"),
    ],
)
def test_une_saisie_fausse_est_expliquee_et_gardee(
    connecte: Connecte, demarche: Demarche, change: dict[str, str], message: str
):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = client.post(url(demarche, "flux_parametre", CODE), SAISIE | {"version_lue": "0"} | change)
    assert page.status_code == 200
    assert message in page.content.decode()
    assert not ParametreFlux.objects.exists()


def test_une_part_ne_depasse_pas_un(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    saisie = SAISIE | {"bas": "", "valeur": "55", "haut": "", "version_lue": "0"}
    page = client.post(url(demarche, "flux_parametre", "part_publique_administration"), saisie)
    assert "Une part va de 0 à 1" in page.content.decode()


def test_deux_saisies_simultanees_ne_s_ecrasent_pas(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    adresse = url(demarche, "flux_parametre", CODE)
    assert client.post(adresse, SAISIE | {"version_lue": "0"}).status_code == 302
    assert client.post(adresse, SAISIE | {"version_lue": "0", "valeur": "60"}).status_code == 409
    perimee = client.post(url(demarche, "flux_parametre_defaut", CODE), {"version_lue": "7"})
    assert perimee.status_code == 409
    assert ParametreFlux.objects.get().valeur == Decimal("55.5")


def test_le_maire_lit_mais_ne_change_pas_les_parametres(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("maire", demarche))
    assert client.get(url(demarche, "flux_parametre", CODE)).status_code == 403
    assert client.post(url(demarche, "flux_parametre_defaut", CODE)).status_code == 403
    assert ">Modifier<" not in client.get(url(demarche)).content.decode()


def test_un_parametre_inconnu_n_existe_pas(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    assert client.get(url(demarche, "flux_parametre", "inconnu")).status_code == 404


def test_sans_observatoire_la_page_dit_quoi_faire(
    connecte: Connecte, demarche: Demarche, settings: Any, tmp_path: Path
):
    settings.ARPENT_DONNEES = tmp_path
    page = connecte(fabrique.agent("maire", demarche)).get(url(demarche))
    assert page.status_code == 200
    assert "arpent init" in page.content.decode()


def test_la_masse_donne_chaque_epci_comme_le_calcul_un_par_un(magasin: Magasin):
    """Every EPCI of the extracts, term by term, to the euro."""
    sirens = calcul.epci_complets(magasin)
    assert len(sirens) > 25
    masse = calcul.masse_des_epci(magasin, sirens)
    officielles = calcul.colonnes_officielles(magasin.communes)
    for rang, siren in enumerate(sirens):
        lignes, rangees = calcul._lignes(magasin, magasin.communes_de(siren), [siren], officielles)
        flux = estimer(preparer(lignes, rangees), PARAMETRES)
        for base in flux.bases:
            for terme in base.termes:
                assert BASE_DU_TERME[terme.code] == base.code
                lus = masse.termes[terme.code][:, rang].tolist()
                if terme.montant is None:
                    assert all(x != x for x in lus), (siren, terme.code)
                else:
                    assert lus == pytest.approx([float(x) for x in terme.montant.valeurs], abs=1.0)
        prives = flux.redistribution.postes_prives
        assert prives is not None
        assert masse.postes_prives[1, rang] == pytest.approx(float(prives.central), abs=1.0)
    assert masse.parts.sum(axis=0) == pytest.approx(1.0)


def test_le_modele_d_evasion_dit_sur_combien_d_epci_il_est_cale(magasin: Magasin):
    modele = calcul.modele_presentiel(magasin, PARAMETRES)
    assert modele is not None
    assert modele.n == len(calcul.epci_complets(magasin))
    assert 0 < modele.r2 < 1
    assert modele.coefficients[1] > 0


def test_une_figure_se_telecharge_en_image(connecte: Connecte, demarche: Demarche):
    client = connecte(fabrique.agent("maire", demarche))
    reponse = client.get(url(demarche, "flux_png", "entrees"))
    assert reponse.content.startswith(b"\x89PNG")
    assert reponse["Content-Type"] == "image/png"
    assert client.get(url(demarche, "flux_png", "inconnue")).status_code == 404
