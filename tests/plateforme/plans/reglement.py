"""A small règlement for the tests of this room."""

from datetime import date

from arpent.plateforme.plans.preinstruction import _reglement_lu
from arpent.plateforme.reglements.models import Dispositif, VersionReglement

CONTENU = {
    "dispositif": "essai",
    "version": "2026",
    "intitule": "Règlement d’essai",
    "en_vigueur_le": "2026-01-01",
    "financeur": "departement",
    "libelles": {"voirie": "Voirie"},
    "articles": [
        {
            "numero": "1",
            "titre": "Éligibilité",
            "prose": "Les communes portent des projets de voirie.",
            "regles": [
                {"genre": "theme_eligible", "themes": ["voirie"]},
                {"genre": "beneficiaire_eligible", "natures": ["commune", "cc"]},
            ],
        },
        {
            "numero": "2",
            "titre": "Calcul",
            "prose": "L’aide est de 30 % au plus.",
            "regles": [
                {
                    "genre": "taux_intervention",
                    "taux": {
                        "valeur": None,
                        "valeur_demonstration": "30 %",
                        "source": "délibération à venir",
                    },
                },
                {"genre": "participation_minimale"},
                {"genre": "plan_equilibre"},
            ],
        },
    ],
}


def publier(dispositif: Dispositif, contenu: dict | None = None) -> VersionReglement:
    _reglement_lu.cache_clear()
    return VersionReglement.objects.create(
        dispositif=dispositif,
        numero=1,
        intitule="Règlement d’essai",
        en_vigueur_le=date(2026, 1, 1),
        contenu=contenu or CONTENU,
        demonstration=True,
        empreinte="e" * 64,
    )
