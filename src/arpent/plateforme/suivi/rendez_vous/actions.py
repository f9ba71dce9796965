"""The gestures on the questions of a pack: find, order, withdraw, decide as a task or as an avenant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from arpent.metier.avenants import Genre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.avenants.actions import Saisie, ecrire_mouvement, preparer_avenant
from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions import seance, suites
from arpent.plateforme.demarches.reunions.actions import ReunionRefusee, noter, verrouiller
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.plans.models import Fiche

from ..models import QuestionRendezVous
from .questions import du_dossier, questions_de


def demarche_de(question: QuestionReunion) -> Demarche:
    """The territory that a question is about: the one that holds the meeting unless it says another."""
    return question.objet_demarche or question.reunion.demarche


def relever(reunion: Reunion, *, par: Agent | None) -> int:
    """Adds what is blocked, near its lapse or left to use, each once. How many are new. ReunionRefusee."""
    return suites.preparer_questions(reunion, suites.relever_tout(reunion), par=par)


@transaction.atomic
def deplacer(question: QuestionReunion, geste: str, *, par: Agent | None) -> None:
    """`monter`, `descendre`, `retirer` or `remettre`. ReunionRefusee."""
    ici = verrouiller(question.reunion, *suites.OUVERTES)
    lues = questions_de(ici)
    visee = next((x for x in lues if x.question.pk == question.pk), None)
    if visee is None:
        raise ReunionRefusee("Cette question n’est plus dans la réunion : la page est à jour.")
    gardees = du_dossier(lues)
    match geste:
        case "monter" | "descendre" if visee in gardees:
            rang = gardees.index(visee)
            vers = rang + (-1 if geste == "monter" else 1)
            if not 0 <= vers < len(gardees):
                raise ReunionRefusee("Cette question est déjà au bout de la liste.")
            gardees.insert(vers, gardees.pop(rang))
        case "retirer" if visee in gardees:
            gardees.remove(visee)
            _placer(visee.question, 0, retirer=True, par=par)
        case "remettre" if visee.retiree:
            gardees.append(visee)
        case _:
            raise ReunionRefusee("Choisissez ce qu’il faut faire de cette question.")
    for numero, x in enumerate(gardees, 1):
        _placer(x.question, numero, retirer=False, par=par)
    noter(
        "ordonner_rendez_vous", ici, par,
        apres={"geste": geste, "questions": [x.question.texte for x in gardees]},
    )  # fmt: skip


def _placer(question: QuestionReunion, rang: int, *, retirer: bool, par: Agent | None) -> None:
    QuestionRendezVous.objects.update_or_create(
        question=question,
        defaults={
            "rang": rang,
            "retiree_le": timezone.now() if retirer else None,
            "retiree_par_nom": (par.nom_complet if par else "Arpent") if retirer else "",
        },
    )


@transaction.atomic
def decider_une_tache(question: QuestionReunion, decision: Decision, *, par: Agent | None) -> Decision:
    """A decision on what the question is about; it awaits its owner, and answers the question.

    ReunionRefusee outside the meeting: its decisions are those of its minutes.
    """
    ici = _exiger_sans_decision(question)
    decision.reunion = ici
    seance.decider(decision, par=par)
    suites.repondre(question, decision.texte, decision.pk, par=par)
    return decision


def _exiger_sans_decision(question: QuestionReunion) -> Reunion:
    """The meeting, locked: two people who decide at once do not decide twice."""
    ici = verrouiller(question.reunion, *suites.OUVERTES)
    if QuestionReunion.objects.filter(pk=question.pk, decision__isnull=False).exists():
        raise ReunionRefusee("Cette question a déjà sa décision : modifiez-la depuis la réunion.")
    return ici


@dataclass(frozen=True, slots=True)
class AvenantDemande:
    """What an avenant should change: the same movement on each of the lines."""

    objet: str
    motif: str
    genre: Genre
    fiches: Sequence[Fiche]
    annee: int | None = None
    montant: Decimal | None = None
    echeance: date | None = None


@transaction.atomic
def decider_un_avenant(
    question: QuestionReunion, contrat: Contrat, demande: AvenantDemande, *, par: Agent | None
) -> Avenant:
    """Opens the draft with its movements, and the decision that asks for it: both are on the question.

    All or nothing. ContratRefuse (no contract in force, a line that does not move so), ReunionRefusee.
    """
    ici = _exiger_sans_decision(question)
    avenant = preparer_avenant(contrat, demande.objet, None, par=par, demonstration=ici.demonstration)
    for fiche in demande.fiches:
        saisie = Saisie(
            demande.genre, fiche=fiche, annee=demande.annee, montant=demande.montant, motif=demande.motif
        )
        ecrire_mouvement(avenant, saisie, par=par)
    autorite = contrat.demarche.autorite
    decision = Decision(
        reunion=ici,
        texte=f"Préparer un avenant : {demande.objet} {demande.motif}".strip(),
        organisation=autorite,
        responsable_nom=autorite.nom[:200],
        echeance=demande.echeance,
        objet_genre="avenant",
        objet_id=avenant.pk,
        objet_libelle=str(avenant)[:300],
        objet_demarche=None if contrat.demarche_id == ici.demarche_id else contrat.demarche,
    )
    seance.decider(decision, par=par)
    suites.repondre(question, decision.texte, decision.pk, par=par)
    place, _ = QuestionRendezVous.objects.get_or_create(question=question)
    place.avenant = avenant
    place.save(update_fields=["avenant"])
    return avenant
