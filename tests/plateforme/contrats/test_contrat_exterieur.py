"""A contract signed outside Arpent is taken over: in force, its credits voted, its avenants possible."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from arpent.metier.avenants import Genre
from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.avenants.actions import Saisie
from arpent.plateforme.contrats.avenants.lecture import etat_consolide
from arpent.plateforme.contrats.contrat_exterieur import ContratExterieur, reprendre_contrat_signe
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import Contrat, VersionContrat
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.models import Mouvement
from arpent.plateforme.socle.envois import Envoi
from tests.plateforme.contrats.conftest import AUJOURD_HUI, conclure, preparer
from tests.plateforme.negociations.conftest import Monde

pytestmark = pytest.mark.usefixtures("sans_fichiers", "sans_pdf")
SIGNE = ContratExterieur(
    "CT-2025-9",
    date(2026, 1, 1),
    date(2025, 12, 15),
    "CP_25_169",
    date(2025, 12, 1),
    Envoi("c.pdf", b"%PDF-1.7 x"),
)


def test_il_entre_en_vigueur_avec_ses_credits_et_son_fichier(accord: Monde, contrat: Contrat) -> None:
    version = reprendre_contrat_signe(contrat, SIGNE, par=accord.chef, le=AUJOURD_HUI)
    contrat.refresh_from_db()
    assert (contrat.etat, contrat.reference, contrat.date_effet) == (
        "en_vigueur",
        "CT-2025-9",
        date(2026, 1, 1),
    )
    assert (version.etat, version.nombre_projets, version.documents.count()) == ("signature", 2, 1)
    votes = Mouvement.objects.filter(stade="vote", enveloppe__demarche=accord.demarche)
    assert votes.soldes().vote == version.total_aides
    assert set(votes.values_list("acte", flat=True)) == {"CP_25_169"}


def test_un_avenant_part_de_lui(accord: Monde, contrat: Contrat) -> None:
    reprendre_contrat_signe(contrat, SIGNE, par=accord.chef, le=AUJOURD_HUI)
    contrat.refresh_from_db()
    saisie = Saisie(Genre.MONTANT, fiche=accord.fiches[1], montant=Decimal("16000.00"))
    conclure(preparer(contrat, saisie))
    lu = etat_consolide(contrat)
    assert lu.appliques == ("avenant-1",)
    assert lu.etat.total_aides == Decimal("25999.99")


@pytest.mark.parametrize(
    ("champs", "raison"),
    [
        ({"signe_le": date(2030, 1, 1)}, "dans l’avenir"),
        ({"acte_le": date(2025, 12, 20)}, "La délibération suit la signature"),
        ({"acte": " "}, "numéro de la délibération"),
        ({"fichier": Envoi("c.pdf", b"")}, "vide"),
    ],
)
def test_ce_qui_ne_tient_pas_est_refuse_et_rien_ne_change(
    accord: Monde, contrat: Contrat, champs: dict[str, object], raison: str
) -> None:
    with pytest.raises(ContratRefuse, match=raison):
        reprendre_contrat_signe(contrat, replace(SIGNE, **champs), par=None, le=AUJOURD_HUI)  # type: ignore[arg-type]
    contrat.refresh_from_db()
    assert (contrat.etat, contrat.reference) == ("redaction", "CT-1")
    assert not VersionContrat.objects.exists()


def test_la_maquette_doit_etre_acceptee_et_le_contrat_en_redaction(accord: Monde, contrat: Contrat) -> None:
    scenario = negociations.scenario_courant(accord.demarche)
    negociations.changer_etat(scenario, "reprendre", par=accord.chef)
    with pytest.raises(ContratRefuse, match="La maquette n’est pas acceptée"):
        reprendre_contrat_signe(contrat, SIGNE, par=None, le=AUJOURD_HUI)
    with pytest.raises(ContratRefuse, match="sa propre page"):
        actions.faire_avancer(contrat, "reprendre_contrat_signe", par=None)


def test_une_seule_fois(accord: Monde, contrat: Contrat) -> None:
    reprendre_contrat_signe(contrat, SIGNE, par=None, le=AUJOURD_HUI)
    with pytest.raises((ContratRefuse, TransitionRefusee)):
        reprendre_contrat_signe(contrat, SIGNE, par=None, le=AUJOURD_HUI)


def test_la_page_reprend_le_contrat(client: Client, accord: Monde, contrat: Contrat) -> None:
    client.force_login(accord.chef)
    url = reverse("contrats:exterieur", args=["gevaudan"])
    page = client.get(url).content.decode()
    assert "2 projets de la maquette acceptée" in page
    assert url in client.get(reverse("contrats:contrat", args=["gevaudan"])).content.decode()
    envoi = {"reference": "CT", "signe_le": "2025-12-15", "date_effet": "2026-01-01", "acte": "CP_1",
             "acte_le": "2025-12-01"}  # fmt: skip
    assert client.post(url, envoi).status_code == 422
    envoi["fichier"] = SimpleUploadedFile("contrat.pdf", b"%PDF-1.7 essai")  # type: ignore[assignment]
    assert client.post(url, envoi).status_code == 302
    contrat.refresh_from_db()
    assert contrat.etat == "en_vigueur"
    client.force_login(accord.president)
    assert client.get(url).status_code == 403


def test_la_page_montre_les_actes_saisis_et_n_attend_aucun_vote(
    client: Client, accord: Monde, contrat: Contrat
) -> None:
    reprendre_contrat_signe(contrat, SIGNE, par=accord.chef, le=AUJOURD_HUI)
    client.force_login(accord.chef)
    url = reverse("contrats:contrat", args=["gevaudan"])
    page = " ".join(client.get(url).content.decode().split())
    assert "1 acte saisi à la reprise" in page
    assert "n° CP_25_169" in page
    assert "1er décembre 2025" in page.replace("\u00a0", " ")
    assert "Contrat signé hors d’Arpent le 15 décembre 2025" in page.replace("\u00a0", " ")
    assert "non saisie : voir le contrat signé" in page
    assert "exécutoires sur" not in page
    assert "Convoquer l’assemblée" not in page
    assert reverse("contrats:vote_noter", args=["gevaudan", contrat.parties.all()[0].pk]) not in page


def test_la_commande_dit_les_actes_saisis(
    accord: Monde, contrat: Contrat, capsys: pytest.CaptureFixture[str]
) -> None:
    reprendre_contrat_signe(contrat, SIGNE, par=accord.chef, le=AUJOURD_HUI)
    assert main(["contrat", "votes", "--territoire", "gevaudan", "--json"]) == 0
    lus = json.loads(capsys.readouterr().out)
    assert [(x["etat"], x["numero"], x["adoptee_le"]) for x in lus if x["role"] == "autorite"] == [
        ("repris", "CP_25_169", "2025-12-01")
    ]
    assert {x["etat"] for x in lus} == {"repris"}
    assert main(["contrat", "votes", "--territoire", "gevaudan"]) == 0
    assert "repris, délibération n° CP_25_169 du 2025-12-01" in capsys.readouterr().out


def test_un_contrat_vote_ici_garde_son_panneau(client: Client, accord: Monde, en_vigueur: Contrat) -> None:
    client.force_login(accord.chef)
    page = client.get(reverse("contrats:contrat", args=["gevaudan"])).content.decode()
    assert "à la reprise" not in page
    assert "exécutoires sur" in page
