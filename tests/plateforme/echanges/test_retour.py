"""The plan goes out as a workbook, is changed in a spreadsheet, comes back: nothing lost, nothing unseen."""

import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import enregistrer_fiche, lignes_de
from arpent.plateforme.plans.models import Axe, Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges.tableur import Classeur

pytestmark = pytest.mark.django_db
PLAN = "/territoires/gevaudan/plan/"
EXPORT = f"{PLAN}a-modifier.xlsx"
IMPORT = f"{PLAN}importer/"


@pytest.fixture
def demarche():
    communes = [fabrique.commune("Chirac"), fabrique.commune("Marvejols")]
    demarche = fabrique.demarche(fabrique.territoire(fabrique.groupement(*communes)), slug="gevaudan")
    for commune in communes:
        fabrique.organisation("commune", f"Commune de {commune.nom}", commune=commune)
    Axe.objects.create(demarche=demarche, numero=1, libelle="Vivre au pays")
    return demarche


@pytest.fixture
def chef(demarche, connecte):
    return connecte(fabrique.agent("chef_de_projet", demarche))


@pytest.fixture
def pont(demarche):
    fiche = fabrique.fiche(
        demarche,
        numero=7,
        titre="Pont du Lot",
        description="Ligne 1\r\nLigne 2\ttabulée",
        debut_le=date(2027, 3, 1),
        cout_ht=Decimal("1000.10"),
        assiette=Decimal("900.05"),
        aide_demandee=Decimal("100"),
    )
    fabrique.financement(fiche, "etat", "300.05")
    return fiche


def exporter(client):
    reponse = client.get(EXPORT)
    assert reponse.status_code == 200
    return Classeur(reponse.content)


def renvoyer(client, classeur, tmp_path, nom="plan.xlsx"):
    contenu = classeur.enregistrer(tmp_path / "plan.xlsx").read_bytes()
    return client.post(IMPORT, {"fichier": SimpleUploadedFile(nom, contenu)}, follow=True)


def texte(reponse):
    return reponse.content.decode()


def confirmer(client, reponse, *prendre, ligne=()):
    lecture = ImportPlan.objects.latest("pk")
    empreinte = re.search(r'name="empreinte" value="(\w+)"', texte(reponse))[1]
    return client.post(
        f"{IMPORT}{lecture.pk}/reprendre/",
        {"empreinte": empreinte, "prendre": prendre, "ligne": ligne},
        follow=True,
    )


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


# --- ranks, state, whole rows ---------------------------------------------------------------------


def rangs(fiche):
    lue = Fiche.objects.get(pk=fiche.pk)
    return lue.priorite_maitre_ouvrage, lue.priorite_territoire, lue.priorite_autorite


def test_les_trois_rangs_sortent_et_reviennent(demarche, chef, pont, tmp_path):
    Fiche.objects.filter(pk=pont.pk).update(priorite_territoire=4, priorite_autorite=2)
    classeur = exporter(chef)
    assert classeur.lire(7, "priorite_territoire") == 4
    classeur.poser(7, "priorite_maitre_ouvrage", 1)
    classeur.poser(7, "priorite_territoire", 3)
    classeur.poser(7, "priorite_autorite", "")
    classeur.poser(7, "titre", "Pont neuf")
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "Rang du territoire" in texte(reponse)
    assert "4 cellules reprises dans 1 fiche" in texte(confirmer(chef, reponse))
    assert rangs(pont) == (1, 3, None)
    assert Fiche.objects.get().titre == "Pont neuf"
    assert Entree.objects.get(geste="prioriser").apres == {
        "priorite_maitre_ouvrage": 1, "priorite_territoire": 3, "priorite_autorite": None,
    }  # fmt: skip


def test_un_rang_qui_n_est_pas_le_sien_est_refuse_et_le_reste_entre(demarche, connecte, pont, tmp_path):
    agent = connecte(fabrique.agent("agent_epci", demarche))
    classeur = exporter(agent)
    classeur.poser(7, "priorite_territoire", 5)
    classeur.poser(7, "priorite_autorite", 9)
    reponse = renvoyer(agent, classeur, tmp_path)
    assert "Vous ne pouvez pas fixer ce rang : il revient à l’autorité." in texte(reponse)
    confirmer(agent, reponse)
    assert rangs(pont) == (None, 5, None)
    csv = agent.get(f"{IMPORT}{ImportPlan.objects.get().pk}/rejets.csv").content.decode("utf-8-sig")
    assert "Rang de l’autorité" in csv
    assert ";9;" in csv


@pytest.mark.parametrize("valeur", [0, 1000, "premier", 2.5])
def test_un_rang_impossible_dit_pourquoi(demarche, chef, pont, tmp_path, valeur):
    classeur = exporter(chef)
    classeur.poser(7, "priorite_autorite", valeur)
    page = texte(renvoyer(chef, classeur, tmp_path))
    assert "n’est pas un rang" in page or "n’est pas un nombre entier" in page
    assert "Ce classeur ne change rien au plan" in page


def test_le_rang_d_une_fiche_au_contrat_se_change_sans_toucher_au_reste(demarche, chef, pont, tmp_path):
    Fiche.objects.update(etat="contractualisee")
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Autre titre")
    classeur.poser(7, "priorite_autorite", 1)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "demandez un avenant" in texte(reponse)
    confirmer(chef, reponse)
    assert rangs(pont) == (None, None, 1)
    assert Fiche.objects.get().titre == "Pont du Lot"


