"""Objects of the follow-up, for the world of the access matrix."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.base import ContentFile

from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.models import (
    IndicateurSuivi,
    JalonProjet,
    PhotoChantier,
    PointBloquant,
    SuiviProjet,
    ValeurSuivie,
)

LE = date(2026, 3, 1)


def suivi(fiche: Fiche, mot: str) -> dict[str, Any]:
    """A project with its milestone, its photo, what blocks it."""
    tenu = SuiviProjet.objects.create(fiche=fiche, point_le=LE, point_par_nom=f"Agent {mot}")
    jalon = JalonProjet.objects.create(suivi=tenu, ordre=1, libelle=f"Jalon {mot}", poids=10)
    photo = PhotoChantier(
        fiche=fiche, jalon=jalon, description=f"Photo {mot}", prise_le=LE, nom_fichier="photo.png",
        type_mime="image/png", taille=9, sha256="0" * 64, deposee_par_nom=f"Agent {mot}",
    )  # fmt: skip
    indicateur = IndicateurSuivi.objects.create(
        demarche=fiche.demarche, fiche=fiche, libelle=f"Indicateur {mot}", source=mot
    )
    valeur = ValeurSuivie.objects.create(
        indicateur=indicateur, le=LE, valeur=1, source=f"Source {mot}", saisie_par_nom=f"Agent {mot}"
    )
    photo.fichier.save("photo.png", ContentFile(b"\x89PNG " + mot.encode()), save=True)
    return {
        "indicateur_suivi": indicateur,
        "valeur_suivie": valeur,
        "photo_chantier": photo,
        "point_bloquant": PointBloquant.objects.create(
            fiche=fiche, texte=f"Blocage {mot}", responsable=fiche.maitre_ouvrage, echeance=LE, ouvert_le=LE,
            ouvert_par_nom=f"Agent {mot}",
        ),
    }  # fmt: skip
