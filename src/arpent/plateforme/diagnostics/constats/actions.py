"""Writing what the territory finds and what is at stake: lock or version, save, journal, place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Demarche, Place
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import ConstatTerritorial, Enjeu

CHAMPS_CONSTAT = (
    "nature", "theme", "texte", "indicateur", "valeur_citee", "millesime_cite", "propose_par",
    "demonstration",
)  # fmt: skip
CHAMPS_ENJEU = ("libelle", "description", "priorite", "demonstration")


def _noter(demarche: Demarche) -> None:
    """« 8 constats, 3 enjeux » on the thread."""
    constats, enjeux = demarche.constats.count(), demarche.enjeux.count()
    etat = Place.Etat.EN_COURS if constats or enjeux else Place.Etat.A_VENIR
    actuelle = demarche.places.filter(code=Place.Code.DIAGNOSTIC).first()
    if actuelle is not None and actuelle.etat == Place.Etat.FAIT and constats and enjeux:
        etat = Place.Etat.FAIT
    s = ("s" if constats > 1 else "", "x" if enjeux > 1 else "")
    noter_place(demarche, Place.Code.DIAGNOSTIC, etat, f"{constats} constat{s[0]}, {enjeux} enjeu{s[1]}")


def _valeurs(objet: ConstatTerritorial | Enjeu, champs: Iterable[str]) -> dict[str, Any]:
    return {nom: getattr(objet, nom) for nom in champs}


def _supprimer(objet: ConstatTerritorial | Enjeu, champs: Iterable[str], par: Agent | None) -> None:
    demarche = objet.demarche
    consigner("supprimer", sur=objet, par=par, demarche_id=demarche.pk, avant=_valeurs(objet, champs))
    objet.delete()
    _noter(demarche)


@transaction.atomic
def ajouter_constat(constat: ConstatTerritorial, *, par: Agent | None) -> ConstatTerritorial:
    constat.save()
    consigner(
        "creer",
        sur=constat,
        par=par,
        demarche_id=constat.demarche_id,
        apres=_valeurs(constat, CHAMPS_CONSTAT),
    )
    _noter(constat.demarche)
    return constat


@transaction.atomic
def modifier_constat(
    constat: ConstatTerritorial, *, avant: Mapping[str, Any], version_lue: int, par: Agent | None
) -> ConstatTerritorial:
    """Raises ConflitDeVersion when someone saved it meanwhile."""
    enregistrer_version(constat, version_lue, CHAMPS_CONSTAT)
    consigner_modification(
        constat, dict(avant), _valeurs(constat, CHAMPS_CONSTAT), par=par, demarche_id=constat.demarche_id
    )
    return constat


@transaction.atomic
def supprimer_constat(constat: ConstatTerritorial, *, par: Agent | None) -> None:
    _supprimer(constat, CHAMPS_CONSTAT, par)


def _ids(constats: Iterable[ConstatTerritorial]) -> list[int]:
    return sorted(c.pk for c in constats)


@transaction.atomic
def ajouter_enjeu(enjeu: Enjeu, constats: Iterable[ConstatTerritorial], *, par: Agent | None) -> Enjeu:
    enjeu.save()
    lies = list(constats)
    enjeu.constats.set(lies)
    apres = _valeurs(enjeu, CHAMPS_ENJEU) | {"constats": _ids(lies)}
    consigner("creer", sur=enjeu, par=par, demarche_id=enjeu.demarche_id, apres=apres)
    _noter(enjeu.demarche)
    return enjeu


@transaction.atomic
def modifier_enjeu(
    enjeu: Enjeu,
    constats: Iterable[ConstatTerritorial],
    *,
    avant: Mapping[str, Any],
    version_lue: int,
    par: Agent | None,
) -> Enjeu:
    """Raises ConflitDeVersion when someone saved it meanwhile."""
    enregistrer_version(enjeu, version_lue, CHAMPS_ENJEU)
    anciens, lies = _ids(enjeu.constats.all()), list(constats)
    enjeu.constats.set(lies)
    consigner_modification(
        enjeu,
        dict(avant) | {"constats": anciens},
        _valeurs(enjeu, CHAMPS_ENJEU) | {"constats": _ids(lies)},
        par=par,
        demarche_id=enjeu.demarche_id,
    )
    return enjeu


@transaction.atomic
def supprimer_enjeu(enjeu: Enjeu, *, par: Agent | None) -> None:
    _supprimer(enjeu, CHAMPS_ENJEU, par)


@transaction.atomic
def ordonner_enjeux(demarche: Demarche, priorites: Mapping[int, int], *, par: Agent | None) -> int:
    """New priorities by enjeu; returns how many changed."""
    changes = 0
    for enjeu in Enjeu.objects.select_for_update(of=("self",)).filter(demarche=demarche, pk__in=priorites):
        ancienne, nouvelle = enjeu.priorite, priorites[enjeu.pk]
        if ancienne == nouvelle:
            continue
        enjeu.priorite = nouvelle
        enregistrer_version(enjeu, enjeu.version, ["priorite"])
        consigner(
            "modifier",
            sur=enjeu,
            par=par,
            demarche_id=demarche.pk,
            avant={"priorite": ancienne},
            apres={"priorite": nouvelle},
        )
        changes += 1
    return changes
