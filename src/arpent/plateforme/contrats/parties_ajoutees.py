"""Parties that the data do not call for: added and taken out by the drafters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner

from .actions import CHAMPS_PARTIE
from .exigences import ContratRefuse, exiger_redaction, verrouiller
from .models import Contrat, Partie


@transaction.atomic
def ajouter_partie(contrat: Contrat, valeurs: Mapping[str, Any], *, par: Agent | None) -> Partie:
    """Adds a party at the end of the list. ContratRefuse when it is one already, or a second authority."""
    contrat = verrouiller(contrat)
    exiger_redaction(contrat)
    organisation, role = valeurs["organisation"], valeurs["role"]
    if role == Partie.RolePartie.AUTORITE:
        raise ContratRefuse("Un contrat n’a qu’une autorité.")
    if contrat.parties.filter(organisation=organisation).exists():
        raise ContratRefuse(f"{organisation.nom} est déjà partie au contrat.")
    dernier = contrat.parties.aggregate(m=Max("ordre"))["m"] or 0
    partie = Partie.objects.create(
        contrat=contrat, organisation=organisation, role=role, ordre=dernier + 1, ajoutee=True,
        **{nom: valeurs.get(nom) or "" for nom in CHAMPS_PARTIE},
    )  # fmt: skip
    consigner(
        "ajouter_partie", sur=partie, par=par, demarche_id=contrat.demarche_id, libelle=f"Partie : {partie}",
        apres={"role": partie.get_role_display()},
    )  # fmt: skip
    return partie


@transaction.atomic
def retirer_partie(partie: Partie, *, par: Agent | None) -> None:
    """Takes out an added party without a vote nor a circuit of signature. ContratRefuse says why not."""
    contrat = verrouiller(partie.contrat)
    exiger_redaction(contrat)
    if not partie.ajoutee:
        raise ContratRefuse(
            f"{partie.organisation.nom} est partie par ses projets ou par le territoire : mettez "
            "à jour la liste."
        )
    if partie.votes.exists():
        raise ContratRefuse(f"Un vote de {partie.organisation.nom} est suivi : elle reste partie au contrat.")
    if partie.emplacements.exists():
        raise ContratRefuse(
            f"{partie.organisation.nom} est dans un circuit de signature, même abandonné : elle reste partie "
            "au contrat."
        )
    consigner(
        "retirer_partie", sur=partie, par=par, demarche_id=contrat.demarche_id, libelle=f"Partie : {partie}",
        avant={"role": partie.get_role_display()},
    )  # fmt: skip
    partie.delete()
