"""Ranks come back with their rights, the state does not, a whole row is taken or left."""

import pytest

from arpent.plateforme.echanges.models import ImportPlan
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import enregistrer_fiche, lignes_de
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.echanges.retour import IMPORT, confirmer, exporter, renvoyer, texte

pytestmark = pytest.mark.django_db


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
