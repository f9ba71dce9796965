"""Who is awaited and gives no sign: by body, what is due, the last sign of life, the last reminder."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Count, Exists, Max, OuterRef
from django.utils import timezone

from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import Agent, Habilitation, Organisation
from arpent.plateforme.contrats.attendus import parties_a_voter, votes_d_avenant_attendus
from arpent.plateforme.contrats.signatures.lecture import places_attendues
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.notifications.actions import relancer
from arpent.plateforme.notifications.models import Relance
from arpent.plateforme.plans.lot import adoptees
from arpent.plateforme.plans.models import Deliberation, Fiche

DROIT = "demarche.conduire"
SEUILS = (15, 30, 60)
"""Days without a sign after which somebody is silent: the choices of the page."""


@dataclass(frozen=True, slots=True)
class Silencieux:
    """A body of a territory: what is awaited, its accounts, when it last did something, last reminder."""

    organisation: Organisation
    demarche: Demarche
    attendus: tuple[tuple[str, int], ...]
    agents: tuple[Agent, ...]
    signe_le: datetime | None
    relance_le: datetime | None

    @property
    def cle(self) -> str:
        """What names the line in a form."""
        return f"{self.demarche.pk}-{self.organisation.pk}"

    @property
    def nombre(self) -> int:
        return sum(n for _, n in self.attendus)

    def jours(self, maintenant: datetime) -> int | None:
        """Days since the last sign; None: never any."""
        return (maintenant - self.signe_le).days if self.signe_le else None


Attendus = dict[tuple[int, int], Counter[str]]
"""(démarche, body) → what is awaited of it, how many."""


def _attendus(demarches: Iterable[int]) -> Attendus:
    """Five queries."""
    ids = list(demarches)
    dues = Deliberation.objects.filter(adoptee_le__isnull=True).exclude(Exists(adoptees(OuterRef("fiche"))))
    sources = (
        ("fiche à compléter", Fiche.objects.filter(etat=EtatFiche.A_COMPLETER.value), "demarche",
         "maitre_ouvrage"),
        ("délibération", dues, "fiche__demarche", "fiche__maitre_ouvrage"),
        ("vote du contrat", parties_a_voter(), "contrat__demarche", "organisation"),
        ("vote d’avenant", votes_d_avenant_attendus(), "avenant__contrat__demarche", "partie__organisation"),
        ("signature", places_attendues(), "circuit__contrat__demarche", "partie__organisation"),
    )  # fmt: skip
    attendus: Attendus = defaultdict(Counter)
    for mot, lignes, demarche, organisation in sources:
        comptes = lignes.filter(**{f"{demarche}__in": ids}).order_by()
        for d, o, nombre in comptes.values_list(demarche, organisation).annotate(n=Count("pk")):
            attendus[d, o][mot] += nombre
    return attendus


def silencieux(agent: Agent, demarches: Sequence[Demarche], maintenant: datetime) -> list[Silencieux]:
    """Every body that is awaited in the territories one conducts, the longest silent first. Nine queries.

    The authority itself is left out: one does not remind oneself.
    """
    conduites = {d.pk: d for d in demarches if peut_sur(agent, DROIT, d)}
    attendus = {
        cle: dus for cle, dus in _attendus(conduites).items() if cle[1] != conduites[cle[0]].autorite.pk
    }
    organisations = Organisation.objects.in_bulk({o for _, o in attendus})
    gens = _gens(organisations, maintenant.date())
    signes = _signes({a.pk for liste in gens.values() for a in liste})
    relances = _relances(attendus)
    lignes = []
    for (d, o), dus in attendus.items():
        demarche, siens = conduites[d], gens.get((o, conduites[d].territoire_id), [])
        vus = [signes[a.pk] for a in siens if a.pk in signes]
        lignes.append(
            Silencieux(
                organisations[o], demarche, tuple(sorted(dus.items())), tuple(siens),
                max(vus, default=None), relances.get((d, o)),
            )
        )  # fmt: skip
    jamais = timezone.make_aware(datetime(1970, 1, 1))
    return sorted(lignes, key=lambda s: (s.signe_le or jamais, s.demarche.territoire.nom, s.organisation.nom))


def _gens(organisations: Iterable[int], le: date) -> dict[tuple[int, int | None], list[Agent]]:
    """(body, territory) → its accounts. One query."""
    lignes = (
        Habilitation.objects.en_cours(le)
        .filter(organisation__in=list(organisations), agent__is_active=True)
        .select_related("agent")
        .order_by("agent__nom", "pk")
    )
    gens: dict[tuple[int, int | None], list[Agent]] = defaultdict(list)
    for h in lignes:
        if h.organisation_id is not None and h.agent not in gens[h.organisation_id, h.territoire_id]:
            gens[h.organisation_id, h.territoire_id].append(h.agent)
    return gens


def _signes(agents: Iterable[int]) -> dict[int, datetime]:
    """Account → its last line in the journal, a login included. One query."""
    lignes = Entree.objects.filter(par_id__in=list(agents)).order_by().values_list("par_id")
    return {pk: le for pk, le in lignes.annotate(dernier=Max("le")) if pk is not None}


def _prefixe(demarche: int, organisation: int) -> str:
    return f"silence:{demarche}:{organisation}:"


def _relances(attendus: Attendus) -> dict[tuple[int, int], datetime]:
    """(démarche, body) → the last reminder made from this page. One query."""
    dernieres: dict[tuple[int, int], datetime] = {}
    lignes = Relance.objects.filter(cle__startswith="silence:").order_by("faite_le")
    for cle, le in lignes.values_list("cle", "faite_le"):
        _, demarche, organisation, *_ = cle.split(":")
        if (couple := (int(demarche), int(organisation))) in attendus:
            dernieres[couple] = le
    return dernieres


def filtrer(lignes: Iterable[Silencieux], maintenant: datetime, *, jours: int, q: str) -> list[Silencieux]:
    """Those silent for at least `jours` (never seen: always), whose body or territory is named by `q`."""
    seuil = maintenant - timedelta(days=jours)
    mot = q.casefold()
    return [
        s
        for s in lignes
        if (s.signe_le is None or s.signe_le <= seuil)
        and mot in f"{s.organisation.nom} {s.demarche.territoire.nom}".casefold()
    ]


@transaction.atomic
def relancer_le(silence: Silencieux, *, par: Agent, le: date) -> int:
    """Reminds each account of the body, once a day. How many were reminded."""
    quoi = ", ".join(f"{mot} ({n})" if n > 1 else mot for mot, n in silence.attendus)
    territoire = silence.demarche.territoire.nom
    faites = sum(
        relancer(
            agent.pk,
            cle=f"{_prefixe(silence.demarche.pk, silence.organisation.pk)}{agent.pk}:{le}",
            sujet=f"{territoire} : on attend {silence.organisation.nom}",
            texte=f"{par.nom_complet} vous rappelle ce qui est attendu : {quoi}.",
            url=silence.demarche.get_absolute_url(),
        )
        for agent in silence.agents
    )
    if faites:
        consigner(
            "relancer_structure", sur=silence.organisation, par=par, demarche_id=silence.demarche.pk,
            apres={"attendu": quoi, "personnes": faites},
        )  # fmt: skip
    return faites
