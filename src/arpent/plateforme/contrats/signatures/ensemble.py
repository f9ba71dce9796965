"""Signing day: every signature that awaits one body, over all its contracts, given in one go.

Each contract keeps its own circuit and its own transaction: one that is refused stops no other.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche

from .. import adresses
from ..droits import peut_signer, peut_suivre_signature
from ..exigences import ContratRefuse
from ..models import EmplacementSignature
from .electronique import signer_electronique
from .lecture import A_FAIRE, Canal, Etat, places_attendues

ENSEMBLE_MAX = 40
"""Signatures of one request, about a third of a second each; the command line has no such bound."""


@dataclass(frozen=True, slots=True)
class LigneSignature:
    """A place awaited. `signable`: the reader may sign it now, with a certificate."""

    demarche: Demarche
    place: EmplacementSignature
    tour: bool
    signable: bool

    @property
    def objet(self) -> str:
        """« Avenant n° 2 »; of a contract, which one: a territory may sign one for each signatory."""
        circuit = self.place.circuit
        return adresses.nom(circuit.avenant) if circuit.avenant else circuit.objet

    @property
    def a_faire(self) -> str:
        return A_FAIRE[self.place.canal] if self.tour else "Attendre son tour"


@dataclass(frozen=True, slots=True)
class Issue:
    """What came of one place. `refus` empty: signed."""

    place: EmplacementSignature
    refus: str = ""


def signatures_attendues(agent: Agent) -> list[LigneSignature]:
    """The signatures awaited that the agent may give or follow, by territory. Three queries."""
    demarches = {
        d.pk: d
        for d in Demarche.objects.visibles_par(agent).avec_contexte().filter(contrat__circuits__etat="ouvert")
        if peut_sur(agent, "contrat.voir", d)
    }
    places = (
        EmplacementSignature.objects.filter(
            circuit__etat="ouvert", circuit__contrat__demarche__in=list(demarches)
        )
        .select_related("partie__organisation", "circuit__contrat", "circuit__avenant")
        .order_by("circuit__contrat__demarche__territoire__nom", "circuit", "ordre", "pk")
    )
    lignes, precedent, libre = [], 0, True
    for place in places:
        if place.circuit_id != precedent:
            precedent, libre = place.circuit_id, True
        tour = libre or not place.circuit.ordre_impose
        libre = libre and place.etat == Etat.RECUEILLIE
        demarche = demarches[place.circuit.contrat.demarche_id]
        signe = bool(peut_signer(agent, place.partie, demarche))
        if place.etat == Etat.ATTENDUE and (signe or peut_suivre_signature(agent, place.partie, demarche)):
            electronique = place.canal in {"", Canal.ELECTRONIQUE}
            lignes.append(LigneSignature(demarche, place, tour, signe and tour and electronique))
    return lignes


def du_corps(siren: str, dispositif: str) -> list[EmplacementSignature]:
    """The places awaited of that body in the contracts of a dispositif, by territory. One query."""
    places = places_attendues().filter(
        partie__organisation__siren=siren,
        circuit__contrat__demarche__version_processus__processus__dispositif__slug=dispositif,
    )
    return list(
        places.select_related("circuit__contrat__demarche__territoire", "partie__organisation").order_by(
            "circuit__contrat__demarche__territoire__nom", "circuit"
        )
    )


def signer_ensemble(
    places: Iterable[EmplacementSignature], pkcs12: bytes, mot_de_passe: str, *, par: Agent | None
) -> list[Issue]:
    """Signs each with that certificate; a refusal is kept with its place, the others go on."""
    issues = []
    for place in places:
        try:
            issues.append(Issue(signer_electronique(place, pkcs12, mot_de_passe, par=par)))
        except (ContratRefuse, TransitionRefusee) as refus:
            issues.append(Issue(place, str(refus)))
    return issues
