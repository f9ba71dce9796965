"""The Word document that comes back: read with its tracked changes, compared, adopted all or none."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from arpent.plateforme.contrats import redaction
from arpent.plateforme.contrats.assemblage import assembler, contrat_doc
from arpent.plateforme.contrats.models import ArticleRedige, Contrat
from arpent.plateforme.contrats.retour_word import RetourIllisible, lire_retour
from arpent.plateforme.contrats.retours import lire_propositions
from arpent.plateforme.documents.rendu.docx import rendre_contrat_docx
from tests.plateforme.negociations.conftest import Monde

from .conftest import emettre_version

LE = date(2026, 3, 1)


@pytest.fixture
def envoye(contrat: Contrat) -> bytes:
    """The Word file of version 1."""
    emettre_version(contrat)
    return rendre_contrat_docx(contrat_doc(assembler(contrat.demarche, LE, complet=True), version="1"))


def changer(contenu: bytes, avant: str, apres: str) -> bytes:
    """The file with one paragraph rewritten."""
    document = Document(io.BytesIO(contenu))
    (p, *_) = [p for p in document.paragraphs if p.text.replace("\u00a0", " ") == avant]
    p.runs[0].text = apres
    for run in p.runs[1:]:
        run.text = ""
    return ecrire(document)


def ecrire(document: Any) -> bytes:
    tampon = io.BytesIO()
    document.save(tampon)
    return tampon.getvalue()


def poster(client: Client, contrat: Contrat, contenu: bytes) -> Any:
    adresse = reverse("contrats:retour_word", args=[contrat.demarche.slug])
    return client.post(adresse, {"fichier": SimpleUploadedFile("contrat.docx", contenu)})


def test_le_document_tel_quel_ne_propose_rien(
    contrat: Contrat, envoye: bytes, accord: Monde, client: Client
) -> None:
    retour = lire_retour(envoye)
    assert retour.version == 1
    assert [a.titre for a in retour.articles] == ["Objet", "Durée"]
    version = contrat.versions.get()
    assert lire_propositions(assembler(contrat.demarche, LE), version, retour) == []
    client.force_login(accord.chef)
    assert "conforme à la version 1" in poster(client, contrat, envoye).content.decode()


def test_un_article_change_se_reprend_avec_son_champ(
    contrat: Contrat, envoye: bytes, accord: Monde, client: Client
) -> None:
    client.force_login(accord.chef)
    revenu = changer(envoye, "À partir du 1er mars 2026.", "Le contrat court dès le 1er mars 2026.")
    page = poster(client, contrat, revenu).content.decode()
    assert "1 article change" in page
    assert "dès le {{ date_effet }}" in page
    assert not ArticleRedige.objects.exists()
    saisie = {"reprendre": "1", "code-1": "duree", "version-1": "0", "titre-1": "",
              "texte-1": "Le contrat court dès le {{ date_effet }}."}  # fmt: skip
    adresse = reverse("contrats:retour_reprendre", args=[contrat.demarche.slug])
    assert client.post(adresse, saisie).status_code == 302
    (redige,) = ArticleRedige.objects.all()
    assert redige.texte == "Le contrat court dès le {{ date_effet }}."
    assert client.post(adresse, saisie).status_code == 409


def test_les_modifications_suivies_de_word_sont_lues_comme_acceptees(envoye: bytes) -> None:
    document = Document(io.BytesIO(envoye))
    (p, *_) = [p for p in document.paragraphs if p.text.startswith("À partir du")]
    supprime = OxmlElement("w:del")
    for run in list(p.runs):
        texte = run._r.find(qn("w:t"))
        texte.tag = qn("w:delText")
        supprime.append(run._r)
    p._p.append(supprime)
    insere, run, texte = OxmlElement("w:ins"), OxmlElement("w:r"), OxmlElement("w:t")
    texte.text = "Dès demain."
    run.append(texte)
    insere.append(run)
    p._p.append(insere)
    assert lire_retour(ecrire(document)).articles[1].texte == "Dès demain."


def test_une_reprise_refusee_n_en_fait_aucune(
    contrat: Contrat, envoye: bytes, accord: Monde, client: Client
) -> None:
    client.force_login(accord.chef)
    saisie = {
        "reprendre": ["1", "2"], "code-1": "duree", "version-1": "0", "texte-1": "Bien.",
        "code-2": "objet", "version-2": "0", "texte-2": "Mal : {{ jamais }}.",
    }  # fmt: skip
    adresse = reverse("contrats:retour_reprendre", args=[contrat.demarche.slug])
    page = client.post(adresse, saisie, follow=True).content.decode()
    assert "Rien n’a été repris." in page
    assert "« jamais »" in page
    assert not ArticleRedige.objects.exists()
    assert "Cochez au moins" in client.post(adresse, {}, follow=True).content.decode()


def test_change_des_deux_cotes_est_montre_et_non_coche(
    contrat: Contrat, envoye: bytes, accord: Monde, client: Client
) -> None:
    redaction.enregistrer_article(contrat, "duree", {"texte": "D’ici."}, version_lue=0, par=accord.chef)
    client.force_login(accord.chef)
    revenu = changer(envoye, "À partir du 1er mars 2026.", "De là-bas.")
    page = poster(client, contrat, revenu).content.decode()
    assert "modifié des deux côtés" in page
    assert "<del>D’ici.</del>" in page
    assert "checked" not in page


def _zip(nom: str, contenu: bytes) -> bytes:
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(nom, contenu)
    return tampon.getvalue()


_BOMBE = b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'


@pytest.mark.parametrize(
    "contenu",
    [
        b"", b"PK\x03\x04abime", b"%PDF-1.7", _zip("autre.xml", b"<a/>"), _zip("word/document.xml", b"<a"),
        _zip("word/document.xml", _BOMBE), _zip("word/document.xml", b" " * (41 * 1024**2)),
        _zip("word/document.xml", b"<a/>"),
    ],
)  # fmt: skip
def test_un_fichier_illisible_est_refuse_sans_rien_ecrire(contenu: bytes) -> None:
    with pytest.raises(RetourIllisible, match=r"\w"):
        lire_retour(contenu)


def test_un_fichier_refuse_repond_dans_la_page(contrat: Contrat, accord: Monde, client: Client) -> None:
    client.force_login(accord.chef)
    reponse = poster(client, contrat, b"pas un document")
    assert reponse.status_code == 422
    assert "enregistrez-le au format .docx" in reponse.content.decode()
    autre = Document()
    autre.add_heading("Courrier", 1)
    assert "n’a pas de partie « Le contrat »" in poster(client, contrat, ecrire(autre)).content.decode()
    autre.add_paragraph("Version : 7")
    autre.add_heading("Le contrat", 1)
    assert "Aucun article" in poster(client, contrat, ecrire(autre)).content.decode()
    autre.add_heading("Article 1. Objet", 2)
    assert "la version 7, qui n’existe pas" in poster(client, contrat, ecrire(autre)).content.decode()
