"""What changes a scenario beside the maquette in progress: copy, name, share, delete, take back."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.metier.argent import ZERO
from arpent.metier.scenarios.optimisation import Choix
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import enregistrer_version

from ..actions import ArbitrageRefuse, scenario_courant
from ..models import Camp, EnsembleScenarios, Proposition, Scenario
from ..propositions import CHAMPS, HORS_FONDS, Demande, Valeurs, enregistrer_lignes, valeurs_de

NOMBRE_MAX = 60
"""Scenarios of one side on one démarche; more would hide those that matter."""


@dataclass(frozen=True, slots=True)
class Reprise:
    """What came of taking a scenario back into the maquette: lines changed, unchanged, refused with why."""

    changees: int
    identiques: int
    refusees: tuple[tuple[Fiche, str], ...]


def nommer(nom: str) -> str:
    """The name without its extra blanks. ArbitrageRefuse when it is empty or too long."""
    propre = " ".join(nom.split())
    if not propre:
        raise ArbitrageRefuse("Donnez un nom au scénario, par exemple « Voirie d’abord ».")
    if len(propre) > 120:
        raise ArbitrageRefuse("Le nom du scénario est trop long : 120 caractères au plus.")
    return propre


def _creer(
    demarche: Demarche, nom: str, camp: Camp, par: Agent | None,
    ensemble: EnsembleScenarios | None, **reste: Any,
) -> Scenario:  # fmt: skip
    """Those of an ensemble share its sharing, and are counted with it, not with the démarche."""
    Demarche.objects.select_for_update(of=("self",)).get(pk=demarche.pk)
    siens = Scenario.objects.filter(demarche=demarche, est_courant=False, camp=camp, ensemble=None)
    if ensemble is None and siens.count() >= NOMBRE_MAX:
        raise ArbitrageRefuse(
            f"Il y a déjà {NOMBRE_MAX} scénarios : supprimez ceux qui ne servent plus, puis recommencez."
        )
    return Scenario.objects.create(
        demarche=demarche, nom=nommer(nom), camp=camp, est_courant=False, auteur=par, ensemble=ensemble,
        partage=ensemble is not None and ensemble.partage, **reste,
    )  # fmt: skip


def _recopier(propositions: Iterable[Proposition], cible: Scenario) -> None:
    """The same lines in another scenario."""
    Proposition.objects.bulk_create(
        Proposition(
            scenario=cible, fiche_id=p.fiche_id, montant=p.montant, annee=p.annee, decision=p.decision,
            motif=p.motif, assiette=p.assiette, priorite=p.priorite, demonstration=p.demonstration,
            fonds_id=p.fonds_id, fonds_par=p.fonds_par,
        )
        for p in propositions
    )  # fmt: skip


@transaction.atomic
def copier(
    source: Scenario, nom: str, camp: Camp, *, par: Agent | None, ensemble: EnsembleScenarios | None = None
) -> Scenario:
    """A new private scenario of that side with the same lines. ArbitrageRefuse (French)."""
    copie = _creer(source.demarche, nom, camp, par, ensemble, origine=f"Copie de « {source.nom} »")
    _recopier(Proposition.objects.filter(scenario_id=source.pk), copie)
    consigner(
        "copier_scenario", sur=copie, par=par, demarche_id=copie.demarche_id,
        apres={"nom": copie.nom, "origine": copie.origine},
    )  # fmt: skip
    return copie


@transaction.atomic
def creer_depuis(
    source: Scenario,
    nom: str,
    camp: Camp,
    lignes: Mapping[int, tuple[Decimal, int | None, str]],
    *,
    origine: str,
    par: Agent | None,
) -> Scenario:
    """A copy of `source` with those aids, years and decisions, by fiche. ArbitrageRefuse (French)."""
    copie = copier(source, nom, camp, par=par)
    copie.origine = origine[:300]
    Scenario.objects.filter(pk=copie.pk).update(origine=copie.origine)
    connues = {p.fiche_id: p for p in Proposition.objects.filter(scenario=copie)}
    neuves: list[Proposition] = []
    changees: list[Proposition] = []
    for fiche_id, (montant, annee, decision) in lignes.items():
        proposition = connues.get(fiche_id) or Proposition(scenario=copie, fiche_id=fiche_id)
        if proposition.montant != montant:
            proposition.demonstration = False
        proposition.montant, proposition.annee, proposition.decision = montant, annee, decision
        (changees if fiche_id in connues else neuves).append(proposition)
    Proposition.objects.bulk_create(neuves)
    Proposition.objects.bulk_update(changees, ["montant", "annee", "decision", "demonstration"])
    consigner(
        "importer_scenario", sur=copie, par=par, demarche_id=copie.demarche_id,
        apres={"nom": copie.nom, "origine": copie.origine, "lignes": len(lignes)},
    )  # fmt: skip
    return copie


@transaction.atomic
def fusionner(
    avant: Scenario, apres: Scenario, prises: Collection[int], nom: str, camp: Camp, *, par: Agent | None
) -> Scenario:
    """A new scenario: the lines of `avant`, but for the fiches (pk) of `prises`, taken from `apres`."""
    fusion = copier(avant, nom, camp, par=par)
    fusion.origine = f"Fusion de « {avant.nom} » et « {apres.nom} »"[:300]
    fusion.save(update_fields=["origine"])
    voulues = set(prises)
    Proposition.objects.filter(scenario=fusion, fiche__in=voulues).delete()
    _recopier(Proposition.objects.filter(scenario_id=apres.pk, fiche__in=voulues), fusion)
    return fusion


@transaction.atomic
def ecrire_les_choix(
    demarche: Demarche,
    nom: str,
    camp: Camp,
    choix: Mapping[int, Choix],
    motifs: Mapping[int, str],
    recherche: dict[str, Any],
    *,
    origine: str,
    par: Agent | None,
    ensemble: EnsembleScenarios | None = None,
    fonds: Mapping[int, Proposition] | None = None,
) -> Scenario:
    """A proposal of the optimiser as a scenario: chosen fiches retained, the others deferred with the reason.

    `choix` and `motifs` are by fiche pk; together they hold every fiche that was put to the optimiser.
    `fonds`: the propositions whose chosen fund the new lines keep.
    """
    scenario = _creer(demarche, nom, camp, par, ensemble, origine=origine[:300], recherche=recherche)
    lignes = [
        Proposition(scenario=scenario, fiche_id=pk, montant=x.aide, annee=x.annee) for pk, x in choix.items()
    ]
    lignes += [
        Proposition(
            scenario=scenario, fiche_id=pk, montant=ZERO, decision=Proposition.Decision.DIFFEREE.value,
            motif=motif[:300],
        )
        for pk, motif in motifs.items()
    ]  # fmt: skip
    for ligne in lignes:
        if fonds and (connue := fonds.get(ligne.fiche_id)):
            ligne.fonds_id, ligne.fonds_par = connue.fonds_id, connue.fonds_par
    Proposition.objects.bulk_create(lignes)
    consigner(
        "optimiser_scenario", sur=scenario, par=par, demarche_id=demarche.pk,
        apres={"nom": scenario.nom, "origine": scenario.origine, "retenues": len(choix)},
    )  # fmt: skip
    return scenario


@transaction.atomic
def modifier(scenario: Scenario, nom: str, partage: bool, *, version_lue: int, par: Agent | None) -> Scenario:
    """Names it, shows it to the other side or takes it back. ConflitDeVersion, ArbitrageRefuse."""
    anciens = {"nom": scenario.nom, "partage": scenario.partage}
    scenario.nom, scenario.partage = nommer(nom), partage
    enregistrer_version(scenario, version_lue, ("nom", "partage"))
    consigner_modification(
        scenario,
        anciens,
        {"nom": scenario.nom, "partage": scenario.partage},
        par=par,
        demarche_id=scenario.demarche_id,
        geste="modifier_scenario",
        libelle=f"Scénario « {scenario.nom} »",
    )
    return scenario


@transaction.atomic
def supprimer(scenario: Scenario, *, par: Agent | None) -> None:
    """Deletes a variant; the journal keeps its name and what it held."""
    lignes = Proposition.objects.filter(scenario=scenario, decision=Proposition.Decision.RETENUE)
    consigner(
        "supprimer_scenario", sur=scenario, par=par, demarche_id=scenario.demarche_id,
        avant={
            "nom": scenario.nom,
            "lignes": {str(p.fiche_id): f"{p.montant:.2f}" for p in lignes},
        },
    )  # fmt: skip
    scenario.delete()


def _memes(a: Valeurs, b: Valeurs) -> bool:
    """Whether two lines say the same, their reasons aside."""
    return replace(a, motif="") == replace(b, motif="")


@transaction.atomic
def reprendre(scenario: Scenario, *, par: Agent | None) -> Reprise:
    """Puts the lines of a variant in the maquette in progress, each under the rules of a typed amount.

    A line that the règlement refuses stays as it is in the maquette and comes back with its reason. A
    scenario of the territory leaves the fund of each line as the authority chose it.
    """
    courant = scenario_courant(scenario.demarche, par)
    connues = {p.fiche_id: p for p in Proposition.objects.filter(scenario=courant).select_related("fonds")}
    demandes, identiques = [], 0
    champs = CHAMPS if scenario.camp == Camp.AUTORITE else HORS_FONDS
    propositions = Proposition.objects.filter(scenario=scenario).select_related("fiche", "fonds")
    for p in propositions.order_by("fiche__numero"):
        en_base, voulu = connues.get(p.fiche_id), valeurs_de(p.fiche, p)
        if "fonds" not in champs:
            voulu = replace(voulu, fonds=en_base.fonds.code if en_base and en_base.fonds else "")
        if en_base is not None and _memes(valeurs_de(p.fiche, en_base), voulu):
            identiques += 1
            continue
        if p.decision != Proposition.Decision.RETENUE:
            voulu = replace(voulu, motif="")
        demandes.append(Demande(p.fiche, voulu, en_base.version if en_base else 0, champs=champs))
    issues = enregistrer_lignes(courant, demandes, par=par)
    refusees = [(d.fiche, str(x)) for d in demandes if isinstance(x := issues[d.fiche.pk], Exception)]
    changees = len(demandes) - len(refusees)
    consigner(
        "reprendre_scenario", sur=courant, par=par, demarche_id=courant.demarche_id,
        apres={"scenario": scenario.nom, "lignes": changees},
    )  # fmt: skip
    return Reprise(changees, identiques, tuple(refusees))
