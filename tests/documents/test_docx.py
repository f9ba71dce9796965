"""The Word document: the same content as the PDF, structured, and inert to what people type."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date
from functools import cache
from itertools import pairwise

import pytest
from docx import Document
from docx.document import Document as Fichier
from docx.enum.section import WD_ORIENT
from docx.oxml.ns import qn

from arpent.plateforme.documents.catalogue import GabaritInconnu
from arpent.plateforme.documents.donnees import ArticleDoc
from arpent.plateforme.documents.rendu.docx import rendre_contrat_docx
from arpent.plateforme.documents.rendu.fabrique_docx import GABARIT, fabriquer
from arpent.plateforme.documents.rendu.texte import euros, jour

from .fabrique import contrat, fiche


@cache
def _contrat(nombre: int) -> bytes:
    return rendre_contrat_docx(contrat(nombre))


def _ouvrir(contenu: bytes) -> Fichier:
    return Document(io.BytesIO(contenu))


def _titres(doc: Fichier) -> list[tuple[int, str]]:
    styles = ((p.style.name if p.style else "", p.text) for p in doc.paragraphs)
    return [(int(str(style)[-1]), texte) for style, texte in styles if str(style).startswith("Heading")]


def _texte(contenu: bytes) -> str:
    doc = _ouvrir(contenu)
    cellules = (c.text for t in doc.tables for r in t.rows for c in r.cells)
    return "\n".join([*(p.text for p in doc.paragraphs), *cellules])


def test_le_gabarit_livre_est_celui_que_fabrique_le_script() -> None:
    assert GABARIT.read_bytes() == fabriquer()


def test_les_titres_se_suivent_sans_saut_de_niveau() -> None:
    titres = _titres(_ouvrir(_contrat(3)))
    assert [texte for niveau, texte in titres if niveau == 1] == [
        "Les parties",
        "Le contrat",
        "Annexe 1. Synthèse du diagnostic",
        "Annexe 2. Plan d’actions",
        "Annexe 3. Maquette financière",
        "Annexe 4. Fiches projets",
    ]
    niveaux = [niveau for niveau, _ in titres]
    assert all(suivant <= niveau + 1 for niveau, suivant in pairwise(niveaux))


def test_aucune_balise_de_gabarit_ne_reste() -> None:
    with zipfile.ZipFile(io.BytesIO(_contrat(2))) as archive:
        xml = "".join(
            archive.read(n).decode() for n in archive.namelist() if n.startswith("word/") and n[-4:] == ".xml"
        )
    assert "{{" not in xml
    assert "{%" not in xml


def test_le_document_dit_ses_parties_et_ses_montants() -> None:
    doc = contrat(6)
    texte = _texte(rendre_contrat_docx(doc))
    assert doc.maquette is not None
    attendus = [doc.territoire, jour(date(2026, 5, 18)), euros(doc.maquette.aide_totale)]
    attendus += [p.nom for p in doc.parties] + [f.titre for f in doc.fiches]
    attendus += [euros(f.aide_proposee) for f in doc.fiches]
    assert [x for x in attendus if x not in texte] == []


def test_chaque_tableau_a_une_ligne_d_en_tete_repetee() -> None:
    tableaux = _ouvrir(_contrat(2)).tables
    assert len(tableaux) > 10
    assert all(t.rows[0]._tr.trPr is not None for t in tableaux)
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in tableaux)  # type: ignore[union-attr]


def test_le_document_est_en_francais_numerote_avec_une_table_des_matieres() -> None:
    doc = _ouvrir(_contrat(2))
    assert doc.core_properties.language == "fr-FR"
    assert doc.core_properties.title == "Contrat territorial 2026-2028, Causses et Haut-Pays"
    langues = {x.get(qn("w:val")) for x in doc.styles.element.iter(qn("w:lang"))}
    assert langues == {"fr-FR"}
    instructions = [x.text.strip() for x in doc.element.iter(qn("w:instrText"))]
    assert 'TOC \\o "1-2" \\h \\z \\u' in instructions
    pied = doc.sections[0].footer._element.xml
    assert "PAGE" in pied
    assert "NUMPAGES" in pied


def test_la_maquette_est_en_paysage_et_elle_seule() -> None:
    sens = [section.orientation for section in _ouvrir(_contrat(2)).sections]
    assert sens == [WD_ORIENT.PORTRAIT, WD_ORIENT.LANDSCAPE, WD_ORIENT.PORTRAIT]
    sans = _ouvrir(rendre_contrat_docx(contrat(1, maquette=None)))
    assert [section.orientation for section in sans.sections] == [WD_ORIENT.PORTRAIT, WD_ORIENT.PORTRAIT]


@pytest.mark.parametrize(
    "texte",
    [
        "{{ titre }} {% for x in y %} {{ ''.__class__.__mro__ }}",
        '<w:p><w:r/></w:p> & "guillemets" ]]>',
        "a\x00b\x08c\x1b \u202epiégé\u202c 👶🏽 שלום",
        "mot " * 2500,
        "{_{ {%p endfor %} {#",
    ],
)
def test_un_texte_hostile_reste_un_texte(texte: str) -> None:
    doc = contrat(1, articles=(ArticleDoc("1", "Objet", (texte,)),), fiches=(fiche(1, titre=texte[:200]),))
    contenu = rendre_contrat_docx(doc)
    lisible = "".join(c for c in texte if c.isprintable())[:30].strip()
    assert lisible.split()[-1] in _texte(contenu)
    assert len(_titres(_ouvrir(contenu))) > 5


def test_un_saut_de_ligne_reste_un_saut_de_ligne() -> None:
    contenu = rendre_contrat_docx(contrat(0, articles=(ArticleDoc("1", "Objet", ("premier\nsecond",)),)))
    assert "premier\nsecond" in _texte(contenu)


def test_un_contrat_definitif_ne_se_dit_pas_projet() -> None:
    assert "Projet de contrat" in _texte(_contrat(2))
    assert "Projet de contrat" not in _texte(rendre_contrat_docx(contrat(0, brouillon=False)))


@pytest.mark.parametrize("nombre", [0, 60])
def test_un_contrat_sans_fiche_ou_avec_soixante_se_compose(nombre: int) -> None:
    titres = _titres(_ouvrir(_contrat(nombre)))
    assert sum(niveau == 2 and texte.startswith("Fiche ") for niveau, texte in titres) == nombre


def test_les_memes_donnees_donnent_les_memes_octets() -> None:
    premier = rendre_contrat_docx(contrat(1))
    time.sleep(2.1)  # a zip counts by two seconds
    assert rendre_contrat_docx(contrat(1)) == premier


def test_un_gabarit_sans_modele_word_est_refuse_clairement() -> None:
    with pytest.raises(GabaritInconnu, match="n’a pas de modèle Word"):
        rendre_contrat_docx(contrat(0, gabarit="fiche/v1"))
