"""What awaits a person, computed from the state of the démarches in their perimeter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Count, Q
from django.urls import reverse

from arpent.metier.cycles.contrat import EtatContrat
from arpent.metier.cycles.fiche import EtatFiche
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import Portee
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche, Etape, etapes_attendues
from arpent.plateforme.plans.droits import du_ressort
from arpent.plateforme.plans.models import Fiche

Genre = Literal["alerte", "info", "neutre"]


@dataclass(frozen=True, slots=True)
class Geste:
    """What can be done at once, without leaving the page: a form of hidden fields and its button."""

    libelle: str
    url: str
    champs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Lien:
    """One territory concerned: where to go, how many things are there, what can be done at once."""

    libelle: str
    url: str
    nombre: int | None = None
    geste: Geste | None = None


@dataclass(frozen=True, slots=True)
class Attente:
    """One kind of thing to do; `liens` says where, `nombre` is their sum."""

    titre: str
    detail: str
    genre: Genre
    liens: tuple[Lien, ...]

    @property
    def nombre(self) -> int:
        return sum(lien.nombre if lien.nombre is not None else 1 for lien in self.liens)


@dataclass(frozen=True, slots=True)
class Comptes:
    """Fiches of one démarche by state: all that the agent sees, those of their own organisations, those they
    may examine (perimeter and themes)."""

    tous: dict[str, int]
    a_moi: dict[str, int]
    a_instruire: dict[str, int]


def compter_fiches(agent: Agent) -> dict[int, Comptes]:
    """Fiches by démarche and state. One query, whatever their number."""
    ids = [h.organisation_id for h in agent.habilitations_en_cours if h.organisation_id]
    rows = (
        Fiche.objects.visibles_par(agent)
        .order_by()
        .values("demarche_id", "etat")
        .annotate(
            tous=Count("pk"),
            a_moi=Count("pk", filter=Q(maitre_ouvrage_id__in=ids)),
            a_instruire=Count("pk", filter=du_ressort(agent, "fiche.pre_instruire")),
        )
    )
    comptes: dict[int, Comptes] = defaultdict(lambda: Comptes({}, {}, {}))
    for row in rows:
        comptes[row["demarche_id"]].tous[row["etat"]] = row["tous"]
        comptes[row["demarche_id"]].a_moi[row["etat"]] = row["a_moi"]
        comptes[row["demarche_id"]].a_instruire[row["etat"]] = row["a_instruire"]
    return comptes


def est_porteur(agent: Agent) -> bool:
    """Whether the person acts for owners (territory or commune), not for the authority."""
    locales = {Portee.TERRITOIRE, Portee.ORGANISATION}
    return any(h.definition.portee in locales for h in agent.habilitations_en_cours)


def ce_qui_attend(
    agent: Agent,
    demarches: Sequence[Demarche],
    fiches: dict[int, Comptes],
    retards: Sequence[Etape],
) -> list[Attente]:
    """Most pressing first. No query: everything was read before."""
    par_etat = _Fiches(agent, demarches, fiches)
    vide = Comptes({}, {}, {})
    attentes = [
        _retards(agent, demarches, retards),
        par_etat.attente(
            "fiche.pre_instruire",
            EtatFiche.PROPOSEE,
            "Fiches à pré-instruire",
            "Proposées par leur maître d’ouvrage, elles attendent l’examen du règlement.",
            "info",
            lambda d: fiches.get(d.pk, vide).a_instruire,
        ),
        par_etat.attente(
            "fiche.arbitrer",
            EtatFiche.PRE_INSTRUITE,
            "Fiches à arbitrer",
            "Pré-instruites, elles attendent d’être retenues, différées ou refusées.",
            "info",
            lambda d: fiches.get(d.pk, vide).tous,
        ),
    ]
    if est_porteur(agent):
        attentes += [
            par_etat.attente(
                "fiche.proposer",
                EtatFiche.A_COMPLETER,
                "Fiches à compléter",
                "Le service instructeur vous demande une précision.",
                "alerte",
                lambda d: fiches.get(d.pk, vide).a_moi,
            ),
            par_etat.attente(
                "fiche.proposer",
                EtatFiche.BROUILLON,
                "Brouillons à terminer",
                "Personne d’autre ne les voit tant que vous ne les avez pas proposés.",
                "neutre",
                lambda d: fiches.get(d.pk, vide).a_moi,
            ),
        ]
    attentes += _contrats(agent, demarches)
    return [a for a in attentes if a is not None and a.liens]


@dataclass(frozen=True, slots=True)
class _Fiches:
    agent: Agent
    demarches: Sequence[Demarche]
    fiches: dict[int, Comptes]

    def attente(
        self,
        droit: str,
        etat: EtatFiche,
        titre: str,
        detail: str,
        genre: Genre,
        compte: Callable[[Demarche], dict[str, int]],
    ) -> Attente:
        liens = tuple(
            Lien(d.territoire.nom, f"{reverse('plans:plan', args=[d.slug])}?etat={etat}", nombre)
            for d in self.demarches
            if (nombre := compte(d).get(etat.value, 0)) and peut_sur(self.agent, droit, d)
        )
        return Attente(titre, detail, genre, liens)


def _retards(agent: Agent, demarches: Sequence[Demarche], retards: Sequence[Etape]) -> Attente:
    par_pk = {d.pk: d for d in demarches}
    liens = tuple(
        Lien(
            f"{d.territoire.nom} : {etape.libelle}",
            reverse("demarches:etape", args=[d.slug, etape.code]),
            geste=Geste(
                "Faite aujourd’hui",
                reverse("demarches:marquer_etape", args=[d.slug]),
                (("etape", str(etape.pk)), ("faite_le", f"{date.today():%Y-%m-%d}"), ("retour", "accueil")),
            ),
        )
        for etape in retards
        if (d := par_pk.get(etape.demarche_id)) and peut_sur(agent, "demarche.conduire", d)
    )
    return Attente(
        "Étapes en retard", "Leur date est passée et rien ne dit qu’elles sont faites.", "alerte", liens
    )


def contrat_de(demarche: Demarche) -> Contrat | None:
    """The contract of a démarche read with `select_related("contrat")`: no query."""
    return getattr(demarche, "contrat", None)


def _contrats(agent: Agent, demarches: Sequence[Demarche]) -> list[Attente]:
    phases = (
        (EtatContrat.VOTE, "Contrats au vote", "Les assemblées délibèrent ; notez chaque délibération."),
        (EtatContrat.SIGNATURE, "Contrats à la signature", "Les parties signent la version arrêtée."),
    )
    attentes = []
    for etat, titre, detail in phases:
        liens = tuple(
            Lien(d.territoire.nom, reverse("contrats:contrat", args=[d.slug]))
            for d in demarches
            if (contrat := contrat_de(d))
            and contrat.etat == etat.value
            and peut_sur(agent, "contrat.voir", d)
        )
        attentes.append(Attente(titre, detail, "info", liens))
    return attentes


def etapes_ouvertes(demarches: Sequence[Demarche], jusqu_a: date) -> list[Etape]:
    """Dated steps not done yet, up to a date, soonest first. One query."""
    return list(
        Etape.objects.filter(
            etapes_attendues(),
            demarche_id__in=[d.pk for d in demarches],
            prevue_le__lte=jusqu_a,
        ).order_by("prevue_le", "ordre")[:60]
    )
