"""Dispositifs, règlements, démarches and their steps, meetings, decisions, conversations, journal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from arpent.plateforme.demarches.conversations.lecture import lire_plusieurs
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.demarches.perimetre import entrees_visibles
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.reglements.models import Dispositif, VersionReglement

from ..lecteur import Lecteur
from ..portees import CONVERSATIONS, JOURNAL
from .base import DEMARCHE, Cle, Forme, Instant, Jour, Ressource, filtre_entier, filtre_jour, filtre_mot

DISPOSITIFS = "Dispositifs et démarches"
REUNIONS = "Réunions et échanges"


class ThemeLu(Forme):
    code: str
    libelle: str


class DispositifLu(Forme):
    id: Cle
    code: str
    nom: str
    autorite: str
    duree_annees: int
    presentation: str
    source: str
    themes: list[ThemeLu]


class VersionReglementLue(Forme):
    id: Cle
    dispositif: str
    numero: int
    intitule: str
    en_vigueur_le: Jour
    acte: str
    demonstration: bool
    empreinte: str


class VersionReglementDetail(VersionReglementLue):
    contenu: dict[str, Any]


class EtapeLue(Forme):
    code: str
    libelle: str
    phase: str
    ordre: int
    acteur: str
    facultative: bool
    retenue: bool | None
    prevue_le: Jour | None
    faite_le: Jour | None


class DemarcheLue(Forme):
    id: Cle
    code: str
    territoire: str
    territoire_nom: str
    autorite: str
    processus: str
    version_processus: int
    generation: str
    etat: str
    etat_libelle: str
    ouverte_le: Jour


class DemarcheDetail(DemarcheLue):
    etapes: list[EtapeLue]


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


def _dispositifs(lecteur: Lecteur) -> QuerySet[Dispositif]:
    processus = lecteur.demarches("dispositif.voir").order_by().values("version_processus__processus")
    return (
        Dispositif.objects.filter(processus__in=processus)
        .select_related("autorite")
        .defer("parametres", "modele_contrat", "modele_vulnerabilite")
        .prefetch_related("themes")
    )


def _dispositif(d: Dispositif) -> dict[str, Any]:
    return {
        "id": d.pk,
        "code": d.slug,
        "nom": d.nom,
        "autorite": d.autorite.nom,
        "duree_annees": d.duree_annees,
        "presentation": d.presentation,
        "source": d.source,
        "themes": [{"code": t.code, "libelle": t.libelle} for t in d.themes.all()],
    }


def _versions(lecteur: Lecteur) -> QuerySet[VersionReglement]:
    processus = lecteur.demarches("dispositif.voir").order_by().values("version_processus__processus")
    return VersionReglement.objects.filter(dispositif__processus__in=processus).select_related("dispositif")


def _version(v: VersionReglement) -> dict[str, Any]:
    return {
        "id": v.pk,
        "dispositif": v.dispositif.slug,
        "numero": v.numero,
        "intitule": v.intitule,
        "en_vigueur_le": v.en_vigueur_le,
        "acte": v.acte,
        "demonstration": v.demonstration,
        "empreinte": v.empreinte,
    }


def _demarches(lecteur: Lecteur) -> QuerySet[Demarche]:
    etapes = Prefetch("etapes", Etape.objects.order_by("ordre"))
    return lecteur.demarches("territoire.voir").avec_contexte().prefetch_related(etapes)


def _demarche(d: Demarche) -> dict[str, Any]:
    return {
        "id": d.pk,
        "code": d.slug,
        "territoire": d.territoire.slug,
        "territoire_nom": d.territoire.nom,
        "autorite": d.autorite.nom,
        "processus": d.processus.slug,
        "version_processus": d.version_processus.numero,
        "generation": d.generation,
        "etat": d.etat,
        "etat_libelle": d.get_etat_display(),
        "ouverte_le": d.ouverte_le,
    }


def _etape(e: Etape) -> dict[str, Any]:
    noms = (
        "code", "libelle", "phase", "ordre", "acteur", "facultative", "retenue", "prevue_le", "faite_le",
    )  # fmt: skip
    return {nom: getattr(e, nom) for nom in noms}


def _demarche_entiere(d: Demarche) -> dict[str, Any]:
    return _demarche(d) | {"etapes": [_etape(e) for e in d.etapes.all()]}


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
        "dispositifs", DISPOSITIFS, "Dispositifs", "Les politiques contractuelles que vous suivez.",
        "dispositif.voir", DispositifLu, _dispositifs, _dispositif,
    ),
    Ressource(
        "versions-reglement", DISPOSITIFS, "Versions des règlements",
        "Les règlements publiés ; le détail donne articles et règles.",
        "dispositif.voir", VersionReglementLue, _versions, _version,
        filtres={"dispositif": filtre_mot("dispositif__slug", "Code du dispositif.")},
        detail=VersionReglementDetail, detailler=lambda v: _version(v) | {"contenu": v.contenu},
    ),
    Ressource(
        "demarches", DISPOSITIFS, "Démarches",
        "Les territoires en route vers leur contrat ; le détail donne les étapes.",
        "territoire.voir", DemarcheLue, _demarches, _demarche,
        filtres={
            "territoire": filtre_mot("territoire__slug", "Code du territoire."),
            "etat": filtre_mot("etat", "État de la démarche."),
        },
        detail=DemarcheDetail, detailler=_demarche_entiere,
    ),
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
