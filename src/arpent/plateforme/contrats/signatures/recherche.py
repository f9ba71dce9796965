"""What the pages of the signature share: reading a circuit or a place of one's own démarche."""

from __future__ import annotations

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.pieces import Envoi

from ..models import CircuitSignature, EmplacementSignature


def page_contrat(demarche: Demarche) -> str:
    return reverse("contrats:contrat", args=[demarche.slug]) + "#signature"


def nom_de_l_acte(circuit: CircuitSignature) -> str:
    """What is signed there: « Contrat », « Avenant n° 2 »."""
    return str(circuit.avenant) if circuit.avenant else "Contrat"


def du_nom_de_l_acte(circuit: CircuitSignature) -> str:
    """« du contrat », « de l’avenant n° 2 »."""
    return f"de l’avenant n°\u00a0{circuit.avenant.numero}" if circuit.avenant else "du contrat"


def page_de_l_acte(circuit: CircuitSignature) -> str:
    """The page of the contract or of the avenant, at its signatures. No query once its démarche is read."""
    demarche = circuit.contrat.demarche
    if circuit.avenant_id is None:
        return page_contrat(demarche)
    return reverse("contrats:avenant", args=[demarche.slug, circuit.avenant_id]) + "#signature"


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
