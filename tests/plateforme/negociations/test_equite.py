"""The equity of a maquette: figures checked by hand, what is compared, who reads it, the files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import BytesIO
from types import SimpleNamespace

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from arpent.metier.vulnerabilite import Echelle
from arpent.metier.vulnerabilite.modele import Classe
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.equite import lieux
from arpent.plateforme.negociations.models import Camp, PositionTour, Proposition, Scenario, Tour
from arpent.plateforme.negociations.scenarios import actions as scenarios
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.models import AideAnterieure
from arpent.plateforme.territoires.models import Commune, Contour
from tests.plateforme import fabrique

from .conftest import Monde, poser

Connecte = Callable[[Agent], Client]
URL = "/territoires/gevaudan/negociation/equite/"


@dataclass
class Lieu:
    """A territory of 100 + 400 inhabitants; 1 000 € to the small one, 2 000 € to the other, 500 € to both."""

    monde: Monde
    petite: Commune
    grande: Commune

    @property
    def tous(self) -> str:
        return f"/dispositifs/{self.monde.dispositif.slug}/equite/"


@pytest.fixture
def lieu(monde: Monde) -> Lieu:
    groupement = monde.demarche.territoire.compositions.get().groupement
    petite, grande = (a.commune for a in groupement.appartenances.order_by("commune_id"))
    for commune, nom, habitants in ((petite, "Albaret", 100), (grande, "Brion", 400)):
        commune.nom, commune.population = nom, habitants
        commune.save()
    une, deux, trois = monde.fiches
    porteur = fabrique.organisation("commune", commune=petite)
    Fiche.objects.filter(pk=une.pk).update(commune=petite, maitre_ouvrage=porteur)
    # Nothing says where this one is: it is in the commune that owns it.
    Fiche.objects.filter(pk=deux.pk).update(
        maitre_ouvrage=fabrique.organisation("commune", commune=grande), theme=None
    )
    Fiche.objects.filter(pk=trois.pk).update(
        maitre_ouvrage=fabrique.organisation("cc", groupement=groupement)
    )
    for fiche, montant in ((une, "1000"), (deux, "2000"), (trois, "500")):
        poser(monde, fiche, montant)
    return Lieu(monde, petite, grande)


def lire(client: Client, url: str) -> str:
    reponse = client.get(url)
    assert reponse.status_code == 200
    return reponse.content.decode().replace("\u202f", " ").replace("\u00a0", " ")


def lignes(client: Client, url: str, section: str) -> dict[str, list[str]]:
    """Rows of the CSV of one section, by group."""
    texte = client.get(url).content.decode("utf-8-sig")
    rangees = [x.split(";") for x in texte.strip().split("\r\n")]
    assert len({len(x) for x in rangees}) == 1
    return {x[1]: x[2:] for x in rangees if x[0] == section}


# --- figures --------------------------------------------------------------------------------------


def test_chaque_commune_a_ses_euros_par_habitant(connecte: Connecte, lieu: Lieu) -> None:
    client = connecte(lieu.monde.chef)
    page = lire(client, URL)
    assert "Les aides font 7,00 € par habitant" in page  # 3 500 / 500, the intercommunal one included
    assert (
        "Albaret reçoit 10 € par habitant, 1,7 fois la moyenne ; Brion, 5,00 €." in page
    )  # mean 3 000 / 500
    assert lignes(client, f"{URL}tableau.csv", "Par commune") == {
        "Albaret": ["1", "1000,00", "100", "10,00", "0,286", "0,200"],
        "Brion": ["1", "2000,00", "400", "5,00", "0,571", "0,800"],
        "Projets intercommunaux": ["1", "500,00", "", "", "0,143", ""],
        "Ensemble": ["3", "3500,00", "500", "7,00", "1,000", ""],
    }


def test_les_projets_intercommunaux_se_repartissent_a_l_habitant(connecte: Connecte, lieu: Lieu) -> None:
    client = connecte(lieu.monde.chef)
    lues = lignes(client, f"{URL}tableau.csv?lecture=habitant", "Par commune")
    assert {nom: x[1] for nom, x in lues.items()} == {
        "Albaret": "1100,00",
        "Brion": "2400,00",
        "Projets intercommunaux": "0,00",
        "Ensemble": "3500,00",
    }
    assert '<option value="habitant" selected>' in lire(client, f"{URL}?lecture=habitant")


def test_les_autres_regroupements(connecte: Connecte, lieu: Lieu) -> None:
    client = connecte(lieu.monde.chef)
    tailles = lignes(client, f"{URL}tableau.csv", "Par taille du maître d’ouvrage")
    assert {nom: x[1] for nom, x in tailles.items()} == {
        "Communes de moins de 200 habitants": "1000,00",
        "Communes de 200 à 499 habitants": "2000,00",
        "Intercommunalités, syndicats et autres maîtres d’ouvrage": "500,00",
        "Ensemble": "3500,00",
    }
    themes = lignes(client, f"{URL}tableau.csv", "Par thème")
    assert themes["Sans thème"][:4] == ["1", "2000,00", "500", "4,00"]
    page = lire(client, URL)
    assert "Les communes de moins de 200 habitants reçoivent 10 € par habitant" in page
    assert "aucune classe ne se calcule ici" in page
    # One EPCI: its table would say the total again, it is only named.
    assert "Un seul groupe ici : par intercommunalité, CC numéro" in page
    assert not lignes(client, f"{URL}tableau.csv", "Par intercommunalité")
    autre = fabrique.groupement(fabrique.commune("Chanac", population=500))
    lieu.monde.demarche.territoire.compositions.create(groupement=autre, debut=date(2020, 1, 1))
    epci = lignes(client, f"{URL}tableau.csv", "Par intercommunalité")
    assert epci[autre.nom][:4] == ["0", "0,00", "500", "0,00"]
    assert epci["Ensemble"][:4] == ["3", "3500,00", "1000", "3,50"]


def test_ni_les_refus_ni_les_fiches_fusionnees_ne_comptent(connecte: Connecte, lieu: Lieu) -> None:
    une, deux, _ = lieu.monde.fiches
    Proposition.objects.filter(fiche=une).update(decision="refusee")
    Fiche.objects.filter(pk=deux.pk).update(fusionnee_dans=une)
    lues = lignes(connecte(lieu.monde.chef), f"{URL}tableau.csv", "Par commune")
    assert lues["Ensemble"][:2] == ["1", "500,00"]


def test_une_population_inconnue_est_dite(connecte: Connecte, lieu: Lieu) -> None:
    Commune.objects.filter(pk=lieu.petite.pk).update(population=None)
    client = connecte(lieu.monde.chef)
    page = lire(client, f"{URL}?lecture=habitant")
    assert "Population inconnue" in page
    assert "Les aides font" not in page
    lues = lignes(client, f"{URL}tableau.csv?lecture=habitant", "Par commune")
    assert lues["Albaret"][1:4] == ["1000,00", "", ""]
    assert lues["Projets intercommunaux"][1] == "500,00"


def test_sans_maquette_la_page_dit_qu_il_n_y_a_rien(connecte: Connecte, monde: Monde) -> None:
    page = lire(connecte(monde.chef), URL)
    assert "Aucune aide n’est encore proposée" in page
    assert "Projets intercommunaux</th>" not in page


def test_la_carte_teinte_chaque_commune(connecte: Connecte, lieu: Lieu) -> None:
    carre = [[[3.0, 44.0], [3.1, 44.0], [3.1, 44.1], [3.0, 44.0]]]
    for commune in (lieu.petite, lieu.grande):
        Contour.objects.create(commune=commune, geometrie={"type": "Polygon", "coordinates": carre})
    page = lire(connecte(lieu.monde.chef), URL)
    assert "<title>Albaret : 10 €</title>" in page
    assert "<title>Brion : 5,00 €</title>" in page
    page = lire(connecte(lieu.monde.chef), lieu.tous)
    assert f"<title>{lieu.monde.demarche.territoire.nom} : 7,00 €</title>" in page


def test_les_classes_sont_celles_du_modele_en_vigueur(
    connecte: Connecte, lieu: Lieu, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A model by commune; and one commune that could not be classed."""
    classes = (Classe("C1", "Moindre fragilité", None), Classe("C2", "Fragilité marquée", None))
    modele = SimpleNamespace(echelle=Echelle.COMMUNE, classes=classes)
    membres = [
        SimpleNamespace(territoire=lieu.petite.pk, classe=classes[1]),
        SimpleNamespace(territoire=lieu.grande.pk, classe=None),
    ]
    lu = SimpleNamespace(modele=modele, composee=SimpleNamespace(membres=membres))
    monkeypatch.setattr(lieux, "ouvrir", lambda _: None)
    monkeypatch.setattr(lieux, "departement_principal", lambda *_: "48")
    monkeypatch.setattr(lieux, "evaluer_perimetre", lambda *_: lu)
    client = connecte(lieu.monde.chef)
    lues = lignes(client, f"{URL}tableau.csv", "Par classe de vulnérabilité")
    assert {nom: x[1] for nom, x in lues.items()} == {
        "Fragilité marquée": "1000,00",
        "Communes non classées": "2000,00",
        "Projets intercommunaux": "500,00",
        "Ensemble": "3500,00",
    }
    assert "La classe « Fragilité marquée » reçoit 10 € par habitant" in lire(client, URL)
    monkeypatch.setattr(lieux, "evaluer_perimetre", lambda *_: None)
    assert "aucune classe ne se calcule ici" in lire(client, URL)


