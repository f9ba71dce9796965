"""Tables: wrapper with its caption, sortable headers, pagination."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.template import Context
from django.utils.html import format_html
from django.utils.safestring import SafeString

from arpent.plateforme.socle import icones
from arpent.plateforme.socle.pieces import PageDeListe

register = template.Library()


def _requete(context: Context) -> QueryDict:
    """A mutable copy of the query string; empty when the page is rendered without a request."""
    request = context.get("request")
    return request.GET.copy() if request is not None else QueryDict(mutable=True)


@register.simple_block_tag
def tableau(
    content: str, legende: str, classe: str = "", id: str = "", legende_visible: bool = True
) -> SafeString:
    """`<table>` with caption in its frame. `classe`: `large` (scrolls), `serre`, `fiches` (cards on a phone).

    The content is the thead, tbody and tfoot. Each td carries `data-libelle` (its column, for phones);
    class `n` on th and td for numbers.
    """
    return format_html(
        '<div class="tableau {0}"{1}><table{2}><caption{3}>{4}</caption>{5}</table></div>',
        classe,
        format_html(' role="region" tabindex="0" aria-label="{}"', legende)
        if "large" in classe.split()
        else "",
        format_html(' id="{}"', id) if id else "",
        "" if legende_visible else format_html(' class="{}"', "invisible"),
        legende,
        content,
    )


@register.simple_tag(takes_context=True)
def entete_tri(
    context: Context, libelle: str, champ: str, classe: str = "", parametre: str = "tri"
) -> SafeString:
    """A sortable header: `?tri=champ` or `?tri=-champ`; filters are kept, the page number is dropped."""
    requete = _requete(context)
    actuel = requete.get(parametre, "")
    sens = {champ: "ascending", f"-{champ}": "descending"}.get(actuel, "none")
    requete[parametre] = f"-{champ}" if actuel == champ else champ
    requete.pop("page", None)
    icone = {"ascending": "tri_haut", "descending": "tri_bas", "none": "tri"}[sens]
    return format_html(
        '<th scope="col" class="tri {}" aria-sort="{}"><a href="?{}">{}{}</a></th>',
        classe,
        sens,
        requete.urlencode(),
        libelle,
        icones.dessiner(icone),
    )


@register.simple_tag(takes_context=True)
def requete_avec(context: Context, **changements: object) -> str:
    """`?…` with some parameters changed (None removes one): links that keep the filters of the page."""
    requete = _requete(context)
    for cle, valeur in changements.items():
        if valeur is None or valeur == "":
            requete.pop(cle, None)
        else:
            requete[cle] = str(valeur)
    return f"?{requete.urlencode()}"


def _numeros(courant: int, dernier: int) -> list[int | None]:
    """First, last, and two around the current page; None stands for a gap."""
    garde = sorted({1, dernier, *range(max(1, courant - 1), min(dernier, courant + 1) + 1)})
    numeros: list[int | None] = []
    for numero in garde:
        precedent = numeros[-1] if numeros else 0
        if precedent is not None and numero - precedent > 1:
            numeros.append(None)
        numeros.append(numero)
    return numeros


@register.inclusion_tag("socle/composants/pagination.html", takes_context=True)
def pagination(
    context: Context, page: PageDeListe, parametre: str = "page", libelle: str = "Pages"
) -> dict[str, Any]:
    """Links to the pages, filters kept. Renders nothing when there is a single page."""

    def url(numero: int) -> str:
        return requete_avec(context, **{parametre: numero})

    courant, dernier = page.number, page.paginator.num_pages
    return {
        "libelle": libelle,
        "utile": dernier > 1,
        "total": page.paginator.count,
        "precedente": url(courant - 1) if courant > 1 else "",
        "suivante": url(courant + 1) if courant < dernier else "",
        "pages": [(n, url(n) if n else "", n == courant) for n in _numeros(courant, dernier)],
    }
