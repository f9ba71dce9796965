"""Axes of the plan and the enjeux they answer."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Max

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from .models import Axe


@transaction.atomic
def enregistrer_axe(
    axe: Axe, enjeux: Sequence[Enjeu], *, par: Agent | None, version_lue: int | None = None
) -> Axe:
    """Creates (no pk: next number) or modifies an axis. ConflitDeVersion when stale."""
    if axe.pk is None:
        Demarche.objects.select_for_update(of=("self",)).get(pk=axe.demarche_id)
        last = Axe.objects.filter(demarche_id=axe.demarche_id).aggregate(n=Max("numero"))["n"]
        axe.numero = axe.numero or (last or 0) + 1
        axe.save(force_insert=True)
        axe.enjeux.set(enjeux)
        apres = {"numero": axe.numero, "libelle": axe.libelle, "enjeux": [str(e) for e in enjeux]}
        consigner("creer", sur=axe, par=par, demarche_id=axe.demarche_id, apres=apres)
        return axe
    if version_lue is None:
        raise ValueError("version_lue is required to modify an axis")
    stored = Axe.objects.select_for_update(of=("self",)).get(pk=axe.pk)
    avant = {"libelle": stored.libelle, "enjeux": sorted(str(e) for e in stored.enjeux.all())}
    enregistrer_version(axe, version_lue, ["libelle"])
    axe.enjeux.set(enjeux)
    apres = {"libelle": axe.libelle, "enjeux": sorted(str(e) for e in enjeux)}
    consigner_modification(axe, avant, apres, par=par, demarche_id=axe.demarche_id)
    return axe
