"""Rules set aside for one fiche: with a name and a reason, visible for ever, withdrawn but not deleted."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils import timezone

from arpent.metier.argent import formater_euros
from arpent.metier.reglement import Famille, Reglement, Verdict
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner

from .actions import ActionRefusee
from .models import DerogationRegle, Fiche

# A verdict that may be set aside: what the rule accepts needs no override.
DEROGEABLES = frozenset({Verdict.NON_CONFORME.value, Verdict.A_VERIFIER.value})


def codes_de_droit(reglement: Reglement) -> frozenset[str]:
    """Codes of the rules that only repeat the law: the authority cannot set them aside."""
    return frozenset(r.code for r in reglement.regles if r.FAMILLE is Famille.DROIT)


@transaction.atomic
def deroger(
    fiche: Fiche,
    constat: Mapping[str, Any],
    *,
    de_droit: bool,
    motif: str,
    plafond: Decimal | None,
    par: Agent,
) -> DerogationRegle:
    """Sets a rule aside. `constat` is what the rule says today, as JSON. Refused, with the reason, for a
    rule of law (only the préfet's act derogates) or a rule that the project already respects.
    """
    motif = motif.strip()
    if not motif:
        raise ActionRefusee("Une dérogation dit pourquoi : écrivez le motif.")
    if de_droit:
        raise ActionRefusee(
            f"« {constat['intitule']} » est une règle de droit ({constat['source'] or constat['article']}) : "
            "l’autorité ne peut pas l’écarter. Seul un acte du préfet y déroge ; notez-le sur la fiche, "
            "« Dérogation à la participation minimale »."
        )
    if constat["verdict"] not in DEROGEABLES:
        raise ActionRefusee("Le projet respecte déjà cette règle : il n’y a rien à écarter.")
    fiche = Fiche.objects.select_for_update(of=("self",)).get(pk=fiche.pk)
    if fiche.derogations_regles.filter(regle=constat["regle"], levee_le__isnull=True).exists():
        raise ActionRefusee("Cette règle est déjà écartée pour ce projet.")
    derogation = DerogationRegle.objects.create(
        fiche=fiche,
        regle=constat["regle"],
        article=constat["article"][:80],
        intitule=constat["intitule"][:300],
        constat=dict(constat),
        plafond=plafond,
        motif=motif,
        par=par,
        par_nom=par.nom_complet,
    )
    apres = {"regle": derogation.intitule, "article": derogation.article}
    if plafond is not None:
        apres["plafond"] = formater_euros(plafond)
    consigner("deroger_regle", sur=fiche, par=par, demarche_id=fiche.demarche_id, motif=motif, apres=apres)
    return derogation


@transaction.atomic
def lever_derogation(derogation: DerogationRegle, *, motif: str, par: Agent) -> DerogationRegle:
    """Withdraws an override, with a reason: it stays readable, and no longer counts."""
    derogation = (
        DerogationRegle.objects.select_for_update(of=("self",)).select_related("fiche").get(pk=derogation.pk)
    )
    motif = motif.strip()
    if not motif:
        raise ActionRefusee("Dites pourquoi la dérogation est retirée.")
    if derogation.levee_le is not None:
        raise ActionRefusee(f"Cette dérogation est déjà retirée (par {derogation.levee_par_nom}).")
    derogation.levee_le, derogation.levee_par_nom = timezone.now(), par.nom_complet
    derogation.levee_motif = motif
    derogation.save(update_fields=["levee_le", "levee_par_nom", "levee_motif"])
    consigner(
        "lever_derogation_regle", sur=derogation.fiche, par=par, demarche_id=derogation.fiche.demarche_id,
        motif=motif, apres={"regle": derogation.intitule, "article": derogation.article},
    )  # fmt: skip
    return derogation
