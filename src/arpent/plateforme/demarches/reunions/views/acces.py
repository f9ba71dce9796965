"""What the pages of a meeting share: finding the objects of the room, the frame with its tabs."""

from __future__ import annotations

from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse

from arpent.metier.cycles.reunion import CONDUIRE
from arpent.plateforme.acteurs.droits import Avis
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.socle.pieces import Onglet

from ...acces import peut_sur
from ...models import Demarche
from ..droits import peut_conduire
from ..genres import genre_de
from ..models import MembreReunion, PieceReunion, PointOrdreDuJour, Reunion
from ..models_suites import ContributionSectorielle, Creneau, Decision, QuestionReunion

LIRE_ECRIRE = ("GET", "HEAD", "POST")
VOIR = "reunion.voir"
__all__ = ["CONDUIRE", "LIRE_ECRIRE", "VOIR"]
_LIEN = (
    "reunion__demarche__territoire",
    "reunion__demarche__version_processus__processus__autorite",
)
_LOURD = "reunion__demarche__version_processus__definition"


def agent_de(request: HttpRequest) -> Agent:
    return cast(Agent, request.user)


def reunion_de(demarche: Demarche, pk: int) -> Reunion:
    """A meeting of that démarche, or that it attends; 404 otherwise. One query."""
    return get_object_or_404(
        Reunion.objects.de(demarche)
        .select_related("demarche__territoire", "demarche__version_processus__processus__autorite", "etape")
        .defer("demarche__version_processus__definition"),
        pk=pk,
    )


def _objet(modele: Any, demarche: Demarche, pk: int, *liens: str) -> Any:
    """A row of a meeting of that démarche; 404 otherwise. One query."""
    return get_object_or_404(
        modele.objects.select_related(*_LIEN, *liens).defer(_LOURD),
        pk=pk,
        reunion__in=Reunion.objects.de(demarche).order_by().values("pk"),
    )


def membre_de(demarche: Demarche, pk: int) -> MembreReunion:
    return cast(MembreReunion, _objet(MembreReunion, demarche, pk))


def point_de(demarche: Demarche, pk: int) -> PointOrdreDuJour:
    return cast(PointOrdreDuJour, _objet(PointOrdreDuJour, demarche, pk))


def piece_de(demarche: Demarche, pk: int) -> PieceReunion:
    return cast(PieceReunion, _objet(PieceReunion, demarche, pk))


def decision_de(demarche: Demarche, pk: int) -> Decision:
    return cast(
        Decision, _objet(Decision, demarche, pk, "point", "responsable", "organisation", "objet_demarche")
    )


def contribution_de(demarche: Demarche, pk: int) -> ContributionSectorielle:
    return cast(ContributionSectorielle, _objet(ContributionSectorielle, demarche, pk))


def question_de(demarche: Demarche, pk: int) -> QuestionReunion:
    return cast(QuestionReunion, _objet(QuestionReunion, demarche, pk))


def creneau_de(demarche: Demarche, pk: int) -> Creneau:
    return cast(Creneau, _objet(Creneau, demarche, pk))


def exiger(avis: Avis) -> None:
    """403 with the reason of the refusal."""
    if not avis:
        raise PermissionDenied(avis.raison)


def exiger_conduite(request: HttpRequest, reunion: Reunion) -> None:
    exiger(peut_conduire(agent_de(request), reunion))


def adresse(demarche: Demarche, nom: str, pk: int, ancre: str = "") -> str:
    return reverse(f"reunions:{nom}", args=[demarche.slug, pk]) + (f"#{ancre}" if ancre else "")


def cadre(request: HttpRequest, demarche: Demarche, reunion: Reunion, courant: str) -> dict[str, Any]:
    """The context of every page of a meeting: its tabs, and whether one conducts it. Three queries."""
    conduit = bool(peut_conduire(agent_de(request), reunion))
    genre = genre_de(demarche, reunion.genre, reunion.genre_libelle)
    volets = [("reunion", "La réunion"), ("participants", "Participants"), ("points", "Ordre du jour")]
    if genre.est_coordination and peut_sur(agent_de(request), "contribution.lire", demarche):
        volets.append(("contributions", "Contributions"))
    if genre.prepare_des_questions:
        volets.append(("questions", "Questions"))
    if genre.est_permanence:
        volets.append(("creneaux", "Créneaux"))
    if conduit:
        volets.append(("seance", "Séance"))
    volets.append(("compte_rendu", "Compte rendu"))
    return {
        "demarche": demarche,
        "reunion": reunion,
        "genre": genre,
        "conduit": conduit,
        "onglets": [
            Onglet(libelle, adresse(demarche, nom, reunion.pk), nom == courant) for nom, libelle in volets
        ],
    }
