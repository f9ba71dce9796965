"""What the life of the contract does to its circuits: counted, closed, kept in step with the parties."""

from __future__ import annotations

from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner

from ..models import Avenant, CircuitSignature, Contrat, EmplacementSignature, Partie

OUVERT, COMPLET, ABANDONNE = (
    CircuitSignature.Etat.OUVERT, CircuitSignature.Etat.COMPLET, CircuitSignature.Etat.ABANDONNE,
)  # fmt: skip


def fermer_les_circuits(
    contrat: Contrat, motif: str, *, par: Agent | None, avenant: Avenant | None = None
) -> int:
    """Abandons the circuits still open, of the contract and its avenants, or of that avenant alone.

    The caller holds the lock of the contract. Returns how many.
    """
    circuits = CircuitSignature.objects.select_for_update(of=("self",)).filter(contrat=contrat, etat=OUVERT)
    ouverts = list(circuits.filter(avenant=avenant) if avenant is not None else circuits)
    for circuit in ouverts:
        clore(circuit, motif, par=par, demarche_id=contrat.demarche_id)
    return len(ouverts)


def clore(circuit: CircuitSignature, motif: str, *, par: Agent | None, demarche_id: int) -> None:
    """Everything collected stays; the circuit no longer counts."""
    circuit.etat, circuit.motif, circuit.clos_le = ABANDONNE.value, motif[:500], timezone.now()
    circuit.save(update_fields=["etat", "motif", "clos_le"])
    consigner(
        "abandonner_signature", sur=circuit, par=par, demarche_id=demarche_id, motif=motif,
        avant={"etat": OUVERT.value}, apres={"etat": ABANDONNE.value},
    )  # fmt: skip


def suivre_le_signataire(partie: Partie) -> None:
    """The places still awaited name whoever signs now. One query."""
    EmplacementSignature.objects.filter(
        partie=partie, circuit__etat=OUVERT, etat=EmplacementSignature.Etat.ATTENDUE
    ).update(signataire=partie.signataire, qualite=partie.qualite, delegation=partie.delegation)


def avancement(contrat: Contrat) -> str:
    """« , 2 signatures sur 5 » of the circuit of the contract, empty without one. One query."""
    places = EmplacementSignature.objects.filter(circuit__contrat=contrat, circuit__avenant__isnull=True)
    etats = list(places.filter(circuit__etat__in=(OUVERT, COMPLET)).values_list("etat", flat=True))
    if not etats:
        return ""
    faites = etats.count(EmplacementSignature.Etat.RECUEILLIE.value)
    return f", {faites} signature{'s' if faites > 1 else ''} sur {len(etats)}"
