"""Meetings, decisions, conversations, journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from arpent.plateforme.demarches.conversations.lecture import lire_plusieurs
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.perimetre import entrees_visibles
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.journal.models import Entree

from ..lecteur import Lecteur
from ..portees import CONVERSATIONS, JOURNAL
from .base import DEMARCHE, Cle, Forme, Instant, Jour, Ressource, filtre_entier, filtre_jour, filtre_mot

REUNIONS = "Réunions et échanges"


class PointLu(Forme):
    ordre: int
    titre: str
    rapporteur: str
    duree_minutes: int | None


class ReunionLue(Forme):
    id: Cle
    demarche: Cle
    genre: str
    genre_libelle: str
    titre: str
    etat: str
    etat_libelle: str
    jour: Jour
    heure: str | None
    duree_minutes: int
    lieu: str
    synthese: str
    compte_rendu_valide_le: Instant | None
    demonstration: bool
    ordre_du_jour: list[PointLu]


class DecisionLue(Forme):
    id: Cle
    reunion: Cle
    demarche: Cle
    numero: int
    texte: str
    responsable: str
    organisation: str | None
    echeance: Jour | None
    etat: str
    etat_libelle: str
    faite_le: Jour | None
    objet_genre: str
    objet_id: int | None
    objet_demarche: Cle | None
    objet: str


class MessageLu(Forme):
    id: Cle
    demarche: Cle
    genre: str
    objet_id: int
    reponse_a: int | None
    portee: str
    auteur: str
    organisation: str | None
    texte: str
    ecrit_le: Instant
    resolu_le: Instant | None


class EntreeLue(Forme):
    numero: Cle
    le: Instant
    geste: str
    libelle: str
    objet_type: str
    objet_id: str
    demarche: int | None
    par: str
    motif: str
    avant: dict[str, Any]
    apres: dict[str, Any]
    empreinte: str


def _reunions(lecteur: Lecteur) -> QuerySet[Reunion]:
    """Those of one's démarches, and those they attend with other territories."""
    cles = lecteur.cles("reunion.voir")
    conviees = Reunion.autres.through.objects.filter(demarche__in=cles).values("reunion_id")
    return (
        Reunion.objects.visibles_par(lecteur.agent)
        .filter(Q(demarche__in=cles) | Q(pk__in=conviees))
        .prefetch_related("points")
    )


def _reunion(r: Reunion) -> dict[str, Any]:
    return {
        "id": r.pk,
        "demarche": r.demarche_id,
        "genre": r.genre,
        "genre_libelle": r.genre_libelle,
        "titre": r.titre,
        "etat": r.etat,
        "etat_libelle": r.get_etat_display(),
        "jour": r.jour,
        "heure": None if r.heure is None else f"{r.heure:%H:%M}",
        "duree_minutes": r.duree_minutes,
        "lieu": r.lieu,
        "synthese": r.synthese if r.est_validee else "",
        "compte_rendu_valide_le": r.valide_le,
        "demonstration": r.demonstration,
        "ordre_du_jour": [
            {
                "ordre": p.ordre,
                "titre": p.titre,
                "rapporteur": p.rapporteur,
                "duree_minutes": p.duree_minutes,
            }
            for p in r.points.all()
        ],
    }


def _decisions(lecteur: Lecteur) -> QuerySet[Decision]:
    dedans = _reunions(lecteur).prefetch_related(None).order_by().values("pk")
    return (
        Decision.objects.visibles_par(lecteur.agent)
        .filter(reunion__in=dedans)
        .select_related("reunion", "organisation")
    )


def _decision(d: Decision) -> dict[str, Any]:
    return {
        "id": d.pk,
        "reunion": d.reunion_id,
        "demarche": d.reunion.demarche_id,
        "numero": d.numero,
        "texte": d.texte,
        "responsable": d.responsable_nom,
        "organisation": d.organisation.nom if d.organisation else None,
        "echeance": d.echeance,
        "etat": d.etat,
        "etat_libelle": d.get_etat_display(),
        "faite_le": d.faite_le,
        "objet_genre": d.objet_genre,
        "objet_id": d.objet_id,
        "objet_demarche": d.objet_demarche_id or (d.reunion.demarche_id if d.objet_genre else None),
        "objet": d.objet_libelle,
    }


