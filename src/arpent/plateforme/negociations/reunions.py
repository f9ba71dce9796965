"""The scenarios that a point or a decision of a meeting may be about: those shown to both sides."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import Cle, GenreObjet, Objet, ObjetLu, declarer

from .models import Scenario
from .scenarios.acces import camps_de


def chercher_scenarios(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By words of its name. One query."""
    partages = Scenario.objects.filter(demarche=demarche, partage=True, nom__icontains=texte)
    return [Objet("scenario", s.pk, s.nom) for s in partages.order_by("nom", "pk")[:9]]


def lire_scenarios(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """The variants, each read by its side, or by both when it is shared. One query."""
    variantes = (
        Scenario.objects.filter(pk__in={pk for _, pk in cles}, est_courant=False)
        .select_related("demarche__version_processus__processus__autorite")
        .defer("demarche__version_processus__definition", "recherche")
        .order_by()
    )
    lus = {(s.demarche_id, s.pk): ObjetLu(s.nom, _lisible(s)) for s in variantes}
    return {cle: lu for cle, lu in lus.items() if cle in set(cles)}


def _lisible(scenario: Scenario) -> Callable[[Agent], bool]:
    return lambda agent: scenario.partage or scenario.camp in camps_de(agent, scenario.demarche)


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "scenario",
            "Scénario de négociation",
            chercher_scenarios,
            lambda demarche, pk: reverse("negociations:scenario", args=[demarche.slug, pk]),
            lire=lire_scenarios,
            droit="maquette.voir",
            ce="ce scénario",
        )
    )
