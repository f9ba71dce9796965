"""Whom a questionnaire is offered to: owners of projects, signatories, partners, with an address."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from arpent.plateforme.acteurs.models import Habilitation, Mandat, Organisation
from arpent.plateforme.contrats.models import Partie
from arpent.plateforme.demarches.models import Demarche

from ..avancement.lecture import fiches_suivies
from ..models import InvitationQuestionnaire

Q = InvitationQuestionnaire.Qualite
_F = Mandat.Fonction
ORDRE = (_F.SECRETAIRE, _F.DIRECTION, _F.REFERENT, _F.CHARGE_DE_MISSION, _F.MAIRE, _F.PRESIDENT)
"""Whose address is taken first when the body gives none: those who deal with the file day by day."""


@dataclass(frozen=True, slots=True)
class Propose:
    """A body that may be asked, and whom to write to. `courriel` empty: to be typed."""

    organisation: Organisation
    qualite: InvitationQuestionnaire.Qualite
    nom: str
    courriel: str


def destinataires_proposes(demarche: Demarche, le: date) -> list[Propose]:
    """Each body once, in its first quality. Six queries whatever their number."""
    organisations: dict[int, tuple[Organisation, InvitationQuestionnaire.Qualite]] = {}
    for fiche in fiches_suivies(demarche):
        organisations.setdefault(fiche.maitre_ouvrage_id, (fiche.maitre_ouvrage, Q.MAITRE_OUVRAGE))
    parties = (
        Partie.objects.en_cours()
        .filter(contrat__demarche=demarche)
        .exclude(role=Partie.RolePartie.AUTORITE)
        .select_related("organisation")
    )
    for partie in parties.order_by("ordre", "pk"):
        organisations.setdefault(partie.organisation_id, (partie.organisation, Q.SIGNATAIRE))
    for structure in Organisation.objects.filter(partenaire_de=demarche.autorite.pk).order_by("nom"):
        organisations.setdefault(structure.pk, (structure, Q.PARTENAIRE))
    gens = _gens(organisations, demarche, le)
    lus = [Propose(o, qualite, *_a_qui(o, gens.get(o.pk, ("", "")))) for o, qualite in organisations.values()]
    return sorted(lus, key=lambda p: (list(Q).index(p.qualite), p.organisation.nom))


def _a_qui(organisation: Organisation, contact: tuple[str, str]) -> tuple[str, str]:
    return ("", organisation.courriel) if organisation.courriel else contact


def _gens(pks: Iterable[int], demarche: Demarche, le: date) -> dict[int, tuple[str, str]]:
    """Body → (name, address): somebody of the directory, else an account that acts for it here."""
    cherches, gens = list(pks), dict[int, tuple[str, str]]()
    habilites = (
        Habilitation.objects.en_cours(le)
        .filter(organisation__in=cherches, territoire=demarche.territoire_id, agent__is_active=True)
        .select_related("agent")
    )
    for h in habilites.order_by("pk"):
        if h.organisation_id is not None:
            gens.setdefault(h.organisation_id, (h.agent.nom_complet, h.agent.courriel))
    mandats = (
        Mandat.objects.en_cours(le)
        .filter(organisation__in=cherches, fonction__in=ORDRE)
        .exclude(personne__courriel="")
        .select_related("personne")
    )
    rang = {fonction.value: n for n, fonction in enumerate(ORDRE)}
    vus: set[int] = set()
    for m in sorted(mandats.order_by("pk"), key=lambda m: rang[m.fonction]):
        if m.organisation_id not in vus:
            vus.add(m.organisation_id)
            gens[m.organisation_id] = (m.personne.nom_complet, m.personne.courriel)
    return gens
