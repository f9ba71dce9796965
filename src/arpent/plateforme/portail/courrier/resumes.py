"""The digests: each person's news, at the hours and the frequencies they chose, as mails in the queue."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, Habilitation
from arpent.plateforme.notifications import resumes, textes
from arpent.plateforme.notifications.courriels import mettre_en_file
from arpent.plateforme.notifications.models import ChoixRubrique, Notification, Rythme
from arpent.plateforme.notifications.rubriques import Choix, Frequence, frequences

from .visibilite import garder_visibles

F = Frequence
PAR_COURRIEL = 60
"""News in one mail: beyond, it says how many more there are in the application."""
MODELES = {F.AUSSITOT: "aussitot", F.QUOTIDIENNE: "resume_jour", F.HEBDOMADAIRE: "resume_semaine"}


def en_attente() -> QuerySet[Notification]:
    """News neither read in the application nor put in a mail."""
    return Notification.objects.filter(lue_le__isnull=True, postee_le__isnull=True)


def poster(maintenant: datetime | None = None) -> int:
    """Queues the mails that are due. How many. Somebody who has no access any more gets none."""
    maintenant = timezone.localtime(maintenant or timezone.now())
    siennes = en_attente().filter(destinataire_id=OuterRef("pk"))
    habilitees = Habilitation.objects.en_cours(maintenant.date()).filter(agent=OuterRef("pk"))
    agents = list(Agent.objects.filter(Exists(siennes), Exists(habilitees), is_active=True).order_by("pk"))
    choix = _choix([a.pk for a in agents])
    return sum(_poster_a(agent, frequences(choix[agent.pk]), maintenant) for agent in agents)


def _choix(ids: list[int]) -> dict[int, dict[str, str]]:
    par_agent: dict[int, dict[str, str]] = defaultdict(dict)
    lignes = ChoixRubrique.objects.filter(agent_id__in=ids)
    for agent_id, rubrique, frequence in lignes.values_list("agent_id", "rubrique", "frequence"):
        par_agent[agent_id][rubrique] = frequence
    return par_agent


@transaction.atomic
def _poster_a(agent: Agent, choix: Choix, maintenant: datetime) -> int:
    """The mails of one person, under the lock of their rhythm: two `tournées` never make the same one."""
    Rythme.objects.get_or_create(agent_id=agent.pk)
    rythme = Rythme.objects.select_for_update().get(agent_id=agent.pk)
    faits = 0
    for frequence in sorted(resumes.dues(rythme, maintenant)):
        rubriques = resumes.rubriques_dues(choix, [frequence])
        nouvelles = list(en_attente().filter(destinataire_id=agent.pk, rubrique__in=rubriques))
        faits += _mettre_en_file(agent, frequence, nouvelles, maintenant)
        _noter(rythme, frequence, maintenant.date())
    rythme.save(update_fields=["quotidien_le", "hebdomadaire_le"])
    return faits


def _noter(rythme: Rythme, frequence: Frequence, jour: date) -> None:
    if frequence == F.QUOTIDIENNE:
        rythme.quotidien_le = jour
    elif frequence == F.HEBDOMADAIRE:
        rythme.hebdomadaire_le = jour


def _mettre_en_file(
    agent: Agent, frequence: Frequence, nouvelles: list[Notification], maintenant: datetime
) -> int:
    """One mail for these news, if the agent still sees one of them; all of them count as posted."""
    if not nouvelles:
        return 0
    Notification.objects.filter(pk__in=[n.pk for n in nouvelles]).update(postee_le=maintenant)
    vues = garder_visibles(agent, nouvelles)
    if not vues:
        return 0
    montrees = vues[:PAR_COURRIEL]
    texte = resumes.ecrire(montrees)
    if len(vues) > PAR_COURRIEL:
        texte += f"\n\nEt {len(vues) - PAR_COURRIEL} autres, dans l’application."
    sujet, corps = textes.rediger(
        MODELES[frequence],
        prenom=agent.prenom or agent.nom,
        nombre=resumes.compter(len(vues)),
        nouvelles=texte,
        sujet=vues[0].sujet,
    )
    mettre_en_file(
        agent.courriel,
        sujet=sujet,
        texte=corps,
        cle=f"{MODELES[frequence]}:{agent.pk}:{max(n.pk for n in nouvelles)}",
        raison=resumes.raison(frequence, montrees),
    )
    return 1
