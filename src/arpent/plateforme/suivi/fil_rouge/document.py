"""The thread as a PDF: the same floors, the same words."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.chartes import charte_doc
from arpent.plateforme.documents.donnees_fil_rouge import EtageDoc, FilDoc, FilRougeDoc, MailleDoc
from arpent.plateforme.documents.rendu.pdf_fil_rouge import rendre_fil_rouge_pdf

from .lecture import Fil


def doc_de(demarche: Demarche, fils: Sequence[Fil], le: date, *, retour: bool) -> FilRougeDoc:
    """One query: the charter."""
    autorite = demarche.autorite
    return FilRougeDoc(
        territoire=demarche.territoire.nom,
        generation=demarche.generation,
        retour=retour,
        fils=tuple(
            FilDoc(
                f.titre,
                tuple(
                    EtageDoc(
                        e.titre,
                        tuple(MailleDoc(m.titre, m.detail, m.demonstration) for m in e.mailles),
                        tuple(f"{r.manque} {r.faire}" for r in e.ruptures),
                    )
                    for e in f.dans_le_sens(retour)
                ),
            )
            for f in fils
        ),
        etabli_le=le,
        charte=charte_doc(autorite.pk, autorite.nom),
        demonstration=any(m.demonstration for f in fils for e in f.etages for m in e.mailles),
    )


def en_pdf(demarche: Demarche, fils: Sequence[Fil], le: date, *, retour: bool) -> bytes:
    """PDF/A and PDF/UA. RenduImpossible."""
    return rendre_fil_rouge_pdf(doc_de(demarche, fils, le, retour=retour))
