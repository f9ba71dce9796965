"""Inviting by a link: offer, send again, cancel, accept."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.textes import rediger
from arpent.plateforme.territoires.models import Territoire

from ..attributions import defaut_de_duree, defaut_de_perimetre
from ..habilitations import accorder
from ..models import Agent, Habilitation, Invitation, Organisation, Personne
from ..roles import ROLES, Portee
from .droits import organisations_du_territoire, peut_gerer, peut_inviter

VALIDITE = timedelta(days=7)
_SEL = "arpent.invitation"
Adresse = Callable[[str], str]
"""Gives the whole address of the page that opens a token."""


class InvitationRefusee(ValueError):
    """Why it cannot be; French, says what to do."""


@dataclass(frozen=True, slots=True)
class Offre:
    """What is offered, to whom. Columns of `Habilitation`, and the person."""

    courriel: str
    nom: str
    role: str
    debut: date
    prenom: str = ""
    fonction: str = ""
    organisation: Organisation | None = None
    autorite: Organisation | None = None
    territoire: Territoire | None = None
    themes: tuple[str, ...] = ()
    fin: date | None = None
    personne: Personne | None = None


def jeton_de(invitation: Invitation) -> str:
    """The signed text of the link."""
    return signing.dumps([invitation.pk, invitation.nonce], salt=_SEL)


def lire_jeton(jeton: str) -> Invitation:
    """The open invitation of a link. InvitationRefusee: forged, replaced, cancelled, used or too old."""
    try:
        pk, nonce = signing.loads(jeton, salt=_SEL, max_age=VALIDITE)
        invitation = Invitation.objects.select_related("organisation", "territoire", "autorite").get(pk=pk)
    except (signing.BadSignature, ValueError, TypeError, Invitation.DoesNotExist):
        raise InvitationRefusee(_PERIMEE) from None
    if not secrets.compare_digest(invitation.nonce, str(nonce)) or not invitation.est_ouverte(timezone.now()):
        raise InvitationRefusee(_PERIMEE)
    return invitation


_PERIMEE = (
    "Ce lien d’invitation n’est plus valable : il a déjà servi, a été remplacé ou annulé, ou date de plus de "
    "sept jours. Demandez à la personne qui vous a invité de le renvoyer."
)


def _verifier(offre: Offre, aujourd_hui: date) -> None:
    if offre.role not in ROLES:
        raise InvitationRefusee(f"Le rôle « {offre.role} » n’existe pas.")
    try:
        validate_email(offre.courriel)
    except ValidationError:
        raise InvitationRefusee("L’adresse électronique est incomplète : vérifiez-la.") from None
    if not offre.nom.strip():
        raise InvitationRefusee("Indiquez le nom de la personne.")
    autorite, territoire, organisation = _perimetre(offre)
    manque = defaut_de_duree(offre.role, debut=offre.debut, fin=offre.fin, le=aujourd_hui)
    manque = manque or defaut_de_perimetre(
        offre.role, autorite_id=autorite, territoire_id=territoire, organisation_id=organisation
    )
    if manque:
        raise InvitationRefusee(manque)
    if ROLES[offre.role].portee is Portee.ORGANISATION and offre.territoire and offre.organisation:
        dedans = Organisation.objects.filter(organisations_du_territoire(offre.territoire.pk, aujourd_hui))
        if not dedans.filter(pk=offre.organisation.pk).exists():
            raise InvitationRefusee(
                f"{offre.organisation} n’est pas une structure du territoire {offre.territoire}."
            )


def _perimetre(offre: Offre | Invitation) -> tuple[int | None, int | None, int | None]:
    return (
        offre.autorite.pk if offre.autorite else None,
        offre.territoire.pk if offre.territoire else None,
        offre.organisation.pk if offre.organisation else None,
    )


@transaction.atomic
def inviter(offre: Offre, *, par: Agent | None, territoires: Collection[int], adresse: Adresse) -> Invitation:
    """Offers an account, or one more habilitation, and sends the link. Raises InvitationRefusee.

    `par` None: the operator, on the command line, who may invite anybody. `territoires`: those of the
    authorities `par` works for. An open invitation of the same address and perimeter is sent again instead.
    """
    _verifier(offre, timezone.localdate())
    autorite, territoire, organisation = _perimetre(offre)
    if par is not None and not (
        avis := peut_inviter(
            par, offre.role, autorite_id=autorite, territoire_id=territoire, organisation_id=organisation,
            territoires=territoires,
        )
    ):  # fmt: skip
        raise InvitationRefusee(avis.raison)
    meme = {
        "role": offre.role,
        "autorite": offre.autorite,
        "territoire": offre.territoire,
        "organisation": offre.organisation or offre.autorite,
    }
    if Habilitation.objects.en_cours(timezone.localdate()).filter(
        agent__courriel__iexact=offre.courriel, agent__is_active=True, **meme
    ).exists():  # fmt: skip
        raise InvitationRefusee(f"{offre.courriel} a déjà ce rôle sur ce périmètre.")
    maintenant = timezone.now()
    invitation = Invitation.objects.create(
        courriel=offre.courriel.strip(), nom=offre.nom.strip(), prenom=offre.prenom.strip(),
        fonction=offre.fonction.strip(), themes=",".join(offre.themes), debut=offre.debut, fin=offre.fin,
        nonce=secrets.token_hex(16), envoyee_le=maintenant, expire_le=maintenant + VALIDITE,
        invite_par=par, invite_par_nom=par.nom_complet if par else "Arpent", personne=offre.personne, **meme,
    )  # fmt: skip
    anciennes = Invitation.objects.filter(
        courriel__iexact=invitation.courriel, etat=Invitation.Etat.ENVOYEE, **meme
    ).exclude(pk=invitation.pk)
    anciennes.update(etat=Invitation.Etat.ANNULEE)
    consigner("inviter", sur=invitation, par=par, apres={"role": ROLES[offre.role].libelle, "fin": offre.fin})
    _envoyer(invitation, adresse)
    return invitation


def _envoyer(invitation: Invitation, adresse: Adresse) -> None:
    pour = invitation.territoire or invitation.organisation or invitation.autorite
    ou = f", {pour}" if pour else ""
    sujet, texte = rediger(
        "invitation",
        nom=invitation.nom_complet,
        invitant=invitation.invite_par_nom,
        role=f"{ROLES[invitation.role].libelle}{ou}",
        duree=f"Votre accès prendra fin le {invitation.fin:%d/%m/%Y}." if invitation.fin else "",
        lien=adresse(jeton_de(invitation)),
        limite=f"{timezone.localtime(invitation.expire_le):%d/%m/%Y à %H:%M}",
    )
    mettre_en_file(
        invitation.courriel,
        sujet=sujet,
        texte=texte,
        cle=f"invitation-{invitation.pk}-{invitation.envois}",
        raison=f"{invitation.invite_par_nom} a donné votre adresse pour vous inviter",
        secret=True,
    )


def _a_reprendre(invitation: Invitation, par: Agent | None, territoires: Collection[int]) -> Invitation:
    invitation = (
        Invitation.objects.select_for_update(of=("self",))
        .select_related("organisation", "territoire", "autorite")
        .get(pk=invitation.pk)
    )
    if invitation.etat != Invitation.Etat.ENVOYEE:
        raise InvitationRefusee(f"Cette invitation est déjà {invitation.get_etat_display()}.")
    if par is not None and not (avis := peut_gerer(par, invitation, territoires)):
        raise InvitationRefusee(avis.raison)
    return invitation


@transaction.atomic
def renvoyer_invitation(
    invitation: Invitation, *, par: Agent | None, territoires: Collection[int], adresse: Adresse
) -> Invitation:
    """A new link, valid seven days; the former one no longer opens. Raises InvitationRefusee."""
    invitation = _a_reprendre(invitation, par, territoires)
    invitation.nonce = secrets.token_hex(16)
    invitation.envoyee_le = timezone.now()
    invitation.expire_le = invitation.envoyee_le + VALIDITE
    invitation.envois += 1
    invitation.save(update_fields=["nonce", "envoyee_le", "expire_le", "envois"])
    consigner("renvoyer_invitation", sur=invitation, par=par)
    _envoyer(invitation, adresse)
    return invitation


@transaction.atomic
def annuler_invitation(
    invitation: Invitation, *, par: Agent | None, territoires: Collection[int]
) -> Invitation:
    """The link no longer opens. Raises InvitationRefusee."""
    invitation = _a_reprendre(invitation, par, territoires)
    invitation.etat = Invitation.Etat.ANNULEE
    invitation.save(update_fields=["etat"])
    consigner("annuler_invitation", sur=invitation, par=par)
    return invitation


def compte_existant(invitation: Invitation) -> Agent | None:
    """The account that already has this address: it accepts after having logged in."""
    return Agent.objects.filter(courriel__iexact=invitation.courriel).first()


@transaction.atomic
def accepter_invitation(jeton: str, *, agent: Agent | None = None, mot_de_passe: str | None = None) -> Agent:
    """Opens the account (or adds to `agent`, logged in) and gives the habilitation. Raises InvitationRefusee.

    Without `mot_de_passe` the new account opens by a passkey or the single sign-on. ValidationError: a weak
    password.
    """
    pk = lire_jeton(jeton).pk
    Invitation.objects.select_for_update(of=("self",)).get(pk=pk)
    invitation = lire_jeton(jeton)
    titulaire = compte_existant(invitation)
    if titulaire is not None and not titulaire.is_active:
        raise InvitationRefusee(
            "Le compte de cette adresse est désactivé : demandez à l’administrateur de le rouvrir."
        )
    if titulaire is not None and (agent is None or agent.pk != titulaire.pk):
        raise InvitationRefusee(
            f"Un compte existe déjà pour {invitation.courriel} : connectez-vous, puis rouvrez ce lien."
        )
    if agent is None:
        nouveau = Agent(courriel=invitation.courriel, nom=invitation.nom, prenom=invitation.prenom)
        if mot_de_passe is not None:
            validate_password(mot_de_passe, nouveau)
        agent = Agent.objects.creer(
            invitation.courriel, mot_de_passe, nom=invitation.nom, prenom=invitation.prenom,
            fonction=invitation.fonction,
        )  # fmt: skip
        consigner("creer_compte", sur=agent, par=agent, apres={"role": ROLES[invitation.role].libelle})
    elif titulaire is None:
        raise InvitationRefusee(
            f"Cette invitation est adressée à {invitation.courriel}. Déconnectez-vous pour l’accepter."
        )
    accorder(
        agent, par=agent, role=invitation.role, organisation=invitation.organisation,
        autorite=invitation.autorite, territoire=invitation.territoire, themes=invitation.themes,
        debut=invitation.debut, fin=invitation.fin,
    )  # fmt: skip
    invitation.etat = Invitation.Etat.ACCEPTEE
    invitation.acceptee_le = timezone.now()
    invitation.acceptee_par = agent
    invitation.save(update_fields=["etat", "acceptee_le", "acceptee_par"])
    consigner("accepter_invitation", sur=invitation, par=agent)
    _lier_a_l_annuaire(invitation, agent)
    return agent


def _lier_a_l_annuaire(invitation: Invitation, agent: Agent) -> None:
    """The person of the directory who was invited has that account, unless either has its pair already."""
    if invitation.personne_id is None or Personne.objects.filter(agent=agent).exists():
        return
    libre = Personne.objects.filter(pk=invitation.personne_id, agent=None)
    if libre.update(agent=agent, version=F("version") + 1, modifie_le=timezone.now()):
        personne = Personne.objects.get(pk=invitation.personne_id)
        consigner("modifier_personne", sur=personne, par=agent, apres={"compte": "lié par l’invitation"})
