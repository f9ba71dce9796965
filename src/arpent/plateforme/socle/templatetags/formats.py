"""How amounts, numbers, rates and dates are written. The rules live in `arpent.metier.argent`."""

from __future__ import annotations

from collections.abc import Sized
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString

from arpent.metier.argent import formater_euros, formater_nombre, formater_taux

register = template.Library()
Nombre = Decimal | int | float


def _decimal(x: Nombre) -> Decimal:
    """Exact Decimal of what is shown (a float goes through its shortest writing)."""
    return x if isinstance(x, Decimal) else Decimal(str(x))


@register.filter
def euros(x: Decimal | int | None) -> str:
    """12 345,67 €; a dash for an amount nobody gave."""
    return formater_euros(None if x is None else _decimal(x))


@register.filter
def euros_courts(x: Decimal | int | None) -> str:
    """12 346 €, without the cents: for headlines and charts, never for a contract."""
    return formater_euros(None if x is None else _decimal(x), centimes=False)


@register.filter
def entier(x: Nombre | None) -> str:
    """7 353."""
    return "–" if x is None else formater_nombre(_decimal(x), 0)


@register.filter
def nombre(x: Nombre | None, decimales: int = 1) -> str:
    """12,3 with the number of decimals asked for."""
    return "–" if x is None else formater_nombre(_decimal(x), int(decimales))


@register.filter
def pluralize(x: object, formes: str = "s") -> str:
    """Django's filter with the French rule: below two is singular (0 fiche, 1 fiche, 2 fiches)."""
    singulier, _, pluriel = formes.rpartition(",")
    count: Nombre = 0
    if isinstance(x, Decimal | int | float):
        count = x
    elif isinstance(x, str) and x.isdecimal():
        count = int(x)
    elif isinstance(x, Sized):
        count = len(x)
    return singulier if -2 < count < 2 else pluriel


@register.filter
def pourcent(x: Nombre | None, decimales: int = 1) -> str:
    """A rate between 0 and 1 as a percentage: 0.6 gives 60,0 %."""
    return "–" if x is None else formater_taux(_decimal(x), int(decimales))


@register.filter
def date_fr(x: date | datetime | None, forme: str = "longue") -> str:
    """12 mars 2026; `courte` gives 12/03/2026; a datetime also says its hour in `heure`."""
    if x is None:
        return "–"
    if isinstance(x, datetime) and timezone.is_aware(x):
        x = timezone.localtime(x)
    masque = {"longue": "j F Y", "courte": "d/m/Y", "heure": r"j F Y à G \h i"}[forme]
    texte = date_format(x, masque)
    return texte.replace("1 ", "1er ", 1) if x.day == 1 and forme != "courte" else texte


@register.simple_tag
def montant(x: Decimal | int | None, centimes: bool = True) -> SafeString:
    """The amount, never broken over two lines."""
    return format_html('<span class="montant">{}</span>', euros(x) if centimes else euros_courts(x))
