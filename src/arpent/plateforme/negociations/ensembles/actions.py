"""What changes an ensemble: made by copy or from a search, named, shown, deleted. Its parts are scenarios."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.db.models import F

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.socle.versions import enregistrer_version

from ..actions import ArbitrageRefuse
from ..enveloppes import demarches_dotees
from ..models import Camp, EnsembleScenarios, Scenario
from ..scenarios import actions as scenarios
from ..scenarios.garder import garder
from ..scenarios.recherche import Resultat

NOMBRE_MAX = 30
"""Ensembles of a dispositif; more would hide those that matter."""
SANS_DEMARCHE = "Aucun territoire n’a de démarche ouverte sur ce dispositif : ouvrez-en une d’abord."


def _creer(dispositif: Dispositif, nom: str, par: Agent | None, **reste: Any) -> EnsembleScenarios:
    Dispositif.objects.select_for_update(of=("self",)).get(pk=dispositif.pk)
    connus = list(EnsembleScenarios.objects.filter(dispositif=dispositif).values_list("nom", flat=True))
    nom = scenarios.nommer(nom)
    if nom in connus:
        raise ArbitrageRefuse(f"Un ensemble s’appelle déjà « {nom} » : donnez un autre nom à celui-ci.")
    if len(connus) >= NOMBRE_MAX:
        raise ArbitrageRefuse(
            f"Il y a déjà {NOMBRE_MAX} ensembles : supprimez ceux qui ne servent plus, puis recommencez."
        )
    return EnsembleScenarios.objects.create(dispositif=dispositif, nom=nom, auteur=par, **reste)


def _consigner_creation(ensemble: EnsembleScenarios, territoires: int, par: Agent | None) -> None:
    consigner(
        "creer_ensemble", sur=ensemble, par=par,
        apres={"nom": ensemble.nom, "origine": ensemble.origine, "territoires": territoires},
    )  # fmt: skip


@transaction.atomic
def copier(
    dispositif: Dispositif, nom: str, source: EnsembleScenarios | None, *, par: Agent | None
) -> EnsembleScenarios:
    """A private ensemble with the lines of another one, or (None) of the maquettes in progress.

    A démarche that the source does not have starts empty. ArbitrageRefuse (French). About ten queries for
    each démarche.
    """
    dite = "Copie des maquettes en cours" if source is None else f"Copie de « {source.nom} »"
    return _copier(dispositif, nom, source, source, (), origine=dite, par=par)


@transaction.atomic
def fusionner(
    dispositif: Dispositif, avant: EnsembleScenarios | None, apres: EnsembleScenarios | None,
    prises: Collection[int], nom: str, *, par: Agent | None,
) -> EnsembleScenarios:  # fmt: skip
    """A private ensemble: the parts of `avant`, but for the démarches (pk) of `prises`, those of `apres`.

    None is the maquettes in progress. ArbitrageRefuse (French).
    """
    noms = [f"« {e.nom} »" if e else "les maquettes en cours" for e in (avant, apres)]
    origine = f"Fusion : {noms[0]} et {noms[1]}"
    return _copier(dispositif, nom, avant, apres, prises, origine=origine, par=par)


def _copier(
    dispositif: Dispositif, nom: str, avant: EnsembleScenarios | None, apres: EnsembleScenarios | None,
    prises: Collection[int], *, origine: str, par: Agent | None,
) -> EnsembleScenarios:  # fmt: skip
    ensemble = _creer(dispositif, nom, par, origine=origine[:300])
    demarches = sorted(demarches_dotees(dispositif), key=lambda d: d.pk)
    if not demarches:
        raise ArbitrageRefuse(SANS_DEMARCHE)
    parts = {e: _parts(e, [d.pk for d in demarches]) for e in (avant, apres)}
    for demarche in demarches:
        source = apres if demarche.pk in prises else avant
        modele = parts[source].get(demarche.pk) or Scenario(nom=ensemble.nom)
        modele.demarche = demarche
        scenarios.copier(modele, ensemble.nom, Camp.AUTORITE, par=par, ensemble=ensemble)
    _consigner_creation(ensemble, len(demarches), par)
    return ensemble


def _parts(source: EnsembleScenarios | None, demarches: Collection[int]) -> dict[int, Scenario]:
    """The scenario of each of those démarches (pk) that the source has. One query."""
    choisis = Scenario.objects.filter(est_courant=True) if source is None else source.scenarios.all()
    return {s.demarche_id: s for s in choisis.filter(demarche__in=demarches)}


@transaction.atomic
def garder_la_recherche(
    resultat: Resultat,
    dispositif: Dispositif,
    nom: str,
    recherche: Mapping[str, Any],
    *,
    origine: str,
    par: Agent | None,
) -> EnsembleScenarios:
    """The answer of the optimiser as an ensemble: never applied by itself. ArbitrageRefuse (French)."""
    ensemble = _creer(dispositif, nom, par, origine=origine[:300], recherche=dict(recherche))
    garder(resultat, ensemble.nom, par=par, origine=origine, ensemble=ensemble)
    _consigner_creation(ensemble, len(resultat.demarches), par)
    return ensemble


@transaction.atomic
def modifier(
    ensemble: EnsembleScenarios, nom: str, partage: bool, *, version_lue: int, par: Agent | None
) -> EnsembleScenarios:
    """Names it, shows each territory its part or takes it back. ConflitDeVersion, ArbitrageRefuse."""
    anciens = {"nom": ensemble.nom, "partage": ensemble.partage}
    nom = scenarios.nommer(nom)
    Dispositif.objects.select_for_update(of=("self",)).get(pk=ensemble.dispositif_id)
    autres = EnsembleScenarios.objects.filter(dispositif=ensemble.dispositif_id, nom=nom)
    if autres.exclude(pk=ensemble.pk).exists():
        raise ArbitrageRefuse(f"Un ensemble s’appelle déjà « {nom} » : donnez un autre nom à celui-ci.")
    ensemble.nom, ensemble.partage = nom, partage
    enregistrer_version(ensemble, version_lue, ("nom", "partage"))
    Scenario.objects.filter(ensemble=ensemble).update(nom=nom, partage=partage, version=F("version") + 1)
    consigner_modification(
        ensemble, anciens, {"nom": nom, "partage": partage}, par=par,
        geste="modifier_ensemble", libelle=f"Ensemble de scénarios « {nom} »",
    )  # fmt: skip
    return ensemble


@transaction.atomic
def supprimer(ensemble: EnsembleScenarios, *, par: Agent | None) -> None:
    """Deletes it with its parts; the journal of each démarche keeps what its part held."""
    parts = list(Scenario.objects.filter(ensemble=ensemble).order_by("demarche_id"))
    consigner(
        "supprimer_ensemble", sur=ensemble, par=par,
        avant={"nom": ensemble.nom, "origine": ensemble.origine, "territoires": len(parts)},
    )  # fmt: skip
    for part in parts:
        scenarios.supprimer(part, par=par)
    ensemble.delete()
