"""Who prepares, examines and decides, and which gestures of a file are open to a person now."""

from __future__ import annotations

from arpent.metier.cycles import CYCLE_DOSSIER, Transition
from arpent.metier.cycles.dossier import DECIDER, DEPOSER, EN_COURS, INSTRUIRE, EtatDossier
from arpent.plateforme.acteurs.droits import ACCORDE, Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.droits import peut_sur_le_theme

from ..models import Dossier

VOIR = "dossier.voir"
LIRE_PIECES = "piece.lire"
"""Open the files joined to a file or to a payment: invoices, bank details. Not for guests."""
MODIFIABLES = frozenset({EtatDossier.BROUILLON.value, EtatDossier.A_COMPLETER.value})
AILLEURS = frozenset({"voter_aide", "solder_dossier", "constater_caducite", "demander_piece"})
"""Gestures of the report, of the payments, or of a piece: not offered beside the file."""


def porteurs_de(agent: Agent, demarche: Demarche) -> set[int] | None:
    """The owners for which the agent files on that territory; None: all of them. No query."""
    ids: set[int] = set()
    for h in agent.habilitations_en_cours:
        if DEPOSER not in h.definition.droits:
            continue
        if h.definition.portee is Portee.TOUT:
            return None
        if h.territoire_id != demarche.territoire_id:
            continue
        if h.definition.portee is Portee.TERRITOIRE and h.organisation_id is None:
            return None
        ids.add(h.organisation_id or 0)
    return ids


def peut_deposer_pour(agent: Agent, demarche: Demarche, organisation_id: int, nom: str) -> Avis:
    """Whether the agent files for that owner. No query."""
    if not (avis := peut_sur(agent, DEPOSER, demarche)):
        return avis
    porteurs = porteurs_de(agent, demarche)
    if porteurs is None or organisation_id in porteurs:
        return ACCORDE
    return Avis(
        False, f"Ce dossier est celui de {nom} : seules les personnes de cette structure le préparent."
    )


def peut_preparer(agent: Agent, dossier: Dossier) -> Avis:
    return peut_deposer_pour(agent, dossier.demarche, dossier.maitre_ouvrage_id, dossier.maitre_ouvrage.nom)


def peut_modifier(agent: Agent, dossier: Dossier) -> Avis:
    """The file changes while it is in the hands of its owner."""
    if not (avis := peut_preparer(agent, dossier)):
        return avis
    if dossier.etat in MODIFIABLES:
        return ACCORDE
    suite = (
        "le service instructeur peut vous demander une pièce, le dossier vous revient alors."
        if dossier.etat in EN_COURS
        else "il ne se modifie plus."
    )
    return Avis(False, f"Le dossier est « {dossier.get_etat_display().lower()} » : {suite}")


def peut_instruire(agent: Agent, dossier: Dossier) -> Avis:
    """The service of the theme. One query at most, as `peut_sur_le_theme`."""
    dossier.fiche.demarche = dossier.demarche
    return peut_sur_le_theme(agent, INSTRUIRE, dossier.fiche)


def peut_decider(agent: Agent, dossier: Dossier) -> Avis:
    dossier.fiche.demarche = dossier.demarche
    return peut_sur_le_theme(agent, DECIDER, dossier.fiche)


def peut_geste(agent: Agent, dossier: Dossier, transition: Transition) -> Avis:
    match transition.droit:
        case "dossier.deposer":
            return peut_preparer(agent, dossier)
        case "dossier.instruire":
            return peut_instruire(agent, dossier)
        case _:
            return peut_decider(agent, dossier)


def gestes_ouverts(agent: Agent, dossier: Dossier) -> list[Transition]:
    """The gestures of the cycle that this agent may make now."""
    return [
        t
        for t in CYCLE_DOSSIER.gestes_possibles(dossier.etat)
        if t.geste not in AILLEURS and peut_geste(agent, dossier, t)
    ]
