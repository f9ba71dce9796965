"""The files kept with a fiche: added, withdrawn (never erased)."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse

from .actions import ActionRefusee
from .models import Deliberation, Fiche, PieceJointe

NOMBRE_MAX = 60


@transaction.atomic
def deposer_piece(
    fiche: Fiche,
    envoi: Envoi,
    *,
    nature: str,
    titre: str,
    par: Agent | None,
    deliberation: Deliberation | None = None,
) -> PieceJointe:
    """Keeps a file with the fiche. Raises ActionRefusee: type, size, number, same file twice."""
    try:
        recu = recevoir(envoi)
    except FichierRefuse as refus:
        raise ActionRefusee(str(refus)) from refus
    if nature == PieceJointe.Nature.PHOTO and not recu.est_image:
        raise ActionRefusee("Une photo est une image (JPEG, PNG ou WebP) : choisissez une autre nature.")
    Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    gardees = fiche.pieces.filter(retiree_le=None)
    if gardees.filter(sha256=recu.sha256).exists():
        raise ActionRefusee("Ce fichier est déjà joint à la fiche.")
    if gardees.count() >= NOMBRE_MAX:
        raise ActionRefusee(f"La fiche a déjà {NOMBRE_MAX} pièces : retirez-en une d’abord.")
    piece = PieceJointe(
        fiche=fiche,
        nature=nature,
        titre=titre.strip()[:200],
        deliberation=deliberation,
        nom_fichier=recu.nom,
        type_mime=recu.type_mime,
        taille=recu.taille,
        sha256=recu.sha256,
        deposee_par_nom=par.nom_complet if par else "Arpent",
    )
    recu.ranger(piece.fichier)
    piece.save(force_insert=True)
    consigner(
        "deposer_piece",
        sur=fiche,
        par=par,
        demarche_id=fiche.demarche_id,
        apres={"piece": piece.titre, "nature": piece.get_nature_display(), "sha256": recu.sha256},
    )
    return piece


@transaction.atomic
def retirer_piece(piece: PieceJointe, *, par: Agent | None) -> PieceJointe:
    """The file is no longer shown nor served; it stays in the store, and the journal says so."""
    stored = PieceJointe.objects.select_for_update(of=("self",)).get(pk=piece.pk)
    if stored.retiree_le is not None:
        raise ActionRefusee("Cette pièce est déjà retirée.")
    stored.retiree_le = timezone.now()
    stored.save(update_fields=["retiree_le"])
    consigner(
        "retirer_piece",
        sur=piece.fiche,
        par=par,
        demarche_id=piece.fiche.demarche_id,
        avant={"piece": stored.titre, "nature": stored.get_nature_display()},
    )
    return stored
