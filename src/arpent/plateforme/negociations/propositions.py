"""Writing lines of a scenario: cells that others changed meanwhile survive, the same cell is a conflict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from django.db import transaction

from arpent.metier.argent import ZERO, formater_euros
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.cycles.scenario import DE_LA_MAQUETTE, EtatScenario
from arpent.metier.reglement import Preinstruction
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner_modification
from arpent.plateforme.plans.lot import FicheLue, Lot, lire_lot
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import examiner
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre

from .credits.suivi import suivre_propositions
from .credits_promis import avec_enveloppes, payer, promettre
from .imputations import Ouverts, ouverts_de
from .models import Proposition, Scenario
from .ouverture import noter_negociation
from .passerelle import RETENUE, annees_de, assiette_de, avec_base, en_lice_de, priorite_de

DECISIONS = frozenset(Proposition.Decision.values)
ARBITRES = ("montant", "annee", "decision")
PAS_A_L_ARBITRAGE = "Cette fiche n’est pas à l’arbitrage : elle doit d’abord être proposée."
PRIS_PAR_L_ENVOI = "Seule, la ligne tenait : les autres lignes du même envoi ont pris ce qui restait."
CHAMPS = (*ARBITRES, "assiette", "priorite", "fonds", "motif")
HORS_FONDS = tuple(c for c in CHAMPS if c != "fonds")
"""What may be written by who may not choose the fund that pays: it is the authority's."""


class ArbitrageRefuse(ValueError):
    """The gesture is not possible; the message is French and says what to do."""


class DepassementRefuse(ArbitrageRefuse):
    """Above what the règlement allows: a motif would let it through."""


@dataclass(frozen=True, slots=True)
class Valeurs:
    """What the page shows of a line. `annee` None: not programmed yet; `assiette` None: that of the fiche.

    `fonds`: code of the fund that was chosen, empty when it is left to the theme.
    """

    montant: Decimal
    annee: int | None
    decision: str
    assiette: Decimal | None = None
    priorite: int | None = None
    motif: str = ""
    fonds: str = ""


@dataclass(frozen=True, slots=True)
class Demande:
    """What is asked of one line. `version_lue` 0: there was no proposition on the page.

    With `lu`, the values first shown, only the cells that differ from it are written; without, all of
    `champs` are, and any change made meanwhile is a conflict.
    """

    fiche: Fiche
    voulu: Valeurs
    version_lue: int
    lu: Valeurs | None = None
    champs: tuple[str, ...] = CHAMPS


Issue = Proposition | ArbitrageRefuse | ConflitDeVersion


def valeurs_de(fiche: Fiche, proposition: Proposition | None) -> Valeurs:
    """A line as a page shows it, proposition or not. No query when its chosen fund is read."""
    if proposition is None:
        return Valeurs(ZERO, fiche.annee, RETENUE, assiette_de(fiche), priorite_de(fiche))
    p = proposition
    base, rang = assiette_de(fiche, p), priorite_de(fiche, p)
    return Valeurs(p.montant, p.annee, p.decision, base, rang, p.motif, p.fonds.code if p.fonds else "")


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


def _fonds_choisi(voulu: Valeurs, en_base: Valeurs, ouverts: Ouverts) -> None:
    """A fund may be chosen when it has money here; one that was, and has none any more, may stay."""
    if not voulu.fonds or voulu.fonds == en_base.fonds or voulu.fonds in ouverts.modeles:
        return
    noms = ", ".join(f"« {f.libelle} »" for f in ouverts.fonds)
    raise ArbitrageRefuse(
        f"Le fonds « {voulu.fonds[:40]} » n’a pas de crédit pour les projets de ce territoire : choisissez "
        f"{noms}, ou laissez le choix au thème."
    )


def _verifier(fiche: Fiche, voulu: Valeurs, annees: Sequence[int]) -> None:
    """What no proposition may say, whoever makes it."""
    if voulu.decision not in DECISIONS:
        raise ArbitrageRefuse("La décision est « retenue », « différée » ou « refusée ».")
    if voulu.montant < 0:
        raise ArbitrageRefuse("L’aide proposée ne peut pas être négative.")
    if voulu.montant > fiche.cout_ht and voulu.decision == RETENUE:
        raise ArbitrageRefuse(
            f"L’aide proposée ({formater_euros(voulu.montant)}) dépasse le coût du projet "
            f"({formater_euros(fiche.cout_ht)}) : ramenez-la à ce coût ou corrigez la fiche."
        )
    if voulu.assiette is not None and voulu.assiette > max(fiche.cout_ht, assiette_de(fiche)):
        raise ArbitrageRefuse(
            f"La base ({formater_euros(voulu.assiette)}) dépasse le coût du projet "
            f"({formater_euros(fiche.cout_ht)}) : ramenez-la à ce coût, ou videz la case."
        )
    if voulu.annee is not None and voulu.annee not in annees:
        raise ArbitrageRefuse(
            f"L’année {voulu.annee} est hors du contrat : choisissez une année de {annees[0]} à {annees[-1]} "
            "ou laissez la case vide."
        )


