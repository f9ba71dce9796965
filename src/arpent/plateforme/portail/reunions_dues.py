"""The meetings that a process asks for and that nobody has convened: for who convenes, and for who steers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.http import urlencode

from arpent.metier.cycles.reunion import CONDUIRE
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.quotas import QuotaLu, lire
from arpent.plateforme.socle.templatetags.formats import date_fr

from .attente import Attente, Lien

DEUX_POINTS = "\N{NO-BREAK SPACE}: "


def reunions_a_convoquer(agent: Agent, demarches: Sequence[Demarche], today: date) -> list[Attente]:
    """The kinds late in the démarches that the agent conducts, with nothing prepared. Three queries."""
    if not peut(agent, CONDUIRE):
        return []
    conduites = [d for d in demarches if peut_sur(agent, CONDUIRE, d)]
    if not conduites:
        return []
    lecture = lire(conduites, today)
    liens = tuple(
        Lien(
            f"{d.territoire.nom}{DEUX_POINTS}{lu.genre.libelle}, avant le {date_fr(lu.quota.avant_le)}",
            f"{reverse('reunions:creer', args=[d.slug])}?{urlencode({'genre': lu.genre.code})}",
        )
        for d in conduites
        for lu in lecture.de(d)
        if lu.quota.a_convoquer
    )
    if not liens:
        return []
    detail = f"Le processus les demande chaque année{DEUX_POINTS}leur date est passée, rien n’est préparé."
    return [Attente("Réunions à convoquer", detail, "alerte", liens)]


@dataclass(frozen=True, slots=True)
class GenreDu:
    """A kind of meeting of several territories. `retards`: name, page of its meetings, days, worst first."""

    libelle: str
    attendues: int
    tenues: int
    avant_le: date | None
    retards: tuple[tuple[str, str, int], ...]


def reunions_de_l_annee(demarches: Sequence[Demarche], today: date) -> list[GenreDu]:
    """What the year asks of these territories, kind by kind. Three queries.

    A kind that several territories attend together is counted once; the others are added up.
    """
    lecture = lire(demarches, today)
    par_code: dict[str, list[tuple[Demarche, QuotaLu]]] = {}
    for d in demarches:
        for lu in lecture.de(d):
            if lu.genre.echelle == "territoire":
                par_code.setdefault(lu.genre.code, []).append((d, lu))
    dus = [_du_genre(lignes) for lignes in par_code.values()]
    return dus + [
        GenreDu(
            lu.genre.libelle, lu.quota.attendues, lu.quota.tenues, lu.quota.avant_le,
            (("L’ensemble des territoires", reverse("reunions:toutes"), lu.quota.retard),)
            if lu.en_retard
            else (),
        )
        for lu in lecture.ensemble(demarches)
    ]  # fmt: skip


def _du_genre(lignes: Sequence[tuple[Demarche, QuotaLu]]) -> GenreDu:
    retards = sorted(((d, lu) for d, lu in lignes if lu.en_retard), key=lambda x: -x[1].quota.retard)
    return GenreDu(
        lignes[0][1].genre.libelle,
        sum(lu.quota.attendues for _, lu in lignes),
        sum(lu.quota.tenues for _, lu in lignes),
        min((lu.quota.avant_le for _, lu in lignes if lu.quota.avant_le), default=None),
        tuple(
            (d.territoire.nom, reverse("reunions:liste", args=[d.slug]), lu.quota.retard) for d, lu in retards
        ),
    )
