"""The territory's answer: a counter-offer made from one of its scenarios, each moved line with its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.db import transaction
from django.urls import reverse

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.scenario import CYCLE_SCENARIO
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.models import Fiche

from ..actions import ArbitrageRefuse
from ..annonces import agents_de_l_autorite
from ..models import Camp, Scenario, Tour
from ..ouverture import noter_negociation
from .actions import Ligne, dernier_tour, ecarts, lignes_du_scenario, lignes_du_tour, ouvrir_tour


class MotifsManquants(ArbitrageRefuse):
    """Moved lines without a reason: their fiches."""

    def __init__(self, fiches: list[int]) -> None:
        n = len(fiches)
        lignes = "de la ligne que vous changez" if n == 1 else f"des {n} lignes que vous changez"
        super().__init__(f"Écrivez la raison {lignes} : l’autre partie la lira.")
        self.fiches = fiches


def positions_de(offre: Tour, scenario: Scenario) -> tuple[list[Ligne], list[Ligne]]:
    """Every line of the answer (those the scenario leaves out stay as offered), and those that move."""
    offertes = {x.fiche_id: x for x in lignes_du_tour(offre)}
    voulues = {x.fiche_id: x for x in lignes_du_scenario(scenario)}
    toutes = [voulues.get(pk, x) for pk, x in offertes.items()]
    toutes += [x for pk, x in voulues.items() if pk not in offertes]
    changees = ecarts(offertes.values(), toutes)
    return toutes, [x for x in toutes if x.fiche_id in changees]


@transaction.atomic
def contre_offrir(
    courant: Scenario,
    scenario: Scenario,
    motifs: Mapping[int, str],
    *,
    par: Agent | None,
    message: str = "",
    repondre_avant: date | None = None,
) -> Tour:
    """Sends the answer: the maquette goes back to the authority. TransitionRefusee, ArbitrageRefuse.

    `motifs` by fiche pk; a moved line without one refuses the whole (MotifsManquants).
    """
    courant = (
        Scenario.objects.select_for_update(of=("self",))
        .select_related(
            "demarche__territoire", "demarche__version_processus__processus__dispositif__autorite"
        )
        .get(pk=courant.pk)
    )
    transition = CYCLE_SCENARIO.franchir("contre_offrir", courant.etat)
    offre = dernier_tour(courant.demarche_id, Camp.AUTORITE)
    if offre is None:
        raise ArbitrageRefuse("Aucune offre n’a été envoyée : il n’y a rien à quoi répondre.")
    toutes, changees = positions_de(offre, scenario)
    if not changees:
        raise ArbitrageRefuse("Votre scénario est le même que l’offre : acceptez-la, ou changez une ligne.")
    dits = {x.fiche_id: " ".join(motifs.get(x.fiche_id, "").split()) for x in changees}
    if sans := [pk for pk, motif in dits.items() if not motif]:
        raise MotifsManquants(sans)
    connues = set(
        Fiche.objects.filter(demarche_id=courant.demarche_id).comptees().values_list("pk", flat=True)
    )
    lignes = [replace(x, motif=dits.get(x.fiche_id, "")) for x in toutes if x.fiche_id in connues]
    tour = ouvrir_tour(
        courant, Camp.TERRITOIRE, lignes, par=par, message=message, repondre_avant=repondre_avant
    )
    courant.etat = transition.vers.value
    courant.version += 1
    courant.save(update_fields=["etat", "version", "modifie_le"])
    noter_negociation(courant)
    demarche = courant.demarche
    notifier(
        agents_de_l_autorite(demarche),
        rubrique="negociation",
        sujet=f"{demarche.territoire.nom} : une contre-offre vous est faite",
        texte=f"{demarche.territoire.nom} demande {formater_euros(tour.total)} d’aides et change "
        f"{len(changees)} ligne{'s' if len(changees) > 1 else ''}.",
        url=reverse("negociations:tours", args=[demarche.slug]),
    )
    return tour
