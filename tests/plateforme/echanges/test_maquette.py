"""The maquette goes out as a workbook, is changed in a spreadsheet, comes back as a scenario."""

import re
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.actions import proposer, scenario_courant
from arpent.plateforme.negociations.models import Proposition, Scenario
from tests.plateforme import fabrique

from . import tableur

pytestmark = pytest.mark.django_db
NEGOCIATION = "/territoires/gevaudan/negociation/"
IMPORTER = f"{NEGOCIATION}scenarios/importer/"
ENTETE = 7


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    fabrique.demarche(dans=demarche.processus.dispositif, slug="margeride")
    for numero in (1, 2, 3):
        fiche = fabrique.fiche(demarche, numero=numero, titre=f"Projet {numero}")
        proposer(
            scenario_courant(demarche), fiche, Decimal(1000 * numero), 2026, "retenue", "", version_lue=0,
            par=None,
        )  # fmt: skip
    return demarche


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def feuilles(chef):
    return tableur.lire(chef.get(f"{NEGOCIATION}maquette.xlsx").content)


def poser(feuilles, rang, titre, valeur):
    """Changes the cell of the rank-th project, under a title."""
    feuille = feuilles["Maquette"]
    feuille[ENTETE + rang][feuille[ENTETE].index(titre)] = valeur


def envoyer(client, contenu, nom="maquette.xlsx"):
    return client.post(IMPORTER, {"fichier": SimpleUploadedFile(nom, contenu)})


def renvoyer(client, feuilles):
    return envoyer(client, tableur.ecrire(feuilles))


def contenu_scelle(reponse):
    return re.search(r'name="contenu" value="([^"]+)"', reponse.content.decode())[1]


def positions(scenario):
    return {p.fiche.numero: (p.montant, p.annee, p.decision) for p in scenario.propositions.all()}


def test_un_classeur_tel_quel_ne_change_rien(chef, feuilles):
    reponse = renvoyer(chef, feuilles)
    assert reponse.status_code == 200
    assert "ne change rien" in reponse.content.decode()
    assert not Scenario.objects.filter(est_courant=False).exists()


def test_un_classeur_modifie_devient_un_scenario_de_son_cote(chef, demarche, feuilles):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    poser(feuilles, 2, "Année", 2027)
    poser(feuilles, 3, "Décision", "Refusée")
    apercu = renvoyer(chef, feuilles)
    page = apercu.content.decode()
    assert "3 lignes changées" in page
    assert not Scenario.objects.filter(est_courant=False).exists()
    avant = positions(scenario_courant(demarche))
    fin = chef.post(f"{IMPORTER}confirmer/", {"nom": "Essai", "contenu": contenu_scelle(apercu)})
    cree = Scenario.objects.get(est_courant=False)
    assert fin.status_code == 302
    assert fin.url.endswith(f"?avant=courant&apres={cree.pk}")
    assert chef.get(fin.url).status_code == 200
    assert (cree.nom, cree.camp, cree.partage) == ("Essai", "autorite", False)
    assert positions(cree) == {
        1: (Decimal("4321.09"), 2026, "retenue"),
        2: (Decimal("2000.00"), 2027, "retenue"),
        3: (Decimal("3000.00"), 2026, "refusee"),
    }
    assert positions(scenario_courant(demarche)) == avant
    assert Entree.objects.filter(geste="importer_scenario").count() == 1


def test_des_lignes_triees_et_des_colonnes_deplacees_se_relisent(chef, feuilles):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    lignes = feuilles["Maquette"]
    lignes[ENTETE + 1 : ENTETE + 4] = reversed(lignes[ENTETE + 1 : ENTETE + 4])
    feuilles["Maquette"] = [list(reversed(row)) for row in lignes]
    page = renvoyer(chef, feuilles).content.decode()
    assert "1 ligne changée" in page
    assert "Projet 1" in page


