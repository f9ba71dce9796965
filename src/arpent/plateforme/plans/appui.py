"""Support requests made from a fiche: asked, taken, answered, closed by the mission d'appui."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent, DemandeAppui
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier

from .actions import ActionRefusee
from .destinataires import gens_de_l_autorite
from .models import Fiche

E = DemandeAppui.Etat


@transaction.atomic
def demander_appui(
    fiche: Fiche, *, genre: str, question: str, souhaitee_le: date | None, par: Agent
) -> DemandeAppui:
    """Opens a request for the owner of the fiche and tells the mission d'appui."""
    demande = DemandeAppui.objects.create(
        territoire_id=fiche.demarche.territoire_id,
        organisation=fiche.maitre_ouvrage,
        genre=genre,
        question=question,
        souhaitee_le=souhaitee_le,
        demandee_par=par,
        demandee_par_nom=par.nom_complet,
    )
    fiche.demandes_appui.add(demande)
    consigner(
        "demander_appui", sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"genre": demande.get_genre_display(), "question": question},
    )  # fmt: skip
    notifier(
        [pk for pk in gens_de_l_autorite(fiche, ("mission_appui",)) if pk != par.pk],
        rubrique="appui",
        sujet="Une demande d’appui",
        texte=f"{fiche.maitre_ouvrage.nom}, {fiche.titre} : {question}"[:300],
        url=f"{fiche.get_absolute_url()}#appui",
    )
    return demande


def _verrouiller(demande: DemandeAppui) -> DemandeAppui:
    demande = DemandeAppui.objects.select_for_update(of=("self",)).get(pk=demande.pk)
    if demande.etat == E.CLOSE:
        raise ActionRefusee("Cette demande est close : le maître d’ouvrage peut en ouvrir une autre.")
    return demande


def _suite(geste: str, demande: DemandeAppui, fiche: Fiche, par: Agent, texte: str) -> None:
    consigner(
        geste, sur=fiche, par=par, demarche_id=fiche.demarche_id,
        apres={"demande": demande.get_genre_display(), "reponse": demande.reponse},
    )  # fmt: skip
    if demande.demandee_par_id and demande.demandee_par_id != par.pk:
        notifier(
            [demande.demandee_par_id], rubrique="appui", sujet="Votre demande d’appui",
            texte=f"{fiche.titre} : {texte}"[:300],
            url=f"{fiche.get_absolute_url()}#appui",
        )  # fmt: skip


@transaction.atomic
def prendre_appui(demande: DemandeAppui, fiche: Fiche, *, par: Agent) -> DemandeAppui:
    """Somebody of the mission takes the request in hand; taken by another, it says by whom."""
    demande = _verrouiller(demande)
    if demande.etat == E.PRISE and demande.prise_par_id != par.pk:
        qui = demande.prise_par.nom_complet if demande.prise_par else "un autre agent"
        raise ActionRefusee(f"Cette demande est déjà prise en charge par {qui}.")
    demande.etat, demande.prise_par = E.PRISE.value, par
    demande.save(update_fields=["etat", "prise_par"])
    _suite("prendre_appui", demande, fiche, par, f"{par.nom_complet} prend votre demande en charge.")
    return demande


@transaction.atomic
def repondre_appui(
    demande: DemandeAppui, fiche: Fiche, *, reponse: str, clore: bool, par: Agent
) -> DemandeAppui:
    """Answers, and closes unless told otherwise. Several answers follow one another in the same text."""
    demande = _verrouiller(demande)
    reponse = reponse.strip()
    if not reponse:
        raise ActionRefusee("Écrivez la réponse avant de l’envoyer.")
    suite = f"{timezone.localdate():%d/%m/%Y}, {par.nom_complet} : {reponse}"
    demande.reponse = f"{demande.reponse}\n\n{suite}".strip()
    demande.prise_par = demande.prise_par or par
    demande.etat = (E.CLOSE if clore else E.PRISE).value
    demande.close_le = timezone.now() if clore else None
    demande.save(update_fields=["reponse", "prise_par", "etat", "close_le"])
    _suite("repondre_appui", demande, fiche, par, reponse)
    return demande


def demandes_visibles_par(agent: Agent) -> QuerySet[DemandeAppui]:
    """Requests of the territories where the agent answers them. No query."""
    condition = Q(pk__in=[])
    for habilitation in agent.habilitations_en_cours:
        if "appui.repondre" not in habilitation.definition.droits:
            continue
        if habilitation.definition.portee is Portee.TOUT:
            return DemandeAppui.objects.all()
        territoires = Demarche.objects.filter(
            version_processus__processus__autorite=habilitation.autorite_id or 0
        ).values("territoire")
        condition |= Q(territoire__in=territoires)
    return DemandeAppui.objects.filter(condition)
