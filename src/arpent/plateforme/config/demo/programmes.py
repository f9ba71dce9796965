"""Other programs of the demonstration: tokens whose key nobody has, a stopped subscription and its log."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.echanges.api import jetons
from arpent.plateforme.echanges.api.models import Abonnement, Livraison

from . import comptes

JETONS = (
    ("Tableau de bord de la direction (démonstration)", ("lecture",), True),
    ("Logiciel financier (démonstration)", ("lecture", "fiches.ecrire"), True),
    ("Ancien SIG (démonstration)", ("lecture",), False),
)
ADRESSE = "https://sig.example/arpent"
"""A name that leads nowhere, by rule (RFC 2606); the subscription is stopped: nothing leaves."""


def relier(le: date) -> None:
    """Three tokens of the project manager, one revoked; a subscription with two deliveries."""
    cheffe = comptes.agent("chef.projet")
    for nom, portees, en_service in JETONS:
        jeton, _ = jetons.creer(cheffe, nom, portees=portees, fin=le + timedelta(days=180))
        if not en_service:
            jetons.revoquer(jeton, par=cheffe)
    _abonner(cheffe, timezone.make_aware(datetime.combine(le, time(9, 12))))


def _abonner(cheffe: Agent, instant: datetime) -> None:
    abonnement = Abonnement.objects.create(
        agent=cheffe, nom="SIG départemental (démonstration)", adresse=ADRESSE, secret="",
        evenements="fiche.proposee,contrat.signe,avenant.en_vigueur", etat=Abonnement.Etat.ARRETE,
    )  # fmt: skip
    for rang, (evenement, statut) in enumerate((("fiche.proposee", 200), ("contrat.signe", 503)), 1):
        reussie = statut == 200
        Livraison.objects.create(
            abonnement=abonnement, entree=rang, evenement=evenement, corps="{}", statut=statut,
            etat=Livraison.Etat.LIVREE if reussie else Livraison.Etat.ECHEC, essais=1 if reussie else 7,
            erreur="" if reussie else "Le serveur a répondu 503.", prochain_essai_le=instant,
            livree_le=instant if reussie else None,
        )  # fmt: skip
