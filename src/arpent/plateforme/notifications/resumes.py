"""Digests: what is due to whom, and the mail that says it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings

from .models import Notification, Rythme
from .rubriques import RUBRIQUES, Choix, Frequence

F = Frequence
SAMEDI = 5


@dataclass(frozen=True, slots=True)
class Destinataire:
    """Whom to write to; the people's room lies above and hands it down."""

    agent_id: int
    courriel: str
    prenom: str


def dues(rythme: Rythme, maintenant: datetime) -> set[Frequence]:
    """The frequencies whose hour has come for somebody. `maintenant` in local time.

    The digest of the day is made once a working day, from the hour chosen; that of the week on its day, or
    on the first working day after it when the machine was off.
    """
    trouvees = {F.AUSSITOT}
    jour = maintenant.date()
    if jour.weekday() >= SAMEDI or maintenant.hour < rythme.heure:
        return trouvees
    if rythme.quotidien_le is None or rythme.quotidien_le < jour:
        trouvees.add(F.QUOTIDIENNE)
    passe = jour - timedelta(days=(jour.weekday() - rythme.jour) % 7)  # the last day of its kind, or today
    if rythme.hebdomadaire_le is None or rythme.hebdomadaire_le < passe:
        trouvees.add(F.HEBDOMADAIRE)
    return trouvees


def rubriques_dues(choix: Choix, frequences: Iterable[Frequence]) -> list[str]:
    """Codes of the topics that somebody wants at one of those frequencies."""
    voulues = set(frequences)
    return [code for code, frequence in choix.items() if frequence in voulues]


def compter(nombre: int) -> str:
    return f"{nombre} nouvelle{'s' if nombre > 1 else ''}"


def ecrire(nouvelles: Sequence[Notification]) -> str:
    """The news by topic, in the order of the topics, each with its address."""
    blocs = []
    for code, rubrique in RUBRIQUES.items():
        lignes = [_ligne(n) for n in nouvelles if n.rubrique == code]
        if lignes:
            blocs.append(rubrique.libelle.upper() + "\n" + "\n".join(lignes))
    return "\n\n".join(blocs)


def _ligne(nouvelle: Notification) -> str:
    lien = f"\n  {settings.ARPENT_URL}{nouvelle.url}" if nouvelle.url else ""
    return f"- {nouvelle.sujet} : {nouvelle.texte}{lien}"


def raison(frequence: Frequence, nouvelles: Sequence[Notification]) -> str:
    """Why this mail: which topics, at which frequency."""
    noms = [r.libelle for code, r in RUBRIQUES.items() if any(n.rubrique == code for n in nouvelles)]
    quoi = " ; ".join(noms)
    return {
        F.AUSSITOT: f"vous avez demandé à être averti aussitôt ({quoi})",
        F.QUOTIDIENNE: f"vous recevez un résumé du jour de ces rubriques : {quoi}",
        F.HEBDOMADAIRE: f"vous recevez un résumé de la semaine de ces rubriques : {quoi}",
    }[frequence]
