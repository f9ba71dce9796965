"""What awaits a person among the decisions: avis, délibérations, votes, corrections, support requests."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse

from arpent.metier.cycles.appui import ATTENDUES, EtatAppui
from arpent.metier.cycles.reserve import DECIDER, DEMANDER, INSTRUIRE, EtatReserve
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.contrats.attendus import parties_a_voter
from arpent.plateforme.contrats.signatures.lecture import places_attendues
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.models_suites import Decision
from arpent.plateforme.negociations.models import DemandeReserve
from arpent.plateforme.plans.lot import adoptees
from arpent.plateforme.plans.models import AvisService, Commentaire, Deliberation

from .attente import Attente, Genre, Lien
from .decisions_avenants import avenants_de_mes_structures, avenants_suivis


def _par_territoire(
    rows: QuerySet[Any],
    demarches: dict[int, Demarche],
    url: Callable[[Demarche], str],
    chemin: str = "fiche__demarche",
) -> tuple[Lien, ...]:
    """One link by démarche in the perimeter, with how many rows it has. One query."""
    comptes = (
        rows.filter(**{f"{chemin}__in": list(demarches)})
        .order_by(chemin)
        .values_list(chemin)
        .annotate(nombre=Count("pk"))
    )
    return tuple(Lien(demarches[pk].territoire.nom, url(demarches[pk]), nombre) for pk, nombre in comptes)


RESERVE: dict[str, tuple[str, str, str, Genre]] = {
    EtatReserve.DEPOSEE.value: (
        INSTRUIRE, "Demandes de réserve à instruire", "Déposées par un territoire, elles attendent un avis.",
        "info",
    ),
    EtatReserve.INSTRUITE.value: (
        DECIDER, "Demandes de réserve à décider", "Instruites, elles attendent d’être accordées ou refusées.",
        "alerte",
    ),
    EtatReserve.A_COMPLETER.value: (
        DEMANDER, "Demandes de réserve à compléter", "L’autorité vous demande une précision.", "alerte",
    ),
}  # fmt: skip
"""State → who acts, title, detail, look."""


def _de_la_reserve(
    agent: Agent, demarches: dict[int, Demarche]
) -> list[tuple[str, str, Genre, tuple[Lien, ...]]]:
    """Requests to the reserve that wait for this person, by what they wait for. One query."""
    comptes = (
        DemandeReserve.objects.visibles_par(agent)
        .filter(demarche__in=demarches, etat__in=RESERVE)
        .order_by("demarche")
        .values_list("demarche", "etat")
        .annotate(nombre=Count("pk"))
    )
    par_etat: dict[str, list[Lien]] = {}
    for pk, etat, nombre in comptes:
        demarche = demarches[pk]
        if peut_sur(agent, RESERVE[etat][0], demarche):
            url = f"{reverse('negociations:reserve', args=[demarche.slug])}?etat={etat}"
            par_etat.setdefault(etat, []).append(Lien(demarche.territoire.nom, url, nombre))
    return [
        (titre, detail, genre, tuple(par_etat.get(etat, ())))
        for etat, (_, titre, detail, genre) in RESERVE.items()
    ]


def _vers(nom: str) -> Callable[[Demarche], str]:
    return lambda demarche: reverse(nom, args=[demarche.slug])


def _a_completer(demarche: Demarche) -> str:
    return f"{reverse('plans:plan', args=[demarche.slug])}?etat=a_completer"


def _appuis_a_traiter(agent: Agent) -> tuple[Lien, ...]:
    """The requests that wait for the structures, those that are late, those one follows. One query."""
    le = date.today()
    comptes = (
        DemandeAppui.objects.visibles_par(agent)
        .filter(etat__in=ATTENDUES)
        .aggregate(
            toutes=Count("pk"),
            retards=Count("pk", filter=Q(echeance_le__lt=le)),
            miennes=Count("pk", filter=Q(prise_par=agent)),
        )
    )
    if not comptes["toutes"]:
        return ()
    precisions = [
        f"{comptes[cle]} {mots}"
        for cle, mots in (("retards", "en retard"), ("miennes", "à moi"))
        if comptes[cle]
    ]
    libelle = "Toutes les demandes" + (f", dont {' et '.join(precisions)}" if precisions else "")
    return (Lien(libelle, f"{reverse('appui:liste')}?etat=a_traiter", comptes["toutes"]),)


def decisions_attendues(agent: Agent, demarches: list[Demarche]) -> list[Attente]:
    """At most eleven queries, whatever the number of territories."""
    par_pk = {d.pk: d for d in demarches}
    organisations = [h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id]
    attentes: list[Attente] = []

    def ajouter(titre: str, detail: str, genre: Genre, liens: tuple[Lien, ...]) -> None:
        if liens:
            attentes.append(Attente(titre, detail, genre, liens))

    if peut(agent, "avis.rendre"):
        ajouter(
            "Avis à rendre",
            "Un service vous demande votre avis sur un projet.",
            "alerte",
            _par_territoire(AvisService.objects.a_rendre_par(agent), par_pk, _vers("plans:avis_liste")),
        )
    if organisations:
        dues = Deliberation.objects.filter(
            fiche__maitre_ouvrage__in=organisations, adoptee_le__isnull=True
        ).exclude(Exists(adoptees(OuterRef("fiche"))))
        ajouter(
            "Délibérations attendues",
            "Votre assemblée doit adopter ces projets.",
            "alerte",
            _par_territoire(dues, par_pk, _vers("plans:deliberations")),
        )
        ajouter(
            "Votes du contrat attendus",
            "Votre assemblée doit approuver le contrat de son territoire.",
            "alerte",
            _par_territoire(
                parties_a_voter().filter(organisation__in=organisations),
                par_pk,
                lambda d: f"{reverse('contrats:contrat', args=[d.slug])}#votes",
                "contrat__demarche",
            ),
        )
        ajouter(
            "Signatures du contrat attendues",
            "Votre structure doit signer le contrat de son territoire.",
            "alerte",
            _par_territoire(
                places_attendues().filter(
                    partie__organisation__in=organisations, circuit__avenant__isnull=True
                ),
                par_pk,
                lambda d: f"{reverse('contrats:contrat', args=[d.slug])}#signature",
                "circuit__contrat__demarche",
            ),
        )
        for attente in avenants_de_mes_structures(organisations, par_pk):
            ajouter(attente.titre, attente.detail, attente.genre, attente.liens)
        corrections = Commentaire.objects.filter(
            fiche__maitre_ouvrage__in=organisations,
            genre=Commentaire.Genre.CORRECTION,
            resolu_le__isnull=True,
        )
        ajouter(
            "Corrections demandées",
            "Le service instructeur précise, champ par champ, ce qui est à reprendre.",
            "alerte",
            _par_territoire(corrections, par_pk, _a_completer),
        )
    if peut(agent, "appui.repondre"):
        liens = _appuis_a_traiter(agent)
        ajouter("Demandes d’appui", "Des communes et des territoires attendent une aide.", "info", liens)
    elif peut(agent, "appui.demander"):
        a_preciser = DemandeAppui.objects.visibles_par(agent).filter(etat=EtatAppui.EN_ATTENTE.value).count()
        if a_preciser:
            url = f"{reverse('appui:liste')}?etat={EtatAppui.EN_ATTENTE.value}"
            lien = Lien("Mes demandes", url, a_preciser)
            ajouter(
                "Précisions demandées", "On vous demande une précision pour vous aider.", "alerte", (lien,)
            )
    for ligne in _de_la_reserve(agent, par_pk):
        ajouter(*ligne)
    ajouter(
        "Décisions de réunion à suivre",
        "Une réunion vous a chargé, vous ou votre structure, de ces décisions.",
        "info",
        _par_territoire(
            Decision.objects.portees_par(agent).a_faire(),
            par_pk,
            _vers("reunions:a_faire"),
            "reunion__demarche",
        ),
    )
    if peut(agent, "contrat.rediger") or peut(agent, "contrat.conclure"):
        for attente in avenants_suivis(agent, par_pk, date.today()):
            ajouter(attente.titre, attente.detail, attente.genre, attente.liens)
    return attentes
