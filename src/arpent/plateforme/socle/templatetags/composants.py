"""The components, as template tags. Catalogue: `/composants/`; reference: docs/composants.md.

`{% load composants %}` (or the `builtins` option) brings every tag of the four modules below.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from arpent.plateforme.socle import icones
from arpent.plateforme.socle.jauges import dessiner_jauge
from arpent.plateforme.socle.pieces import Etape, Onglet, Part, Sens

from . import cartes, figures, formulaires, tableaux
from .formats import euros, euros_courts

register = template.Library()
for _module in (tableaux, formulaires, figures, cartes):
    register.tags.update(_module.register.tags)
    register.filters.update(_module.register.filters)

GENRES_BOUTON = frozenset({"secondaire", "principal", "discret", "danger"})
ICONES_ETAT = {"ok": "ok", "alerte": "alerte", "non": "non", "neutre": "neutre", "info": "info"}
ICONES_ALERTE = {"info": "info", "succes": "ok", "attention": "alerte", "refus": "non"}


def _genre(valeur: str, permis: frozenset[str] | dict[str, str], composant: str) -> str:
    """The kind, or a clear refusal for the page author."""
    if valeur not in permis:
        raise template.TemplateSyntaxError(
            f"{composant}: unknown kind {valeur!r}; use one of {', '.join(sorted(permis))}"
        )
    return valeur


def attributs(**paires: str | bool) -> SafeString:
    """HTML attributes: `True` writes the bare name, empty or `False` writes nothing, `_` becomes `-`."""
    return format_html_join(
        "",
        "{}",
        (
            (format_html(" {}", cle) if valeur is True else format_html(' {}="{}"', cle, valeur),)
            for cle, valeur in ((c.strip("_").replace("_", "-"), v) for c, v in paires.items())
            if valeur is True or valeur
        ),
    )


@register.simple_block_tag
def texte_seul(content: str) -> SafeString:
    """The content without the blanks around it: `{% texte_seul as titre %}…{% endtexte_seul %}`."""
    # Only the blanks of the source: non-breaking spaces are typography and stay. Already rendered.
    texte = re.sub(r"[ \t\r\n]+", " ", str(content)).strip(" ")
    return mark_safe(texte.replace(" :", "\u00a0:"))  # a colon never opens a line


@register.simple_tag
def icone(nom: str) -> SafeString:
    """One decorative icon."""
    return icones.dessiner(nom)


@register.simple_tag
def bouton(
    libelle: str,
    url: str = "",
    genre: str = "secondaire",
    icone: str = "",
    type: str = "submit",
    nom: str = "",
    valeur: str = "",
    desactive: bool = False,
    **autres: str | bool,
) -> SafeString:
    """A link when `url` is given, else a button. Other attributes: `hx_post="…"` writes `hx-post`."""
    classe = f"bouton {_genre(genre, GENRES_BOUTON, 'bouton')}"
    dedans = format_html("{}{}", icones.dessiner(icone) if icone else "", libelle)
    if url:
        return format_html('<a class="{}" href="{}"{}>{}</a>', classe, url, attributs(**autres), dedans)
    reste = attributs(type=type, name=nom, value=valeur, disabled=desactive, **autres)
    return format_html('<button class="{}"{}>{}</button>', classe, reste, dedans)


@register.simple_tag
def etat(genre: str, libelle: str, detail: str = "") -> SafeString:
    """A pill: icon and words, never colour alone. `genre`: ok, alerte, non, neutre, info."""
    _genre(genre, ICONES_ETAT, "etat")
    suite = format_html(' <span class="etat-detail">{}</span>', detail) if detail else ""
    dessin = icones.dessiner(ICONES_ETAT[genre])
    return format_html('<span class="etat {}">{}<span>{}{}</span></span>', genre, dessin, libelle, suite)


@register.simple_block_tag
def carte(
    content: str, titre: str = "", surtitre: str = "", niveau: int = 2, classe: str = "", id: str = ""
) -> SafeString:
    """A sheet: optional small line above, title of the level asked for, content."""
    haut = format_html('<p class="surtitre">{}</p>', surtitre) if surtitre else ""
    tete = format_html('<h{0} class="carte-titre">{1}</h{0}>', str(int(niveau)), titre) if titre else ""
    return format_html(
        '<section class="carte{}"{}>{}{}{}</section>',
        f" {classe}" if classe else "",
        attributs(id=id),
        haut,
        tete,
        content,
    )


@register.simple_block_tag
def alerte(content: str, genre: str = "info", titre: str = "", urgente: bool = False) -> SafeString:
    """A notice. `genre`: info, succes, attention, refus; `urgente` announces it at once."""
    _genre(genre, ICONES_ALERTE, "alerte")
    tete = format_html('<p class="encart-titre">{}</p>', titre) if titre else ""
    return format_html(
        '<div class="encart {}"{}>{}<div class="encart-corps">{}{}</div></div>',
        genre,
        attributs(role="alert" if urgente else ""),
        icones.dessiner(ICONES_ALERTE[genre]),
        tete,
        content,
    )


@register.inclusion_tag("socle/composants/onglets.html")
def onglets(liste: Sequence[Onglet], libelle: str = "Rubriques") -> dict[str, Any]:
    """Tabs that are links; the current one carries aria-current."""
    return {"onglets": liste, "libelle": libelle}


@register.inclusion_tag("socle/composants/etapes.html")
def etapes(liste: Sequence[Etape], sens: Sens = "vertical", libelle: str = "Étapes") -> dict[str, Any]:
    """A timeline, vertical or horizontal."""
    return {"etapes": liste, "sens": sens, "libelle": libelle}


@register.simple_tag
def jauge(
    libelle: str, total: Decimal | int, parts: Sequence[Part] = (), plein: Decimal | int | None = None,
    propose: Decimal | int | None = None, detail: str = "", unite: str = "€",
) -> SafeString:  # fmt: skip
    """A consumed envelope: `parts`, or simply `plein=` (granted) and `propose=`; what remains in words."""
    toutes = list(parts)
    if plein is not None:
        toutes.append(Part("accordé", Decimal(plein)))
    if propose is not None:
        toutes.append(Part("proposé", Decimal(propose), "propose"))
    return dessiner_jauge(libelle, Decimal(total), toutes, detail=detail, unite=unite)


@register.simple_tag
def chiffre(
    valeur: object, libelle: str, detail: str = "", source: str = "", url: str = "", genre: str = ""
) -> SafeString:
    """A key figure: the value large, its name, what to compare it with. They go in `.chiffres`."""
    nom = format_html('<a href="{}">{}</a>', url, libelle) if url else format_html("{}", libelle)
    return format_html(
        '<div class="chiffre{}"><p class="chiffre-valeur">{}</p><p class="chiffre-libelle">{}</p>{}{}</div>',
        f" {genre}" if genre else "",
        valeur,
        nom,
        format_html('<p class="chiffre-detail">{}</p>', detail) if detail else "",
        format_html('<p class="chiffre-source">{}</p>', source) if source else "",
    )


@register.simple_tag
def evolution(ancien: object, nouveau: object, format: str = "euros") -> SafeString:
    """Old → new where something changed, else the value alone. `format`: euros, euros_courts or texte."""
    ecrire = {"euros": euros, "euros_courts": euros_courts}.get(format, str)
    if ancien == nouveau or ancien is None:
        return format_html('<span class="montant">{}</span>', ecrire(nouveau))  # type: ignore[arg-type]
    return format_html(
        '<span class="evolution"><del><span class="invisible">avant : </span>{}</del> '
        '<ins><span class="invisible">maintenant : </span>{}</ins></span>',
        ecrire(ancien),  # type: ignore[arg-type]
        ecrire(nouveau),  # type: ignore[arg-type]
    )


@register.simple_tag
def source(source: str, annee: str | int = "", unite: str = "", url: str = "", note: str = "") -> SafeString:
    """Unit, year and source of a figure, on demand; opens without JavaScript."""
    lignes = (("Unité", unite), ("Année", str(annee)), ("Source", source), ("Note", note))
    corps = format_html_join("", "<dt>{}</dt><dd>{}</dd>", ((t, v) for t, v in lignes if v))
    lien = format_html('<p><a href="{}" rel="external">Voir la source</a></p>', url) if url else ""
    return format_html(
        '<details class="source"><summary><span aria-hidden="true">?</span>'
        '<span class="invisible">Unité, année et source</span></summary>'
        '<div class="source-volet"><dl>{}</dl>{}</div></details>',
        corps,
        lien,
    )


@register.simple_tag
def valeur_demo(detail: str = "") -> SafeString:
    """The mark of a figure that is not a real policy."""
    return format_html(
        '<span class="demo">valeur de démonstration{}</span>', f"\u00a0: {detail}" if detail else ""
    )


@register.simple_tag
def ariane(*miettes: str) -> SafeString:
    """Breadcrumb: label, url, label, url…, then the current page (last label, without url)."""
    couples = [miettes[i : i + 2] for i in range(0, len(miettes), 2)]
    items = format_html_join(
        "",
        "{}",
        (
            (
                format_html('<li><a href="{}">{}</a></li>', c[1], c[0])
                if len(c) == 2
                else format_html('<li aria-current="page">{}</li>', c[0]),
            )
            for c in couples
        ),
    )
    return format_html('<nav class="ariane" aria-label="Vous êtes ici"><ol>{}</ol></nav>', items)


@register.simple_tag
def etat_vide(titre: str, texte: str = "", url: str = "", action: str = "", niveau: int = 2) -> SafeString:
    """Nothing here yet: what it is, what to do first, the link to do it."""
    return format_html(
        '<div class="vide"><svg class="vide-dessin" viewBox="0 0 96 48" aria-hidden="true">'
        '<path d="M6 40L26 10l56 8-10 24zM26 10l46 32"/><g><circle cx="6" cy="40" r="3"/>'
        '<circle cx="26" cy="10" r="3"/><circle cx="82" cy="18" r="3"/>'
        '<circle cx="72" cy="42" r="3"/></g></svg>'
        "<h{0}>{1}</h{0}>{2}{3}</div>",
        str(int(niveau)),
        titre,
        format_html("<p>{}</p>", texte) if texte else "",
        bouton(action, url=url, genre="principal") if url and action else "",
    )


@register.simple_block_tag
def dialogue(content: str, id: str, titre: str) -> SafeString:
    """A dialog opened by `bouton_dialogue` with the same id; Escape or a click outside closes it."""
    return format_html(
        '<dialog class="dialogue" popover id="{0}" aria-labelledby="{0}-titre"><header class="dialogue-tete">'
        '<h2 id="{0}-titre">{1}</h2><button class="bouton discret" type="button" popovertarget="{0}" '
        'popovertargetaction="hide">{2}<span class="invisible">Fermer</span></button></header>'
        '<div class="dialogue-corps">{3}</div></dialog>',
        id,
        titre,
        icones.dessiner("non"),
        content,
    )


@register.simple_tag
def bouton_dialogue(libelle: str, id: str, genre: str = "secondaire", icone: str = "") -> SafeString:
    """The button that opens the dialog `id`."""
    return bouton(libelle, genre=genre, icone=icone, type="button", popovertarget=id, aria_haspopup="dialog")
