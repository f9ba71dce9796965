"""The proof of a consent: sealed JSON, readable PDF/A beside it, both verified and archived."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
from django.utils import timezone

from arpent.plateforme.config.commande import main
from arpent.plateforme.contrats.archives import archiver
from arpent.plateforme.contrats.models import Contrat, EmplacementSignature
from arpent.plateforme.contrats.signatures import electronique
from arpent.plateforme.contrats.signatures.circuits import SignatureRefusee, lire_document
from arpent.plateforme.contrats.signatures.electronique import Constat, consentir
from arpent.plateforme.contrats.signatures.verification import verifier_ici
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from tests.documents.test_seance import serre
from tests.documents.verification import faults, pages
from tests.plateforme.contrats.atelier_signature import ouvrir
from tests.plateforme.negociations.conftest import Monde

from .test_signature_canaux import relire


def consenti(accord: Monde, a_signer: Contrat) -> tuple[EmplacementSignature, DocumentEmis, bytes]:
    """The place once consented, its readable proof and the bytes of it."""
    place = ouvrir(a_signer, "consentement")[0]
    constat = Constat(accord.president, "192.0.2.7", "mot de passe demandé à nouveau", timezone.now())
    consentir(place, constat, sha256_lu=place.circuit.document.sha256)
    place = relire(place)
    lisible = DocumentEmis.objects.get(pk=place.preuve["pdf"]["document"])
    return place, lisible, lire_document(lisible)


def test_la_preuve_se_lit_aussi_en_pdf_a_a_cote_du_json(accord: Monde, a_signer: Contrat) -> None:
    place, lisible, pdf = consenti(accord, a_signer)
    assert (lisible.format, lisible.genre, lisible.gabarit) == ("pdf", "preuve de consentement", "preuve/v1")
    assert lisible.sha256 == place.preuve["pdf"]["sha256"]
    assert faults(pdf) == []
    texte = serre("".join(pages(pdf)))
    assert place.document is not None
    json_scelle = json.loads(lire_document(place.document))
    for attendu in (
        place.partie.organisation.nom,
        accord.president.courriel,
        place.circuit.document.titre,
        "mot de passe demandé à nouveau",
        json_scelle["mots"],
    ):
        assert serre(attendu) in texte
    sans_blanc = "".join(texte.replace("\u200b", "").split())
    for empreinte_ecrite in (place.circuit.document.sha256, place.document.sha256, json_scelle["sceau"]):
        assert empreinte_ecrite in sans_blanc
    assert "192.0.2.7" not in texte


def test_verifier_reconnait_la_preuve_et_voit_un_octet_change(accord: Monde, a_signer: Contrat) -> None:
    place, lisible, pdf = consenti(accord, a_signer)
    assert place.document is not None
    scelle = lire_document(place.document)
    for contenu, document in ((pdf, lisible), (scelle, place.document)):
        rapport, emis = verifier_ici(contenu)
        assert (rapport.intact, emis) == (True, document)
        assert f"au nom de {place.partie.organisation.nom}" in rapport.explication
        assert place.circuit.document.sha256 in rapport.explication
    change, inconnu = verifier_ici(scelle.replace(b"nouveau", b"jamais!"))
    assert (change.etat, inconnu) == ("altere", None)
    autre, inconnu = verifier_ici(pdf + b"\n")
    assert (autre.intact, inconnu) == (False, None)
    lisible.donnees["faits"]["signataire"] = "Un autre"
    lisible.save()
    assert verifier_ici(pdf)[0].etat == "altere"


def test_la_commande_et_l_archive_connaissent_la_preuve(
    accord: Monde, a_signer: Contrat, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place, lisible, pdf = consenti(accord, a_signer)
    (tmp_path / "preuve.pdf").write_bytes(pdf)
    assert main(["contrat", "verifier", str(tmp_path / "preuve.pdf")]) == 0
    sortie = capsys.readouterr().out
    assert "Preuve de consentement intacte" in sortie
    assert "Émis par cette instance" in sortie
    (tmp_path / "preuve.json").write_text('{"sceau": "faux"}')
    assert main(["contrat", "verifier", str(tmp_path / "preuve.json"), "--json"]) == 1
    assert json.loads(capsys.readouterr().out)["etat"] == "altere"
    bordereau = archiver(a_signer, tmp_path / "c.zip", timezone.localdate())
    assert {lisible.sha256, place.sha256} <= {x["sha256"] for x in bordereau.actes}
    with zipfile.ZipFile(tmp_path / "c.zip") as archive:
        nom = next(n for n in archive.namelist() if n.endswith("data/bordereau.json"))
        (signature,) = json.loads(archive.read(nom))["signatures"]
    assert signature["preuve_pdf_sha256"] == lisible.sha256
    assert (signature["canal"], signature["sha256"]) == ("consentement", place.sha256)


def test_sans_pdf_rien_n_est_signe(accord: Monde, a_signer: Contrat, monkeypatch: pytest.MonkeyPatch) -> None:
    def tomber(_: object) -> bytes:
        raise RenduImpossible("Le PDF n’a pas été produit.")

    monkeypatch.setattr(electronique, "rendre_preuve_pdf", tomber)
    place = ouvrir(a_signer, "consentement")[0]
    constat = Constat(accord.president, "", "essai", timezone.now())
    with pytest.raises(SignatureRefusee, match="Rien n’est signé"):
        consentir(place, constat, sha256_lu=place.circuit.document.sha256)
    assert relire(place).etat == "attendue"
    assert not DocumentEmis.objects.filter(genre="preuve de consentement").exists()
