"""How far each démarche of the demonstration has come: envelopes, pré-instruction, a first offer."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import Sum

from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.imputations import Ouverts, ouverts_de
from arpent.plateforme.negociations.models import DonneeRepartition, Proposition, Scenario
from arpent.plateforme.negociations.propositions import ARBITRES, Demande, Valeurs, enregistrer_lignes
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import preinstruire_fiches
from arpent.plateforme.reglements.models import Dispositif

from . import avenants, dossiers, reserve, versements
from .contrat import mettre_a_la_signature, mettre_au_vote, mettre_en_vigueur
from .credits import attribuer_des_aides, ouvrir_les_lignes

VITRINE = "gorges-causses-cevennes"
"""The territory at work: every fiche examined, a first offer on the table."""
ACCORD = "coeur-de-lozere"
"""The territory whose maquette is agreed."""
SIGNE = "randon-margeride"
"""The territory whose contract is in force, for its first projects: the others may ask the reserve."""
AU_VOTE = "cevennes-mont-lozere"
"""The territory whose assemblies are voting: one quorum is not met."""
SUR_PAPIER = "mont-lozere"
"""The territory whose contract is being signed: on paper, its scan attached, one party still awaited."""
RETARDS = (0, 12, 25, 41, 5)
"""Demonstration: days by which a territory runs behind its calendar, in turn."""
REPRISE = "Démonstration : étape menée avant l’ouverture d’Arpent."
PROJETS_SIGNES, PROJETS_SUR_PAPIER = 8, 3
ETAPES_FAITES_LE = date(2026, 11, 10)
RESTE_A_REPARTIR = Decimal("25000")
"""Left on the table, so that there is something to negotiate."""
PART_OFFERTE = Decimal("0.92")
"""Demonstration: the first offer never gives all that is asked."""
KM_PAR_KM2 = Decimal("0.9")
"""Demonstration: the length of communal roads is not in open data; it is drawn from the area."""


@transaction.atomic
def faire(dispositifs: dict[str, Dispositif]) -> None:
    """Demonstration data of the keys, envelopes, gestures of the démarches, offers, one contract version.

    All or nothing: an interrupted first load starts this step again.
    """
    if Scenario.objects.exists():
        return
    _longueurs_de_voirie(dispositifs["lozere"])
    for dispositif in dispositifs.values():
        negociations.recalculer_enveloppes(dispositif, None)
    for demarche in Demarche.objects.avec_contexte():
        _avancer(demarche)
    _premiere_offre(Demarche.objects.avec_contexte().get(slug=VITRINE))
    accord = Demarche.objects.avec_contexte().get(slug=ACCORD)
    _premiere_offre(accord)
    _conclure(accord)
    _negociee(accord)
    ouvrir_les_lignes(accord)
    reserve.preparer_une_demande(Demarche.objects.avec_contexte().get(slug=VITRINE))
    contrats.generer(contrats.contrat_de(accord), None)
    _signer(Demarche.objects.avec_contexte().get(slug=SIGNE))
    _faire_voter(Demarche.objects.avec_contexte().get(slug=AU_VOTE))
    _faire_signer(Demarche.objects.avec_contexte().get(slug=SUR_PAPIER))


@transaction.atomic
def _signer(demarche: Demarche) -> None:
    """The contract in force, what its territory asks of the reserve, then two avenants."""
    _premiere_offre(demarche, PROJETS_SIGNES)
    _conclure(demarche)
    mettre_en_vigueur(demarche)
    reserve.decider(demarche)
    avenants.amender(demarche)
    attribuer_des_aides(demarche)
    dossiers.deposer_des_dossiers(demarche)
    versements.suivre_les_aides(demarche)


@transaction.atomic
def _faire_voter(demarche: Demarche) -> None:
    """A contract of the first projects, under vote."""
    _premiere_offre(demarche, PROJETS_SIGNES)
    _conclure(demarche)
    _negociee(demarche)
    mettre_au_vote(demarche)


@transaction.atomic
def _faire_signer(demarche: Demarche) -> None:
    """A contract of a few projects, being signed."""
    _premiere_offre(demarche, PROJETS_SUR_PAPIER)
    _conclure(demarche)
    _negociee(demarche)
    mettre_a_la_signature(demarche)


def _negociee(demarche: Demarche) -> None:
    """The steps of the negotiation are done."""
    for etape in demarche.etapes.filter(place="negociation", facultative=False):
        demarches.marquer_etape(etape, ETAPES_FAITES_LE, par=None, motif=REPRISE)


@transaction.atomic
def _longueurs_de_voirie(dispositif: Dispositif) -> None:
    demarches_dotees = Demarche.objects.filter(version_processus__processus=dispositif.processus)
    for demarche in demarches_dotees.select_related("territoire"):
        surface = demarche.territoire.groupements.aggregate(total=Sum("membres__surface_ha"))[
            "total"
        ] or Decimal(0)
        DonneeRepartition.objects.get_or_create(
            territoire=demarche.territoire,
            critere="voirie",
            defaults={
                "valeur": (surface / 100 * KM_PAR_KM2).quantize(Decimal("0.1")),
                "unite": "km",
                "source": "Valeur de démonstration : superficie × 0,9 km par km²",
                "demonstration": True,
            },
        )


def _avancer(demarche: Demarche) -> None:
    """Each démarche to its phase, with the steps of the places already left behind marked as done."""
    negocie = demarche.slug in {VITRINE, ACCORD, SIGNE, AU_VOTE, SUR_PAPIER}
    gestes = ("ouvrir_diagnostic", "ouvrir_plan", *(("ouvrir_negociation",) if negocie else ()))
    for geste in gestes:
        demarches.faire_avancer(demarche, geste, par=None)
    quittees = ("territoire", "diagnostic", *(("plan",) if negocie else ()))
    retard = timedelta(days=RETARDS[demarche.pk % len(RETARDS)])
    for etape in demarche.etapes.filter(place__in=quittees, facultative=False):
        faite_le = min((etape.prevue_le or ETAPES_FAITES_LE) + retard, ETAPES_FAITES_LE)
        demarches.marquer_etape(etape, faite_le, par=None, motif=REPRISE)


@transaction.atomic
def _premiere_offre(demarche: Demarche, nombre: int | None = None) -> None:
    """Examines the fiches, then offers each the same part of what it asks, within caps and its fund.

    `nombre`: the first ones only, in the order of the territory.
    """
    fiches = list(demarche.fiches.filter(etat="proposee").order_by("priorite_territoire", "numero")[:nombre])
    examens = preinstruire_fiches(fiches, ETAPES_FAITES_LE)
    scenario = negociations.scenario_courant(demarche)
    ouverts = ouverts_de(demarche)
    restes = {f.code: f.montant for f in ouverts.fonds}
    demandes: dict[str, Decimal] = {}
    possibles: dict[int, Decimal] = {}
    for fiche in fiches:
        faire_avancer_fiche(fiche, "pre_instruire", par=None)
        if resultat := examens[fiche.pk].resultat:
            possibles[fiche.pk] = min(fiche.aide_demandee, resultat.aide_maximale)
            code = _fonds_de(fiche, ouverts)
            demandes[code] = demandes.get(code, Decimal(0)) + possibles[fiche.pk]
    parts = {
        code: min(PART_OFFERTE, max(reste - RESTE_A_REPARTIR, Decimal(0)) / demande)
        for code, demande in demandes.items()
        if demande and (reste := restes[code]) is not None
    }
    offertes = []
    for fiche in fiches:
        part = parts.get(_fonds_de(fiche, ouverts), Decimal(0))
        montant = Decimal(int(possibles.get(fiche.pk, Decimal(0)) * part / 100) * 100)
        if montant > 0:
            offertes.append(Demande(fiche, Valeurs(montant, fiche.annee, "retenue"), 0, champs=ARBITRES))
    for issue in enregistrer_lignes(scenario, offertes, par=None, le=ETAPES_FAITES_LE).values():
        if not isinstance(issue, Proposition):
            raise issue
    Proposition.objects.filter(scenario=scenario).update(demonstration=True)


def _fonds_de(fiche: Fiche, ouverts: Ouverts) -> str:
    return ouverts.code_de(fiche.theme.code if fiche.theme else "")


@transaction.atomic
def _conclure(demarche: Demarche) -> None:
    """The territory accepts the offer; the contract can be drafted."""
    scenario = negociations.scenario_courant(demarche)
    for geste in ("offrir", "accepter"):
        negociations.changer_etat(scenario, geste, par=None)
    demarches.faire_avancer(demarche, "engager_contractualisation", par=None)
