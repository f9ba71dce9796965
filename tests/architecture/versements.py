"""What follows an award, for the access matrix: payment, withholding, deadlines, credits, finance export."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.files.base import ContentFile

from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.echanges.models import ImportFinances, LigneFinances
from arpent.plateforme.subventions.models import (
    DemandeVersement,
    Dossier,
    LigneCaducite,
    LotCaducite,
    NumeroEngagement,
    PieceVersement,
    Prorogation,
    Retenue,
    Reversement,
)

LE = date(2026, 3, 1)
D = Decimal


def versements(dossier: Dossier, mot: str) -> dict[str, Any]:
    """One of each thing on that file, a lapse of it, an export with a line to settle."""
    demande = DemandeVersement.objects.create(
        dossier=dossier, numero=1, genre="avance", etat="a_completer", montant_demande=D(300),
        precisions=f"Précision {mot}",
        cree_par_nom=f"Agent {mot}",
    )  # fmt: skip
    piece = PieceVersement(
        demande=demande, libelle=f"Justificatif {mot}", nom_fichier=f"{mot}.pdf", type_mime="application/pdf",
        taille=8, sha256="0" * 64, deposee_par_nom=f"Agent {mot}",
    )  # fmt: skip
    piece.fichier.save("justificatif.pdf", ContentFile(b"%PDF-1.7 " + mot.encode()), save=False)
    piece.save()
    retenue = Retenue.objects.create(
        demande=demande, montant=D(10), motif=f"Retenue {mot}", par_nom=f"Agent {mot}", le=LE
    )
    Reversement.objects.create(
        dossier=dossier, numero=1, cause="autre", montant=D(10), motif=f"Reversement {mot}",
        demande_par_nom=f"Agent {mot}", demande_le=LE,
    )  # fmt: skip
    Prorogation.objects.create(
        dossier=dossier, numero=1, genre="commencement", mois=6, motif=f"Prorogation {mot}",
        demandee_par_nom=f"Agent {mot}", demandee_le=LE,
    )  # fmt: skip
    NumeroEngagement.objects.create(dossier=dossier, numero=f"E-{mot}", par_nom=f"Agent {mot}")
    return (
        {"demande_versement": demande, "piece_versement": piece, "retenue": retenue}
        | _caducite(dossier, mot)
        | _export(dossier, mot)
    )


def _caducite(dossier: Dossier, mot: str) -> dict[str, Any]:
    lot = LotCaducite.objects.create(
        dispositif=dossier.demarche.processus.dispositif, acte=f"CP {mot}", acte_le=LE, par_nom=f"Agent {mot}"
    )
    LigneCaducite.objects.create(
        lot=lot, dossier=dossier, explication=f"Délai {mot}", montant_attribue=D(0), montant_verse=D(0),
        montant_libere=D(0),
    )  # fmt: skip
    lot.document = emettre(
        f"Arrêté {mot}".encode(), nom=f"arrete-{lot.pk}.pdf", titre=f"Arrêté {mot}",
        genre="arrêté de caducité",
        gabarit="arrete_echeances/v1", sur=lot, demarche_id=None, donnees={}, par_id=None, par_nom="Arpent",
    )  # fmt: skip
    lot.save()
    return {"lot_caducite": lot}


def _export(dossier: Dossier, mot: str) -> dict[str, Any]:
    export = ImportFinances.objects.create(
        dispositif=dossier.demarche.processus.dispositif, nature="paiement", par_nom=f"Agent {mot}",
        nom_fichier=f"{mot}.csv", sha256="0" * 64, entetes=["Montant"], lignes=[["1000"]], etat="rapproche",
    )  # fmt: skip
    ecriture = LigneFinances.objects.create(
        importation=export, dispositif=export.dispositif, numero=export.pk, cle=f"paiement/{mot}",
        montant=D(10), le=LE, exercice=2026, tiers=f"Tiers {mot}", sort="a_regler", raison=f"Raison {mot}",
    )  # fmt: skip
    return {"export_finances": export, "ecriture": ecriture}
