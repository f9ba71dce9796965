"""Which Word template serves: that of the authority when she put one in service, else the shipped one."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from .catalogue import gabarit
from .chartes import charte_doc
from .empreinte import empreinte
from .gabarits_word.exigences import Exigences, exemples, exigences
from .gabarits_word.isole import controler_a_part
from .models import GabaritAutorite
from .rendu.docx import DocumentWord, preparer, rendre_docx
from .rendu.pdf import RenduImpossible


@dataclass(frozen=True, slots=True)
class GabaritWord:
    """The template of one kind of document. Empty: the shipped one, which the document names itself."""

    code: str = ""
    contenu: bytes | None = None

    def rendre(self, doc: DocumentWord) -> bytes:
        """RenduImpossible (French) when the template of the authority no longer fits the data."""
        return rendre_docx(doc, self.contenu)


def gabarit_word(autorite_id: int, nom: str) -> GabaritWord:
    """The one to use for the documents of an authority. One query. RenduImpossible when its file is lost."""
    choisi = GabaritAutorite.objects.filter(
        autorite_id=autorite_id, nom=nom, en_service_le__isnull=False, retire_le=None
    ).first()
    return GabaritWord(choisi.code, lire(choisi)) if choisi else GabaritWord()


def lire(choisi: GabaritAutorite) -> bytes:
    """Its file, as it was checked. RenduImpossible when it has gone or changed."""
    try:
        with choisi.fichier.open("rb") as flux:
            contenu = bytes(flux.read())
    except OSError:
        contenu = b""
    if empreinte(contenu) != choisi.sha256:
        raise RenduImpossible(
            "Le document Word n’a pas été produit : le fichier du gabarit de votre collectivité a disparu ou "
            "a changé. Déposez-le à nouveau, ou revenez au gabarit livré (page du dispositif, "
            "« Gabarits Word »)."
        )
    return contenu


def exiger_conforme(nom: str, contenu: bytes) -> Exigences:
    """Reads the template in a process of its own, and fills it with the examples. GabaritRefuse."""
    attendu = exigences()[nom]
    pieces = [preparer(doc) for doc in exemples(gabarit(attendu.code).exemple())]
    controler_a_part(contenu, pieces, attendu.obligatoires)
    return attendu


def rendre_exemple(nom: str, contenu: bytes | None, autorite_id: int, autorite: str) -> bytes:
    """The sample in that template, with the name and the charter of the authority. One query."""
    doc: Any = gabarit(exigences()[nom].code).exemple()
    connus = {f.name for f in fields(doc)}
    nomme = isinstance(getattr(doc, "autorite", ""), str)
    valeurs = {
        "autorite": autorite if nomme else replace(doc.autorite, nom=autorite),
        "charte": charte_doc(autorite_id, autorite),
    }
    siens = {n: v for n, v in valeurs.items() if n in connus}
    return rendre_docx(replace(doc, **siens), contenu)


def champs_disponibles(nom: str) -> list[str]:
    """Every merge field, with a star for what repeats: « parties* », « parties*.nom »."""
    vues = [preparer(doc).vue for doc in exemples(gabarit(exigences()[nom].code).exemple())]
    return sorted(_chemins(vues, ""))


def _chemins(valeurs: list[Any], chemin: str) -> set[str]:
    cles = {cle for v in valeurs if isinstance(v, dict) for cle in v}
    trouves: set[str] = set()
    for cle in cles:
        dessous = [v[cle] for v in valeurs if isinstance(v, dict) and cle in v]
        listes = [x for v in dessous if isinstance(v, list) for x in v]
        nom = f"{chemin}{cle}{'*' if any(isinstance(v, list) for v in dessous) else ''}"
        plus_bas = _chemins(listes or dessous, f"{nom}.")
        trouves |= plus_bas or {nom}
    return trouves
