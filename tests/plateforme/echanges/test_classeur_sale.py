"""The first import of the files people have: every ugliness is read, or said with its cause."""

from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.echanges.models import CorrespondanceMemorisee, ImportPlan
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges.classeur_sale import PIEGE, sale

pytestmark = pytest.mark.django_db
IMPORT = "/territoires/gevaudan/plan/importer/"
A, B = "Commune de Chirac", "Commune de Marvejols"


@pytest.fixture
def demarche():
    communes = [fabrique.commune("Chirac"), fabrique.commune("Marvejols")]
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(*communes)), slug="gevaudan")
    fabrique.organisation("commune", A, commune=communes[0], siren="799123456")
    fabrique.organisation("commune", B, commune=communes[1])
    return demarche


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def envoyer(chef, tmp_path):
    def envoi(nom="plan.xlsx", **options):
        chemin = sale(tmp_path / nom, structures=[A, B], theme="Voirie", **options)
        fichier = SimpleUploadedFile(nom, chemin.read_bytes())
        return chef.post(IMPORT, {"fichier": fichier}, follow=True).content.decode()

    return envoi


def confirmer(chef):
    lecture = ImportPlan.objects.latest("pk")
    page = chef.get(f"{IMPORT}{lecture.pk}/").content.decode()
    attendu = page.split('name="attendu" value="')[1].split('"')[0]
    return chef.post(f"{IMPORT}{lecture.pk}/confirmer/", {"attendu": attendu}, follow=True).content.decode()


def test_les_titres_fusionnes_sur_deux_lignes_nomment_chaque_colonne(envoyer):
    envoyer()
    lecture = ImportPlan.objects.get()
    assert lecture.entetes[:7] == [
        "Thème", "Intitulé de l’opération", "MOA", "SIRET", "Coût prévisionnel – € HT",
        "Coût prévisionnel – € TTC", "Plan de financement – DETR acquise",
    ]  # fmt: skip
    assert list(lecture.correspondance.values()) == [
        "theme", "titre", "mo", "siret", "cout_ht", "cout_ttc", "etat", "region", "autofinancement",
        "aide_demandee", "debut", "fin", "description",
    ]  # fmt: skip


def test_chaque_ligne_lisible_entre_avec_ses_montants_et_ses_dates(envoyer, chef):
    page = envoyer()
    assert "5 fiches prêtes" in page
    confirmer(chef)
    fiches = {f.titre: f for f in Fiche.objects.all()}
    assert set(fiches) == {
        "École de Chirac", "Toiture de la mairie", "Pont du Lot", "Étude de centre-bourg", "Halle",
    }  # fmt: skip
    ecole = fiches["École de Chirac"]
    assert (ecole.cout_ht, ecole.cout_ttc, ecole.aide_demandee) == (100_000, 120_000, 20_000)
    assert (ecole.debut_le, ecole.fin_le) == (date(2026, 12, 31), date(2027, 12, 31))
    assert [(x.financeur, x.statut, x.montant) for x in ecole.financements.all()] == [
        ("etat", "acquis", 30_000), ("autofinancement", "envisage", 50_000),
    ]  # fmt: skip
    toiture = fiches["Toiture de la mairie"]
    assert (toiture.cout_ht, toiture.cout_ttc) == (Decimal("12345.67"), Decimal("14814.80"))
    assert (toiture.debut_le, toiture.fin_le) == (date(2026, 12, 31), date(2027, 12, 31))
    pont = fiches["Pont du Lot"]
    assert (pont.cout_ht, pont.debut_le, pont.fin_le) == (45_000, date(2026, 12, 31), date(2027, 12, 31))
    etude = fiches["Étude de centre-bourg"]
    assert (etude.cout_ht, etude.debut_le) == (0, date(2026, 12, 31))
    assert fiches["Halle"].debut_le == date(2027, 3, 1)


@pytest.mark.parametrize(
    "attendu",
    [
        "Les titres tiennent sur 2 lignes",
        "Feuilles masquées, non lues",
        "Anciennes versions",
        "a été abrégé par le tableur",  # SIRET 7,99E+13
        "env. 45 000 € HT (devis 2023)",
        "pas encore connu",
        "cellule fusionnée sur plusieurs lignes",  # the shared amount
        "AXE 1 – Vivre au pays",
        "sous réserve des devis",
        "projets à confirmer",
        "ne fait pas la somme des lignes",
        "Ville inconnue",
        "est ambigu",
        "est négatif",
        "Ce projet du même maître d’ouvrage est déjà",
    ],
)
def test_tout_ce_qui_n_est_pas_repris_est_dit_avec_sa_cause(envoyer, attendu):
    assert attendu in envoyer().replace("\xa0", " ").replace("&#x27;", "'")


def test_un_sous_total_juste_est_reconnu_un_total_faux_dit_son_ecart(envoyer):
    page = envoyer().replace("\u202f", " ").replace("\xa0", " ")
    assert "« Sous-total axe 1 » est un total." in page
    assert "999 999,00 € annoncés" in page


def test_une_charge_hostile_reste_un_texte_partout(envoyer, chef):
    page = envoyer()
    assert "<script>alert" not in page
    confirmer(chef)
    fiche = Fiche.objects.get(titre="École de Chirac")
    assert fiche.description == PIEGE
    for adresse in (fiche.get_absolute_url(), "/territoires/gevaudan/plan/?tout=1"):
        assert "<script>alert" not in chef.get(adresse).content.decode()


def test_on_peut_lire_une_autre_feuille_du_meme_classeur(envoyer, chef):
    page = envoyer()
    lecture = ImportPlan.objects.get()
    assert "Fonctionnement" in page
    page = chef.post(f"{IMPORT}{lecture.pk}/feuille/", {"feuille": "Fonctionnement"}, follow=True)
    assert "Poste de chef de projet" in page.content.decode()
    page = chef.post(f"{IMPORT}{lecture.pk}/feuille/", {"feuille": "Plan 2026"}, follow=True)
    assert "École de Chirac" in page.content.decode()
    assert chef.post(f"{IMPORT}{lecture.pk}/feuille/", {"feuille": "Lisez-moi"}).status_code == 302


def test_les_colonnes_d_une_organisation_sont_reconnues_la_fois_suivante(envoyer, chef):
    envoyer()
    lecture = ImportPlan.objects.get()
    choix = {f"colonne_{rang}": code for rang, code in lecture.correspondance.items()}
    choix["colonne_12"] = ""  # the remarks are not taken
    assert chef.post(f"{IMPORT}{lecture.pk}/", choix).status_code == 302
    assert CorrespondanceMemorisee.objects.get().organisation.nature == "departement"
    chef.post(f"{IMPORT}{lecture.pk}/abandonner/")
    page = envoyer("plan-suivant.xlsx")
    assert "reconnues comme la dernière fois" in page
    assert "12" not in ImportPlan.objects.latest("pk").correspondance


def test_la_memoire_ne_sort_pas_de_l_organisation(envoyer, chef, connecte, tmp_path):
    envoyer()
    confirmer(chef)
    ailleurs = fabrique.demarche(slug="ailleurs")
    client = connecte(fabrique.agent("chef_de_projet", ailleurs))
    chemin = sale(tmp_path / "autre.xlsx", structures=[A, B], theme="Voirie")
    page = client.post(
        "/territoires/ailleurs/plan/importer/",
        {"fichier": SimpleUploadedFile("autre.xlsx", chemin.read_bytes())},
        follow=True,
    ).content.decode()
    assert "reconnues comme la dernière fois" not in page
