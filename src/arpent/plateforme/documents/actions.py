"""Archiving what was rendered, and sending it back as it left."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.db import models
from django.http import Http404, HttpResponse

from .empreinte import empreinte
from .models import DocumentEmis

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "json": "application/json",
    "zip": "application/zip",
}


def emettre(
    contenu: bytes,
    *,
    nom: str,
    titre: str,
    genre: str,
    gabarit: str,
    sur: models.Model,
    demarche_id: int | None,
    donnees: dict[str, Any],
    par_id: int | None,
    par_nom: str,
) -> DocumentEmis:
    """Keeps one rendered file with its fingerprint. `nom` gives the format by its extension.

    Call it in the transaction of the gesture that issues the document.
    """
    emis = DocumentEmis(
        titre=titre[:300],
        genre=genre,
        format=nom.rpartition(".")[2],
        objet_type=sur._meta.label_lower,
        objet_id=str(sur.pk),
        demarche_id=demarche_id,
        gabarit=gabarit,
        taille=len(contenu),
        sha256=empreinte(contenu),
        donnees=donnees,
        emis_par_id=par_id,
        emis_par_nom=par_nom,
    )
    emis.fichier.save(nom, ContentFile(contenu), save=True)
    return emis


def servir(document: DocumentEmis) -> HttpResponse:
    """The file as an attachment; 404 when it has left the store. The caller has checked the perimeter."""
    try:
        with document.fichier.open("rb") as flux:
            contenu = flux.read()
    except FileNotFoundError as erreur:
        raise Http404("Le fichier de ce document n’est plus dans le dossier des fichiers.") from erreur
    return telecharger(contenu, str(document.fichier.name).rpartition("/")[2])


def telecharger(contenu: bytes, nom: str) -> HttpResponse:
    """A document of the moment as an attachment, kept nowhere. `nom`: ASCII, its extension gives the type."""
    reponse = HttpResponse(contenu, content_type=TYPES[nom.rpartition(".")[2]])
    reponse["Content-Disposition"] = f'attachment; filename="{nom}"'
    reponse["X-Content-Type-Options"] = "nosniff"
    reponse["Cache-Control"] = "private, no-store"
    return reponse