def _fondre(demande: Demande, existante: Proposition | None, en_base: Valeurs) -> Valeurs:
    """The line with the cells asked for, the others as they are now. ConflitDeVersion on the same cell."""
    voulu, lu = demande.voulu, demande.lu
    if lu is None:
        touches = demande.champs
        disputes = [c for c in ARBITRES if getattr(en_base, c) != getattr(voulu, c)]
    else:
        touches = tuple(c for c in demande.champs if getattr(voulu, c) != getattr(lu, c))
        disputes = [c for c in touches if getattr(en_base, c) not in (getattr(lu, c), getattr(voulu, c))]
    if existante is not None and existante.version != demande.version_lue and disputes:
        raise ConflitDeVersion(existante, ecarts_entre(existante, {c: getattr(voulu, c) for c in disputes}))
    return replace(en_base, **{c: getattr(voulu, c) for c in touches})


def _exiger_un_motif(depassement: str, motif: str, existante: Proposition | None, maximum: Decimal) -> None:
    """A reason written before the amount passed the cap does not excuse it."""
    if not motif:
        raise DepassementRefuse(depassement)
    if existante is None or existante.motif != motif:
        return
    if (existante.montant if existante.decision == RETENUE else ZERO) <= maximum:
        raise DepassementRefuse(f"{depassement} Le motif déjà écrit date d’un autre montant : complétez-le.")


def _assiette_propre(fiche: Fiche, voulu: Valeurs) -> Decimal | None:
    """The base that the negotiation retains, None when it is that of the fiche."""
    return None if voulu.assiette == assiette_de(fiche) else voulu.assiette


def _depassement(fiche: Fiche, voulu: Valeurs, lot: Lot, lue: FicheLue) -> tuple[str, Decimal]:
    """Why that line passes what the règlement allows (empty: it does not), and that amount."""
    examen = examiner(lot, avec_base(lue, _assiette_propre(fiche, voulu))).resultat
    raison = raison_du_plafond(examen, voulu.montant if voulu.decision == RETENUE else ZERO)
    return raison, examen.aide_maximale if examen else ZERO


def _prend(demande: Demande, existante: Proposition | None) -> bool:
    """Whether the line asks for more than it has."""
    avant, apres = valeurs_de(demande.fiche, existante), demande.voulu
    deja = avant.montant if avant.decision == RETENUE else ZERO
    return (apres.montant if apres.decision == RETENUE else ZERO) > deja


def _ecrire(
    demande: Demande,
    existante: Proposition | None,
    scenario: Scenario,
    lot: Lot,
    lue: FicheLue,
    annees: Sequence[int],
    ouverts: Ouverts,
    par: Agent | None,
) -> Proposition:
    """One line. Refusals are raised before anything is written."""
    fiche, en_base = demande.fiche, valeurs_de(demande.fiche, existante)
    voulu = _fondre(demande, existante, en_base)
    _verifier(fiche, voulu, annees)
    _fonds_choisi(voulu, en_base, ouverts)
    lot = payer(lot, lue, ouverts.code_de(lue.theme, voulu.fonds))
    depassement, maximum = _depassement(fiche, voulu, lot, lue)
    if depassement:
        _exiger_un_motif(depassement, voulu.motif, existante, maximum)
    nouveaux = {c: getattr(voulu, c) for c in CHAMPS} | {
        "assiette": _assiette_propre(fiche, voulu),
        "priorite": None if voulu.priorite == priorite_de(fiche) else voulu.priorite,
        "fonds": existante.fonds
        if existante and voulu.fonds == en_base.fonds
        else ouverts.modeles.get(voulu.fonds),
    }
    proposition = existante or Proposition(scenario=scenario, fiche=fiche, version=0, annee=fiche.annee)
    anciens = {nom: getattr(proposition, nom) for nom in nouveaux}
    if existante is not None and anciens == nouveaux:
        return existante
    qui = par.nom_complet[:150] if par else ""
    if voulu.fonds != en_base.fonds:
        proposition.fonds_par = qui if voulu.fonds else ""
    for nom, valeur in nouveaux.items():
        setattr(proposition, nom, valeur)
    proposition.demonstration = False
    proposition.version += 1
    proposition.revision = scenario.revision + 1
    proposition.modifie_par = qui
    proposition.save()
    consigner_modification(
        proposition,
        anciens | {"fonds": en_base.fonds},
        nouveaux | {"fonds": voulu.fonds},
        par=par,
        demarche_id=scenario.demarche_id,
        geste="proposer_par_derogation" if depassement else "proposer",
        libelle=f"Aide proposée : {fiche}",
        motif=voulu.motif,
    )
    return proposition


