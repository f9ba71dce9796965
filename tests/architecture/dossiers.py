"""A grant file, its piece, its ask, its paper, and a report to the commission, for the access matrix."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.subventions.models import (
    DemandePiece,
    Dossier,
    FinancementDossier,
    LigneRapport,
    PieceDossier,
    RapportCommission,
)

LE = date(2026, 3, 1)


def dossier(fiche: Fiche, mot: str, n: int) -> dict[str, Any]:
    """One that waits for its owner, filed, carried by a report that is being prepared."""
    depose = Dossier.objects.create(
        demarche=fiche.demarche, annee=2026, numero=n, fiche=fiche, ligne=str(fiche.pk),
        maitre_ouvrage=fiche.maitre_ouvrage, etat="a_completer", stade="devis",
        montant_contractualise=Decimal(1_000), montant_demande=Decimal(900), depose_le=LE,
        observations=f"Précision {mot}", cree_par_nom=f"Agent {mot}",
    )  # fmt: skip
    piece = PieceDossier(
        dossier=depose, libelle=f"Pièce {mot}", nom_fichier=f"{mot}.pdf", type_mime="application/pdf",
        taille=8, sha256="0" * 64, deposee_par_nom=f"Agent {mot}",
    )  # fmt: skip
    piece.fichier.save("piece.pdf", ContentFile(b"%PDF-1.7 " + mot.encode()), save=False)
    piece.save()
    FinancementDossier.objects.create(
        dossier=depose, financeur="etat", libelle=f"Dotation {mot}", montant=Decimal(100)
    )
    demande = DemandePiece.objects.create(
        dossier=depose, libelle=f"Ask {mot}", texte=f"Demande {mot}", demandee_par_nom=f"Agent {mot}",
        demandee_le=LE, echeance_le=LE,
    )  # fmt: skip
    rapport = RapportCommission.objects.create(
        autorite=fiche.demarche.autorite,
        numero=f"CP-{mot}",
        objet=f"Aides {mot}",
        cree_par_nom=f"Agent {mot}",
    )
    LigneRapport.objects.create(rapport=rapport, dossier=depose, montant=Decimal(900))
    accuse, du_rapport = (
        emettre(
            f"Papier {mot}".encode(), nom=f"papier-{mot}-{sur.pk}.pdf", titre=f"Papier {mot}", genre="accusé",
            gabarit="accuse_dossier/v1", sur=sur, demarche_id=demarche_id, donnees={}, par_id=None,
            par_nom="Arpent",
        )
        for sur, demarche_id in ((depose, fiche.demarche_id), (rapport, None))
    )  # fmt: skip
    return {
        "dossier": depose, "piece_dossier": piece, "demande_piece": demande, "papier_dossier": accuse,
        "rapport_commission": rapport, "papier_rapport": du_rapport,
    }  # fmt: skip