def test_un_rang_change_des_deux_cotes_attend_un_choix(demarche, chef, pont, tmp_path):
    classeur = exporter(chef)
    classeur.poser(7, "priorite_autorite", 1)
    Fiche.objects.update(priorite_autorite=8, version=2)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "1 cellule attend votre choix" in texte(reponse)
    confirmer(chef, reponse)
    assert rangs(pont) == (None, None, 8)


def test_un_nouveau_projet_entre_sans_le_rang_d_autrui(demarche, connecte, pont, tmp_path):
    agent = connecte(fabrique.agent("agent_epci", demarche))
    classeur = exporter(agent)
    valeurs = {"priorite_territoire": 2, "priorite_autorite": 1, "etat": "Retenue"}
    classeur.ajouter(titre="École", maitre_ouvrage="Commune de Marvejols", cout_ht=5000, **valeurs)
    reponse = renvoyer(agent, classeur, tmp_path)
    assert "Le projet entre sans ce rang." in texte(reponse)
    assert "un nouveau projet entre en brouillon" in texte(reponse)
    confirmer(agent, reponse)
    ecole = Fiche.objects.get(titre="École")
    assert rangs(ecole) == (None, 2, None)
    assert ecole.etat == "brouillon"


@pytest.mark.parametrize("valeur", ["Retenue", ""])
def test_l_etat_ne_se_change_pas_dans_le_classeur(demarche, chef, pont, tmp_path, valeur):
    classeur = exporter(chef)
    assert classeur.lire(7, "etat") == "Proposée"
    classeur.poser(7, "etat", valeur)
    classeur.poser(7, "annee", 2030)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "(« Proposée » à l’export) ne se change pas dans le classeur" in texte(reponse)
    confirmer(chef, reponse)
    lue = Fiche.objects.get()
    assert (lue.etat, lue.annee) == ("proposee", 2030)


def test_un_classeur_sorti_avant_les_rangs_se_relit(demarche, chef, pont, tmp_path):
    """No column of ranks, no state in the hidden sheet: as exported by the version before."""
    classeur = exporter(chef)
    for feuille, codes in (
        (
            classeur.feuilles["Origine"],
            ("etat", "priorite_maitre_ouvrage", "priorite_territoire", "priorite_autorite"),
        ),
        (classeur.fiches, ("priorite_maitre_ouvrage", "priorite_territoire", "priorite_autorite")),
    ):
        for code in codes:
            rang = feuille[0].index(code)
            for row in feuille:
                del row[rang]
    classeur.poser(7, "annee", 2031)
    Fiche.objects.update(priorite_autorite=8)
    reponse = renvoyer(chef, classeur, tmp_path)
    assert "1 cellule modifiée dans 1 fiche" in texte(reponse)
    confirmer(chef, reponse)
    assert rangs(pont) == (None, None, 8)


@pytest.fixture
def disputee(demarche, chef, pont, tmp_path):
    """Two cells changed in the file, one of them in Arpent too; the preview of it."""
    classeur = exporter(chef)
    classeur.poser(7, "titre", "Titre du tableur")
    classeur.poser(7, "annee", 2028)
    pont.titre = "Titre d’Arpent"
    enregistrer_fiche(pont, lignes_de(pont), par=None, version_lue=pont.version)
    return renvoyer(chef, classeur, tmp_path)


def test_toute_la_ligne_se_prend_d_un_coup(chef, pont, disputee):
    assert f'<option value="{pont.pk}:prendre">' in texte(disputee)
    confirmer(chef, disputee, ligne=[f"{pont.pk}:prendre"])
    lue = Fiche.objects.get()
    assert (lue.titre, lue.annee) == ("Titre du tableur", 2028)


def test_toute_la_ligne_se_laisse_meme_si_une_cellule_est_cochee(chef, pont, disputee):
    page = texte(confirmer(chef, disputee, f"{pont.pk}:titre", ligne=[f"{pont.pk}:laisser"]))
    assert "0 cellule" in page
    lue = Fiche.objects.get()
    assert (lue.titre, lue.annee) == ("Titre d’Arpent", 2026)
    csv = chef.get(f"{IMPORT}{ImportPlan.objects.get().pk}/rejets.csv").content.decode("utf-8-sig")
    assert "vous avez laissé toute la ligne" in csv
    assert "Titre du tableur" in csv
    assert "2028" in csv


def test_un_refus_garde_les_choix_deja_faits(demarche, chef, pont, disputee):
    autre = fabrique.fiche(demarche, numero=8)
    Fiche.objects.filter(pk=pont.pk).update(version=12)
    page = texte(
        confirmer(
            chef, disputee, f"{pont.pk}:titre", ligne=[f"{pont.pk}:prendre", f"{autre.pk}:zz", "²:laisser"]
        )
    )
    assert "Le plan a changé depuis cet aperçu" in page
    assert f'value="{pont.pk}:titre" checked' in page
    assert f'value="{pont.pk}:prendre" selected' in page
    assert Fiche.objects.get(pk=pont.pk).titre == "Titre d’Arpent"
