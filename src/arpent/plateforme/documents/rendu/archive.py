"""Zip containers without their clock: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile

_EPOQUE = (1980, 1, 1, 0, 0, 0)


def figer(contenu: bytes) -> bytes:
    """The same archive with each entry dated 1 January 1980, in the same order."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as source, zipfile.ZipFile(sortie, "w") as cible:
        for entree in source.infolist():
            fixe = zipfile.ZipInfo(entree.filename, _EPOQUE)
            fixe.compress_type = zipfile.ZIP_DEFLATED
            cible.writestr(fixe, source.read(entree))
    return sortie.getvalue()


_DATE_DE_CLASSEUR = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")


def figer_classeur(contenu: bytes) -> bytes:
    """A workbook embedded in a document, its properties dated like its entries."""
    sortie = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(contenu)) as source, zipfile.ZipFile(sortie, "w") as cible:
        for entree in source.infolist():
            texte = source.read(entree)
            if entree.filename == "docProps/core.xml":
                texte = _DATE_DE_CLASSEUR.sub(rb"\g<1>1980-01-01T00:00:00Z", texte)
            cible.writestr(entree, texte)
    return figer(sortie.getvalue())
