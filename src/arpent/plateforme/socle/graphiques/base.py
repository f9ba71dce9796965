"""What all charts share: the Figure, escaping, numbers, scales, legend."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from html import escape
from zlib import crc32

from .couleurs import STYLE_AUTONOME

Nombre = int | float | Decimal
Ecrire = Callable[[Nombre], str]
SERIES = 6
_HORS_XML = re.compile(r"[\x00-\x09\x0b-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Figure:
    """A chart. `titre` states the finding; `entetes` and `lignes` are its table, already written."""

    titre: str
    description: str
    svg: str
    entetes: tuple[str, ...]
    lignes: tuple[tuple[str, ...], ...]

    def svg_autonome(self, largeur: int = 720) -> str:
        """The same drawing as a file of its own, in the light colours, `largeur` pixels wide."""
        tete = f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}"'
        return self.svg.replace('<svg width="100%"', tete, 1).replace(
            "</desc>", f"</desc>{STYLE_AUTONOME}", 1
        )

    def svg_complet(self, largeur: int = 720, source: str = "") -> str:
        """The drawing as one image that says what it is: title above, source below, white ground."""
        return encadrer(self.titre, self.svg_autonome(largeur), largeur, source)

    def csv(self) -> str:
        """The table as text: semicolons, quotes, formula signs made harmless; add a BOM when sending."""
        lignes = (self.entetes, *self.lignes)
        return "\r\n".join(";".join(_cellule_csv(c) for c in ligne) for ligne in lignes) + "\r\n"


def _cellule_csv(texte: str) -> str:
    """One quoted cell. A leading = + @ tab, or a minus that opens no number, gets an apostrophe."""
    formule = texte[:1] in ("=", "+", "@", "\t", "\r") or (texte[:1] == "-" and not texte[1:2].isdigit())
    return '"' + ("'" if formule else "") + texte.replace('"', '""') + '"'


def texte(x: object) -> str:
    """Escaped text for SVG; the characters that XML refuses (controls, half surrogates…) are dropped."""
    return escape(_HORS_XML.sub("", str(x)), quote=True)


def pos(x: float) -> str:
    """A coordinate: at most two decimals, no trailing zero."""
    return f"{x:.2f}".rstrip("0").rstrip(".")


def pc(x: float) -> str:
    """A percentage of the width."""
    return f"{pos(x)}%"


def ecrire_nombre(x: Nombre) -> str:
    """Default way of writing a value: thousands apart, one decimal at most, decimal comma."""
    brut = f"{float(x):,.1f}".removesuffix(".0")
    return brut.replace(",", "\u202f").replace(".", ",").replace("-", "−")


def fini(x: Nombre) -> float:
    """The value as a float; refuses what cannot be drawn."""
    y = float(x)
    if not math.isfinite(y):
        raise ValueError("Une valeur du graphique n’est pas un nombre fini.")
    return y


def graduations(maximum: float, minimum: float = 0.0, nombre: int = 4) -> list[float]:
    """Round tick values covering [minimum, maximum]: steps of 1, 2, 2.5 or 5 × 10^n."""
    etendue = maximum - minimum
    if etendue <= 0:
        return [minimum, minimum + 1]
    brut = etendue / nombre
    ordre: float = 10.0 ** math.floor(math.log10(brut))
    pas = next(p * ordre for p in (1, 2, 2.5, 5, 10) if p * ordre >= brut * 0.999)
    debut, fin = math.floor(minimum / pas), math.ceil(maximum / pas - 1e-9)
    return [k * pas for k in range(debut, fin + 1)]


def couper(libelle: str, maximum: int) -> str:
    """A label cut at `maximum` characters; the whole one stays in the table and in the tooltip."""
    return libelle if len(libelle) <= maximum else libelle[: maximum - 1].rstrip(" ,’-") + "…"


def serie(rang: int) -> int:
    """Number of the colour of the nth series, from 1 to SERIES."""
    return rang % SERIES + 1


def identifiant(*parties: object) -> str:
    """A stable id for the parts of one drawing."""
    return f"g{crc32(repr(parties).encode()):x}"


def hachure(ident: str) -> str:
    """A pattern laid over every second series, so that colour is never alone."""
    return (
        f'<defs><pattern id="{ident}" width="7" height="7" patternUnits="userSpaceOnUse" '
        'patternTransform="rotate(45)"><path class="motif" d="M0 0v7"/></pattern></defs>'
    )


def toile(titre: str, description: str, hauteur: float, contenu: str) -> str:
    """The SVG around the marks: as wide as its place, `hauteur` pixels high, titled and described."""
    ident = identifiant(titre, description, hauteur, len(contenu))
    return (
        f'<svg width="100%" height="{pos(hauteur)}" class="graphique" role="img" '
        f'aria-labelledby="{ident}t {ident}d"><title id="{ident}t">{texte(titre)}</title>'
        f'<desc id="{ident}d">{texte(description)}</desc>{contenu}</svg>'
    )


MARGE = 16.0
INTERLIGNE_TITRE, INTERLIGNE_SOURCE = 24.0, 17.0


def plier(phrase: str, signes: int) -> list[str]:
    """The phrase over several lines of at most `signes` characters (a longer word stays whole)."""
    lignes = [""]
    for mot in phrase.split(" "):
        if lignes[-1] and len(lignes[-1]) + 1 + len(mot) > signes:
            lignes.append("")
        lignes[-1] = f"{lignes[-1]} {mot}".strip()
    return lignes


def encadrer(titre: str, svg: str, largeur: int, source: str) -> str:
    """A self-contained SVG laid under its title and over its source."""
    titres, sources = plier(titre, int(largeur / 9.2)), plier(source, int(largeur / 6.4)) if source else []
    trouvee = re.search(r'height="([\d.]+)"', svg)
    hauteur = float(trouvee[1]) if trouvee else 0.0
    haut = MARGE + len(titres) * INTERLIGNE_TITRE + 10
    pied = haut + hauteur + 24
    total = haut + hauteur + 14 + len(sources) * INTERLIGNE_SOURCE + MARGE / 2
    dessin = "".join(
        f'<text class="titre-figure" x="{pos(MARGE)}" y="{pos(MARGE + 16 + i * INTERLIGNE_TITRE)}">'
        f"{texte(ligne)}</text>"
        for i, ligne in enumerate(titres)
    ) + "".join(
        f'<text class="source-figure" x="{pos(MARGE)}" y="{pos(pied + i * INTERLIGNE_SOURCE)}">'
        f"{texte(ligne)}</text>"
        for i, ligne in enumerate(sources)
    )
    dedans = svg.replace(
        f'width="{largeur}"', f'x="{pos(MARGE)}" y="{pos(haut)}" width="{pos(largeur - 2 * MARGE)}"', 1
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{largeur}" height="{pos(total)}">'
        f'<rect width="100%" height="100%" fill="#fff"/>{dessin}{dedans}</svg>'
    )


def legende(libelles: Sequence[str], y: float, trait: bool = False, motif: str = "") -> tuple[str, float]:
    """Legend, two names a line so that it holds on a phone; gives its text and the height it takes."""
    dessin = []
    for rang, libelle in enumerate(libelles):
        x, haut = ("0%", "50%")[rang % 2], y + (rang // 2) * 22
        marque = f'<svg x="{x}" y="{pos(haut)}" width="22" height="14" aria-hidden="true">'
        if trait:
            marque += f'<path class="courbe c{serie(rang)}" d="M0 7h20"/></svg>'
        else:
            marque += f'<rect class="s{serie(rang)}" width="14" height="14"/>'
            marque += (
                f'<rect width="14" height="14" fill="url(#{motif})"/></svg>'
                if motif and rang % 2
                else "</svg>"
            )
        dessin.append(
            f'{marque}<text x="{x}" dx="26" y="{pos(haut + 12)}">{texte(couper(libelle, 24))}</text>'
        )
    return "".join(dessin), 22.0 * math.ceil(len(libelles) / 2)
