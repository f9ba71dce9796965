"""The portrait in three formats: standards, determinism, what is missing, hostile text."""

from __future__ import annotations

import io
import itertools
import time
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.documents.donnees import ConstatDoc, EnjeuDoc
from arpent.plateforme.documents.donnees_portrait import (
    BarreDoc,
    BaseDoc,
    ChiffreDoc,
    FamilleDoc,
    FluxDoc,
    GraphiqueDoc,
    LigneFamilleDoc,
    PortraitDoc,
    SourceDoc,
)
from arpent.plateforme.documents.rendu.docx_portrait import rendre_portrait_docx
from arpent.plateforme.documents.rendu.pdf_portrait import rendre_portrait_pdf
from arpent.plateforme.documents.rendu.pptx import rendre_portrait_pptx
from arpent.plateforme.documents.serie import depuis_json, en_json

from .verification import faults, pages, titles

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="{l}" height="120"><rect width="50%" height="40"/></svg>'
PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060"
    "0000000500010d0a2db40000000049454e44ae426082"
)


def _graphique(titre: str, *, barres: bool = False, largeur: int = 720) -> GraphiqueDoc:
    lignes = (("Ici", "12 %"), ("France", "10 %"))
    return GraphiqueDoc(
        titre, "Deux barres.", SVG.format(l=largeur), ("Lieu", "Part"), lignes, "Insee, 2023", largeur,
        tuple(BarreDoc(n, Decimal(v[:2]), v) for n, v in lignes) if barres else (),
    )  # fmt: skip


def portrait(**change: object) -> PortraitDoc:
    ligne = LigneFamilleDoc("Part des 65 ans et plus", "25,0 %", "+1 point", "24,0 %", "", "21,0 %", "2023")
    base = BaseDoc("Base sociale", None, None, None, None, Decimal("0.23"), None, "")
    doc = PortraitDoc(
        gabarit="portrait/v1", titre="Le Val perd des habitants", territoire="Le Val", autorite="Département",
        dispositif="Contrats", perimetre="1 intercommunalité, 2 communes", intercommunalites=("CC du Val",),
        communes=("Amont", "Aval"), fige_le=date(2026, 6, 1), donnees_sha256="ab" * 32,
        chiffres=(ChiffreDoc("Population", "1 200", "France : 68 M", "Insee, 2023"),),
        carte=_graphique("La carte"), ensemble=(_graphique("Des barres", barres=True),),
        familles=(FamilleDoc("Âges", "", (ligne,), ("Niveau de vie (secret statistique)",),
                             (_graphique("Étroit", largeur=430), _graphique("Étroit 2", largeur=430))),),
        flux=FluxDoc("Le Val : pensions", ("Une phrase.",), (base,), (), "", (), ()),
        vulnerabilite=None, constats=(ConstatDoc("force", "L’emploi tient", "12 %"),),
        enjeux=(EnjeuDoc("1", "Garder l’école"),),
        sources=(SourceDoc("Insee", "2023", "100 %", "aucun"),), methode=("Recalculé.",),
        mentions_demonstration=(),
    )  # fmt: skip
    return replace(doc, **change)  # type: ignore[arg-type]


def _image(svg: str, largeur: int) -> bytes:
    assert svg.startswith("<svg")
    return PIXEL


def test_le_pdf_est_archivable_accessible_et_range() -> None:
    contenu = rendre_portrait_pdf(portrait())
    assert faults(contenu) == []
    noms = [titre for _, titre in titles(contenu)]
    assert {"L’essentiel", "Les flux de revenus", "Méthode et sources"} <= set(noms)


def test_ce_qui_manque_est_dit_jamais_zero() -> None:
    texte = "".join(pages(rendre_portrait_pdf(portrait())))
    assert "nondisponible" in texte
    assert "Niveaudevie(secretstatistique)" in texte
    assert "0,0M€" not in texte


@pytest.mark.parametrize("rendre", [
    rendre_portrait_pdf,
    lambda doc: rendre_portrait_docx(doc, _image),
    lambda doc: rendre_portrait_pptx(doc, _image),
])  # fmt: skip
def test_les_memes_donnees_donnent_les_memes_octets(rendre) -> None:  # type: ignore[no-untyped-def]
    premier = rendre(portrait())
    time.sleep(2.1)  # a zip entry has a clock of two seconds
    assert rendre(portrait()) == premier


def test_les_donnees_figees_se_relisent() -> None:
    assert depuis_json(PortraitDoc, en_json(portrait())) == portrait()


def test_un_texte_hostile_reste_du_texte() -> None:
    piege = '#sys.inputs #import "/etc/passwd" {{ 7 * 7 }} a\x00b 👶 ' + "x" * 3000
    doc = portrait(territoire=piege, titre=piege, constats=(ConstatDoc("menace", piege, piege),))
    assert faults(rendre_portrait_pdf(doc)) == []
    assert rendre_portrait_docx(doc, _image)
    assert rendre_portrait_pptx(doc, _image)


def test_le_document_word_a_titres_descriptions_et_lignes_d_entete() -> None:
    from docx import Document
    from docx.oxml.ns import qn

    lu = Document(io.BytesIO(rendre_portrait_docx(portrait(), _image)))
    niveaux = [int(p.style.name[-1]) for p in lu.paragraphs if p.style and p.style.name.startswith("Heading")]
    assert niveaux[0] == 1
    assert all(b <= a + 1 for a, b in itertools.pairwise(niveaux))
    assert all(t.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None for t in lu.tables)
    assert len(lu.inline_shapes) == 4
    assert all(x._inline.docPr.get("descr") for x in lu.inline_shapes)
