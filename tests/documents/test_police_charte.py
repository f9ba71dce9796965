"""The font of an authority: what is read of it, what is refused, how the documents are drawn with it."""

from __future__ import annotations

import io
import random
from contextlib import suppress
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from docx import Document
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from arpent.plateforme.documents.catalogue import catalogue, gabarit
from arpent.plateforme.documents.donnees_charte import CharteDoc, PoliceDoc
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf
from arpent.plateforme.documents.rendu.pdf_attribution import rendre_attribution_pdf
from arpent.plateforme.documents.rendu.pdf_avenant import rendre_avenant_pdf
from arpent.plateforme.documents.rendu.police_charte import INDISPENSABLES, PoliceRefusee, lire_police
from arpent.plateforme.documents.rendu.polices import dessinable
from arpent.plateforme.documents.rendu.pptx_seance import rendre_presentation_pptx

from .polices import FAMILLE, SANS_GRAS, SERIF, TITRES, les_trois, police
from .verification import faults, pages


def _restreinte(bits: int) -> Any:
    def gate(fonte: Any) -> None:
        fonte["OS/2"].fsType = bits

    return gate


def _sans_oe(fonte: Any) -> None:
    for table in fonte["cmap"].tables:
        table.cmap.pop(ord("œ"), None)


def _penchee(fonte: Any) -> None:
    fonte["post"].italicAngle = -12.0


def _variable(fonte: Any) -> None:
    from fontTools.ttLib import newTable
    from fontTools.ttLib.tables._f_v_a_r import Axis

    fonte["fvar"] = newTable("fvar")
    axe = Axis()
    axe.axisTag, axe.minValue, axe.defaultValue, axe.maxValue, axe.axisNameID = "wght", 300, 400, 700, 256
    fonte["name"].setName("Graisse", 256, 3, 1, 0x409)
    fonte["fvar"].axes, fonte["fvar"].instances = [axe], []


def test_une_police_dit_sa_famille_et_sa_graisse() -> None:
    assert (lire_police(police()).famille, lire_police(police()).grasse) == (FAMILLE, False)
    assert lire_police(police(SANS_GRAS)).grasse


def test_ce_qui_est_indispensable_est_dessine_par_nos_polices() -> None:
    assert dessinable(INDISPENSABLES) == INDISPENSABLES


@pytest.mark.parametrize("bits", [0, 0x0004, 0x0008])
def test_une_licence_qui_permet_d_incorporer_est_acceptee(bits: int) -> None:
    assert lire_police(police(gate=_restreinte(bits))).famille == FAMILLE


@pytest.mark.parametrize(
    ("octets", "mot"),
    [
        (police(gate=_restreinte(0x0002)), "licence"),
        (police(gate=_restreinte(0x0104)), "licence"),
        (police(gate=_restreinte(0x0200)), "licence"),
        (police(gate=_sans_oe), "œ"),
        (police(gate=_penchee), "italique"),
        (police(gate=_variable), "variable"),
        (b"wOF2" + b"\0" * 40, "WOFF"),
        (b"wOFF" + b"\0" * 40, "WOFF"),
        (b"PK\x03\x04", r"\.ttf ou \.otf"),
        (b"", r"\.ttf ou \.otf"),
        (b"\x00\x01\x00\x00" + b"\xff" * 400, "illisible"),
        (police()[:2000], "illisible"),
        (b"\x00\x01\x00\x00" + b"\0" * (2 * 1024**2), "2 Mo"),
    ],
)
def test_une_police_qui_ne_convient_pas_est_refusee(octets: bytes, mot: str) -> None:
    with pytest.raises(PoliceRefusee, match=mot):
        lire_police(octets)


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 2**32))
def test_une_police_abimee_est_lue_ou_refusee_jamais_autre_chose(graine: int) -> None:
    hasard, octets = random.Random(graine), bytearray(police())
    for _ in range(40):
        octets[hasard.randrange(12, len(octets))] = hasard.randrange(256)
    with suppress(PoliceRefusee):
        assert lire_police(bytes(octets)).famille


@pytest.fixture
def charte(tmp_path: Any, settings: Any) -> CharteDoc:
    settings.MEDIA_ROOT = tmp_path
    polices = []
    for role, famille, octets in zip(
        ("texte", "texte", "titres"), (FAMILLE, FAMILLE, TITRES), les_trois(), strict=True
    ):
        nom = default_storage.save("chartes/polices/essai.ttf", ContentFile(octets))
        polices.append(PoliceDoc(role, famille, nom, "0" * 64))
    bloc = "Pour la Présidente et par délégation,\nLe directeur général des services"
    return CharteDoc("#7a1f2b", bloc=bloc, fait_a="Mende", polices=tuple(polices))


def textes_du_pdf(contenu: bytes) -> str:
    """Without its spaces: justified lines have none of their own."""
    return "".join(pages(contenu))


def incorporees(contenu: bytes) -> set[str]:
    """The fonts a PDF holds, without the prefix of their subset; each must be embedded."""
    noms = set()
    with pikepdf.open(io.BytesIO(contenu)) as pdf:
        for objet in pdf.objects:
            if isinstance(objet, pikepdf.Dictionary) and objet.get("/Type") == "/FontDescriptor":
                assert any(cle in objet for cle in ("/FontFile2", "/FontFile3"))
                noms.add(str(objet.FontName).partition("+")[2])
    return noms


