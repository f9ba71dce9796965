"""Issuing a document: rendered, then kept for ever with its fingerprint and what it was made from."""

from __future__ import annotations

import json
from datetime import date

from django.db import transaction
from django.db.models import QuerySet

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.donnees_rapport import RapportDoc
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.documents.rendu.pdf_fiche import rendre_rapport_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner

from .models import Fiche
from .preinstruction import preinstruire_fiches
from .rapports import rapport_doc
from .sorties import completes

GENRE = "rapport de pré-instruction"


def preparer_rapport(
    demarche: Demarche, fiches: QuerySet[Fiche], *, le: date, par: str, plan_entier: bool
) -> RapportDoc:
    """The report of the day; writes nothing. Raises TropDeFiches."""
    lues = completes(fiches, demarche)
    examens = preinstruire_fiches(lues, le) if lues else {}
    return rapport_doc(demarche, lues, examens, le=le, par=par, plan_entier=plan_entier)


def emettre_rapport(doc: RapportDoc, *, demarche: Demarche, fiche: Fiche | None, par: Agent) -> DocumentEmis:
    """Keeps the report of a fiche (None: of the whole plan) as it stands. RenduImpossible (French)."""
    contenu = rendre_rapport_pdf(doc)
    marque = empreinte_des_donnees(doc)
    quoi = f"fiche-{fiche.numero}" if fiche else "plan"
    with transaction.atomic():
        emis = emettre(
            contenu,
            nom=f"preinstruction-{demarche.slug}-{quoi}-{doc.etabli_le.isoformat()}.pdf",
            titre=doc.titre if fiche else f"{doc.titre}, {doc.territoire}",
            genre=GENRE,
            gabarit=doc.gabarit,
            sur=fiche or demarche,
            demarche_id=demarche.pk,
            donnees={"empreinte_des_donnees": marque, "rapport": json.loads(en_json(doc))},
            par_id=par.pk,
            par_nom=par.nom_complet,
        )
        consigner(
            "emettre_rapport",
            sur=fiche or demarche,
            par=par,
            demarche_id=demarche.pk,
            apres={"document": emis.titre, "empreinte": emis.sha256},
        )
    return emis


def rapports_emis(demarche: Demarche, fiche: Fiche | None = None) -> QuerySet[DocumentEmis]:
    """The reports kept of a fiche, or of the whole plan; the latest first. No query."""
    sur = fiche or demarche
    return (
        DocumentEmis.objects.filter(
            demarche_id=demarche.pk, genre=GENRE, objet_type=sur._meta.label_lower, objet_id=str(sur.pk)
        )
        .defer("donnees")
        .order_by("-pk")
    )
