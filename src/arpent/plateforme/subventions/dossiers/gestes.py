"""The gestures that a page offers on a file: words, form, action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from arpent.metier.cycles import CYCLE_DOSSIER, Transition
from arpent.plateforme.acteurs.models import Agent

from ..models import Dossier
from . import actions, decisions, forms, instruction
from .droits import gestes_ouverts

Agir = Callable[[Dossier, dict[str, Any], Agent, date], Dossier]


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

    @property
    def transition(self) -> Transition:
        return next(t for t in CYCLE_DOSSIER.transitions if t.geste == self.cycle)


GESTES: dict[str, Geste] = {
    g.code: g
    for g in (
        Geste(
            "deposer", "deposer_dossier", "Déposer le dossier",
            "L’autorité le recevra. Vous ne pourrez plus le modifier, sauf si elle vous demande une pièce.",
            "Le dossier est déposé.", forms.GesteForm,
            lambda d, _, par, le: actions.deposer(d, par=par, le=le), "principal",
        ),
        Geste(
            "accuser", "accuser_dossier", "Reconnaître complet",
            "L’accusé part au maître d’ouvrage : il peut commencer les travaux. Cela ne promet aucune aide.",
            "Le dossier est reconnu complet, l’accusé est émis.", forms.GesteForm,
            lambda d, _, par, le: instruction.accuser(d, par=par, le=le), "principal",
        ),
        Geste(
            "proposer", "proposer_aide", "Proposer un montant",
            "Le montant sera porté à la commission permanente avec le calcul de ce jour.",
            "L’aide est proposée : portez-la dans un rapport.", forms.PropositionForm,
            lambda d, lu, par, le: instruction.proposer(d, lu["montant"], lu["motif"], par=par, le=le),
            "principal",
        ),
        Geste(
            "notifier", "notifier_dossier", "Notifier l’aide",
            "La lettre d’attribution est émise si elle ne l’est pas, et le maître d’ouvrage est prévenu.",
            "L’aide est notifiée.", forms.GesteForm,
            lambda d, _, par, le: decisions.notifier_l_aide(d, par=par, le=le), "principal",
        ),
        Geste(
            "reprendre", "reprendre_dossier", "Reprendre la proposition",
            "Le dossier redevient complet : vous proposerez un autre montant.",
            "La proposition est reprise.", forms.GesteForm,
            lambda d, _, par, __: instruction.reprendre(d, par=par),
        ),
        Geste(
            "rejeter", "rejeter_dossier", "Rejeter le dossier",
            "C’est définitif. Le maître d’ouvrage pourra préparer un autre dossier sur la même ligne.",
            "Le dossier est rejeté.", forms.MotifForm,
            lambda d, lu, par, le: instruction.rejeter(d, lu["motif"], par=par, le=le), "discret",
        ),
        Geste(
            "retirer", "retirer_dossier", "Retirer le dossier",
            "Il ne sera pas examiné. Vous pourrez en préparer un autre sur la même ligne du contrat.",
            "Le dossier est retiré.", forms.MotifFacultatifForm,
            lambda d, lu, par, le: actions.retirer(d, lu["motif"], par=par, le=le), "discret",
        ),
    )
}  # fmt: skip


def gestes_de(agent: Agent, dossier: Dossier) -> list[Geste]:
    """Those that this agent may make now, the main one first."""
    ouverts = {t.geste for t in gestes_ouverts(agent, dossier)}
    return [g for g in GESTES.values() if g.cycle in ouverts]
