"""During the meeting: who is there, what is said of each point, what is decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from arpent.metier.cycles.decision import CYCLE_DECISION, EtatDecision
from arpent.metier.cycles.reunion import EN_SEANCE
from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.journal.actions import consigner, consigner_modification
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.versions import enregistrer_version

from .actions import ReunionRefusee, noter, verrouiller
from .models import MembreReunion, PointOrdreDuJour, Reunion
from .models_suites import Decision

NOTES_MAX = 20_000
CHAMPS_DECISION = (
    "texte", "point_id", "responsable_id", "organisation_id", "responsable_nom", "echeance",
    "objet_genre", "objet_id", "objet_libelle", "objet_demarche_id",
)  # fmt: skip


@transaction.atomic
def noter_presences(reunion: Reunion, lues: Mapping[int, tuple[str, str]], *, par: Agent | None) -> int:
    """By member: presence, and who stands for them. Returns how many changed; one journal entry."""
    ici = verrouiller(reunion, *EN_SEANCE)
    avant: dict[str, str] = {}
    apres: dict[str, str] = {}
    changes = []
    for membre in ici.membres.select_for_update(of=("self",)).filter(pk__in=list(lues), retire=False):
        presence, par_qui = lues[membre.pk]
        if presence not in MembreReunion.Presence.values:
            raise ReunionRefusee("Une présence se dit : présent, absent, excusé ou représenté.")
        par_qui = par_qui.strip()[:200] if presence == MembreReunion.Presence.REPRESENTE else ""
        if (membre.presence, membre.represente_par) != (presence, par_qui):
            cle = membre.libelle_journal
            avant[cle], apres[cle] = membre.presence, presence
            membre.presence, membre.represente_par = presence, par_qui
            changes.append(membre)
    if changes:
        MembreReunion.objects.bulk_update(changes, ["presence", "represente_par"])
        noter("noter_presences", ici, par, avant=avant, apres=apres)
    return len(changes)


@transaction.atomic
def ecrire_notes(
    point: PointOrdreDuJour, notes: str, *, version_lue: int, par: Agent | None
) -> PointOrdreDuJour:
    """What is said of a point, kept as it is typed. Raises ConflitDeVersion when somebody wrote meanwhile.

    One entry of the journal for the first words of each person on a point, not one a keystroke.
    """
    verrouiller(point.reunion, *EN_SEANCE)
    if len(notes) > NOTES_MAX:
        raise ReunionRefusee("Ces notes sont trop longues : résumez, ou joignez un document.")
    premieres = not point.notes
    point.notes = notes
    enregistrer_version(point, version_lue, ["notes"])
    if premieres and notes:
        consigner("prendre_notes", sur=point, par=par, demarche_id=point.reunion.demarche_id)
    return point


@transaction.atomic
def ecrire_synthese(reunion: Reunion, synthese: str, *, version_lue: int, par: Agent | None) -> Reunion:
    """The summary that opens the minutes. Raises ConflitDeVersion."""
    ici = verrouiller(reunion, *EN_SEANCE)
    ancienne = ici.synthese
    reunion.synthese = synthese
    enregistrer_version(reunion, version_lue, ["synthese"])
    consigner_modification(
        reunion, {"synthese": ancienne}, {"synthese": synthese}, par=par, demarche_id=reunion.demarche_id,
        geste="ecrire_synthese",
    )  # fmt: skip
    return reunion


@transaction.atomic
def decider(decision: Decision, *, par: Agent | None) -> Decision:
    """A new decision of the meeting; whoever has to carry it out is told."""
    ici = verrouiller(decision.reunion, *EN_SEANCE)
    dernier = ici.decisions.aggregate(m=Max("numero"))["m"] or 0
    decision.numero = dernier + 1
    decision.save(force_insert=True)
    consigner(
        "prendre_decision", sur=decision, par=par, demarche_id=ici.demarche_id,
        apres={n: getattr(decision, n) for n in CHAMPS_DECISION},
    )  # fmt: skip
    notifier(
        [pk for pk in _comptes_de(decision) if par is None or pk != par.pk],
        sujet="Décision à suivre",
        texte=f"{ici.titre} : {decision.texte}",
        url=decision.get_absolute_url(),
        rubrique="reunions",
    )
    return decision


def _comptes_de(decision: Decision) -> Sequence[int]:
    """Accounts of the person, or of the body, that has to carry it out. One query at most."""
    if decision.responsable is not None:
        return [decision.responsable.agent_id] if decision.responsable.agent_id else []
    if decision.organisation_id is None:
        return []
    tenus = Habilitation.objects.en_cours(date.today()).filter(organisation=decision.organisation_id)
    return list(tenus.filter(agent__is_active=True).values_list("agent_id", flat=True).distinct())


@transaction.atomic
def modifier_decision(
    decision: Decision, *, avant: Mapping[str, Any], version_lue: int, par: Agent | None
) -> Decision:
    """While the minutes are not submitted. Raises ConflitDeVersion."""
    verrouiller(decision.reunion, *EN_SEANCE)
    enregistrer_version(decision, version_lue, CHAMPS_DECISION)
    consigner_modification(
        decision, dict(avant), {n: getattr(decision, n) for n in CHAMPS_DECISION}, par=par,
        demarche_id=decision.reunion.demarche_id, geste="modifier_decision",
    )  # fmt: skip
    return decision


@transaction.atomic
def suivre_decision(
    decision: Decision, geste: str, *, motif: str = "", le: date, par: Agent | None
) -> Decision:
    """Done, given up (with a reason), or to be done again. TransitionRefusee, ReunionRefusee."""
    ici = (
        Decision.objects.select_for_update(of=("self",), no_key=True)
        .select_related("reunion__demarche")
        .get(pk=decision.pk)
    )
    avant = ici.etat
    ici.etat = CYCLE_DECISION.franchir(geste, EtatDecision(avant)).vers.value
    if geste == "abandonner_decision" and not motif.strip():
        raise ReunionRefusee("Écrivez pourquoi la décision est abandonnée.")
    ici.motif = motif.strip()[:300] if geste == "abandonner_decision" else ""
    ici.faite_le = le if ici.etat == EtatDecision.FAITE else None
    enregistrer_version(ici, ici.version, ["etat", "motif", "faite_le"])
    consigner(
        geste, sur=ici, par=par, demarche_id=ici.reunion.demarche_id, motif=ici.motif,
        avant={"etat": avant}, apres={"etat": ici.etat},
    )  # fmt: skip
    return ici
