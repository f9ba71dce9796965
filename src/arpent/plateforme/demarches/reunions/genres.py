"""The kinds of meetings of a processus: `definition["reunions"]`, or the usual ones for older démarches.

One kind: `code`, `libelle`, `echelle` (territoire, ville, dispositif), `composition` (groups of GROUPES),
`frequence`, `par_an`, `villes`, `duree_minutes`, `ordre_du_jour` (titles).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..models import Demarche, VersionProcessus

GROUPES: dict[str, str] = {
    "maires": "Maires",
    "presidents_epci": "Présidents d’intercommunalité",
    "presidents_syndicats": "Présidents de syndicat",
    "conseillers": "Conseillers départementaux et régionaux",
    "autorite": "Autorité",
    "services": "Services de l’autorité",
    "mission_appui": "Mission d’appui",
    "sous_prefet": "État",
    "partenaires": "Partenaires",
    "invites": "Invités",
}
"""In the order of the lists; the last one is for those that are added by hand."""

ELUS = ("maires", "presidents_epci", "presidents_syndicats", "conseillers")
TOUS = (*ELUS, "autorite", "services", "mission_appui", "sous_prefet", "partenaires")

COORDINATION, PERMANENCE, RENDEZ_VOUS = "coordination", "permanence", "rdv"


@dataclass(frozen=True, slots=True)
class Genre:
    """One kind of meeting."""

    code: str
    libelle: str
    composition: tuple[str, ...]
    echelle: str = "territoire"
    frequence: str = "a_la_demande"
    par_an: int | None = None
    villes: tuple[str, ...] = ()
    duree_minutes: int = 120
    ordre_du_jour: tuple[str, ...] = ()

    @property
    def est_coordination(self) -> bool:
        return self.code.startswith(COORDINATION)

    @property
    def est_permanence(self) -> bool:
        return self.code.startswith(PERMANENCE)

    @property
    def est_rendez_vous(self) -> bool:
        return self.code.startswith(RENDEZ_VOUS)

    @property
    def prepare_des_questions(self) -> bool:
        return self.code.startswith((PERMANENCE, RENDEZ_VOUS))


_COPIL = (
    "presidents_epci",
    "presidents_syndicats",
    "conseillers",
    "autorite",
    "mission_appui",
    "sous_prefet",
)
USUELS: tuple[Genre, ...] = (
    Genre(
        "copil_lancement", "Comité de pilotage de lancement", _COPIL, frequence="une_fois",
        ordre_du_jour=("Présentation de la démarche", "Calendrier et méthode", "Questions diverses"),
    ),
    Genre(
        "copil_finalisation", "Comité de pilotage de finalisation", _COPIL, frequence="une_fois",
        ordre_du_jour=("Plan d’actions proposé", "Maquette financière", "Suite de la démarche"),
    ),
    Genre(
        "copil_annuel", "Comité de pilotage annuel", _COPIL, frequence="annuelle", par_an=1,
        ordre_du_jour=("Avancement des projets", "Crédits engagés", "Avenants et réserve"),
    ),
    Genre(
        "atelier", "Atelier", (*ELUS, "mission_appui"), duree_minutes=150,
        ordre_du_jour=("Présentation du sujet", "Travail en tables", "Restitution"),
    ),
    Genre(
        COORDINATION, "Coordination des politiques sectorielles", ("autorite", "services", "mission_appui"),
        ordre_du_jour=("Contributions des services", "Avis sur les projets", "Crédits proposés"),
    ),
    Genre(
        "concertation", "Concertation territoriale", TOUS,
        ordre_du_jour=("Projets du territoire", "Maquette financière", "Arbitrages"),
    ),
    Genre(
        RENDEZ_VOUS, "Rendez-vous de Territoire", TOUS, echelle="ville", frequence="annuelle", par_an=1,
        duree_minutes=180, ordre_du_jour=("Bilan de l’année", "Projets bloqués", "Questions des élus"),
    ),
    Genre(
        PERMANENCE, "Permanence des référents", ("maires", "presidents_epci", "mission_appui"),
        duree_minutes=180, ordre_du_jour=("Accueil sur rendez-vous",),
    ),
)  # fmt: skip
"""What a processus written before its meetings were described is given."""
TOUJOURS = frozenset({"atelier", COORDINATION, PERMANENCE})
"""Those that may be held whatever the processus describes: nothing of it depends on them."""


def _lire(brut: Mapping[str, Any]) -> Genre:
    return Genre(
        code=str(brut["code"]),
        libelle=str(brut["libelle"]),
        composition=tuple(g for g in GROUPES if g in set(brut.get("composition") or ())),
        echelle=str(brut.get("echelle") or "territoire"),
        frequence=str(brut.get("frequence") or "a_la_demande"),
        par_an=brut.get("par_an"),
        villes=tuple(str(v) for v in brut.get("villes") or ()),
        duree_minutes=int(brut.get("duree_minutes") or 120),
        ordre_du_jour=tuple(str(t) for t in brut.get("ordre_du_jour") or ()),
    )


def genres_decrits(definition: Mapping[str, Any]) -> list[Genre]:
    """Those that a processus describes, in its order."""
    return [_lire(brut) for brut in definition.get("reunions") or ()]


def genres_de(demarche: Demarche) -> dict[str, Genre]:
    """By code, in the order of the processus. One query (the definition is not read with the démarche)."""
    definition = VersionProcessus.objects.values_list("definition", flat=True).get(
        pk=demarche.version_processus_id
    )
    decrits = genres_decrits(definition)
    if not decrits:
        return {genre.code: genre for genre in USUELS}
    manquent = {c for c in TOUJOURS if not any(d.code.startswith(c) for d in decrits)}
    en_plus = [g for g in USUELS if g.code in manquent]
    return {genre.code: genre for genre in (*decrits, *en_plus)}


def genre_de(demarche: Demarche, code: str, libelle: str = "") -> Genre:
    """The kind of a meeting already held; one that the processus no longer names calls nobody by itself."""
    return genres_de(demarche).get(code) or Genre(code, libelle or code, ())
