"""Subscribing an address to events, stopping, starting again."""

from __future__ import annotations

import secrets
from collections.abc import Collection

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.socle.coffre import chiffrer
from arpent.plateforme.socle.sorties_reseau import SortieEchouee, SortieRefusee, resoudre

from ..models import Abonnement, Livraison
from .evenements import EVENEMENTS

USAGE = "abonnement"
ABONNEMENTS_MAX = 10
ESSAI = "essai"


class AbonnementRefuse(ValueError):
    """Why it cannot be; French, says what to do. `champ`: the field at fault."""

    def __init__(self, message: str, champ: str = "") -> None:
        super().__init__(message)
        self.champ = champ


def dernier_numero() -> int:
    """The last entry of the journal. One query."""
    return Entree.lignes.aggregate(n=Max("numero"))["n"] or 0


def exiger_adresse(adresse: str) -> None:
    """AbonnementRefuse unless it may be called: it is asked again at each sending."""
    try:
        resoudre(adresse)
    except (SortieRefusee, SortieEchouee) as refus:
        raise AbonnementRefuse(str(refus), "adresse") from None


@transaction.atomic
def abonner(
    agent: Agent, nom: str, adresse: str, *, evenements: Collection[str], demarche: Demarche | None = None
) -> tuple[Abonnement, str]:
    """The subscription, and the secret that signs what it sends: nobody will read it again."""
    if not evenements or set(evenements) - set(EVENEMENTS):
        raise AbonnementRefuse("Choisissez au moins un événement.", "evenements")
    if demarche is not None and not Demarche.objects.visibles_par(agent).filter(pk=demarche.pk).exists():
        raise AbonnementRefuse("Ce territoire n’est pas dans votre périmètre.", "demarche")
    en_service = agent.abonnements_api.exclude(etat=Abonnement.Etat.ARRETE).count()
    if en_service >= ABONNEMENTS_MAX:
        raise AbonnementRefuse(f"{ABONNEMENTS_MAX} abonnements au plus : arrêtez ceux qui ne servent plus.")
    exiger_adresse(adresse)
    secret = secrets.token_urlsafe(32)
    abonnement = Abonnement.objects.create(
        agent=agent, nom=nom.strip()[:80], adresse=adresse, secret=chiffrer(secret, USAGE),
        evenements=",".join(code for code in EVENEMENTS if code in evenements), demarche=demarche,
        lu_jusqu_a=dernier_numero(),
    )  # fmt: skip
    consigner(
        "abonner_evenements", sur=abonnement, par=agent, demarche_id=demarche.pk if demarche else None,
        apres={"nom": abonnement.nom, "adresse": adresse, "evenements": abonnement.evenements},
    )  # fmt: skip
    return abonnement, secret


def _verrouiller(abonnement: Abonnement) -> Abonnement:
    return Abonnement.objects.select_for_update(of=("self",)).get(pk=abonnement.pk)


@transaction.atomic
def arreter(abonnement: Abonnement, *, par: Agent) -> Abonnement:
    """Nothing is sent any more; what waited is given up. Twice is once."""
    abonnement = _verrouiller(abonnement)
    if abonnement.etat != Abonnement.Etat.ARRETE:
        avant, abonnement.etat = abonnement.etat, Abonnement.Etat.ARRETE
        abonnement.save(update_fields=["etat"])
        abonnement.livraisons.filter(etat=Livraison.Etat.EN_FILE).update(
            etat=Livraison.Etat.ECHEC, erreur="Abonnement arrêté."
        )
        consigner("arreter_abonnement", sur=abonnement, par=par, avant={"etat": avant})
    return abonnement


@transaction.atomic
def reprendre(abonnement: Abonnement, *, par: Agent) -> Abonnement:
    """Starts again, from now on: what happened meanwhile is not told. AbonnementRefuse."""
    abonnement = _verrouiller(abonnement)
    if abonnement.etat == Abonnement.Etat.ACTIF:
        raise AbonnementRefuse("Cet abonnement est déjà en service.")
    exiger_adresse(abonnement.adresse)
    avant, abonnement.etat = abonnement.etat, Abonnement.Etat.ACTIF
    abonnement.echecs_de_suite, abonnement.lu_jusqu_a = 0, dernier_numero()
    abonnement.save(update_fields=["etat", "echecs_de_suite", "lu_jusqu_a"])
    consigner("reprendre_abonnement", sur=abonnement, par=par, avant={"etat": avant})
    return abonnement


@transaction.atomic
def renvoyer(livraison: Livraison) -> Livraison:
    """The same text again, now. AbonnementRefuse when it is on its way, or the subscription is stopped."""
    livraison = (
        Livraison.objects.select_for_update(of=("self",)).select_related("abonnement").get(pk=livraison.pk)
    )
    if livraison.abonnement.etat != Abonnement.Etat.ACTIF:
        raise AbonnementRefuse("Cet abonnement n’est pas en service : reprenez-le d’abord.")
    if livraison.etat in {Livraison.Etat.EN_FILE, Livraison.Etat.EN_COURS}:
        raise AbonnementRefuse("Cette livraison est déjà en file.")
    livraison.etat, livraison.essais, livraison.erreur = Livraison.Etat.EN_FILE, 0, ""
    livraison.prochain_essai_le = timezone.now()
    livraison.save(update_fields=["etat", "essais", "erreur", "prochain_essai_le"])
    return livraison
