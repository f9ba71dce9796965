"""The gestures that a page offers on an envelope: words, form, action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from arpent.metier.repartition.reserve import lire_reserve
from arpent.plateforme.acteurs.models import Agent

from ..models import Enveloppe
from . import actions, engagements, forms
from .actions import Ligne
from .engagements import Operation


@dataclass(frozen=True, slots=True)
class Geste:
    """`fait` is said once it is done; `possible` says whether the page of that envelope offers it."""

    code: str
    libelle: str
    phrase: str
    fait: str
    form: type[forms.GesteForm]
    agir: Callable[[Enveloppe, Any, Agent], object]
    possible: Callable[[Enveloppe], bool]


def _est_ligne(enveloppe: Enveloppe) -> bool:
    return bool(enveloppe.theme_id or enveloppe.annee)


def _toujours(_: Enveloppe) -> bool:
    return True


def _hors_reserve(enveloppe: Enveloppe) -> bool:
    """The money of the reserve is granted, drawn and given back by its requests only. One query."""
    reserve = lire_reserve(enveloppe.fonds.dispositif.parametres.get("reserve"))
    return reserve is None or enveloppe.fonds.code != reserve.fonds


def _se_divise(enveloppe: Enveloppe) -> bool:
    return not (enveloppe.theme_id and enveloppe.annee) and _hors_reserve(enveloppe)


def _diviser(enveloppe: Enveloppe, form: forms.DiviserForm, par: Agent) -> None:
    lu = form.cleaned_data
    ligne = Ligne(lu.get("theme"), lu.get("annee"), lu["montant"], form.reglages)
    actions.diviser(enveloppe, [ligne], par=par, piece=form.piece)


def _regler(enveloppe: Enveloppe, form: forms.ReglerForm, par: Agent) -> None:
    lu = form.cleaned_data
    actions.regler(enveloppe, lu["limite_fongible"], version_lue=lu["version_lue"], par=par)


def _virer(enveloppe: Enveloppe, form: forms.VirerForm, par: Agent) -> None:
    lu = form.cleaned_data
    actions.virer(enveloppe, lu["cible"], lu["montant"], par=par, piece=form.piece)


def _rendre(enveloppe: Enveloppe, form: forms.RendreForm, par: Agent) -> None:
    actions.rendre(enveloppe, form.cleaned_data["montant"], par=par, piece=form.piece)


def _reporter(enveloppe: Enveloppe, form: forms.ReporterForm, par: Agent) -> None:
    actions.reporter(enveloppe, form.cleaned_data["montant"], par=par, piece=form.piece)


def _ouvrir(enveloppe: Enveloppe, form: forms.OuvrirForm, par: Agent) -> None:
    lu = form.cleaned_data
    actions.ouvrir_tranche(enveloppe, lu["acte"], lu["acte_le"], par=par)


def _operer(agir: Callable[..., object]) -> Callable[[Enveloppe, forms.OperationForm, Agent], None]:
    def faire(enveloppe: Enveloppe, form: forms.OperationForm, par: Agent) -> None:
        lu = form.cleaned_data
        agir(enveloppe, Operation(lu["montant"], lu["fiche"], lu["annee"], form.piece), par=par)

    return faire


GESTES: dict[str, Geste] = {
    geste.code: geste
    for geste in (
        Geste(
            "engager", "Engager un crédit",
            "Le montant s’ajoute à l’engagé de cette enveloppe ; il tient dans ce qui reste à engager, et "
            "dans le vote du projet.",
            "Le crédit est engagé.", forms.OperationForm, _operer(engagements.attribuer), _hors_reserve,
        ),
        Geste(
            "verser", "Noter un versement",
            "Le montant s’ajoute au payé, sur les crédits de paiement de l’exercice choisi.",
            "Le versement est noté.", forms.OperationForm, _operer(engagements.noter_versement), _toujours,
        ),
        Geste(
            "liberer", "Libérer un engagement",
            "Ce qui est engagé et pas encore payé revient à l’enveloppe.",
            "L’engagement est libéré.", forms.OperationForm, _operer(engagements.liberer), _hors_reserve,
        ),
        Geste(
            "reverser", "Noter un reversement",
            "Ce qui a été payé et qui revient se retire du payé.",
            "Le reversement est noté.",
            forms.OperationForm, _operer(engagements.noter_reversement), _toujours,
        ),
        Geste(
            "diviser", "Ajouter une ligne",
            "Le crédit de la ligne se prend sur ce que l’enveloppe n’a pas encore divisé. Les projets de ce "
            "thème et de cette année y sont comptés.",
            "La ligne est ouverte.", forms.DiviserForm, _diviser, _se_divise,
        ),
        Geste(
            "virer", "Virer vers une autre ligne",
            "Le virement reste dans la part fongible de la ligne ; ce qui est convenu, voté ou engagé reste.",
            "Le virement est fait.", forms.VirerForm, _virer, _est_ligne,
        ),
        Geste(
            "rendre", "Rendre à l’enveloppe",
            "Le crédit de la ligne qui n’est ni convenu, ni voté, ni engagé revient à l’enveloppe qu’elle "
            "divise.",
            "Le crédit est rendu.", forms.RendreForm, _rendre, _est_ligne,
        ),
        Geste(
            "regler", "Fixer la part fongible",
            "La part du crédit de cette ligne qui peut aller vers une ligne voisine.",
            "La part fongible est fixée.", forms.ReglerForm, _regler, _est_ligne,
        ),
        Geste(
            "reporter", "Reporter sur l’année suivante",
            "Ce qui n’est pas engagé passe à la même ligne de l’année suivante, ouverte au besoin.",
            "Le crédit est reporté.", forms.ReporterForm, _reporter, lambda e: bool(e.annee),
        ),
        Geste(
            "ouvrir", "Ouvrir la tranche",
            "Une fois ouverte, la tranche s’engage comme les autres lignes.",
            "La tranche est ouverte.", forms.OuvrirForm, _ouvrir, lambda e: not e.ouverte,
        ),
    )
}  # fmt: skip


def gestes_de(enveloppe: Enveloppe) -> list[Geste]:
    """Those that make sense on that envelope, in order."""
    return [geste for geste in GESTES.values() if geste.possible(enveloppe)]
