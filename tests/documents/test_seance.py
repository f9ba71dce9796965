"""Convocation and note de synthèse: same words in PDF and in Word, no silent blank, totals that add up."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, cast

import pytest
from docx import Document
from PIL import Image

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.donnees_fiche import CollectiviteDoc
from arpent.plateforme.documents.donnees_seance import ConvocationDoc, PresentationDoc, ReunionDoc
from arpent.plateforme.documents.rendu import fabrique_convocation, fabrique_note
from arpent.plateforme.documents.rendu.docx import rendre_convocation_docx, rendre_note_docx
from arpent.plateforme.documents.rendu.pdf_seance import rendre_convocation_pdf, rendre_note_pdf
from arpent.plateforme.documents.rendu.photo import logo
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_convocation import du, vue_convocation
from arpent.plateforme.documents.rendu.vue_note import vue_note

from .hostiles import HOSTILES
from .test_approbation import mots
from .verification import faults, pages


def convocation(**champs: Any) -> ConvocationDoc:
    return replace(cast(ConvocationDoc, gabarit("convocation/v1").exemple()), **champs)


def note(**champs: Any) -> PresentationDoc:
    return replace(cast(PresentationDoc, gabarit("note/v1").exemple()), **champs)


def serre(texte: str) -> str:
    return "".join(texte.split())


# --- the convocation ------------------------------------------------------------------------------


def test_la_convocation_dit_la_seance_la_loi_le_pouvoir_et_la_date_limite() -> None:
    doc = convocation()
    word, pdf = mots(rendre_convocation_docx(doc)), "".join(pages(rendre_convocation_pdf(doc)))
    for attendu in (
        "Convocation du conseil municipal",
        "Mesdames et Messieurs les conseillers municipaux",
        "18\u00a0juin 2026",
        "7. Contrat territorial : approbation et autorisation de signer",
        "transmise de manière dématérialisée",
        "Pouvoir (à rendre signé avant la séance)",
        "Un membre ne peut porter qu’un seul pouvoir (CGCT, art. L2121-20)",
        "À envoyer le 14\u00a0juin 2026 au plus tard",
        "Cet envoi respecte le délai légal s’il part le 14\u00a0juin 2026 au plus tard",
    ):
        assert attendu in word
        assert serre(attendu) in pdf
    assert faults(rendre_convocation_pdf(doc)) == []


def test_une_seance_sans_date_heure_ni_lieu_le_marque_partout() -> None:
    doc = convocation(reunion=ReunionDoc(), limite_le=None)
    vue = vue_convocation(doc)
    assert [x["valeur"] for x in vue["reunion"]] == [
        "«\u00a0à compléter : date de la séance\u00a0»",
        "«\u00a0à compléter : heure\u00a0»",
        "«\u00a0à compléter : lieu\u00a0»",
    ]
    assert "La date limite sera connue avec celle de la séance." in vue["limite"]
    assert not [x for x in vue["message"] if "au plus tard" in x]
    texte = mots(rendre_convocation_docx(doc))
    for quoi in ("la date de la séance", "l’heure de la séance", "le lieu de la séance", "la date d’envoi"):
        assert quoi in texte


def test_un_organisme_a_statuts_ne_recoit_pas_de_delai_invente() -> None:
    vue = vue_convocation(convocation(delai="", limite_le=None, regles=()))
    assert "celui des statuts" in vue["limite"]


def test_une_convocation_envoyee_porte_sa_date() -> None:
    doc = convocation(envoyee_le=date(2026, 6, 12), reunion=ReunionDoc(date(2026, 6, 18), "18 h", "Mairie"))
    vue = vue_convocation(doc)
    assert vue["envoyee"] == "Le 12\u00a0juin 2026"
    assert doc.a_completer == ("les autres points de l’ordre du jour",)


@pytest.mark.parametrize(
    ("assemblee", "dit"),
    [
        ("conseil municipal", "du conseil municipal"),
        ("commission permanente du conseil départemental", "de la commission permanente du conseil"),
        ("organe délibérant", "de l’organe délibérant"),
    ],
)
def test_l_assemblee_s_accorde(assemblee: str, dit: str) -> None:
    assert du(assemblee).startswith(dit)


# --- the note -------------------------------------------------------------------------------------


def test_la_note_commence_par_la_partie_et_ses_montants() -> None:
    doc = note()
    assert [p.numero for p in doc.siens] == ["2", "3", "4"]
    assert doc.total_siens.montant == Decimal("382300.15")
    word, pdf = mots(rendre_note_docx(doc)), "".join(pages(rendre_note_pdf(doc)))
    for attendu in (
        "Ce que le contrat change pour la commune",
        "La commune est maître d’ouvrage de 3\u00a0projets",
        f"Il resterait à la commune {euros(Decimal('755975.59'))} à financer",
        "Conséquences financières",
        "Les principaux articles",
        "Quand chaque partie a délibéré",
        "Annexe 4. Fiches projets",
    ):
        assert attendu in word
        assert serre(attendu) in pdf
    assert word.index("Ce que le contrat change") < word.index("Le contrat dans son ensemble")
    assert faults(rendre_note_pdf(doc)) == []
    assert 2 <= len(pages(rendre_note_pdf(doc))) <= 3


def test_les_totaux_de_la_note_couvrent_tout_le_contrat() -> None:
    c = note().contrat
    for groupes in (c.par_theme, c.par_annee):
        assert sum(t.montant for t in groupes) == c.ensemble.montant == Decimal("656300.15")
        assert sum(t.nombre for t in groupes) == 5
    assert sum(f.montant for f in c.financeurs) == c.ensemble.cout_ht
    assert [t.libelle for t in c.par_annee] == ["2026", "2027", "2028", "Année à préciser"]


def test_une_partie_sans_projet_ne_se_voit_preter_aucune_depense() -> None:
    sans = replace(note().collectivite, nom="Commune de Nulle-Part")
    vue = vue_note(note(collectivite=sans))
    assert vue["siens"] == []
    assert "aucun projet dont la commune est maître d’ouvrage" in vue["partie"][0]
    assert vue["finances"] == ["Aucune dépense n’est programmée au budget de la commune par ce contrat."]
    assert "Reste" not in mots(rendre_note_docx(note(collectivite=sans)))


def test_le_porteur_et_l_autorite_lisent_le_contrat_entier() -> None:
    epci = CollectiviteDoc(
        "Communauté de communes du Haut-Pays",
        "conseil communautaire",
        "la communauté de communes",
        "le président",
    )
    vue = vue_note(note(collectivite=epci, role="porteur"))
    assert "porte le contrat pour le territoire" in vue["partie"][0]
    assert "maître d’ouvrage de 2\u00a0projets" in vue["partie"][1]
    departement = CollectiviteDoc(
        "Département de l’Exemple", "conseil départemental", "le Département", "le président"
    )
    vue = vue_note(note(collectivite=departement, role="autorite"))
    assert vue["partie"] == [
        f"Le Département apporte {euros(Decimal('656300.15'))} d’aides à 5\u00a0projets du territoire."
    ]
    assert vue["finances"][0] == f"2026 : {euros(Decimal('396000.00'))} d’aides pour 2\u00a0projets."


def test_un_contrat_vide_se_presente_sans_tableau() -> None:
    vide = replace(note().contrat, projets=(), financeurs=(), articles=(), enjeux=(), date_effet=None)
    doc = note(contrat=vide)
    assert faults(rendre_note_pdf(doc)) == []
    assert "Les principaux articles" not in mots(rendre_note_docx(doc))


def test_au_dela_de_douze_articles_la_note_renvoie_au_contrat() -> None:
    c = note().contrat
    vue = vue_note(note(contrat=replace(c, articles=c.articles * 5)))
    assert len(vue["articles"]) == 12
    assert vue["reste_articles"] == "et 3\u00a0autres articles, à lire dans le contrat."


# --- both -----------------------------------------------------------------------------------------


def test_l_autorite_porte_sa_charte_les_autres_parties_non() -> None:
    png = io.BytesIO()
    Image.new("RGB", (300, 120), "#7a1f3d").save(png, "PNG")
    charte = CharteDoc("#7a1f3d", entete="Direction des territoires", logo=logo(png.getvalue()).svg,
                       alternative="Logo : Département")  # fmt: skip
    lettre = convocation(charte=charte)
    assert faults(rendre_convocation_pdf(lettre)) == []
    assert "Directiondesterritoires" in pages(rendre_convocation_pdf(lettre))[0]
    assert len(Document(io.BytesIO(rendre_convocation_docx(lettre))).inline_shapes) == 1
    chartee = replace(note().contrat, charte=charte)
    for role, images in (("autorite", 1), ("signataire", 0)):
        doc = note(contrat=chartee, role=role)
        assert len(Document(io.BytesIO(rendre_note_docx(doc))).inline_shapes) == images
        assert faults(rendre_note_pdf(doc)) == []


@pytest.mark.parametrize("fabrique", [fabrique_convocation, fabrique_note])
def test_les_modeles_word_livres_sont_ceux_que_fabrique_le_script(fabrique: Any) -> None:
    assert fabrique.GABARIT.read_bytes() == fabrique.fabriquer()


@pytest.mark.parametrize("rang", range(0, 60, 20))
def test_des_textes_hostiles_restent_des_textes(rang: int) -> None:
    piege = HOSTILES[rang]
    lettre = convocation(
        objet=piege, titre_contrat=piege, reunion=ReunionDoc(None, "", piege), rappels=(piege,)
    )
    assert faults(rendre_convocation_pdf(lettre)) == []
    assert mots(rendre_convocation_docx(lettre))
    c = note().contrat
    projets = tuple(replace(c.projets[1], titre=x, theme=x) for x in HOSTILES[rang : rang + 20])
    doc = note(contrat=replace(c, titre=piege, parties=(piege,), projets=projets), signataire=piege)
    assert faults(rendre_note_pdf(doc)) == []
    assert mots(rendre_note_docx(doc))
