"""Changing a parameter of the income flows, or putting it back to its default value."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import IntegrityError, transaction

from arpent.metier.flux_revenus import Parametre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre, enregistrer_version

from ..models import ParametreFlux

CHAMPS = ("valeur", "bas", "haut", "source", "depuis")


def valeurs(parametre: ParametreFlux) -> dict[str, Any]:
    return {nom: getattr(parametre, nom) for nom in CHAMPS}


def changer(
    parametre: ParametreFlux, *, avant: Mapping[str, Any], version_lue: int, par: Agent | None
) -> ParametreFlux:
    """Creates or updates; ConflitDeVersion when someone changed it meanwhile, or put it back to default."""
    if parametre.pk is None:
        return _creer(parametre, par)
    with transaction.atomic():
        enregistrer_version(parametre, version_lue, CHAMPS)
        consigner_modification(
            parametre, dict(avant), valeurs(parametre), par=par, demarche_id=parametre.demarche_id
        )
    return parametre


def _creer(parametre: ParametreFlux, par: Agent | None) -> ParametreFlux:
    try:
        with transaction.atomic():
            parametre.save(force_insert=True)
            consigner(
                "creer",
                sur=parametre,
                par=par,
                demarche_id=parametre.demarche_id,
                apres=valeurs(parametre),
            )
    except IntegrityError:
        en_base = ParametreFlux.objects.filter(demarche_id=parametre.demarche_id, code=parametre.code).first()
        if en_base is None:
            raise
        raise ConflitDeVersion(en_base, ecarts_entre(en_base, valeurs(parametre))) from None
    return parametre


@transaction.atomic
def retablir(parametre: ParametreFlux, defaut: Parametre, *, version_lue: int, par: Agent | None) -> None:
    """Forgets the changed value, the journal keeps it. ConflitDeVersion when it changed meanwhile."""
    en_base = ParametreFlux.objects.select_for_update(of=("self",)).filter(pk=parametre.pk).first()
    if en_base is None:
        return
    if en_base.version != version_lue:
        voulues = {nom: getattr(defaut, nom) for nom in CHAMPS}
        raise ConflitDeVersion(en_base, ecarts_entre(en_base, voulues))
    consigner("supprimer", sur=en_base, par=par, demarche_id=en_base.demarche_id, avant=valeurs(en_base))
    en_base.delete()
