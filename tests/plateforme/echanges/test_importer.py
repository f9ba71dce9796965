"""The pages of an import: nothing enters the plan before the confirmation."""

from io import BytesIO

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.demarches.models import Place
from arpent.plateforme.echanges import lecture
from arpent.plateforme.echanges.actions import confirmer, importer
from arpent.plateforme.echanges.apercu import verifier
from arpent.plateforme.echanges.correspondance import deviner
from arpent.plateforme.echanges.etats import ImportRefuse
from arpent.plateforme.echanges.lecture import FichierIllisible, lire_fichier
from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges import bombes

pytestmark = pytest.mark.django_db
URL = "/territoires/gevaudan/plan/importer/"
CSV = (
    "Intitulé;Maître d’ouvrage;Coût HT;DETR acquise\n"
    "École;Chirac;1000;400\n=1+1;Ailleurs;5;\nPont;Chirac;-3;\n"
)


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
    reponse = chef.post(f"{URL}{recu.pk}/confirmer/", {"attendu": 1}, follow=True)
    assert "1 fiche importée dans le plan" in reponse.content.decode()
    fiche = Fiche.objects.get()
    assert (fiche.etat, fiche.titre, fiche.source) == ("brouillon", "École", "Import de plan.csv")
    assert fiche.financements.get().statut == "acquis"
    assert Entree.objects.first().geste == "importer"
    recu.refresh_from_db()
    assert (recu.etat, recu.lignes, recu.rapport["creees"]) == ("confirme", [], 1)
    assert [r[0] for r in recu.rapport["rejets"]] == [3, 4]
    assert len(chef.get(f"{URL}{recu.pk}/rejets.csv").content.decode().splitlines()) == 3
    assert Place.objects.get(demarche=demarche, code="plan").resume == "1 fiche, 0,0 M€"


