"""Word documents from the template of their version: same view, same words as the PDF.

`modele`: the template that an authority put in service in place of the shipped one; it is rendered in a
process of its own (`gabarits_word.isole`), because nobody here wrote it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..catalogue import GabaritInconnu, gabarit
from ..donnees import ContratDoc
from ..donnees_approbation import ApprobationAvenantDoc, ApprobationDoc
from ..donnees_attribution import AttributionDoc
from ..donnees_avenant import AvenantDoc
from ..donnees_dossier import RapportCommissionDoc
from ..donnees_evaluation import RapportEvaluationDoc
from ..donnees_fiche import DeliberationDoc
from ..donnees_reunion import CompteRenduDoc
from ..donnees_seance import ConvocationDoc, PresentationDoc
from ..donnees_seance_avenant import PresentationAvenantDoc
from ..gabarits_word.isole import composer_a_part
from .composition import Piece, composer
from .vue import Vue, vue_contrat
from .vue_approbation import vue_approbation
from .vue_approbation_avenant import vue_approbation_avenant
from .vue_attribution import vue_attribution
from .vue_avenant import vue_avenant
from .vue_convocation import vue_convocation
from .vue_deliberation import vue_deliberation
from .vue_dossier import vue_rapport_commission
from .vue_evaluation import vue_rapport_evaluation
from .vue_note import vue_note
from .vue_note_avenant import vue_note_avenant
from .vue_reunion import vue_compte_rendu

DocumentWord = (
    ApprobationAvenantDoc
    | ApprobationDoc
    | AttributionDoc
    | AvenantDoc
    | CompteRenduDoc
    | ContratDoc
    | ConvocationDoc
    | DeliberationDoc
    | PresentationAvenantDoc
    | PresentationDoc
    | RapportCommissionDoc
    | RapportEvaluationDoc
)


def rendre_docx(doc: DocumentWord, modele: bytes | None = None) -> bytes:
    """The document, to be reworked in Word. GabaritInconnu; RenduImpossible (only with a `modele`)."""
    piece = preparer(doc)
    if modele is not None:
        return composer_a_part(modele, piece)
    chemin = gabarit(doc.gabarit).docx
    if chemin is None:
        raise GabaritInconnu(
            f"Le gabarit « {doc.gabarit} » n’a pas de modèle Word : demandez le document en PDF."
        )
    return composer(chemin.read_bytes(), piece)


def rendre_contrat_docx(doc: ContratDoc) -> bytes:
    """The whole contract with its annexes, to be reworked in Word. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_deliberation_docx(doc: DeliberationDoc) -> bytes:
    """The draft délibération, to be reworked by the mairie. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_approbation_docx(doc: ApprobationDoc) -> bytes:
    """The draft délibération that approves a contract, to be reworked by the party. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_approbation_avenant_docx(doc: ApprobationAvenantDoc) -> bytes:
    """The draft délibération that approves an avenant, to be reworked by the party. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_avenant_docx(doc: AvenantDoc) -> bytes:
    """The avenant, to be reworked or annexed in Word; what is signed is its PDF. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_attribution_docx(doc: AttributionDoc) -> bytes:
    """Letter, arrêté or convention that awards an aid, to be completed and signed. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_convocation_docx(doc: ConvocationDoc) -> bytes:
    """The convocation of an assembly, to be completed by the party. GabaritInconnu."""
    return rendre_docx(doc)


def rendre_note_docx(doc: PresentationDoc) -> bytes:
    """The note de synthèse, to be reworked by the party. GabaritInconnu."""
    return rendre_docx(doc)


def preparer(doc: DocumentWord) -> Piece:
    """The texts of a document, as its template reads them."""
    return _PREPARATIONS[type(doc)](doc)


def _contrat(doc: ContratDoc) -> Piece:
    vue = vue_contrat(doc)
    vue["sommaire"] = _sommaire(vue)
    return Piece(vue, f"{doc.titre}, {doc.territoire}", doc.autorite, doc.etabli_le, doc.charte)


def _avenant(doc: AvenantDoc) -> Piece:
    return Piece(vue_avenant(doc), f"{doc.titre}, {doc.contrat}", doc.autorite, doc.etabli_le, doc.charte)


def _deliberation(doc: DeliberationDoc) -> Piece:
    vue = vue_deliberation(doc)
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def _approbation(doc: ApprobationDoc) -> Piece:
    vue = vue_approbation(doc)
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def _approbation_avenant(doc: ApprobationAvenantDoc) -> Piece:
    vue = vue_approbation_avenant(doc)
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def _attribution(doc: AttributionDoc) -> Piece:
    vue = vue_attribution(doc)
    return Piece(vue, vue["titre"], doc.autorite.nom, doc.etabli_le, doc.charte)


def _convocation(doc: ConvocationDoc) -> Piece:
    vue = vue_convocation(doc)
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le, doc.charte)


def _compte_rendu(doc: CompteRenduDoc) -> Piece:
    vue = vue_compte_rendu(doc)
    return Piece(vue, vue["titre"], doc.autorite, doc.etabli_le, doc.charte)


def _rapport_commission(doc: RapportCommissionDoc) -> Piece:
    vue = vue_rapport_commission(doc)
    return Piece(vue, vue["titre"], doc.autorite.nom, doc.etabli_le, doc.charte)


def _rapport_evaluation(doc: RapportEvaluationDoc) -> Piece:
    vue = vue_rapport_evaluation(doc)
    return Piece(vue, vue["titre"], doc.autorite, doc.etabli_le, doc.charte)


def _note(doc: PresentationDoc) -> Piece:
    vue, charte = vue_note(doc), doc.contrat.charte if doc.role == "autorite" else None
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le, charte)


def _note_avenant(doc: PresentationAvenantDoc) -> Piece:
    vue, charte = vue_note_avenant(doc), doc.charte if doc.role == "autorite" else None
    return Piece(vue, vue["titre"], doc.collectivite.nom, doc.etabli_le, charte)


_PREPARATIONS: dict[type, Callable[[Any], Piece]] = {
    ApprobationAvenantDoc: _approbation_avenant,
    ApprobationDoc: _approbation,
    AttributionDoc: _attribution,
    AvenantDoc: _avenant,
    CompteRenduDoc: _compte_rendu,
    ContratDoc: _contrat,
    ConvocationDoc: _convocation,
    DeliberationDoc: _deliberation,
    PresentationAvenantDoc: _note_avenant,
    PresentationDoc: _note,
    RapportCommissionDoc: _rapport_commission,
    RapportEvaluationDoc: _rapport_evaluation,
}


def _sommaire(vue: Vue) -> list[str]:
    """The headings of levels 1 and 2, for readers that do not compute the table of contents."""
    lignes = ["Les parties", "Le contrat"]
    lignes += [f"Article {x['numero']}. {x['titre']}" for x in vue["articles"]]
    lignes += ["Signatures"]
    lignes += ["Annexe 1. Synthèse du diagnostic"] if vue["diagnostic"] else []
    lignes += ["Annexe 2. Plan d’actions"]
    lignes += ["Annexe 3. Maquette financière"] if vue["maquette"] else []
    lignes += ["Annexe 4. Fiches projets"]
    return lignes + [f"Fiche {x['numero']}. {x['titre']}" for x in vue["fiches"]]
