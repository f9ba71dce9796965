"""Moving a running démarche to another version of its process: shown first, nothing done is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from arpent.metier.processus import lire_definition
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner

from ..actions import etapes_prevues
from ..models import Demarche, Etape, VersionProcessus


@dataclass(frozen=True, slots=True)
class Passage:
    """What a démarche would gain and lose: rows not saved yet, in the order of the new process."""

    ajoutees: tuple[Etape, ...]
    retirees: tuple[Etape, ...]
    """Not done: they go."""
    conservees: tuple[Etape, ...]
    """Done, and no longer in the process: they stay, marked so."""
    modifiees: tuple[tuple[Etape, Etape], ...]
    """(as it is, as it would be), for the steps that are said or dated otherwise."""
    suite: tuple[Etape, ...]
    """Every row to save, with its order."""

    @property
    def change(self) -> bool:
        return bool(self.ajoutees or self.retirees or self.conservees or self.modifiees)


_DITS = (
    "libelle", "phase", "mois", "duree_jours", "parallele", "acteur", "role", "reunion", "place",
    "facultative", "conditions", "prevue_le",
)  # fmt: skip
_CALENDRIER = ("mois", "duree_jours", "parallele")


def preparer(demarche: Demarche, version: VersionProcessus, today: date) -> Passage:
    """The passage to that version. One query: the steps.

    A step that comes, or whose calendar changes, is never planned before today: it would be born late.
    """
    actuelles = {e.code: e for e in demarche.etapes.all()}
    nouvelles = etapes_prevues(demarche, lire_definition(version.definition))
    ajoutees, modifiees, suite = [], [], []
    for nouvelle in nouvelles:
        actuelle = actuelles.pop(nouvelle.code, None)
        if actuelle is None:
            _pas_avant(nouvelle, today)
            ajoutees.append(nouvelle)
            suite.append(nouvelle)
            continue
        future = _future(actuelle, nouvelle, today)
        if any(getattr(actuelle, c) != getattr(future, c) for c in _DITS):
            modifiees.append((actuelle, future))
        suite.append(future)
    restes = sorted(actuelles.values(), key=lambda e: e.ordre)
    conservees = [e for e in restes if e.faite_le is not None]
    for rang, etape in enumerate(conservees, len(suite) + 1):
        etape.hors_processus, etape.ordre = True, rang
    return Passage(
        tuple(ajoutees),
        tuple(e for e in restes if e.faite_le is None),
        tuple(conservees),
        tuple(modifiees),
        (*suite, *conservees),
    )


def _future(actuelle: Etape, nouvelle: Etape, today: date) -> Etape:
    """The row as it would be: what was done or chosen stays; its dates move if its calendar does."""
    future = Etape.objects.model(
        **{f.attname: getattr(actuelle, f.attname) for f in Etape._meta.concrete_fields}
    )
    meme_calendrier = all(getattr(actuelle, c) == getattr(nouvelle, c) for c in _CALENDRIER)
    for champ in ("libelle", "phase", "acteur", "role", "reunion", "place", "facultative", "conditions"):
        setattr(future, champ, getattr(nouvelle, champ))
    for champ in _CALENDRIER:
        setattr(future, champ, getattr(nouvelle, champ))
    future.ordre, future.hors_processus = nouvelle.ordre, False
    if actuelle.faite_le is None and not (meme_calendrier and actuelle.prevue_le):
        _pas_avant(nouvelle, today)
        future.prevue_le, future.debut_prevu_le = nouvelle.prevue_le, nouvelle.debut_prevu_le
        future.prevue_au_depart_le = nouvelle.prevue_le
    return future


def _pas_avant(etape: Etape, today: date) -> None:
    """Puts a planned date already past off until today, and the days of the step."""
    if etape.prevue_le is None or etape.prevue_le >= today:
        return
    etape.debut_prevu_le = today
    etape.prevue_le = etape.prevue_au_depart_le = today + timedelta(days=etape.duree_jours or 0)


@transaction.atomic
def changer_version(
    demarche: Demarche, version: VersionProcessus, *, par: Agent | None, motif: str, le: date
) -> Passage:
    """Moves the démarche to that version of the same process, and says in the journal what it changed.

    ValueError when the version belongs to another process.
    """
    demarche = Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    ancienne = VersionProcessus.objects.get(pk=demarche.version_processus_id)
    if version.processus_id != ancienne.processus_id:
        raise ValueError("Cette version est celle d’un autre processus.")
    passage = preparer(demarche, version, le)
    Etape.objects.filter(pk__in=[e.pk for e in passage.retirees]).delete()
    Etape.objects.bulk_update(
        [e for e in passage.suite if e.pk],
        [
            "libelle", "phase", "ordre", "mois", "duree_jours", "parallele", "acteur", "role", "reunion",
            "place", "facultative", "conditions", "debut_prevu_le", "prevue_le", "prevue_au_depart_le",
            "hors_processus",
        ],
    )  # fmt: skip
    Etape.objects.bulk_create([e for e in passage.suite if not e.pk])
    demarche.version_processus = version
    demarche.version += 1
    demarche.save(update_fields=["version_processus", "version", "modifie_le"])
    consigner(
        "changer_processus",
        sur=demarche,
        par=par,
        demarche_id=demarche.pk,
        motif=motif,
        avant={"version_processus": ancienne.numero, "etapes": [e.libelle for e in passage.retirees]},
        apres={"version_processus": version.numero, "etapes": [e.libelle for e in passage.ajoutees]},
    )
    return passage
