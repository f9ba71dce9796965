"""The papers of a grant file: the acknowledgement, the report and its list by fund."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

from docx import Document

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_dossier import AccuseDossierDoc, RapportCommissionDoc
from arpent.plateforme.documents.rendu import fabrique_rapport_commission
from arpent.plateforme.documents.rendu.docx import rendre_docx
from arpent.plateforme.documents.rendu.vue_dossier import vue_accuse, vue_rapport_commission


def exemple() -> RapportCommissionDoc:
    lu = gabarit("rapport_commission/v1").exemple()
    assert isinstance(lu, RapportCommissionDoc)
    return lu


def test_le_gabarit_word_est_celui_du_script() -> None:
    assert fabrique_rapport_commission.GABARIT.read_bytes() == fabrique_rapport_commission.fabriquer()


def test_les_totaux_par_fonds_font_le_total() -> None:
    doc = exemple()
    assert [f.fonds for f in doc.par_fonds] == ["Enveloppe territoriale de base", "Fonds voirie communale"]
    assert sum((f.total for f in doc.par_fonds), Decimal(0)) == doc.total == Decimal("56500.00")
    a_voter = replace(doc, lignes=tuple(replace(x, sens="", montant_vote=None) for x in doc.lignes))
    assert a_voter.total == Decimal("256500.00")


def test_le_rapport_dit_ce_qui_est_vote() -> None:
    doc = exemple()
    vue = vue_rapport_commission(doc)
    assert vue["conclusion"] == "Il est décidé"
    assert [x["sens"] for f in vue["fonds"] for x in f["lignes"]] == ["adoptée", "ajournée", "adoptée"]
    a_voter = vue_rapport_commission(replace(doc, deliberation="", seance_le=None))
    assert a_voter["conclusion"] == "Il est proposé"
    assert {"cle": "Séance du", "valeur": "à fixer"} in a_voter["seance"]
    mots = "\n".join(p.text for p in Document(io.BytesIO(rendre_docx(doc))).paragraphs)
    assert "cinquante-six mille cinq cents euros" in mots


def test_l_accuse_dit_son_effet_et_ne_promet_rien() -> None:
    doc = gabarit("accuse_dossier/v1").exemple()
    assert isinstance(doc, AccuseDossierDoc)
    effets = " ".join(vue_accuse(doc)["effets"])
    assert "ni promesse d’une aide" in effets
    assert "L231-4" in effets
    sobres = vue_accuse(replace(doc, silence_le=None, commencement="", pieces=(), instruit_par=""))
    assert len(sobres["effets"]) == 1
