"""What the pages of the payments show: the chain of amounts, what can be paid, what is planned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from arpent.metier.cycles import EtatDossier
from arpent.metier.cycles.versement import CERTIFIER, PAYER, EtatProrogation, EtatReversement, EtatVersement
from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, LIBELLES_ETAT_ECHEANCE, EtatEcheance
from arpent.metier.versements import LIBELLES_GENRE, GenreVersement, Payable, refus_montant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.groupes_maquette import dire_echeancier
from arpent.plateforme.negociations.sorties import echeancier_de
from arpent.plateforme.socle.pieces import Part

from ..echeances.faits import situation_de
from ..models import DemandeVersement, Dossier
from .compte import Compte, exemple_source, lire_compte
from .droits import peut_demander, peut_service
from .gestes import gestes_du_reversement
from .suites import obstacle_au_solde

V = EtatVersement
PUCES: dict[str, str] = {
    V.BROUILLON.value: "neutre", V.DEPOSEE.value: "info", V.A_COMPLETER.value: "alerte",
    V.CERTIFIEE.value: "info", V.PAYEE.value: "ok", V.REFUSEE.value: "non", V.RETIREE.value: "neutre",
}  # fmt: skip
PUCES_ECHEANCE: dict[str, str] = {
    EtatEcheance.TENUE: "ok", EtatEcheance.TENUE_EN_RETARD: "alerte", EtatEcheance.DEPASSEE: "non",
    EtatEcheance.PROCHE: "alerte", EtatEcheance.A_VENIR: "info", EtatEcheance.NON_REGLEE: "neutre",
    EtatEcheance.EN_ATTENTE: "neutre",
}  # fmt: skip
PUCES_REVERSEMENT: dict[str, str] = {
    EtatReversement.DEMANDE.value: "alerte", EtatReversement.RECOUVRE.value: "ok",
    EtatReversement.ABANDONNE.value: "neutre",
}  # fmt: skip
PUCES_PROROGATION: dict[str, str] = {
    EtatProrogation.DEMANDEE.value: "alerte", EtatProrogation.ACCORDEE.value: "ok",
    EtatProrogation.REFUSEE.value: "non", EtatProrogation.RETIREE.value: "neutre",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LignePayable:
    """What one kind lets pay today; `maximum`: with the whole expense justified, None when nothing more."""

    genre: GenreVersement
    libelle: str
    payable: Payable
    maximum: Decimal | None = None


@dataclass(frozen=True, slots=True)
class LigneEcheance:
    """One deadline with its words."""

    libelle: str
    le: date | None
    puce: str
    etat: str
    calcul: str
    jours: int | None


def parts_de_la_jauge(compte: Compte) -> list[Part]:
    """What is paid, what is certified and waits for its mandate, what is withheld."""
    certifie = sum(
        (d.montant_certifie or Decimal(0) for d in compte.demandes if d.etat == V.CERTIFIEE.value), Decimal(0)
    )
    parts = [
        Part("versé", compte.aide.verse),
        Part("certifié, à mettre en paiement", certifie, "autre"),
        Part("retenu", compte.aide.retenu, "propose"),
    ]
    return [p for p in parts if p.valeur > 0]


def lignes_payables(compte: Compte) -> list[LignePayable]:
    return [
        LignePayable(g, LIBELLES_GENRE[g], compte.payable(g), _au_plus(compte, g)) for g in GenreVersement
    ]


def _au_plus(compte: Compte, genre: GenreVersement) -> Decimal | None:
    """What new expenses would open: an advance needs none."""
    if genre is GenreVersement.AVANCE or compte.aide.assiette is None:
        return None
    lu = compte.payable(genre, compte.aide.assiette)
    return lu.montant if lu.montant and not lu.refus else None


def page_des_versements(agent: Agent, dossier: Dossier, today: date) -> dict[str, Any]:
    """Eleven queries at most."""
    compte = lire_compte(dossier)
    dispositif = dossier.demarche.processus.dispositif
    parts, source = echeancier_de(dispositif)
    situation = situation_de(dossier, today)
    ouvert = dossier.etat == EtatDossier.NOTIFIE.value
    demandeur = bool(peut_demander(agent, dossier))
    paie = bool(peut_service(agent, PAYER, dossier))
    return {
        "compte": compte,
        "parts": parts_de_la_jauge(compte),
        "demandes": [
            (d, PUCES[d.etat]) for d in compte.demandes if demandeur or d.etat != V.BROUILLON.value
        ],
        "payables": lignes_payables(compte) if ouvert else [],
        "exemple": None if compte.regles.saisies else exemple_source(today),
        "prevus": [
            (LIBELLES_GENRE[p.genre], p, p.le < today) for p in (compte.prevus(parts) if ouvert else ())
        ],
        "echeancier": "" if compte.regles.saisies else dire_echeancier(parts, source),
        "retenues": compte.retenues,
        "reversements": [
            (r, PUCES_REVERSEMENT[r.etat], gestes_du_reversement(agent, r)) for r in _avec(compte, dossier)
        ],
        "echeances": [
            LigneEcheance(
                LIBELLES_ECHEANCE[e.genre], e.le, PUCES_ECHEANCE[e.etat], LIBELLES_ETAT_ECHEANCE[e.etat],
                e.calcul, e.jours,
            )
            for e in situation.echeances
        ],
        "situation": situation,
        "prorogations": [(p, PUCES_PROROGATION[p.etat]) for p in dossier.prorogations.all()],
        "ouvert": ouvert,
        "peut_demander": ouvert and demandeur and compte.ouverte is None,
        "peut_declarer": ouvert and demandeur,
        "peut_lever": ouvert and bool(peut_service(agent, CERTIFIER, dossier)),
        "peut_decider": bool(peut_service(agent, "dossier.decider", dossier)),
        "peut_reverser": paie and compte.aide.verse > 0,
        "peut_solder": ouvert and paie and not obstacle_au_solde(dossier),
    }  # fmt: skip


def _avec(compte: Compte, dossier: Dossier) -> Any:
    for r in compte.reversements:
        r.dossier = dossier
        yield r


def page_du_versement(demande: DemandeVersement) -> dict[str, Any]:
    """The arithmetic: frozen once certified, of today before. Five queries at most."""
    figees = demande.calcul
    compte = lire_compte(demande.dossier)
    calcule = None if figees else compte.payable(demande.genre, demande.depenses)
    return {
        "demande": demande,
        "puce": PUCES[demande.etat],
        "bornes": figees,
        "payable": calcule,
        "alerte_montant": refus_montant(demande.montant_demande, calcule, "x") if calcule else "",
        "compte": compte,
        "attendues": compte.regles.pieces_de(demande.genre),
        "pieces": list(demande.pieces.filter(retiree_le=None)),
        "retenues": list(demande.retenues.all()),
    }
