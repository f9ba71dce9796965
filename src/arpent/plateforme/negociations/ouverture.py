"""Opening the maquette of a démarche, and what the rail says of it."""

from __future__ import annotations

from django.db import transaction
from django.db.models import Count, Q, Sum

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.scenario import EtatScenario
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.actions import noter_place
from arpent.plateforme.demarches.models import Demarche, Place
from arpent.plateforme.journal.actions import consigner

from . import enveloppes
from .imputations import Ouverts
from .models import Proposition, Scenario


def trouver_scenario(demarche: Demarche) -> Scenario | None:
    """The maquette in progress with its dispositif and authority, or None. One query, no write."""
    return (
        Scenario.objects.filter(demarche=demarche, est_courant=True)
        .select_related(
            "demarche__territoire", "demarche__version_processus__processus__dispositif__autorite"
        )
        .first()
    )


@transaction.atomic
def scenario_courant(demarche: Demarche, par: Agent | None = None) -> Scenario:
    """The maquette in progress of a démarche, opened if there is none yet."""
    if scenario := trouver_scenario(demarche):
        return scenario
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    cree, nouveau = Scenario.objects.get_or_create(
        demarche=demarche, est_courant=True, defaults={"nom": "Maquette de travail"}
    )
    if nouveau:
        consigner("ouvrir_maquette", sur=cree, par=par, demarche_id=demarche.pk, apres={"etat": cree.etat})
        noter_negociation(cree)
    return trouver_scenario(demarche) or cree


def noter_negociation(scenario: Scenario, ouverts: Ouverts | None = None) -> None:
    """What the rail says of the negotiation: what is left, or what is proposed without an envelope.

    `ouverts`: the funds of the territory, when they were already read.
    """
    totaux = Proposition.objects.filter(scenario=scenario, decision=Proposition.Decision.RETENUE).aggregate(
        total=Sum("montant", default=ZERO), nombre=Count("pk", filter=Q(montant__gt=0))
    )
    enveloppe = ouverts.montant if ouverts else enveloppes.montant_des(enveloppes.parts_de(scenario.demarche))
    if enveloppe is None:
        resume = f"{formater_euros(totaux['total'], centimes=False)} proposés"
    elif (solde := enveloppe - totaux["total"]) < 0:
        resume = f"dépassement de {formater_euros(-solde, centimes=False)}"
    else:
        resume = f"reste {formater_euros(solde, centimes=False)}"
    if scenario.etat == EtatScenario.ACCEPTE:
        etat, resume = Place.Etat.FAIT, f"accord, {resume}"
    elif scenario.etat == EtatScenario.OFFERT:
        etat, resume = Place.Etat.EN_COURS, f"offre faite, {resume}"
    else:
        etat = Place.Etat.EN_COURS if totaux["nombre"] else Place.Etat.A_VENIR
    noter_place(scenario.demarche, Place.Code.NEGOCIATION.value, etat.value, resume)