@transaction.atomic
def enregistrer_lignes(
    scenario: Scenario,
    demandes: Sequence[Demande],
    *,
    par: Agent | None,
    le: date | None = None,
    lot: Lot | None = None,
) -> dict[int, Issue]:
    """Each line is written or answers why not, by fiche pk. A fixed number of queries, plus two or three a
    line written and one for each batch of movements. `lot`: what the règlement reads of those fiches, when
    it was already read.

    Lines share the envelopes: those that give back come first, then each in its order takes from what the
    ones before it left. What does not fit is refused, what fits after it is kept.
    """
    demarche = scenario.demarche
    scenario = Scenario.objects.select_for_update(of=("self",)).get(pk=scenario.pk)
    scenario.demarche = demarche
    if scenario.etat != EtatScenario.TRAVAIL:
        fige = ArbitrageRefuse(
            f"La maquette est « {DE_LA_MAQUETTE[EtatScenario(scenario.etat)]} » : reprenez le travail pour "
            "modifier ses montants."
        )
        return {d.fiche.pk: fige for d in demandes}
    cles = [d.fiche.pk for d in demandes]
    posees = Proposition.objects.filter(scenario=scenario, fiche__in=cles).select_related("fonds")
    existantes, ouverts = {p.fiche_id: p for p in posees}, ouverts_de(scenario.demarche)
    lot = lot or lire_lot(Fiche.objects.filter(pk__in=cles), le or date.today())
    lot = avec_enveloppes(lot, scenario, en_lice_de(scenario), ouverts)
    lues = {lue.pk: lue for lue in lot.fiches}
    annees = annees_de(scenario.demarche, scenario.demarche.processus.dispositif)
    issues: dict[int, Issue] = {}
    depart = lot
    for d in sorted(demandes, key=lambda d: _prend(d, existantes.get(d.fiche.pk))):
        pk = d.fiche.pk
        try:
            if d.fiche.demarche_id != scenario.demarche_id or d.fiche.etat == EtatFiche.BROUILLON:
                raise ArbitrageRefuse(PAS_A_L_ARBITRAGE)
            issues[pk] = p = _ecrire(d, existantes.get(pk), scenario, lot, lues[pk], annees, ouverts, par)
            code = ouverts.code_de(lues[pk].theme, p.fonds.code if p.fonds else "")
            lot = promettre(lot, lues[pk], code, p.montant if p.decision == RETENUE else ZERO)
        except DepassementRefuse as refus:
            tenait = lot is not depart and not _depassement(d.fiche, d.voulu, depart, lues[pk])[0]
            issues[pk] = DepassementRefuse(f"{refus} {PRIS_PAR_L_ENVOI}") if tenait else refus
        except (ArbitrageRefuse, ConflitDeVersion) as refus:
            issues[pk] = refus
    lignes = [p for p in issues.values() if isinstance(p, Proposition)]
    ecrites = [p.fiche_id for p in lignes if p.revision > scenario.revision]
    if ecrites:
        suivre_propositions(scenario, par=par, fiches=ecrites, ouverts=ouverts)
        Scenario.objects.filter(pk=scenario.pk).update(revision=scenario.revision + 1)
        if scenario.est_courant:
            noter_negociation(scenario, ouverts)
    return issues


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
    le: date | None = None,
) -> Proposition:
    """Sets the aid proposed for one fiche; its base and priority stay. ArbitrageRefuse, ConflitDeVersion."""
    voulu = Valeurs(montant, annee, decision, motif=motif.strip())
    demande = Demande(fiche, voulu, version_lue, champs=(*ARBITRES, "motif"))
    issue = enregistrer_lignes(scenario, [demande], par=par, le=le)[fiche.pk]
    if not isinstance(issue, Proposition):
        raise issue
    return issue
