"""The signed file of an act: kept beside its row, given back as it came."""

from __future__ import annotations

from typing import cast

from django.http import FileResponse, Http404, HttpResponse

from arpent.plateforme.socle.envois import Envoi, recevoir

from .models import Vote


def poser(acte: Vote, envoi: Envoi, *, defaut: str) -> None:
    """Puts the file on the act, not saved yet: its type is read in its content. FichierRefuse (French).

    `defaut`: name without extension, when the file came with none.
    """
    recu = recevoir(envoi, defaut=defaut)
    acte.nom_fichier, acte.type_mime, acte.sha256 = recu.nom, recu.type_mime, recu.sha256
    recu.ranger(acte.fichier)


def rendre(acte: Vote, absent: str) -> HttpResponse:
    """The file as an attachment; 404 with `absent` when there is none. The caller checked the perimeter."""
    if not acte.fichier:
        raise Http404(absent)
    try:
        flux = acte.fichier.open("rb")
    except FileNotFoundError:
        raise Http404("Le fichier n’est plus dans le dépôt : prévenez l’administrateur.") from None
    reponse = FileResponse(flux, as_attachment=True, filename=acte.nom_fichier, content_type=acte.type_mime)
    reponse.headers["X-Content-Type-Options"] = "nosniff"
    reponse.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    reponse.headers["Cache-Control"] = "private, no-store"
    return cast(HttpResponse, reponse)
