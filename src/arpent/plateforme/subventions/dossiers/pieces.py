"""The files of a grant file: given, taken over from the fiche, withdrawn, accepted, refused, asked for."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from arpent.metier.cycles import CYCLE_DOSSIER
from arpent.metier.cycles.dossier import A_INSTRUIRE, EtatDossier
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.plans.models import PieceJointe
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse

from ..models import DemandePiece, Dossier, PieceDossier
from . import annonces
from .actions import DossierRefuse, exiger_texte, franchir, noter, qui, verrouiller_dossier
from .droits import MODIFIABLES
from .regles import pieces_de

NOMBRE_MAX = 80
AUTRE = "Autre pièce"


def _verrouiller(dossier: Dossier) -> Dossier:
    """The row locked, whatever its version: files are added beside the form."""
    return Dossier.objects.avec_contexte().select_for_update(of=("self",)).get(pk=dossier.pk)


def _exiger_modifiable(dossier: Dossier) -> None:
    if dossier.etat not in MODIFIABLES:
        raise DossierRefuse(
            f"Le dossier est « {dossier.get_etat_display().lower()} » : ses pièces ne changent plus. Le "
            "service instructeur peut vous en demander une."
        )


def libelle_de(dossier: Dossier, code: str) -> str:
    """The name of an expected piece; « Autre pièce » without a code. DossierRefuse when it is unknown."""
    if not code:
        return AUTRE
    for piece in pieces_de(dossier.demarche.processus.dispositif):
        if piece.code == code:
            return piece.libelle
    raise DossierRefuse("Cette pièce n’est plus attendue : rechargez la page.")


@transaction.atomic
def joindre(dossier: Dossier, code: str, envoi: Envoi, *, par: Agent | None, titre: str = "") -> PieceDossier:
    """Keeps a file with the dossier. DossierRefuse: type, size, number, the same file twice."""
    try:
        recu = recevoir(envoi)
    except FichierRefuse as refus:
        raise DossierRefuse(f"{envoi.nom or 'Le fichier'} : {refus}") from refus
    dossier = _verrouiller(dossier)
    _exiger_modifiable(dossier)
    libelle = titre.strip()[:200] or libelle_de(dossier, code)
    gardees = dossier.pieces.exclude(etat=PieceDossier.Etat.RETIREE)
    if gardees.filter(sha256=recu.sha256, code=code).exclude(etat=PieceDossier.Etat.REFUSEE).exists():
        raise DossierRefuse(f"{recu.nom} : ce fichier est déjà joint pour cette pièce.")
    if gardees.count() >= NOMBRE_MAX:
        raise DossierRefuse(f"Le dossier a déjà {NOMBRE_MAX} fichiers : retirez-en un d’abord.")
    piece = PieceDossier(
        dossier=dossier, code=code, libelle=libelle, nom_fichier=recu.nom, type_mime=recu.type_mime,
        taille=recu.taille, sha256=recu.sha256, deposee_par_nom=qui(par),
    )  # fmt: skip
    recu.ranger(piece.fichier)
    piece.save(force_insert=True)
    _consigner("joindre_piece_dossier", dossier, piece, par)
    return piece


def _consigner(geste: str, dossier: Dossier, piece: PieceDossier, par: Agent | None, motif: str = "") -> None:
    consigner(
        geste, sur=dossier, par=par, demarche_id=dossier.demarche_id, motif=motif,
        apres={"piece": piece.libelle, "fichier": piece.nom_fichier, "sha256": piece.sha256},
    )  # fmt: skip


@transaction.atomic
def reprendre_de_la_fiche(dossier: Dossier, *, par: Agent | None) -> list[PieceDossier]:
    """Takes over the files of the fiche whose nature answers an expected piece (« dites-le-nous une fois »).

    The stored file is the same: nothing is copied. A piece that has a file already takes nothing over.
    """
    deja = set(dossier.pieces.exclude(etat=PieceDossier.Etat.RETIREE).values_list("code", flat=True))
    theme = dossier.fiche.theme.code if dossier.fiche.theme else ""
    par_nature = {
        p.nature: p
        for p in pieces_de(dossier.demarche.processus.dispositif)
        if p.nature and p.concerne(theme) and p.code not in deja
    }
    reprises = []
    for jointe in PieceJointe.objects.filter(
        fiche=dossier.fiche_id, retiree_le=None, nature__in=par_nature
    ).order_by("pk"):
        attendue = par_nature[jointe.nature]
        piece = PieceDossier.objects.create(
            dossier=dossier, code=attendue.code, libelle=attendue.libelle, fichier=jointe.fichier.name,
            nom_fichier=jointe.nom_fichier, type_mime=jointe.type_mime, taille=jointe.taille,
            sha256=jointe.sha256, origine=jointe, deposee_par_nom=jointe.deposee_par_nom,
        )  # fmt: skip
        _consigner("joindre_piece_dossier", dossier, piece, par, "reprise de la fiche")
        reprises.append(piece)
    return reprises


@transaction.atomic
def retirer_piece(piece: PieceDossier, *, par: Agent | None) -> None:
    """The file is shown no more; it stays in the store, and the journal says so."""
    dossier = _verrouiller(piece.dossier)
    _exiger_modifiable(dossier)
    if piece.etat == PieceDossier.Etat.ACCEPTEE:
        raise DossierRefuse("Cette pièce est acceptée : joignez un autre fichier si elle a changé.")
    PieceDossier.objects.filter(pk=piece.pk).update(etat=PieceDossier.Etat.RETIREE.value)
    _consigner("retirer_piece_dossier", dossier, piece, par)


# --- the service ----------------------------------------------------------------------------------


def _exiger_en_examen(dossier: Dossier) -> None:
    if dossier.etat not in A_INSTRUIRE:
        raise DossierRefuse(
            f"Le dossier est « {dossier.get_etat_display().lower()} » : ses pièces s’examinent entre le "
            "dépôt et l’accusé de dossier complet."
        )


@transaction.atomic
def accepter_piece(piece: PieceDossier, *, par: Agent | None) -> None:
    dossier = _verrouiller(piece.dossier)
    _exiger_en_examen(dossier)
    PieceDossier.objects.filter(pk=piece.pk).update(
        etat=PieceDossier.Etat.ACCEPTEE.value, motif="", examinee_par_nom=qui(par),
        examinee_le=timezone.now(),
    )  # fmt: skip
    _consigner("accepter_piece", dossier, piece, par)


@transaction.atomic
def accepter_tout(dossier: Dossier, *, par: Agent | None) -> int:
    """Accepts every piece that was received and not examined. Answers how many."""
    dossier = _verrouiller(dossier)
    _exiger_en_examen(dossier)
    recues = list(dossier.pieces.filter(etat=PieceDossier.Etat.RECUE))
    for piece in recues:
        piece.dossier = dossier
        accepter_piece(piece, par=par)
    return len(recues)


@transaction.atomic
def refuser_piece(piece: PieceDossier, motif: str, *, echeance: date, par: Agent | None, le: date) -> None:
    """Refuses a file, and asks for another one: the owner reads why."""
    motif = exiger_texte(motif, "Écrivez pourquoi cette pièce ne convient pas : le maître d’ouvrage le lira.")
    dossier = _verrouiller(piece.dossier)
    _exiger_en_examen(dossier)
    PieceDossier.objects.filter(pk=piece.pk).update(
        etat=PieceDossier.Etat.REFUSEE.value, motif=motif[:500], examinee_par_nom=qui(par),
        examinee_le=timezone.now(),
    )  # fmt: skip
    _consigner("refuser_piece", dossier, piece, par, motif)
    _demander(dossier, piece.code, piece.libelle, motif, echeance=echeance, par=par, le=le)


@transaction.atomic
def demander_piece(
    dossier: Dossier, code: str, texte: str, *, echeance: date, par: Agent | None, le: date, libelle: str = ""
) -> Dossier:
    """Asks the owner for a piece or a precision, until a day: the silent rejection is suspended meanwhile."""
    texte = exiger_texte(texte, "Écrivez ce que vous demandez, en quelques mots simples.")
    dossier = verrouiller_dossier(dossier)
    _exiger_en_examen(dossier)
    nom = libelle.strip()[:200] or libelle_de(dossier, code)
    return _demander(dossier, code, nom, texte, echeance=echeance, par=par, le=le)


def _demander(
    dossier: Dossier, code: str, libelle: str, texte: str, *, echeance: date, par: Agent | None, le: date
) -> Dossier:
    if echeance <= le:
        raise DossierRefuse("Laissez au moins un jour pour répondre : choisissez une date à venir.")
    demande = DemandePiece.objects.create(
        dossier=dossier, code=code, libelle=libelle, texte=texte, demandee_par_nom=qui(par), demandee_le=le,
        echeance_le=echeance,
    )  # fmt: skip
    apres = {"piece": libelle, "echeance_le": echeance}
    if dossier.etat == EtatDossier.DEPOSE:
        franchir(dossier, "demander_piece", {}, par=par, motif=texte)
    else:
        CYCLE_DOSSIER.franchir("accuser_dossier", dossier.etat)
        consigner(
            "demander_piece", sur=dossier, par=par, demarche_id=dossier.demarche_id, motif=texte, apres=apres
        )
    annonces.au_porteur(
        dossier,
        "une pièce est demandée",
        f"{demande.libelle} : {texte} À envoyer avant le {echeance:%d/%m/%Y}.",
    )
    return dossier


@transaction.atomic
def repondre(
    demande: DemandePiece, reponse: str, envoi: Envoi | None, *, par: Agent | None, le: date
) -> DemandePiece:
    """The owner answers by a file, by a text, or by both. DossierRefuse when it is neither."""
    dossier = _verrouiller(demande.dossier)
    if not demande.est_en_attente:
        raise DossierRefuse("Cette demande a déjà sa réponse.")
    reponse = reponse.strip()[:1000]
    if envoi is None and not reponse:
        raise DossierRefuse("Joignez le fichier demandé, ou écrivez votre réponse.")
    if envoi is not None:
        titre = "" if demande.code else demande.libelle
        joindre(dossier, demande.code, envoi, par=par, titre=titre)
    DemandePiece.objects.filter(pk=demande.pk).update(
        reponse=reponse, repondue_le=le, repondue_par_nom=qui(par)
    )
    consigner(
        "repondre_demande_piece", sur=dossier, par=par, demarche_id=dossier.demarche_id, motif=reponse,
        apres={"piece": demande.libelle},
    )  # fmt: skip
    return demande


@transaction.atomic
def lever_demande(demande: DemandePiece, *, par: Agent | None, le: date) -> None:
    """The authority drops what it asked: the delay of the silence starts again."""
    dossier = _verrouiller(demande.dossier)
    if not demande.est_en_attente:
        raise DossierRefuse("Cette demande a déjà sa réponse.")
    DemandePiece.objects.filter(pk=demande.pk).update(levee_le=le)
    noter(dossier, "lever_demande_piece", {}, par=par, motif=demande.libelle)
