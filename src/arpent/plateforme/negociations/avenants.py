"""What an avenant in force does to the agreed maquette and to the ledger: only what differs is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.scenario import EtatScenario
from arpent.metier.repartition.soldes import Soldes
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.avancement import noter_accord
from arpent.plateforme.plans.models import Fiche

from .credits.registre import CreditRefuse, Piece
from .credits.suivi import maquette_verrouillee, noter_vote, suivre_accord, suivre_propositions
from .credits.verrou import verrouiller
from .enveloppes import fonds_ordinaires
from .models import Enveloppe, Mouvement, Proposition, Scenario
from .ouverture import noter_negociation


@dataclass(frozen=True, slots=True)
class AideRevue:
    """The aid of a fiche once the act is in force, in euros; zero: it is in the contract no more."""

    fiche_id: int
    montant: Decimal
    annee: int | None


def engages_de(demarche: Demarche) -> dict[int, Soldes]:
    """Balances by fiche on the ordinary envelopes of the démarche, the reserve aside. Two queries."""
    ordinaires = fonds_ordinaires(demarche.processus.dispositif)
    lus = Mouvement.objects.filter(
        enveloppe__demarche=demarche, enveloppe__fonds__in=ordinaires, fiche__isnull=False
    )
    return lus.sommes("fiche")


def refus_sous_l_engage(nom: str, montant: Decimal, soldes: Soldes) -> str:
    """An aid never goes under what is already committed for the project."""
    if montant >= soldes.engage:
        return ""
    return (
        f"{formater_euros(soldes.engage)} sont déjà engagés pour le {nom} : son aide ne peut pas descendre à "
        f"{formater_euros(montant)}. Libérez d’abord la différence dans « Crédits »."
    )


@transaction.atomic
def suivre_avenant(
    demarche: Demarche, aides: Sequence[AideRevue], *, par: Agent | None, piece: Piece
) -> None:
    """The agreed maquette, the aid of each fiche and the ledger take these aids. CreditRefuse.

    Lock order of the house: the scenario, then the envelopes, then the journal.
    """
    scenario = maquette_verrouillee(demarche)
    if scenario is None or scenario.etat != EtatScenario.ACCEPTE:
        raise CreditRefuse("La maquette du contrat n’est pas acceptée : l’avenant ne peut rien y changer.")
    verrouiller(Enveloppe.objects.filter(demarche=demarche))
    fiches = {f.pk: f for f in Fiche.objects.filter(pk__in=[a.fiche_id for a in aides], demarche=demarche)}
    soldes = engages_de(demarche)
    for aide in aides:
        fiche = fiches[aide.fiche_id]
        nom = f"projet {fiche.numero} « {fiche.titre} »"
        if refus := refus_sous_l_engage(nom, aide.montant, soldes.get(fiche.pk, Soldes())):
            raise CreditRefuse(refus)
    _ecrire(scenario, aides, piece, par)
    for aide in aides:
        noter_accord(fiches[aide.fiche_id], aide.montant or None, par=par)
    suivre_propositions(scenario, par=par)
    suivre_accord(scenario, par=par, piece=piece)
    noter_vote(demarche, par=par, piece=piece)
    noter_negociation(scenario)


def _ecrire(scenario: Scenario, aides: Sequence[AideRevue], piece: Piece, par: Agent | None) -> None:
    """The lines of the maquette; one that leaves keeps its amount and is set aside."""
    posees = {p.fiche_id: p for p in scenario.propositions.filter(fiche__in=[a.fiche_id for a in aides])}
    for aide in aides:
        ligne = posees.get(aide.fiche_id) or Proposition(scenario=scenario, fiche_id=aide.fiche_id, version=0)
        if aide.montant > ZERO:
            ligne.montant, ligne.annee = aide.montant, aide.annee
            ligne.decision = Proposition.Decision.RETENUE
        else:
            ligne.decision = Proposition.Decision.DIFFEREE
        ligne.motif = piece.motif[:300]
        ligne.demonstration = piece.demonstration
        ligne.version += 1
        ligne.revision = scenario.revision + 1
        ligne.modifie_par = par.nom_complet[:150] if par else ""
        ligne.save()
    Scenario.objects.filter(pk=scenario.pk).update(revision=scenario.revision + 1)
