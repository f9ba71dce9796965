"""Writing indicators, their values, the weight of the enjeux: version, save, journal, in one transaction."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.plans.models import Axe
from arpent.plateforme.socle.versions import enregistrer_version

from ..models import IndicateurSuivi, PoidsEnjeu, ValeurSuivie
from .releve import ReleveImpossible, relever

CHAMPS = (
    "enjeu", "axe", "fiche", "nature", "libelle", "unite", "code", "reference", "reference_annee", "cible",
    "cible_annee", "source",
)  # fmt: skip


class EvaluationRefusee(ValueError):
    """What was sent has no effect; the French message says why and what to do."""


def _dire(indicateur: IndicateurSuivi) -> dict[str, Any]:
    """As the journal keeps it: what it judges in words."""
    dit = {nom: getattr(indicateur, nom) for nom in CHAMPS}
    return dit | {nom: str(dit[nom] or "") for nom in ("enjeu", "axe", "fiche")}


@transaction.atomic
def ecrire_indicateur(
    indicateur: IndicateurSuivi,
    *,
    par: Agent | None,
    avant: Mapping[str, Any] | None = None,
    version_lue: int = 1,
) -> IndicateurSuivi:
    """Creates or modifies. ConflitDeVersion when someone saved it meanwhile."""
    if indicateur.pk is None:
        indicateur.save(force_insert=True)
        consigner(
            "creer", sur=indicateur, par=par, demarche_id=indicateur.demarche_id, apres=_dire(indicateur)
        )
        return indicateur
    enregistrer_version(indicateur, version_lue, CHAMPS)
    consigner_modification(
        indicateur, dict(avant or {}), _dire(indicateur), par=par, demarche_id=indicateur.demarche_id
    )
    return indicateur


@transaction.atomic
def supprimer_indicateur(indicateur: IndicateurSuivi, *, par: Agent | None) -> None:
    """With its values: the journal keeps what it was."""
    valeurs = [str(v) for v in indicateur.valeurs.all()]
    consigner(
        "supprimer", sur=indicateur, par=par, demarche_id=indicateur.demarche_id,
        avant=_dire(indicateur) | {"valeurs": valeurs},
    )  # fmt: skip
    indicateur.delete()


def dire_avant(indicateur: IndicateurSuivi) -> dict[str, Any]:
    """What `ecrire_indicateur` compares with: read before the form changes the object."""
    return _dire(indicateur)


@transaction.atomic
def noter_valeur(
    indicateur: IndicateurSuivi,
    valeur: Decimal,
    *,
    le: date,
    source: str,
    par: Agent | None,
    note: str = "",
    demonstration: bool = False,
    **preuve: Any,
) -> ValeurSuivie:
    """One value a day. EvaluationRefusee when that day has one, or without a source."""
    if not source.strip():
        raise EvaluationRefusee("Dites d’où vient cette valeur.")
    IndicateurSuivi.objects.select_for_update(of=("self",)).get(pk=indicateur.pk)
    if indicateur.valeurs.filter(le=le).exists():
        raise EvaluationRefusee(
            f"Une valeur est déjà notée au {le:%d/%m/%Y} : effacez-la d’abord, ou changez la date."
        )
    notee = ValeurSuivie.objects.create(
        indicateur=indicateur, valeur=valeur, le=le, source=source.strip()[:300], note=note.strip()[:300],
        saisie_par_nom=par.nom_complet if par else "Arpent", demonstration=demonstration, **preuve,
    )  # fmt: skip
    consigner(
        "noter_valeur", sur=indicateur, par=par, demarche_id=indicateur.demarche_id,
        apres={"valeur": str(valeur), "le": le, "source": notee.source},
    )  # fmt: skip
    return notee


def relever_valeur(indicateur: IndicateurSuivi, *, le: date, par: Agent | None) -> ValeurSuivie:
    """Keeps what the observatoire says today, with its two sums. EvaluationRefusee says why it cannot."""
    if not indicateur.code:
        raise EvaluationRefusee("Cet indicateur n’est pas de l’observatoire : saisissez sa valeur.")
    try:
        lu = relever(indicateur.demarche, indicateur.code)
    except ReleveImpossible as refus:
        raise EvaluationRefusee(str(refus)) from refus
    return noter_valeur(
        indicateur, lu.valeur, le=le, source=lu.source, note=lu.note, par=par, millesime=lu.millesime,
        numerateur=lu.numerateur, denominateur=lu.denominateur,
    )  # fmt: skip


@transaction.atomic
def effacer_valeur(valeur: ValeurSuivie, *, par: Agent | None) -> None:
    indicateur = valeur.indicateur
    consigner(
        "effacer_valeur", sur=indicateur, par=par, demarche_id=indicateur.demarche_id,
        avant={"valeur": str(valeur.valeur), "le": valeur.le, "source": valeur.source},
    )  # fmt: skip
    valeur.delete()


@transaction.atomic
def peser_enjeux(axe: Axe, poids: Mapping[int, Decimal], *, par: Agent | None) -> None:
    """Sets what each enjeu of the axis weighs. EvaluationRefusee: all null, or not an enjeu of the axis."""
    Axe.objects.select_for_update(of=("self",)).get(pk=axe.pk)
    enjeux = {e.pk: e for e in axe.enjeux.all()}
    if set(poids) - set(enjeux):
        raise EvaluationRefusee("Un enjeu n’est plus relié à cet axe : relisez la liste, puis recommencez.")
    if not any(poids.values()):
        raise EvaluationRefusee("Donnez un poids à un enjeu au moins : tous à zéro, rien ne se partage.")
    avant = {str(enjeux[p.enjeu_id]): str(p.poids) for p in axe.poids_enjeux.all() if p.enjeu_id in enjeux}
    axe.poids_enjeux.all().delete()
    PoidsEnjeu.objects.bulk_create(PoidsEnjeu(axe=axe, enjeu_id=e, poids=p) for e, p in poids.items())
    consigner(
        "peser_enjeux", sur=axe, par=par, demarche_id=axe.demarche_id, avant=avant,
        apres={str(enjeux[e]): str(p) for e, p in poids.items()},
    )  # fmt: skip
