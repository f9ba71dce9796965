"""What changes a maquette: envelopes, propositions, offer and agreement. Each gesture is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, EtatScenario
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre
from arpent.plateforme.territoires.models import Territoire

from . import enveloppes
from .annonces import annoncer
from .credits.registre import CreditRefuse, Ecriture
from .credits.suivi import suivre_accord, suivre_repartition
from .decisions import decider_les_fiches, reprendre_les_accords
from .evenements import raison_du_gel
from .models import Camp, DonneeRepartition, Genre, PartEnveloppe, Scenario
from .ouverture import noter_negociation, scenario_courant, trouver_scenario
from .passerelle import maquette_de
from .propositions import ArbitrageRefuse, DepassementRefuse, Valeurs, enregistrer_lignes, proposer
from .tours import actions as tours

__all__ = [
    "ArbitrageRefuse",
    "DepassementRefuse",
    "Valeurs",
    "changer_etat",
    "enregistrer_lignes",
    "maquette_de",
    "noter_negociation",
    "proposer",
    "recalculer_enveloppes",
    "saisir_donnee",
    "scenario_courant",
    "trouver_scenario",
]

# --- envelopes ------------------------------------------------------------------------------------


@transaction.atomic
def recalculer_enveloppes(
    dispositif: Dispositif, par: Agent | None, ecritures: Sequence[Ecriture] = ()
) -> dict[int, Decimal | None]:
    """Shares every fund that has a published key between the démarches; their parts are replaced.

    A key with a missing value for one territory is not shared out at all (its money stays undistributed).
    `ecritures`: what an act gives to the funds or divides at their top, written with the new shares.
    Returns the envelope by démarche id. RepartitionImpossible (French) on a wrong formula, ArbitrageRefuse
    when a territory would have less than what is already committed.
    """
    dispositif = Dispositif.objects.select_for_update(of=("self",)).get(pk=dispositif.pk)
    demarches = enveloppes.demarches_dotees(dispositif)
    fonds_publies = enveloppes.fonds_a_repartir(dispositif)
    for fonds in fonds_publies:
        fonds.divise -= sum(
            (
                e.montant
                for e in ecritures
                if e.genre == Genre.DIVISION
                and e.enveloppe.parent_id is None
                and e.enveloppe.fonds_id == fonds.pk
            ),
            ZERO,
        )
    formules = enveloppes.formules_de(fonds_publies)
    avant = _enveloppes(demarches)
    nouvelles: list[PartEnveloppe] = []
    if demarches:
        valeurs = enveloppes.valeurs_des(demarches, enveloppes.criteres_lus(formules, dispositif))
        for fonds, formule in zip(fonds_publies, formules, strict=True):
            resultat = enveloppes.repartir(fonds, dispositif, demarches, valeurs, formule)
            for demarche in demarches:
                for code, montant in resultat.parts[str(demarche.pk)].detail.items():
                    lus = [code] if code in valeurs else formule.criteres()
                    suppose = any(valeurs[c][d.pk].demonstration for c in lus for d in demarches)
                    nouvelles.append(
                        PartEnveloppe(
                            demarche=demarche,
                            fonds=fonds,
                            critere=code,
                            montant=montant,
                            demonstration=fonds.demonstration or suppose,
                        )
                    )
    PartEnveloppe.objects.filter(demarche__in=demarches).exclude(critere=enveloppes.DIVISION).delete()
    PartEnveloppe.objects.bulk_create(nouvelles)
    apres = _enveloppes(demarches)
    try:
        suivre_repartition(dispositif, demarches, par=par, ecritures=ecritures)
    except CreditRefuse as refus:
        raise ArbitrageRefuse(f"Le partage ne peut pas changer ainsi : {refus}") from None
    consigner_modification(
        dispositif,
        {d.territoire.nom: avant.get(d.pk) for d in demarches},
        {d.territoire.nom: apres.get(d.pk) for d in demarches},
        par=par,
        geste="recalculer_enveloppes",
        libelle=f"Enveloppes de « {dispositif.nom} »",
    )
    for scenario in Scenario.objects.filter(demarche__in=demarches, est_courant=True).select_related(
        "demarche"
    ):
        noter_negociation(scenario)
    return apres


def _enveloppes(demarches: Iterable[Demarche]) -> dict[int, Decimal | None]:
    parts: dict[int, list[PartEnveloppe]] = {d.pk: [] for d in demarches}
    for part in PartEnveloppe.objects.filter(demarche__in=parts).order_by("fonds__ordre", "fonds_id", "pk"):
        parts[part.demarche_id].append(part)
    return {pk: enveloppes.montant_des(groupe) for pk, groupe in parts.items()}


@transaction.atomic
def saisir_donnee(
    territoire: Territoire,
    dispositif: Dispositif,
    critere: str,
    valeur: Decimal | None,
    source: str,
    *,
    version_lue: int,
    par: Agent | None,
) -> DonneeRepartition:
    """Types in the value of a criterion for a territory, then shares the funds again.

    ConflitDeVersion when somebody else typed it meanwhile; `version_lue` 0 says that there was none.
    """
    connus = enveloppes.criteres_de(dispositif)
    quoi = connus.get(critere)
    if quoi is None or quoi.origine != enveloppes.SAISIE:
        raise ArbitrageRefuse(f"Le critère « {critere} » ne se saisit pas : il vient des données publiques.")
    Dispositif.objects.select_for_update(of=("self",)).get(pk=dispositif.pk)
    donnee = DonneeRepartition.objects.filter(territoire=territoire, critere=critere).first()
    nouveaux = {"valeur": valeur, "source": source}
    if donnee is None:
        donnee = DonneeRepartition(territoire=territoire, critere=critere, unite=quoi.unite, version=0)
    elif donnee.version != version_lue:
        raise ConflitDeVersion(donnee, ecarts_entre(donnee, nouveaux))
    anciens = {"valeur": donnee.valeur, "source": donnee.source}
    donnee.valeur, donnee.source, donnee.demonstration = valeur, source, False
    donnee.version += 1
    donnee.save()
    consigner_modification(
        donnee,
        anciens,
        nouveaux,
        par=par,
        libelle=f"{quoi.libelle} de {territoire.nom}",
        geste="saisir_donnee",
    )
    recalculer_enveloppes(dispositif, par)
    return donnee


# --- offer and agreement --------------------------------------------------------------------------


def _exiger_offre_possible(scenario: Scenario) -> None:
    maquette = maquette_de(scenario)
    if maquette.total_propose == 0:
        raise ArbitrageRefuse("Aucune aide n’est proposée : saisissez au moins un montant avant d’offrir.")
    if maquette.caisses_depassees and len(maquette.par_fonds()) > 1:
        trop = maquette.caisses_depassees[0]
        raise ArbitrageRefuse(
            f"Les aides imputées sur « {trop.libelle} » dépassent son crédit de "
            f"{formater_euros(-(trop.solde or ZERO))} : réduisez-les, ou choisissez un autre fonds pour "
            "certaines lignes avant d’offrir."
        )
    solde = maquette.solde
    if solde is not None and solde < 0:
        raise ArbitrageRefuse(
            f"Les aides proposées dépassent l’enveloppe de {formater_euros(-solde)} : réduisez, différez ou "
            "refusez des projets avant d’offrir."
        )


def _suivre_les_tours(
    scenario: Scenario, geste: str, *, par: Agent | None, message: str, repondre_avant: date | None
) -> None:
    if geste == "offrir":
        lignes = tours.lignes_du_scenario(scenario)
        tours.ouvrir_tour(
            scenario, Camp.AUTORITE, lignes, par=par, message=message, repondre_avant=repondre_avant
        )
    elif geste == "accepter":
        tours.arreter(scenario, par=par)
    elif geste == "reprendre":
        tours.lever(scenario, par=par)


@transaction.atomic
def changer_etat(
    scenario: Scenario,
    geste: str,
    *,
    par: Agent | None,
    message: str = "",
    repondre_avant: date | None = None,
) -> Scenario:
    """Makes one gesture of the cycle. TransitionRefusee or ArbitrageRefuse (French) when it cannot be.

    An offer is frozen as a round, with its message and the date of the answer; an agreement, as its lines.
    """
    if geste == "contre_offrir":
        raise ArbitrageRefuse("Une contre-offre s’envoie à partir d’un de vos scénarios.")
    scenario = (
        Scenario.objects.select_for_update(of=("self",))
        .select_related(
            "demarche__territoire", "demarche__version_processus__processus__dispositif__autorite"
        )
        .get(pk=scenario.pk)
    )
    avant = scenario.etat
    transition = CYCLE_SCENARIO.franchir(geste, avant)
    if geste == "offrir":
        _exiger_offre_possible(scenario)
    if transition.vers == EtatScenario.TRAVAIL and (raison := raison_du_gel(scenario.demarche)):
        raise ArbitrageRefuse(raison)
    scenario.etat = transition.vers.value
    scenario.version += 1
    scenario.save(update_fields=["etat", "version", "modifie_le"])
    consigner(
        geste,
        sur=scenario,
        par=par,
        demarche_id=scenario.demarche_id,
        libelle=f"Maquette de {scenario.demarche.territoire.nom} : {transition.libelle}",
        avant={"etat": avant},
        apres={"etat": scenario.etat},
    )
    _suivre_les_tours(scenario, geste, par=par, message=message, repondre_avant=repondre_avant)
    if scenario.etat == EtatScenario.ACCEPTE:
        try:
            decider_les_fiches(scenario, par=par)
        except ActionRefusee as refus:
            raise ArbitrageRefuse(str(refus)) from None
    elif avant == EtatScenario.ACCEPTE:
        reprendre_les_accords(scenario, par=par)
    if EtatScenario.ACCEPTE in {avant, scenario.etat}:
        suivre_accord(scenario, par=par)
    noter_negociation(scenario)
    annoncer(scenario, geste)
    return scenario
