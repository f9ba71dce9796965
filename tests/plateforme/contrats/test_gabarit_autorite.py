"""A contract drawn in the Word template of its authority: named, kept, and refused when it no longer fits."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from docx import Document

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.contrats import actions
from arpent.plateforme.contrats.models import Contrat, VersionContrat
from arpent.plateforme.documents.empreinte import empreinte
from arpent.plateforme.documents.models import DocumentEmis, GabaritAutorite
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.reglements.gabarits import deposer, mettre_en_service, revenir_au_livre
from tests.documents.test_gabarits_word import avec
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

MOT = "Composé dans le gabarit de la collectivité"
Connecte = Callable[[Agent], Client]


def servir(autorite: Organisation) -> GabaritAutorite:
    depose = deposer(autorite, "contrat", avec(MOT, nom="contrat"), "contrat.docx", par=None)
    return mettre_en_service(autorite, "contrat", depose.numero, par=None)


def casser(autorite: Organisation) -> None:
    """A template that was fit once: the data have changed since."""
    contenu = avec("{{ champ_disparu }}", nom="contrat")
    casse = GabaritAutorite(
        autorite_id=autorite.pk, nom="contrat", numero=1, livre="contrat/v1", nom_fichier="x.docx",
        sha256=empreinte(contenu), par_nom="x", en_service_le=timezone.now(),
    )  # fmt: skip
    casse.fichier.save("contrat.docx", ContentFile(contenu), save=True)


def paragraphes(document: DocumentEmis) -> list[str]:
    with document.fichier.open("rb") as flux:
        return [p.text for p in Document(BytesIO(flux.read())).paragraphs]


def test_le_word_du_contrat_prend_le_gabarit_et_le_nomme(accord: Monde, contrat: Contrat) -> None:
    servir(accord.demarche.autorite)
    version = actions.generer(contrat, accord.chef)
    word, pdf = version.documents.get(format="docx"), version.documents.get(format="pdf")
    assert (word.gabarit, pdf.gabarit, version.gabarit) == ("contrat/autorite-1", "contrat/v1", "contrat/v1")
    assert MOT in paragraphes(word)
    assert word.donnees["empreinte_des_donnees"] == version.empreinte
    revenir_au_livre(accord.demarche.autorite, "contrat", "essai", numero=1, par=None)
    suivante = actions.generer(contrat, accord.chef).documents.get(format="docx")
    assert suivante.gabarit == "contrat/v1"
    assert MOT not in paragraphes(suivante)
    assert MOT in paragraphes(word)


def test_le_gabarit_d_une_autre_autorite_ne_sert_pas(accord: Monde, contrat: Contrat) -> None:
    servir(fabrique.organisation(nom="Région voisine"))
    word = actions.generer(contrat, accord.chef).documents.get(format="docx")
    assert word.gabarit == "contrat/v1"
    assert MOT not in paragraphes(word)


def test_un_gabarit_qui_ne_se_remplit_plus_n_emet_rien(
    accord: Monde, contrat: Contrat, connecte: Connecte
) -> None:
    casser(accord.demarche.autorite)
    with pytest.raises(RenduImpossible, match="ne se remplit plus"):
        actions.generer(contrat, accord.chef)
    assert not VersionContrat.objects.exists()
    assert not DocumentEmis.objects.exists()
    page = connecte(accord.chef).post("/territoires/gevaudan/contrat/generer/", follow=True)
    assert "revenez au gabarit livré" in page.content.decode()
    assert not VersionContrat.objects.exists()
