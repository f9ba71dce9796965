"""Every territory of a dispositif on one line: where it stands, its delay, what is asked and given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, Q, Sum

from arpent.metier.argent import ZERO
from arpent.metier.cycles.demarche import LIBELLES, EtatDemarche
from arpent.metier.cycles.fiche import EtatFiche
from arpent.metier.processus import Prevision, Terme, prevoir
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.models import Demarche, Etape
from arpent.plateforme.demarches.processus.previsions import pas_de, rythmes_de, termes_de
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.models import Proposition
from arpent.plateforme.plans.models import Fiche, est_a_part
from arpent.plateforme.reglements.models import Dispositif
from arpent.plateforme.territoires.models import Composition
from arpent.plateforme.territoires.perimetres import en_cours

SILENCE = 60
"""Days without any gesture after which a territory is said silent (working value)."""
ORDRE = {e.value: rang for rang, e in enumerate(EtatDemarche)}


@dataclass(frozen=True, slots=True)
class Territoire:
    """One démarche as it is steered. Amounts in euros; `retard` in days, 0 when nothing is late."""

    demarche: Demarche
    phase: str
    etapes: tuple[Etape, ...]
    faites: int
    prochaine: Etape | None
    retard: int
    prevision: Prevision
    depart: date | None
    """The signature as it was planned when the démarche opened."""
    fiches: int
    demande: Decimal
    propose: Decimal
    contractualise: Decimal
    contrat: str
    derniere_activite: date | None
    silence: int | None
    """Days since the last gesture in the journal; None: none yet."""
    sirens: tuple[str, ...] = ()
    termes: Mapping[int, Terme] = field(default_factory=dict)
    """By number of a step left before the signature, its expected end."""

    @property
    def nom(self) -> str:
        return self.demarche.territoire.nom

    @property
    def attendues(self) -> int:
        """Steps that count: neither set aside, nor from an earlier process."""
        return sum(1 for e in self.etapes if not e.est_ecartee and not e.hors_processus)

    @property
    def avancement(self) -> Decimal:
        """Part of the steps done, 0 to 1."""
        return Decimal(self.faites) / self.attendues if self.attendues else ZERO

    @property
    def restantes(self) -> list[tuple[Etape, Terme]]:
        """The steps left before the signature, with their expected end, in order."""
        return [(e, self.termes[e.pk]) for e in self.etapes if e.pk in self.termes]

    @property
    def glissement(self) -> int | None:
        """Days between the signature forecast and the one planned at the opening."""
        if self.prevision.le is None or self.depart is None:
            return None
        return (self.prevision.le - self.depart).days

    @property
    def est_silencieux(self) -> bool:
        return self.silence is None or self.silence > SILENCE


def _etapes(demarches: Sequence[Demarche]) -> dict[int, list[Etape]]:
    par_demarche: dict[int, list[Etape]] = {d.pk: [] for d in demarches}
    for etape in Etape.objects.filter(demarche__in=par_demarche).order_by("demarche_id", "ordre"):
        par_demarche[etape.demarche_id].append(etape)
    return par_demarche


def _fiches(demarches: Sequence[Demarche]) -> dict[int, Mapping[str, Decimal | int]]:
    """Number of fiches proposed, aid asked, aid in the contract, summed as the plan is. One query."""
    vives = Fiche.objects.filter(demarche__in=[d.pk for d in demarches]).comptees()
    vives = vives.exclude(etat=EtatFiche.BROUILLON.value).exclude(est_a_part())
    au_contrat = Q(etat=EtatFiche.CONTRACTUALISEE.value)
    lues = (
        vives.order_by()
        .values("demarche_id")
        .annotate(
            fiches=Count("pk"),
            demande=Sum("aide_demandee"),
            contractualise=Sum("aide_accordee", filter=au_contrat),
        )
    )
    return {
        r["demarche_id"]: {c: r[c] or ZERO for c in ("fiches", "demande", "contractualise")} for r in lues
    }


def _proposes(demarches: Sequence[Demarche]) -> dict[int, Decimal]:
    """What the maquette in progress retains. One query."""
    comptees = Fiche.objects.comptees().exclude(etat=EtatFiche.BROUILLON.value)
    lues = (
        Proposition.objects.filter(
            scenario__demarche__in=[d.pk for d in demarches],
            scenario__est_courant=True,
            decision=Proposition.Decision.RETENUE,
            fiche__in=comptees.values("pk"),
        )
        .order_by()
        .values("scenario__demarche_id")
        .annotate(total=Sum("montant"))
    )
    return {r["scenario__demarche_id"]: r["total"] or ZERO for r in lues}


def _activites(demarches: Sequence[Demarche]) -> dict[int, date]:
    """Day of the last gesture made by somebody. One query."""
    lues = (
        Entree.objects.filter(demarche_id__in=[d.pk for d in demarches], par_id__isnull=False)
        .order_by()
        .values("demarche_id")
        .annotate(dernier=Max("le"))
    )
    return {r["demarche_id"] or 0: r["dernier"].date() for r in lues}


def _sirens(demarches: Sequence[Demarche], today: date) -> dict[int, tuple[str, ...]]:
    """EPCI of each territory today. One query."""
    par_territoire: dict[int, list[str]] = {}
    lues = Composition.objects.filter(
        en_cours(today, ""), territoire__in={d.territoire_id for d in demarches}
    ).order_by("territoire_id", "groupement_id")
    for territoire, siren in lues.values_list("territoire_id", "groupement_id"):
        par_territoire.setdefault(territoire, []).append(siren)
    return {pk: tuple(sirens) for pk, sirens in par_territoire.items()}


def lire(dispositif: Dispositif, agent: Agent | None, today: date) -> list[Territoire]:
    """The démarches of the dispositif that are not closed, late ones first. Seven queries at any number.

    `agent` None: the console, which sees them all.
    """
    toutes = Demarche.objects.visibles_par(agent) if agent else Demarche.objects.all()
    demarches = list(
        toutes.filter(version_processus__processus=dispositif.processus_id)
        .exclude(etat=EtatDemarche.CLOSE.value)
        .avec_contexte()
        .order_by("territoire__nom", "pk")
    )
    etapes = _etapes(demarches)
    fiches, proposes, activites = _fiches(demarches), _proposes(demarches), _activites(demarches)
    contrats = dict(
        Contrat.objects.filter(demarche__in=[d.pk for d in demarches]).values_list("demarche_id", "etat")
    )
    sirens = _sirens(demarches, today)
    rythmes = rythmes_de(demarches, etapes)
    lignes = []
    for d in demarches:
        siens = fiches.get(d.pk, {})
        base = _territoire(d, etapes[d.pk], [r for pk, r in rythmes.items() if pk != d.pk], today)
        actif = activites.get(d.pk)
        lignes.append(
            replace(
                base,
                fiches=int(siens.get("fiches", 0)),
                demande=Decimal(siens.get("demande", ZERO)),
                contractualise=Decimal(siens.get("contractualise", ZERO)),
                propose=proposes.get(d.pk, ZERO),
                contrat=contrats.get(d.pk, ""),
                derniere_activite=actif,
                silence=(today - actif).days if actif else None,
                sirens=sirens.get(d.territoire_id, ()),
            )
        )
    return sorted(lignes, key=lambda x: (-x.retard, -(x.glissement or 0), x.nom))


def _territoire(
    demarche: Demarche, etapes: Sequence[Etape], autres: Sequence[float], today: date
) -> Territoire:
    """What the steps alone say."""
    prochaine = next((e for e in etapes if e.est_attendue), None)
    depassees = [e.prevue_le for e in etapes if e.est_attendue and e.prevue_le and e.prevue_le < today]
    pas = pas_de(etapes)
    return Territoire(
        demarche=demarche,
        phase=LIBELLES[EtatDemarche(demarche.etat)],
        etapes=tuple(etapes),
        faites=sum(1 for e in etapes if e.faite_le and not e.est_ecartee and not e.hors_processus),
        prochaine=prochaine,
        retard=(today - min(depassees)).days if depassees else 0,
        prevision=prevoir(pas, demarche.ouverte_le, today, autres),
        depart=max((p.prevue_le for p in pas), default=None),
        fiches=0,
        demande=ZERO,
        propose=ZERO,
        contractualise=ZERO,
        contrat="",
        derniere_activite=None,
        silence=None,
        termes=termes_de(demarche, etapes, autres, today),
    )
