"""The signed file of an act: kept beside its row, given back as it came."""

from __future__ import annotations

import hashlib
import secrets
from typing import cast

from django.conf import settings
from django.core.files.base import ContentFile
from django.http import FileResponse, Http404, HttpResponse

from arpent.metier.argent import formater_nombre
from arpent.plateforme.plans.pieces import Envoi
from arpent.plateforme.socle.fichiers import FichierRefuse, lire_fichier

from .models import Vote


def poser(acte: Vote, envoi: Envoi, *, defaut: str) -> None:
    """Puts the file on the act, not saved yet: its type is read in its content. FichierRefuse (French).

    `defaut`: name without extension, when the file came with none.
    """
    if len(envoi.contenu) > settings.ARPENT_TAILLE_MAX_FICHIER:
        limite = formater_nombre(settings.ARPENT_TAILLE_MAX_FICHIER // 1024**2)
        raise FichierRefuse(f"Le fichier dépasse {limite} Mo : réduisez-le.")
    lu = lire_fichier(envoi.contenu)
    acte.nom_fichier = envoi.nom.replace("\\", "/").rpartition("/")[2][-200:] or f"{defaut}.{lu.extension}"
    acte.type_mime, acte.sha256 = lu.type_mime, hashlib.sha256(lu.contenu).hexdigest()
    acte.fichier.save(f"{secrets.token_hex(16)}.{lu.extension}", ContentFile(lu.contenu), save=False)


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
