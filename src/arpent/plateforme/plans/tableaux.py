"""The table of a list of fiches: its rows and its foot.

Rows are written in Python, not by the template language: it is what a list of fifty lines spends its time on.
`html.escape` is what Django's own calls, without an object around each text.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from html import escape

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.plateforme.socle.icones import dessiner_une_fois

from .colonnes import Colonne
from .listes import LigneListe, Totaux


@lru_cache(maxsize=1024)
def _adresse(slug: str) -> str:
    """Address of the fiches of a démarche without the number: resolving fifty of them a page is slow."""
    return reverse("plans:fiche", args=[slug, 0]).removesuffix("0/")


def adresse_fiche(slug: str, numero: int) -> str:
    return f"{_adresse(slug)}{numero}/"


def _titre(fiche: LigneListe, *, marquer: bool, ici: str) -> str:
    url = adresse_fiche(fiche.slug, fiche.numero).removeprefix(ici)
    demo = ' <span class="demo">démonstration</span>' if marquer and fiche.demonstration else ""
    return f'<th scope="row"><a href="{url}">{escape(fiche.titre)}</a>{demo}</th>'


def _case(fiche: LigneListe, ici: str) -> str:
    """The box that ticks a row for a gesture on several fiches; in its own plan, a number names it."""
    ou = "" if ici else f", {escape(fiche.territoire)}"
    return (
        f'<td><input type="checkbox" name="n" value="{fiche.pk}" form="lot" '
        f'aria-label="Fiche {fiche.numero}{ou}"></td>'
    )


def toutes_de_demonstration(fiches: Sequence[LigneListe]) -> bool:
    """True when every row carries demonstration values: said once above the table, not on each row."""
    return bool(fiches) and all(f.demonstration for f in fiches)


def corps(
    fiches: Sequence[LigneListe], colonnes: Sequence[Colonne], *, cases: bool = False, ici: str = ""
) -> SafeString:
    """The rows of the table, with boxes to tick when asked. Every text is escaped here. No query.

    `ici`: address of the plan they all belong to; links are then written from there, fifty times shorter.
    """
    marquer = not toutes_de_demonstration(fiches)
    lignes = (
        "<tr>"
        + (_case(f, ici) if cases else "")
        + "".join(
            _titre(f, marquer=marquer, ici=ici) if c.code == "titre" else c.cellule(f) for c in colonnes
        )
        + "</tr>"
        for f in fiches
    )
    # HTML ends a cell where the next one starts: fifty rows are three kilobytes lighter.
    html = "".join(lignes).replace("</td><", "<")
    return mark_safe(dessiner_une_fois(html))  # escaped cell by cell above


def toutes_les_sommes(totaux: Totaux, sommes: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """The totals of a list by column: the three it always has and those of the chosen columns."""
    return {"cout": totaux.cout, "acquis": totaux.acquis, "aide": totaux.aide, **sommes}


def pied(
    colonnes: Sequence[Colonne], nombre: int, sommes: Mapping[str, Decimal], *, cases: bool = False
) -> SafeString:
    """The row of totals, under the amount columns that are shown."""
    avant = next((i for i, c in enumerate(colonnes) if c.code in sommes), len(colonnes))
    cellules = [
        f'<td class="n" data-libelle="{escape(c.intitule)}">{escape(formater_euros(sommes[c.code]))}</td>'
        if c.code in sommes
        else "<td></td>"
        for c in colonnes[avant:]
    ]
    tete = f'<th scope="row" colspan="{avant + cases}">Total de {formater_nombre(nombre)} fiches</th>'
    return mark_safe(f"<tr>{tete}{''.join(cellules)}</tr>")  # numbers only
