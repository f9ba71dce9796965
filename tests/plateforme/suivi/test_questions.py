"""The questions of evaluation: what the data say, the answer and its states."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.suivi.models import CadreEvaluation, ReponseEvaluation, VersionReponseEvaluation
from arpent.plateforme.suivi.questions import actions
from arpent.plateforme.suivi.questions.actions import ReponseRefusee
from arpent.plateforme.suivi.questions.cadre import cadre_de
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/evaluation/questions/"
UNE = "/territoires/gevaudan/bilan/evaluation/question/"


def ecrire(client: Client, texte: str, version: int = 1, code: str = "efficacite") -> Any:
    return client.post(f"{UNE}{code}/reponse/", {"texte": texte, "version_lue": str(version)})


def geste(client: Client, quoi: str, code: str = "efficacite") -> Any:
    return client.post(f"{UNE}{code}/geste/", {"geste": f"{quoi}_reponse_evaluation"}, follow=True)


def test_chaque_question_a_ses_chiffres_tires_des_donnees(retenus: Monde, connecte: Connecte) -> None:
    page = connecte(retenus.chef).get(RACINE).content.decode()
    assert "6 questions d’évaluation, aucune réponse encore" in page
    assert "25\u202f000,00\u00a0€" in page  # granted by the contract
    assert "sur 2" in page  # projects tied to no enjeu, out of those retained
    assert page.count("Question proposée par Arpent") == 6
    assert "À rédiger" in page


def test_une_reponse_s_ecrit_se_valide_et_se_rouvre(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    assert ecrire(client, "Deux projets sur deux avancent.").status_code == 302
    reponse = ReponseEvaluation.objects.get()
    assert (reponse.etat, reponse.redigee_par_nom) == ("redigee", retenus.chef.nom_complet)
    assert ecrire(client, "Un projet avance.", reponse.version).status_code == 302
    assert [v.texte for v in VersionReponseEvaluation.objects.order_by("numero")] == [
        "Deux projets sur deux avancent.", "Un projet avance.",
    ]  # fmt: skip
    page = geste(client, "valider").content.decode()
    assert "Validée" in page
    assert "Enregistrer la réponse" not in page
    assert "Versions précédentes" in page
    reponse.refresh_from_db()
    assert ecrire(client, "Trop tard.", reponse.version).status_code == 422
    assert "Enregistrer la réponse" in geste(client, "rouvrir").content.decode()
    gestes = Entree.objects.filter(objet_type="suivi.reponseevaluation").values_list("geste", flat=True)
    assert set(gestes) == {
        "rediger_reponse_evaluation", "valider_reponse_evaluation", "rouvrir_reponse_evaluation",
    }  # fmt: skip


def test_deux_redacteurs_ne_s_effacent_pas(retenus: Monde, connecte: Connecte) -> None:
    assert ecrire(connecte(retenus.chef), "La mienne.").status_code == 302
    assert ecrire(connecte(retenus.president), "La sienne.").status_code == 409
    assert ReponseEvaluation.objects.get().texte == "La mienne."


def test_ce_qui_n_a_pas_d_effet_est_dit(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    assert ecrire(client, "  ").status_code == 422
    assert "n’est pas possible" in geste(client, "valider").content.decode()
    assert client.get(f"{UNE}inconnue/").status_code == 404
    assert not ReponseEvaluation.objects.exists()
    with pytest.raises(ReponseRefusee, match="pas de l’évaluation"):
        actions.ecrire_reponse(retenus.demarche, "inconnue", "Texte", version_lue=1, par=None)
    with pytest.raises(ReponseRefusee, match="Écrivez la réponse"):
        actions.changer_etat(retenus.demarche, "impact", "rediger_reponse_evaluation", par=None)
    with pytest.raises(ReponseRefusee, match="trop longue"):
        actions.ecrire_reponse(retenus.demarche, "impact", "x" * 20_001, version_lue=1, par=None)


def test_un_territoire_garde_les_questions_de_son_depart(retenus: Monde) -> None:
    dispositif = retenus.demarche.processus.dispositif
    actions.ecrire_reponse(retenus.demarche, "impact", "Rien encore.", version_lue=1, par=None)
    assert CadreEvaluation.objects.count() == 1
    critere = {"code": "c", "libelle": "Critère"}
    dispositif.parametres = {
        "evaluation": {"questions": [{"code": "nouvelle", "libelle": "Nouvelle ?", "criteres": [critere]}]}
    }
    dispositif.save()
    retenus.demarche.refresh_from_db()
    retenus.voisine.refresh_from_db()
    assert len(cadre_de(retenus.demarche).questions) == 6
    assert [q.code for q in cadre_de(retenus.voisine).questions] == ["nouvelle"]


def test_qui_ne_fait_que_lire_n_ecrit_pas(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.maire)
    page = client.get(f"{UNE}efficacite/")
    assert page.status_code == 200
    assert "Enregistrer la réponse" not in page.content.decode()
    assert ecrire(client, "Non.").status_code == 403
    ailleurs = connecte(fabrique.agent("maire", retenus.voisine))
    assert ailleurs.get(RACINE).status_code == 404


def test_les_requetes_sont_comptees(
    retenus: Monde, connecte: Connecte, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = connecte(retenus.chef)
    client.get(RACINE)
    with django_assert_max_num_queries(32):
        client.get(RACINE)
