"""What the address asks for: which aids, compared with which, and how the intercommunal ones are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.http import Http404

from arpent.metier.scenarios.equite import Lecture
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Dispositif

from ..enveloppes import demarches_dotees
from ..models import Scenario, Tour
from ..scenarios.acces import camps_de
from ..scenarios.lecture import COURANT
from .etats import Etat, derniere_offre, des_scenarios, des_tours, generation_precedente
from .lecture import DU_DISPOSITIF, DU_TERRITOIRE, LECTURES, Equite, lire
from .lieux import Lieux, lire_lieux

TOUR, OFFRE, GENERATION = "tour-", "offre", "generation"
RIEN = ("", "rien")
DERNIERE_GENERATION = (GENERATION, "la génération précédente")
INCONNU = "Ce scénario ou ce tour n’existe pas, ou l’autre partie ne l’a pas montré."
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Page:
    """The figures, and the choices of the form with what was chosen."""

    equite: Equite
    lieux: Lieux
    scenarios: Options
    comparables: Options
    scenario: str
    avec: str

    @property
    def lectures(self) -> Options:
        return [(code.value, libelle) for code, libelle in LECTURES.items()]


def lecture_de(query: Mapping[str, str]) -> Lecture:
    """Apart unless asked otherwise."""
    return Lecture.HABITANT if query.get("lecture") == Lecture.HABITANT.value else Lecture.TRAVAUX


# --- a territory ----------------------------------------------------------------------------------


def du_territoire(agent: Agent, demarche: Demarche, query: Mapping[str, str]) -> Page:
    """The maquette in progress or a scenario this agent may read. Http404 (French) for any other.

    Five queries, one more for a round, two at most for the previous generation.
    """
    visibles = Q(est_courant=True) | Q(partage=True) | Q(camp__in=camps_de(agent, demarche))
    scenarios = {
        COURANT if est_courant else str(pk): (pk, "Maquette en cours" if est_courant else nom)
        for pk, nom, est_courant in Scenario.objects.filter(visibles, demarche=demarche)
        .order_by("-est_courant", "-pk")
        .values_list("pk", "nom", "est_courant")
    }
    scenarios.setdefault(COURANT, (0, "Maquette en cours"))
    tours = {f"{TOUR}{t.numero}": t for t in Tour.objects.filter(demarche=demarche).order_by("-numero")}
    scenario, avec = query.get("scenario") or COURANT, query.get("avec", "")
    if scenario not in scenarios or not (avec in scenarios or avec in tours or avec in ("", GENERATION)):
        raise Http404(INCONNU)
    processus_id, autorite = demarche.version_processus.processus_id, demarche.autorite
    lieux = lire_lieux([demarche.territoire_id], processus_id, autorite, contours=True)
    voulus = {pk for code in (scenario, avec) if code in scenarios and (pk := scenarios[code][0])}
    aides = des_scenarios(voulus, lieux)
    etats = {code: Etat(nom, aides.get(pk, ())) for code, (pk, nom) in scenarios.items()}
    choisis = [(code, etats[code].nom) for code in sorted(etats, key=lambda c: c != COURANT)]
    avant = None
    if avec in etats:
        avant = etats[avec]
    elif avec in tours:
        avant = Etat(str(tours[avec]), des_tours([tours[avec].pk], lieux).get(tours[avec].pk, ()))
    elif avec:
        avant = generation_precedente([demarche], processus_id, autorite.pk, lieux)
    return Page(
        equite=lire(DU_TERRITOIRE, lieux, etats[scenario], avant, lecture_de(query)),
        lieux=lieux,
        scenarios=choisis,
        comparables=[
            RIEN, *choisis, *((c, f"{t} du {t.envoye_le:%d/%m/%Y}") for c, t in tours.items()),
            DERNIERE_GENERATION,
        ],
        scenario=scenario,
        avec=avec,
    )  # fmt: skip


# --- a dispositif ---------------------------------------------------------------------------------


def du_dispositif(dispositif: Dispositif, query: Mapping[str, str]) -> Page:
    """The maquettes in progress of every territory together. Http404 (French) for an unknown comparison.

    Five queries, two more at most for what is compared.
    """
    avec = query.get("avec", "")
    if avec not in ("", OFFRE, GENERATION):
        raise Http404("Cette comparaison n’existe pas.")
    demarches = demarches_dotees(dispositif)
    lieux = lire_lieux({d.territoire_id for d in demarches}, dispositif.processus_id, dispositif.autorite)
    courants = Scenario.objects.filter(demarche__in=demarches, est_courant=True).order_by()
    aides = des_scenarios(list(courants.values_list("pk", flat=True)), lieux)
    avant = None
    if avec == OFFRE:
        avant = derniere_offre(demarches, lieux)
    elif avec == GENERATION:
        avant = generation_precedente(demarches, dispositif.processus_id, dispositif.autorite_id, lieux)
    apres = Etat("Maquettes en cours", tuple(a for siennes in aides.values() for a in siennes))
    return Page(
        equite=lire(DU_DISPOSITIF, lieux, apres, avant, lecture_de(query)),
        lieux=lieux,
        scenarios=(),
        comparables=[RIEN, (OFFRE, "la dernière offre envoyée"), DERNIERE_GENERATION],
        scenario="",
        avec=avec,
    )
