"""The brief of the elected member: one page whatever the number of territories."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from typing import cast

import pikepdf

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_pilotage import LignePilotageDoc, NotePilotageDoc
from arpent.plateforme.documents.rendu.pdf_pilotage import rendre_note_pilotage_pdf
from arpent.plateforme.documents.rendu.vue_pilotage import vue_note_pilotage
from arpent.plateforme.portail.pilotage.fichiers import LIGNES_NOTE

LIGNES = tuple(
    LignePilotageDoc(
        f"Territoire au nom assez long pour passer à la ligne {i}",
        "Concertation territoriale et maquette financière",
        "12/06/2026 (20/05/2026 à 30/07/2026)",
    )
    for i in range(LIGNES_NOTE)
)


def exemple() -> NotePilotageDoc:
    return cast(NotePilotageDoc, gabarit("note_pilotage/v1").exemple())


def test_la_note_la_plus_longue_tient_sur_une_page() -> None:
    longue = replace(
        exemple(), decide=LIGNES, reste=LIGNES, retards=LIGNES, decide_en_plus=40, reste_en_plus=40,
        retards_en_plus=40, silencieux=tuple(x.territoire for x in LIGNES),
    )  # fmt: skip
    with pikepdf.open(BytesIO(rendre_note_pilotage_pdf(longue))) as pdf:
        assert len(pdf.pages) == 1


def test_la_note_dit_ce_qui_manque_et_combien_ne_sont_pas_nommes() -> None:
    vue = vue_note_pilotage(replace(exemple(), decide=(), silencieux=(), perimetre="", retards_en_plus=1))
    decide, _, retards = vue["rubriques"]
    assert decide["vide"] == "Aucun contrat n’est encore en vigueur."
    assert retards["suite"] == "et 1 autre territoire"
    assert (vue["silence"], vue["perimetre"]) == ("", "")
