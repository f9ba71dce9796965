"""What the pages of the signature share: reading a circuit or a place of one's own démarche."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.socle.envois import Envoi

from .. import adresses
from ..models import CircuitSignature, EmplacementSignature


def page_de_l_acte(circuit: CircuitSignature) -> str:
    """The page of what is signed, at its signatures. No query once its démarche and avenant are read."""
    return adresses.page(circuit.contrat.demarche, circuit.avenant, "signature")


def circuit_lu(demarche: Demarche, pk: int) -> CircuitSignature:
    places = EmplacementSignature.objects.select_related("partie__organisation", "document").order_by(
        "ordre", "pk"
    )
    circuits = CircuitSignature.objects.select_related("contrat__demarche", "avenant", "document", "revision")
    return get_object_or_404(
        circuits.prefetch_related(Prefetch("emplacements", places)), pk=pk, contrat__demarche=demarche
    )


def place_lue(demarche: Demarche, pk: int) -> EmplacementSignature:
    places = EmplacementSignature.objects.select_related(
        "circuit__contrat__demarche",
        "circuit__avenant",
        "circuit__document",
        "circuit__revision",
        "partie__organisation",
        "document",
    )
    return get_object_or_404(places, pk=pk, circuit__contrat__demarche=demarche)


def envoi_de(fichier: Any) -> Envoi:
    return Envoi(fichier.name, fichier.read())
