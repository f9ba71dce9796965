"""The PDF: standards, what it says, what it refuses to obey."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import replace

import pytest

from arpent.plateforme.documents.catalogue import GabaritInconnu
from arpent.plateforme.documents.donnees import ArticleDoc, MaquetteDoc
from arpent.plateforme.documents.rendu import pdf
from arpent.plateforme.documents.rendu.pdf import (
    RenduImpossible,
    rendre_contrat_pdf,
    rendre_maquette_pdf,
)
from arpent.plateforme.documents.rendu.texte import euros

from .fabrique import contrat, fiche, maquette
from .verification import faults, pages, titles

HOSTILES = {
    "typst": '#sys.inputs #import "/etc/passwd" $x^2$ <etiquette> @renvoi `code` *gras* _i_ // fin',
    "controle": "a\x00b\x07c\x1bd\u2028e\x85f\r\ng\th",
    "emoji": "Crèche 👶🏽 et vélo 🚲 — ça va ?",
    "droite_a_gauche": "\u202eobjet piégé\u202c שלום عربى",
    "long": "mot " * 2500,
    "sans_espace": "x" * 10_000,
    "combine": "e\u0301te\u0301 Ångström \ufeff\u200b\ufffe\U0010ffff",
    "json": '"}, {"brouillon": false, "\\u0000": "',
}


def _squeeze(text: str) -> str:
    return re.sub(r"[\s\u200b]", "", text)


def test_un_contrat_est_archivable_et_accessible() -> None:
    assert faults(rendre_contrat_pdf(contrat(12))) == []


def test_une_maquette_seule_l_est_aussi() -> None:
    assert faults(rendre_maquette_pdf(maquette())) == []


def test_la_verification_voit_un_defaut() -> None:
    contenu = rendre_maquette_pdf(maquette(1))
    assert faults(contenu.rstrip(b"\n")) == ["no end of line after %%EOF"]
    assert "XMP pdfuaid:part is not 1" in faults(contenu.replace(b"pdfuaid:part", b"pdfuaid:parx"))


def test_les_memes_donnees_donnent_les_memes_octets() -> None:
    premier = rendre_contrat_pdf(contrat(2))
    time.sleep(1.1)
    assert rendre_contrat_pdf(contrat(2)) == premier


def test_les_signets_suivent_le_contrat() -> None:
    niveau_1 = [titre for niveau, titre in titles(rendre_contrat_pdf(contrat(3))) if niveau == 1]
    assert niveau_1 == [
        "Les parties",
        "Le contrat",
        "Annexe 1. Synthèse du diagnostic",
        "Annexe 2. Plan d’actions",
        "Annexe 3. Maquette financière",
        "Annexe 4. Fiches projets",
    ]


def test_le_contrat_dit_ses_parties_ses_articles_et_ses_montants() -> None:
    doc = contrat(6)
    texte = "".join(pages(rendre_contrat_pdf(doc)))
    assert doc.maquette is not None
    attendus = [doc.territoire, doc.reference, "18 mai 2026", euros(doc.maquette.aide_totale)]
    attendus += [partie.nom for partie in doc.parties] + [article.titre for article in doc.articles]
    attendus += [f.titre for f in doc.fiches] + [euros(f.aide_proposee) for f in doc.fiches]
    assert [x for x in attendus if _squeeze(x) not in texte] == []


def test_un_projet_le_dit_sur_chaque_page_et_un_contrat_definitif_ne_le_dit_pas() -> None:
    projet = pages(rendre_contrat_pdf(contrat(2)))
    assert "Projetdecontrat" in projet[0]
    assert all("Projet,sansvaleurd’engagement" in page for page in projet[1:])
    definitif = "".join(pages(rendre_contrat_pdf(contrat(2, brouillon=False))))
    assert "Projetdecontrat" not in definitif
    assert "sansvaleurd’engagement" not in definitif


def test_les_valeurs_de_demonstration_sont_annoncees_sur_les_pages_qui_en_portent() -> None:
    feuilles = pages(rendre_contrat_pdf(contrat(2)))
    avec = [n for n, page in enumerate(feuilles) if "*Valeursdedémonstration" in page]
    articles = next(n for n, page in enumerate(feuilles) if "Article1.Objetducontrat" in page and n > 1)
    assert 0 in avec
    assert articles not in avec
    assert {n for n, page in enumerate(feuilles) if "Dépensesubventionnable" in page} <= set(avec)


def test_un_document_sans_valeur_de_demonstration_n_en_parle_pas() -> None:
    propre = replace(
        maquette(3),
        lignes=tuple(replace(x, demonstration=False, financements=()) for x in maquette(3).lignes),
        mentions_demonstration=(),
        enveloppe_demonstration=False,
    )
    assert "démonstration" not in "".join(pages(rendre_maquette_pdf(propre)))


@pytest.mark.parametrize("nom", HOSTILES)
def test_un_texte_hostile_reste_un_texte(nom: str) -> None:
    texte = HOSTILES[nom]
    doc = contrat(
        1,
        titre=f"Contrat {texte[:40]}",
        territoire=texte[:200],
        articles=(ArticleDoc("1", texte[:200], (texte,)),),
        fiches=(fiche(1, titre=texte[:200], description=texte, theme=texte[:100]),),
    )
    assert faults(rendre_contrat_pdf(doc)) == []


def test_le_balisage_typst_est_imprime_tel_quel() -> None:
    texte = HOSTILES["typst"]
    doc = contrat(0, articles=(ArticleDoc("1", "Objet", (texte,)),))
    assert _squeeze(texte) in "".join(pages(rendre_contrat_pdf(doc)))


def test_un_texte_trop_long_est_coupe_et_le_dit() -> None:
    doc = contrat(0, articles=(ArticleDoc("1", "Objet", ("mot " * 10_000,)),))
    assert "textecoupé" in "".join(pages(rendre_contrat_pdf(doc)))


@pytest.mark.parametrize("nombre", [0, 60])
def test_un_contrat_sans_fiche_ou_avec_soixante_se_compose(nombre: int) -> None:
    contenu = rendre_contrat_pdf(contrat(nombre))
    assert faults(contenu) == []
    fiches = [titre for niveau, titre in titles(contenu) if niveau == 2 and titre.startswith("Fiche ")]
    assert len(fiches) == nombre


def test_un_contrat_presque_vide_se_compose_et_dit_ce_qui_manque() -> None:
    vide = contrat(
        0,
        parties=(),
        visas=(),
        articles=(),
        preambule=(),
        diagnostic=None,
        maquette=None,
        mentions_demonstration=(),
    )
    contenu = rendre_contrat_pdf(vide)
    assert faults(contenu) == []
    assert "necomporteencoreaucuneficheprojet" in "".join(pages(contenu))


def test_une_fiche_sans_montant_ni_plan_se_compose() -> None:
    nue = fiche(
        1, cout_ht=None, cout_ttc=None, assiette=None, plan=(), aide_proposee=None, aide_maximale=None
    )
    contenu = rendre_contrat_pdf(contrat(1, fiches=(nue,)))
    assert faults(contenu) == []
    assert "pasencorerenseigné" in "".join(pages(contenu))


def test_un_plan_qui_ne_somme_pas_est_signale() -> None:
    f = fiche(1)
    assert f.cout_ht is not None
    faux = replace(f, cout_ht=f.cout_ht + 10)
    texte = "".join(pages(rendre_contrat_pdf(contrat(1, fiches=(faux,)))))
    assert "écartde10,00€" in texte


def test_une_enveloppe_depassee_se_lit() -> None:
    texte = "".join(pages(rendre_maquette_pdf(maquette(12, enveloppe=maquette(1).aide_totale))))
    assert "Dépassementdel’enveloppe" in texte


def test_un_contrat_de_douze_fiches_tient_en_une_vingtaine_de_pages() -> None:
    assert 18 <= len(pages(rendre_contrat_pdf(contrat(12)))) <= 26


def test_un_gabarit_inconnu_est_nomme_avec_ceux_qui_existent() -> None:
    with pytest.raises(GabaritInconnu, match=r"contrat/v9.*contrat/v1"):
        rendre_contrat_pdf(contrat(0, gabarit="contrat/v9"))


def test_une_composition_trop_longue_est_interrompue_avec_un_message_clair(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(pdf, "SECONDES", 0.01)
    with pytest.raises(RenduImpossible, match="Réduisez le nombre de fiches"):
        rendre_contrat_pdf(contrat(1))


def test_un_refus_du_gabarit_devient_un_message_clair_et_un_detail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "NORMES", ("norme-inconnue",))
    with pytest.raises(RenduImpossible, match="format Word") as refus:
        rendre_contrat_pdf(contrat(0))
    assert refus.value.detail
    assert "norme-inconnue" not in str(refus.value)


def test_l_atelier_meurt_apres_chaque_document(monkeypatch: pytest.MonkeyPatch) -> None:
    lances: list[list[str]] = []
    vrai = subprocess.run

    def espion(commande: list[str], **options: object) -> subprocess.CompletedProcess[bytes]:
        lances.append(commande)
        return vrai(commande, **options)  # type: ignore[call-overload,no-any-return]

    monkeypatch.setattr(subprocess, "run", espion)
    rendre_maquette_pdf(maquette(1))
    rendre_maquette_pdf(maquette(1))
    assert len(lances) == 2
    assert all("-I" in commande for commande in lances)


def _par_axes(premiers: int) -> MaquetteDoc:
    """Two axes of four themes; the first theme has `premiers` projects, the others five."""
    doc = maquette(1)
    groupes = [(axe, theme) for axe in "AB" for theme in "TUVW"]
    lignes = [
        replace(doc.lignes[0], numero=f"{g}.{n}", axe=f"Axe {axe}", theme=f"Thème {theme}")
        for g, (axe, theme) in enumerate(groupes)
        for n in range(premiers if g == 0 else 5)
    ]
    return replace(doc, lignes=tuple(lignes))


def test_aucune_page_ne_s_ouvre_sur_un_sous_total_seul() -> None:
    suites = 0
    for premiers in range(6, 26):
        doc = _par_axes(premiers)
        porteur = _squeeze(doc.lignes[0].maitre_ouvrage)
        for page in pages(rendre_maquette_pdf(doc, "a4"))[1:]:
            if "Sous-total" in page:
                suites += 1
                assert porteur in page.partition("Sous-total")[0], (premiers, page[:300])
    assert suites >= 20
