"""Every page of a meeting, from its preparation to the minutes that were sent, by their addresses."""

from __future__ import annotations

import io
import zipfile

import pytest
from django.test import Client
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.notifications.models import Courriel

pytestmark = pytest.mark.django_db


def url(nom: str, reunion: Reunion) -> str:
    return reverse(f"reunions:{nom}", args=[reunion.demarche.slug, reunion.pk])


def geste(client: Client, reunion: Reunion, nom: str, **reste: str) -> str:
    """Makes a gesture of the cycle, and says what the next page answers."""
    reponse = client.post(url("geste", reunion), {"geste": nom, **reste}, follow=True)
    assert reponse.status_code == 200
    return " ".join(str(m) for m in reponse.context["messages"])


def test_de_la_preparation_au_compte_rendu_envoye(client_cheffe: Client, demarche: Demarche):
    c = client_cheffe
    c.post(
        reverse("reunions:creer", args=[demarche.slug]),
        {"genre": "concertation", "jour": "2026-03-12", "heure": "18:30", "duree_minutes": "120",
         "lieu": "Salle des fêtes", "etape": demarche.etapes.get(code="copil").pk},
    )  # fmt: skip
    reunion = Reunion.objects.get()
    assert reunion.titre == "Concertation territoriale, Gorges"
    for nom in ("reunion", "participants", "points", "seance", "compte_rendu", "modifier"):
        assert c.get(url(nom, reunion)).status_code == 200, nom
    page = c.get(url("participants", reunion)).content.decode()
    assert "Aucun maire connu pour 1 commune : Ispagnac." in page
    assert "convocations sont parties" in geste(c, reunion, "convoquer_reunion")
    courriel = Courriel.objects.get(destinataire="durand@exemple.fr", secret=False)
    assert {p.nom for p in courriel.pieces.all()} == {"convocation.pdf", "reunion.ics"}
    assert "tenue" in geste(c, reunion, "tenir_reunion")
    membre = reunion.membres.get(nom="Élu Durand")
    c.post(url("presences", reunion), {f"presence-{membre.pk}": "represente", f"par-{membre.pk}": "Ada Test"})
    point = reunion.points.first()
    assert point is not None
    reponse = c.post(
        reverse("reunions:notes", args=[demarche.slug, point.pk]),
        {"notes": "L’école est prête.", "version_lue": point.version},
        headers={"HX-Request": "true"},
    )
    assert "Enregistré à" in reponse.content.decode()
    c.post(
        url("decider", reunion),
        {"texte": "Compléter le plan.", "porteur": f"m{membre.pk}", "echeance": "2026-04-01",
         "point": point.pk},
    )  # fmt: skip
    decision = Decision.objects.get()
    assert (decision.responsable, decision.point) == (membre.personne, point)
    assert c.get(reverse("reunions:decision", args=[demarche.slug, decision.pk])).status_code == 200
    assert "soumis" in geste(c, reunion, "rediger_compte_rendu")
    assert "validé" in geste(c, reunion, "valider_compte_rendu", avec_etape="1")
    demarche.etapes.get(code="copil", faite_le="2026-03-12")
    assert "envoyé" in geste(c, reunion, "envoyer_compte_rendu")
    reunion.refresh_from_db()
    assert (reunion.etat, reunion.valide_par_nom) == ("envoyee", "Claire Vidal")
    page = c.get(url("compte_rendu", reunion)).content.decode()
    assert "L’école est prête." in page
    emis = c.get(url("compte_rendu", reunion)).context["emis"]
    assert {d.format for d in emis} == {"pdf", "docx"}
    assert c.get(reverse("reunions:emis", args=[demarche.slug, emis[0].pk])).status_code == 200


@pytest.mark.parametrize("nom", ["convocation", "feuille", "lettres", "dossier", "evenement"])
def test_chaque_papier_se_telecharge(client_cheffe: Client, reunion: Reunion, nom: str):
    reponse = client_cheffe.get(url(nom, reunion))
    assert reponse.status_code == 200
    assert reponse.headers["Content-Disposition"].startswith("attachment")
    if nom == "lettres":
        with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
            assert len(archive.namelist()) == reunion.membres.count()
