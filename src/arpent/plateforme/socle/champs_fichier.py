"""A file of a form, and the answer that hands a kept file out."""

from __future__ import annotations

from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404, HttpResponse

from arpent.metier.argent import formater_nombre


class FichierField(forms.FileField):
    """A file to keep: refused by its size before it is read."""

    def validate(self, value: Any) -> None:
        super().validate(value)
        if value and value.size > settings.ARPENT_TAILLE_MAX_FICHIER:
            limite = formater_nombre(settings.ARPENT_TAILLE_MAX_FICHIER // 1024**2)
            raise ValidationError(f"Le fichier dépasse {limite} Mo : réduisez-le, ou découpez-le.")


def servir(fichier: FieldFile, nom: str, type_mime: str, *, montrer: bool = False) -> HttpResponse:
    """A kept file, to save under `nom`; only a picture may be shown (`montrer`). Http404 when it is gone."""
    montre = montrer and type_mime.startswith("image/")
    try:
        flux = fichier.open("rb")
    except (FileNotFoundError, ValueError):
        raise Http404("Le fichier n’est plus dans le dépôt : prévenez l’administrateur.") from None
    reponse = FileResponse(flux, as_attachment=not montre, filename=nom, content_type=type_mime)
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["Cache-Control"] = "private, max-age=3600"
    return cast(HttpResponse, reponse)
