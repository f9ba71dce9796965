"""A fiche as it stood at one moment: the journal read backwards from today."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arpent.plateforme.journal.actions import en_json
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.journal.voile import CHAMPS_VOILES, voiler_champs

from .actions import CHAMPS_REDIGES
from .lecture_fiche import GESTES, libelle_champ, valeur_lisible
from .models import Fiche
from .saisies import demarches_de, depenses_de, lignes_de, pour_journal

_SUIVIS = (
    "etat", "priorite_maitre_ouvrage", "priorite_territoire", "priorite_autorite", "derogation_taux",
    "derogation_acte", "derogation_le",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reponse:
    """One field of the past version; `aujourd_hui` is set where it has changed since."""

    libelle: str
    valeur: str
    aujourd_hui: str | None


@dataclass(frozen=True, slots=True)
class VersionPassee:
    le: datetime
    par: str
    geste: str
    reponses: list[Reponse]


def entrees_de(fiche: Fiche) -> Any:
    """The journal of the fiche, newest first. No query yet."""
    return Entree.objects.filter(
        objet_type="plans.fiche", objet_id=str(fiche.pk), demarche_id=fiche.demarche_id
    ).order_by("-numero")


def aujourd_hui(fiche: Fiche) -> dict[str, Any]:
    """The fiche as the journal would write it. Four queries."""
    rangees: dict[str, Sequence[object]] = {
        "financements": lignes_de(fiche),
        "depenses": depenses_de(fiche),
        "demarches_financeurs": demarches_de(fiche),
    }
    politiques = [str(p) for p in fiche.politiques.all()]
    valeurs = pour_journal(fiche, CHAMPS_REDIGES, rangees, politiques)
    valeurs |= {nom: getattr(fiche, nom) for nom in _SUIVIS}
    lues: dict[str, Any] = voiler_champs(en_json(valeurs))
    return lues


def _montrer(fiche: Fiche, champ: str, valeur: Any, actuel: dict[str, Any]) -> str:
    """The value in words; that of a veiled field only when the fiche still holds it."""
    if champ in CHAMPS_VOILES and valeur == actuel[champ]:
        valeur = getattr(fiche, champ)
    return valeur_lisible(champ, valeur)


def version_apres(fiche: Fiche, numero: int) -> VersionPassee | None:
    """The fiche right after that entry of the journal; None when it is not one of its entries. Six queries.

    Each later entry is undone, the newest first: what it says of before takes the place of what came after.
    """
    entrees = list(entrees_de(fiche).filter(numero__gte=numero))
    if not entrees or entrees[-1].numero != numero:
        return None
    actuel = aujourd_hui(fiche)
    passe = dict(actuel)
    for entree in entrees[:-1]:
        for champ in entree.apres:
            if champ in passe:
                passe[champ] = entree.avant.get(champ)
    reponses = [
        Reponse(
            libelle_champ(champ),
            _montrer(fiche, champ, valeur, actuel),
            None if valeur == actuel[champ] else _montrer(fiche, champ, actuel[champ], actuel),
        )
        for champ, valeur in passe.items()
        if valeur not in (None, "", [], {}) or actuel[champ] not in (None, "", [], {})
    ]
    retenue = entrees[-1]
    geste = GESTES.get(retenue.geste, retenue.geste.replace("_", " "))
    return VersionPassee(retenue.le, retenue.par_nom, geste, reponses)
