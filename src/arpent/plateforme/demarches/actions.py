"""Opening a démarche, moving it forward, noting the state of the places of its thread."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction

from arpent.metier.cycles.demarche import CYCLE_DEMARCHE, EtatDemarche
from arpent.metier.processus import (
    Definition,
    EtapeModele,
    Verdict,
    ecrire_condition,
    juger,
    lire_conditions,
    lire_definition,
    planifier,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.territoires.models import Territoire

from .evenements import faits_de
from .models import Demarche, Etape, Place, VersionProcessus


def noter_place(demarche: Demarche, code: str, etat: str, resume: str) -> None:
    """Keeps what the rail says of one place. One query once the place exists."""
    dit = {"etat": etat, "resume": resume[:120]}
    if not Place.objects.filter(demarche=demarche, code=code).update(**dit):
        Place.objects.update_or_create(demarche=demarche, code=code, defaults=dit)


def etapes_prevues(
    demarche: Demarche, definition: Definition, retenues: Collection[str] | None = None
) -> list[Etape]:
    """The steps of a process as rows not yet saved, with their dates. No query.

    `retenues`: the codes of the optional steps that the territory takes; None: it has not said, they are kept
    in the calendar without being expected.
    """
    facultatives = {e.code for e in definition.etapes if e.facultative}
    ecartees = facultatives - set(retenues) if retenues is not None else set()
    dates = {p.etape.code: p for p in planifier(definition.etapes, demarche.ouverte_le, ecartees)}
    rows: list[Etape] = []
    for phase in definition.phases:
        for modele in phase.etapes:
            prevue = dates[modele.code]
            etape = Etape(demarche=demarche, code=modele.code, ordre=len(rows) + 1)
            decrire(etape, modele, phase.libelle)
            if modele.facultative and retenues is not None:
                etape.retenue = modele.code in retenues
            etape.debut_prevu_le, etape.prevue_le = prevue.debut, prevue.fin
            etape.prevue_au_depart_le = prevue.fin
            rows.append(etape)
    return rows


def decrire(etape: Etape, modele: EtapeModele, phase: str) -> None:
    """Writes on a row what the process says of the step: everything but its dates and what was done."""
    etape.libelle, etape.phase = modele.libelle, phase
    etape.mois, etape.duree_jours, etape.parallele = modele.mois, modele.duree_jours, modele.parallele
    etape.acteur, etape.role, etape.reunion = modele.acteur, modele.role, modele.reunion
    etape.place, etape.facultative = modele.place, modele.facultative
    etape.conditions = [ecrire_condition(c) for c in modele.conditions]


@transaction.atomic
def ouvrir(
    territoire: Territoire,
    version: VersionProcessus,
    *,
    slug: str,
    generation: str,
    ouverte_le: date,
    par: Agent | None,
    retenues: Collection[str] | None = None,
) -> Demarche:
    """Opens a démarche: its steps are copied from the version, which it keeps until somebody moves it.

    `retenues`: the optional steps taken (see `etapes_prevues`). Raises ProcessusInvalide when the version
    cannot be read.
    """
    demarche = Demarche.objects.create(
        territoire=territoire,
        version_processus=version,
        slug=slug,
        generation=generation,
        ouverte_le=ouverte_le,
    )
    Etape.objects.bulk_create(etapes_prevues(demarche, lire_definition(version.definition), retenues))
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


class EtapeRefusee(Exception):
    """The step cannot be said done yet. `manques`: the conditions that are not met."""

    def __init__(self, etape: Etape, manques: tuple[Verdict, ...]) -> None:
        self.etape, self.manques = etape, manques
        quoi = " ".join(f"Il faut que ce soit vrai : {v.phrase}. {v.manque}" for v in manques)
        super().__init__(f"« {etape.libelle} » ne peut pas encore être dite faite. {quoi}")


def verdicts_de(demarche: Demarche, etape: Etape, etapes: Sequence[Etape]) -> tuple[Verdict, ...]:
    """What the step asks, and whether it is met. No query without a condition."""
    conditions = lire_conditions(etape.conditions)
    if not conditions:
        return ()
    noms = {e.code: e.libelle for e in etapes}
    if any(c.code == "reunion_tenue" for c in conditions):
        version = VersionProcessus.objects.get(pk=demarche.version_processus_id)
        noms |= {r["code"]: r["libelle"] for r in version.definition.get("reunions", [])}
    return juger(conditions, faits_de(demarche, etape, etapes), noms)


@transaction.atomic
def marquer_etape(etape: Etape, faite_le: date | None, *, par: Agent | None, motif: str = "") -> Etape:
    """Says that a step was done on a date (or takes it back).

    A condition that is not met refuses it (EtapeRefusee), unless `motif` says why one goes past it: the
    journal keeps what was missing and the reason. A step already done only changes its date.
    """
    etape = Etape.objects.select_for_update(of=("self",)).select_related("demarche").get(pk=etape.pk)
    avant: dict[str, Any] = {"faite_le": etape.faite_le}
    apres: dict[str, Any] = {"faite_le": faite_le}
    passee_outre = ""
    if faite_le is not None and etape.faite_le is None:
        etapes = list(Etape.objects.filter(demarche_id=etape.demarche_id))
        manques = tuple(v for v in verdicts_de(etape.demarche, etape, etapes) if v.remplie is False)
        if manques and not motif.strip():
            raise EtapeRefusee(etape, manques)
        if manques:
            passee_outre = motif.strip()
            apres |= {"sans": [v.phrase for v in manques]}
    elif faite_le is not None:
        passee_outre = etape.passee_outre
    etape.faite_le, etape.passee_outre = faite_le, passee_outre
    etape.save(update_fields=["faite_le", "passee_outre"])
    consigner(
        "marquer_etape",
        sur=etape,
        par=par,
        demarche_id=etape.demarche_id,
        avant=avant,
        apres=apres,
        motif=motif.strip() if passee_outre else "",
    )
    return etape


@transaction.atomic
def replanifier(etape: Etape, prevue_le: date, motif: str, *, par: Agent | None, suivre: bool) -> int:
    """Moves the planned date of a step, with its reason; with `suivre` what is left after it moves as much.

    Gives the number of steps moved. The date planned at the opening stays: the pace is measured against it.
    """
    etape = Etape.objects.select_for_update(of=("self",)).get(pk=etape.pk)
    avant = etape.prevue_le
    deplacees = [etape]
    if suivre and avant is not None:
        apres = Etape.objects.select_for_update(of=("self",)).filter(
            demarche_id=etape.demarche_id, ordre__gt=etape.ordre, faite_le__isnull=True,
            prevue_le__isnull=False,
        )  # fmt: skip
        deplacees += list(apres)
    ecart = prevue_le - avant if avant is not None else timedelta(0)
    for autre in deplacees:
        autre.prevue_le = prevue_le if autre.pk == etape.pk else (autre.prevue_le or prevue_le) + ecart
        if autre.debut_prevu_le is not None:
            autre.debut_prevu_le = min(autre.debut_prevu_le + ecart, autre.prevue_le)
        if autre.prevue_au_depart_le is None:
            autre.prevue_au_depart_le = autre.prevue_le
    Etape.objects.bulk_update(deplacees, ["prevue_le", "debut_prevu_le", "prevue_au_depart_le"])
    consigner(
        "replanifier_etape",
        sur=etape,
        par=par,
        demarche_id=etape.demarche_id,
        avant={"prevue_le": avant},
        apres={"prevue_le": prevue_le, "etapes": len(deplacees)},
        motif=motif,
    )
    return len(deplacees)


@transaction.atomic
def retenir_etape(etape: Etape, retenue: bool, *, par: Agent | None) -> Etape:
    """Says whether the territory takes an optional step. ValueError when the step is not optional."""
    etape = Etape.objects.select_for_update(of=("self",)).get(pk=etape.pk)
    if not etape.facultative:
        raise ValueError(f"« {etape.libelle} » n’est pas une étape facultative.")
    avant, etape.retenue = etape.retenue, retenue
    etape.save(update_fields=["retenue"])
    consigner(
        "retenir_etape",
        sur=etape,
        par=par,
        demarche_id=etape.demarche_id,
        avant={"retenue": avant},
        apres={"retenue": retenue},
    )
    return etape
