"""Form fields in the house look. BoundField ties help and errors to the control (aria-describedby)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from html import escape
from typing import Any, Protocol

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


class Option(Protocol):
    """One line of a list of choices."""

    @property
    def valeur(self) -> str: ...

    @property
    def libelle(self) -> str: ...

    @property
    def choisi(self) -> bool: ...


@register.simple_tag
def soumission() -> SafeString:
    """Hidden key of one showing of a form: sent twice, the form has one effect (see `socle.soumission`)."""
    return format_html('<input type="hidden" name="_soumission" value="{}">', secrets.token_urlsafe(12))


@register.inclusion_tag("socle/composants/champ.html")
def champ(bound: BoundField, classe: str = "", unite: str = "") -> dict[str, Any]:
    """Label, help, errors and control of one field. `unite` is written beside the control ("€", "ha")."""
    widget = bound.field.widget
    return {
        "champ": bound,
        "classe": classe,
        "unite": unite,
        "groupe": bound.use_fieldset,
        "case": isinstance(widget, forms.CheckboxInput),
        "cache": bound.is_hidden,
    }


@register.simple_tag
def filtre_choix(
    nom: str, libelle: str, choix: Iterable[Option], tous: str = "tous", etroit: bool = False
) -> SafeString:
    """A list of choices of a filter form, its first line being “no filter”.

    In Python: a list has ten of them, and fifty options cost the template language as much as the rows.
    """
    options = "".join(
        f'<option value="{escape(c.valeur)}"{" selected" if c.choisi else ""}>{escape(c.libelle)}</option>'
        for c in choix
    )
    return format_html(
        '<p class="champ{}"><label for="f-{}">{}</label><select id="f-{}" name="{}">'
        '<option value="">{}</option>{}</select></p>',
        " etroit" if etroit else "",
        nom,
        libelle,
        nom,
        nom,
        tous,
        mark_safe(options),  # escaped above
    )


@register.inclusion_tag("socle/composants/resume_erreurs.html")
def resume_erreurs(*formulaires: forms.BaseForm | forms.BaseFormSet[Any]) -> dict[str, Any]:
    """What is to be corrected, at the top of the page, each line a link to its field."""
    lignes: list[tuple[str, str, str]] = []
    for formulaire in formulaires:
        if isinstance(formulaire, forms.BaseFormSet):
            lignes += [("", "", str(e)) for e in formulaire.non_form_errors()]
            for sous_formulaire in formulaire.forms:
                lignes += _erreurs(sous_formulaire)
        else:
            lignes += _erreurs(formulaire)
    return {"lignes": lignes}


def _erreurs(formulaire: forms.BaseForm) -> list[tuple[str, str, str]]:
    """(anchor, label, message) for each error; errors of the whole form have no anchor."""
    if not formulaire.is_bound:
        return []
    lignes = [("", "", str(e)) for e in formulaire.non_field_errors()]
    for bound in formulaire:
        lignes += [(bound.id_for_label or bound.auto_id, str(bound.label), str(e)) for e in bound.errors]
    return lignes
