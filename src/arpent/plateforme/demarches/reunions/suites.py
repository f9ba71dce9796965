"""What is prepared for a meeting and closed after it: contributions, questions, slots, files."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from arpent.metier.cycles.reunion import EtatReunion
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.envois import Envoi, recevoir
from arpent.plateforme.socle.fichiers import FichierRefuse
from arpent.plateforme.socle.versions import enregistrer_version

from .actions import ReunionRefusee, demarches_de, noter, verrouiller
from .models import MembreReunion, PieceReunion, PointOrdreDuJour, Reunion
from .models_suites import AbonnementAgenda, ContributionSectorielle, Creneau, QuestionReunion
from .objets import Fait, relever

PIECES_MAX = 60
OUVERTES = tuple(e.value for e in EtatReunion if e not in {EtatReunion.ANNULEE, EtatReunion.ENVOYEE})


# --- Files ----------------------------------------------------------------------------------------


@transaction.atomic
def deposer(
    reunion: Reunion,
    envoi: Envoi,
    *,
    titre: str,
    point: PointOrdreDuJour | None,
    par: Agent | None,
) -> PieceReunion:
    """Keeps a file with the meeting. ReunionRefusee: type, size, number, same file twice."""
    try:
        recu = recevoir(envoi, defaut="document")
    except FichierRefuse as refus:
        raise ReunionRefusee(str(refus)) from refus
    ici = verrouiller(reunion, *OUVERTES)
    gardees = ici.pieces.filter(retiree_le=None)
    if gardees.filter(sha256=recu.sha256).exists():
        raise ReunionRefusee("Ce fichier est déjà joint à la réunion.")
    if gardees.count() >= PIECES_MAX:
        raise ReunionRefusee(f"La réunion a déjà {PIECES_MAX} documents : retirez-en un d’abord.")
    piece = PieceReunion(
        reunion=ici,
        point=point,
        titre=titre.strip()[:200],
        nom_fichier=recu.nom,
        type_mime=recu.type_mime,
        taille=recu.taille,
        sha256=recu.sha256,
        deposee_par_nom=par.nom_complet if par else "Arpent",
    )
    recu.ranger(piece.fichier)
    piece.save(force_insert=True)
    noter("deposer_piece_reunion", ici, par, apres={"piece": piece.titre, "sha256": recu.sha256})
    return piece


@transaction.atomic
def retirer_piece(piece: PieceReunion, *, par: Agent | None) -> None:
    """No longer shown nor served; it stays in the store."""
    verrouiller(piece.reunion, *OUVERTES)
    if not PieceReunion.objects.filter(pk=piece.pk, retiree_le=None).update(retiree_le=timezone.now()):
        raise ReunionRefusee("Ce document est déjà retiré.")
    noter("retirer_piece_reunion", piece.reunion, par, avant={"piece": piece.titre})


# --- Contributions of the services ------------------------------------------------------------------


@transaction.atomic
def demander_contribution(
    reunion: Reunion, service: str, theme: str, *, par: Agent | None
) -> ContributionSectorielle:
    """Asks a service to speak of a theme; asked twice it is the same row."""
    ici = verrouiller(reunion, *OUVERTES)
    contribution, neuve = ContributionSectorielle.objects.get_or_create(
        reunion=ici, service=service, theme=theme
    )
    if not neuve:
        raise ReunionRefusee(f"{service} est déjà attendu sur ce thème.")
    noter("demander_contribution", ici, par, apres={"service": service, "theme": theme})
    return contribution


@transaction.atomic
def rendre_contribution(
    contribution: ContributionSectorielle, *, version_lue: int, par: Agent | None
) -> ContributionSectorielle:
    """The words, the avis and the credits of a service. Raises ConflitDeVersion."""
    verrouiller(contribution.reunion, *OUVERTES)
    contribution.rendue_le = timezone.now()
    contribution.rendue_par_nom = par.nom_complet if par else "Arpent"
    champs = ["texte", "avis", "credits_proposes", "rendue_le", "rendue_par_nom"]
    enregistrer_version(contribution, version_lue, champs)
    consigner(
        "rendre_contribution", sur=contribution, par=par, demarche_id=contribution.reunion.demarche_id,
        apres={"avis": contribution.avis, "credits_proposes": contribution.credits_proposes},
    )  # fmt: skip
    return contribution


# --- Questions of a permanence or of a Rendez-vous --------------------------------------------------


def relever_tout(reunion: Reunion) -> list[Fait]:
    """What the upper rooms find in each territory of the meeting, each fact saying whose it is."""
    return [
        replace(fait, demarche_id=None if d.pk == reunion.demarche_id else d.pk)
        for d in demarches_de(reunion)
        for fait in relever(d)
    ]


@transaction.atomic
def preparer_questions(reunion: Reunion, faits: Iterable[Fait], *, par: Agent | None) -> int:
    """Adds what the upper rooms found, each once. Returns how many are new."""
    ici = verrouiller(reunion, *OUVERTES)
    presentes = set(ici.questions.values_list("origine", "texte", "objet_demarche"))
    neuves = [
        QuestionReunion(
            reunion=ici,
            origine=f.origine[:120],
            texte=f.texte[:500],
            objet_genre=f.objet.genre if f.objet else "",
            objet_id=f.objet.id if f.objet else None,
            objet_libelle=f.objet.libelle[:300] if f.objet else "",
            objet_demarche_id=f.demarche_id,
            preparee_par_nom=par.nom_complet if par else "Arpent",
        )
        for f in faits
        if (f.origine[:120], f.texte[:500], f.demarche_id) not in presentes
    ]
    QuestionReunion.objects.bulk_create(neuves)
    if neuves:
        noter("preparer_questions", ici, par, apres={"questions": len(neuves)})
    return len(neuves)


@transaction.atomic
def poser_question(question: QuestionReunion, *, par: Agent | None) -> QuestionReunion:
    ici = verrouiller(question.reunion, *OUVERTES)
    question.preparee_par_nom = par.nom_complet if par else "Arpent"
    question.save(force_insert=True)
    noter("preparer_questions", ici, par, apres={"question": question.texte})
    return question


@transaction.atomic
def repondre(question: QuestionReunion, reponse: str, decision_id: int | None, *, par: Agent | None) -> None:
    """Closes a question by its answer; answered again, the last one stands and both are in the journal."""
    verrouiller(question.reunion, *OUVERTES)
    ici = QuestionReunion.objects.select_for_update(of=("self",)).get(pk=question.pk)
    avant = ici.reponse
    ici.reponse, ici.decision_id, ici.close_le = reponse, decision_id, timezone.now()
    ici.save(update_fields=["reponse", "decision", "close_le"])
    consigner(
        "repondre_question", sur=ici, par=par, demarche_id=question.reunion.demarche_id,
        avant={"reponse": avant}, apres={"reponse": reponse},
    )  # fmt: skip


# --- Slots of a permanence ----------------------------------------------------------------------------


@transaction.atomic
def ouvrir_creneaux(
    reunion: Reunion, debut: time, nombre: int, duree_minutes: int, *, par: Agent | None
) -> int:
    """Slots one after the other; an hour that already has one keeps it. Returns how many are new."""
    ici = verrouiller(reunion, *OUVERTES)
    depart = datetime.combine(date(2000, 1, 1), debut)
    heures = [depart + timedelta(minutes=duree_minutes * rang) for rang in range(nombre)]
    if heures[-1].date() != depart.date():
        raise ReunionRefusee("Les créneaux dépassent minuit : ouvrez-en moins.")
    pris = set(ici.creneaux.values_list("debut", flat=True))
    neufs = [
        Creneau(reunion=ici, debut=h.time(), duree_minutes=duree_minutes)
        for h in heures
        if h.time() not in pris
    ]
    Creneau.objects.bulk_create(neufs)
    if neufs:
        noter("ouvrir_creneaux", ici, par, apres={"creneaux": len(neufs)})
    return len(neufs)


@transaction.atomic
def prendre_creneau(creneau: Creneau, valeurs: dict[str, Any], *, par: Agent | None) -> Creneau:
    """The first who asks has it. ReunionRefusee when it is taken."""
    ici = verrouiller(creneau.reunion, *OUVERTES)
    libre = Creneau.objects.filter(pk=creneau.pk, pris_le__isnull=True)
    nom = par.nom_complet if par else "Arpent"
    if not libre.update(**valeurs, pris_par_nom=nom, pris_le=timezone.now()):
        raise ReunionRefusee("Ce créneau vient d’être pris : choisissez-en un autre.")
    noter("prendre_creneau", ici, par, apres={"creneau": f"{creneau.debut:%H:%M}"})
    return creneau


@transaction.atomic
def liberer_creneau(creneau: Creneau, *, par: Agent | None) -> None:
    ici = verrouiller(creneau.reunion, *OUVERTES)
    Creneau.objects.filter(pk=creneau.pk).update(
        pour="", sujet="", courriel="", pris_par_nom="", pris_le=None
    )
    noter("liberer_creneau", ici, par, avant={"creneau": f"{creneau.debut:%H:%M}"})


# --- The feed of a person -------------------------------------------------------------------------------


@transaction.atomic
def ouvrir_agenda(agent: Agent) -> AbonnementAgenda:
    """Opens the feed of an account, or gives it a new address: the former one answers nothing any more."""
    abonnement, neuf = AbonnementAgenda.objects.get_or_create(agent=agent)
    if not neuf:
        AbonnementAgenda.objects.filter(pk=abonnement.pk).update(numero=F("numero") + 1, revoque_le=None)
        abonnement.refresh_from_db()
    consigner("ouvrir_agenda", sur=abonnement, par=agent)
    return abonnement


def revoquer_agenda(agent: Agent) -> bool:
    """The address answers nothing from now on. True when there was one."""
    return revoquer_les_agendas(AbonnementAgenda.objects.filter(agent=agent), par=agent) > 0


@transaction.atomic
def revoquer_les_agendas(lesquels: QuerySet[AbonnementAgenda], *, par: Agent | None) -> int:
    """Stops those that are open; `par` None: the person themselves, by their own address. How many."""
    ouverts = list(lesquels.select_for_update(of=("self",)).filter(revoque_le__isnull=True).order_by("pk"))
    for ouvert in ouverts:
        AbonnementAgenda.objects.filter(pk=ouvert.pk).update(revoque_le=timezone.now())
        consigner("revoquer_agenda", sur=ouvert, par=par)
    return len(ouverts)


def agendas_de(membres: Collection[MembreReunion]) -> QuerySet[AbonnementAgenda]:
    """The open feeds of these members, by their account or their line of the directory. No query yet."""
    return AbonnementAgenda.objects.filter(
        Q(personne__in=[m.personne_id for m in membres if m.personne_id])
        | Q(agent__in=[m.agent_id for m in membres if m.agent_id]),
        revoque_le__isnull=True,
    )
