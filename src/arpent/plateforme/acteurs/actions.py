"""Accounts and habilitations."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.territoires.models import Territoire

from .models import Agent, Habilitation, Organisation
from .roles import ROLES, Portee


class CompteRefuse(ValueError):
    """Why an account cannot be made, in one French line."""


def _organisation(siren: str, quoi: str) -> Organisation | None:
    if not siren:
        return None
    trouvee = Organisation.objects.filter(siren=siren).first()
    if trouvee is None:
        raise CompteRefuse(f"{quoi} de SIREN {siren} inconnue. Vérifiez le numéro (9 chiffres).")
    return trouvee


@transaction.atomic
def creer_compte(
    *,
    courriel: str,
    nom: str,
    prenom: str = "",
    mot_de_passe: str,
    role: str,
    autorite_siren: str = "",
    organisation_siren: str = "",
    territoire: Territoire | None = None,
    debut: date,
    par: Agent | None = None,
) -> Agent:
    """A new account with one habilitation. Refuses an unknown role, a missing perimeter, a weak password."""
    if role not in ROLES:
        raise CompteRefuse(f"rôle « {role} » inconnu. Rôles possibles : {', '.join(ROLES)}.")
    autorite = _organisation(autorite_siren, "autorité")
    organisation = _organisation(organisation_siren, "organisation")
    portee = ROLES[role].portee
    if portee is Portee.AUTORITE and autorite is None:
        raise CompteRefuse(f"le rôle « {role} » s’exerce pour une autorité : précisez --autorite SIREN.")
    if portee in {Portee.TERRITOIRE, Portee.ORGANISATION} and territoire is None:
        raise CompteRefuse(f"le rôle « {role} » s’exerce sur un territoire : précisez --territoire CODE.")
    if portee is Portee.ORGANISATION and organisation is None:
        raise CompteRefuse(
            f"le rôle « {role} » représente un maître d’ouvrage : précisez --organisation SIREN."
        )
    try:
        validate_email(courriel)
        validate_password(mot_de_passe, Agent(courriel=courriel, nom=nom, prenom=prenom))
    except ValidationError as erreur:
        raise CompteRefuse(" ".join(erreur.messages)) from None
    if Agent.objects.filter(courriel__iexact=courriel).exists():
        raise CompteRefuse(f"un compte existe déjà pour {courriel}.")
    agent = Agent.objects.creer(courriel, mot_de_passe, nom=nom, prenom=prenom)
    Habilitation.objects.create(
        agent=agent,
        role=role,
        organisation=organisation or autorite,
        autorite=autorite,
        territoire=territoire,
        debut=debut,
    )
    consigner("creer_compte", sur=agent, par=par, apres={"role": role})
    return agent
