"""The draft délibération that approves a contract: the same words in PDF and in Word, no silent blank."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import cast

import pytest
from docx import Document

from arpent.metier.argent import en_lettres
from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_approbation import ApprobationDoc
from arpent.plateforme.documents.donnees_fiche import SeanceDoc
from arpent.plateforme.documents.rendu.docx import rendre_approbation_docx
from arpent.plateforme.documents.rendu.fabrique_approbation import GABARIT, fabriquer
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_approbation_pdf
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_approbation import vue_approbation

from .hostiles import HOSTILES
from .verification import faults


def exemple() -> ApprobationDoc:
    return cast(ApprobationDoc, gabarit("approbation/v1").exemple())


def mots(contenu: bytes) -> str:
    """The text of a Word file, its tables included."""
    doc = Document(io.BytesIO(contenu))
    cellules = [c.text for t in doc.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in doc.paragraphs), *cellules])


def test_le_projet_dit_le_contrat_ses_montants_et_qui_signe() -> None:
    doc = exemple()
    texte = mots(rendre_approbation_docx(doc))
    for attendu in (
        "Vu le code général des collectivités territoriales, notamment ses articles L2121-17",
        "approuve le « Contrat territorial Causses et Haut-Pays 2026-2028 », dans sa version 2",
        en_lettres(doc.total_aides),
        euros(doc.total_projets),
        "autorise le maire (Mme Jeanne Exemple, maire) à signer",
        "N’ont pas pris part au vote, étant intéressés à l’affaire : M. Paul Modèle.",
    ):
        assert attendu in texte
    assert faults(rendre_approbation_pdf(doc)) == []


def test_ce_qui_manque_est_liste_et_aucune_phrase_ne_reste_en_blanc() -> None:
    doc = replace(exemple(), seance=SeanceDoc(), signataire="", qualite="", date_effet="", duree_annees=None)
    vue = vue_approbation(doc)
    phrases = [*vue["visas"], *vue["expose"], *(a["texte"] for a in vue["articles"])]
    assert not [p for p in phrases if "à compléter" in p or "en date du" in p or "……" in p]
    assert {"la date de la séance", "le signataire du contrat", "le résultat du vote"} <= set(doc.a_completer)
    assert "autorise le maire à signer" in phrases[-1]
    texte = mots(rendre_approbation_docx(doc))
    assert all(quoi in texte for quoi in doc.a_completer)


def test_sans_projet_ni_enveloppe_le_texte_se_tient() -> None:
    doc = replace(exemple(), projets=(), projets_de_la_partie=False, enveloppe=None, ecartes="")
    vue = vue_approbation(doc)
    assert len(vue["articles"]) == 3
    assert "enveloppe" not in " ".join(vue["expose"])
    assert "N’ont pas pris part" not in mots(rendre_approbation_docx(doc))


def test_le_modele_word_livre_est_celui_que_fabrique_le_script() -> None:
    assert GABARIT.read_bytes() == fabriquer()


@pytest.mark.parametrize("rang", range(0, 60, 20))
def test_des_textes_hostiles_restent_des_textes(rang: int) -> None:
    piege = HOSTILES[rang]
    doc = exemple()
    doc = replace(
        doc, titre_contrat=piege, signataire=piege, ecartes=piege, parties=(piege,), manques=(piege,),
        projets=tuple(replace(doc.projets[0], titre=x, maitre_ouvrage=x) for x in HOSTILES[rang : rang + 20]),
    )  # fmt: skip
    assert faults(rendre_approbation_pdf(doc)) == []
    assert mots(rendre_approbation_docx(doc))
