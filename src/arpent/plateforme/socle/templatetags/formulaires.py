"""Form fields in the house look. BoundField ties help and errors to the control (aria-describedby)."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


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
