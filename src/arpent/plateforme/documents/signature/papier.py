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


def _image_du_code(texte: str) -> Any:
    import segno
    from PIL import Image

    tampon = io.BytesIO()
    segno.make(texte, error="q", micro=False).save(tampon, kind="png", scale=6, border=2)
    return Image.open(tampon).convert("L")


def marquer(pdf: bytes, marque: Marque, mention: str) -> bytes:
    """A copy to print: each page carries its code and, beside it, the same in words after `mention`."""
    import pypdfium2 as pdfium
    import pypdfium2.raw as natif

    document = pdfium.PdfDocument(pdf)
    total = len(document)
    police = natif.FPDFText_LoadStandardFont(document, b"Helvetica")
    for rang in range(total):
        page = document[rang]
        _, bas, droite, _ = page.get_cropbox()
        code = Marque(marque.contrat, marque.version, rang + 1, total, marque.empreinte)
        image = pdfium.PdfImage.new(document)
        image.set_bitmap(pdfium.PdfBitmap.from_pil(_image_du_code(code.texte)))
        gauche, pied = droite - MARGE - COTE_CODE, bas + MARGE
        image.set_matrix(pdfium.PdfMatrix().scale(COTE_CODE, COTE_CODE).translate(gauche, pied))
        page.insert_obj(image)
        texte = f"{mention} - page {rang + 1}/{total} - {marque.empreinte[:8].lower()}"
        objet = natif.FPDFPageObj_CreateTextObj(document, police, 6.5)
        lettres = (texte + "\0").encode("utf-16-le")
        natif.FPDFText_SetText(objet, _large(natif, lettres))
        natif.FPDFPageObj_Transform(objet, 1, 0, 0, 1, gauche - 4 - 3.1 * len(texte), pied + 3)
        natif.FPDFPage_InsertObject(page, objet)
        page.gen_content()
    sortie = io.BytesIO()
    document.save(sortie)
    document.close()
    return sortie.getvalue()


def _large(natif: Any, lettres: bytes) -> Any:
    import ctypes

    return ctypes.cast(ctypes.create_string_buffer(lettres), natif.FPDF_WIDESTRING)


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
