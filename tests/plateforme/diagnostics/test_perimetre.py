"""Drawing a perimeter, reading it, saving it as a dated version."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.perimetres.actions import enregistrer
from arpent.plateforme.diagnostics.perimetres.brouillon import lire_brouillon
from arpent.plateforme.observatoire.magasin import Magasin
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.territoires.actions import PerimetreRefuse
from arpent.plateforme.territoires.models import Appartenance, Groupement, Territoire
from arpent.plateforme.territoires.perimetres import perimetre
from tests.plateforme import fabrique

from .conftest import DEBUT, GORGES, ouvrir_sur

CEVENNES, MONT_LOZERE = "200069136", "200069128"
BROUILLON, ENREGISTRER = "/perimetres/brouillon/", "/perimetres/enregistrer/"
Connecter = Callable[[Agent], Client]


@pytest.fixture
def libre(magasin: Magasin, demarche: Demarche) -> str:
    """A real EPCI of the département that no territory holds."""
    groupement = Groupement.objects.create(siren=CEVENNES, nom="CC des Cévennes au Mont Lozère", nature="CC")
    Appartenance.objects.bulk_create(
        Appartenance(commune=fabrique.commune(code, code=code), groupement=groupement, debut=DEBUT)
        for code in magasin.communes_de(CEVENNES)
    )
    return CEVENNES


@pytest.fixture
def cheffe(demarche: Demarche, connecte: Connecter) -> Client:
    return connecte(fabrique.agent("chef_de_projet", demarche))


def _envoi(demarche: Demarche, *epci: str, **reste: Any) -> dict[str, Any]:
    defaut = {
        "politique": demarche.processus.slug,
        "territoire": demarche.territoire.slug,
        "depart": "1",
        "epci": list(epci),
        "debut": "2027-01-01",
        "motif": "Délibération du 3 mars 2026",
        "version_lue": "0",
    }
    return defaut | reste


def test_le_brouillon_verifie_et_lit_ce_qui_est_coche_sans_rien_ecrire(
    cheffe: Client, libre: str, demarche: Demarche, django_assert_max_num_queries: Any
) -> None:
    avant = (Territoire.objects.count(), demarche.territoire.compositions.count())
    url = f"{BROUILLON}?territoire={demarche.territoire.slug}&epci={GORGES}&epci={libre}"
    cheffe.get(url)
    with django_assert_max_num_queries(18):
        page = cheffe.get(url).content.decode()
    assert "2 intercommunalités, 36 communes" in page
    assert "seuil de population non saisi" in page
    assert "Base résidentielle" in page
    assert "Fragilité" in page
    assert page.count("checked") == 2
    assert (Territoire.objects.count(), demarche.territoire.compositions.count()) == avant


def test_sans_rien_cocher_la_page_dit_quoi_faire(cheffe: Client, libre: str) -> None:
    page = cheffe.get(BROUILLON).content.decode()
    assert "Cochez une première intercommunalité" in page
    assert "CC des Cévennes au Mont Lozère" in page
    assert "Enregistrer ce périmètre" not in page


def test_partir_d_un_territoire_reprend_sa_composition(
    cheffe: Client, demarche: Demarche, libre: str
) -> None:
    page = cheffe.get(f"{BROUILLON}?territoire={demarche.territoire.slug}").content.decode()
    assert f'value="{GORGES}" checked' in page
    vide = cheffe.get(f"{BROUILLON}?territoire={demarche.territoire.slug}&depart=1").content.decode()
    assert "checked" not in vide


def test_un_siren_inconnu_et_une_date_fausse_ont_leur_message(cheffe: Client, demarche: Demarche) -> None:
    page = cheffe.get(f"{BROUILLON}?le=demain&epci=123<b>&epci={GORGES}").content.decode()
    assert "« demain » n’est pas une date" in page
    assert "Intercommunalité inconnue à cette date : 123&lt;b&gt;" in page


def test_une_epci_deja_tenue_est_bloquante(cheffe: Client, demarche: Demarche) -> None:
    page = cheffe.get(f"{BROUILLON}?epci={GORGES}").content.decode()
    assert f"dans « {demarche.territoire.nom} »" in page
    assert "Bloquant" in page


def test_le_plancher_du_dispositif_empeche_d_enregistrer(
    cheffe: Client, demarche: Demarche, libre: str, lozere: Dispositif
) -> None:
    lozere.parametres = lozere.parametres | {"perimetre": {"population_minimale": 10_000_000}}
    lozere.save()
    reponse = cheffe.post(ENREGISTRER, _envoi(demarche, GORGES, libre))
    assert reponse.status_code == 200
    assert "Le dispositif demande au moins 10\u202f000\u202f000 habitants" in reponse.content.decode()
    assert not demarche.territoire.versions_perimetre.exists()


def test_sans_observatoire_les_verifications_restent(
    cheffe: Client, demarche: Demarche, settings: Any, tmp_path: Path
) -> None:
    settings.ARPENT_DONNEES = tmp_path
    page = cheffe.get(f"{BROUILLON}?territoire={demarche.territoire.slug}").content.decode()
    assert "L’observatoire n’est pas encore chargé" in page
    assert "1 intercommunalité, 17 communes" in page


def test_qui_ne_voit_pas_toute_l_autorite_ne_dessine_pas(demarche: Demarche, connecte: Connecter) -> None:
    assert connecte(fabrique.agent("president_epci", demarche)).get(BROUILLON).status_code == 404
    assert connecte(fabrique.agent("maire", demarche)).get(BROUILLON).status_code == 404


def test_la_politique_d_une_autre_autorite_n_existe_pas(cheffe: Client, demarche: Demarche) -> None:
    autre = fabrique.demarche(dans=fabrique.dispositif(fabrique.organisation("region")))
    for chemin in (BROUILLON, ENREGISTRER, "/perimetres/epci.geojson"):
        assert cheffe.get(f"{chemin}?politique={autre.processus.slug}").status_code == 404
    assert cheffe.get(f"{BROUILLON}?territoire={autre.territoire.slug}").status_code == 404


def test_qui_lit_n_enregistre_pas(demarche: Demarche, libre: str, connecte: Connecter) -> None:
    client = connecte(fabrique.agent("mission_appui", demarche))
    lu = client.get(f"{BROUILLON}?territoire={demarche.territoire.slug}")
    assert lu.status_code == 200
    assert "Enregistrer ce périmètre" not in lu.content.decode()
    assert client.post(ENREGISTRER, _envoi(demarche, GORGES, libre)).status_code == 403
    assert not demarche.territoire.versions_perimetre.exists()


def test_les_contours_sont_legers(cheffe: Client, libre: str) -> None:
    reponse = cheffe.get("/perimetres/epci.geojson")
    codes = {e["properties"]["code"] for e in json.loads(reponse.content)["features"]}
    assert {GORGES, libre} <= codes
    assert len(reponse.content) <= 300_000
    assert reponse.headers["Cache-Control"] == "private, max-age=3600"


def test_une_nouvelle_version_s_enregistre_et_l_ancienne_reste_lisible(
    cheffe: Client, demarche: Demarche, libre: str
) -> None:
    reponse = cheffe.post(ENREGISTRER, _envoi(demarche, GORGES, libre))
    assert reponse.status_code == 302
    assert reponse.headers["Location"] == f"/territoires/{demarche.slug}/perimetre/"
    page = cheffe.get(reponse.headers["Location"]).content.decode()
    assert "À venir" in page
    assert "En vigueur" in page
    assert "Délibération du 3 mars 2026" in page
    assert "chef_de_projet Agent" in page
    avant = cheffe.get(f"/territoires/{demarche.slug}/perimetre/?le={date.today()}").content.decode()
    apres = cheffe.get(f"/territoires/{demarche.slug}/perimetre/?le=2027-01-01").content.decode()
    assert "Population municipale" in avant
    assert "Population municipale" in apres
    assert _habitants(avant) < _habitants(apres)


def _habitants(page: str) -> int:
    lecture = page.split('id="lecture"')[1]
    (lu, *_) = re.findall(r">(\d[\d\s]*)\shabitants<", lecture)
    return int(re.sub(r"\s", "", lu))


def test_un_nouveau_territoire_ouvre_sa_demarche(cheffe: Client, demarche: Demarche, libre: str) -> None:
    envoi = _envoi(demarche, libre, territoire="", nom="Sud Lozère", porteur="PETR", generation="2027-2029")
    reponse = cheffe.post(ENREGISTRER, envoi)
    assert reponse.headers["Location"] == "/territoires/sud-lozere/perimetre/"
    neuf = Demarche.objects.get(slug="sud-lozere")
    assert (neuf.territoire.porteur, neuf.territoire.departement) == ("PETR", "48")
    assert neuf.processus == demarche.processus
    assert perimetre(neuf.territoire, date(2027, 1, 1)).epci == (libre,)
    assert perimetre(neuf.territoire, date(2026, 12, 31)).epci == ()


def test_un_depart_se_confirme(cheffe: Client, demarche: Demarche, libre: str) -> None:
    envoi = _envoi(
        demarche, libre, GORGES, territoire="", nom="Sud Lozère", porteur="", generation="2027-2029"
    )
    refus = cheffe.post(ENREGISTRER, envoi)
    assert refus.status_code == 200
    page = refus.content.decode()
    assert "Je confirme ces départs" in page
    assert "Confirmez le départ" in page
    assert "Sud Lozère" in page  # what was typed stays
    assert not Demarche.objects.filter(slug="sud-lozere").exists()
    assert cheffe.post(ENREGISTRER, envoi | {"transferer": "on"}).status_code == 302
    assert perimetre(demarche.territoire, date(2027, 1, 1)).epci == ()
    assert perimetre(demarche.territoire, date(2026, 12, 31)).epci == (GORGES,)
    vide = cheffe.get(f"/territoires/{demarche.slug}/perimetre/").content.decode()
    assert "Plus aucune intercommunalité" in vide


def test_le_second_a_enregistrer_voit_les_deux_compositions(
    cheffe: Client, demarche: Demarche, libre: str
) -> None:
    assert cheffe.post(ENREGISTRER, _envoi(demarche, GORGES, libre)).status_code == 302
    conflit = cheffe.post(ENREGISTRER, _envoi(demarche, libre, debut="2028-01-01"))
    assert conflit.status_code == 409
    page = conflit.content.decode()
    assert "a changé entre-temps" in page
    assert "Délibération du 3 mars 2026" in page
    assert "<ins>dehors</ins>" in page
    assert demarche.territoire.versions_perimetre.count() == 1


@pytest.mark.parametrize(
    ("champs", "message"),
    [
        ({"debut": ""}, "Dites à partir de quand"),
        ({"debut": "32 mars"}, "Cette date n’existe pas"),
        ({"debut": "2017-01-01"}, "change déjà le 01/01/2017"),
        ({"motif": "  "}, "Écrivez quelque chose ici"),
        ({"epci": []}, "Cochez-en au moins une"),
    ],
)
def test_une_saisie_fausse_est_dite_et_rien_n_est_ecrit(
    cheffe: Client, demarche: Demarche, libre: str, champs: dict[str, Any], message: str
) -> None:
    reponse = cheffe.post(ENREGISTRER, _envoi(demarche, GORGES, libre) | champs)
    assert reponse.status_code == 200
    assert message in reponse.content.decode()
    assert not demarche.territoire.versions_perimetre.exists()


def test_la_page_des_versions_est_bornee_au_perimetre_et_en_requetes(
    demarche: Demarche, connecte: Connecter, magasin: Magasin, lozere: Dispositif,
    django_assert_max_num_queries: Any,
) -> None:  # fmt: skip
    voisine = ouvrir_sur(magasin, lozere, MONT_LOZERE, nom="Voisin")
    client = connecte(fabrique.agent("maire", demarche))
    url = f"/territoires/{demarche.slug}/perimetre/"
    client.get(url)
    with django_assert_max_num_queries(13):
        assert client.get(url).status_code == 200
    assert "Préparer une nouvelle version" not in client.get(url).content.decode()
    assert client.get(f"/territoires/{voisine.slug}/perimetre/").status_code == 404
    assert "n’est pas une date" in client.get(f"{url}?le=hier").content.decode()


def test_un_territoire_ne_entre_la_lecture_et_l_enregistrement_est_vu(
    demarche: Demarche, libre: str, lozere: Dispositif
) -> None:
    """The draft was read before somebody else took its EPCI: who comes second is told, nothing is written."""
    cheffe = fabrique.agent("chef_de_projet", demarche)
    lu = lire_brouillon(cheffe, QueryDict(f"politique={demarche.processus.slug}&epci={libre}"))
    assert not lu.a_transferer
    fabrique.demarche(fabrique.territoire(Groupement.objects.get(siren=libre), nom="Né entre-temps"), lozere)
    donnees = {"debut": date(2027, 1, 1), "motif": "", "version_lue": 0, "nom": "Sud", "porteur": ""}
    with pytest.raises(PerimetreRefuse, match="Né entre-temps"):
        enregistrer(lu, donnees | {"generation": "2027-2029"}, par=cheffe)
    assert not Demarche.objects.filter(slug="sud").exists()


def test_la_liste_dit_qui_tient_une_intercommunalite_maintenant_et_plus_tard(
    cheffe: Client, demarche: Demarche, libre: str
) -> None:
    cheffe.post(ENREGISTRER, _envoi(demarche, GORGES, libre))
    page = cheffe.get(BROUILLON).content.decode()
    assert f"dans « {demarche.territoire.nom} » à partir du 01/01/2027" in page
