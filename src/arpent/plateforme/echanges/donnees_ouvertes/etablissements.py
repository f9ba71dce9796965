"""Noting the SIRET of a body."""

from __future__ import annotations

import re

from django.db import transaction

from arpent.metier.siren import cle_de_luhn
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.journal.actions import consigner

from .models import Etablissement

_LA_POSTE = "356000000"
"""Its establishments follow another rule than Luhn's."""


class SiretRefuse(ValueError):
    """Why it is not accepted; French, says what to do."""


def nettoyer(texte: str) -> str:
    return re.sub(r"[\s\u00a0\u202f.]", "", texte)


def defaut_du_siret(siret: str, siren: str) -> str:
    """Why a SIRET is refused, in one French sentence; empty when it is right."""
    if not re.fullmatch(r"[0-9]{14}", siret):
        return "Le SIRET a quatorze chiffres : vérifiez le numéro."
    if siren and not siret.startswith(siren):
        return f"Ce SIRET n’est pas celui de cette structure : il commence par son SIREN, {siren}."
    if not cle_de_luhn(siret) and not siret.startswith(_LA_POSTE):
        return "Ce SIRET n’existe pas (sa clé de contrôle est fausse) : vérifiez la saisie."
    return ""


@transaction.atomic
def noter_siret(organisation: Organisation, texte: str, *, par: Agent | None) -> Etablissement:
    """Keeps, or replaces, the SIRET of a body. SiretRefuse."""
    siret = nettoyer(texte)
    if defaut := defaut_du_siret(siret, organisation.siren):
        raise SiretRefuse(defaut)
    if Etablissement.objects.filter(siret=siret).exclude(organisation=organisation).exists():
        raise SiretRefuse("Ce SIRET est déjà celui d’une autre structure : vérifiez la saisie.")
    avant = Etablissement.objects.select_for_update().filter(organisation=organisation).first()
    if avant is not None and avant.siret == siret:
        return avant
    garde, _ = Etablissement.objects.update_or_create(organisation=organisation, defaults={"siret": siret})
    consigner(
        "noter_siret", sur=organisation, par=par,
        avant={"siret": avant.siret if avant else ""}, apres={"siret": siret},
    )  # fmt: skip
    return garde
