"""The alerts before a deadline: once each, to the people of the owner and to the service."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone

from arpent.metier.echeances_dossier import LIBELLES_ECHEANCE, Echeance, alerte_a_envoyer
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.plans.destinataires import gens_d_une_autorite, gens_de_la_structure

from ..models import AlerteEcheance, Dossier
from ..versements.annonces import page_de
from .faits import Situation
from .lecture import dossiers_suivis, situations


def prevenir(maintenant: datetime) -> int:
    """Sends the alerts due; returns how many. Idempotent: the row of an alert is written before it is sent.

    Six queries, then five for each alert sent.
    """
    today = timezone.localtime(maintenant).date()
    suivis = dossiers_suivis(Dossier.objects.all())
    deja: dict[tuple[int, str], tuple[object, int]] = {}
    for a in AlerteEcheance.objects.filter(dossier__in=[d.pk for d in suivis]).order_by("pk"):
        deja[a.dossier_id, a.genre] = (a.echeance_le, a.seuil)
    return sum(_prevenir(s, deja) for s in situations(suivis, today))


def _prevenir(situation: Situation, deja: dict[tuple[int, str], tuple[object, int]]) -> int:
    envoyees = 0
    for echeance in situation.echeances:
        derniere = deja.get((situation.dossier.pk, echeance.genre.value))
        seuil = alerte_a_envoyer(echeance, situation.regles, derniere)  # type: ignore[arg-type]
        if seuil is not None and _envoyer(situation.dossier, echeance, seuil):
            envoyees += 1
    return envoyees


def _envoyer(dossier: Dossier, echeance: Echeance, seuil: int) -> bool:
    """False when another round sent it meanwhile."""
    assert echeance.le is not None
    try:
        with transaction.atomic():
            AlerteEcheance.objects.create(
                dossier=dossier, genre=echeance.genre.value, echeance_le=echeance.le, seuil=seuil
            )
            jours = echeance.jours or 0
            quand = (
                "c’est le dernier jour" if jours == 0 else f"il reste {jours} jour{'s' if jours > 1 else ''}"
            )
            gens = gens_de_la_structure(dossier.maitre_ouvrage_id, dossier.demarche.territoire_id)
            gens += gens_d_une_autorite(dossier.demarche.autorite.pk)
            notifier(
                gens,
                rubrique="echeances",
                sujet=f"Dossier {dossier.reference} : une échéance approche",
                texte=(
                    f"{LIBELLES_ECHEANCE[echeance.genre]} de « {dossier.fiche.titre} » avant le "
                    f"{echeance.le:%d/%m/%Y} : {quand}."
                ),
                url=page_de(dossier),
            )
    except IntegrityError:
        return False
    return True
