"""The report of evaluation: drafted from data, rewritten, produced, archived."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.suivi.models import SectionRapport
from arpent.plateforme.suivi.questions.actions import ecrire_reponse
from arpent.plateforme.suivi.rapport import actions
from arpent.plateforme.suivi.rapport.actions import RapportRefuse, rapport_doc
from arpent.plateforme.suivi.rapport.sections import SECTIONS, paragraphes, pluriel
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

Connecte = Callable[[Agent], Client]
RACINE = "/territoires/gevaudan/bilan/evaluation/rapport/"
LE = date(2026, 6, 10)


def reecrire(client: Client, texte: str, version: int = 1, code: str = "argent") -> Any:
    return client.post(f"{RACINE}mi_parcours/{code}/", {"texte": texte, "version_lue": str(version)})


def test_chaque_partie_est_redigee_d_apres_les_donnees(retenus: Monde, connecte: Connecte) -> None:
    ecrire_reponse(retenus.demarche, "impact", "Il est trop tôt.\n\nOn verra.", version_lue=1, par=None)
    doc = rapport_doc(retenus.demarche, "final", LE, retenus.chef)
    assert doc.nature == "Évaluation finale"
    assert len(doc.sections) == len(SECTIONS)
    par_titre = {s.titre: s for s in doc.sections}
    argent = par_titre["Ce qui est prévu, décidé, payé"]
    assert "accorde 25\u202f000,00\u00a0€ à 2 projets" in argent.paragraphes[0]
    assert argent.tableaux[0].pied[1] == "25\u202f000,00\u00a0€"
    reponses = par_titre["Réponses aux questions d’évaluation"].paragraphes
    assert "On verra." in reponses
    assert "Pas encore de réponse." in reponses
    assert "Personne n’a été interrogé" in " ".join(par_titre["Ce que ces chiffres ne disent pas"].points)
    page = connecte(retenus.chef).get(RACINE).content.decode()
    assert "Évaluation à mi-parcours" in page
    assert "25\u202f000,00\u00a0€" in page


def test_une_partie_se_reecrit_puis_reprend_les_donnees(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    formulaire = client.get(f"{RACINE}mi_parcours/argent/").content.decode()
    assert "Le contrat accorde" in formulaire  # one starts from the drafted text
    assert reecrire(client, "Mon texte.\n\nEn deux temps.").status_code == 302
    doc = rapport_doc(retenus.demarche, "mi_parcours", LE, None)
    argent = next(s for s in doc.sections if s.titre.startswith("Ce qui est prévu"))
    assert argent.paragraphes == ("Mon texte.", "En deux temps.")
    assert argent.tableaux[0].lignes  # the tables stay those of the data
    final = rapport_doc(retenus.demarche, "final", LE, None)
    assert "Mon texte." not in {p for s in final.sections for p in s.paragraphes}
    assert reecrire(connecte(retenus.president), "Le sien, parti du même texte.").status_code == 409
    assert SectionRapport.objects.get().texte.startswith("Mon texte.")
    assert reecrire(client, "  ").status_code == 422
    reprise = client.post(f"{RACINE}mi_parcours/argent/reprendre/", follow=True).content.decode()
    assert "Le contrat accorde" in reprise
    assert not SectionRapport.objects.exists()
    encore = client.post(f"{RACINE}mi_parcours/argent/reprendre/", follow=True).content.decode()
    assert "suit déjà les données" in encore


def test_le_rapport_est_produit_en_pdf_et_en_word_et_archive(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    page = client.post(f"{RACINE}final/produire/", follow=True).content.decode()
    assert "produit et archivé" in page
    emis = {d.format: d for d in DocumentEmis.objects.filter(genre="rapport d’évaluation")}
    assert set(emis) == {"pdf", "docx"}
    assert emis["pdf"].gabarit == "rapport_evaluation/v1"
    assert emis["pdf"].donnees["rapport"]["nature"] == "Évaluation finale"
    pdf = client.get(f"{RACINE}produits/{emis['pdf'].pk}/").content
    assert pdf.startswith(b"%PDF")
    assert b"pdfaid" in pdf
    with zipfile.ZipFile(io.BytesIO(client.get(f"{RACINE}produits/{emis['docx'].pk}/").content)) as archive:
        assert "Ce que ces chiffres ne disent pas" in archive.read("word/document.xml").decode()
    assert Entree.objects.filter(geste="produire_rapport_evaluation").count() == 1
    ailleurs = connecte(fabrique.agent("maire", retenus.voisine))
    assert ailleurs.get(f"{RACINE}produits/{emis['pdf'].pk}/").status_code == 404


def test_ce_qui_n_existe_pas_ou_n_est_pas_permis(retenus: Monde, connecte: Connecte) -> None:
    client = connecte(retenus.chef)
    assert client.get(f"{RACINE}final/inconnue/").status_code == 404
    assert client.get(f"{RACINE}annuel/argent/").status_code == 404
    assert "Choisissez l’évaluation" in client.post(f"{RACINE}annuel/produire/", follow=True).content.decode()
    assert connecte(retenus.maire).get(RACINE).status_code == 200
    assert connecte(retenus.maire).post(f"{RACINE}final/produire/").status_code == 403
    with pytest.raises(RapportRefuse, match="pas du rapport"):
        actions.ecrire_section(retenus.demarche, "final", "x", "Texte", version_lue=1, par=None)
    with pytest.raises(RapportRefuse, match="trop long"):
        actions.ecrire_section(retenus.demarche, "final", "argent", "x" * 20_001, version_lue=1, par=None)


@pytest.mark.parametrize(("n", "dit"), [(0, "aucun projet"), (1, "1 projet"), (3, "3 projets")])
def test_un_nombre_s_accorde(n: int, dit: str) -> None:
    assert pluriel(n, "projet") == dit
    assert pluriel(0, "cible", aucun="aucune") == "aucune cible"


def test_une_ligne_vide_separe_deux_paragraphes() -> None:
    assert paragraphes("Un\nmême\r\n\r\n\r\nDeux \n\n ") == ["Un même", "Deux"]
