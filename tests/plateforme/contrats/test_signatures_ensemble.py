"""The signing day: what awaits one body everywhere, signed together, each refusal beside the others."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.config import commande
from arpent.plateforme.contrats.models import Contrat, EmplacementSignature, Partie
from arpent.plateforme.contrats.signatures.circuits import ouvrir_circuit
from arpent.plateforme.documents.actions import emettre
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import MOT_DE_PASSE, ouvrir, petit_pdf, pkcs12
from tests.plateforme.negociations.conftest import Monde

URL = "/signatures/"
Connecte = Callable[[Agent], Client]
Requetes = Callable[[int], Any]


def _annexe(contrat: Contrat, parties: list[Partie], texte: str, *, ordre_impose: bool = False) -> None:
    """A second document of the same contract, to be signed by these parties."""
    document = emettre(
        petit_pdf(texte), nom=f"{texte}.pdf", titre=texte, genre="contrat", gabarit="contrat/v1", sur=contrat,
        demarche_id=contrat.demarche_id, donnees={}, par_id=None, par_nom="Arpent",
    )  # fmt: skip
    ouvrir_circuit(contrat, document, parties, ordre_impose=ordre_impose, par=None, objet=texte)


@pytest.fixture
def jour(accord: Monde, a_signer: Contrat) -> tuple[Partie, Agent]:
    """Two documents await the same body, and its representative."""
    partie = ouvrir(a_signer)[-1].partie
    _annexe(a_signer, [partie], "Annexe")
    return partie, fabrique.agent("maire", accord.demarche, pour=partie.organisation)


def _envoi(*places: int, certificat: bytes | None = None, mot_de_passe: str = MOT_DE_PASSE) -> dict[str, Any]:
    contenu = pkcs12("Mme la Maire") if certificat is None else certificat
    return {
        "place": [str(pk) for pk in places], "mot_de_passe": mot_de_passe,
        "certificat": SimpleUploadedFile("c.p12", contenu),
    }  # fmt: skip


def _attendues(partie: Partie) -> list[int]:
    return list(
        EmplacementSignature.objects.filter(partie=partie, etat="attendue")
        .order_by("pk")
        .values_list("pk", flat=True)
    )


def test_tout_se_signe_d_un_coup(jour: tuple[Partie, Agent], connecte: Connecte) -> None:
    partie, maire = jour
    client, attendues = connecte(maire), _attendues(partie)
    page = client.get(URL).content.decode()
    assert "2 documents à signer" in page
    assert page.count('name="place"') == 2
    assert client.post(URL + "signer/", _envoi(*attendues)).status_code == 302
    assert _attendues(partie) == []
    suite = client.get(URL).content.decode()
    assert f"2 documents signés : {partie.organisation.nom}." in suite
    assert "Aucune signature n’est attendue" in suite


def test_un_document_refuse_n_arrete_pas_les_autres(
    accord: Monde, a_signer: Contrat, jour: tuple[Partie, Agent], connecte: Connecte
) -> None:
    partie, maire = jour
    premier, second = _attendues(partie)
    client = connecte(maire)
    document = EmplacementSignature.objects.get(pk=second).circuit.revision
    Path(document.fichier.path).write_bytes(b"%PDF-1.7 un autre")
    assert client.post(URL + "signer/", _envoi(premier, second)).status_code == 302
    assert _attendues(partie) == [second]
    suite = client.get(URL).content.decode()
    assert "1 document signé" in suite
    assert "n’est plus celui qui a été émis" in suite


def test_un_mauvais_certificat_se_dit_une_fois_et_rien_n_est_signe(
    jour: tuple[Partie, Agent], connecte: Connecte
) -> None:
    partie, maire = jour
    attendues = _attendues(partie)
    reponse = connecte(maire).post(URL + "signer/", _envoi(*attendues, mot_de_passe="faux"))
    assert reponse.status_code == 422
    texte = reponse.content.decode()
    assert "mot de passe ne correspond pas" in texte
    assert texte.count("checked") == 2
    assert _attendues(partie) == attendues


def test_ce_qui_n_est_pas_coche_ou_n_est_pas_a_soi_est_refuse(
    accord: Monde, jour: tuple[Partie, Agent], connecte: Connecte
) -> None:
    partie, maire = jour
    client = connecte(maire)
    assert "Cochez au moins un document" in client.post(URL + "signer/", _envoi()).content.decode()
    d_un_autre = EmplacementSignature.objects.exclude(partie=partie).earliest("pk")
    reponse = client.post(URL + "signer/", _envoi(d_un_autre.pk))
    assert reponse.status_code == 422
    assert "n’attend plus de signature" in reponse.content.decode()
    assert connecte(accord.chef).post(URL + "signer/", _envoi(d_un_autre.pk)).status_code == 403
    assert EmplacementSignature.objects.filter(etat="recueillie").count() == 0


def test_deux_organisations_ne_signent_pas_d_un_meme_certificat(
    accord: Monde, a_signer: Contrat, jour: tuple[Partie, Agent], connecte: Connecte
) -> None:
    partie, maire = jour
    autre = a_signer.parties.exclude(pk=partie.pk).exclude(role="autorite").earliest("ordre")
    Habilitation.objects.create(
        agent=maire,
        role="maire",
        territoire=accord.demarche.territoire,
        organisation=autre.organisation,
        debut=date(2020, 1, 1),
    )
    places = [_attendues(partie)[0], _attendues(autre)[0]]
    reponse = connecte(maire).post(URL + "signer/", _envoi(*places))
    assert reponse.status_code == 422
    assert "plusieurs organisations" in reponse.content.decode()


def test_l_ordre_impose_et_les_autres_canaux_restent_a_part(
    accord: Monde, a_signer: Contrat, connecte: Connecte
) -> None:
    parties = list(a_signer.parties.order_by("ordre"))
    _annexe(a_signer, parties, "Annexe", ordre_impose=True)
    ouvrir(a_signer, *["papier"] * len(parties))
    derniere = parties[-1]
    maire = fabrique.agent("maire", accord.demarche, pour=derniere.organisation)
    page = connecte(maire).get(URL).content.decode()
    assert 'name="place"' not in page
    assert "Attendre son tour" in page
    assert "Faire signer l’exemplaire imprimé" in page


def test_la_liste_ne_coute_pas_plus_avec_plus_de_documents(
    a_signer: Contrat, jour: tuple[Partie, Agent], connecte: Connecte,
    django_assert_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    partie, maire = jour
    client = connecte(maire)
    client.get(URL)
    with CaptureQueriesContext(connection) as peu:
        client.get(URL)
    for n in range(6):
        _annexe(a_signer, [partie], f"Annexe {n}")
    with CaptureQueriesContext(connection) as beaucoup:
        assert client.get(URL).content.decode().count('name="place"') == 8
    assert len(beaucoup) == len(peu) <= 10


def test_la_commande_signe_tout_un_dispositif(
    accord: Monde, a_signer: Contrat, jour: tuple[Partie, Agent], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    partie, _ = jour
    siren = "214800014"
    type(partie.organisation).objects.filter(pk=partie.organisation_id).update(siren=siren)
    fichier = tmp_path / "maire.p12"
    fichier.write_bytes(pkcs12("Mme la Maire"))
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{siren}", MOT_DE_PASSE)
    base = ["contrat", "signer", "--partie", siren, "--certificat", str(fichier)]
    base += ["--dispositif", accord.dispositif.slug]
    assert commande.main([*base, "--partie", " "]) == 2
    assert "SIREN" in capsys.readouterr().err
    assert commande.main([*base, "--ouvrir"]) == 2
    assert "--dispositif signe ce qui est déjà à signer" in capsys.readouterr().err
    assert commande.main([*base, "--json"]) == 0
    assert [x["refus"] for x in json.loads(capsys.readouterr().out)] == ["", ""]
    assert _attendues(partie) == []
    assert commande.main(base) == 0
    assert "Signatures faites : 0 sur 0 attendues." in capsys.readouterr().out
