"""The pages of an import: nothing enters the plan before the confirmation."""

import time
from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.echanges import lecture
from arpent.plateforme.echanges.actions import confirmer, importer
from arpent.plateforme.echanges.apercu import verifier
from arpent.plateforme.echanges.correspondance import deviner
from arpent.plateforme.echanges.lecture import FichierIllisible, lire_fichier
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges import bombes

pytestmark = pytest.mark.django_db
URL = "/territoires/gevaudan/plan/importer/"
CSV = "Intitulé;Maître d’ouvrage;Coût HT;DETR acquise\nÉcole;Chirac;1000;400\n=1+1;Ailleurs;5;\nPont;Chirac;-3;\n"


@pytest.fixture
def demarche():
    commune = fabrique.commune("Chirac")
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(commune)), slug="gevaudan")
    fabrique.organisation("commune", "Chirac", commune=commune)
    return demarche


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


def envoyer(client, contenu=CSV, nom="plan.csv"):
    octets = contenu.encode() if isinstance(contenu, str) else contenu
    return client.post(URL, {"fichier": SimpleUploadedFile(nom, octets)})


def test_du_fichier_aux_brouillons(demarche, chef):
    reponse = envoyer(chef)
    recu = ImportPlan.objects.get()
    assert reponse.headers["Location"] == f"{URL}{recu.pk}/"
    page = chef.get(f"{URL}{recu.pk}/").content.decode()
    assert "1 fiche prête à être importée, 2 lignes rejetées" in page
    assert "3 lignes lues" in page
    assert Fiche.objects.count() == 0
    assert chef.post(f"{URL}{recu.pk}/confirmer/").status_code == 302
    fiche = Fiche.objects.get()
    assert (fiche.etat, fiche.titre, fiche.source) == ("brouillon", "École", "Import de plan.csv")
    assert fiche.financements.get().statut == "acquis"
    assert Entree.objects.first().geste == "importer"
    recu.refresh_from_db()
    assert (recu.etat, recu.lignes, recu.rapport) == ("confirme", [], {"creees": 1, "rejetees": 2})


