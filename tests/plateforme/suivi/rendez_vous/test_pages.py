"""The pages: from the meeting and the bilan to the pack, each question decided in one gesture."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.reunions.genres import USUELS
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import DossierRendezVous
from arpent.plateforme.suivi.rendez_vous import production, views
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

from .conftest import LE, fixer

Connecte = Callable[[Agent], Client]


def url(reunion: Reunion, suite: str = "") -> str:
    return f"/territoires/gevaudan/rendez-vous/{reunion.pk}/{suite}"


@pytest.fixture
def genere(rdv: Reunion, retenus: Monde) -> DossierRendezVous:
    return production.generer(rdv, le=LE, par=retenus.chef)


def test_la_page_s_ouvre_depuis_la_reunion_et_depuis_le_bilan(
    rdv: Reunion, retenus: Monde, connecte: Connecte
) -> None:
    client = connecte(retenus.chef)
    assert url(rdv) in client.get(f"/territoires/gevaudan/reunions/{rdv.pk}/").content.decode()
    assert "/territoires/gevaudan/rendez-vous/" in client.get("/territoires/gevaudan/bilan/").content.decode()
    liste = client.get("/territoires/gevaudan/rendez-vous/").content.decode()
    assert url(rdv) in liste
    assert "pas encore" in liste
    vue = connecte(retenus.maire).get("/territoires/gevaudan/rendez-vous/").content.decode()
    assert rdv.titre in vue
    assert url(rdv) not in vue


def test_une_autre_reunion_n_a_pas_de_dossier(retenus: Monde, connecte: Connecte) -> None:
    autre = Reunion(demarche=retenus.demarche, titre="COPIL", jour=LE)
    autre.genre, autre.genre_libelle, autre.uid = "copil_annuel", "COPIL", "x"
    autre.save()
    client = connecte(retenus.chef)
    assert client.get(url(autre)).status_code == 404
    assert "rendez-vous/" not in client.get(f"/territoires/gevaudan/reunions/{autre.pk}/").content.decode()
    assert not any(g.est_rendez_vous for g in USUELS if g.code == "copil_annuel")


def test_qui_ne_conduit_pas_n_entre_pas(rdv: Reunion, retenus: Monde, connecte: Connecte) -> None:
    for suite in ("generer/", "relever/", "a-regler/"):
        assert connecte(retenus.maire).post(url(rdv, suite)).status_code == 403
    assert connecte(retenus.maire).get(url(rdv)).status_code == 403
    assert connecte(fabrique.agent("president_epci", retenus.voisine)).get(url(rdv)).status_code == 404


def test_un_territoire_seul_n_ouvre_pas_le_dossier_de_plusieurs(
    a_deux: Reunion, retenus: Monde, connecte: Connecte
) -> None:
    refus = connecte(retenus.president).get(url(a_deux))
    assert refus.status_code == 403
    assert "Halle" not in refus.content.decode()


def test_la_page_dit_ce_qui_sera_dit(rdv: Reunion, retenus: Monde, connecte: Connecte) -> None:
    page = connecte(retenus.chef).get(url(rdv)).content.decode()
    assert "25\u202f000\u00a0€ d’aides décidés" in page
    assert "L’architecte est parti." in page
    assert "Aucune question dans le dossier" in page


def test_generer_puis_telecharger(rdv: Reunion, retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    page = client.post(url(rdv, "generer/"), follow=True).content.decode()
    assert "Le dossier est prêt" in page
    dossier = rdv.dossiers_rendez_vous.get()
    assert dossier.livret.sha256[:12] in page
    assert dossier.genere_par_nom in page
    debuts = {"pptx": b"PK", "pdf": b"%PDF-", "xlsx": b"PK", "zip": b"PK"}
    for format, debut in debuts.items():
        reponse = client.get(url(rdv, f"generes/{dossier.pk}/{format}/"))
        assert reponse.content.startswith(debut)
        assert "2026-06-10-florac" in reponse.headers["Content-Disposition"]
    archive = zipfile.ZipFile(io.BytesIO(reponse.content))
    assert sorted(n.rpartition(".")[2] for n in archive.namelist()) == ["pdf", "pptx", "xlsx"]
    assert client.get(url(rdv, f"generes/{dossier.pk}/docx/")).status_code == 404
    assert "généré le" in client.get("/territoires/gevaudan/rendez-vous/").content.decode()


def test_un_dossier_d_ailleurs_ou_perdu_est_introuvable(
    genere: DossierRendezVous, rdv: Reunion, retenus: Monde, connecte: Connecte
) -> None:
    client = connecte(retenus.chef)
    autre = fixer(retenus)
    assert client.get(url(autre, f"generes/{genere.pk}/pdf/")).status_code == 404
    genere.livret.fichier.storage.delete(genere.livret.fichier.name)
    assert client.get(url(rdv, f"generes/{genere.pk}/zip/")).status_code == 404
    assert connecte(retenus.maire).get(url(rdv, f"generes/{genere.pk}/xlsx/")).status_code == 403


def test_un_rendu_impossible_le_dit(
    rdv: Reunion, retenus: Monde, connecte: Connecte, monkeypatch: pytest.MonkeyPatch
) -> None:
    def echouer(*_: Any, **__: Any) -> None:
        raise views.DossierRefuse("Le PDF n’a pas été produit.")

    monkeypatch.setattr(views, "generer", echouer)
    page = connecte(retenus.chef).post(url(rdv, "generer/"), follow=True).content.decode()
    assert "Le PDF n’a pas été produit." in page


def test_relever_ajouter_ordonner(a_deux: Reunion, voisin: Fiche, retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    page = client.post(url(a_deux, "relever/"), follow=True).content.decode()
    assert "de plus." in page
    assert "Rien de nouveau" in client.post(url(a_deux, "relever/"), follow=True).content.decode()
    assert client.post(url(a_deux, "a-regler/"), {"texte": " "}).status_code == 422
    client.post(url(a_deux, "a-regler/"), {"texte": "Et la halle ?", "objet": f"f{voisin.pk}"})
    neuve = a_deux.questions.get(texte="Et la halle ?")
    assert (neuve.objet_genre, neuve.objet_id, neuve.objet_demarche) == ("fiche", 1, retenus.voisine)
    client.post(url(a_deux, "a-regler/"), {"texte": "Partout", "objet": f"d{retenus.demarche.pk}"})
    assert a_deux.questions.get(texte="Partout").objet_demarche is None
    client.post(url(a_deux, "a-regler/"), {"texte": "Sur tout", "objet": ""})
    assert a_deux.questions.get(texte="Sur tout").objet_genre == ""
    deplacer = url(a_deux, f"a-regler/{neuve.pk}/")
    client.post(deplacer, {"geste": "retirer"})
    page = client.get(url(a_deux)).content.decode()
    assert "1 question retirée du dossier" in page
    client.post(deplacer, {"geste": "remettre"})
    assert "retirée du dossier" not in client.get(url(a_deux)).content.decode()
    refus = client.post(deplacer, {"geste": "descendre"}, follow=True).content.decode()
    assert "déjà au bout" in refus
    ailleurs = QuestionReunion.objects.create(reunion=fixer(retenus), texte="?")
    assert client.post(url(a_deux, f"a-regler/{ailleurs.pk}/"), {"geste": "retirer"}).status_code == 404


def test_une_reunion_close_ne_prend_plus_de_question(retenus: Monde, late: Fiche, connecte: Connecte) -> None:
    reunion = fixer(retenus, etat="envoyee")
    client = connecte(retenus.chef)
    page = client.post(url(reunion, "a-regler/"), {"texte": "Trop tard"})
    assert page.status_code == 422
    assert "n’y est pas possible" in page.content.decode()
    assert "n’y est pas possible" in client.post(url(reunion, "relever/"), follow=True).content.decode()


def test_une_question_devient_une_tache(
    question: QuestionReunion, rdv: Reunion, late: Fiche, retenus: Monde, connecte: Connecte
) -> None:
    client = connecte(retenus.chef)
    ici = url(rdv, f"a-regler/{question.pk}/decider/")
    page = client.get(ici).content.decode()
    assert f'value="o{late.maitre_ouvrage_id}" selected' in page
    fautive = client.post(ici, {"texte": "", "porteur": f"o{late.maitre_ouvrage_id}", "echeance": ""})
    assert fautive.status_code == 422
    assert "Écrivez la décision." in fautive.content.decode()
    saisie = {
        "texte": "Relancer le marché.",
        "porteur": f"o{late.maitre_ouvrage_id}",
        "echeance": (date.today() + timedelta(days=30)).isoformat(),
    }
    assert "La décision 1 est prise" in client.post(ici, saisie, follow=True).content.decode()
    decision = Decision.objects.get()
    assert (decision.objet_genre, decision.objet_id) == ("fiche", late.numero)
    page = client.get(url(rdv)).content.decode()
    assert f"/reunions/decisions/{decision.pk}/" in page
    assert f"a-regler/{question.pk}/decider/" not in page
    encore = client.post(ici, saisie)
    assert encore.status_code == 422
    assert "déjà sa décision" in encore.content.decode()


def test_une_tache_se_confie_a_une_personne_conviee(
    question: QuestionReunion, rdv: Reunion, retenus: Monde, connecte: Connecte
) -> None:
    membre = rdv.membres.create(groupe="invites", nom="Ada Roux", origine="invite")
    saisie = {"texte": "Appeler.", "porteur": f"m{membre.pk}", "echeance": "2026-07-01"}
    connecte(retenus.chef).post(url(rdv, f"a-regler/{question.pk}/decider/"), saisie)
    assert Decision.objects.get().responsable_nom == "Ada Roux"


def test_une_question_ouvre_un_avenant(accord: Monde, en_vigueur: Contrat, connecte: Connecte) -> None:
    reunion, fiche = fixer(accord), accord.fiches[0]
    question = QuestionReunion.objects.create(
        reunion=reunion, texte="Décaler d’un an ?", objet_genre="fiche", objet_id=fiche.numero
    )
    client = connecte(accord.chef)
    ici = url(reunion, f"a-regler/{question.pk}/avenant/")
    assert ici in client.get(url(reunion)).content.decode()
    page = client.get(ici).content.decode()
    assert "Décaler d’un an ?" in page
    assert f'value="{fiche.pk}"' in page
    saisie = {"objet": "Décaler la halle.", "lignes": [str(fiche.pk)], "genre": "annee", "motif": "Retard."}
    for manque, mot in (
        ({"annee": ""}, "Choisissez la nouvelle année."),
        ({"genre": "montant"}, "Écrivez le nouveau montant."),
        (
            {"genre": "montant", "montant": "10", "lignes": [str(f.pk) for f in accord.fiches[:2]]},
            "n’en cochez qu’un",
        ),
    ):
        refus = client.post(ici, saisie | manque)
        assert refus.status_code == 422
        assert mot in refus.content.decode()
    assert (
        "Le projet d’avenant est ouvert"
        in client.post(ici, saisie | {"annee": "2027"}, follow=True).content.decode()
    )
    avenant = Avenant.objects.get()
    page = client.get(url(reunion)).content.decode()
    assert f"/contrat/avenants/{avenant.pk}/" in page
    assert Decision.objects.get().objet_id == avenant.pk


def test_sans_contrat_en_vigueur_l_avenant_dit_pourquoi(
    question: QuestionReunion, rdv: Reunion, retenus: Monde, connecte: Connecte
) -> None:
    client = connecte(retenus.chef)
    ici = url(rdv, f"a-regler/{question.pk}/avenant/")
    assert ici not in client.get(url(rdv)).content.decode()
    assert "n’est pas encore préparé" in client.get(ici, follow=True).content.decode()


def test_qui_ne_prepare_pas_d_avenant_n_en_ouvre_pas(
    accord: Monde, en_vigueur: Contrat, connecte: Connecte
) -> None:
    reunion = fixer(accord)
    question = QuestionReunion.objects.create(reunion=reunion, texte="?")
    mission = connecte(fabrique.agent("mission_appui", accord.demarche))
    ici = url(reunion, f"a-regler/{question.pk}/avenant/")
    assert mission.get(url(reunion)).status_code == 200
    assert ici not in mission.get(url(reunion)).content.decode()
    assert mission.get(ici).status_code == 403
    assert not Avenant.objects.exists()


def test_les_requetes_de_la_page_sont_bornees(
    a_deux: Reunion, retenus: Monde, connecte: Connecte, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    client = connecte(retenus.chef)
    client.get(url(a_deux))
    for numero in range(50, 80):
        fabrique.fiche(retenus.demarche, numero=numero, etat="retenue")
        QuestionReunion.objects.create(
            reunion=a_deux, texte=f"? {numero}", objet_genre="fiche", objet_id=1,
            objet_demarche=retenus.voisine,
        )  # fmt: skip
    with django_assert_max_num_queries(70):
        client.get(url(a_deux))
