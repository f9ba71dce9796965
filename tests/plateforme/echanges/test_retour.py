"""The plan goes out as a workbook, is changed in a spreadsheet, comes back: nothing lost, nothing unseen."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import enregistrer_fiche, lignes_de
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges.retour import EXPORT, IMPORT, confirmer, exporter, renvoyer, texte
from tests.plateforme.echanges.tableur import Classeur

pytestmark = pytest.mark.django_db


def test_un_classeur_renvoye_tel_quel_ne_change_rien(demarche, chef, pont, tmp_path):
    reponse = renvoyer(chef, exporter(chef), tmp_path)
    assert "Ce classeur ne change rien au plan" in texte(reponse)
    lecture = ImportPlan.objects.get()
    assert (lecture.genre, lecture.lignes["lues"], lecture.lignes["cellules"]) == ("retour", 1, [])


def test_chaque_cellule_changee_est_montree_puis_ecrite(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "titre", "=Pont & <b>passerelle</b>")
    classeur.poser(7, "cout_ht", "12 345,67 €")
    classeur.poser(7, "debut_le", "décembre 2027")
    classeur.poser(7, "theme", "Cadre de vie")
    classeur.poser(7, "axe", "1. Vivre au pays")
    classeur.poser(7, "commune", "Chirac")
    classeur.poser(7, "assiette", "")
    reponse = renvoyer(chef, classeur, tmp_path)
    page = texte(reponse)
    assert "7 cellules modifiées dans 1 fiche" in page
    assert "1\u202f000,10\xa0€" in page
    assert "12\u202f345,67\xa0€" in page
    assert "&lt;b&gt;passerelle" in page
    assert "<b>passerelle" not in page
    assert Fiche.objects.get().titre == "Pont du Lot"
    page = texte(confirmer(chef, reponse))
    assert "7 cellules reprises dans 1 fiche" in page
    lue = Fiche.objects.get()
    assert (lue.titre, lue.cout_ht, lue.debut_le) == (
        "=Pont & <b>passerelle</b>", Decimal("12345.67"), date(2027, 12, 1),
    )  # fmt: skip
    assert (lue.theme.code, lue.axe.numero, lue.commune.nom, lue.assiette) == (
        "cadre-de-vie",
        1,
        ("Chirac"),
        None,
    )
    assert lue.description == "Ligne 1\r\nLigne 2\ttabulée"
    entree = Entree.objects.get(geste="modifier")
    assert (entree.avant["titre"], entree.apres["titre"]) == ("Pont du Lot", "=Pont & <b>passerelle</b>")
    assert Entree.objects.get(geste="reprendre_plan").apres["cellules"] == 7


def test_un_conflit_montre_les_trois_valeurs_et_garde_arpent_sans_choix(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Titre du tableur")
    classeur.poser(7, "annee", 2028)
    pont.titre = "Titre d’Arpent"
    enregistrer_fiche(pont, lignes_de(pont), par=None, version_lue=pont.version)
    reponse = renvoyer(chef, classeur, tmp_path)
    page = texte(reponse)
    for valeur in ("Pont du Lot", "Titre d’Arpent", "Titre du tableur", "Changé entre-temps"):
        assert valeur in page
    confirmer(chef, reponse)
    lue = Fiche.objects.get()
    assert (lue.titre, lue.annee) == ("Titre d’Arpent", 2028)
    lecture = ImportPlan.objects.get()
    csv = chef.get(f"{IMPORT}{lecture.pk}/rejets.csv").content.decode("utf-8-sig")
    assert "Titre du tableur" in csv


def test_un_conflit_choisi_prend_la_valeur_du_fichier(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Titre du tableur")
    pont.titre = "Titre d’Arpent"
    enregistrer_fiche(pont, lignes_de(pont), par=None, version_lue=pont.version)
    reponse = renvoyer(chef, classeur, tmp_path)
    confirmer(chef, reponse, f"{pont.pk}:titre")
    assert Fiche.objects.get().titre == "Titre du tableur"


def test_le_plan_qui_change_apres_l_apercu_n_est_pas_ecrase(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Titre du tableur")
    reponse = renvoyer(chef, classeur, tmp_path)
    pont.titre = "Titre d’Arpent"
    enregistrer_fiche(pont, lignes_de(pont), par=None, version_lue=pont.version)
    page = texte(confirmer(chef, reponse))
    assert "Le plan a changé depuis cet aperçu" in page
    assert Fiche.objects.get().titre == "Titre d’Arpent"


def test_les_financements_s_ajoutent_et_ne_se_retirent_qu_apres_choix(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.financer(7, "Région", "FEDER – volet 2", "Sollicité", date(2027, 1, 5), 200.5)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "FEDER – volet 2" in texte(reponse)
    confirmer(chef, reponse)
    assert [(x.financeur.value, x.montant) for x in lignes_de(Fiche.objects.get())] == [
        ("etat", Decimal("300.05")), ("region", Decimal("200.50")),
    ]  # fmt: skip
    classeur = exporter(chef)
    classeur.retirer_financements(lambda row: row[1] == "Région")
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "Des lignes du plan ont disparu du fichier" in texte(reponse)
    confirmer(chef, reponse)
    assert len(lignes_de(Fiche.objects.get())) == 2
    reponse = renvoyer(chef, classeur, tmp_path)
    confirmer(chef, reponse, f"{pont.pk}:financements")
    assert [x.financeur.value for x in lignes_de(Fiche.objects.get())] == ["region"]


def test_un_nouveau_projet_entre_avec_ses_financements(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.ajouter(numero=50, titre="École", maitre_ouvrage="Commune de Marvejols", cout_ht=5000)
    classeur.financer(50, "État", "DETR", "Acquis", "", 1000)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "1 nouveau projet" in texte(reponse)
    confirmer(chef, reponse)
    ecole = Fiche.objects.get(titre="École")
    assert (ecole.etat, ecole.cout_ht, ecole.montant_acquis) == (
        "brouillon",
        Decimal("5000.00"),
        Decimal("1000"),
    )
    assert ecole.maitre_ouvrage.nom == "Commune de Marvejols"


def test_une_ligne_copiee_est_un_nouveau_projet(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    copie = list(classeur.ligne(7))
    copie[classeur.colonne("titre")] = "Pont du Lot, seconde tranche"
    classeur.fiches.append(copie)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "copie d’une autre ligne" in texte(reponse)
    confirmer(chef, reponse)
    assert Fiche.objects.count() == 2


def test_une_ligne_retiree_ne_supprime_rien(demarche, chef, pont, tmp_path):
    autre = fabrique.fiche(demarche, numero=8, titre="École")
    classeur = exporter(chef)
    classeur.retirer(8)
    classeur.poser(7, "annee", 2029)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "1 fiche du plan n’a plus de ligne" in texte(reponse)
    confirmer(chef, reponse)
    assert Fiche.objects.filter(pk=autre.pk).exists()


@pytest.mark.parametrize(
    ("code", "valeur", "cause"),
    [
        ("cout_ht", "beaucoup", "n’est pas un montant"),
        ("cout_ht", "", "ne peut pas être vide"),
        ("titre", "", "ne peut pas être vide"),
        ("titre", "é" * 301, "301 caractères"),
        ("debut_le", "bientôt", "n’est pas une date"),
        ("annee", 3000, "n’est pas une année"),
        ("annee", 2027.5, "n’est pas un nombre entier"),
        ("theme", "Astronautique", "n’est pas une valeur admise"),
        ("maitre_ouvrage", "Ville de Paris", "n’est pas une structure de ce territoire"),
        ("assiette", 5000, "dépasse le coût HT"),
        ("fin_le", date(2026, 1, 1), "précède leur début"),
    ],
)
def test_une_cellule_fausse_est_rejetee_avec_sa_cause_et_le_reste_entre(
    demarche, chef, pont, tmp_path, code, valeur, cause
):
    autre = fabrique.fiche(demarche, numero=8, titre="École")
    classeur = exporter(chef)
    classeur.poser(7, code, valeur)
    classeur.poser(8, "titre", "École maternelle")
    reponse = renvoyer(chef, classeur, tmp_path)
    assert cause in texte(reponse)
    confirmer(chef, reponse)
    autre.refresh_from_db()
    assert autre.titre == "École maternelle"
    assert str(getattr(Fiche.objects.get(pk=pont.pk), code)) == str(getattr(pont, code))


def test_lignes_triees_colonnes_deplacees_et_retirees_se_relisent(demarche, chef, pont, tmp_path):
    fabrique.fiche(demarche, numero=8, titre="École")
    classeur = exporter(chef)
    classeur.poser(8, "titre", "École neuve")
    classeur.fiches[2:] = list(reversed(classeur.fiches[2:]))
    description = classeur.colonne("description")
    for row in classeur.fiches:
        row.append(row[classeur_titre := 4])
        del row[description], row[classeur_titre]
    reponse = renvoyer(chef, classeur, tmp_path)
    page = texte(reponse)
    assert "1 cellule modifiée dans 1 fiche" in page
    assert "Colonnes retirées du classeur" in page
    assert "Description" in page


def test_une_fiche_que_l_on_ne_peut_pas_modifier_est_rejetee(demarche, connecte, chef, pont, tmp_path):
    Fiche.objects.update(etat="contractualisee")
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Autre")
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "demandez un avenant" in texte(reponse)


def test_le_classeur_d_un_autre_territoire_est_refuse(demarche, connecte, tmp_path):
    autre = fabrique.demarche(slug="ailleurs")
    admin = connecte(fabrique.agent("administrateur"))
    classeur = Classeur(admin.get("/territoires/ailleurs/plan/a-modifier.xlsx").content)
    assert "autre territoire" in texte(renvoyer(admin, classeur, tmp_path))
    assert autre.fiches.count() == 0


def test_sans_sa_feuille_masquee_le_classeur_est_refuse(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    del classeur.feuilles["Origine"]
    assert "feuille masquée" in texte(renvoyer(chef, classeur, tmp_path))


def test_les_requetes_ne_dependent_pas_du_nombre_de_fiches(
    demarche, chef, tmp_path, django_assert_max_num_queries
):
    for _ in range(30):
        fabrique.financement(fabrique.fiche(demarche), "etat", "10")
    with django_assert_max_num_queries(15):
        contenu = chef.get(EXPORT).content
    classeur = Classeur(contenu)
    for row in classeur.fiches[2:32]:
        row[classeur.colonne("titre")] += " bis"
    renvoyer(chef, classeur, tmp_path)
    with django_assert_max_num_queries(18):
        page = chef.get(f"{IMPORT}{ImportPlan.objects.get().pk}/")
    assert "30 cellules modifiées dans 30 fiches" in texte(page)


def test_qui_n_importe_pas_n_exporte_pas_de_quoi_importer(demarche, connecte):
    maire = connecte(fabrique.agent("maire", demarche))
    assert maire.get(EXPORT).status_code == 403
    ailleurs = connecte(fabrique.agent("agent_epci", fabrique.demarche()))
    assert ailleurs.get(EXPORT).status_code == 404


def test_un_plan_vide_sort_pret_a_remplir(demarche, chef, tmp_path):
    classeur = exporter(chef)
    classeur.ajouter(titre="École", maitre_ouvrage="Commune de Chirac", cout_ht=1)
    reponse = renvoyer(chef, classeur, tmp_path)
    confirmer(chef, reponse)
    assert Fiche.objects.get().titre == "École"


def test_deux_confirmations_n_ecrivent_qu_une_fois(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "annee", 2029)
    reponse = renvoyer(chef, classeur, tmp_path)
    confirmer(chef, reponse)
    assert "déjà confirmé" in texte(confirmer(chef, reponse))
    assert Entree.objects.filter(geste="modifier").count() == 1
