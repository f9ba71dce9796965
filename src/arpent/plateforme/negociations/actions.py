"""What changes a maquette: envelopes, propositions, offer and agreement. Each gesture is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.scenario import CYCLE_SCENARIO, EtatScenario
from arpent.metier.reglement import Preinstruction
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import preinstruire_fiche
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre
from arpent.plateforme.territoires.models import Territoire

from . import enveloppes
from .annonces import annoncer
from .decisions import decider_les_fiches, reprendre_les_accords
from .evenements import raison_du_gel
from .models import Camp, DonneeRepartition, PartEnveloppe, Proposition, Scenario
from .ouverture import noter_negociation, scenario_courant, trouver_scenario
from .passerelle import annees_de, maquette_de
from .tours import actions as tours

__all__ = [
    "ArbitrageRefuse",
    "DepassementRefuse",
    "Valeurs",
    "changer_etat",
    "maquette_de",
    "noter_negociation",
    "proposer",
    "recalculer_enveloppes",
    "saisir_donnee",
    "scenario_courant",
    "trouver_scenario",
]

DECISIONS = frozenset(Proposition.Decision.values)


class ArbitrageRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


class DepassementRefuse(ArbitrageRefuse):
    """Above what the règlement allows: a motif would let it through."""


@dataclass(frozen=True, slots=True)
class Valeurs:
    """What is arbitrated on one fiche. `annee` None: not programmed yet."""

    montant: Decimal
    annee: int | None
    decision: str


# --- envelopes ------------------------------------------------------------------------------------


@transaction.atomic
def recalculer_enveloppes(dispositif: Dispositif, par: Agent | None) -> dict[int, Decimal | None]:
    """Shares every fund that has a published key between the démarches; their parts are replaced.

    A key with a missing value for one territory is not shared out at all (its money stays undistributed).
    Returns the envelope (main fund) by démarche id. RepartitionImpossible (French) on a wrong formula.
    """
    dispositif = Dispositif.objects.select_for_update(of=("self",)).get(pk=dispositif.pk)
    demarches = enveloppes.demarches_dotees(dispositif)
    fonds_publies = enveloppes.fonds_a_repartir(dispositif)
    criteres = [c for fonds in fonds_publies for c, _ in enveloppes.cles_du_fonds(fonds, dispositif)]
    avant = _enveloppes(demarches)
    nouvelles: list[PartEnveloppe] = []
    if demarches:
        valeurs = enveloppes.valeurs_des(demarches, criteres)
        for fonds in fonds_publies:
            resultat = enveloppes.repartir(fonds, dispositif, demarches, valeurs)
            for demarche in demarches:
                for code, montant in resultat.parts[str(demarche.pk)].detail.items():
                    suppose = any(valeurs[code][d.pk].demonstration for d in demarches)
                    nouvelles.append(
                        PartEnveloppe(
                            demarche=demarche,
                            fonds=fonds,
                            critere=code,
                            montant=montant,
                            demonstration=fonds.demonstration or suppose,
                        )
                    )
    PartEnveloppe.objects.filter(demarche__in=demarches).delete()
    PartEnveloppe.objects.bulk_create(nouvelles)
    apres = _enveloppes(demarches)
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


# --- propositions -------------------------------------------------------------------


def _verifier(scenario: Scenario, fiche: Fiche, voulu: Valeurs) -> None:
    """What no proposition may say, whoever makes it."""
    if scenario.etat != EtatScenario.TRAVAIL:
        raise ArbitrageRefuse(
            f"La maquette est « {CYCLE_SCENARIO.libelle(scenario.etat).lower()} » : reprenez le travail pour "
            "modifier ses montants."
        )
    if fiche.demarche_id != scenario.demarche_id or fiche.etat == EtatFiche.BROUILLON:
        raise ArbitrageRefuse("Cette fiche n’est pas à l’arbitrage : elle doit d’abord être proposée.")
    if voulu.decision not in DECISIONS:
        raise ArbitrageRefuse("La décision est « retenue », « différée » ou « refusée ».")
    if voulu.montant < 0:
        raise ArbitrageRefuse("L’aide proposée ne peut pas être négative.")
    if voulu.montant > fiche.cout_ht and voulu.decision == Proposition.Decision.RETENUE:
        raise ArbitrageRefuse(
            f"L’aide proposée ({formater_euros(voulu.montant)}) dépasse le coût du projet "
            f"({formater_euros(fiche.cout_ht)}) : ramenez-la à ce coût ou corrigez la fiche."
        )
    annees = annees_de(scenario.demarche, scenario.demarche.processus.dispositif)
    if voulu.annee is not None and voulu.annee not in annees:
        raise ArbitrageRefuse(
            f"L’année {voulu.annee} est hors du contrat : choisissez une année de {annees[0]} à {annees[-1]} "
            "ou laissez la case vide."
        )


def raison_du_plafond(examen: Preinstruction | None, montant: Decimal) -> str:
    """Why `montant` is above what the règlement allows, with the binding cap by name; empty if it is not."""
    if examen is None or montant <= examen.aide_maximale:
        return ""
    maximum, liant = formater_euros(examen.aide_maximale), examen.plafond_liant
    cause = (
        f"« {liant.intitule} » (article {liant.article})"
        if liant
        else "le coût restant après les autres aides"
    )
    return (
        f"L’aide proposée ({formater_euros(montant)}) dépasse l’aide maximale possible ({maximum}), "
        f"fixée par {cause}. Ramenez-la à ce montant, ou écrivez le motif de la dérogation."
    )


def _diverge(existante: Proposition, voulu: Valeurs, lu: Valeurs | None) -> bool:
    """Whether saving `voulu` would overwrite something that the sender has not seen."""
    en_base = Valeurs(existante.montant, existante.annee, existante.decision)
    if lu is None:
        return en_base != voulu
    return any(
        getattr(en_base, nom) not in (getattr(lu, nom), getattr(voulu, nom))
        for nom in ("montant", "annee", "decision")
    )


@transaction.atomic
def proposer(
    scenario: Scenario,
    fiche: Fiche,
    montant: Decimal,
    annee: int | None,
    decision: str,
    motif: str = "",
    *,
    version_lue: int,
    par: Agent | None,
    lu: Valeurs | None = None,
    le: date | None = None,
) -> Proposition:
    """Sets the aid proposed for one fiche. `version_lue` 0: there was no proposition on the page.

    ArbitrageRefuse when the règlement (without a motif), the years or the state forbid it. ConflitDeVersion
    when somebody else changed this line meanwhile. `lu`, the values first shown, tells a real conflict from
    one's own previous cell still on its way: what moved since is then exactly what is sent.
    """
    scenario = (
        Scenario.objects.select_for_update(of=("self",))
        .select_related("demarche__version_processus__processus__dispositif__autorite")
        .get(pk=scenario.pk)
    )
    voulu, motif = Valeurs(montant, annee, decision), motif.strip()
    _verifier(scenario, fiche, voulu)
    existante = Proposition.objects.filter(scenario=scenario, fiche=fiche).first()
    nouveaux = {"montant": montant, "annee": annee, "decision": decision, "motif": motif}
    if existante is not None and existante.version != version_lue and _diverge(existante, voulu, lu):
        raise ConflitDeVersion(existante, ecarts_entre(existante, nouveaux))
    examen = preinstruire_fiche(fiche, le or date.today()).resultat
    compte = montant if decision == Proposition.Decision.RETENUE else ZERO
    depassement = raison_du_plafond(examen, compte)
    if depassement and not motif:
        raise DepassementRefuse(depassement)
    nouveaux["motif"] = motif = motif if depassement else ""
    proposition = existante or Proposition(scenario=scenario, fiche=fiche, version=0, annee=fiche.annee)
    anciens = {nom: getattr(proposition, nom) for nom in nouveaux}
    if existante is not None and anciens == nouveaux:
        return existante
    for nom, valeur in nouveaux.items():
        setattr(proposition, nom, valeur)
    proposition.demonstration = False
    proposition.version += 1
    proposition.save()
    consigner_modification(
        proposition,
        anciens,
        nouveaux,
        par=par,
        demarche_id=scenario.demarche_id,
        geste="proposer_par_derogation" if depassement else "proposer",
        libelle=f"Aide proposée : {fiche}",
        motif=motif,
    )
    if scenario.est_courant:
        noter_negociation(scenario)
    return proposition


# --- offer and agreement --------------------------------------------------------------------------


def _exiger_offre_possible(scenario: Scenario) -> None:
    maquette = maquette_de(scenario)
    if maquette.total_propose == 0:
        raise ArbitrageRefuse("Aucune aide n’est proposée : saisissez au moins un montant avant d’offrir.")
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
    noter_negociation(scenario)
    annoncer(scenario, geste)
    return scenario
