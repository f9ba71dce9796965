"""The round: what must be done without anybody asking, each task on its own, at its own pace.

Every task is idempotent and takes its own locks: several rounds may run at once, one may be killed anywhere.
"""

from __future__ import annotations

import logging
import os
import signal
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import close_old_connections
from django.utils import timezone

from arpent.plateforme.acteurs.comptes.sessions import oublier_les_mortes
from arpent.plateforme.acteurs.habilitations import rappeler_les_fins
from arpent.plateforme.echanges.api.webhooks import envoi
from arpent.plateforme.notifications import courriels
from arpent.plateforme.portail.courrier import relances, resumes
from arpent.plateforme.portail.recherche.ensemble import refaire_le_vocabulaire
from arpent.plateforme.socle import soumission
from arpent.plateforme.socle.sante import TOURNEE, battre
from arpent.plateforme.subventions.echeances import alertes
from arpent.plateforme.suivi.questionnaires.actions import relancer_avant_cloture

_journal = logging.getLogger("arpent.tournee")
PAS = 60
"""Seconds between two rounds of the loop."""


@dataclass(frozen=True, slots=True)
class Tache:
    """What to do, how many things it did, and the least time between two runs in the loop."""

    code: str
    libelle: str
    faire: Callable[[datetime], int]
    chaque: timedelta = timedelta(0)


@dataclass(frozen=True, slots=True)
class Passage:
    """What one task did; `erreur` when it stopped."""

    tache: Tache
    nombre: int = 0
    erreur: str = ""


def _envoyer(maintenant: datetime) -> int:
    return courriels.vider_la_file(maintenant).envoyes


def _oublier(maintenant: datetime) -> int:
    return soumission.oublier(maintenant) + oublier_les_mortes(maintenant)


def _rappeler_les_questionnaires(maintenant: datetime) -> int:
    return relancer_avant_cloture(timezone.localdate(maintenant))


def _battre(maintenant: datetime) -> int:
    battre(TOURNEE, timezone.now())
    return 1


TACHES: tuple[Tache, ...] = (
    Tache("relances", "relances faites", relances.relancer_tous, timedelta(hours=1)),
    Tache("echeances", "alertes d’échéance envoyées", alertes.prevenir, timedelta(hours=1)),
    Tache("questionnaires", "questionnaires rappelés", _rappeler_les_questionnaires, timedelta(hours=1)),
    Tache("acces", "fins d’accès rappelées", rappeler_les_fins, timedelta(hours=1)),
    Tache("resumes", "courriels préparés", resumes.poster),
    Tache("vocabulaire", "mots connus de la recherche", refaire_le_vocabulaire, timedelta(hours=1)),
    Tache("evenements", "événements à annoncer", envoi.preparer),
    Tache("livraisons", "événements annoncés", envoi.livrer),
    Tache("envois", "courriels envoyés", _envoyer),
    Tache("menage", "traces de passage oubliées", _oublier, timedelta(hours=1)),
    Tache("battement", "signe de vie donné", _battre),
)


def passer(maintenant: datetime | None = None, taches: Iterable[Tache] = TACHES) -> list[Passage]:
    """One round. A task that fails is said and does not stop the others."""
    return [_passer(tache, maintenant or timezone.now()) for tache in taches]


def _passer(tache: Tache, maintenant: datetime) -> Passage:
    try:
        return Passage(tache, tache.faire(maintenant))
    except Exception as erreur:  # the round goes on, the next one tries again
        _journal.exception("tournée : %s", tache.code)
        return Passage(tache, erreur=f"{type(erreur).__name__} : {erreur}")


class Boucle:
    """Rounds one after the other until told to stop, or until the server that started them is gone."""

    def __init__(self, parent: int = 0) -> None:
        self._parent = parent
        self._fin = threading.Event()
        self._derniers: dict[str, datetime] = {}

    def arreter(self, *_: object) -> None:
        self._fin.set()

    def dues(self, maintenant: datetime) -> list[Tache]:
        """The tasks whose turn has come."""
        return [
            t
            for t in TACHES
            if t.code not in self._derniers or maintenant - self._derniers[t.code] >= t.chaque
        ]

    def tourner(self) -> None:
        """Rounds until the end; what a task says goes to the log."""
        for signe in (signal.SIGTERM, signal.SIGINT):
            signal.signal(signe, self.arreter)
        while not self._fin.is_set() and self._parent_vit():
            maintenant = timezone.now()
            dues = self.dues(maintenant)
            close_old_connections()
            passer(maintenant, dues)
            close_old_connections()
            self._derniers |= {t.code: maintenant for t in dues}
            for _ in range(PAS // 2):
                if self._fin.wait(2) or not self._parent_vit():
                    return

    def _parent_vit(self) -> bool:
        return not self._parent or os.getppid() == self._parent
