"""Reading a contract that comes back from Word or LibreOffice: its articles, its version. Nothing is kept.

Changes tracked in Word are read as accepted: what was inserted is there, what was deleted is not.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from arpent.metier.clauses.retour import ArticleEcrit

TAILLE_MAX = 20 * 1024**2
XML_MAX = 40 * 1024**2
PARAGRAPHES_MAX = 20_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_ARTICLE = re.compile(r"Article\s+(\d{1,3})\s*[.:–-]\s*(.+)", re.DOTALL)
_VERSION = re.compile(r"Version\s*:\s*(\d{1,4})\b")
_DEBUT, _FIN = "le contrat", "signatures"


class RetourIllisible(ValueError):
    """The file cannot be read; the message (French) says what to do."""


@dataclass(frozen=True, slots=True)
class Retour:
    """The articles of the file, in their order. `version`: the number written on the cover, or None."""

    articles: tuple[ArticleEcrit, ...]
    version: int | None


def lire_retour(contenu: bytes) -> Retour:
    """The articles between « Le contrat » and « Signatures ». Raises RetourIllisible."""
    paragraphes = list(_paragraphes(_document(contenu)))
    noms = [p.strip().casefold() for p in paragraphes]
    if _DEBUT not in noms:
        raise RetourIllisible(
            "Ce document n’est pas un contrat produit par Arpent : il n’a pas de partie « Le contrat ». "
            "Renvoyez le document Word téléchargé ici, avec ses titres."
        )
    debut = len(noms) - 1 - noms[::-1].index(_DEBUT)
    fin = next((i for i in range(debut, len(noms)) if noms[i] == _FIN), len(noms))
    articles = tuple(_articles(paragraphes[debut + 1 : fin]))
    if not articles:
        raise RetourIllisible(
            "Aucun article n’est reconnu : chaque titre doit rester « Article 1. Objet », avec son numéro."
        )
    version = next((int(m[1]) for p in paragraphes[:debut] if (m := _VERSION.search(p))), None)
    return Retour(articles, version)


def _document(contenu: bytes) -> Element:
    if len(contenu) > TAILLE_MAX:
        raise RetourIllisible("Le fichier dépasse 20 Mo : retirez les images, ou envoyez les articles seuls.")
    try:
        with zipfile.ZipFile(io.BytesIO(contenu)) as archive:
            entree = archive.getinfo("word/document.xml")
            if entree.file_size > XML_MAX:
                raise RetourIllisible("Le document est trop lourd à lire : envoyez les articles seuls.")
            with archive.open(entree) as flux:
                brut = flux.read(XML_MAX + 1)
        if len(brut) > XML_MAX:
            raise RetourIllisible("Le document est trop lourd à lire : envoyez les articles seuls.")
        racine: Element = fromstring(brut)
        return racine
    except (zipfile.BadZipFile, KeyError, ParseError, DefusedXmlException, RuntimeError, EOFError, OSError,
            ValueError) as erreur:  # fmt: skip
        if isinstance(erreur, RetourIllisible):
            raise
        raise RetourIllisible(
            "Ce fichier n’est pas un document Word lisible : enregistrez-le au format .docx et renvoyez-le."
        ) from erreur


def _paragraphes(racine: Element) -> Iterator[str]:
    for rang, p in enumerate(racine.iter(f"{_W}p")):
        if rang >= PARAGRAPHES_MAX:
            raise RetourIllisible("Le document a trop de paragraphes : envoyez les articles seuls.")
        yield "".join(_morceaux(p))


def _morceaux(p: Element) -> Iterator[str]:
    """Texts of a paragraph; what a tracked change deleted is `delText`, never read."""
    for e in p.iter():
        nom: Any = e.tag
        if nom == f"{_W}t":
            yield e.text or ""
        elif nom in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif nom == f"{_W}tab":
            yield " "


def _articles(paragraphes: list[str]) -> Iterator[ArticleEcrit]:
    tete: re.Match[str] | None = None
    corps: list[str] = []
    for p in [*paragraphes, None]:
        trouve = _ARTICLE.fullmatch(p.strip()) if p is not None else None
        if p is None or trouve is not None:
            if tete is not None:
                yield ArticleEcrit(tete[2].strip(), "\n\n".join(c for c in corps if c.strip()), tete[1])
            tete, corps = trouve, []
        else:
            corps.append(p)