def test_confirmer_deux_fois_n_importe_qu_une(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    for _ in range(2):
        assert chef.post(f"{URL}{recu.pk}/confirmer/", {"attendu": 1}).status_code == 302
    assert Fiche.objects.count() == 1


def test_le_plan_qui_a_change_entre_temps_est_relu(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    fabrique.fiche(
        demarche,
        titre="École",
        maitre_ouvrage=recu.demarche.territoire.groupements.get().membres.get().organisation,
    )
    reponse = chef.post(f"{URL}{recu.pk}/confirmer/", {"attendu": 1}, follow=True)
    assert "Aucune ligne ne peut être importée" in reponse.content.decode()
    assert Fiche.objects.count() == 1


def test_les_rejets_se_telechargent_sans_formule(demarche, chef):
    envoyer(chef, CSV.replace("Chirac;-3", "=cmd|calc;-3"))
    recu = ImportPlan.objects.get()
    reponse = chef.get(f"{URL}{recu.pk}/rejets.csv")
    lignes = reponse.content.decode("utf-8-sig").splitlines()
    assert lignes[0] == "Ligne;Colonne;Valeur lue;Cause;Que faire"
    assert "'=cmd|calc" in lignes[2]
    assert len(lignes) == 4
    assert not any(c.lstrip('"')[:1] in "=+-@" for ligne in lignes for c in ligne.split(";"))


def test_les_colonnes_se_corrigent(demarche, chef):
    envoyer(chef, "Truc;Machin;Bidule\nÉcole;Chirac;1000\n")
    recu = ImportPlan.objects.get()
    page = chef.get(f"{URL}{recu.pk}/").content.decode()
    assert "Des colonnes restent à reconnaître" in page
    reponse = chef.post(f"{URL}{recu.pk}/", {"colonne_0": "titre", "colonne_1": "mo", "colonne_2": "cout_ht"})
    assert reponse.status_code == 302
    assert "1 fiche prête" in chef.get(f"{URL}{recu.pk}/").content.decode()
    double = chef.post(
        f"{URL}{recu.pk}/", {"colonne_0": "titre", "colonne_1": "titre", "colonne_2": "cout_ht"}
    )
    assert double.status_code == 400
    assert "est déjà lu ailleurs" in double.content.decode()
    assert "Maître d’ouvrage." in double.content.decode()
    inconnu = chef.post(f"{URL}{recu.pk}/", {"colonne_0": "prix"})
    assert inconnu.status_code == 400


def test_abandonner_oublie_le_fichier(demarche, chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    assert chef.post(f"{URL}{recu.pk}/abandonner/").status_code == 302
    recu.refresh_from_db()
    assert (recu.etat, recu.lignes) == ("abandonne", [])
    assert "Cet import est abandonné" in chef.get(f"{URL}{recu.pk}/").content.decode()
    with pytest.raises(ImportRefuse, match="déjà abandonné"):
        confirmer(recu, par=fabrique.agent("administrateur"), attendu=1)


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
    apercu = verifier(demarche, tableau, deviner(tableau.entetes, [x.cellules for x in tableau.lignes]))
    assert (apercu.rejets, apercu.avertissements) == ((), ())
    assert importer(demarche, apercu, par=None) == 2


def test_dix_mille_lignes_se_montrent_en_une_page_legere(demarche, chef, tmp_path):
    contenu = bombes.sain(tmp_path / "plan.xlsx", lignes=10_000).read_bytes()
    envoyer(chef, contenu, "plan.xlsx")
    recu = ImportPlan.objects.get()
    page = chef.get(f"{URL}{recu.pk}/")
    assert "10\u202f000 lignes lues" in page.content.decode()
    assert len(page.content) < 60_000


def test_mille_lignes_entrent_d_un_bloc(demarche, chef, tmp_path, django_assert_max_num_queries):
    envoyer(chef, bombes.sain(tmp_path / "plan.xlsx", lignes=1_000).read_bytes(), "plan.xlsx")
    agent = fabrique.agent("administrateur")
    with django_assert_max_num_queries(130):  # SQLite takes about thirty rows an INSERT
        assert confirmer(ImportPlan.objects.get(), par=agent, attendu=1_000) == 1_000
    assert Fiche.objects.filter(montant_acquis=400).count() == 1_000


@pytest.mark.parametrize(("role", "attendu"), [("maire", 403), ("sous_prefet", 403), ("agent_epci", 200)])
def test_qui_peut_importer(demarche, connecte, role, attendu):
    assert connecte(fabrique.agent(role, demarche)).get(URL).status_code == attendu


def test_l_import_d_une_autre_demarche_n_existe_pas(demarche, chef, connecte):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    autre = fabrique.demarche(slug="ailleurs")
    client = connecte(fabrique.agent("administrateur"))
    for suite in ("", "rejets.csv"):
        assert client.get(f"/territoires/ailleurs/plan/importer/{recu.pk}/{suite}").status_code == 404
    for suite in ("", "confirmer/", "abandonner/"):
        assert client.post(f"/territoires/ailleurs/plan/importer/{recu.pk}/{suite}").status_code == 404
    hors = connecte(fabrique.agent("agent_epci", autre))
    assert hors.get(URL).status_code == 404
    assert hors.get(f"{URL}{recu.pk}/").status_code == 404
    assert Fiche.objects.count() == 0


def test_un_fichier_de_plus_de_vingt_mo_a_sa_page(chef, settings):
    settings.ARPENT_TAILLE_MAX_FICHIER = 10
    reponse = envoyer(chef)
    assert reponse.status_code == 413
    assert "trop volumineux" in reponse.content.decode()
    assert ImportPlan.objects.count() == 0


def test_le_meme_fichier_envoye_deux_fois_est_un_seul_import(chef):
    premier, second = envoyer(chef), envoyer(chef)
    assert premier.headers["Location"] == second.headers["Location"]
    assert ImportPlan.objects.count() == 1
    assert "plan.csv" in chef.get(URL).content.decode()


def test_un_autre_nombre_que_celui_de_l_apercu_n_ecrit_rien(chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    for attendu in ("2", "", "mille"):
        reponse = chef.post(f"{URL}{recu.pk}/confirmer/", {"attendu": attendu}, follow=True)
        assert "relisez l’aperçu" in reponse.content.decode()
    assert Fiche.objects.count() == 0


def test_la_meme_confirmation_envoyee_deux_fois_donne_la_meme_reponse(chef):
    envoyer(chef)
    recu = ImportPlan.objects.get()
    envois = [
        chef.post(f"{URL}{recu.pk}/confirmer/", {"attendu": 1, "_soumission": "cle-unique"}) for _ in range(2)
    ]
    assert envois[0].headers["Location"] == envois[1].headers["Location"] == f"{URL}{recu.pk}/"
    assert Fiche.objects.count() == 1


def test_le_fichier_corrige_ne_reprend_que_les_nouvelles_lignes(chef):
    envoyer(chef)
    premier = ImportPlan.objects.get()
    chef.post(f"{URL}{premier.pk}/confirmer/", {"attendu": 1})
    envoyer(chef, CSV.replace("Chirac;-3", "Chirac;3"))
    second = ImportPlan.objects.get(etat="lu")
    page = chef.get(f"{URL}{second.pk}/").content.decode()
    assert "1 fiche prête à être importée, 2 lignes rejetées" in page
    assert "est déjà la fiche n° 1 du plan" in page


def test_l_apercu_tient_en_peu_de_requetes_et_de_html(demarche, chef, django_assert_max_num_queries):
    titres = "Intitulé;Maître d’ouvrage;Coût HT;" + ";".join(f"Colonne {i}" for i in range(20))
    lignes = "".join(
        f"Projet {i};{'Chirac' if i % 2 else 'Inconnue'};1000;{';'.join('x' * 20)}\n" for i in range(300)
    )
    envoyer(chef, f"{titres}\n{lignes}")
    recu = ImportPlan.objects.get()
    with django_assert_max_num_queries(12):
        page = chef.get(f"{URL}{recu.pk}/")
    assert len(page.content) < 60_000
    with django_assert_max_num_queries(8):
        chef.get(URL)


def test_chaque_liste_de_choix_a_son_etiquette(chef):
    envoyer(chef)
    page = chef.get(f"{URL}{ImportPlan.objects.get().pk}/").content.decode()
    for rang in range(4):
        assert f'<label for="id_colonne_{rang}">' in page
        assert f'<select name="colonne_{rang}" id="id_colonne_{rang}">' in page


def test_un_nom_de_fichier_et_des_titres_hostiles_restent_du_texte(chef):
    envoyer(chef, CSV.replace("DETR acquise", "<script>alert(1)</script>"), "<img src=x>.csv")
    page = chef.get(f"{URL}{ImportPlan.objects.get().pk}/").content.decode()
    assert "<script>alert" not in page
    assert "<img src=x>" not in page
    assert "&lt;script&gt;" in page
