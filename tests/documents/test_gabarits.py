"""Templates, their samples, archives and fingerprints; typography."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.plateforme.documents.catalogue import GabaritInconnu, catalogue, gabarit
from arpent.plateforme.documents.donnees import ContratDoc, FicheDoc
from arpent.plateforme.documents.empreinte import empreinte, empreinte_des_donnees
from arpent.plateforme.documents.rendu.pdf import rendre_contrat_pdf, rendre_maquette_pdf
from arpent.plateforme.documents.rendu.pdf_attribution import rendre_attribution_pdf
from arpent.plateforme.documents.rendu.pdf_avenant import rendre_avenant_pdf, rendre_consolide_pdf
from arpent.plateforme.documents.rendu.pdf_dossier import rendre_accuse_pdf, rendre_rapport_commission_pdf
from arpent.plateforme.documents.rendu.pdf_echeances import rendre_arrete_echeances_pdf
from arpent.plateforme.documents.rendu.pdf_evaluation import rendre_rapport_evaluation_pdf
from arpent.plateforme.documents.rendu.pdf_fiche import (
    rendre_approbation_avenant_pdf,
    rendre_approbation_pdf,
    rendre_deliberation_pdf,
    rendre_fiches_pdf,
    rendre_pieces_pdf,
    rendre_rapport_pdf,
)
from arpent.plateforme.documents.rendu.pdf_fil_rouge import rendre_fil_rouge_pdf
from arpent.plateforme.documents.rendu.pdf_interlocuteurs import rendre_interlocuteurs_pdf
from arpent.plateforme.documents.rendu.pdf_pilotage import rendre_note_pilotage_pdf
from arpent.plateforme.documents.rendu.pdf_portrait import rendre_portrait_pdf
from arpent.plateforme.documents.rendu.pdf_preuve import rendre_preuve_pdf
from arpent.plateforme.documents.rendu.pdf_rendez_vous import rendre_livret_rendez_vous_pdf
from arpent.plateforme.documents.rendu.pdf_reunion import (
    rendre_compte_rendu_pdf,
    rendre_convocation_reunion_pdf,
    rendre_feuille_presence_pdf,
)
from arpent.plateforme.documents.rendu.pdf_seance import (
    rendre_convocation_pdf,
    rendre_note_avenant_pdf,
    rendre_note_pdf,
)
from arpent.plateforme.documents.rendu.polices import SUBSTITUT, dessinable
from arpent.plateforme.documents.rendu.texte import euros, jour, pluriel, propre, secable, taux
from arpent.plateforme.documents.serie import depuis_json, en_json

from .fabrique import contrat, maquette
from .verification import faults

RENDEURS: dict[str, Callable[[Any], bytes]] = {
    "accuse_dossier": rendre_accuse_pdf,
    "approbation": rendre_approbation_pdf,
    "approbation_avenant": rendre_approbation_avenant_pdf,
    "arrete_attribution": rendre_attribution_pdf,
    "arrete_echeances": rendre_arrete_echeances_pdf,
    "avenant": rendre_avenant_pdf,
    "compte_rendu": rendre_compte_rendu_pdf,
    "consolide": rendre_consolide_pdf,
    "contrat": rendre_contrat_pdf,
    "convention_attribution": rendre_attribution_pdf,
    "convocation": rendre_convocation_pdf,
    "convocation_reunion": rendre_convocation_reunion_pdf,
    "deliberation": rendre_deliberation_pdf,
    "feuille_presence": rendre_feuille_presence_pdf,
    "fiche": rendre_fiches_pdf,
    "interlocuteurs": rendre_interlocuteurs_pdf,
    "lettre_attribution": rendre_attribution_pdf,
    "livret_rendez_vous": rendre_livret_rendez_vous_pdf,
    "maquette": rendre_maquette_pdf,
    "note": rendre_note_pdf,
    "note_avenant": rendre_note_avenant_pdf,
    "fil_rouge": rendre_fil_rouge_pdf,
    "note_pilotage": rendre_note_pilotage_pdf,
    "pieces": rendre_pieces_pdf,
    "portrait": rendre_portrait_pdf,
    "preuve": rendre_preuve_pdf,
    "rapport": rendre_rapport_pdf,
    "rapport_commission": rendre_rapport_commission_pdf,
    "rapport_evaluation": rendre_rapport_evaluation_pdf,
}


def test_le_catalogue_nomme_les_gabarits_livres() -> None:
    assert [x.code for x in catalogue()] == [
        "accuse_dossier/v1",
        "approbation/v1",
        "approbation_avenant/v1",
        "arrete_attribution/v1",
        "arrete_echeances/v1",
        "avenant/v1",
        "compte_rendu/v1",
        "consolide/v1",
        "contrat/v1",
        "convention_attribution/v1",
        "convocation/v1",
        "convocation_reunion/v1",
        "deliberation/v1",
        "feuille_presence/v1",
        "fiche/v1",
        "fil_rouge/v1",
        "interlocuteurs/v1",
        "lettre_attribution/v1",
        "livret_rendez_vous/v1",
        "maquette/v1",
        "maquette/v2",
        "note/v1",
        "note_avenant/v1",
        "note_pilotage/v1",
        "pieces/v1",
        "portrait/v1",
        "presentation/v1",
        "presentation_avenant/v1",
        "preuve/v1",
        "rapport/v1",
        "rapport_commission/v1",
        "rapport_evaluation/v1",
    ]
    assert gabarit("contrat/v1").docx is not None
    with pytest.raises(GabaritInconnu, match="installés"):
        gabarit("contrat/v0")


@pytest.mark.parametrize("code", [x.code for x in catalogue() if x.typst.exists()])
def test_l_exemple_de_chaque_gabarit_se_compose(code: str) -> None:
    exemple = gabarit(code).exemple()
    contenu = RENDEURS[gabarit(code).nom](exemple)
    assert faults(contenu) == []


def test_un_document_archive_se_relit_a_l_identique() -> None:
    doc = contrat(4)
    assert depuis_json(ContratDoc, en_json(doc)) == doc


@pytest.mark.parametrize(
    ("texte", "message"),
    [
        ('{"surprise": 1}', "champ inconnu « surprise »"),
        ('{"numero": "1"}', "champ obligatoire absent"),
        ('{"numero": 1}', "FicheDoc.numero : valeur inattendue"),
        ('{"cout_ht": "douze"}', "FicheDoc.cout_ht : valeur illisible"),
    ],
)
def test_une_archive_abimee_est_refusee_avec_son_chemin(texte: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        depuis_json(FicheDoc, texte)


def test_l_empreinte_change_avec_les_donnees_et_elles_seules() -> None:
    assert empreinte(b"") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    assert empreinte_des_donnees(contrat(2)) == empreinte_des_donnees(contrat(2))
    assert empreinte_des_donnees(contrat(2)) != empreinte_des_donnees(contrat(2, reference="autre"))


def test_les_financeurs_couvrent_tout_le_cout() -> None:
    doc = maquette(20)
    assert sum(x.montant for x in doc.par_financeur) == doc.cout_total
    for groupes in (doc.par_theme, doc.par_annee, doc.par_maitre_ouvrage):
        assert sum(x.montant for x in groupes) == doc.aide_totale
        assert sum(x.nombre for x in groupes) == 20


def test_l_autofinancement_n_est_pas_compte_deux_fois() -> None:
    ligne = maquette(1).lignes[0]
    propres = [x for x in ligne.financements if x.est_autofinancement]
    assert ligne.reste_a_charge == sum(x.montant for x in propres)


def test_le_solde_sans_enveloppe_est_inconnu_et_peut_etre_negatif() -> None:
    assert maquette(1, enveloppe=None).solde is None
    assert maquette(1, enveloppe=Decimal("0.00")).solde == -maquette(1).aide_totale


def test_la_typographie_est_francaise() -> None:
    assert euros(Decimal("1234567.8")) == "1\u202f234\u202f567,80\u00a0€"
    assert euros(Decimal("-12.34")) == "−12,34\u00a0€"
    assert euros(None) == "–"
    assert taux(Decimal("0.1785")) == "17,9\u00a0%"
    assert jour(date(2026, 6, 1)) == "1er\u00a0juin 2026"
    assert (pluriel(1, "projet"), pluriel(1200, "projet")) == ("1\u00a0projet", "1\u202f200\u00a0projets")


def test_le_texte_est_nettoye_sans_perdre_ses_mots() -> None:
    assert propre("a\x00b\r\nc\td\u202ee\ufefff") == "ab\nc def"
    assert propre("e\u0301") == "é"
    assert dessinable("é Ω ж 👶") == f"é Ω ж {SUBSTITUT}"
    assert secable("x" * 25) == "xxxxxxxx\u200bxxxxxxxx\u200bxxxxxxxx\u200bx"
    assert secable("anticonstitutionnel et bref") == "anticonstitutionnel et bref"


def test_une_demonstration_dans_un_financement_marque_la_maquette() -> None:
    doc = replace(maquette(1), mentions_demonstration=(), enveloppe_demonstration=False)
    assert not doc.a_des_valeurs_de_demonstration
    ligne = doc.lignes[0]
    marque = replace(ligne, financements=(replace(ligne.financements[0], demonstration=True),))
    assert replace(doc, lignes=(marque,)).a_des_valeurs_de_demonstration
