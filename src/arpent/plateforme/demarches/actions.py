"""Opening a démarche, moving it forward, noting the state of the places of its thread."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction

from arpent.metier.cycles.demarche import CYCLE_DEMARCHE, EtatDemarche
from arpent.metier.temps import ajouter_mois
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.territoires.models import Territoire

from .models import Demarche, Etape, Place, VersionProcessus


def noter_place(demarche: Demarche, code: str, etat: str, resume: str) -> None:
    """Keeps what the rail says of one place. One query once the place exists."""
    dit = {"etat": etat, "resume": resume[:120]}
    if not Place.objects.filter(demarche=demarche, code=code).update(**dit):
        Place.objects.update_or_create(demarche=demarche, code=code, defaults=dit)


def _etapes(demarche: Demarche, definition: dict[str, Any]) -> list[Etape]:
    rows: list[Etape] = []
    for phase in definition["phases"]:
        for etape in phase["etapes"]:
            mois = etape.get("mois")
            rows.append(
                Etape(
                    demarche=demarche,
                    code=etape["code"],
                    libelle=etape["libelle"],
                    phase=phase["libelle"],
                    ordre=len(rows) + 1,
                    mois=mois,
                    acteur=etape.get("acteur") or "",
                    reunion=etape.get("reunion") or "",
                    place=etape.get("place") or "",
                    facultative=bool(etape.get("facultative")),
                    prevue_le=ajouter_mois(demarche.ouverte_le, mois) if mois else None,
                )
            )
    return rows


@transaction.atomic
def ouvrir(
    territoire: Territoire,
    version: VersionProcessus,
    *,
    slug: str,
    generation: str,
    ouverte_le: date,
    par: Agent | None,
) -> Demarche:
    """Opens a démarche: its steps are copied from the processus, which it then keeps for life."""
    demarche = Demarche.objects.create(
        territoire=territoire,
        version_processus=version,
        slug=slug,
        generation=generation,
        ouverte_le=ouverte_le,
    )
    Etape.objects.bulk_create(_etapes(demarche, version.definition))
    Place.objects.bulk_create(Place(demarche=demarche, code=code) for code in Place.Code.values)
    consigner("ouvrir", sur=demarche, par=par, demarche_id=demarche.pk, apres={"etat": demarche.etat})
    return demarche


@transaction.atomic
def faire_avancer(demarche: Demarche, geste: str, *, par: Agent | None) -> Demarche:
    """Moves the démarche along its cycle. Opening the plan says that the diagnostic is shared."""
    demarche = Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    avant = demarche.etat
    demarche.etat = CYCLE_DEMARCHE.franchir(geste, EtatDemarche(avant)).vers.value
    demarche.version += 1
    demarche.save(update_fields=["etat", "version", "modifie_le"])
    if geste == "ouvrir_plan":
        demarche.places.filter(code=Place.Code.DIAGNOSTIC).update(etat=Place.Etat.FAIT)
    consigner(
        geste,
        sur=demarche,
        par=par,
        demarche_id=demarche.pk,
        avant={"etat": avant},
        apres={"etat": demarche.etat},
    )
    return demarche


@transaction.atomic
def marquer_etape(etape: Etape, faite_le: date | None, *, par: Agent | None) -> Etape:
    """Says that a step was done on a date (or takes it back)."""
    avant = etape.faite_le
    etape.faite_le = faite_le
    etape.save(update_fields=["faite_le"])
    consigner(
        "marquer_etape",
        sur=etape,
        par=par,
        demarche_id=etape.demarche_id,
        avant={"faite_le": avant},
        apres={"faite_le": faite_le},
    )
    return etape
