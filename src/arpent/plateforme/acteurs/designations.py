"""Who writes, validates, signs for a body: named by it, or all its accounts as their role says."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.journal.actions import consigner

from .absences import ActionRefusee
from .droits import ACCORDE, Avis, agents_tenus, peut
from .models import Agent, Designation, Organisation
from .roles import Portee

F = Designation.Fonction
_FAIRE = {
    F.REDACTEUR.value: "rédiger ses fiches",
    F.VALIDEUR.value: "valider et proposer ses fiches",
    F.SIGNATAIRE.value: "signer pour elle",
}


def _noms(agent: Agent, organisation: Organisation, fonctions: tuple[str, ...]) -> dict[int, str]:
    """Agents who hold one of the functions today. One query, once per request and body."""
    lues: dict[tuple[int, tuple[str, ...]], dict[int, str]] = vars(agent).setdefault("_designations", {})
    cle = (organisation.pk, fonctions)
    if cle not in lues:
        rows = Designation.objects.en_cours(timezone.localdate()).filter(
            organisation=organisation, fonction__in=fonctions
        )
        lues[cle] = {d.agent_id: d.agent.nom_complet for d in rows.select_related("agent")}
    return lues[cle]


def peut_tenir(agent: Agent, organisation: Organisation, fonction: str) -> Avis:
    """Whether the agent may do for the body what `fonction` names. No query when nobody is named.

    The authority is not bound by the organisation of a body, but to sign. Who validates may write. A stand-in
    validates or writes in the place of the absent, and never signs.
    """
    if not organisation.nomme(fonction):
        return ACCORDE
    larges = {Portee.TOUT, Portee.AUTORITE}
    if fonction != F.SIGNATAIRE and any(
        h.definition.portee in larges and "fiche.rediger" in h.definition.droits
        for h in agent.habilitations_en_cours
    ):
        return ACCORDE
    fonctions = (fonction, F.VALIDEUR.value) if fonction == F.REDACTEUR else (fonction,)
    noms = _noms(agent, organisation, fonctions)
    tenus = {agent.pk} if fonction == F.SIGNATAIRE else agents_tenus(agent)
    if tenus & noms.keys():
        return ACCORDE
    qui = " ou ".join(sorted(noms.values())) or "une personne dont le compte est fermé"
    return Avis(
        False, f"{organisation.nom} a désigné {qui} pour {_FAIRE[fonction]} : adressez-vous à cette personne."
    )


def peut_designer(agent: Agent, organisation: Organisation) -> Avis:
    """Whoever gives roles, and those who sign for the body: it is theirs to say who writes."""
    if avis := peut(agent, "habilitation.gerer"):
        return avis
    for h in agent.habilitations_en_cours:
        if h.organisation_id == organisation.pk and "contrat.signer" in h.definition.droits:
            return ACCORDE
    return Avis(
        False, f"{organisation.nom} choisit qui rédige, valide et signe : demandez à son représentant."
    )


def _noter_les_fonctions(organisation: Organisation) -> None:
    codes = Designation.objects.en_cours(timezone.localdate()).filter(organisation=organisation)
    organisation.fonctions_nommees = ",".join(sorted(set(codes.values_list("fonction", flat=True))))
    organisation.save(update_fields=["fonctions_nommees"])


@transaction.atomic
def designer(organisation: Organisation, agent: Agent, fonction: str, *, par: Agent | None) -> Designation:
    """Names somebody who acts for the body. ActionRefusee: not one of its accounts, or named already."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    le = timezone.localdate()
    if not agent.habilitations.en_cours(le).filter(organisation=organisation).exists():
        raise ActionRefusee(f"{agent.nom_complet} n’a pas de compte qui agisse pour {organisation.nom}.")
    if Designation.objects.en_cours(le).filter(
        organisation=organisation, agent=agent, fonction=fonction
    ).exists():  # fmt: skip
        raise ActionRefusee(f"{agent.nom_complet} est déjà désigné pour cela.")
    designation = Designation.objects.create(
        organisation=organisation, agent=agent, fonction=fonction, debut=le
    )
    _noter_les_fonctions(organisation)
    consigner(
        "designer", sur=organisation, par=par,
        apres={"agent": agent.libelle_journal, "fonction": designation.get_fonction_display()},
    )  # fmt: skip
    return designation


@transaction.atomic
def cesser(designation: Designation, *, le: date, par: Agent | None) -> Designation:
    """`le` is the first day without it. Nothing is deleted."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=designation.organisation_id)
    designation = Designation.objects.select_for_update(of=("self",)).get(pk=designation.pk)
    if designation.fin is not None:
        raise ActionRefusee("Cette désignation est déjà terminée.")
    if designation.debut >= le:  # named and withdrawn the same day: it never had a whole day
        designation.debut = le - (date.resolution)
    designation.fin = le - date.resolution
    designation.save(update_fields=["debut", "fin"])
    _noter_les_fonctions(organisation)
    consigner(
        "cesser_designation", sur=organisation, par=par,
        avant={"agent": designation.agent.libelle_journal, "fonction": designation.get_fonction_display()},
    )  # fmt: skip
    return designation
