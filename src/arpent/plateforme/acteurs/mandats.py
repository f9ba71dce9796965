"""The end of a mandate, and the accesses that were held because of it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from .annuaire import clore_mandat
from .habilitations import HabilitationRefusee, clore
from .models import Agent, Habilitation, Mandat, Organisation, Personne

F = Mandat.Fonction
ROLES_DE: dict[str, frozenset[str]] = {
    F.MAIRE: frozenset({"maire"}),
    F.PRESIDENT: frozenset({"president_epci", "president_syndicat", "elu_autorite"}),
    F.VICE_PRESIDENT: frozenset({"elu_autorite"}),
    F.CONSEILLER_DEPARTEMENTAL: frozenset({"elu_autorite"}),
    F.CONSEILLER_REGIONAL: frozenset({"elu_autorite"}),
}
"""Function → roles that an account holds because of it, for the very body of the mandate."""


def acces_de_la_fonction(
    personne: Personne, organisation: Organisation, fonction: str, autres: Iterable[str], le: date
) -> list[Habilitation]:
    """Accesses in force on `le`, held because of that function alone. `autres`: functions kept there.

    One query; none for a person without account.
    """
    if personne.agent_id is None:
        return []
    justifies = frozenset().union(*(ROLES_DE.get(f, frozenset()) for f in autres))
    roles = ROLES_DE.get(fonction, frozenset()) - justifies
    return list(
        Habilitation.objects.en_cours(le)
        .filter(agent=personne.agent_id, organisation=organisation, role__in=roles)
        .select_related("agent", "territoire")
    )


def acces_du_mandat(mandat: Mandat) -> list[Habilitation]:
    """What ends today with that mandate, other mandates in the body apart. Two queries."""
    le = timezone.localdate()
    autres = Mandat.objects.en_cours(le).filter(
        personne=mandat.personne_id, organisation=mandat.organisation_id
    )
    fonctions = autres.exclude(pk=mandat.pk).order_by().values_list("fonction", flat=True)
    return acces_de_la_fonction(mandat.personne, mandat.organisation, mandat.fonction, fonctions, le)


@transaction.atomic
def clore_avec_ses_acces(mandat: Mandat, *, fin: date, motif: str, par: Agent | None) -> Mandat:
    """Closes the mandate, and on its last day the accesses it gave; a session dies with its last right.

    ActionRefusee as `clore_mandat`; the last administrator keeps their access.
    """
    acces = acces_du_mandat(mandat)
    clos = clore_mandat(mandat, fin=fin, motif=motif, par=par)
    hier = timezone.localdate() - timedelta(days=1)
    for habilitation in acces:
        try:
            clore(habilitation, le=max(fin, hier), motif=f"Fin du mandat : {motif}", par=par, de_droit=True)
        except HabilitationRefusee:
            continue  # it ends before the mandate does
    return clos
