"""Highlighting in a Word document what is still to be filled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy

from docx.document import Document
from docx.enum.text import WD_COLOR_INDEX
from docx.text.paragraph import Paragraph
from docx.text.run import Run


def surligner(doc: Document, marque: re.Pattern[str]) -> None:
    """Each text that matches `marque`, in paragraphs and cells, is highlighted; nothing else changes."""
    for paragraphe in _paragraphes(doc):
        for run in list(paragraphe.runs):
            # A run that holds a line break is left alone: writing its text again would lose it.
            if marque.search(run.text) and "\n" not in run.text:
                _couper(paragraphe, run, marque)


def _paragraphes(doc: Document) -> Iterator[Paragraph]:
    yield from doc.paragraphs
    for table in doc.tables:
        for rangee in table.rows:
            for cellule in rangee.cells:
                yield from cellule.paragraphs


def _couper(paragraphe: Paragraph, run: Run, marque: re.Pattern[str]) -> None:
    morceaux = [(m, False) for m in marque.split(run.text)]
    for rang, trouve in enumerate(marque.findall(run.text)):
        morceaux.insert(2 * rang + 1, (trouve, True))
    for texte, a_surligner in morceaux:
        if texte:
            copie = deepcopy(run._r)
            run._r.addprevious(copie)
            nouveau = Run(copie, paragraphe)
            nouveau.text = texte
            if a_surligner:
                nouveau.font.highlight_color = WD_COLOR_INDEX.YELLOW
    run._r.getparent().remove(run._r)
