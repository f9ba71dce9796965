"""A contract per signatory: its own PDF, its own circuit, and the contract in force once all have signed."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.config import commande
from arpent.plateforme.contrats import actions, particuliers
from arpent.plateforme.contrats.archives import archiver
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.contrats.models import CircuitSignature, Contrat, Partie
from arpent.plateforme.contrats.signatures.circuits import (
    SignatureRefusee,
    abandonner,
    ouvrir_pour_le_contrat,
)
from arpent.plateforme.contrats.signatures.separement import GENRE, ouvrir_separement
from arpent.plateforme.documents.models import DocumentEmis
from tests.plateforme import fabrique
from tests.plateforme.contrats.atelier_signature import (
    MOT_DE_PASSE,
    petit_pdf,
    pkcs12,
    signer_exemplaire,
)
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]
Requetes = Callable[[int], Any]


@pytest.fixture
def rapide(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each particular contract is a small PDF that says its title: rendering is tested elsewhere."""
    rendus = {"pdf": lambda doc, _: petit_pdf(doc.titre)}
    monkeypatch.setattr(particuliers, "RENDUS", rendus)


@pytest.fixture
def separe(a_signer: Contrat, rapide: None) -> list[CircuitSignature]:
    return ouvrir_separement(a_signer, ordre_impose=False, par=None)


def _signataires(circuit: CircuitSignature) -> list[str]:
    return [p.partie.organisation.nom for p in circuit.emplacements.order_by("ordre")]


def _autorite(contrat: Contrat) -> Partie:
    return contrat.parties.get(role="autorite")


def test_chacun_signe_le_contrat_de_ses_projets(a_signer: Contrat, separe: list[CircuitSignature]) -> None:
    autorite = _autorite(a_signer).organisation.nom
    entier, *propres = separe
    assert entier.document.genre == "contrat"
    assert {c.document.genre for c in propres} == {GENRE}
    assert all(_signataires(c)[0] == autorite for c in separe)
    assert all(len(_signataires(c)) == 2 for c in propres)
    appeles = [nom for c in separe for nom in _signataires(c)[1:]]
    voulus = a_signer.parties.exclude(role="autorite").values_list("organisation__nom", flat=True)
    assert sorted(appeles) == sorted(voulus)
    assert all(c.objet.endswith(", version 2") for c in separe)
    version = a_signer.versions.first()
    assert version is not None
    assert version.documents.filter(genre=GENRE).count() == len(propres)
    assert {d.donnees["partie"] for d in version.documents.filter(genre=GENRE)} == {
        c.emplacements.order_by("ordre")[1].partie_id for c in propres
    }


def test_le_contrat_entre_en_vigueur_quand_tous_ont_signe(
    accord: Monde, a_signer: Contrat, separe: list[CircuitSignature]
) -> None:
    for circuit in separe[:-1]:
        signer_exemplaire(circuit, date.today())
    manque = _signataires(separe[-1])[1]
    with pytest.raises(ContratRefuse, match=f"Il manque la signature de .*{manque}"):
        actions.faire_avancer(a_signer, "constater_signature", par=accord.chef)
    signer_exemplaire(separe[-1], date.today())
    contrat = actions.faire_avancer(a_signer, "constater_signature", par=accord.chef)
    assert contrat.etat == "en_vigueur"


def test_un_circuit_abandonne_se_rouvre_seul_sur_le_meme_document(
    accord: Monde, a_signer: Contrat, separe: list[CircuitSignature]
) -> None:
    dernier = separe[-1]
    abandonner(dernier, "signataire empêché", par=accord.chef)
    for circuit in separe[:-1]:
        signer_exemplaire(circuit, date.today())
    with pytest.raises(ContratRefuse, match=_signataires(dernier)[1]):
        actions.faire_avancer(a_signer, "constater_signature", par=accord.chef)
    (nouveau,) = ouvrir_separement(a_signer, ordre_impose=True, par=None)
    assert nouveau.document_id == dernier.document_id
    assert _signataires(nouveau) == _signataires(dernier)
    with pytest.raises(SignatureRefusee, match="a déjà son circuit"):
        ouvrir_separement(a_signer, ordre_impose=False, par=None)


def test_un_contrat_ne_se_signe_pas_des_deux_manieres(a_signer: Contrat, rapide: None) -> None:
    ensemble = ouvrir_pour_le_contrat(a_signer, ordre_impose=False, par=None)
    with pytest.raises(SignatureRefusee, match="signent déjà le même contrat"):
        ouvrir_separement(a_signer, ordre_impose=False, par=None)
    assert DocumentEmis.objects.filter(genre=GENRE).count() == 0
    abandonner(ensemble, "", par=None)
    ouvrir_separement(a_signer, ordre_impose=False, par=None)
    with pytest.raises(SignatureRefusee, match="déjà ouvert pour ce contrat"):
        ouvrir_pour_le_contrat(a_signer, ordre_impose=False, par=None)


