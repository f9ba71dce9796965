"""What the page of a file reads: pieces by expectation, asks, calculation, deadlines, history."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.cycles import CYCLE_DOSSIER, EtatDossier
from arpent.metier.cycles.dossier import EN_COURS
from arpent.metier.subvention import Attendu, Commencement, EtatPiece, Silence
from arpent.plateforme.documents.models import DocumentEmis
from arpent.plateforme.journal.models import Entree

from ..emissions import ActeEmis, actes_emis
from ..models import DemandePiece, Dossier, LigneRapport, PieceDossier
from .calcul import aide_de, commencement_du, figer, silence_du
from .completude import completude_de
from .documents import documents_de
from .mots import GESTES_DOSSIER

ETATS_PIECE = {
    EtatPiece.A_FOURNIR: ("neutre", "à fournir"),
    EtatPiece.RECUE: ("info", "reçue"),
    EtatPiece.ACCEPTEE: ("ok", "acceptée"),
    EtatPiece.REFUSEE: ("alerte", "à remplacer"),
}
PUCES_FICHIER = {
    PieceDossier.Etat.RECUE: "info",
    PieceDossier.Etat.ACCEPTEE: "ok",
    PieceDossier.Etat.REFUSEE: "alerte",
}
_GESTES = {t.geste: t.libelle for t in CYCLE_DOSSIER.transitions} | GESTES_DOSSIER


@dataclass(frozen=True, slots=True)
class LignePiece:
    """An expected piece (None: the others), its state, its files."""

    attendu: Attendu | None
    puce: str
    etat: str
    motif: str
    fichiers: tuple[tuple[PieceDossier, str], ...]


@dataclass(frozen=True, slots=True)
class Passage:
    """One entry of the journal, in words."""

    le: Any
    qui: str
    quoi: str
    motif: str


@dataclass(frozen=True, slots=True)
class PageDossier:
    """All that the page shows. A fixed number of queries, whatever the file holds."""

    pieces: tuple[LignePiece, ...]
    recues: int
    attendues: int
    demandes: tuple[DemandePiece, ...]
    calcul: Sequence[Mapping[str, Any]]
    calcul_fige: bool
    aide: Decimal | None
    phrase: str
    plan: tuple[Any, ...]
    part_du_maitre_d_ouvrage: Decimal | None
    silence: Silence | None
    jours_restants: int | None
    commencement: Commencement
    documents: tuple[DocumentEmis, ...]
    actes: tuple[ActeEmis, ...]
    rapport: LigneRapport | None
    historique: tuple[Passage, ...]

    @property
    def en_attente(self) -> list[DemandePiece]:
        return [d for d in self.demandes if d.est_en_attente]


def lignes_de_pieces(dossier: Dossier, pieces: Sequence[PieceDossier]) -> list[LignePiece]:
    """No query."""
    montrees = [p for p in pieces if p.etat != PieceDossier.Etat.RETIREE]
    completude = completude_de(dossier, montrees)
    lignes, connus = [], set()
    for attendu, etat, motif in completude.etats:
        connus.add(attendu.code)
        puce, mot = ETATS_PIECE[etat]
        lignes.append(LignePiece(attendu, puce, mot, motif, _fichiers(montrees, {attendu.code})))
    if autres := _fichiers(montrees, {p.code for p in montrees} - connus):
        lignes.append(LignePiece(None, "neutre", "", "", autres))
    return lignes


def _fichiers(pieces: Sequence[PieceDossier], codes: set[str]) -> tuple[tuple[PieceDossier, str], ...]:
    return tuple((p, PUCES_FICHIER[PieceDossier.Etat(p.etat)]) for p in pieces if p.code in codes)


def page_de(dossier: Dossier, le: date) -> PageDossier:
    """About twenty queries, whatever the file holds; ten less once the amount is proposed."""
    pieces = list(dossier.pieces.select_related("origine").order_by("code", "pk"))
    demandes = tuple(dossier.demandes.all())
    lignes = lignes_de_pieces(dossier, pieces)
    attendues = [x for x in lignes if x.attendu is not None]
    plan = tuple(dossier.financements.all())
    calcul, aide, phrase, fige = _calcul(dossier, le)
    silence = silence_du(dossier, demandes, le) if dossier.etat in EN_COURS else None
    autres = sum((f.montant for f in plan if f.statut != "refuse"), Decimal(0))
    part = None if dossier.cout_reel_ht is None else dossier.cout_reel_ht - autres - dossier.montant_en_jeu
    rapport = (
        LigneRapport.objects.filter(dossier=dossier).select_related("rapport").order_by("-pk").first()
        if dossier.propose_le
        else None
    )
    actes = actes_emis(dossier.demarche).get(dossier.fiche_id, []) if dossier.vote_le else []
    return PageDossier(
        pieces=tuple(lignes),
        recues=sum(x.etat in {"reçue", "acceptée"} for x in attendues),
        attendues=len(attendues),
        demandes=demandes,
        calcul=calcul,
        calcul_fige=fige,
        aide=aide,
        phrase=phrase,
        plan=plan,
        part_du_maitre_d_ouvrage=part,
        silence=silence,
        jours_restants=silence.jours_restants(le) if silence else None,
        commencement=commencement_du(dossier, le),
        documents=tuple(documents_de(dossier)),
        actes=tuple(actes),
        rapport=rapport,
        historique=tuple(historique_de(dossier)),
    )


def _calcul(dossier: Dossier, le: date) -> tuple[list[dict[str, Any]], Decimal | None, str, bool]:
    """The bounds frozen with the proposal, else those of today."""
    if dossier.calcul:
        lues = [
            {**b, "plafond": None if b["plafond"] is None else Decimal(b["plafond"])} for b in dossier.calcul
        ]
        return lues, dossier.montant_propose, "proposés à la commission.", True
    if dossier.etat in {EtatDossier.REJETE, EtatDossier.RETIRE}:
        return [], None, "", False
    aide = aide_de(dossier, le)
    if aide is None:
        return [], None, "", False
    bornes = [{**b, "plafond": x.plafond} for b, x in zip(figer(aide), aide.bornes, strict=True)]
    return bornes, aide.montant, aide.phrase, False


def montants_de(dossier: Dossier) -> list[tuple[str, Decimal]]:
    """The amounts that are known, in the order of the way. No query."""
    d = dossier
    lus = (
        ("Coût HT du contrat", d.cout_prevu_ht or None),
        ("Coût HT réel", d.cout_reel_ht),
        ("Dépense éligible réelle", d.assiette_reelle),
        ("Aide inscrite au contrat", d.montant_contractualise),
        ("Aide demandée", d.montant_demande),
        ("Aide proposée", d.montant_propose),
        ("Aide attribuée", d.montant_attribue),
    )
    return [(libelle, montant) for libelle, montant in lus if montant is not None]


def historique_de(dossier: Dossier) -> list[Passage]:
    """The latest first, sixty at most. One query."""
    entrees: Any = Entree.objects.filter(
        objet_type="subventions.dossier", objet_id=str(dossier.pk), demarche_id=dossier.demarche_id
    ).order_by("-numero")[:60]
    return [Passage(e.le, e.par_nom, _quoi(e), e.motif) for e in entrees]


def _quoi(entree: Entree) -> str:
    quoi = _GESTES.get(entree.geste, entree.geste.replace("_", " "))
    piece = (entree.apres or {}).get("piece")
    return f"{quoi} : {piece}" if piece else quoi
