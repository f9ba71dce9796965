"""The pieces expected with a fiche against the files it has."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.metier.cycles import EtatFiche
from arpent.plateforme.documents.donnees_fiche import EtatPiece, PieceDoc, PiecesDoc
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.reglements.pieces import MOMENTS, PieceAttendue, lire_pieces

from .models import Fiche, PieceJointe

# The moments at which a piece is due, by state of the fiche: the step it is about to take, and those before.
_DUS: dict[str, tuple[str, ...]] = {
    EtatFiche.BROUILLON: ("proposer",),
    EtatFiche.A_COMPLETER: ("proposer",),
    EtatFiche.PROPOSEE: ("proposer", "pre_instruire"),
    EtatFiche.PRE_INSTRUITE: ("proposer", "pre_instruire", "retenir"),
    EtatFiche.DIFFEREE: ("proposer", "pre_instruire", "retenir"),
    EtatFiche.RETENUE: ("proposer", "pre_instruire", "retenir", "contractualiser"),
    EtatFiche.CONTRACTUALISEE: tuple(MOMENTS),
    EtatFiche.REFUSEE: (),
}


def pieces_doc(fiche: Fiche, le: date) -> PiecesDoc:
    """What is expected, given, missing. `fiche` comes from `sorties.completes`; one query at most."""
    dispositif = fiche.demarche.processus.dispositif
    bloc: dict[str, Any] = dispositif.parametres.get("fiche") or {}
    theme = fiche.theme.code if fiche.theme else ""
    attendues = [p for p in lire_pieces(bloc) if p.concerne(theme)]
    fichiers = list(fiche.pieces.all())
    natures = {p.nature for p in attendues}
    return PiecesDoc(
        numero=str(fiche.numero),
        titre=fiche.titre,
        maitre_ouvrage=fiche.maitre_ouvrage.nom,
        autorite=fiche.demarche.autorite.nom,
        territoire=fiche.demarche.territoire.nom,
        dispositif=dispositif.nom,
        etabli_le=le,
        pieces=tuple(_piece(p, fiche, fichiers) for p in attendues),
        autres=tuple(_dit(f) for f in fichiers if f.nature not in natures),
    )


def _piece(attendue: PieceAttendue, fiche: Fiche, fichiers: list[PieceJointe]) -> PieceDoc:
    donnees = [f for f in fichiers if attendue.nature and f.nature == attendue.nature]
    etat: EtatPiece = "plus tard"
    if donnees:
        etat = "donnée"
    elif attendue.nature and attendue.etape in _DUS[fiche.etat]:
        etat = "manquante"
    precisions = [_dit(f) for f in donnees]
    if not donnees and attendue.nature == PieceJointe.Nature.DELIBERATION:
        precisions = [
            f"Acte n° {d.numero} du {jour(d.adoptee_le)} noté : joignez le fichier"
            for d in fiche.deliberations.all()
            if d.adoptee_le
        ]
    return PieceDoc(
        libelle=attendue.libelle,
        etape=MOMENTS[attendue.etape],
        etat=etat,
        detail=" ; ".join(precisions) or attendue.precision,
        demonstration=attendue.demonstration,
    )


def _dit(piece: PieceJointe) -> str:
    return f"{piece.titre}, déposée le {jour(piece.deposee_le.date())}"
