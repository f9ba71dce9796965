"""The gestures that a page offers on a request: words, form, action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from arpent.metier.cycles.reserve import CYCLE_RESERVE
from arpent.plateforme.acteurs.models import Agent

from ..models import DemandeReserve
from . import actions, decisions, forms
from .droits import gestes_ouverts

Agir = Callable[[DemandeReserve, dict[str, Any], Agent], DemandeReserve]


@dataclass(frozen=True, slots=True)
class Geste:
    """`cycle`: its name in the table; `genre`: look of its button; `fait` is said once it is done."""

    code: str
    cycle: str
    libelle: str
    phrase: str
    fait: str
    form: type[forms.GesteForm]
    agir: Agir
    genre: str = "secondaire"


GESTES: dict[str, Geste] = {
    g.code: g
    for g in (
        Geste(
            "deposer", "deposer_demande_reserve", "Déposer la demande",
            "L’autorité la recevra. Vous ne pourrez plus la modifier, sauf si elle vous la renvoie.",
            "La demande est déposée.", forms.GesteForm,
            lambda d, _, par: actions.deposer(d, par=par), "principal",
        ),
        Geste(
            "instruire", "instruire_reserve", "Rendre l’avis du service",
            "L’avis éclaire la décision ; il ne réserve rien.",
            "L’avis est rendu.", forms.AvisForm,
            lambda d, lu, par: actions.instruire(d, lu["avis"], lu["motif"], par=par), "principal",
        ),
        Geste(
            "accorder", "accorder_reserve", "Accorder",
            "Le montant sort aussitôt de ce qui reste dans la réserve.",
            "L’aide est accordée ; le montant est réservé.", forms.AccordForm,
            lambda d, lu, par: decisions.accorder(
                d, lu["montant"], lu["motif"], acte=lu["acte"], acte_le=lu["acte_le"],
                derogation=lu["derogation"], par=par,
            ),
            "principal",
        ),
        Geste(
            "refuser", "refuser_reserve", "Refuser", "La réserve ne bouge pas. La décision est définitive.",
            "La demande est refusée.", forms.RefusForm,
            lambda d, lu, par: decisions.refuser(
                d, lu["motif"], acte=lu["acte"], acte_le=lu["acte_le"], par=par
            ),
        ),
        Geste(
            "tirer", "tirer_reserve", "Tirer sur la réserve",
            "Le montant accordé devient un engagement, par avenant ou par acte.",
            "Le montant est engagé.", forms.TirageForm,
            lambda d, lu, par: decisions.tirer(d, lu["voie"], lu["numero"], lu["le"], par=par), "principal",
        ),
        Geste(
            "completer", "completer_demande_reserve", "Demander un complément",
            "La demande revient au territoire, qui la complète et la dépose à nouveau.",
            "Le complément est demandé.", forms.ComplementForm,
            lambda d, lu, par: actions.demander_complement(d, lu["question"], par=par),
        ),
        Geste(
            "rendre", "rendre_reserve", "Libérer le montant",
            "Ce qui est accordé et n’est pas payé revient à la réserve. C’est définitif.",
            "Le montant est revenu à la réserve.", forms.RendreForm,
            lambda d, lu, par: decisions.rendre(d, lu["motif"], par=par),
        ),
        Geste(
            "retirer", "retirer_demande_reserve", "Retirer la demande",
            "Elle ne sera pas examinée. Vous pourrez en préparer une autre pour ce projet.",
            "La demande est retirée.", forms.RetraitForm,
            lambda d, lu, par: actions.retirer(d, lu["motif"], par=par),
        ),
    )
}  # fmt: skip


def gestes_de(agent: Agent, demande: DemandeReserve) -> list[Geste]:
    """Those that this agent may make now, the main one first. No query."""
    ouverts = {t.geste for t in gestes_ouverts(agent, demande)}
    return [g for g in GESTES.values() if g.cycle in ouverts]


def transition_de(geste: Geste) -> Any:
    return next(t for t in CYCLE_RESERVE.transitions if t.geste == geste.cycle)
