"""The papers of a meeting: same words in PDF and Word, drafts marked, the template made from code."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import cast

import pytest
from docx import Document

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_reunion import (
    CompteRenduDoc,
    ConvocationReunionDoc,
    FeuillePresenceDoc,
    PersonneReunionDoc,
)
from arpent.plateforme.documents.rendu import fabrique_compte_rendu
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.pdf_reunion import (
    code_qr,
    rendre_compte_rendu_pdf,
    rendre_convocation_reunion_pdf,
    rendre_feuille_presence_pdf,
)
from arpent.plateforme.documents.rendu.vue_reunion import (
    vue_compte_rendu,
    vue_convocation_reunion,
    vue_feuille_presence,
)

from .verification import faults


def minutes() -> CompteRenduDoc:
    return cast(CompteRenduDoc, gabarit("compte_rendu/v1").exemple())


def lettre() -> ConvocationReunionDoc:
    return cast(ConvocationReunionDoc, gabarit("convocation_reunion/v1").exemple())


def test_le_gabarit_word_est_celui_du_code() -> None:
    assert fabrique_compte_rendu.GABARIT.read_bytes() == fabrique_compte_rendu.fabriquer()


def test_le_compte_rendu_word_dit_les_decisions_et_les_presences() -> None:
    doc = Document(io.BytesIO(rendre_docx(minutes())))
    textes = [p.text for p in doc.paragraphs]
    cellules = [c.text for t in doc.tables for r in t.rows for c in r.cells]
    assert "Décision 1 : compléter le plan de financement." in [t.replace("\u00a0", " ") for t in textes]
    assert "représenté par Lucie Test" in cellules
    assert not [t for t in (*textes, *cellules) if "{{" in t or "{%" in t]


def test_un_projet_de_compte_rendu_le_dit() -> None:
    projet = replace(minutes(), brouillon=True, valide_le=None, valide_par="")
    vue = vue_compte_rendu(projet)
    assert vue["surtitre"] == "Projet de compte rendu"
    assert "pas encore validé" in vue["validation"]
    assert vue_compte_rendu(minutes())["surtitre"] == "Compte rendu"


def test_les_absents_sont_a_part_des_presents() -> None:
    vue = vue_compte_rendu(minutes())
    assert [p["nom"] for p in vue["presents"]] == ["Jeanne Exemple", "Paul Modèle"]
    assert [p["presence"] for p in vue["absents"]] == ["excusé"]


def test_une_lettre_nominative_ne_donne_pas_la_liste_des_convies() -> None:
    vue = vue_convocation_reunion(replace(lettre(), destinataire=PersonneReunionDoc("Anne Type", "maire")))
    assert (vue["pour"], vue["convies"]) == (["Anne Type", "maire"], [])
    assert vue_convocation_reunion(lettre())["convies"][0]["nom"] == "Jeanne Exemple"


@pytest.mark.parametrize("vide", [True, False])
def test_les_papiers_sont_accessibles_et_toujours_les_memes(vide: bool) -> None:
    feuille = cast(FeuillePresenceDoc, gabarit("feuille_presence/v1").exemple())
    cr, convocation = minutes(), lettre()
    if vide:
        feuille = replace(feuille, convies=(), adresse="")
        cr = replace(cr, convies=(), points=(), decisions=(), questions=(), synthese="")
        convocation = replace(convocation, convies=(), points=(), pieces=(), message="", avis="Reportée.")
    for rendre, doc in (
        (rendre_feuille_presence_pdf, feuille),
        (rendre_compte_rendu_pdf, cr),
        (rendre_convocation_reunion_pdf, convocation),
    ):
        contenu = rendre(doc)  # type: ignore[operator]
        assert faults(contenu) == []
        assert contenu == rendre(doc)  # type: ignore[operator]


def test_le_code_est_un_dessin_autonome_et_la_feuille_dit_son_adresse() -> None:
    assert code_qr("https://exemple.fr/a").startswith("<svg ")
    feuille = cast(FeuillePresenceDoc, gabarit("feuille_presence/v1").exemple())
    assert vue_feuille_presence(feuille)["adresse"] == feuille.adresse