def test_confirmer_deux_fois_n_importe_qu_une(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    for _ in range(2):
        assert chef.post(f"{URL}{recu.pk}/confirmer/").status_code == 302
    assert Fiche.objects.count() == 1


def test_le_plan_qui_a_change_entre_temps_est_relu(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    fabrique.fiche(
        demarche,
        titre="École",
        maitre_ouvrage=recu.demarche.territoire.groupements.get().membres.get().organisation,
    )
    reponse = chef.post(f"{URL}{recu.pk}/confirmer/")
    assert reponse.status_code == 400
    assert "Aucune ligne ne peut être importée" in reponse.content.decode()
    assert Fiche.objects.count() == 1


def test_les_rejets_se_telechargent_sans_formule(demarche, chef):
    envoyer(chef, CSV.replace("Chirac;-3", "=cmd|calc;-3"))
    recu = ImportPlan.objects.get()
    reponse = chef.get(f"{URL}{recu.pk}/rejets.csv")
    lignes = reponse.content.decode("utf-8-sig").splitlines()
    assert lignes[0] == "Ligne;Colonne;Cause;Que faire"
    assert len(lignes) == 4
    assert not any(c.lstrip('"')[:1] in "=+-@" for ligne in lignes for c in ligne.split(";"))


def test_les_colonnes_se_corrigent(demarche, chef):
    envoyer(chef, "Truc;Machin;Bidule\nÉcole;Chirac;1000\n")
    recu = ImportPlan.objects.get()
    page = chef.get(f"{URL}{recu.pk}/").content.decode()
    assert "Des colonnes restent à reconnaître" in page
    reponse = chef.post(f"{URL}{recu.pk}/", {"titre": 0, "mo": 1, "cout_ht": 2})
    assert reponse.status_code == 302
    assert "1 fiche prête" in chef.get(f"{URL}{recu.pk}/").content.decode()
    double = chef.post(f"{URL}{recu.pk}/", {"titre": 0, "mo": 0, "cout_ht": 2})
    assert double.status_code == 400
    assert "sert déjà" in double.content.decode()
    vide = chef.post(f"{URL}{recu.pk}/", {"titre": 0, "mo": "", "cout_ht": 99})
    assert vide.status_code == 400


def test_abandonner_oublie_le_fichier(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    assert chef.post(f"{URL}{recu.pk}/abandonner/").status_code == 302
    recu.refresh_from_db()
    assert (recu.etat, recu.lignes) == ("abandonne", [])
    assert chef.get(f"{URL}{recu.pk}/").status_code == 302
    with pytest.raises(FichierIllisible, match="déjà abandonné"):
        confirmer(recu, par=fabrique.agent("administrateur"))


@pytest.mark.parametrize(
    ("nom", "contenu", "message"),
    [("plan.csv", b"", "vide"), ("plan.pdf", b"%PDF", "n’est pas lu"), ("plan.xlsx", b"PK rien", "abîmé")],
)
def test_un_mauvais_fichier_est_refuse_sur_la_page(demarche, chef, nom, contenu, message):
    reponse = envoyer(chef, contenu, nom)
    assert reponse.status_code == 400
    assert message in reponse.content.decode()
    assert ImportPlan.objects.count() == 0


def test_sans_fichier_le_formulaire_le_demande(demarche, chef):
    assert chef.post(URL).status_code == 400


def test_une_bombe_est_refusee_par_la_page_et_le_serveur_repond_encore(demarche, chef, tmp_path):
    bombe = bombes.cellule_lointaine(tmp_path / "plan.xlsx").read_bytes()
    assert "XFD1048576" in envoyer(chef, bombe, "plan.xlsx").content.decode()
    assert chef.get(URL).status_code == 200


def test_un_lecteur_trop_lent_est_arrete(tmp_path, monkeypatch):
    monkeypatch.setattr(lecture, "DELAI_MAX", 0.001)
    with pytest.raises(FichierIllisible, match="trop lourd"):
        lire_fichier(bombes.sain(tmp_path / "plan.xlsx"))


def test_l_exemple_telecharge_s_importe_tel_quel(demarche, chef, tmp_path):
    contenu = chef.get(f"{URL}exemple.xlsx").content
    assert openpyxl.load_workbook(BytesIO(contenu)).active.max_row >= 3
    chemin = tmp_path / "exemple.xlsx"
    chemin.write_bytes(contenu)
    tableau = lire_fichier(chemin)
    apercu = verifier(demarche, tableau, deviner(tableau.entetes))
    assert (apercu.rejets, apercu.avertissements) == ((), ())
    assert importer(demarche, apercu, par=None) == 1


def test_dix_mille_lignes_se_montrent_en_trois_secondes_et_entrent_d_un_bloc(demarche, chef, tmp_path):
    contenu = bombes.sain(tmp_path / "plan.xlsx", lignes=10_000).read_bytes()
    debut = time.monotonic()
    envoyer(chef, contenu, "plan.xlsx")
    recu = ImportPlan.objects.get()
    page = chef.get(f"{URL}{recu.pk}/")
    duree = time.monotonic() - debut
    assert "10\u202f000 lignes lues" in page.content.decode()
    assert len(page.content) < 60_000
    assert duree < 6, (
        "the figure to reach, 3 s, is measured by the benchmark; this bound allows a loaded machine"
    )
    assert confirmer(recu, par=fabrique.agent("administrateur")) == 10_000


@pytest.mark.parametrize(("role", "attendu"), [("maire", 403), ("sous_prefet", 403), ("agent_epci", 200)])
def test_qui_peut_importer(demarche, connecte, role, attendu):
    assert connecte(fabrique.agent(role, demarche)).get(URL).status_code == attendu


def test_l_import_d_un_autre_n_existe_pas(demarche, chef, connecte):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    autre = connecte(fabrique.agent("chef_de_projet", demarche))
    for suite in ("", "rejets.csv"):
        assert autre.get(f"{URL}{recu.pk}/{suite}").status_code == 404
    assert autre.post(f"{URL}{recu.pk}/confirmer/").status_code == 404
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get(URL).status_code == 404
