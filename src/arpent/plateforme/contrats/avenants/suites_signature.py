"""What a signature collected in the circuit of an avenant asks of it, and does to it."""

from __future__ import annotations

from datetime import date

from arpent.plateforme.acteurs.models import Agent

from ..models import Avenant
from .actions import franchir, verrouiller_avenant
from .lecture import AvenantRefuse
from .votes_avenant import exiger_votes_de


def exiger_signable(avenant: Avenant, signe_le: date) -> None:
    """Its votes hold, and it does not count for the past. AvenantRefuse says what to do."""
    if avenant.date_effet is not None and avenant.date_effet < signe_le:
        raise AvenantRefuse(
            f"La date d’effet ({avenant.date_effet:%d/%m/%Y}) précède la signature ({signe_le:%d/%m/%Y}) : "
            "un avenant ne vaut pas pour le passé. Reprenez sa préparation, puis choisissez une autre date."
        )
    exiger_votes_de(avenant, date.today())


def noter_signe(avenant: Avenant, signe_le: date, *, par: Agent | None) -> Avenant:
    """Its circuit is complete: it waits for its date of effect. The lock of the contract is held."""
    avenant = verrouiller_avenant(avenant)
    return franchir(avenant, "constater_signature_avenant", {"signe_le": signe_le}, par=par)
