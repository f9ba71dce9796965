"""Word documents from the template of their version: same view, same words as the PDF.

The template is trusted; what people typed is data: escaped, never evaluated (sandboxed environment).
"""

from __future__ import annotations

import io
from datetime import UTC, date, datetime

from ..catalogue import GabaritInconnu, gabarit
from ..donnees import ContratDoc
from ..donnees_approbation import ApprobationAvenantDoc, ApprobationDoc
from ..donnees_attribution import AttributionDoc
from ..donnees_avenant import AvenantDoc
from ..donnees_charte import CharteDoc
from ..donnees_fiche import DeliberationDoc
from ..donnees_seance import ConvocationDoc, PresentationDoc
from .archive import figer
from .habillage import habiller
from .surlignage import surligner
from .texte import propre
from .vue import Vue, vue_contrat
from .vue_approbation import vue_approbation
from .vue_approbation_avenant import vue_approbation_avenant
from .vue_attribution import vue_attribution
from .vue_avenant import vue_avenant
from .vue_convocation import vue_convocation
from .vue_deliberation import MARQUE_BLANC, vue_deliberation
from .vue_note import vue_note


def rendre_contrat_docx(doc: ContratDoc) -> bytes:
    """The whole contract with its annexes, to be reworked in Word. GabaritInconnu."""
    vue = vue_contrat(doc)
    vue["sommaire"] = _sommaire(vue)
    titre = f"{doc.titre}, {doc.territoire}"
    return _composer(doc.gabarit, vue, titre, doc.autorite, doc.etabli_le, doc.charte)


def rendre_deliberation_docx(doc: DeliberationDoc) -> bytes:
    """The draft délibération, to be reworked by the mairie. GabaritInconnu."""
    vue = vue_deliberation(doc)
    return _composer(doc.gabarit, vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def rendre_approbation_docx(doc: ApprobationDoc) -> bytes:
    """The draft délibération that approves a contract, to be reworked by the party. GabaritInconnu."""
    vue = vue_approbation(doc)
    return _composer(doc.gabarit, vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def rendre_approbation_avenant_docx(doc: ApprobationAvenantDoc) -> bytes:
    """The draft délibération that approves an avenant, to be reworked by the party. GabaritInconnu."""
    vue = vue_approbation_avenant(doc)
    return _composer(doc.gabarit, vue, vue["titre"], doc.collectivite.nom, doc.etabli_le)


def rendre_avenant_docx(doc: AvenantDoc) -> bytes:
    """The avenant, to be reworked or annexed in Word; what is signed is its PDF. GabaritInconnu."""
    titre = f"{doc.titre}, {doc.contrat}"
    return _composer(doc.gabarit, vue_avenant(doc), titre, doc.autorite, doc.etabli_le)


def rendre_attribution_docx(doc: AttributionDoc) -> bytes:
    """Letter, arrêté or convention that awards an aid, to be completed and signed. GabaritInconnu."""
    vue = vue_attribution(doc)
    return _composer(doc.gabarit, vue, vue["titre"], doc.autorite.nom, doc.etabli_le, doc.charte)


def rendre_convocation_docx(doc: ConvocationDoc) -> bytes:
    """The convocation of an assembly, to be completed by the party. GabaritInconnu."""
    vue = vue_convocation(doc)
    return _composer(doc.gabarit, vue, vue["titre"], doc.collectivite.nom, doc.etabli_le, doc.charte)


def rendre_note_docx(doc: PresentationDoc) -> bytes:
    """The note de synthèse, to be reworked by the party. GabaritInconnu."""
    vue, charte = vue_note(doc), doc.contrat.charte if doc.role == "autorite" else None
    return _composer(doc.gabarit, vue, vue["titre"], doc.collectivite.nom, doc.etabli_le, charte)


def _composer(
    code: str, vue: Vue, titre: str, auteur: str, etabli_le: date, charte: CharteDoc | None = None
) -> bytes:
    # Imported at the first document: half a second that the start of the server must not pay.
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    modele = gabarit(code).docx
    if modele is None:
        raise GabaritInconnu(f"Le gabarit « {code} » n’a pas de modèle Word : demandez le document en PDF.")
    document = DocxTemplate(str(modele))
    environnement = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render(vue, environnement, autoescape=True)
    proprietes = document.docx.core_properties  # not get_docx(): it would load the template again
    proprietes.title = propre(titre)[:255]
    proprietes.author = propre(auteur)[:255]
    proprietes.language = "fr-FR"
    proprietes.created = proprietes.modified = datetime(
        etabli_le.year, etabli_le.month, etabli_le.day, tzinfo=UTC
    )
    surligner(document.docx, MARQUE_BLANC)
    if charte is not None:
        habiller(document.docx, charte)
    tampon = io.BytesIO()
    document.save(tampon)
    return figer(tampon.getvalue())


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
