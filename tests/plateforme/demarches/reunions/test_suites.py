"""What is prepared and closed: contributions of the services, questions, slots, files."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import time, timedelta
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import actions, objets, suites
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.plans.models import AvisService, Fiche
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme import fabrique

from .conftest import preparer

pytestmark = pytest.mark.django_db
Connecte = Callable[[Agent], Client]


@pytest.fixture
def coordination(demarche: Demarche) -> Reunion:
    return preparer(demarche, "coordination")


def url(nom: str, reunion: Reunion, pk: int | None = None) -> str:
    return reverse(f"reunions:{nom}", args=[reunion.demarche.slug, pk or reunion.pk])


def test_chaque_service_rend_sa_contribution_et_les_muets_sont_dits(
    client_cheffe: Client, connecte: Connecte, coordination: Reunion, demarche: Demarche
):
    for service in ("Routes", "Eau"):
        envoi = {"service": service, "theme": "Voirie"}
        client_cheffe.post(url("contribution_demander", coordination), envoi)
    routes = coordination.contributions.get(service="Routes")
    instructeur = connecte(fabrique.agent("instructeur", demarche))
    instructeur.post(
        url("contribution", coordination, routes.pk),
        {"texte": "Trois ponts", "avis": "reserve", "credits_proposes": "180000,50", "version_lue": 1},
    )
    page = client_cheffe.get(url("contributions", coordination))
    assert [c.service for c in page.context["muettes"]] == ["Eau"]
    assert page.context["total"] == Decimal("180000.50")
    perime = {"texte": "x", "version_lue": 1}
    assert instructeur.post(url("contribution", coordination, routes.pk), perime).status_code == 409


def test_un_credit_negatif_est_refuse(client_cheffe: Client, coordination: Reunion):
    c = coordination.contributions.create(service="Routes", theme="Voirie")
    envoi = {"texte": "x", "credits_proposes": "-5", "version_lue": 1}
    assert client_cheffe.post(url("contribution", coordination, c.pk), envoi).status_code == 422


def test_les_contributions_des_services_ne_sortent_pas_de_l_autorite(
    connecte: Connecte, coordination: Reunion, demarche: Demarche
):
    president = connecte(fabrique.agent("president_epci", demarche))
    assert president.get(url("contributions", coordination)).status_code == 403
    page = president.get(url("reunion", coordination)).content.decode()
    assert url("contributions", coordination) not in page


def test_un_service_n_est_demande_qu_une_fois_par_theme(coordination: Reunion, cheffe: Agent):
    suites.demander_contribution(coordination, "Routes", "Voirie", par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="déjà attendu"):
        suites.demander_contribution(coordination, "Routes", "Voirie", par=cheffe)


def test_les_projets_bloques_sont_releves_une_fois_sans_rien_de_reserve(
    client_cheffe: Client, demarche: Demarche
):
    permanence = preparer(demarche, "permanence")
    longtemps = timezone.now() - timedelta(days=200)
    vieille = fabrique.fiche(demarche, titre="À compléter", etat="a_completer")
    fabrique.fiche(demarche, titre="Récente", etat="a_completer")
    fabrique.fiche(demarche, titre="Sans acte", etat="retenue")
    oubliee = fabrique.fiche(demarche, titre="Oubliée", etat="contractualisee")
    Fiche.objects.filter(pk__in=[vieille.pk, oubliee.pk]).update(modifie_le=longtemps)
    for titre, confidentiel in (("Partagé", False), ("Réservé à l’autorité", True)):
        AvisService.objects.create(
            fiche=fabrique.fiche(demarche, titre=titre), service="Routes", question="?", sens="reserve",
            echeance_le=longtemps.date(), rendu_le=longtemps, confidentiel=confidentiel,
        )  # fmt: skip
    for _ in range(2):
        client_cheffe.post(url("questions", permanence), {"relever": "1"})
    relevees = [q.texte.partition(" (")[0] for q in permanence.questions.all()]
    assert relevees == ["À compléter", "Sans acte", "Partagé", "Oubliée"]


def test_une_question_est_close_par_sa_reponse_et_sa_decision(
    client_cheffe: Client, reunion: Reunion, cheffe: Agent
):
    question = reunion.questions.create(texte="Quand ?")
    decision = reunion.decisions.create(numero=1, texte="En mars")
    page = url("question", reunion, question.pk)
    assert client_cheffe.post(page, {"reponse": " "}).status_code == 422
    client_cheffe.post(page, {"reponse": "Au printemps", "decision": decision.pk})
    question.refresh_from_db()
    assert (question.reponse, question.decision) == ("Au printemps", decision)
    assert question.close_le is not None


def test_un_creneau_pris_ne_se_prend_plus_et_reste_discret(
    connecte: Connecte, client_cheffe: Client, demarche: Demarche
):
    permanence = preparer(demarche, "permanence")
    client_cheffe.post(url("creneaux", permanence), {"debut": "09:00", "nombre": 3, "duree_minutes": 30})
    assert [c.debut for c in permanence.creneaux.all()] == [time(9), time(9, 30), time(10)]
    premier = permanence.creneaux.first()
    assert premier is not None
    maire = connecte(fabrique.agent("maire", demarche, nom="Un"))
    autre = connecte(fabrique.agent("maire", demarche, nom="Deux"))
    envoi = {"pour": "Florac", "sujet": "École"}
    maire.post(url("creneau", permanence, premier.pk), envoi)
    reponse = autre.post(url("creneau", permanence, premier.pk), envoi | {"pour": "Autre"}, follow=True)
    assert "vient d’être pris" in reponse.content.decode()
    assert "École" not in reponse.content.decode()
    assert autre.post(url("creneau", permanence, premier.pk), {"liberer": "1"}).status_code == 403
    maire.post(url("creneau", permanence, premier.pk), {"liberer": "1"})
    premier.refresh_from_db()
    assert (premier.pour, premier.pris_le) == ("", None)


def test_des_creneaux_apres_minuit_sont_refuses(reunion: Reunion, cheffe: Agent):
    with pytest.raises(actions.ReunionRefusee, match="minuit"):
        suites.ouvrir_creneaux(reunion, time(23), 4, 30, par=cheffe)


PDF = b"%PDF-1.7 note"


def test_un_document_joint_est_dans_le_dossier_avec_son_sommaire(client_cheffe: Client, reunion: Reunion):
    point = reunion.points.first()
    assert point is not None
    fichier = SimpleUploadedFile("note é.pdf", PDF)
    client_cheffe.post(
        url("deposer", reunion), {"titre": "Note d’étape", "point": point.pk, "fichier": fichier}
    )
    piece = reunion.pieces.get()
    assert (piece.point, piece.type_mime) == (point, "application/pdf")
    with zipfile.ZipFile(io.BytesIO(client_cheffe.get(url("dossier", reunion)).content)) as archive:
        assert archive.namelist() == ["00-convocation.pdf", "01-1-note-d-etape.pdf", "SOMMAIRE.txt"]
        assert archive.read("01-1-note-d-etape.pdf") == PDF
        assert piece.sha256 in archive.read("SOMMAIRE.txt").decode()
    assert client_cheffe.get(url("fichier", reunion, piece.pk)).content == PDF
    client_cheffe.post(url("fichier_retirer", reunion, piece.pk))
    assert client_cheffe.get(url("fichier", reunion, piece.pk)).status_code == 404


@pytest.mark.parametrize(("contenu", "refus"), [(b"<html>", "n’est"), (b"", "vide")])
def test_un_fichier_d_un_autre_genre_est_refuse(reunion: Reunion, cheffe: Agent, contenu: bytes, refus: str):
    with pytest.raises(actions.ReunionRefusee, match=refus):
        suites.deposer(reunion, Envoi("x.pdf", contenu), titre="x", point=None, par=cheffe)


def test_le_meme_fichier_n_est_joint_qu_une_fois(reunion: Reunion, cheffe: Agent):
    suites.deposer(reunion, Envoi("x.pdf", PDF), titre="x", point=None, par=cheffe)
    with pytest.raises(actions.ReunionRefusee, match="déjà joint"):
        suites.deposer(reunion, Envoi("y.pdf", PDF), titre="y", point=None, par=cheffe)


def test_les_salles_declarent_leurs_objets(demarche: Demarche):
    codes = {code for code, _ in objets.genres()}
    assert {"fiche", "enjeu", "scenario", "avenant", "article", "etape"} <= codes
    etape = demarche.etapes.get(code="copil")
    assert objets.trouver(demarche, "etape", "lancement").id == etape.pk
    assert objets.adresse(demarche, "inconnu", 1) == ""