# --- what is compared -----------------------------------------------------------------------------


@pytest.fixture
def copie(lieu: Lieu) -> Scenario:
    courant = actions.scenario_courant(lieu.monde.demarche)
    copie = scenarios.copier(courant, "Bourgs d’abord", Camp.AUTORITE, par=lieu.monde.chef)
    copie.propositions.filter(fiche=lieu.monde.fiches[1]).update(montant=Decimal("6000"))
    return copie


def test_un_scenario_se_compare_a_la_maquette(connecte: Connecte, lieu: Lieu, copie: Scenario) -> None:
    client = connecte(lieu.monde.chef)
    question = f"scenario={copie.pk}&avec=courant"
    page = lire(client, f"{URL}?{question}")
    assert "Bourgs d’abord, comparé à : Maquette en cours" in page
    assert "avant : </span>5,00 €</del>" in page
    assert "Les euros par habitant se rapprochent" in page
    brion = lignes(client, f"{URL}tableau.csv?{question}", "Par commune")["Brion"]
    assert brion == ["1", "2000,00", "5,00", "0,571", "6000,00", "400", "15,00", "0,800", "0,800"]


def test_un_tour_envoye_se_compare_tel_qu_il_est_parti(connecte: Connecte, lieu: Lieu) -> None:
    tour = Tour.objects.create(demarche=lieu.monde.demarche, numero=1, camp=Camp.AUTORITE, total=900)
    PositionTour.objects.create(tour=tour, fiche=lieu.monde.fiches[0], montant=900, decision="retenue")
    PositionTour.objects.create(tour=tour, fiche=lieu.monde.fiches[1], montant=50, decision="refusee")
    client = connecte(lieu.monde.chef)
    assert "Offre n° 1" in lire(client, f"{URL}?avec=tour-1")
    lues = lignes(client, f"{URL}tableau.csv?avec=tour-1", "Par commune")
    assert (lues["Albaret"][1], lues["Brion"][1], lues["Ensemble"][1]) == ("900,00", "0,00", "900,00")
    tous = lignes(client, f"{lieu.tous}tableau.csv?avec=offre", "Par territoire")
    assert tous[lieu.monde.demarche.territoire.nom][1] == "900,00"
    assert "aucune offre n’est encore partie : 1." in lire(client, f"{lieu.tous}?avec=offre")


