"""Producing the portrait: frozen data, rendered in each format asked, archived with its fingerprint."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.donnees_portrait import PortraitDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.docx_portrait import rendre_portrait_docx
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_portrait import rendre_portrait_pdf
from arpent.plateforme.documents.rendu.pptx import rendre_portrait_pptx
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.observatoire.magasin import ObservatoireVide
from arpent.plateforme.socle.images import ImageImpossible, png

from .assemblage import assembler

GENRE = "portrait de territoire"
FORMATS = {"pdf": "PDF", "docx": "Word", "pptx": "diapositives"}


class EditionRefusee(ValueError):
    """The portrait cannot be produced; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Edition:
    """The files of one portrait, by format, not yet kept anywhere."""

    doc: PortraitDoc
    fichiers: dict[str, bytes]


def _image(svg: str, largeur: int) -> bytes:
    return png(svg, largeur=largeur)


RENDEURS: dict[str, Callable[[PortraitDoc], bytes]] = {
    "pdf": rendre_portrait_pdf,
    "docx": lambda doc: rendre_portrait_docx(doc, _image),
    "pptx": lambda doc: rendre_portrait_pptx(doc, _image),
}


def preparer(demarche: Demarche, formats: Iterable[str], le: date) -> Edition:
    """Raises EditionRefusee. Writes nothing."""
    voulus = list(dict.fromkeys(formats))
    inconnus = [f for f in voulus if f not in FORMATS]
    if inconnus or not voulus:
        raise EditionRefusee("Choisissez au moins un format parmi : PDF, Word, diapositives.")
    try:
        doc = assembler(demarche, le)
        return Edition(doc, {f: RENDEURS[f](doc) for f in voulus})
    except (ObservatoireVide, ImageImpossible, RenduImpossible, ValueError) as refus:
        raise EditionRefusee(str(refus)) from refus


def produire(
    demarche: Demarche, formats: Sequence[str], *, le: date, par: Agent | None
) -> list[DocumentEmis]:
    """Renders, then keeps the files in one transaction. Raises EditionRefusee."""
    return _archiver(demarche, preparer(demarche, formats, le), par)


@transaction.atomic
def _archiver(demarche: Demarche, edition: Edition, par: Agent | None) -> list[DocumentEmis]:
    marque = empreinte_des_donnees(edition.doc)
    figees = {"empreinte_des_donnees": marque, "portrait": json.loads(en_json(edition.doc))}
    emis = [
        emettre(
            contenu,
            nom=f"portrait-{demarche.slug}-{edition.doc.fige_le.isoformat()}.{suffixe}",
            titre=f"Portrait de territoire, {edition.doc.territoire}",
            genre=GENRE,
            gabarit=edition.doc.gabarit,
            sur=demarche,
            demarche_id=demarche.pk,
            donnees=figees,
            par_id=par.pk if par else None,
            par_nom=par.nom_complet if par else "Arpent",
        )
        for suffixe, contenu in edition.fichiers.items()
    ]
    consigner(
        "produire_portrait",
        sur=demarche,
        par=par,
        demarche_id=demarche.pk,
        apres={"formats": ", ".join(edition.fichiers), "empreinte": marque},
    )
    return emis
