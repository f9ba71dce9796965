"""The deadlines as files: exactly what the page shows."""

from __future__ import annotations

from collections.abc import Iterable

from django.http import HttpResponse

from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, LIBELLES_ETAT_ECHEANCE
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.negociations.credits.fichiers import fichier
from arpent.plateforme.reglements.models import Dispositif

from .lecture import JourDossier

COLONNES = (
    ColonneDoc("le", "Échéance", "date"), ColonneDoc("delai", "Délai"), ColonneDoc("etat", "État"),
    ColonneDoc("jours", "Jours restants"), ColonneDoc("territoire", "Territoire"),
    ColonneDoc("dossier", "Dossier"), ColonneDoc("beneficiaire", "Bénéficiaire"),
    ColonneDoc("projet", "Projet"), ColonneDoc("aide", "Aide attribuée", "montant"),
    ColonneDoc("calcul", "Calcul"),
)  # fmt: skip


def echeances_en_fichier(genre: str, dispositif: Dispositif, jours: Iterable[JourDossier]) -> HttpResponse:
    lignes: list[dict[str, Cellule]] = [
        {
            "le": j.echeance.le,
            "delai": LIBELLES_ECHEANCE[j.echeance.genre],
            "etat": LIBELLES_ETAT_ECHEANCE[j.echeance.etat],
            "jours": str(j.echeance.jours),
            "territoire": j.dossier.demarche.territoire.nom,
            "dossier": j.dossier.reference,
            "beneficiaire": j.dossier.maitre_ouvrage.nom,
            "projet": j.dossier.fiche.titre,
            "aide": j.dossier.montant_attribue,
            "calcul": j.echeance.calcul,
        }
        for j in jours
    ]
    return fichier(genre, f"Échéances, {dispositif.nom}", f"echeances-{dispositif.slug}", COLONNES, lignes)