def test_sans_generation_precedente_la_page_le_dit(connecte: Connecte, lieu: Lieu) -> None:
    client = connecte(lieu.monde.chef)
    for url in (f"{URL}?avec=generation", f"{lieu.tous}?avec=generation"):
        page = lire(client, url)
        assert "Aucune génération précédente n’est connue" in page
        assert "avant :" not in page
    assert "Aucune offre n’est encore partie" in lire(client, f"{lieu.tous}?avec=offre")


def test_la_generation_precedente_est_la_demarche_close(connecte: Connecte, lieu: Lieu) -> None:
    demarche = lieu.monde.demarche
    for generation, annee in (("2019-2021", 2019), ("2022-2025", 2022)):
        close = fabrique.demarches.ouvrir(
            demarche.territoire, demarche.version_processus, slug=f"gevaudan-{annee}", generation=generation,
            ouverte_le=date(annee, 1, 1), par=None,
        )  # fmt: skip
        close.etat = "close"
        close.save()
        accorde = Decimal(annee)
        fabrique.fiche(close, etat="contractualisee", commune=lieu.grande, aide_accordee=accorde)
        fabrique.fiche(close, etat="ecartee", commune=lieu.grande, aide_accordee=Decimal("77"))
    client = connecte(lieu.monde.chef)
    page = lire(client, f"{URL}?avec=generation")
    assert "Démarches closes (2022-2025)" in page
    assert "comparez surtout les parts" in page
    lues = lignes(client, f"{URL}tableau.csv?avec=generation", "Par commune")
    assert (lues["Brion"][1], lues["Ensemble"][1]) == ("2022,00", "2022,00")
    tous = lignes(client, f"{lieu.tous}tableau.csv?avec=generation", "Par territoire")
    assert tous["Ensemble"][1] == "2022,00"


