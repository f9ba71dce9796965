"""Objects of the follow-up, for the world of the access matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import JalonProjet, PhotoChantier, PointBloquant, SuiviProjet

LE = date(2026, 3, 1)


def suivi(fiche: Fiche, mot: str) -> dict[str, Any]:
    """A project with its milestone, its photo, what blocks it."""
    tenu = SuiviProjet.objects.create(fiche=fiche, point_le=LE, point_par_nom=f"Agent {mot}")
    jalon = JalonProjet.objects.create(suivi=tenu, ordre=1, libelle=f"Jalon {mot}", poids=10)
    photo = PhotoChantier(
        fiche=fiche, jalon=jalon, description=f"Photo {mot}", prise_le=LE, nom_fichier="photo.png",
        type_mime="image/png", taille=9, sha256="0" * 64, deposee_par_nom=f"Agent {mot}",
    )  # fmt: skip
    photo.fichier.save("photo.png", ContentFile(b"\x89PNG " + mot.encode()), save=True)
    return {
        "photo_chantier": photo,
        "point_bloquant": PointBloquant.objects.create(
            fiche=fiche, texte=f"Blocage {mot}", responsable=fiche.maitre_ouvrage, echeance=LE, ouvert_le=LE,
            ouvert_par_nom=f"Agent {mot}",
        ),
    }  # fmt: skip