def test_rien_n_est_ouvert_quand_le_contrat_a_change_depuis_le_vote(
    a_signer: Contrat, rapide: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    Contrat.objects.filter(pk=a_signer.pk).update(reference="CT-AUTRE", preambule="Un autre préambule.")
    fichiers = set(Path(settings.MEDIA_ROOT).rglob("*.pdf"))
    with pytest.raises(ContratRefuse, match="a changé depuis la version 2"):
        ouvrir_separement(a_signer, ordre_impose=False, par=None)
    assert not CircuitSignature.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == fichiers


def test_un_echec_en_chemin_ne_laisse_ni_circuit_ni_fichier(
    a_signer: Contrat, rapide: None, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    from arpent.plateforme.contrats.signatures import separement

    vrai, appels = separement.ouvrir_circuit, []

    def casse(*args: Any, **nommes: Any) -> CircuitSignature:
        appels.append(1)
        if len(appels) == 2:
            raise SignatureRefusee("Le fichier à signer n’est plus celui qui a été émis.")
        return vrai(*args, **nommes)

    monkeypatch.setattr(separement, "ouvrir_circuit", casse)
    fichiers = set(Path(settings.MEDIA_ROOT).rglob("*.pdf"))
    with pytest.raises(SignatureRefusee):
        ouvrir_separement(a_signer, ordre_impose=False, par=None)
    assert len(appels) == 2
    assert not CircuitSignature.objects.exists()
    assert set(Path(settings.MEDIA_ROOT).rglob("*.pdf")) == fichiers


def test_la_page_ouvre_montre_et_rouvre(
    accord: Monde,
    a_signer: Contrat,
    rapide: None,
    connecte: Connecte,
    django_assert_max_num_queries: Requetes,
) -> None:
    client, url = connecte(accord.chef), URL
    assert "Un contrat par signataire" in client.get(url).content.decode()
    reponse = client.post(url + "signature/ouvrir/", {"separement": "on"}, follow=True)
    page = reponse.content.decode()
    circuits = list(CircuitSignature.objects.order_by("pk"))
    assert f"{len(circuits)} contrats sont à signer, chacun dans son propre circuit." in page
    places = sum(c.emplacements.count() for c in circuits)
    assert f"Signature : 0 sur {places}" in page
    assert all(c.objet in page for c in circuits)
    assert "Rouvrir leur signature" not in page
    abandonner(circuits[-1], "à refaire", par=accord.chef)
    with django_assert_max_num_queries(60):
        page = client.get(url).content.decode()
    assert f"Sans circuit : {_signataires(circuits[-1])[1]}." in page
    suite = client.post(url + "signature/ouvrir/", {"separement": "on"}, follow=True).content.decode()
    assert "Un contrat est à signer dans son propre circuit." in suite
    assert "Rouvrir leur signature" not in suite
    assert "Circuits abandonnés : 1" in suite


def test_le_contrat_cadre_reste_seul_sans_oublier_les_autres(
    accord: Monde, a_signer: Contrat, separe: list[CircuitSignature], connecte: Connecte
) -> None:
    for circuit in separe[1:]:
        abandonner(circuit, "à refaire", par=accord.chef)
    page = connecte(accord.chef).get(URL).content.decode()
    assert "Rouvrir leur signature" in page
    assert all(_signataires(c)[1] in page.partition("Sans circuit")[2] for c in separe[1:])


def test_les_signatures_attendues_disent_de_quel_contrat(
    accord: Monde, a_signer: Contrat, separe: list[CircuitSignature], connecte: Connecte
) -> None:
    page = connecte(accord.chef).get("/signatures/").content.decode()
    assert all(page.count(c.objet) >= 2 for c in separe)


def test_l_autorite_signe_tous_les_contrats_d_une_commande(
    accord: Monde, a_signer: Contrat, rapide: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    certificat = tmp_path / "departement.p12"
    certificat.write_bytes(pkcs12("Le Département"))
    siren = "224800011"
    autorite = _autorite(a_signer).organisation
    autorite.siren = siren
    autorite.save()
    monkeypatch.setenv(f"ARPENT_CERTIFICAT_{siren}", MOT_DE_PASSE)
    arguments = ["contrat", "signer", "--territoire", accord.demarche.slug, "--partie", siren,
                 "--certificat", str(certificat), "--ouvrir", "--separement", "--json"]  # fmt: skip
    assert commande.main(arguments) == 0
    dits = json.loads(capsys.readouterr().out)
    assert [d["etat"] for d in dits] == ["recueillie"] * CircuitSignature.objects.count()
    assert {d["objet"] for d in dits} == set(CircuitSignature.objects.values_list("objet", flat=True))


def test_l_archive_garde_chaque_contrat_signe(
    a_signer: Contrat, separe: list[CircuitSignature], tmp_path: Path
) -> None:
    for circuit in separe:
        signer_exemplaire(circuit, date.today())
    bordereau = archiver(a_signer, tmp_path / "archive.zip", date.today())
    titres = [a["titre"] for a in bordereau.actes]
    assert bordereau.fautes == []
    assert all(c.document.titre in titres for c in separe)


def test_la_secretaire_de_mairie_signe_le_sien_seulement(
    accord: Monde, a_signer: Contrat, separe: list[CircuitSignature], connecte: Connecte
) -> None:
    partie = separe[-1].emplacements.order_by("ordre")[1].partie
    maire = fabrique.agent("maire", accord.demarche, pour=partie.organisation)
    page = connecte(maire).get(URL).content.decode()
    assert page.count("Signer pour ") == 1
    assert f"Signer pour {partie.organisation.nom}" in page