@pytest.mark.parametrize(
    ("titre", "valeur", "cause"),
    [
        ("Aide proposée", "beaucoup", "beaucoup"),
        ("Aide proposée", "", "L’aide est vide"),
        ("Aide proposée", -5, "positif"),
        ("Aide proposée", "=1+1", "=1+1"),
        ("Année", 1999, "n’est pas une année"),
        ("Année", 2050, "n’est pas au contrat"),
        ("Décision", "peut-être", "n’est pas une décision"),
        ("Ligne", 77, "n’était pas dans la maquette"),
        ("Ligne", 1, "déjà ligne"),
    ],
)
def test_une_cellule_fausse_est_refusee_avec_sa_ligne_et_sa_cause(chef, feuilles, titre, valeur, cause):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    poser(feuilles, 2, titre, valeur)
    page = renvoyer(chef, feuilles).content.decode()
    assert "1 ligne à corriger" in page
    assert "Ligne&nbsp;10" in page
    assert cause in page
    assert "1 ligne changée" in page


def test_ce_qui_a_bouge_dans_arpent_est_dit(chef, demarche, feuilles):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    Proposition.objects.filter(fiche__numero=1).update(montant=Decimal(7))
    assert "1 ligne a changé dans Arpent" in renvoyer(chef, feuilles).content.decode()


def test_un_classeur_abime_est_refuse_en_francais(chef, demarche, feuilles):
    sain = tableur.ecrire(feuilles)

    def refus(contenu, nom="maquette.xlsx"):
        reponse = envoyer(chef, contenu, nom)
        assert reponse.status_code == 400
        return reponse.content.decode()

    sans_origine = {nom: rows for nom, rows in feuilles.items() if nom != "Origine"}
    assert "sa feuille masquée a disparu" in refus(tableur.ecrire(sans_origine))
    sans_titre = feuilles | {"Maquette": [["x"]]}
    assert "n’a plus toutes ses colonnes" in refus(tableur.ecrire(sans_titre))
    ailleurs = [list(row) for row in feuilles["Origine"]]
    ailleurs[0][0] = ailleurs[0][0].replace("gevaudan", "margeride")
    assert "autre territoire" in refus(tableur.ecrire(feuilles | {"Origine": ailleurs}))
    trafique = [list(row) for row in feuilles["Origine"]]
    trafique[2][1] = "toto"
    assert "feuille masquée du classeur a été modifiée" in refus(
        tableur.ecrire(feuilles | {"Origine": trafique})
    )
    for longueur in (10, len(sain) // 2, len(sain) - 30):
        refus(sain[:longueur])
    refus(b"PK" + bytes(2000))
    assert "malgré son nom" in refus(b"bonjour")
    assert not Scenario.objects.filter(est_courant=False).exists()


def test_un_apercu_est_a_celui_qui_l_a_vu(chef, demarche, feuilles, connecte):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    scelle = contenu_scelle(renvoyer(chef, feuilles))
    president = connecte(fabrique.agent("president_epci", demarche))
    for client, contenu in ((president, scelle), (chef, scelle[:-2]), (chef, "")):
        fin = client.post(f"{IMPORTER}confirmer/", {"nom": "x", "contenu": contenu})
        assert (fin.status_code, fin.url) == (302, IMPORTER)
    assert not Scenario.objects.filter(est_courant=False).exists()


def test_un_nom_vide_garde_l_apercu(chef, feuilles):
    poser(feuilles, 1, "Aide proposée", 4321.09)
    scelle = contenu_scelle(renvoyer(chef, feuilles))
    reponse = chef.post(f"{IMPORTER}confirmer/", {"nom": "", "contenu": scelle})
    assert reponse.status_code == 422
    assert contenu_scelle(reponse) == scelle
    assert "4\u202f321,09" in reponse.content.decode()


def test_la_page_du_plan_renvoie_vers_les_scenarios(chef, feuilles):
    fichier = SimpleUploadedFile("maquette.xlsx", tableur.ecrire(feuilles))
    reponse = chef.post("/territoires/gevaudan/plan/importer/", {"fichier": fichier})
    assert reponse.status_code == 400
    assert "est une maquette financière" in reponse.content.decode()


def test_le_classeur_libreoffice_revient_aussi(chef):
    contenu = chef.get(f"{NEGOCIATION}maquette.ods").content
    assert "ne change rien" in envoyer(chef, contenu, "maquette.ods").content.decode()
