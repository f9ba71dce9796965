"""The global search: every kind, accents, stems, typing errors, and never anything outside the perimeter."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation, Personne
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.actions import texte_recherche
from arpent.plateforme.plans.models import Deliberation, Fiche
from arpent.plateforme.portail.recherche.ensemble import chercher_tout, refaire_le_vocabulaire
from arpent.plateforme.socle import vocabulaire
from arpent.plateforme.territoires.models import Commune
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


def fiche(demarche: Demarche, titre: str, **champs: object) -> Fiche:
    faite = fabrique.fiche(demarche, titre=titre, **champs)
    Fiche.objects.filter(pk=faite.pk).update(texte_recherche=texte_recherche(faite))
    return faite


def titres(agent: Agent, texte: str) -> dict[str, list[str]]:
    return {g.code: [t.titre for t in g.trouves] for g in chercher_tout(agent, texte).groupes}


@pytest.fixture
def demarche() -> Demarche:
    commune = fabrique.commune("Saint-Étienne-du-Valdonnez")
    territoire = fabrique.territoire(fabrique.groupement(commune), nom="Cœur de Lozère")
    return fabrique.demarche(territoire)


@pytest.mark.parametrize(
    "texte", ["rénovation école", "RENOVATION ECOLES", "école rénov", "rénovations des écoles"]
)
def test_une_fiche_se_trouve_sans_accent_au_pluriel_et_des_les_premieres_lettres(
    demarche: Demarche, texte: str
):
    fiche(demarche, "Rénovation de l’école des Bondons")
    assert titres(fabrique.agent("chef_de_projet", demarche), texte)["fiches"] == [
        "Rénovation de l’école des Bondons"
    ]


def test_territoires_communes_contrats_et_actes_se_trouvent(demarche: Demarche):
    agent = fabrique.agent("chef_de_projet", demarche)
    faite = fiche(demarche, "Assainissement du bourg")
    Deliberation.objects.create(fiche=faite, numero="2026-045", adoptee_le=date(2026, 3, 1), assemblee="CM")
    contrat = contrats.contrat_de(demarche)
    contrats.enregistrer_contrat(
        contrat, {"reference": "CT-48-7", "date_effet": None, "preambule": ""}, version_lue=contrat.version,
        par=None,
    )  # fmt: skip
    assert titres(agent, "coeur lozere")["territoires"] == ["Cœur de Lozère"]
    assert titres(agent, "saint etienne")["communes"] == ["Saint-Étienne-du-Valdonnez"]
    assert titres(agent, "CT-48-7")["contrats"] == ["Contrat CT-48-7"]
    assert titres(agent, "2026-045")["actes"] == ["Délibération 2026-045 du 01/03/2026"]


def mandat(organisation: Organisation, nom: str, *, fin: date | None = None) -> Personne:
    personne = Personne.objects.create(prenom="Hélène", nom=nom)
    Mandat.objects.create(
        personne=personne, organisation=organisation, fonction=Mandat.Fonction.MAIRE, debut=date(2020, 5, 25),
        fin=fin,
    )  # fmt: skip
    return personne


def test_une_personne_se_trouve_par_son_nom_sa_fonction_et_sa_commune(demarche: Demarche):
    commune = fabrique.organisation("commune")
    Organisation.objects.filter(pk=commune.pk).update(
        commune=Commune.objects.get(nom="Saint-Étienne-du-Valdonnez"), nom="Saint-Étienne-du-Valdonnez"
    )
    mandat(commune, "Ménard")
    mandat(commune, "Roussel", fin=date(2026, 3, 21))
    agent = fabrique.agent("chef_de_projet", demarche)
    assert titres(agent, "menar")["personnes"] == ["Hélène Ménard"]
    for texte in ("maires menard", "mén hél", "ménard"):
        assert titres(agent, texte)["personnes"][-1] == "Hélène Ménard"
    assert "personnes" not in titres(agent, "menard xyz")
    assert "personnes" not in titres(agent, "me")
    assert titres(agent, "maire valdonnez helene")["personnes"] == ["Hélène Roussel", "Hélène Ménard"]
    (groupe,) = [g for g in chercher_tout(agent, "roussel").groupes if g.code == "personnes"]
    assert groupe.trouves[0].detail == "Maire, Saint-Étienne-du-Valdonnez (mandat terminé)"


def test_sans_le_droit_a_l_annuaire_aucune_personne_ne_se_trouve(demarche: Demarche):
    mandat(demarche.autorite, "Ménard")
    assert "personnes" in titres(fabrique.agent("chef_de_projet", demarche), "ménard")
    assert titres(fabrique.agent("invite", demarche), "ménard") == {}


def test_rien_d_un_autre_perimetre_ne_se_montre_ni_ne_se_compte(demarche: Demarche, connecte: Connecte):
    ailleurs = fabrique.demarche(fabrique.territoire(nom="Zorglubie"))
    secrete = fiche(ailleurs, "Zorglubisation de la mairie")
    Deliberation.objects.create(fiche=secrete, numero="ZORG-1", adoptee_le=date(2026, 3, 1), assemblee="CM")
    mandat(fabrique.organisation("commune"), "Zorglubinet")
    refaire_le_vocabulaire()
    agent = fabrique.agent("president_epci", demarche)
    for texte in ("zorglubie", "zorglubinet", "zorglubisation", "zorg-1", "zorglubisatoin"):
        assert not chercher_tout(agent, texte).groupes
        assert not chercher_tout(agent, texte).corrige, "même la correction se tait"
        page = connecte(agent).get("/recherche/suggestions/", {"q": texte}).content.decode()
        assert "Zorglub" not in page


def test_le_brouillon_d_un_autre_ne_se_trouve_pas(demarche: Demarche):
    fiche(demarche, "Gîte communal", etat="brouillon")
    maire = fabrique.agent("maire", demarche, pour=fabrique.organisation("commune"))
    assert titres(maire, "gîte") == {}


@pytest.mark.parametrize("faute", ["asainissement", "assainisement", "assainissemnet", "assinissement"])
def test_une_faute_de_frappe_est_ramenee_au_mot_ecrit(demarche: Demarche, faute: str):
    fiche(demarche, "Assainissement du bourg")
    refaire_le_vocabulaire()
    resultats = chercher_tout(fabrique.agent("chef_de_projet", demarche), f"{faute} bourg")
    assert resultats.corrige == "assainissement bourg"
    assert [t.titre for t in resultats.groupes[0].trouves] == ["Assainissement du bourg"]


@pytest.mark.parametrize("texte", ["pon", "xy", "12345", "assainissement"])
def test_un_mot_court_un_nombre_ou_un_mot_connu_n_est_pas_corrige(demarche: Demarche, texte: str):
    fiche(demarche, "Assainissement du pont")
    refaire_le_vocabulaire()
    assert vocabulaire.corriger(texte) == ""


def test_sans_vocabulaire_rien_n_est_corrige():
    assert vocabulaire.corriger("assainisement") == ""


def test_le_vocabulaire_refait_est_relu(demarche: Demarche):
    refaire_le_vocabulaire()
    assert vocabulaire.corriger("bibliotheqe") == ""
    fiche(demarche, "Bibliothèque")
    refaire_le_vocabulaire()
    assert vocabulaire.corriger("bibliotheqe") == "bibliothèque"


def test_le_titre_passe_avant_le_texte(demarche: Demarche):
    fiche(demarche, "Piscine")
    fiche(demarche, "Vestiaires", description="à côté de la piscine")
    assert titres(fabrique.agent("chef_de_projet", demarche), "piscine")["fiches"] == [
        "Piscine",
        "Vestiaires",
    ]


def test_au_dela_de_six_la_page_dit_ou_voir_tout(demarche: Demarche, connecte: Connecte):
    for n in range(8):
        fiche(demarche, f"Voirie du hameau {n}")
    page = connecte(fabrique.agent("chef_de_projet", demarche)).get("/recherche/", {"q": "voirie"})
    assert page.content.decode().count("Voirie du hameau") == 6
    assert "/fiches/?q=voirie" in page.content.decode()


@pytest.mark.parametrize("texte", ["", "   ", "\0", "'\"%_", "!!!"])
def test_une_demande_vide_ou_illisible_ne_trouve_rien(demarche: Demarche, connecte: Connecte, texte: str):
    fiche(demarche, "Voirie")
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    assert client.get("/recherche/", {"q": texte.replace("\0", "")}).status_code == 200
    assert chercher_tout(fabrique.agent("chef_de_projet", demarche), texte).nombre == 0


def test_le_nombre_de_requetes_ne_depend_pas_des_resultats(demarche: Demarche, connecte: Connecte):
    client = connecte(fabrique.agent("chef_de_projet", demarche))

    def compter() -> int:
        with CaptureQueriesContext(connection) as vues:
            assert client.get("/recherche/", {"q": "voirie"}).status_code == 200
        return len(vues)

    fiche(demarche, "Voirie 0")
    peu = compter()
    for n in range(12):
        fiche(fabrique.demarche(), f"Voirie {n}")
        autre = fiche(demarche, f"Voirie bis {n}")
        Deliberation.objects.create(
            fiche=autre, numero=f"voirie-{n}", adoptee_le=date(2026, 3, 1), assemblee="CM"
        )
    assert compter() <= peu <= 15
