"""The contract as a Word document, from the template of its version: same view, same words as the PDF.

The template is trusted; what people typed is data: escaped, never evaluated (sandboxed environment).
"""

from __future__ import annotations

import io
from datetime import UTC, datetime

from ..catalogue import GabaritInconnu, gabarit
from ..donnees import ContratDoc
from .archive import figer
from .texte import propre
from .vue import Vue, vue_contrat


def rendre_contrat_docx(doc: ContratDoc) -> bytes:
    """The whole contract with its annexes, to be reworked in Word. GabaritInconnu."""
    # Imported at the first document: half a second that the start of the server must not pay.
    from docxtpl import DocxTemplate
    from jinja2 import StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    modele = gabarit(doc.gabarit).docx
    if modele is None:
        raise GabaritInconnu(
            f"Le gabarit « {doc.gabarit} » n’a pas de modèle Word : demandez le document en PDF."
        )
    vue = vue_contrat(doc)
    document = DocxTemplate(str(modele))
    environnement = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
    document.render({**vue, "sommaire": _sommaire(vue)}, environnement, autoescape=True)
    proprietes = document.docx.core_properties  # not get_docx(): it would load the template again
    proprietes.title = propre(f"{doc.titre}, {doc.territoire}")[:255]
    proprietes.author = propre(doc.autorite)[:255]
    proprietes.language = "fr-FR"
    etabli_le = datetime(doc.etabli_le.year, doc.etabli_le.month, doc.etabli_le.day, tzinfo=UTC)
    proprietes.created = proprietes.modified = etabli_le
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
