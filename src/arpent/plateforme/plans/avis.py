"""Avis asked of services on a fiche: the question, the delay, the answer and its reasons."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.notifications.actions import notifier
from arpent.plateforme.socle.versions import ConflitDeVersion, ecarts_entre

from .actions import ActionRefusee
from .models import AvisService, Fiche


@transaction.atomic
def demander_avis(
    fiche: Fiche,
    *,
    service: str,
    question: str,
    echeance_le: date,
    confidentiel: bool,
    par: Agent,
    agent: Agent | None = None,
) -> AvisService:
    """Asks a service; the person designated is told. The journal never carries what is confidential."""
    avis = AvisService.objects.create(
        fiche=fiche,
        service=service,
        question=question,
        echeance_le=echeance_le,
        confidentiel=confidentiel,
        agent=agent,
        demande_par=par,
        demande_par_nom=par.nom_complet,
    )
    _consigner("demander_avis", avis, par)
    if agent is not None and agent.pk != par.pk:
        notifier(
            [agent.pk],
            rubrique="avis",
            sujet="Votre avis est demandé",
            texte=f"{fiche.titre} : avis attendu pour le {echeance_le:%d/%m/%Y}."[:300],
            url=_adresse(avis),
        )
    return avis


def _adresse(avis: AvisService) -> str:
    return f"{avis.fiche.get_absolute_url()}avis/{avis.pk}/"


def _consigner(geste: str, avis: AvisService, par: Agent) -> None:
    """The history of a fiche is read by its owner: of a confidential avis it says nothing but to insiders."""
    objet = avis if avis.confidentiel else avis.fiche
    apres = {"service": avis.service, "echeance_le": avis.echeance_le}
    if avis.sens:
        apres["sens"] = avis.get_sens_display()
    consigner(
        geste,
        sur=objet,
        par=par,
        demarche_id=None if avis.confidentiel else avis.fiche.demarche_id,
        apres=apres,
    )


@transaction.atomic
def rendre_avis(avis: AvisService, *, sens: str, motifs: str, version_lue: int, par: Agent) -> AvisService:
    """Records the answer, once. Reasons are required unless it is favourable."""
    avis = (
        AvisService.objects.select_for_update(of=("self",))
        .select_related("fiche__demarche__version_processus__processus", "demande_par")
        .get(pk=avis.pk)
    )
    if avis.version != version_lue:
        raise ConflitDeVersion(avis, ecarts_entre(avis, {"sens": sens, "motifs": motifs}))
    if avis.rendu_le is not None:
        raise ActionRefusee("Cet avis est déjà rendu : demandez-en un nouveau s’il doit changer.")
    motifs = motifs.strip()
    if sens != AvisService.Sens.FAVORABLE and not motifs:
        raise ActionRefusee("Un avis réservé ou défavorable se motive : dites pourquoi.")
    avis.sens, avis.motifs = sens, motifs
    avis.rendu_le, avis.rendu_par_nom = timezone.now(), par.nom_complet
    avis.version += 1
    avis.save(update_fields=["sens", "motifs", "rendu_le", "rendu_par_nom", "version", "modifie_le"])
    _consigner("rendre_avis", avis, par)
    if avis.demande_par_id and avis.demande_par_id != par.pk:
        notifier(
            [avis.demande_par_id],
            rubrique="avis",
            sujet=f"Avis {avis.get_sens_display()}",
            texte=f"{avis.fiche.titre} : {avis.service} a rendu son avis."[:300],
            url=f"{avis.fiche.get_absolute_url()}#avis",
        )
    return avis
