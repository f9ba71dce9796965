"""The signatures of a contract as a page shows them. A fixed number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, QuerySet

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.models import DocumentEmis

from ..droits import peut_signer, peut_suivre_signature
from ..models import Avenant, CircuitSignature, Contrat, EmplacementSignature

Etat, Canal = EmplacementSignature.Etat, EmplacementSignature.Canal
GENRES = {Etat.ATTENDUE: "neutre", Etat.RECUEILLIE: "ok", Etat.REFUSEE: "non"}
GENRES_CIRCUIT = {
    CircuitSignature.Etat.OUVERT: "info",
    CircuitSignature.Etat.COMPLET: "ok",
    CircuitSignature.Etat.ABANDONNE: "neutre",
}
A_FAIRE = {
    "": "Choisir comment signer",
    Canal.ELECTRONIQUE: "Signer avec le certificat",
    Canal.CONSENTEMENT: "Donner son consentement",
    Canal.PAPIER: "Faire signer l’exemplaire imprimé",
    Canal.PARAPHEUR: "Faire signer dans le parapheur",
}


@dataclass(frozen=True, slots=True)
class PlaceLue:
    """A place, and what the reader may do of it. `tour`: nobody has to sign before."""

    place: EmplacementSignature
    peut_signer: bool
    peut_suivre: bool
    tour: bool

    @property
    def genre(self) -> str:
        return GENRES[Etat(self.place.etat)]

    @property
    def recueillie(self) -> bool:
        return self.place.etat == Etat.RECUEILLIE

    @property
    def demonstration(self) -> bool:
        return bool((self.place.preuve.get("certificat") or {}).get("demonstration"))

    @property
    def a_faire(self) -> str:
        """What the party has to do now; empty when nothing is awaited of it."""
        if self.place.etat == Etat.REFUSEE:
            return "Reprendre contact, puis choisir à nouveau un canal"
        if self.place.etat == Etat.RECUEILLIE:
            return ""
        return A_FAIRE[self.place.canal] if self.tour else "Attendre son tour"


@dataclass(frozen=True, slots=True)
class CircuitLu:
    circuit: CircuitSignature
    places: tuple[PlaceLue, ...]

    @property
    def genre(self) -> str:
        return GENRES_CIRCUIT[CircuitSignature.Etat(self.circuit.etat)]

    @property
    def ouvert(self) -> bool:
        return self.circuit.etat == CircuitSignature.Etat.OUVERT

    @property
    def faites(self) -> int:
        return sum(p.recueillie for p in self.places)

    @property
    def attendues(self) -> tuple[PlaceLue, ...]:
        return tuple(p for p in self.places if p.place.etat == Etat.ATTENDUE)


def places_attendues() -> QuerySet[EmplacementSignature]:
    """The places of every circuit under way where a signature is awaited."""
    return EmplacementSignature.objects.filter(etat=Etat.ATTENDUE, circuit__etat=CircuitSignature.Etat.OUVERT)


def lire_circuits(
    contrat: Contrat, agent: Agent, demarche: Demarche, *, avenant: Avenant | None = None
) -> list[CircuitLu]:
    """The circuits of a contract, or of one of its avenants, the last one first. Two queries."""
    places = (
        EmplacementSignature.objects.select_related("partie__organisation", "document")
        .defer("document__donnees")
        .order_by("ordre", "pk")
    )
    circuits = (
        CircuitSignature.objects.filter(contrat=contrat, avenant=avenant)
        .select_related("document", "revision")
        .defer("document__donnees", "revision__donnees")
        .prefetch_related(Prefetch("emplacements", places))
        .order_by("-pk")
    )
    return [lire_circuit(c, agent, demarche) for c in circuits]


def lire_circuit(circuit: CircuitSignature, agent: Agent, demarche: Demarche) -> CircuitLu:
    """One circuit whose places are loaded."""
    places: Sequence[EmplacementSignature] = list(circuit.emplacements.all())
    lues, libre = [], True
    for place in places:
        lues.append(
            PlaceLue(
                place,
                bool(peut_signer(agent, place.partie, demarche)),
                bool(peut_suivre_signature(agent, place.partie, demarche)),
                libre or not circuit.ordre_impose,
            )
        )
        libre = libre and place.etat == Etat.RECUEILLIE
    return CircuitLu(circuit, tuple(lues))


def documents_du_circuit(circuit: CircuitSignature) -> list[DocumentEmis]:
    """Every file of a circuit, in the order they came. One query."""
    return list(
        DocumentEmis.objects.filter(objet_type=circuit._meta.label_lower, objet_id=str(circuit.pk)).order_by(
            "pk"
        )
    )


def signatures_json(contrat: Contrat, avenant: Avenant | None = None) -> list[dict[str, Any]]:
    """The circuits of the contract, or of that avenant, as plain values, for the command line."""
    circuits = CircuitSignature.objects.filter(contrat=contrat, avenant=avenant)
    circuits = circuits.select_related("document", "revision")
    return [
        {
            "circuit": c.pk,
            "objet": c.objet,
            "etat": c.etat,
            "ordre_impose": c.ordre_impose,
            "document": c.document.sha256,
            "revision": c.revision.sha256,
            "motif": c.motif,
            "signatures": [
                {
                    "partie": p.partie.organisation.nom,
                    "siren": p.partie.organisation.siren,
                    "ordre": p.ordre,
                    "signataire": p.signataire,
                    "qualite": p.qualite,
                    "delegation": p.delegation,
                    "canal": p.canal,
                    "etat": p.etat,
                    "signee_le": p.signee_le.isoformat() if p.signee_le else None,
                    "sha256": p.sha256,
                    "motif": p.motif,
                }
                for p in c.emplacements.select_related("partie__organisation").order_by("ordre", "pk")
            ],
        }
        for c in circuits.order_by("-pk")
    ]
