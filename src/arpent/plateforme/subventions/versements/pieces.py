"""The evidence of a request for payment: added, withdrawn (never erased)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse

from ..dossiers.actions import qui
from ..models import DemandeVersement, PieceVersement
from .actions import VersementRefuse
from .droits import MODIFIABLES

NOMBRE_MAX = 40


def _exiger_modifiable(demande: DemandeVersement) -> DemandeVersement:
    verrouillee = DemandeVersement.objects.avec_contexte().select_for_update(of=("self",)).get(pk=demande.pk)
    if verrouillee.etat not in MODIFIABLES:
        raise VersementRefuse(
            "La demande est déposée : ses pièces ne changent plus, sauf si elle vous revient."
        )
    return verrouillee


@transaction.atomic
def joindre(demande: DemandeVersement, envoi: Envoi, libelle: str, *, par: Agent | None) -> PieceVersement:
    """Keeps a file with the request. VersementRefuse: type, size, number, same file twice."""
    try:
        recu = recevoir(envoi)
    except FichierRefuse as refus:
        raise VersementRefuse(str(refus)) from refus
    demande = _exiger_modifiable(demande)
    gardees = demande.pieces.filter(retiree_le=None)
    if gardees.filter(sha256=recu.sha256).exists():
        raise VersementRefuse("Ce fichier est déjà joint à la demande.")
    if gardees.count() >= NOMBRE_MAX:
        raise VersementRefuse(f"La demande a déjà {NOMBRE_MAX} pièces : retirez-en une d’abord.")
    piece = PieceVersement(
        demande=demande, libelle=(libelle.strip() or recu.nom)[:200], nom_fichier=recu.nom,
        type_mime=recu.type_mime, taille=recu.taille, sha256=recu.sha256, deposee_par_nom=qui(par),
    )  # fmt: skip
    recu.ranger(piece.fichier)
    piece.save(force_insert=True)
    consigner(
        "joindre_piece_versement", sur=demande, par=par, demarche_id=demande.dossier.demarche_id,
        apres={"piece": piece.libelle, "sha256": recu.sha256},
    )  # fmt: skip
    return piece


@transaction.atomic
def retirer_piece(piece: PieceVersement, *, par: Agent | None) -> None:
    """The file is no longer shown nor served; it stays in the store, and the journal says so."""
    demande = _exiger_modifiable(piece.demande)
    if not demande.pieces.filter(pk=piece.pk, retiree_le=None).update(retiree_le=timezone.now()):
        raise VersementRefuse("Cette pièce est déjà retirée.")
    consigner(
        "retirer_piece_versement", sur=demande, par=par, demarche_id=demande.dossier.demarche_id,
        avant={"piece": piece.libelle},
    )  # fmt: skip
