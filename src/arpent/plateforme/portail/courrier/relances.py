"""Reminders: to the person in charge and to nobody else, three days before, on the day, then each week."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone

from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import DemandeAppui, Habilitation
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.contrats.adresses import page
from arpent.plateforme.contrats.signatures.lecture import places_attendues
from arpent.plateforme.notifications.actions import relancer
from arpent.plateforme.plans.models import AvisService, Fiche
from arpent.plateforme.socle.templatetags.formats import date_fr

AVANT, RYTHME, MAXIMUM = 3, 7, 5
"""Days before the date; days between two reminders after it; reminders after it, at most."""
DELAI_COMPLETER = timedelta(days=10)
DELAI_SIGNER = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Du:
    """Something one person owes: what, for when, where."""

    cle: str
    agent_id: int
    pour_le: date
    sujet: str
    texte: str
    url: str


def rang(pour_le: date, le: date) -> str:
    """Which reminder of a date this day calls for: "avant", "jour", "s1"…; empty: none any more.

    A day when the machine was off is made up for: each rank lasts until the next.
    """
    retard = (le - pour_le).days
    if retard < -AVANT:
        return ""
    if retard < 0:
        return "avant"
    semaine = retard // RYTHME
    if semaine > MAXIMUM:
        return ""
    return "jour" if semaine == 0 else f"s{semaine}"


def relancer_tous(maintenant: datetime | None = None) -> int:
    """Makes the reminders of the day that were not made. How many."""
    le = timezone.localtime(maintenant or timezone.now()).date()
    faites = 0
    for du in (*_avis(le), *_appuis(le), *_a_completer(le), *_signatures(le)):
        if quand := rang(du.pour_le, le):
            retard = "" if du.pour_le > le else f" Attendu pour le {date_fr(du.pour_le)}."
            faites += relancer(
                du.agent_id, cle=f"{du.cle}:{du.agent_id}:{du.pour_le}:{quand}", sujet=du.sujet,
                texte=f"{du.texte}{retard}", url=du.url,
            )  # fmt: skip
    return faites


def _avis(le: date) -> Iterator[Du]:
    """Avis asked of somebody by name. One query."""
    attendus = AvisService.objects.attendus().filter(
        agent__is_active=True, echeance_le__lte=le + timedelta(days=AVANT)
    )
    for avis in attendus.select_related("fiche__demarche"):
        assert avis.agent_id is not None
        yield Du(
            f"avis:{avis.pk}", avis.agent_id, avis.echeance_le, "Un avis vous est demandé",
            f"{avis.fiche.titre} : votre avis est attendu.", f"{avis.fiche.get_absolute_url()}#avis",
        )  # fmt: skip


def _appuis(le: date) -> Iterator[Du]:
    """Support requests taken by somebody: for the day wished, else the day due. One query."""
    prises = (
        DemandeAppui.objects.filter(etat=DemandeAppui.Etat.PRISE.value, prise_par__is_active=True)
        .annotate(pour_le=Coalesce("souhaitee_le", "echeance_le"))
        .filter(pour_le__lte=le + timedelta(days=AVANT))
    )
    for demande in prises.select_related("organisation"):
        pour_le = demande.souhaitee_le or demande.echeance_le
        assert demande.prise_par_id is not None
        assert pour_le is not None
        yield Du(
            f"appui:{demande.pk}", demande.prise_par_id, pour_le, "Une demande d’appui attend",
            f"{demande.organisation.nom} attend votre réponse.", f"{reverse('appui:liste')}?qui=moi",
        )  # fmt: skip


def _a_completer(le: date) -> Iterator[Du]:
    """Fiches sent back to their owner: whoever writes for that body. Two queries."""
    fiches = list(
        Fiche.objects.filter(
            etat=EtatFiche.A_COMPLETER.value, modifie_le__date__lte=le - DELAI_COMPLETER
        ).select_related("demarche", "maitre_ouvrage")
    )
    porteurs = _agents_par_structure({f.maitre_ouvrage_id for f in fiches}, le, "fiche.proposer")
    for fiche in fiches:
        attendue = timezone.localtime(fiche.modifie_le).date() + DELAI_COMPLETER
        for agent_id in porteurs[fiche.maitre_ouvrage_id, fiche.demarche.territoire_id]:
            yield Du(
                f"completer:{fiche.pk}", agent_id, attendue, "Une fiche à compléter",
                f"{fiche.titre} : le service instructeur attend vos précisions.", fiche.get_absolute_url(),
            )  # fmt: skip


def _signatures(le: date) -> Iterator[Du]:
    """Signatures awaited in an open circuit: whoever signs for that body. Two queries."""
    places = list(
        places_attendues()
        .filter(circuit__ouvert_le__date__lte=le - DELAI_SIGNER, partie__isnull=False)
        .select_related("circuit__contrat__demarche", "circuit__avenant", "partie__organisation")
    )
    signataires = _agents_par_structure(
        {p.partie.organisation_id for p in places if p.partie}, le, "contrat.signer"
    )
    for place in places:
        circuit, partie = place.circuit, place.partie
        assert partie is not None
        demarche = circuit.contrat.demarche
        attendue = timezone.localtime(circuit.ouvert_le).date() + DELAI_SIGNER
        organisation = partie.organisation_id
        for agent_id in signataires[organisation, demarche.territoire_id] + signataires[organisation, None]:
            yield Du(
                f"signer:{place.pk}", agent_id, attendue, "Une signature vous est demandée",
                f"{partie.organisation.nom} : votre signature est attendue.",
                page(demarche, circuit.avenant, "signature"),
            )  # fmt: skip


def _agents_par_structure(
    organisations: set[int], le: date, droit: str
) -> dict[tuple[int, int | None], list[int]]:
    """(body, territory) → the people who hold `droit` for it. One query."""
    roles = [code for code, role in ROLES.items() if droit in role.droits]
    lignes = (
        Habilitation.objects.en_cours(le)
        .filter(organisation_id__in=organisations, role__in=roles, agent__is_active=True)
        .order_by("pk")
        .values_list("organisation_id", "territoire_id", "agent_id")
    )
    par_structure: dict[tuple[int, int | None], list[int]] = defaultdict(list)
    for organisation_id, territoire_id, agent_id in lignes:
        if organisation_id is not None:
            par_structure[organisation_id, territoire_id].append(agent_id)
    return par_structure
