"""Passkeys (WebAuthn): registering one, logging in with it. Everything that knows fido2 is here: it
is loaded by the first passkey, the start must not wait for it.

What the server asked is kept in the session for five minutes and serves once. The user is verified (code or
fingerprint of the device), so that a passkey is both factors at once.
"""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner

from ..models import Agent, CleAcces

if TYPE_CHECKING:
    from fido2.server import Fido2Server

_DEFI, _AGE = "cle_acces_defi", 300
CLES_MAX = 10


class CleRefusee(ValueError):
    """Why the passkey is not accepted; French, says what to do."""


_RATE = "La clé d’accès n’a pas été reconnue. Recommencez, ou connectez-vous avec votre mot de passe."


def _serveur(request: HttpRequest) -> Fido2Server:
    """Bound to the name served: a passkey made for another name does not answer."""
    from fido2 import webauthn
    from fido2.server import Fido2Server

    hote = request.get_host()
    nom = hote.rpartition(":")[0] if hote.rpartition(":")[2].isdigit() else hote
    attendue = f"{request.scheme}://{hote}"
    return Fido2Server(
        webauthn.PublicKeyCredentialRpEntity(name="Arpent", id=nom),
        verify_origin=lambda origine: origine == attendue,
    )


def _poser_defi(request: HttpRequest, etat: Any, usage: str) -> None:
    request.session[_DEFI] = {"etat": etat, "usage": usage, "le": time.time()}


def _reprendre_defi(request: HttpRequest, usage: str) -> Any:
    """The challenge asked, which no longer serves after that."""
    defi = request.session.pop(_DEFI, None)
    if not defi or defi["usage"] != usage or time.time() - defi["le"] > _AGE:
        raise CleRefusee("La demande a expiré. Recommencez.")
    return defi["etat"]


def _lire(texte: str) -> Any:
    try:
        return json.loads(texte)
    except ValueError:
        raise CleRefusee(_RATE) from None


def proposer_enregistrement(request: HttpRequest, agent: Agent) -> dict[str, Any]:
    """Options for `navigator.credentials.create`, JSON. FacteurRefuse beyond ten keys."""
    from fido2 import webauthn

    siennes = list(CleAcces.objects.filter(agent=agent))
    if len(siennes) >= CLES_MAX:
        raise CleRefusee("Dix clés d’accès au plus : retirez celles qui ne servent plus.")
    options, etat = _serveur(request).register_begin(
        webauthn.PublicKeyCredentialUserEntity(
            id=str(agent.pk).encode(), name=agent.courriel, display_name=agent.nom_complet
        ),
        [webauthn.AttestedCredentialData(bytes(c.donnees)) for c in siennes],
        resident_key_requirement=webauthn.ResidentKeyRequirement.REQUIRED,
        user_verification=webauthn.UserVerificationRequirement.REQUIRED,
    )
    _poser_defi(request, etat, f"enregistrer-{agent.pk}")
    return dict(options)


@transaction.atomic
def enregistrer_cle(request: HttpRequest, agent: Agent, reponse: str, nom: str) -> CleAcces:
    """Keeps the passkey that the browser made. Raises CleRefusee."""
    from fido2 import utils, webauthn

    etat = _reprendre_defi(request, f"enregistrer-{agent.pk}")
    try:
        donnees = _serveur(request).register_complete(
            etat, webauthn.RegistrationResponse.from_dict(_lire(reponse))
        )
    except CleRefusee:
        raise
    except Exception as erreur:  # fido2 raises whatever its parsers raise on a hostile answer
        raise CleRefusee(_RATE) from erreur
    atteste = donnees.credential_data
    identifiant = utils.websafe_encode(atteste.credential_id) if atteste else ""
    if atteste is None or CleAcces.objects.filter(identifiant=identifiant).exists():
        raise CleRefusee(_RATE)
    cle = CleAcces.objects.create(
        agent=agent, nom=nom.strip()[:60] or "Clé d’accès", donnees=bytes(atteste),
        identifiant=identifiant, compteur=donnees.counter, creee_le=timezone.now(),
    )  # fmt: skip
    consigner("ajouter_cle_acces", sur=agent, par=agent, apres={"cle": cle.libelle_journal})
    return cle


def proposer_connexion(request: HttpRequest) -> dict[str, Any]:
    """Options for `navigator.credentials.get`: no account is named, the key says whose it is. No query."""
    from fido2 import webauthn

    options, etat = _serveur(request).authenticate_begin(
        None, user_verification=webauthn.UserVerificationRequirement.REQUIRED
    )
    _poser_defi(request, etat, "connexion")
    return dict(options)


@transaction.atomic
def reconnaitre(request: HttpRequest, reponse: str) -> Agent:
    """The account of the passkey that answered. Raises CleRefusee, the same words whatever is wrong.

    A counter that goes back says that the key was copied: refused.
    """
    from fido2 import webauthn

    etat = _reprendre_defi(request, "connexion")
    lue = _lire(reponse)
    identifiant = str(lue.get("id", "")) if isinstance(lue, dict) else ""
    cle = CleAcces.objects.select_for_update(of=("self",)).filter(identifiant=identifiant).first()
    if cle is None or not cle.agent.is_active:
        raise CleRefusee(_RATE)
    try:
        assertion = webauthn.AuthenticationResponse.from_dict(lue)
        titulaire = assertion.response.user_handle
        _serveur(request).authenticate_complete(
            etat, [webauthn.AttestedCredentialData(bytes(cle.donnees))], assertion
        )
        compteur = assertion.response.authenticator_data.counter
    except Exception as erreur:  # fido2 raises whatever its parsers raise on a hostile answer
        raise CleRefusee(_RATE) from erreur
    if titulaire is not None and titulaire != str(cle.agent_id).encode():
        raise CleRefusee(_RATE)
    if compteur and compteur <= cle.compteur:
        raise CleRefusee(_RATE)
    cle.compteur, cle.utilisee_le = compteur, timezone.now()
    cle.save(update_fields=["compteur", "utilisee_le"])
    return cle.agent


@transaction.atomic
def retirer_cle(cle: CleAcces, *, par: Agent | None) -> None:
    """The passkey no longer opens. The caller has checked who asks (re-authentication)."""
    agent, libelle = cle.agent, cle.libelle_journal
    cle.delete()
    consigner("retirer_cle_acces", sur=agent, par=par, avant={"cle": libelle})