def _messages(lecteur: Lecteur) -> QuerySet[Message]:
    return (
        Message.objects.visibles_par(lecteur.agent)
        .filter(demarche__in=lecteur.cles("conversation.ecrire"))
        .select_related(
            "organisation", "demarche__territoire", "demarche__version_processus__processus__autorite"
        )
        .defer("demarche__version_processus__definition")
    )


def _lisibles(lecteur: Lecteur, messages: Sequence[Message]) -> list[Message]:
    """Those whose object the reader sees. The queries of each kind of object, once."""
    sujets = lire_plusieurs(lecteur.agent, {(m.demarche, m.genre, m.objet_id) for m in messages})
    return [m for m in messages if (m.demarche_id, m.genre, m.objet_id) in sujets]


def _message(m: Message) -> dict[str, Any]:
    return {
        "id": m.pk,
        "demarche": m.demarche_id,
        "genre": m.genre,
        "objet_id": m.objet_id,
        "reponse_a": m.reponse_a_id,
        "portee": m.portee,
        "auteur": m.auteur_nom,
        "organisation": m.organisation.nom if m.organisation else None,
        "texte": m.texte,
        "ecrit_le": m.ecrit_le,
        "resolu_le": m.resolu_le,
    }


def _journal(lecteur: Lecteur) -> QuerySet[Entree]:
    visibles = entrees_visibles(lecteur.agent)
    if lecteur.limite is not None:
        visibles = visibles.filter(demarche_id=lecteur.limite)
    return visibles


def _entree(e: Entree) -> dict[str, Any]:
    return {
        "numero": e.numero,
        "le": e.le,
        "geste": e.geste,
        "libelle": e.libelle,
        "objet_type": e.objet_type,
        "objet_id": e.objet_id,
        "demarche": e.demarche_id,
        "par": e.auteur,
        "motif": e.motif,
        "avant": e.avant,
        "apres": e.apres,
        "empreinte": e.empreinte,
    }


RESSOURCES = (
    Ressource(
        "reunions", REUNIONS, "Réunions",
        "Ordre du jour et lieu ; la synthèse n’est donnée qu’une fois le compte rendu validé.",
        "reunion.voir", ReunionLue, _reunions, _reunion,
        filtres={
            "demarche": DEMARCHE["demarche"],
            "etat": filtre_mot("etat", "État de la réunion."),
            "depuis": filtre_jour("jour__gte", "À partir de ce jour."),
            "jusqu_a": filtre_jour("jour__lte", "Jusqu’à ce jour."),
        },
    ),
    Ressource(
        "decisions", REUNIONS, "Décisions", "Ce que les réunions ont décidé, à faire par qui, pour quand.",
        "reunion.voir", DecisionLue, _decisions, _decision,
        filtres={
            "reunion": filtre_entier("reunion", "Numéro de la réunion."),
            "etat": filtre_mot("etat", "a_faire, faite, abandonnee."),
        },
    ),
    Ressource(
        "messages", REUNIONS, "Conversations", "Les messages que vous lisez à l’écran.",
        "conversation.ecrire", MessageLu, _messages, _message, portee=CONVERSATIONS,
        filtres={"demarche": DEMARCHE["demarche"], "genre": filtre_mot("genre", "Nature de l’objet.")},
        parmi=_lisibles,
    ),
    Ressource(
        "journal", REUNIONS, "Journal", "Les événements que vous pouvez lire, dans leur ordre.",
        "journal.voir", EntreeLue, _journal, _entree, portee=JOURNAL,
        filtres={
            "demarche": filtre_entier("demarche_id", "Numéro de la démarche."),
            "geste": filtre_mot("geste", "Code du geste."),
            "objet_type": filtre_mot("objet_type", "Nature de l’objet : plans.fiche…"),
        },
    ),
)  # fmt: skip
