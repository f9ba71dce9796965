"""The gestures that a page offers on a request, a withholding or a repayment: words, form, action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from arpent.metier.cycles import CYCLE_REVERSEMENT, CYCLE_VERSEMENT, Cycle
from arpent.plateforme.acteurs.models import Agent

from ..models import DemandeVersement, Reversement
from . import actions, forms, suites
from .droits import peut_sur_dossier

Agir = Callable[[Any, forms.GesteForm, Agent, date], object]


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
            "deposer", "deposer_demande_versement", "Déposer la demande",
            "L’autorité la recevra. Vous ne pourrez plus la modifier, sauf si elle vous la renvoie.",
            "La demande de versement est déposée.", forms.GesteForm,
            lambda d, _, par, le: actions.deposer(d, par=par, le=le), "principal",
        ),
        Geste(
            "certifier", "certifier_service_fait", "Certifier le service fait",
            "Vous attestez que la dépense est faite et éligible. Le montant et son calcul sont gardés.",
            "Le service fait est certifié.", forms.CertifierForm,
            lambda d, f, par, le: actions.certifier(d, f.certification, par=par, le=le),  # type: ignore[attr-defined]
            "principal",
        ),
        Geste(
            "payer", "mettre_en_paiement", "Noter la mise en paiement",
            "Le montant s’ajoute au payé, dans les crédits du territoire. C’est définitif.",
            "La mise en paiement est notée.", forms.PayerForm,
            lambda d, f, par, le: actions.payer(
                d, f.cleaned_data["mandat"], f.cleaned_data["mandat_le"], par=par, le=le
            ),
            "principal",
        ),
        Geste(
            "completer", "completer_demande_versement", "Demander une pièce",
            "La demande revient au bénéficiaire, qui la complète et la dépose à nouveau.",
            "Le complément est demandé.", forms.ComplementForm,
            lambda d, f, par, _: actions.completer(d, f.cleaned_data["question"], par=par),
        ),
        Geste(
            "reprendre", "reprendre_certification", "Reprendre la certification",
            "Le montant certifié et la retenue s’effacent : la demande est à examiner de nouveau.",
            "La certification est reprise.", forms.MotifForm,
            lambda d, f, par, _: actions.reprendre(d, f.cleaned_data["motif"], par=par),
        ),
        Geste(
            "refuser", "refuser_versement", "Refuser le versement",
            "Le bénéficiaire lira le motif. Il pourra préparer une autre demande.",
            "Le versement est refusé.", forms.MotifForm,
            lambda d, f, par, _: actions.refuser(d, f.cleaned_data["motif"], par=par),
        ),
        Geste(
            "retirer", "retirer_demande_versement", "Retirer la demande",
            "Elle ne sera pas examinée. Vous pourrez en préparer une autre.",
            "La demande de versement est retirée.", forms.RetraitForm,
            lambda d, f, par, _: actions.retirer(d, f.cleaned_data["motif"], par=par),
        ),
    )
}  # fmt: skip
GESTES_REVERSEMENT: dict[str, Geste] = {
    g.code: g
    for g in (
        Geste(
            "recouvrer", "recouvrer_reversement", "Noter le recouvrement",
            "Le montant se retire du payé, dans les crédits du territoire. C’est définitif.",
            "Le recouvrement est noté.", forms.RecouvrerForm,
            lambda r, f, par, le: suites.recouvrer(
                r, f.cleaned_data["titre"], f.cleaned_data["recouvre_le"], par=par, le=le
            ),
            "principal",
        ),
        Geste(
            "abandonner", "abandonner_reversement", "Abandonner le reversement",
            "Rien ne sera recouvré. Le motif reste au journal.",
            "Le reversement est abandonné.", forms.MotifForm,
            lambda r, f, par, _: suites.abandonner(r, f.cleaned_data["motif"], par=par),
        ),
    )
}  # fmt: skip


def droit_de(geste: Geste, cycle: Cycle) -> str:
    return next(t.droit for t in cycle.transitions if t.geste == geste.cycle)


def gestes_de(agent: Agent, demande: DemandeVersement) -> list[Geste]:
    """Those that this agent may make now, the main one first."""
    return _ouverts(agent, GESTES, CYCLE_VERSEMENT, demande)


def gestes_du_reversement(agent: Agent, reversement: Reversement) -> list[Geste]:
    return _ouverts(agent, GESTES_REVERSEMENT, CYCLE_REVERSEMENT, reversement)


def _ouverts(agent: Agent, gestes: dict[str, Geste], cycle: Cycle, objet: Any) -> list[Geste]:
    ouverts = {
        t.geste for t in cycle.gestes_possibles(objet.etat) if peut_sur_dossier(agent, t.droit, objet.dossier)
    }
    return [g for g in gestes.values() if g.cycle in ouverts]
