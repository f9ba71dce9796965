"""A dispositif told to a reader: its règlement in plain French, its funds, its process."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from arpent.metier.argent import formater_taux
from arpent.metier.reglement import Regle, Reglement, lire_reglement
from arpent.plateforme.socle.pieces import Etape

from .models import Dispositif, Fonds, VersionReglement

REUNIONS = {
    "copil": "comité de pilotage",
    "atelier": "atelier",
    "concertation": "Concertation territoriale",
    "rdv": "Rendez-vous de Territoire",
}


@dataclass(frozen=True, slots=True)
class RegleLue:
    """One rule as the page prints it."""

    intitule: str
    enonce: str
    demonstration: bool
    incomplete: bool
    sources: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ArticleLu:
    numero: str
    titre: str
    prose: str
    regles: tuple[RegleLue, ...]


@dataclass(frozen=True, slots=True)
class FondsPresente:
    """A fund and its key in words."""

    fonds: Fonds
    cle: str


@dataclass(frozen=True, slots=True)
class Phase:
    libelle: str
    etapes: tuple[Etape, ...]


def lire_version(version: VersionReglement) -> Reglement:
    """The règlement of a version, with the values in use that day."""
    return lire_reglement(version.contenu, version.demonstration)


def articles(reglement: Reglement) -> tuple[ArticleLu, ...]:
    return tuple(
        ArticleLu(a.numero, a.titre, a.prose, tuple(_regle(r, reglement) for r in a.regles))
        for a in reglement.articles
    )


def _regle(regle: Regle, reglement: Reglement) -> RegleLue:
    parametres = regle.parametres()
    return RegleLue(
        intitule=regle.intitule,
        enonce=regle.enonce_complet(reglement.libelles),
        demonstration=any(p.demonstration for p in parametres),
        incomplete=any(p.valeur is None for p in parametres),
        sources=tuple(dict.fromkeys(p.source for p in parametres if p.source)),
    )


def fonds_presentes(dispositif: Dispositif) -> list[FondsPresente]:
    """The funds with their keys: one query."""
    libelles = {c["code"]: c["libelle"] for c in dispositif.parametres.get("criteres", [])}
    return [FondsPresente(f, _cle_en_mots(f.cle_repartition, libelles)) for f in dispositif.fonds.all()]


def _cle_en_mots(cle: list[dict[str, Any]], libelles: dict[str, str]) -> str:
    """« part égale 50 %, longueur de voirie 25 % »; empty when no key is published."""
    return ", ".join(
        f"{libelles.get(c['critere'], c['critere']).lower()} {formater_taux(Decimal(str(c['poids'])), 0)}"
        for c in cle
    )


def phases(definition: dict[str, Any]) -> tuple[Phase, ...]:
    """The process as timelines, one per phase; nothing is done yet: it is the model."""
    return tuple(
        Phase(phase["libelle"], tuple(_etape(e) for e in phase["etapes"])) for phase in definition["phases"]
    )


def _etape(etape: dict[str, Any]) -> Etape:
    quand = f"M{etape['mois']}" if etape.get("mois") else ""
    morceaux = [
        etape.get("acteur") or "",
        REUNIONS.get(etape.get("reunion") or "", ""),
        "facultative" if etape.get("facultative") else "",
    ]
    return Etape(etape["libelle"], "a_venir", quand, " · ".join(m for m in morceaux if m))
