"""An invitation begun from somebody of the directory: their name, address, body and territory are known."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.mandats import ROLES_DE
from arpent.plateforme.acteurs.models import Agent, Mandat, Organisation, Personne
from arpent.plateforme.acteurs.roles import ROLES, Portee
from arpent.plateforme.demarches.perimetre import mandats_visibles
from arpent.plateforme.territoires.models import Territoire
from arpent.plateforme.territoires.perimetres import en_cours


@dataclass(frozen=True, slots=True)
class Connue:
    """What the form begins with; `territoire` None: none of the perimeter, or the role needs none."""

    personne: Personne | None = None
    territoire: Territoire | None = None
    initial: dict[str, Any] = field(default_factory=dict)


def connue(agent: Agent, texte: str, role: str, territoires: Collection[int]) -> Connue:
    """`texte`: number of the person, from the address. Empty when they are not in the directory one reads.

    Two queries.
    """
    if not (texte.isascii() and texte.isdecimal() and len(texte) <= 15 and peut(agent, "annuaire.voir")):
        return Connue()
    le = timezone.localdate()
    lus = mandats_visibles(agent).filter(personne=int(texte)).select_related("personne", "organisation")
    mandats = [m for m in lus if m.fin is None or m.fin >= le]
    if not mandats:
        return Connue()
    mandat = next((m for m in mandats if role in ROLES_DE.get(m.fonction, ())), mandats[0])
    return Connue(mandat.personne, _territoire(mandat.organisation, role, territoires, le), _initial(mandat))


def _initial(mandat: Mandat) -> dict[str, Any]:
    personne, organisation = mandat.personne, mandat.organisation_id
    return {
        "prenom": personne.prenom, "nom": personne.nom, "courriel": personne.courriel,
        "fonction": mandat.titre, "organisation": organisation, "autorite": organisation,
    }  # fmt: skip


def _territoire(
    organisation: Organisation, role: str, territoires: Collection[int], le: date
) -> Territoire | None:
    if role not in ROLES or ROLES[role].portee is Portee.AUTORITE:
        return None
    dedans = Territoire.objects.filter(pk__in=territoires)
    if organisation.commune_id:
        membres = en_cours(le, "compositions__", "compositions__groupement__appartenances__")
        return dedans.filter(
            membres, compositions__groupement__appartenances__commune=organisation.commune_id
        ).first()
    return dedans.filter(
        en_cours(le, "compositions__"), compositions__groupement=organisation.groupement_id
    ).first()
