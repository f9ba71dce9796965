"""The papers of a meeting, as PDF/A-2a and PDF/UA-1. All raise RenduImpossible, GabaritInconnu."""

from __future__ import annotations

import io

from ..catalogue import gabarit
from ..donnees_reunion import CompteRenduDoc, ConvocationReunionDoc, FeuillePresenceDoc
from .pdf import compiler
from .vue_reunion import vue_compte_rendu, vue_convocation_reunion, vue_feuille_presence


def rendre_convocation_reunion_pdf(doc: ConvocationReunionDoc) -> bytes:
    """The letter, one page for most agendas."""
    return compiler(gabarit(doc.gabarit), vue_convocation_reunion(doc), charte=doc.charte)


def rendre_feuille_presence_pdf(doc: FeuillePresenceDoc) -> bytes:
    """The sheet to sign, with the code that opens the page of the presence."""
    dessins = [code_qr(doc.adresse)] if doc.adresse else []
    return compiler(gabarit(doc.gabarit), vue_feuille_presence(doc), dessins, charte=doc.charte)


def rendre_compte_rendu_pdf(doc: CompteRenduDoc) -> bytes:
    """The minutes."""
    return compiler(gabarit(doc.gabarit), vue_compte_rendu(doc), charte=doc.charte)


def code_qr(texte: str) -> str:
    """A QR code as a stand-alone SVG, black on white."""
    import segno

    tampon = io.BytesIO()
    segno.make(texte, error="m", micro=False).save(
        tampon, kind="svg", scale=4, border=2, dark="#000", light="#fff", xmldecl=False, nl=False
    )
    return tampon.getvalue().decode("utf-8")