def test_les_pdf_sont_dessines_dans_les_polices_de_l_autorite(charte: CharteDoc) -> None:
    doc: Any = gabarit("contrat/v1").exemple()
    contenu = rendre_contrat_pdf(replace(doc, charte=charte))
    assert incorporees(contenu) == {"EssaiCollectivite", "EssaiTitres"}
    assert any(x.startswith("SourceS") for x in incorporees(rendre_contrat_pdf(doc)))
    assert faults(contenu) == []


def test_un_caractere_absent_de_la_police_est_dessine_par_la_notre(charte: CharteDoc) -> None:
    doc: Any = gabarit("contrat/v1").exemple()
    octets = police(gate=lambda f: [t.cmap.pop(ord("≥"), None) for t in f["cmap"].tables])
    nom = default_storage.save("chartes/polices/reduite.ttf", ContentFile(octets))
    reduite = replace(charte, polices=(PoliceDoc("texte", FAMILLE, nom, "0" * 64),))
    contenu = rendre_contrat_pdf(replace(doc, charte=reduite, preambule=("Part ≥ 20 %.",)))
    assert "Part≥20" in textes_du_pdf(contenu)
    assert any("SourceSans" in x for x in incorporees(contenu))


def test_une_police_partie_du_depot_laisse_place_aux_notres(charte: CharteDoc) -> None:
    doc: Any = gabarit("contrat/v1").exemple()
    absente = replace(charte, polices=(PoliceDoc("texte", FAMILLE, "chartes/polices/partie.ttf", "0" * 64),))
    assert rendre_contrat_pdf(replace(doc, charte=absente)).startswith(b"%PDF-")


def test_les_memes_polices_donnent_les_memes_octets(charte: CharteDoc) -> None:
    doc: Any = replace(gabarit("contrat/v1").exemple(), charte=charte)
    assert rendre_contrat_pdf(doc) == rendre_contrat_pdf(doc)


def test_le_texte_seul_sert_aussi_aux_titres() -> None:
    charte = CharteDoc("#000000", polices=(PoliceDoc("texte", FAMILLE, "x", ""),))
    assert charte.familles("titres") == (FAMILLE,)
    assert CharteDoc("#000000").familles("titres") == ()


def test_word_et_powerpoint_nomment_les_polices(charte: CharteDoc) -> None:
    doc: Any = gabarit("contrat/v1").exemple()
    word = Document(io.BytesIO(rendre_docx(replace(doc, charte=charte))))
    assert word.styles["Normal"].font.name == FAMILLE
    assert word.styles["Heading 1"].font.name == TITRES
    presentation: Any = gabarit("presentation/v1").exemple()
    deck = rendre_presentation_pptx(
        replace(presentation, contrat=replace(presentation.contrat, charte=charte))
    )
    noms = {
        suite.font.name
        for lame in Presentation(io.BytesIO(deck)).slides
        for forme in lame.shapes
        if forme.has_text_frame
        for paragraphe in forme.text_frame.paragraphs
        for suite in paragraphe.runs
    }
    assert {FAMILLE, TITRES} <= noms
    assert not noms & {"Calibri", "Georgia"}


@pytest.mark.parametrize(
    "code", ["arrete_attribution/v1", "convention_attribution/v1", "lettre_attribution/v1"]
)
def test_le_bloc_de_signature_est_au_bas_des_actes(charte: CharteDoc, code: str) -> None:
    doc: Any = gabarit(code).exemple()
    texte = textes_du_pdf(rendre_attribution_pdf(replace(doc, charte=charte)))
    assert texte.count("PourlaPrésidenteetpardélégation") == 1
    assert "Ledirecteurgénéraldesservices" in texte
    word = _texte_word(rendre_docx(replace(doc, charte=charte)))
    assert word.count("Pour la Présidente et par délégation") == 1


def _texte_word(contenu: bytes) -> str:
    document = Document(io.BytesIO(contenu))
    cellules = [c.text for t in document.tables for r in t.rows for c in r.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cellules])


@pytest.mark.parametrize(
    ("code", "rendre"), [("contrat/v1", rendre_contrat_pdf), ("avenant/v1", rendre_avenant_pdf)]
)
def test_seule_la_case_de_l_autorite_porte_son_bloc(charte: CharteDoc, code: str, rendre: Any) -> None:
    doc: Any = gabarit(code).exemple()
    autorite = doc.parties[0].nom
    doc = replace(doc, autorite=autorite, charte=charte)
    assert len(doc.parties) > 1
    assert textes_du_pdf(rendre(doc)).count("pardélégation") == 1
    assert _texte_word(rendre_docx(doc)).count("par délégation") == 1
    assert "pardélégation" not in textes_du_pdf(rendre(replace(doc, charte=replace(charte, bloc=""))))


def test_chaque_gabarit_vient_d_une_feuille_qui_connait_les_polices() -> None:
    """No template names a font of its own: the charter would not reach it."""
    fautifs = [
        str(fichier)
        for modele in catalogue()
        for fichier in modele.dossier.glob("*.typ")
        if "Source S" in fichier.read_text(encoding="utf-8")
    ]
    assert fautifs == []


def test_les_trois_fichiers_d_essai_sont_distincts() -> None:
    assert len({*les_trois()}) == 3
    assert SERIF != SANS_GRAS
