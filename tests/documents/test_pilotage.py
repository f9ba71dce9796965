"""The brief of the elected member: one page whatever the number of territories."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from typing import cast

import pikepdf
import pypdfium2 as pdfium

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_pilotage import LignePilotageDoc, NotePilotageDoc
from arpent.plateforme.documents.rendu.pdf_pilotage import rendre_note_pilotage_pdf
from arpent.plateforme.documents.rendu.vue_pilotage import vue_note_pilotage
from arpent.plateforme.portail.pilotage.fichiers import LIGNES_NOTE


def lignes(valeur: str) -> tuple[LignePilotageDoc, ...]:
    """As many as the brief names, with names and steps longer than those of the two founding policies."""
    return tuple(
        LignePilotageDoc(
            f"Communauté de communes des Terres d’Apcher-Margeride-Aubrac {i}",
            "Délibération du maître d’ouvrage sur chaque fiche projet",
            valeur,
        )
        for i in range(LIGNES_NOTE)
    )


def exemple() -> NotePilotageDoc:
    return cast(NotePilotageDoc, gabarit("note_pilotage/v1").exemple())


def test_la_note_la_plus_longue_tient_sur_une_page() -> None:
    longue = replace(
        exemple(), decide=lignes("12 345 678 €"), retards=lignes("365 jours"),
        reste=lignes("12/06/2026 (20/05/2026 à 30/07/2026)"), decide_en_plus=40, reste_en_plus=40,
        retards_en_plus=40, silencieux=tuple(x.territoire for x in lignes("")),
    )  # fmt: skip
    with pikepdf.open(BytesIO(rendre_note_pilotage_pdf(longue))) as pdf:
        assert len(pdf.pages) == 1


def test_une_note_de_dix_territoires_les_nomme_tous_en_entier() -> None:
    dix = lignes("45 jours")[:10]
    doc = replace(exemple(), decide=(), reste=dix, reste_en_plus=0, retards=dix[:5], retards_en_plus=0)
    with pdfium.PdfDocument(rendre_note_pilotage_pdf(doc)) as pdf:
        assert len(pdf) == 1
        lettres = re.sub(r"[^\w…(]", "", pdf[0].get_textpage().get_text_bounded())  # cut at lines
    assert "Cequiresteàfaire(" not in lettres
    assert lettres.count("Délibération") == lettres.count("ficheprojet") == 15
    assert "…" not in lettres


def test_la_note_dit_ce_qui_manque_et_combien_ne_sont_pas_nommes() -> None:
    vue = vue_note_pilotage(replace(exemple(), decide=(), silencieux=(), perimetre="", retards_en_plus=1))
    decide, _, retards = vue["rubriques"]
    assert decide["vide"] == "Aucun contrat n’est encore en vigueur."
    assert retards["suite"] == "1 sur 2"
    assert (vue["silence"], vue["perimetre"]) == ("", "")
