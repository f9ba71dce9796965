"""Whose policy a perimeter is drawn under, and where it may be drawn."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from arpent.extraits import lecture as extraits
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche, Processus
from arpent.plateforme.territoires.models import Territoire


@dataclass(frozen=True, slots=True)
class Ressort:
    """A policy, its authority, the départements it may draw in. `demarches`: latest one by territory key."""

    processus: Processus
    departements: tuple[str, ...]
    territoires: dict[int, Territoire]
    demarches: dict[int, int]
    generation: str
    seuil: int | None

    @property
    def autorite(self) -> Organisation:
        return self.processus.autorite


def politiques_de(agent: Agent, droit: str = "diagnostic.voir") -> list[Processus]:
    """The policies of the authorities over the whole of which the agent holds `droit`. One query."""
    toutes = Processus.objects.select_related("autorite").order_by("nom", "pk")
    autorites: set[int] = set()
    for habilitation in agent.habilitations_en_cours:
        if droit not in habilitation.definition.droits:
            continue
        if habilitation.definition.portee is Portee.TOUT:
            return list(toutes)
        if habilitation.definition.portee is Portee.AUTORITE and habilitation.autorite_id:
            autorites.add(habilitation.autorite_id)
    return list(toutes.filter(autorite__in=autorites))


def conduit(agent: Agent, processus: Processus) -> bool:
    return bool(peut(agent, "demarche.conduire", autorite_id=processus.autorite_id))


def ressort_de(processus: Processus) -> Ressort:
    """Three queries. A Région draws in all its départements; a Département where its territories are."""
    demarches = (
        Demarche.objects.filter(version_processus__processus__autorite=processus.autorite_id)
        .select_related("territoire")
        .order_by("territoire__nom", "territoire_id", "ouverte_le", "pk")
    )
    territoires: dict[int, Territoire] = {}
    derniere: dict[int, int] = {}
    generation = ""
    for d in demarches:
        territoires[d.territoire_id] = d.territoire
        derniere[d.territoire_id] = d.pk
        generation = max(generation, d.generation)
    ici = {t.departement for t in territoires.values() if t.departement}
    regions = _regions()
    if processus.autorite.nature == Organisation.Nature.REGION:
        voulues = {regions[d] for d in ici if d in regions}
        ici |= {d for d, region in regions.items() if region in voulues}
    parametres = (
        Processus.objects.filter(pk=processus.pk).values_list("dispositif__parametres", flat=True).first()
    )
    return Ressort(processus, tuple(sorted(ici)), territoires, derniere, generation, _seuil(parametres))


def _seuil(parametres: object) -> int | None:
    """`parametres.perimetre.population_minimale` of the dispositif; None when it is not said."""
    perimetre = parametres.get("perimetre") if isinstance(parametres, dict) else None
    lu = perimetre.get("population_minimale") if isinstance(perimetre, dict) else None
    return lu if isinstance(lu, int) and not isinstance(lu, bool) and lu > 0 else None


@cache
def _regions() -> dict[str, str]:
    return {x["code"]: x["region"] for x in extraits.lignes("france/departements")}