def test_a_defaut_ce_sont_les_aides_anterieures(connecte: Connecte, lieu: Lieu) -> None:
    porteur = Fiche.objects.get(pk=lieu.monde.fiches[0].pk).maitre_ouvrage
    epci = Fiche.objects.get(pk=lieu.monde.fiches[2].pk).maitre_ouvrage
    for organisation, annee, montant in ((porteur, 2023, 300), (epci, 2024, 200), (porteur, 2026, 999)):
        AideAnterieure.objects.create(
            dispositif=lieu.monde.dispositif, organisation=organisation, libelle="Réseau", annee=annee,
            montant=montant, theme="voirie",
        )  # fmt: skip
    client = connecte(lieu.monde.chef)
    assert "Aides antérieures notées au règlement, de 2023 à 2024." in lire(client, f"{URL}?avec=generation")
    lues = lignes(client, f"{URL}tableau.csv?avec=generation", "Par commune")
    assert (lues["Albaret"][1], lues["Projets intercommunaux"][1]) == ("300,00", "200,00")
    themes = lignes(client, f"{URL}tableau.csv?avec=generation", "Par thème")
    assert themes["Voirie"][1] == "500,00"
    AideAnterieure.objects.filter(annee=2024).delete()
    assert "notées au règlement, de 2023." in lire(client, f"{URL}?avec=generation")


# --- who reads it ---------------------------------------------------------------------------------


def test_le_scenario_prive_de_l_autre_partie_n_existe_pas(
    connecte: Connecte, lieu: Lieu, copie: Scenario
) -> None:
    client = connecte(lieu.monde.president)
    for question in (f"scenario={copie.pk}", f"avec={copie.pk}"):
        for page in ("", "tableau.csv", "tableau.xlsx"):
            assert client.get(f"{URL}{page}?{question}").status_code == 404
    assert "Bourgs d’abord" not in lire(client, URL)
    scenarios.modifier(copie, copie.nom, partage=True, version_lue=copie.version, par=lieu.monde.chef)
    assert "Bourgs d’abord" in lire(client, f"{URL}?scenario={copie.pk}")


@pytest.mark.parametrize("faux", ["scenario=9999", "scenario=tour-1", "avec=tour-9", "avec=x", "scenario=²"])
def test_ce_qui_n_existe_pas_est_introuvable(connecte: Connecte, lieu: Lieu, faux: str) -> None:
    assert connecte(lieu.monde.chef).get(f"{URL}?{faux}").status_code == 404


def test_le_dispositif_est_a_l_autorite(connecte: Connecte, lieu: Lieu) -> None:
    monde = lieu.monde
    page = lire(connecte(monde.chef), lieu.tous)
    assert f"{monde.demarche.territoire.nom} reçoit 7,00 € par habitant" in page
    assert "un territoire ne reçoit rien" in page
    refus = connecte(monde.president).get(lieu.tous)
    assert refus.status_code == 403
    assert "L’équité de votre territoire est dans sa négociation" in refus.content.decode()
    assert connecte(monde.maire).get(lieu.tous).status_code == 403
    ailleurs = connecte(fabrique.agent("chef_de_projet", fabrique.demarche()))
    assert ailleurs.get(lieu.tous).status_code == ailleurs.get(URL).status_code == 404
    assert connecte(monde.chef).get(f"{lieu.tous}?avec=tout").status_code == 404


# --- files and cost -------------------------------------------------------------------------------


@pytest.mark.parametrize("ou", ["territoire", "dispositif"])
def test_le_classeur_dit_la_meme_chose_que_la_page(connecte: Connecte, lieu: Lieu, ou: str) -> None:
    url = URL if ou == "territoire" else lieu.tous
    client = connecte(lieu.monde.chef)
    page = lire(client, url)
    classeur = openpyxl.load_workbook(BytesIO(client.get(f"{url}tableau.xlsx").content))
    rangees = [[c for c in x if c is not None] for x in classeur.active.iter_rows(values_only=True)]
    tete = next(i for i, x in enumerate(rangees) if x and x[0] == "Regroupement")
    assert len(rangees) - tete - 1 == page.count('data-libelle="Projets"')
    assert "comptés à part" in " ".join(str(x) for x in rangees[2])
    for rangee in rangees[tete + 1 :]:
        assert f'<th scope="row">{rangee[1]}</th>'.replace("\u202f", " ") in page


@pytest.mark.parametrize("ou", ["territoire", "dispositif"])
def test_le_nombre_de_requetes_ne_suit_rien(connecte: Connecte, lieu: Lieu, copie: Scenario, ou: str) -> None:
    url = f"{URL}?scenario={copie.pk}&avec=courant" if ou == "territoire" else f"{lieu.tous}?avec=offre"
    client = connecte(lieu.monde.chef)
    client.get(url)
    with CaptureQueriesContext(connection) as peu:
        client.get(url)
    for _ in range(5):
        voisine = fabrique.demarche(dans=lieu.monde.dispositif)
        fabrique.fiche(voisine)
        fiche = fabrique.fiche(lieu.monde.demarche, commune=lieu.petite)
        poser(lieu.monde, fiche, "100")
    with CaptureQueriesContext(connection) as beaucoup:
        client.get(url)
    assert len(beaucoup) == len(peu)
    assert len(peu) <= 12, "\n".join(q["sql"][:150] for q in peu)
