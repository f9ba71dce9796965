"""The two tasks of the round: reading the journal for what is to be told, and telling it.

An entry of the journal is numbered under a lock kept to the end of its transaction: the numbers appear in
their order, so that a subscription that has read up to one misses none before it.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone

from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.coffre import CoffreFerme, dechiffrer
from arpent.plateforme.socle.sorties_reseau import SortieEchouee, SortieRefusee, poster

from ..ecriture_json import ecrire
from ..lecteur import charger_agent
from ..models import Abonnement, Livraison
from .abonnements import ESSAI, USAGE, dernier_numero
from .evenements import GESTES, Evenement, est_lisible, evenement_de

E = Livraison.Etat
ATTENTES = (1, 5, 30, 120, 360, 1440)
"""Minutes before each new try; after the last one the delivery has failed."""
SUSPENDRE_APRES = 20
"""Tries that failed in a row, whatever the deliveries, before the address is left alone."""
BAIL = timedelta(minutes=5)
PAR_LOT = 500
GARDE = timedelta(days=90)
_journal = logging.getLogger("arpent.evenements")


def preparer(maintenant: datetime) -> int:
    """Queues what happened since each subscription was looked at. How many deliveries."""
    fin, nombre = dernier_numero(), 0
    en_retard = Abonnement.objects.filter(
        etat=Abonnement.Etat.ACTIF, lu_jusqu_a__lt=fin, agent__is_active=True
    )
    for pk in list(en_retard.order_by("pk").values_list("pk", flat=True)):
        nombre += _preparer(pk, fin, maintenant)
    Livraison.objects.filter(cree_le__lt=maintenant - GARDE, etat__in=(E.LIVREE, E.ECHEC)).delete()
    return nombre


@transaction.atomic
def _preparer(pk: int, fin: int, maintenant: datetime) -> int:
    abonnement = (
        Abonnement.objects.select_for_update(of=("self",)).select_related("agent").filter(pk=pk).first()
    )
    if abonnement is None or abonnement.etat != Abonnement.Etat.ACTIF or abonnement.lu_jusqu_a >= fin:
        return 0
    entrees = Entree.lignes.filter(
        numero__gt=abonnement.lu_jusqu_a, numero__lte=fin, geste__in=GESTES
    ).order_by("numero")
    if abonnement.demarche_id is not None:
        entrees = entrees.filter(demarche_id=abonnement.demarche_id)
    lues = list(entrees[:PAR_LOT])
    lecteur = charger_agent(abonnement.agent, abonnement.demarche_id)
    dues = [
        (entree, evenement)
        for entree in lues
        if (evenement := evenement_de(entree)) is not None
        and evenement.code in abonnement.codes_evenements
        and est_lisible(lecteur, evenement, entree.objet_id)
    ]
    Livraison.objects.bulk_create(
        (
            Livraison(
                abonnement=abonnement, entree=entree.numero, evenement=evenement.code,
                corps=corps_de(entree, evenement).decode(), prochain_essai_le=maintenant,
            )
            for entree, evenement in dues
        ),
        ignore_conflicts=True,
    )  # fmt: skip
    abonnement.lu_jusqu_a = lues[-1].numero if len(lues) == PAR_LOT else fin
    abonnement.save(update_fields=["lu_jusqu_a"])
    return len(dues)


def corps_de(entree: Entree, evenement: Evenement) -> bytes:
    """What is sent: which event, about which object, where to read it. Neither a name nor an amount."""
    lien = f"{settings.ARPENT_URL}/api/v1/{evenement.ressource}/{entree.objet_id}"
    return ecrire(
        {
            "evenement": evenement.code,
            "libelle": evenement.libelle,
            "numero": entree.numero,
            "le": entree.le,
            "demarche": entree.demarche_id,
            "objet": {
                "ressource": evenement.ressource or None,
                "id": int(entree.objet_id),
                "lien": lien if evenement.ressource else None,
            },
        }
    )


def mettre_un_essai(abonnement: Abonnement, maintenant: datetime) -> Livraison:
    """A delivery that tells nothing, to see that the address answers; the former one is forgotten."""
    with transaction.atomic():
        abonnement.livraisons.filter(entree=0).delete()
        corps = ecrire({"evenement": ESSAI, "libelle": "Essai demandé depuis Arpent", "le": maintenant})
        return Livraison.objects.create(
            abonnement=abonnement, entree=0, evenement=ESSAI, corps=corps.decode(),
            prochain_essai_le=maintenant,
        )  # fmt: skip


def signer(secret: str, instant: int, corps: bytes) -> str:
    """HMAC-SHA256 of « instant.corps »: an old sending cannot be played again for a new one."""
    return hmac.digest(secret.encode(), f"{instant}.".encode() + corps, hashlib.sha256).hex()


def dues(maintenant: datetime) -> QuerySet[Livraison]:
    """Deliveries whose turn has come, those of a dead sender included."""
    return Livraison.objects.filter(
        Q(etat__in=(E.EN_FILE, E.EN_COURS), prochain_essai_le__lte=maintenant),
        abonnement__etat=Abonnement.Etat.ACTIF, abonnement__agent__is_active=True,
    ).order_by("prochain_essai_le", "pk")  # fmt: skip


def livrer(maintenant: datetime) -> int:
    """Sends what is due. How many were delivered."""
    livrees, debut = 0, time.monotonic()
    for pk in list(dues(maintenant).values_list("pk", flat=True)[:PAR_LOT]):
        ecoule = timedelta(seconds=time.monotonic() - debut)  # a lot of silent servers outlasts one lease
        livrees += _livrer(pk, maintenant, maintenant + ecoule + BAIL)
    return livrees


def _livrer(pk: int, maintenant: datetime, bail: datetime) -> bool:
    """Takes the delivery until `bail`, sends it outside any transaction, notes what came of it."""
    prise = Livraison.objects.filter(pk__in=dues(maintenant).filter(pk=pk).values("pk"))
    if not prise.update(etat=E.EN_COURS, essais=F("essais") + 1, prochain_essai_le=bail):
        return False  # another process has it, or the address was suspended meanwhile
    livraison = Livraison.objects.select_related("abonnement__agent").get(pk=pk)
    abonnement, corps = livraison.abonnement, livraison.corps.encode()
    instant = int(timezone.now().timestamp())
    livraison.statut = None
    try:
        signature = signer(dechiffrer(abonnement.secret, USAGE), instant, corps)
        recue = poster(
            abonnement.adresse,
            corps,
            {
                "Content-Type": "application/json",
                "User-Agent": "Arpent",
                "Arpent-Evenement": livraison.evenement,
                "Arpent-Livraison": str(livraison.pk),
                "Arpent-Signature": f"t={instant},v1={signature}",
            },
        )
    except (SortieRefusee, SortieEchouee, CoffreFerme) as erreur:
        livraison.erreur = str(erreur)[:300]
    else:
        livraison.statut = recue.statut
        livraison.erreur = "" if 200 <= recue.statut < 300 else f"Le serveur a répondu {recue.statut}."
    reussie = not livraison.erreur
    if reussie:
        livraison.etat, livraison.livree_le = E.LIVREE, maintenant
    elif livraison.essais > len(ATTENTES):
        livraison.etat = E.ECHEC
    else:
        livraison.etat = E.EN_FILE
        livraison.prochain_essai_le = maintenant + timedelta(minutes=ATTENTES[livraison.essais - 1])
    livraison.save(update_fields=["etat", "statut", "erreur", "prochain_essai_le", "livree_le"])
    _compter(abonnement, reussie)
    return reussie


@transaction.atomic
def _compter(abonnement: Abonnement, reussie: bool) -> None:
    """Failures in a row; past the limit the address is left alone and its owner is told."""
    abonnement = Abonnement.objects.select_for_update(of=("self",)).get(pk=abonnement.pk)
    abonnement.echecs_de_suite = 0 if reussie else abonnement.echecs_de_suite + 1
    if abonnement.echecs_de_suite >= SUSPENDRE_APRES and abonnement.etat == Abonnement.Etat.ACTIF:
        abonnement.etat = Abonnement.Etat.SUSPENDU
        _journal.warning("abonnement %s suspendu : %s", abonnement.pk, abonnement.adresse)
        notifier(
            [abonnement.agent_id],
            rubrique="comptes",
            sujet=f"L’abonnement « {abonnement.nom} » est suspendu",
            texte=f"{SUSPENDRE_APRES} envois de suite ont échoué. Corrigez l’adresse, puis reprenez-le.",
            url=reverse("api:abonnement", args=[abonnement.pk]),
        )
    abonnement.save(update_fields=["echecs_de_suite", "etat"])
