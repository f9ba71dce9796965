"""The gauge: how much of an envelope is granted, proposed, left; drawn in SVG and said in words."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from zlib import crc32

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from arpent.metier.argent import formater_euros, formater_nombre

from .pieces import Part

CENT = Decimal(100)


def _ecrire(x: Decimal, unite: str) -> str:
    """Amounts without cents unless they carry some; other units after a non-breaking space."""
    if unite == "€":
        return formater_euros(x, centimes=x != x.to_integral_value())
    return f"{formater_nombre(x, 0 if x == x.to_integral_value() else 1)}\u00a0{unite}".rstrip()


def _pourcents(valeurs: Sequence[Decimal], plein: Decimal) -> list[tuple[Decimal, Decimal]]:
    """Start and width of each part in per cent of the rail, to two decimals."""
    depart, bandes = Decimal(0), []
    for valeur in valeurs:
        largeur = (max(valeur, Decimal(0)) * CENT / plein).quantize(Decimal("0.01")) if plein else Decimal(0)
        bandes.append((depart, largeur))
        depart += largeur
    return bandes


def dessiner_jauge(
    libelle: str, total: Decimal, parts: Sequence[Part], *, detail: str = "", unite: str = "€"
) -> SafeString:
    """A row of words over a rail; a tick marks the total when it is exceeded."""
    somme = sum((max(p.valeur, Decimal(0)) for p in parts), Decimal(0))
    plein, reste = max(total, somme), total - somme
    motif = f"j{crc32(f'{libelle}{total}{parts}'.encode()):x}"
    bandes = _pourcents([p.valeur for p in parts], plein)
    rects = format_html_join(
        "",
        '<rect class="jauge-part {}" x="{}%" width="{}%" height="14"/>{}',
        (
            (
                part.genre,
                depart,
                largeur,
                format_html('<rect x="{}%" width="{}%" height="14" fill="url(#{})"/>', depart, largeur, motif)
                if part.genre == "propose"
                else "",
            )
            for part, (depart, largeur) in zip(parts, bandes, strict=True)
        ),
    )
    repere = format_html(
        '<line class="jauge-repere" x1="{0}%" x2="{0}%" y1="0" y2="14"/>',
        (total * CENT / plein).quantize(Decimal("0.01")) if plein else 0,
    )
    legende = format_html_join(
        "",
        '<li><span class="puce {}" aria-hidden="true"></span>{} <strong>{}</strong></li>',
        ((p.genre, p.libelle, _ecrire(p.valeur, unite)) for p in parts),
    )
    solde = ("dépassement", -reste) if reste < 0 else ("reste", reste)
    return format_html(
        '<div class="jauge{}"><div class="jauge-tete"><span class="jauge-libelle">{}</span>'
        '<span class="jauge-total">{}</span></div>'
        '<svg class="jauge-rail" width="100%" height="14" aria-hidden="true"><defs>'
        '<pattern id="{}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path class="jauge-hachure" d="M0 0v6"/></pattern></defs>'
        '<rect class="jauge-fond" width="100%" height="14"/>{}{}</svg>'
        '<ul class="jauge-legende">{}<li class="jauge-solde">{} <strong>{}</strong></li></ul>{}</div>',
        " depassee" if reste < 0 else "",
        libelle,
        _ecrire(total, unite),
        motif,
        rects,
        repere if reste < 0 else "",
        legende,
        solde[0],
        _ecrire(solde[1], unite),
        format_html('<p class="jauge-detail">{}</p>', detail) if detail else "",
    )
