"""The draft délibération that approves an avenant, and the avenant in Word: same words as their PDF."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import cast

import pytest

from arpent.metier.argent import en_lettres
from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_approbation import ApprobationAvenantDoc
from arpent.plateforme.documents.donnees_avenant import AvenantDoc
from arpent.plateforme.documents.donnees_fiche import SeanceDoc
from arpent.plateforme.documents.rendu import fabrique_approbation_avenant, fabrique_avenant
from arpent.plateforme.documents.rendu.docx import rendre_approbation_avenant_docx, rendre_avenant_docx
from arpent.plateforme.documents.rendu.pdf_avenant import rendre_avenant_pdf
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_approbation_avenant_pdf
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_approbation_avenant import vue_approbation_avenant

from .hostiles import HOSTILES
from .test_approbation import mots
from .verification import faults


def projet() -> ApprobationAvenantDoc:
    return cast(ApprobationAvenantDoc, gabarit("approbation_avenant/v1").exemple())


def avenant() -> AvenantDoc:
    return cast(AvenantDoc, gabarit("avenant/v1").exemple())


def test_le_projet_dit_l_avenant_ses_mouvements_et_qui_signe() -> None:
    doc = projet()
    texte = mots(rendre_approbation_avenant_docx(doc))
    for attendu in (
        "Approbation de l’avenant n°\u00a02 au « Contrat territorial Causses et Haut-Pays 2026-2028 »",
        "Vu la version 1 de l’avenant n°\u00a02, annexée",
        *(m.phrase for m in doc.mouvements),
        f"porté de {euros(doc.aide_avant)} à {euros(doc.aide_apres)} ({en_lettres(doc.aide_apres)})",
        "avec effet au 1er\u00a0mars 2027",
        "autorise le maire (Mme Jeanne Exemple, maire) à signer l’avenant",
        "N’ont pas pris part au vote, étant intéressés à l’affaire : M. Paul Modèle.",
        "de la version proposée de l’avenant",
    ):
        assert attendu in texte
    assert faults(rendre_approbation_avenant_pdf(doc)) == []


@pytest.mark.parametrize(
    ("apres", "dit"), [("118500.00", "reste de"), ("100000.00", "ramené de"), ("118500.01", "porté de")]
)
def test_le_total_des_aides_est_porte_ramene_ou_reste(apres: str, dit: str) -> None:
    articles = vue_approbation_avenant(replace(projet(), aide_apres=Decimal(apres)))["articles"]
    assert dit in articles[1]["texte"]


def test_ce_qui_manque_est_liste_et_aucune_phrase_ne_reste_en_blanc() -> None:
    doc = replace(projet(), seance=SeanceDoc(), signataire="", qualite="", date_effet=None, enveloppe=None)
    vue = vue_approbation_avenant(doc)
    phrases = [*vue["visas"], *vue["expose"], *(a["texte"] for a in vue["articles"])]
    assert not [p for p in phrases if "à compléter" in p or "effet" in p or "……" in p]
    assert {"la date de la séance", "le signataire de l’avenant"} <= set(doc.a_completer)
    texte = mots(rendre_approbation_avenant_docx(doc))
    assert all(quoi in texte for quoi in doc.a_completer)


def test_l_avenant_dit_les_memes_mots_en_word() -> None:
    doc = avenant()
    texte = mots(rendre_avenant_docx(doc))
    for attendu in (
        "Avenant n°",
        "Commune de Saint-Exemple",
        "Département de l’Exemple, représenté par Mme Anne Modèle, présidente du Conseil départemental",
        "Motif : Aléa de chantier",
        f"Aides : {euros(doc.aide_avant)} → {euros(doc.aide_apres)}",
        "Le présent avenant prend effet le 1er\u00a0mars 2027.",
        doc.voie,
        *(x.titre for x in doc.lignes),
    ):
        assert attendu in texte
    assert rendre_avenant_docx(doc) == rendre_avenant_docx(doc)


def test_les_modeles_word_livres_sont_ceux_que_fabriquent_les_scripts() -> None:
    for script in (fabrique_avenant, fabrique_approbation_avenant):
        assert script.GABARIT.read_bytes() == script.fabriquer()


@pytest.mark.parametrize("rang", range(0, 60, 20))
def test_des_textes_hostiles_restent_des_textes(rang: int) -> None:
    piege, lot = HOSTILES[rang], HOSTILES[rang : rang + 20]
    doc = projet()
    doc = replace(
        doc, contrat=piege, objet=piege, signataire=piege, ecartes=piege, parties=(piege,), manques=(piege,),
        mouvements=tuple(replace(doc.mouvements[0], phrase=x, motif=x) for x in lot),
        lignes=tuple(replace(doc.lignes[0], titre=x, maitre_ouvrage=x) for x in lot),
    )  # fmt: skip
    assert faults(rendre_approbation_avenant_pdf(doc)) == []
    assert mots(rendre_approbation_avenant_docx(doc))
    acte = replace(avenant(), objet=piege, mouvements=doc.mouvements, lignes=doc.lignes, raisons=lot)
    assert faults(rendre_avenant_pdf(acte)) == []
    assert mots(rendre_avenant_docx(acte))
