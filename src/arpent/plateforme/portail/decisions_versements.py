"""What awaits a person among the payments: to complete, to certify, to put into payment."""

from __future__ import annotations

from django.db.models import Count
from django.urls import reverse

from arpent.metier.cycles.versement import CERTIFIER, DEMANDER, PAYER, EtatVersement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.subventions.dossiers.droits import porteurs_de
from arpent.plateforme.subventions.models import DemandeVersement

from .attente import Attente, Genre, Lien

ATTENDUS: dict[str, tuple[str, str, str, Genre]] = {
    EtatVersement.A_COMPLETER.value: (
        DEMANDER, "Versements à compléter", "Le service demande une pièce.", "alerte",
    ),
    EtatVersement.DEPOSEE.value: (
        CERTIFIER, "Services faits à certifier", "Une demande de versement est déposée.", "info",
    ),
    EtatVersement.CERTIFIEE.value: (
        PAYER, "Versements à mettre en paiement", "Certifiés, ils attendent leur mandat.", "alerte",
    ),
}  # fmt: skip
"""State → who acts, title, detail, look."""


def versements_attendus(agent: Agent, demarches: list[Demarche]) -> list[Attente]:
    """One query, whatever the number of territories."""
    par_pk = {d.pk: d for d in demarches}
    comptes = (
        DemandeVersement.objects.visibles_par(agent)
        .filter(dossier__demarche__in=par_pk, etat__in=ATTENDUS)
        .order_by("dossier__demarche")
        .values_list("dossier__demarche", "etat", "dossier__maitre_ouvrage")
        .annotate(n=Count("pk"))
    )
    par_etat: dict[str, dict[int, int]] = {}
    for pk, etat, qui, n in comptes:
        demarche, droit = par_pk[pk], ATTENDUS[etat][0]
        porteurs = porteurs_de(agent, demarche) if droit == DEMANDER else None
        if peut_sur(agent, droit, demarche) and (porteurs is None or qui in porteurs):
            lieux = par_etat.setdefault(etat, {})
            lieux[pk] = lieux.get(pk, 0) + n
    liste = reverse("subventions:demandes_versement")
    return [
        Attente(
            titre, detail, genre,
            tuple(
                Lien(par_pk[pk].territoire.nom, f"{liste}?etat={etat}&territoire={par_pk[pk].slug}", n)
                for pk, n in par_etat[etat].items()
            ),
        )
        for etat, (_, titre, detail, genre) in ATTENDUS.items()
        if etat in par_etat
    ]  # fmt: skip
