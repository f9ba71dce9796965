"""The process as it is shown: its diagram, its calendar, its steps in sentences. No query."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from arpent.metier.processus import (
    COMPOSITIONS,
    Definition,
    EtapeModele,
    EtapePrevue,
    Terme,
    phrase,
    planifier,
)
from arpent.metier.processus.diagramme import rangs
from arpent.metier.processus.modele import ECHELLES, LIEUX, Condition, TypeReunion
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.socle.graphiques import Bloc, Figure, LigneGantt, Noeud, Periode, gantt, schema
from arpent.plateforme.socle.templatetags.formats import date_fr

ENTETES_CALENDRIER = ("Étape", "Début", "Fin")


@dataclass(frozen=True, slots=True)
class EtapeLue:
    """One step in words."""

    modele: EtapeModele
    quand: str
    qui: str
    lieu: str
    reunion: str
    conditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PhaseLue:
    """One phase with its steps in words."""

    code: str
    libelle: str
    etapes: tuple[EtapeLue, ...]


@dataclass(frozen=True, slots=True)
class ReunionLue:
    """One kind of meeting in words."""

    modele: TypeReunion
    echelle: str
    composition: str
    duree: str


def dire_condition(condition: Condition, definition: Definition) -> str:
    """The condition with the name of the step or of the meeting it speaks of, not its code."""
    noms = {e.code: e.libelle for e in definition.etapes} | {r.code: r.libelle for r in definition.reunions}
    return phrase(condition, noms)


def lire_phases(definition: Definition) -> tuple[PhaseLue, ...]:
    """The phases in order."""
    return tuple(
        PhaseLue(p.code, p.libelle, tuple(_etape(e, definition) for e in p.etapes)) for p in definition.phases
    )


def _etape(etape: EtapeModele, definition: Definition) -> EtapeLue:
    role = ROLES.get(etape.role)
    reunion = definition.reunion(etape.reunion)
    return EtapeLue(
        etape,
        _quand(etape),
        " · ".join(x for x in (etape.acteur, role.libelle if role else "") if x),
        LIEUX.get(etape.place, ""),
        reunion.libelle if reunion else etape.reunion,
        tuple(dire_condition(c, definition) for c in etape.conditions),
    )


def _quand(etape: EtapeModele) -> str:
    jours = etape.duree_jours
    morceaux = (
        f"mois {etape.mois}" if etape.mois else "",
        "" if jours is None else f"{jours} jour{'s' if jours > 1 else ''}",
        "en même temps que la précédente" if etape.parallele else "",
    )
    return ", ".join(m for m in morceaux if m) or "sans durée"


def lire_reunions(definition: Definition) -> tuple[ReunionLue, ...]:
    """The kinds of meetings in order."""
    return tuple(
        ReunionLue(
            r,
            ECHELLES[r.echelle],
            ", ".join(COMPOSITIONS[c] for c in r.composition) or "non précisée",
            _duree(r.duree_minutes),
        )
        for r in definition.reunions
    )


def _duree(minutes: int) -> str:
    heures, reste = divmod(minutes, 60)
    if not heures:
        return f"{reste} min"
    return f"{heures} h {reste:02d}" if reste else f"{heures} h"


def figure_schema(nom: str, definition: Definition) -> Figure:
    """The diagram: one box a step, side by side when they run together."""
    blocs = [
        Bloc(
            phase.libelle,
            tuple(tuple(_noeud(e) for e in rang) for rang in rangs(phase.etapes)),
        )
        for phase in definition.phases
    ]
    nombre = len(definition.etapes)
    titre = f"{nom} : {nombre} étape{'s' if nombre > 1 else ''} en {len(definition.phases)} phases"
    return schema(titre, blocs, ("Étape", "Quand, qui", "Phase"))


def _noeud(etape: EtapeModele) -> Noeud:
    quand = f"M{etape.mois}" if etape.mois else ""
    detail = " · ".join(x for x in (quand, "facultative" if etape.facultative else "", etape.acteur) if x)
    return Noeud(etape.libelle, detail, etape.facultative)


def dire_terme(terme: Terme | None) -> str:
    """« 12 mars 2026, entre le 1er février et le 30 avril 2026 »; a dash when nothing is expected."""
    if terme is None:
        return "–"
    if terme.tot is None or terme.tard is None:
        return date_fr(terme.le)
    return f"{date_fr(terme.le)}, entre le {date_fr(terme.tot)} et le {date_fr(terme.tard)}"


def calendrier(
    definition: Definition, ouverte_le: date, ecartees: Collection[str] = ()
) -> tuple[EtapePrevue, ...]:
    """The steps that have dates, if the démarche opens that day."""
    return tuple(p for p in planifier(definition.etapes, ouverte_le, ecartees) if p.debut is not None)


def figure_calendrier(titre: str, prevues: Sequence[EtapePrevue], today: date | None = None) -> Figure | None:
    """The calendar of a process; None when it has no step."""
    lignes = [
        LigneGantt(
            p.etape.libelle,
            (Periode(p.debut, p.fin, "prevu", f"du {date_fr(p.debut)} au {date_fr(p.fin)}"),),
            (date_fr(p.debut), date_fr(p.fin)),
            note=f"M{p.etape.mois}" if p.etape.mois else "",
        )
        for p in prevues
        if p.debut is not None and p.fin is not None
    ]
    return gantt(titre, lignes, ENTETES_CALENDRIER, today=today) if lignes else None


def jusqu_a_la_signature(prevues: Sequence[EtapePrevue]) -> tuple[EtapePrevue, ...]:
    """The part of the calendar that ends with the contract: years of implementation would crush the rest."""
    rangs_contrat = [i for i, p in enumerate(prevues) if p.etape.place == "contrat"]
    return tuple(prevues[: rangs_contrat[-1] + 1]) if rangs_contrat else tuple(prevues)
