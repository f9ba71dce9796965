"""The requests as files: exactly what the page shows."""

from __future__ import annotations

from collections.abc import Sequence

from django.http import HttpResponse
from django.utils import timezone

from arpent.plateforme.documents.donnees import Cellule, ColonneDoc

from ..credits.fichiers import fichier
from ..models import DemandeReserve
from .lecture import totaux

COLONNES = (
    ColonneDoc("deposee", "Déposée le", "date"),
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("numero", "N°"),
    ColonneDoc("projet", "Projet"),
    ColonneDoc("porteur", "Maître d’ouvrage"),
    ColonneDoc("etat", "État"),
    ColonneDoc("avis", "Avis"),
    ColonneDoc("demande", "Demandé", "montant"),
    ColonneDoc("accorde", "Accordé, net de ce qui est libéré", "montant"),
    ColonneDoc("decidee", "Décidée le", "date"),
    ColonneDoc("motif", "Motif"),
    ColonneDoc("acte", "Acte"),
    ColonneDoc("tirage", "Tirage"),
    ColonneDoc("tirage_le", "Date du tirage", "date"),
)


def _ligne(d: DemandeReserve) -> dict[str, Cellule]:
    return {
        "deposee": timezone.localtime(d.deposee_le).date() if d.deposee_le else None,
        "territoire": d.demarche.territoire.nom,
        "numero": str(d.numero),
        "projet": f"{d.fiche.numero}. {d.fiche.titre}",
        "porteur": d.fiche.maitre_ouvrage.nom,
        "etat": d.get_etat_display(),
        "avis": d.get_avis_display(),
        "demande": d.montant_demande,
        "accorde": d.montant_en_cours,
        "decidee": timezone.localtime(d.decidee_le).date() if d.decidee_le else None,
        "motif": d.derogation or d.decision_motif,
        "acte": d.acte,
        "tirage": d.tirage,
        "tirage_le": d.tirage_le,
    }


def demandes_en_fichier(genre: str, titre: str, nom: str, demandes: Sequence[DemandeReserve]) -> HttpResponse:
    """`genre`: csv or xlsx; `nom`: of the file, without its suffix."""
    demande, accorde = totaux(demandes)
    sommes = {"demande": demande, "accorde": accorde}
    return fichier(genre, titre, nom, COLONNES, [_ligne(d) for d in demandes], sommes)
