"""The report of evaluation: one template for every width of table, the same words in PDF and Word."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_evaluation import (
    LARGEURS,
    RapportEvaluationDoc,
    SectionDoc,
    TableauDoc,
)
from arpent.plateforme.documents.rendu import fabrique_rapport_evaluation
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.vue_evaluation import vue_rapport_evaluation


@pytest.fixture
def exemple() -> RapportEvaluationDoc:
    doc = gabarit("rapport_evaluation/v1").exemple()
    assert isinstance(doc, RapportEvaluationDoc)
    return doc


def tableau(largeur: int, *, pied: bool = False) -> TableauDoc:
    colonnes = tuple(f"Colonne {n}" for n in range(largeur))
    ligne = tuple(f"case {largeur}-{n}" for n in range(largeur))
    return TableauDoc(
        f"Table de {largeur}",
        colonnes,
        (ligne,),
        pied=tuple(f"pied {n}" for n in range(largeur)) if pied else (),
    )


def test_le_gabarit_word_livre_est_celui_que_fait_le_programme() -> None:
    assert fabrique_rapport_evaluation.GABARIT.read_bytes() == fabrique_rapport_evaluation.fabriquer()


@pytest.mark.parametrize("largeur", LARGEURS)
def test_word_a_une_table_pour_chaque_largeur(exemple: RapportEvaluationDoc, largeur: int) -> None:
    section = SectionDoc(
        "Partie", ("Texte < & >.",), tableaux=(tableau(largeur), tableau(largeur, pied=True))
    )
    with zipfile.ZipFile(io.BytesIO(rendre_docx(replace(exemple, sections=(section,))))) as archive:
        texte = archive.read("word/document.xml").decode()
    assert texte.count("<w:tbl>") == 2
    assert texte.count(f"case {largeur}-{largeur - 1}") == 2
    assert texte.count(f"pied {largeur - 1}") == 1
    assert "Texte &lt; &amp; &gt;." in texte
    assert "{{" not in texte


def test_une_table_vide_ne_s_imprime_pas(exemple: RapportEvaluationDoc) -> None:
    vide = replace(tableau(3), lignes=())
    doc = replace(exemple, sections=(SectionDoc("Partie", tableaux=(vide,)),))
    assert vue_rapport_evaluation(doc)["sections"][0]["tableaux"] == []


@pytest.mark.parametrize(
    "faux",
    [tableau(7), replace(tableau(3), lignes=(("une seule",),)), replace(tableau(3), pied=("une seule",))],
)
def test_une_table_d_une_autre_largeur_est_refusee(exemple: RapportEvaluationDoc, faux: TableauDoc) -> None:
    doc = replace(exemple, sections=(SectionDoc("Partie", tableaux=(faux,)),))
    with pytest.raises(ValueError, match="colonnes, ou une ligne"):
        vue_rapport_evaluation(doc)
