"""Opening the signature of an avenant: the circuit on its frozen PDF, a place for each party that signs."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from arpent.metier.avenants import Piste
from arpent.metier.cycles import CYCLE_AVENANT, EtatAvenant
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.models import DocumentEmis

from ..exigences import enumerer
from ..models import Avenant, CircuitSignature, EmplacementSignature
from ..signatures.circuits import ouvrir_circuit, prevenir_les_parties
from .actions import exiger_en_vigueur, franchir, verrouiller_avenant
from .documents import signataires
from .lecture import AvenantRefuse
from .votes_avenant import exiger_votes_de


@transaction.atomic
def ouvrir_signature(
    avenant: Avenant, *, par: Agent | None, le: date, acte: str = "", ordre_impose: bool = False
) -> CircuitSignature:
    """Every vote of the track is there, and exécutoire: its circuit is opened, the parties are told.

    `acte`: number of the act of the president, asked for on the simple track. Once it is in signature, opens
    another circuit after one that was abandoned. AvenantRefuse names what is missing.
    """
    avenant = verrouiller_avenant(avenant)
    exiger_en_vigueur(avenant.contrat)
    exiger_votes_de(avenant, le)
    if avenant.etat != EtatAvenant.SIGNATURE:
        avenant = _passer_en_signature(avenant, acte.strip()[:120], par)
    parties = signataires(avenant)
    document, numero = _document(avenant)
    circuit = ouvrir_circuit(
        avenant.contrat, document, parties, ordre_impose=ordre_impose, par=par, numero=numero,
        objet=f"{avenant} au contrat de {avenant.contrat.demarche.territoire.nom}, version {numero}",
        avenant=avenant,
    )  # fmt: skip
    prevenir_les_parties(circuit, parties, sujet=f"L’avenant n°\u00a0{avenant.numero} est à signer", par=par)
    return circuit


def _passer_en_signature(avenant: Avenant, acte: str, par: Agent | None) -> Avenant:
    CYCLE_AVENANT.franchir("ouvrir_signature_avenant", avenant.etat)
    simple = avenant.piste == Piste.SIMPLE.value
    if avenant.etat == EtatAvenant.PROPOSE and not simple:
        raise AvenantRefuse("Cet avenant est voté par les assemblées : soumettez-le d’abord.")
    if simple and not acte:
        raise AvenantRefuse("Écrivez le numéro de l’acte du président qui décide cet avenant.")
    return franchir(avenant, "ouvrir_signature_avenant", {"acte": acte if simple else ""}, par=par)


def _document(avenant: Avenant) -> tuple[DocumentEmis, int]:
    """The PDF of the version proposed, and its number."""
    version = avenant.versions.defer("donnees").order_by("-numero").first()
    document = version.documents.filter(genre="avenant", format="pdf").first() if version else None
    if version is None or document is None:
        raise AvenantRefuse(
            "Le PDF de cet avenant manque : reprenez sa préparation, puis proposez-le à nouveau."
        )
    return document, version.numero


def exiger_signe(avenant: Avenant) -> None:
    """While it is in signature, names who has not signed yet. Two queries then, none otherwise."""
    if avenant.etat != EtatAvenant.SIGNATURE:
        return
    circuit = avenant.circuits.exclude(etat=CircuitSignature.Etat.ABANDONNE).first()
    if circuit is None:
        raise AvenantRefuse(
            "Aucune signature n’est recueillie : ouvrez le circuit de signature de l’avenant. Un exemplaire "
            "signé sur papier y entre aussi."
        )
    attendues = circuit.emplacements.exclude(etat=EmplacementSignature.Etat.RECUEILLIE).order_by("ordre")
    noms = list(attendues.values_list("partie__organisation__nom", flat=True))
    raise AvenantRefuse(f"Il manque la signature de {enumerer(noms)}.")
