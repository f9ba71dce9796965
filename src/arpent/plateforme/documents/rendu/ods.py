"""A list as an OpenDocument spreadsheet, written in one pass: no library keeps a tree of a million cells.

A text is a text cell whatever its first character; an amount carries its cents; totals are live formulas with
their value. OpenDocument 1.3, part 3.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from ..donnees import Cellule, ColonneDoc, GenreColonne
from .classeur import lettre_de
from .texte import jour, propre

MIME = "application/vnd.oasis.opendocument.spreadsheet"
ESPACES = " ".join(
    f'xmlns:{nom}="urn:oasis:names:tc:opendocument:xmlns:{chemin}:1.0"'
    for nom, chemin in (
        ("office", "office"), ("table", "table"), ("text", "text"), ("style", "style"),
        ("fo", "xsl-fo-compatible"), ("number", "datastyle"), ("meta", "meta"),
    )
)  # fmt: skip
ESPACES += ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
ESPACES += ' xmlns:of="urn:oasis:names:tc:opendocument:xmlns:of:1.2"'
_LARGEURS: dict[GenreColonne, str] = {
    "texte": "5.5cm",
    "montant": "3.6cm",
    "entier": "2cm",
    "decimal": "2.4cm",
    "date": "2.6cm",
    "taux": "2cm",
}
_STYLES: dict[GenreColonne, str] = {
    "texte": "texte",
    "montant": "euros",
    "entier": "entier",
    "decimal": "decimal",
    "date": "jour",
    "taux": "taux",
}
_FORMATS = """
<number:number-style style:name="n-euros"><number:number number:decimal-places="2" number:min-decimal-places="2" number:min-integer-digits="1" number:grouping="true"/><number:text>\u00a0€</number:text></number:number-style>
<number:number-style style:name="n-entier"><number:number number:decimal-places="0" number:min-integer-digits="1"/></number:number-style>
<number:number-style style:name="n-decimal"><number:number number:decimal-places="1" number:min-integer-digits="1"/></number:number-style>
<number:percentage-style style:name="n-taux"><number:number number:decimal-places="1" number:min-integer-digits="1"/><number:text>%</number:text></number:percentage-style>
<number:date-style style:name="n-jour"><number:day number:style="long"/><number:text>/</number:text><number:month number:style="long"/><number:text>/</number:text><number:year number:style="long"/></number:date-style>
"""  # noqa: E501 (one style a line)


def _style(nom: str, *, format_: str = "", gras: bool = False, renvoi: bool = False, taille: int = 10) -> str:
    donnees = f' style:data-style-name="n-{format_}"' if format_ else ""
    poids = ' fo:font-weight="bold"' if gras else ""
    coupe = ' fo:wrap-option="wrap"' if renvoi else ""
    cellule = f'<style:table-cell-properties style:vertical-align="top"{coupe}/>'
    return (
        f'<style:style style:name="{nom}" style:family="table-cell"{donnees}>{cellule}'
        f'<style:text-properties fo:font-size="{taille}pt"{poids}/></style:style>'
    )


def styles(en_plus: str = "") -> str:
    cellules = [
        _style("titre", gras=True, taille=16),
        _style("entete", gras=True, renvoi=True),
        _style("texte", renvoi=True),
        _style("total", gras=True),
    ]
    for nom in ("euros", "entier", "decimal", "jour", "taux"):
        cellules += [_style(nom, format_=nom), _style(f"total-{nom}", format_=nom, gras=True)]
    colonnes = [
        f'<style:style style:name="c-{genre}" style:family="table-column">'
        f'<style:table-column-properties style:column-width="{largeur}"/></style:style>'
        for genre, largeur in _LARGEURS.items()
    ]
    dedans = "".join([_FORMATS, *colonnes, *cellules, en_plus])
    return f"<office:automatic-styles>{dedans}</office:automatic-styles>"


def _paragraphes(texte: str) -> str:
    """One paragraph a line; runs of blanks kept."""
    lignes = []
    for ligne in texte.split("\n"):
        dedans = escape(ligne)
        while "  " in dedans:
            dedans = dedans.replace("  ", " <text:s/>", 1)
        lignes.append(f"<text:p>{dedans}</text:p>")
    return "".join(lignes)


def cellule_texte(texte: str, style: str) -> str:
    if not (propre_ := propre(texte)):
        return f'<table:table-cell table:style-name="{style}"/>'
    return (
        f'<table:table-cell table:style-name="{style}" office:value-type="string">'
        f"{_paragraphes(propre_)}</table:table-cell>"
    )


def _cellule(valeur: Cellule, genre: GenreColonne) -> str:
    style = _STYLES[genre]
    match valeur:
        case Decimal() | int():
            return (
                f'<table:table-cell table:style-name="{style}" office:value-type="float" '
                f'office:value="{valeur:f}"/>'
            )
        case date():
            return (
                f'<table:table-cell table:style-name="{style}" office:value-type="date" '
                f'office:date-value="{valeur.isoformat()}"/>'
            )
        case _:
            return cellule_texte(valeur or "", style)


def _total(genre: GenreColonne, lettre: str, premiere: int, derniere: int, valeur: Decimal | int) -> str:
    formule = f"of:=SUBTOTAL(109;[.{lettre}{premiere}:.{lettre}{derniere}])"
    return (
        f'<table:table-cell table:style-name="total-{_STYLES[genre]}" table:formula={quoteattr(formule)} '
        f'office:value-type="float" office:value="{valeur:f}"/>'
    )


def _rangees(
    titre: str,
    sous_titre: str,
    colonnes: Sequence[ColonneDoc],
    lignes: Sequence[Mapping[str, Cellule]],
    totaux: Mapping[str, Decimal | int],
    mentions: Sequence[str],
) -> Iterator[str]:
    yield cellule_texte(titre, "titre")
    yield cellule_texte(sous_titre, "texte")
    for mention in mentions:
        yield cellule_texte(mention, "total")
    yield cellule_texte("", "texte")
    yield "".join(cellule_texte(c.libelle, "entete") for c in colonnes)
    for ligne in lignes:
        yield "".join(_cellule(ligne.get(c.code), c.genre) for c in colonnes)
    if totaux and lignes:
        premiere = 5 + len(mentions)
        derniere = premiere + len(lignes) - 1
        yield "".join(
            _total(c.genre, lettre_de(rang), premiere, derniere, totaux[c.code])
            if c.code in totaux
            else cellule_texte("Total" if rang == 0 else "", "total")
            for rang, c in enumerate(colonnes)
        )


def rendre_tableau_ods(
    titre: str,
    colonnes: Sequence[ColonneDoc],
    lignes: Sequence[Mapping[str, Cellule]],
    totaux: Mapping[str, Decimal | int] | None = None,
    mentions: Sequence[str] = (),
    *,
    etabli_le: date,
    auteur: str = "",
) -> bytes:
    """The same list as `rendre_tableau_xlsx`, for LibreOffice: columns in order, totals, mentions."""
    rangees = _rangees(titre, f"Établi le {jour(etabli_le)}", colonnes, lignes, totaux or {}, mentions)
    largeurs = "".join(f'<table:table-column table:style-name="c-{c.genre}"/>' for c in colonnes)
    corps = "".join(f"<table:table-row>{rangee}</table:table-row>" for rangee in rangees)
    return empaqueter(
        titre, auteur, etabli_le, f'<table:table table:name="Liste">{largeurs}{corps}</table:table>'
    )


def empaqueter(titre: str, auteur: str, etabli_le: date, tables: str, en_plus: str = "") -> bytes:
    """The file around its tables; `en_plus`: automatic styles of one's own."""
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:

        def ajouter(nom: str, contenu: str | bytes, *, nu: bool = False) -> None:
            # A fixed date: the same data give the same bytes.
            info = zipfile.ZipInfo(nom, (etabli_le.year, etabli_le.month, etabli_le.day, 0, 0, 0))
            info.compress_type = zipfile.ZIP_STORED if nu else zipfile.ZIP_DEFLATED
            archive.writestr(info, contenu)

        ajouter("mimetype", MIME, nu=True)
        ajouter("META-INF/manifest.xml", _MANIFESTE)
        ajouter("meta.xml", _meta(titre, auteur))
        ajouter(
            "content.xml",
            f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {ESPACES} office:version="1.3">'
            f"{styles(en_plus)}<office:body><office:spreadsheet>{tables}"
            "</office:spreadsheet></office:body></office:document-content>",
        )
    return tampon.getvalue()


_MANIFESTE = (
    '<?xml version="1.0" encoding="UTF-8"?>'
    '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" '
    'manifest:version="1.3">'
    f'<manifest:file-entry manifest:full-path="/" manifest:version="1.3" manifest:media-type="{MIME}"/>'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
    '<manifest:file-entry manifest:full-path="meta.xml" manifest:media-type="text/xml"/>'
    "</manifest:manifest>"
)


def _meta(titre: str, auteur: str) -> str:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-meta {ESPACES} office:version="1.3">'
        f"<office:meta><dc:title>{escape(propre(titre))}</dc:title>"
        f"<dc:creator>{escape(propre(auteur))}</dc:creator></office:meta></office:document-meta>"
    )
