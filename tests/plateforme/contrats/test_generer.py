"""Issuing a version: three files, frozen data, the same cents everywhere."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest
from django.test import Client
from docx import Document
from openpyxl import load_workbook

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.models import Contrat, VersionContrat
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.models import Proposition
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

URL = "/territoires/gevaudan/contrat/"
Connecte = Callable[[Agent], Client]


@pytest.fixture
def version(accord: Monde, contrat: Contrat) -> VersionContrat:
    return actions.generer(contrat, accord.chef)


def test_trois_fichiers_sortent_avec_leur_empreinte(version: VersionContrat) -> None:
    documents = list(version.documents.all())
    assert {(d.genre, d.format) for d in documents} == {
        ("contrat", "pdf"),
        ("contrat", "docx"),
        ("maquette", "xlsx"),
    }
    for document in documents:
        contenu = document.fichier.read()
        assert (document.taille, document.sha256) == (len(contenu), sha256(contenu).hexdigest())


def test_le_pdf_est_balise_et_porte_son_titre(version: VersionContrat, accord: Monde) -> None:
    fichier = version.documents.get(format="pdf").fichier
    with pikepdf.open(BytesIO(fichier.read())) as pdf:
        assert pdf.Root.MarkInfo.Marked
        assert accord.demarche.territoire.nom in str(pdf.docinfo.get("/Title", ""))
        assert len(pdf.pages) > 3


def test_la_version_dit_les_memes_centimes_que_la_base(version: VersionContrat, accord: Monde) -> None:
    maquette = negociations.maquette_de(negociations.scenario_courant(accord.demarche))
    assert version.total_aides == maquette.total_propose == Decimal("25000.00")
    assert sum(Decimal(x["aide"]) for x in version.donnees["maquette"]["lignes"]) == version.total_aides
    classeur = load_workbook(BytesIO(version.documents.get(format="xlsx").fichier.read()), data_only=True)
    valeurs = {c.value for ligne in classeur["Maquette"].iter_rows() for c in ligne}
    assert {9999.99, 15000.01, 25000} <= valeurs
    texte = "\n".join(p.text for p in Document(version.documents.get(format="docx").fichier).paragraphs)
    assert "25\u202f000,00" in texte.replace("\u00a0", "\u202f")


def test_une_version_emise_ne_bouge_plus(version: VersionContrat) -> None:
    Proposition.objects.update(montant=Decimal("1"))
    relue = VersionContrat.objects.get(pk=version.pk)
    assert relue.donnees == version.donnees
    assert relue.total_aides == Decimal("25000.00")


def test_les_places_du_fil_suivent(version: VersionContrat, accord: Monde) -> None:
    places = {p.code: p.resume for p in Place.objects.filter(demarche=accord.demarche)}
    assert places["contrat"] == "en rédaction, version 1"
    assert places["realisation"] == "2 projets, 25\u202f000\u00a0€"


def test_sans_projet_retenu_la_generation_est_refusee(monde: Monde, connecte: Connecte) -> None:
    actions.contrat_de(monde.demarche, monde.chef)
    reponse = connecte(monde.chef).post(URL + "generer/", follow=True)
    assert "Aucun projet n’est retenu avec une aide" in reponse.content.decode()
    assert not DocumentEmis.objects.exists()


def test_un_double_envoi_ne_genere_qu_une_version(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    client = connecte(accord.chef)
    for _ in range(2):
        assert client.post(URL + "generer/", {"_soumission": "jeton"}).status_code == 302
    assert VersionContrat.objects.count() == 1
    assert Entree.objects.filter(geste="generer_contrat").count() == 1


def test_le_fichier_se_telecharge_dans_son_perimetre_seulement(
    version: VersionContrat, accord: Monde, connecte: Connecte
) -> None:
    emis = version.documents.get(format="pdf")
    reponse = connecte(accord.maire).get(f"{URL}documents/{emis.pk}/")
    assert reponse.status_code == 200
    assert reponse["X-Content-Type-Options"] == "nosniff"
    assert reponse["Content-Disposition"].startswith("attachment")
    assert reponse.content.startswith(b"%PDF-")
    etranger = fabrique.agent("president_epci", accord.voisine)
    assert connecte(etranger).get(f"{URL}documents/{emis.pk}/").status_code == 404
    ailleurs = f"/territoires/margeride/contrat/documents/{emis.pk}/"
    assert connecte(etranger).get(ailleurs).status_code == 404


def test_un_fichier_disparu_repond_404(version: VersionContrat, accord: Monde, connecte: Connecte) -> None:
    emis = version.documents.get(format="docx")
    Path(emis.fichier.path).unlink()
    assert connecte(accord.chef).get(f"{URL}documents/{emis.pk}/").status_code == 404


def test_les_fichiers_de_la_commande_n_ecrivent_rien_en_base(accord: Monde, tmp_path: Path) -> None:
    chemins = actions.generer_fichiers(accord.demarche, tmp_path)
    assert [c.name for c in chemins] == ["contrat.pdf", "contrat.docx", "maquette.xlsx"]
    assert all(c.stat().st_size > 1000 for c in chemins)
    assert not Contrat.objects.exists()


def test_seul_le_chef_de_projet_genere(accord: Monde, contrat: Contrat, connecte: Connecte) -> None:
    assert connecte(accord.president).post(URL + "generer/").status_code == 403
    assert connecte(accord.chef).get(URL + "generer/").status_code == 405
