"""Letter, arrêté, convention: same words in PDF and in Word, exact amounts, no silent blank."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal
from typing import Any, cast

import pytest
from docx import Document
from PIL import Image

from arpent.plateforme.documents.catalogue import gabarit
from arpent.plateforme.documents.donnees_attribution import AttributionDoc, DecisionDoc
from arpent.plateforme.documents.donnees_charte import CharteDoc
from arpent.plateforme.documents.rendu.docx import rendre_attribution_docx
from arpent.plateforme.documents.rendu.fabrique_attribution import GENRES, chemin, fabriquer
from arpent.plateforme.documents.rendu.pdf_attribution import rendre_attribution_pdf
from arpent.plateforme.documents.rendu.photo import logo
from arpent.plateforme.documents.rendu.texte import euros
from arpent.plateforme.documents.rendu.vue_attribution import typographier, vue_attribution
from arpent.plateforme.documents.rendu.vue_attribution_articles import a_qui, de_la

from .hostiles import HOSTILES
from .test_approbation import mots
from .test_seance import serre
from .verification import faults, pages


def acte(genre: str, **champs: Any) -> AttributionDoc:
    return replace(cast(AttributionDoc, gabarit(f"{genre}_attribution/v1").exemple()), **champs)


def textes(doc: AttributionDoc) -> tuple[str, str]:
    return mots(rendre_attribution_docx(doc)), "".join(pages(rendre_attribution_pdf(doc)))


def verifier(doc: AttributionDoc, *attendus: str) -> str:
    word, pdf = textes(doc)
    for attendu in attendus:
        dit = typographier(attendu)
        assert dit in word
        assert serre(dit) in pdf
    return word


def test_la_lettre_dit_l_aide_sa_base_l_acte_et_ce_qu_il_faut_envoyer() -> None:
    word = verifier(
        acte("lettre"),
        f"vous attribue une subvention de {euros(Decimal('48000.37'))} (quarante-huit mille euros et "
        "trente-sept centimes)",
        "« à compléter : numéro de la décision d’attribution »",
        "approuvé par la délibération n° CD-2026-12 du 2\u00a0février 2026",
        "30,0\u00a0% (arrondi : le montant en euros fait foi)",
        "Devis ou marchés (dossier de subvention), si ce n’est déjà fait",
        "« à compléter : pièces à joindre à chaque demande de versement »",
    )  # fmt: skip
    assert "Délais à respecter" not in word
    assert "délai" not in " ".join(acte("lettre").a_completer)


def test_la_lettre_dit_les_delais_que_le_reglement_fixe() -> None:
    verifier(acte("lettre", delais=("Commencez dans les deux ans.",)), "Commencez dans les deux ans.")


def test_l_arrete_vise_les_actes_et_marque_ce_qui_manque() -> None:
    word = verifier(
        acte("arrete"),
        "Le président du conseil départemental,",
        "Vu la délibération n° CD-2026-12 du 2\u00a0février 2026 du Département qui approuve le contrat ;",
        "modifié par l’avenant n° 1 ;",
        "Vu la décision n° « à compléter : numéro de la décision d’attribution »",
        "Une subvention est attribuée à la Commune de Saint-Exemple (SIREN 214800922)",
        "au plus tard le « à compléter : délai de commencement »",
        "(CGCT, art. L1111-11 et D1111-8)",
        "(CRPA, art. L242-2, 2°)",
        "(CGCT, art. L3131-1)",
    )
    assert "compte rendu financier" not in word
    for quoi in acte("arrete").a_completer:
        assert quoi in word


def test_la_convention_lie_un_organisme_prive_a_ses_comptes() -> None:
    word = verifier(
        acte("convention"),
        "Il est convenu ce qui suit.",
        "ci-après « le bénéficiaire »",
        "en vertu de la décision n° CP-2026-118 du 18\u00a0mai 2026",
        "(CGCT, art. L1611-4)",
        "dans les six mois qui suivent la fin de l’exercice",
        "L’opération commence dans les deux ans",
        "Pour l’autorité",
        "Pour le bénéficiaire",
        "la convention est obligatoire",
    )
    assert "délai de commencement" not in word
    assert "L1111-11" not in word


@pytest.mark.parametrize("genre", GENRES)
def test_les_montants_sont_au_centime_et_le_taux_dit_s_il_est_arrondi(genre: str) -> None:
    exact = acte(genre, aide=Decimal("48000.00"))
    assert "arrondi" not in str(vue_attribution(exact))
    assert euros(Decimal("48000.37")) in mots(rendre_attribution_docx(acte(genre)))
    assert "arrondi" in str(vue_attribution(acte(genre)))


@pytest.mark.parametrize("assiette", [None, Decimal("100.00")])
def test_sans_assiette_qui_porte_l_aide_le_taux_reste_a_completer(assiette: Decimal | None) -> None:
    doc = acte("arrete", assiette=assiette, cout_ht=None)
    assert doc.taux is None
    verifier(doc, "« à compléter : assiette hors taxes »", "« à compléter : coût hors taxes »")
    assert "la dépense subventionnable et le taux" in doc.a_completer


def test_rien_de_connu_et_pourtant_rien_de_muet() -> None:
    vide = DecisionDoc()
    for genre in GENRES:
        doc = acte(genre, reference="", signataire="", qualite="", contrat_approuve=vide, decision=vide,
                   article_versement="", article_communication="",
                   versement=(), pieces=(), delais=())  # fmt: skip
        assert faults(rendre_attribution_pdf(doc)) == []
        texte = mots(rendre_attribution_docx(doc))
        assert "du\u00a0." not in texte
        assert "None" not in texte
        for quoi in ("la référence du contrat", "le signataire pour l’autorité", "la décision d’attribution"):
            assert quoi in texte


def test_le_blanc_est_surligne_dans_word() -> None:
    doc = Document(io.BytesIO(rendre_attribution_docx(acte("arrete"))))
    surlignes = [r.text for p in doc.paragraphs for r in p.runs if r.font.highlight_color]
    assert "«\u00a0à compléter\u00a0: imputation budgétaire\u00a0»" in surlignes


def test_les_actes_portent_la_charte_de_l_autorite() -> None:
    png = io.BytesIO()
    Image.new("RGB", (300, 120), "#7a1f3d").save(png, "PNG")
    charte = CharteDoc("#7a1f3d", entete="Direction des territoires", logo=logo(png.getvalue()).svg,
                       alternative="Logo : Département", fait_a="Mende")  # fmt: skip
    for genre in GENRES:
        doc = acte(genre, charte=charte)
        assert faults(rendre_attribution_pdf(doc)) == []
        assert "Directiondesterritoires" in pages(rendre_attribution_pdf(doc))[0]
        word = rendre_attribution_docx(doc)
        assert len(Document(io.BytesIO(word)).inline_shapes) == 1
        assert "Fait à Mende" in mots(word)


@pytest.mark.parametrize(
    ("nom", "dit"),
    [
        ("Commune de Mende", "à la Commune de Mende"),
        ("Syndicat des eaux", "au Syndicat des eaux"),
        ("Association du Moulin", "à l’Association du Moulin"),
        ("Mende", "à Mende"),
    ],
)
def test_le_beneficiaire_s_accorde(nom: str, dit: str) -> None:
    assert a_qui(nom) == dit


def test_l_autorite_se_contracte() -> None:
    assert (de_la("le Département"), de_la("la Région")) == ("du Département", "de la Région")


@pytest.mark.parametrize("genre", GENRES)
def test_le_modele_word_livre_est_celui_que_fabrique_le_script(genre: str) -> None:
    assert chemin(genre).read_bytes() == fabriquer(genre)


@pytest.mark.parametrize("rang", range(0, 60, 20))
def test_des_textes_hostiles_restent_des_textes(rang: int) -> None:
    piege = HOSTILES[rang]
    for genre in GENRES:
        doc = acte(genre, titre_projet=piege, titre_contrat=piege, reference=piege, signataire=piege,
                   qualite=piege, versement=(piege,), pieces=(piege,), delais=(piege,), rappels=(piege,),
                   decision=DecisionDoc(piege))  # fmt: skip
        assert faults(rendre_attribution_pdf(doc)) == []
        assert mots(rendre_attribution_docx(doc))
