"""Note and slides of an avenant: the same figures, old → new, in PDF, Word and PowerPoint."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from PIL import Image
from pptx import Presentation

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_avenant import LigneRevueDoc, MouvementDoc
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_seance_avenant import PresentationAvenantDoc
from arpent.plateforme.documents.rendu import fabrique_note_avenant as fabrique
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.pdf_seance import rendre_note_avenant_pdf
from arpent.plateforme.documents.rendu.photo import logo
from arpent.plateforme.documents.rendu.pptx_seance_avenant import rendre_presentation_avenant_pptx
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_note_avenant import signe, vue_note_avenant

from .hostiles import HOSTILES
from .test_approbation import mots
from .test_seance import serre
from .verification import faults, pages


def doc(**champs: Any) -> PresentationAvenantDoc:
    return replace(cast(PresentationAvenantDoc, gabarit("note_avenant/v1").exemple()), **champs)


def avec(**champs: Any) -> PresentationAvenantDoc:
    """The sample, its avenant changed."""
    lu = doc()
    return replace(lu, avenant=replace(lu.avenant, **champs))


def lames(lu: PresentationAvenantDoc) -> list[Any]:
    return list(Presentation(io.BytesIO(rendre_presentation_avenant_pptx(lu))).slides)


def textes(lame: Any) -> str:
    dits = [f.text_frame.text for f in lame.shapes if f.has_text_frame]
    dits += [c.text for f in lame.shapes if f.has_table for r in f.table.rows for c in r.cells]
    return "\n".join(dits)


def test_le_gabarit_word_est_celui_que_le_code_fabrique() -> None:
    assert fabrique.GABARIT.read_bytes() == fabrique.fabriquer()


def test_la_note_dit_ce_qui_est_demande_et_l_avant_apres_au_centime() -> None:
    lu = doc()
    word, contenu = mots(rendre_docx(lu)), rendre_note_avenant_pdf(lu)
    pdf = "".join(pages(contenu))
    for attendu in (
        f"porté de {euros(Decimal('118500.00'))} à {euros(Decimal('123500.00'))}",
        "dans sa version 1",
        "Remplacement d’un projet et aléa de chantier",
        "Note adressée avec la convocation (CGCT, art. L2121-12).",
        "Prise d’effet de l’avenant",
        "L’avenant touche 2\u00a0projets dont la commune est maître d’ouvrage : leurs aides passent de "
        f"{euros(Decimal('60000.00'))} à {euros(Decimal('45000.00'))}.",
    ):
        assert attendu in word
        assert serre(attendu) in pdf
    assert faults(contenu) == []


def test_un_avenant_sans_effet_sur_les_aides_le_dit() -> None:
    vue = vue_note_avenant(avec(aide_apres=Decimal("118500.00"), lignes=(), enveloppe=None))
    assert "de prendre acte que le total des aides du contrat reste de" in vue["demande"][1]
    assert ("Écart", "inchangé") in [(x["cle"], x["valeur"]) for x in vue["totaux"]]
    assert "Enveloppe" not in [x["cle"] for x in vue["totaux"]]
    assert vue["partie"] == [
        "L’avenant ne change l’aide d’aucun projet dont la commune est maître d’ouvrage."
    ]
    baisse = vue_note_avenant(avec(aide_apres=Decimal("100000.00")))
    assert "ramené de" in baisse["demande"][1]
    assert signe(Decimal("-18500.00")) == "−\u00a018\u202f500,00\u00a0€"


def test_l_autorite_lit_ce_qu_elle_apporte_sous_sa_charte() -> None:
    png = io.BytesIO()
    Image.new("RGB", (60, 40), "#7a1f3d").save(png, "PNG")
    charte = CharteDoc("#17573c", "Direction", logo=logo(png.getvalue()).svg, alternative="Logo")
    lu = doc(role="autorite", charte=charte)
    vue = vue_note_avenant(lu)
    assert vue["partie"][0].endswith("d’aides au lieu de 118\u202f500,00\u00a0€.")
    assert vue["charte"] is not None
    assert vue_note_avenant(replace(lu, role="signataire"))["charte"] is None
    assert faults(rendre_note_avenant_pdf(lu)) == []
    images = [f for f in lames(lu)[0].shapes if f.shape_type == 13]
    assert len(images) == 1
    meme = vue_note_avenant(replace(lu, avenant=replace(lu.avenant, aide_apres=lu.avenant.aide_avant)))
    assert "apporte toujours" in meme["partie"][0]


def test_les_diapositives_vont_de_l_objet_au_vote() -> None:
    lues = lames(doc())
    assert [x.shapes.title.text_frame.text for x in lues] == [
        "Avenant n° 2 au contrat : Remplacement d’un projet et aléa de chantier",
        "Ce que change l’avenant : 2\u00a0modifications",
        "Avant, après",
        "Les projets touchés",
        "Ce que cela change pour la commune",
        "Le calendrier",
        "Ce qui est demandé : le vote du conseil municipal",
    ]
    assert "118\u202f500\u00a0€" in textes(lues[2])
    assert "123\u202f500\u00a0€" in textes(lues[2])
    assert "Aides du contrat : +\u00a05\u202f000,00\u00a0€" in textes(lues[2])
    assert "entre" in textes(lues[3])
    assert "40\u202f000,00\u00a0€ → 45\u202f000,00\u00a0€" in lues[3].notes_slide.notes_text_frame.text


def test_beaucoup_de_lignes_s_additionnent_et_aucune_se_dit() -> None:
    lignes = tuple(
        LigneRevueDoc(str(n), f"Projet {n}", "Commune d’ailleurs", Decimal(1000), Decimal("1500.50"))
        for n in range(9)
    )
    mouvements = tuple(MouvementDoc("Changer le montant d’une aide", f"Phrase {n}.") for n in range(8))
    lues = lames(avec(lignes=lignes, mouvements=mouvements))
    assert "4 autres projets" in textes(lues[3])
    assert "Total, 9 projets" in textes(lues[3])
    assert "et 3 autres, en note" in textes(lues[1])
    assert "ne change l’aide d’aucun projet" in textes(lues[4])
    assert "L’avenant ne change aucune aide." in textes(lames(avec(lignes=()))[3])


@pytest.mark.parametrize("texte", HOSTILES)
def test_un_texte_hostile_reste_du_texte(texte: str) -> None:
    lu = avec(objet=texte, mouvements=(MouvementDoc("x", texte, texte),))
    assert faults(rendre_note_avenant_pdf(lu)) == []
    assert rendre_docx(lu)[:2] == b"PK"
    assert len(lames(lu)) == 7
