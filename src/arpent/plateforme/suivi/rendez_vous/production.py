"""Making the pack: one reading, three files, kept with their fingerprint in one transaction."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.papiers import nom_de_fichier
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.donnees_rendez_vous import RendezVousDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.archive import figer
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_rendez_vous import rendre_livret_rendez_vous_pdf
from arpent.plateforme.documents.rendu.pptx_rendez_vous import rendre_rendez_vous_pptx
from arpent.plateforme.documents.rendu.xlsx_rendez_vous import rendre_rendez_vous_xlsx
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.images import ImageImpossible, png

from ..models import DossierRendezVous
from .lecture import rendez_vous_doc

GENRES = {
    "pptx": "diapositives du rendez-vous",
    "pdf": "livret du rendez-vous",
    "xlsx": "tableau du rendez-vous",
}
_NOMS = {"pptx": "diapositives", "pdf": "livret", "xlsx": "tableau"}


class DossierRefuse(ValueError):
    """The pack cannot be made; the message is French and says what to do."""


@dataclass(frozen=True, slots=True)
class Fabrique:
    """The data and its three files by extension, not yet kept anywhere."""

    doc: RendezVousDoc
    fichiers: Mapping[str, bytes]


def _image(svg: str, largeur: int) -> bytes:
    return png(svg, largeur=largeur)


def fabriquer(reunion: Reunion, le: date) -> Fabrique:
    """Writes nothing. DossierRefuse."""
    doc = rendez_vous_doc(reunion, le)
    try:
        fichiers = {
            "pptx": rendre_rendez_vous_pptx(doc, _image),
            "pdf": rendre_livret_rendez_vous_pdf(doc),
            "xlsx": rendre_rendez_vous_xlsx(doc),
        }
    except (ImageImpossible, RenduImpossible) as refus:
        raise DossierRefuse(str(refus)) from refus
    return Fabrique(doc, fichiers)


def base_de_nom(reunion: Reunion) -> str:
    """« rendez-vous-2027-03-12-florac », the same for the three files."""
    lieu = nom_de_fichier(reunion.lieu or reunion.demarche.territoire.nom, 40)
    return f"rendez-vous-{reunion.jour.isoformat()}-{lieu}"


def nom_du_fichier(reunion: Reunion, extension: str) -> str:
    if extension == "zip":
        return f"{base_de_nom(reunion)}.zip"
    return f"{base_de_nom(reunion)}-{_NOMS[extension]}.{extension}"


def generer(reunion: Reunion, *, le: date, par: Agent | None) -> DossierRendezVous:
    """Renders, then keeps. DossierRefuse."""
    return _archiver(reunion, fabriquer(reunion, le), par)


@transaction.atomic
def _archiver(reunion: Reunion, fait: Fabrique, par: Agent | None) -> DossierRendezVous:
    marque = empreinte_des_donnees(fait.doc)
    figees = {"empreinte_des_donnees": marque, "rendez_vous": json.loads(en_json(fait.doc))}
    emis: dict[str, DocumentEmis] = {
        extension: emettre(
            contenu,
            nom=nom_du_fichier(reunion, extension),
            titre=f"{reunion.titre} : {_NOMS[extension]}",
            genre=GENRES[extension],
            gabarit=fait.doc.gabarit,
            sur=reunion,
            demarche_id=reunion.demarche_id,
            donnees=figees,
            par_id=par.pk if par else None,
            par_nom=par.nom_complet if par else "Arpent",
        )
        for extension, contenu in fait.fichiers.items()
    }
    dossier = DossierRendezVous.objects.create(
        reunion=reunion,
        diapositives=emis["pptx"],
        livret=emis["pdf"],
        tableau=emis["xlsx"],
        empreinte=marque,
        genere_par_nom=par.nom_complet if par else "Arpent",
    )
    consigner(
        "generer_rendez_vous", sur=reunion, par=par, demarche_id=reunion.demarche_id,
        apres={"dossier": dossier.pk, "empreinte": marque},
    )  # fmt: skip
    return dossier


def en_zip(fichiers: Mapping[str, bytes]) -> bytes:
    """By name. The same bytes for the same files."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w") as archive:
        for nom, contenu in fichiers.items():
            archive.writestr(nom, contenu)
    return figer(tampon.getvalue())
