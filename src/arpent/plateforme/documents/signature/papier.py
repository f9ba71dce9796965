"""The paper channel: a copy to print with a QR code on each page, then a pile of scanned pages put in order.

A page is recognised by its code alone, in any order and whichever way up. Nothing is dropped in silence: a
missing, doubled, foreign or unreadable page is named. Runs in the workshop (`isole.py`): PDFium is native.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

PAGES_MAX = 400
POINTS_MAX = 2_600
"""Pixels of the longest side of a page that is looked at."""
FINESSES = (150 / 72, 250 / 72)
"""Pixels a point, tried in turn: 150 then 250 dpi."""
COTE_CODE, MARGE = 46.0, 16.0
"""Points (1/72 inch) of the code and of its distance to the edges of the page."""
_CODE = re.compile(r"ARPENT/1/(\d{1,18})/(\d{1,9})/(\d{1,4})/(\d{1,4})/([0-9A-F]{16})")


class PileRefusee(ValueError):
    """The pile cannot be read at all; the message is French and says what to send."""


@dataclass(frozen=True, slots=True)
class Marque:
    """What the code of a page says: which contract, which version, which page of how many, of which file."""

    contrat: int
    version: int
    page: int
    pages: int
    empreinte: str

    @property
    def texte(self) -> str:
        return f"ARPENT/1/{self.contrat}/{self.version}/{self.page}/{self.pages}/{self.empreinte}"


def lire_marque(texte: str) -> Marque | None:
    if not (lu := _CODE.fullmatch(texte.strip())):
        return None
    return Marque(int(lu[1]), int(lu[2]), int(lu[3]), int(lu[4]), lu[5])


def marque_de(contrat: int, version: int, sha256: str) -> Marque:
    """The code of the file, without its page."""
    return Marque(contrat, version, 0, 0, sha256[:16].upper())


@dataclass(frozen=True, slots=True)
class PageVue:
    """One scanned page. `etat`: reconnue, double, etrangere, illisible. `rotation` in degrees, clockwise."""

    fichier: str
    rang: int
    etat: str
    page: int = 0
    rotation: int = 0
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Pile:
    """What a pile holds. `attendues`: pages of the file to sign; `pdf`: the pages found, in order."""

    attendues: int
    vues: tuple[PageVue, ...]
    manquantes: tuple[int, ...]

    @property
    def complete(self) -> bool:
        return not self.manquantes and not self.refusees

    @property
    def refusees(self) -> tuple[PageVue, ...]:
        return tuple(v for v in self.vues if v.etat in {"etrangere", "illisible"})

    @property
    def doubles(self) -> tuple[PageVue, ...]:
        return tuple(v for v in self.vues if v.etat == "double")


# --- printing -------------------------------------------------------------------------------------


def _dessin(marque: Marque, mention: str, gauche: float, pied: float) -> bytes:
    """Drawing orders: the code as rectangles on white, and its words at its left."""
    import segno

    modules = [bytes(ligne) for ligne in segno.make(marque.texte, error="q", micro=False).matrix]
    pas = COTE_CODE / (len(modules) + 4)
    ordres = [f"1 g {gauche:.2f} {pied:.2f} {COTE_CODE} {COTE_CODE} re f 0 g"]
    for rang, ligne in enumerate(modules):
        bas = pied + COTE_CODE - (rang + 3) * pas
        for noirs in re.finditer(b"\x01+", ligne):
            x, largeur = gauche + (noirs.start() + 2) * pas, (noirs.end() - noirs.start()) * pas
            ordres.append(f"{x:.3f} {bas:.3f} {largeur:.3f} {pas:.3f} re")
    texte = f"{mention} - page {marque.page}/{marque.pages} - {marque.empreinte[:8].lower()}"
    lettres = re.sub(rb"([\\()])", rb"\\\1", texte.encode("cp1252", "replace"))
    ou = f"{gauche - 4 - 3.1 * len(texte):.2f} {pied + COTE_CODE - 8:.2f}"
    debut = f" f BT /ArpentMarque 6.5 Tf {ou} Td (".encode()
    return b"Q /Artifact BMC q " + " ".join(ordres).encode() + debut + lettres + b") Tj ET Q EMC"


def _bord(page: Any) -> tuple[float, float]:
    """The right and the top edge of a page, in points. The foot holds the folio: the code goes up there."""
    while "/MediaBox" not in page:
        page = page["/Parent"]
    boite = page.get("/CropBox", page["/MediaBox"])
    return float(boite[2]), float(boite[3])


def marquer(pdf: bytes, marque: Marque, mention: str) -> bytes:
    """A copy to print: each page carries its code and, beside it, the same in words after `mention`.

    The file is only added to: what is printed is what is signed.
    """
    from pyhanko.pdf_utils import generic as pyhanko_generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    generic: Any = pyhanko_generic  # its objects and its writer are not annotated
    nom = generic.NameObject
    ecrivain: Any = IncrementalPdfFileWriter(io.BytesIO(pdf if pdf.endswith(b"\n") else pdf + b"\n"))
    genre = {
        "/Type": "/Font",
        "/Subtype": "/Type1",
        "/BaseFont": "/Helvetica",
        "/Encoding": "/WinAnsiEncoding",
    }
    police = ecrivain.add_object(generic.DictionaryObject({nom(k): nom(v) for k, v in genre.items()}))
    polices = generic.DictionaryObject({nom("/ArpentMarque"): police})
    avant = ecrivain.add_object(generic.StreamObject(stream_data=b"q"))
    total = compter_pages(pdf)
    for rang in range(total):
        page = ecrivain.find_page_for_modification(rang)[0].get_object()
        droite, haut = _bord(page)
        code = Marque(marque.contrat, marque.version, rang + 1, total, marque.empreinte)
        dessin = _dessin(code, mention, droite - MARGE - COTE_CODE, haut - MARGE - COTE_CODE)
        ecrivain.add_stream_to_page(rang, avant, prepend=True)
        ecrivain.add_stream_to_page(
            rang,
            ecrivain.add_object(generic.StreamObject(stream_data=dessin)),
            resources=generic.DictionaryObject({nom("/Font"): polices}),
        )
    sortie = io.BytesIO()
    ecrivain.write(sortie)
    return sortie.getvalue()


def compter_pages(pdf: bytes) -> int:
    import pypdfium2 as pdfium

    document = pdfium.PdfDocument(pdf)
    try:
        return len(document)
    finally:
        document.close()


# --- reading the pile -----------------------------------------------------------------------------


def _en_pdf(contenu: bytes) -> bytes:
    """A photo or a scan saved as an image becomes pages; a PDF stays as it is."""
    from PIL import Image, ImageOps, ImageSequence

    if contenu[:5] == b"%PDF-":
        return contenu
    with Image.open(io.BytesIO(contenu), formats=("JPEG", "PNG", "TIFF")) as image:
        if image.width * image.height > 60_000_000:
            raise PileRefusee("Une image est trop grande : numérisez à 200 ou 300 points par pouce.")
        pages = [ImageOps.exif_transpose(p).convert("L") for p in ImageSequence.Iterator(image)]
    sortie = io.BytesIO()
    pages[0].save(sortie, "PDF", save_all=True, append_images=pages[1:], resolution=150)
    return sortie.getvalue()


def _codes(page: Any) -> list[tuple[Marque, int]]:
    """The codes of ours on a page, with the clockwise turn that puts it upright."""
    import zxingcpp

    code = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
    largeur, hauteur = page.get_size()
    for finesse in FINESSES:
        echelle = min(finesse, POINTS_MAX / max(largeur, hauteur, 1))
        image = page.render(scale=echelle, grayscale=True).to_numpy()
        lus = zxingcpp.read_barcodes(image, formats=code)
        trouves = [(m, _quart(-lu.orientation)) for lu in lus if (m := lire_marque(lu.text))]
        if trouves:
            return trouves
    return []


def _quart(angle: float) -> int:
    return round(angle / 90) * 90 % 360


@dataclass(slots=True)
class _Trouvee:
    source: Any
    rang: int
    rotation: int


def reconnaitre(fichiers: Iterable[tuple[str, bytes]], attendu: Marque, pages: int) -> tuple[Pile, bytes]:
    """The pages of these files against the file to sign; then the pages found, upright and in order.

    `fichiers`: (name, content), PDF or images. Both copies of a doubled page are kept, one after the other.
    PileRefusee when a file cannot be opened, or beyond PAGES_MAX pages.
    """
    import pypdfium2 as pdfium

    vues: list[PageVue] = []
    trouvees: dict[int, list[_Trouvee]] = {}
    ouverts = []
    for nom, contenu in fichiers:
        try:
            source = pdfium.PdfDocument(_en_pdf(contenu))
            nombre = len(source)
        except PileRefusee:
            raise
        except Exception as erreur:
            raise PileRefusee(
                f"« {nom} » ne se lit pas : envoyez un PDF sans mot de passe, ou des images JPEG ou PNG."
            ) from erreur
        ouverts.append(source)
        if len(vues) + nombre > PAGES_MAX:
            raise PileRefusee(f"La pile dépasse {PAGES_MAX} pages : envoyez un exemplaire à la fois.")
        for rang in range(nombre):
            vue = _regarder(source, nom, rang, attendu, pages, trouvees)
            vues.append(vue)
    manquantes = tuple(n for n in range(1, pages + 1) if n not in trouvees)
    return Pile(pages, tuple(vues), manquantes), _ranger(pdfium, trouvees)


def _regarder(
    source: Any, nom: str, rang: int, attendu: Marque, pages: int, trouvees: dict[int, list[_Trouvee]]
) -> PageVue:
    try:
        codes = _codes(source[rang])
    except Exception:  # a page that PDFium or the reader cannot draw is a page that cannot be read
        codes = []
    if not codes:
        return PageVue(nom, rang + 1, "illisible", detail="aucun code d’Arpent lisible")
    marque, rotation = codes[0]
    if len({m.texte for m, _ in codes}) > 1:
        return PageVue(nom, rang + 1, "etrangere", detail="plusieurs pages sur une même feuille")
    if (marque.contrat, marque.empreinte) != (attendu.contrat, attendu.empreinte) or marque.pages != pages:
        detail = (
            f"version {marque.version} du contrat, qui n’est pas celle à signer"
            if marque.contrat == attendu.contrat
            else "page d’un autre contrat"
        )
        return PageVue(nom, rang + 1, "etrangere", marque.page, rotation, detail)
    if not 1 <= marque.page <= pages:
        return PageVue(nom, rang + 1, "etrangere", detail="numéro de page impossible")
    deja = trouvees.setdefault(marque.page, [])
    deja.append(_Trouvee(source, rang, rotation))
    return PageVue(nom, rang + 1, "double" if len(deja) > 1 else "reconnue", marque.page, rotation)


def _ranger(pdfium: Any, trouvees: dict[int, list[_Trouvee]]) -> bytes:
    rangees = pdfium.PdfDocument.new()
    for numero in sorted(trouvees):
        for t in trouvees[numero]:
            rangees.import_pages(t.source, pages=[t.rang])
            page = rangees[len(rangees) - 1]
            page.set_rotation((page.get_rotation() + t.rotation) % 360)
    sortie = io.BytesIO()
    if len(rangees):
        rangees.save(sortie)
    return sortie.getvalue()


def intervalles(numeros: Sequence[int]) -> str:
    """« 3, 5 à 8 »: page numbers as a person says them."""
    morceaux: list[str] = []
    debut = precedent = None
    for n in [*sorted(numeros), None]:
        if precedent is not None and n == precedent + 1:
            precedent = n
            continue
        if debut is not None and precedent is not None:
            morceaux.append(str(debut) if debut == precedent else f"{debut} à {precedent}")
        debut = precedent = n
    return ", ".join(morceaux)
