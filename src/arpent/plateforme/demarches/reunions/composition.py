"""Whom a meeting calls: mandates and perimeter in force that day; and who could not be found."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Q, QuerySet

from arpent.plateforme.acteurs.models import Agent, Habilitation, Mandat, Organisation, Personne
from arpent.plateforme.territoires.models import Canton, Commune, Groupement, Territoire
from arpent.plateforme.territoires.perimetres import en_cours, perimetre

from ..models import Demarche
from .genres import GROUPES

F = Mandat.Fonction
NOMMES = 6
"""Names said in full in a sentence about what is missing."""


@dataclass(frozen=True, slots=True)
class Convie:
    """Somebody to be called. `groupe`: the first reason why; `qualite`: all of them."""

    groupe: str
    nom: str
    qualite: str
    personne: Personne | None = None
    agent: Agent | None = None
    organisation_id: int | None = None

    @property
    def cle(self) -> tuple[str, int]:
        if self.personne is not None:
            return ("personne", self.personne.pk)
        return ("agent", self.agent.pk if self.agent else 0)

    @property
    def courriel(self) -> str:
        if self.personne is not None and self.personne.courriel:
            return self.personne.courriel
        agent = self.agent or (self.personne.agent if self.personne else None)
        return agent.courriel if agent else ""


@dataclass(frozen=True, slots=True)
class Composition:
    """`manques`: sentences that say who could not be found."""

    convies: tuple[Convie, ...] = ()
    manques: tuple[str, ...] = ()


@dataclass
class _Lieu:
    """The perimeter of the meeting on its day, all its territories together."""

    autorite: Organisation
    territoires: tuple[int, ...]
    communes: frozenset[str]
    epci: frozenset[str]
    jour: date
    convies: list[Convie] = field(default_factory=list)
    manques: list[str] = field(default_factory=list)

    def mandats(self, *fonctions: str) -> QuerySet[Mandat]:
        return (
            Mandat.objects.en_cours(self.jour)
            .filter(fonction__in=fonctions)
            .select_related("personne__agent", "organisation", "canton")
            .order_by("organisation__nom", "personne__nom", "pk")
        )

    def ajouter(self, groupe: str, mandats: Iterable[Mandat]) -> list[Mandat]:
        lus = list(mandats)
        self.convies += [_convie(groupe, m) for m in lus]
        return lus


def _convie(groupe: str, mandat: Mandat) -> Convie:
    ou = f"canton de {mandat.canton.nom}" if mandat.canton else mandat.organisation.nom
    return Convie(
        groupe=groupe,
        nom=mandat.personne.nom_complet,
        qualite=f"{mandat.titre}, {ou}",
        personne=mandat.personne,
        agent=mandat.personne.agent,
        organisation_id=mandat.organisation_id,
    )


def composer(demarches: Sequence[Demarche], groupes: Iterable[str], jour: date) -> Composition:
    """Everybody once, in the order of GROUPES, with all their functions. About twelve queries."""
    voulus = set(groupes)
    codes: set[str] = set()
    sirens: set[str] = set()
    for territoire in Territoire.objects.filter(pk__in=[d.territoire_id for d in demarches]):
        trouve = perimetre(territoire, jour)
        codes |= set(trouve.communes)
        sirens |= set(trouve.epci)
    lieu = _Lieu(
        autorite=demarches[0].autorite,
        territoires=tuple(d.territoire_id for d in demarches),
        communes=frozenset(codes),
        epci=frozenset(sirens),
        jour=jour,
    )
    for groupe in GROUPES:
        if groupe in voulus and groupe in _CHERCHEURS:
            _CHERCHEURS[groupe](lieu)
    return Composition(tuple(_reunir(lieu.convies)), tuple(lieu.manques))


def _reunir(convies: Iterable[Convie]) -> Iterable[Convie]:
    """One line a person: a mayor who presides over the EPCI is called once, with both functions."""
    par_cle: dict[tuple[str, int], Convie] = {}
    for c in convies:
        deja = par_cle.get(c.cle)
        if deja is None:
            par_cle[c.cle] = c
        elif c.qualite not in deja.qualite:
            par_cle[c.cle] = replace(deja, qualite=f"{deja.qualite} ; {c.qualite}"[:300])
    return par_cle.values()


def _liste(noms: Sequence[str]) -> str:
    reste = len(noms) - NOMMES
    dits = ", ".join(noms[:NOMMES])
    return f"{dits} et {reste} autre{'s' if reste > 1 else ''}" if reste > 0 else dits


def _dire(lieu: _Lieu, quoi: str, singulier: str, pluriel: str, noms: Sequence[str]) -> None:
    if noms:
        combien = f"{len(noms)} {pluriel if len(noms) > 1 else singulier}"
        lieu.manques.append(f"{quoi} pour {combien} : {_liste(noms)}.")


def _maires(lieu: _Lieu) -> None:
    connus = lieu.ajouter("maires", lieu.mandats(F.MAIRE).filter(organisation__commune__in=lieu.communes))
    sans = lieu.communes - {m.organisation.commune_id for m in connus if m.organisation.commune_id}
    noms = list(Commune.objects.filter(code__in=sans).order_by("nom").values_list("nom", flat=True))
    _dire(lieu, "Aucun maire connu", "commune", "communes", noms)


def _presidents_epci(lieu: _Lieu) -> None:
    connus = lieu.ajouter(
        "presidents_epci", lieu.mandats(F.PRESIDENT).filter(organisation__groupement__in=lieu.epci)
    )
    sans = lieu.epci - {m.organisation.groupement_id for m in connus if m.organisation.groupement_id}
    noms = list(Groupement.objects.filter(siren__in=sans).order_by("nom").values_list("nom", flat=True))
    _dire(lieu, "Aucun président connu", "intercommunalité", "intercommunalités", noms)


def _presidents_syndicats(lieu: _Lieu) -> None:
    syndicats = (
        Groupement.objects.filter(
            en_cours(lieu.jour, "appartenances__"), appartenances__commune__in=lieu.communes
        )
        .exclude(nature__in=("CC", "CA", "CU", "METRO", "MET69"))
        .distinct()
    )
    ici = {g.siren: g.nom for g in syndicats}
    connus = lieu.ajouter(
        "presidents_syndicats", lieu.mandats(F.PRESIDENT).filter(organisation__groupement__in=ici)
    )
    pourvus = {m.organisation.groupement_id for m in connus}
    sans = sorted(nom for siren, nom in ici.items() if siren not in pourvus)
    _dire(lieu, "Aucun président connu", "syndicat", "syndicats", sans)


def _conseillers(lieu: _Lieu) -> None:
    cantons = {
        c.code: c.nom for c in Canton.objects.filter(communes__in=lieu.communes).distinct().order_by("nom")
    }
    du_canton = Q(fonction=F.CONSEILLER_DEPARTEMENTAL, canton__in=cantons)
    de_la_region = Q(fonction=F.CONSEILLER_REGIONAL) & (
        Q(canton__in=cantons) | Q(canton__isnull=True, organisation=lieu.autorite)
    )
    connus = lieu.ajouter(
        "conseillers",
        lieu.mandats(F.CONSEILLER_DEPARTEMENTAL, F.CONSEILLER_REGIONAL).filter(du_canton | de_la_region),
    )
    pourvus = {m.canton_id for m in connus}
    sans = [nom for code, nom in cantons.items() if code not in pourvus]
    _dire(lieu, "Aucun conseiller départemental connu", "canton", "cantons", sans)
    if not cantons:
        lieu.manques.append("Aucun canton n’est connu sur ce périmètre : ajoutez les conseillers à la main.")


def _agents(lieu: _Lieu, groupe: str, role: str) -> int:
    """Accounts that hold that role over the authority on that day. One query."""
    habilitations = (
        Habilitation.objects.en_cours(lieu.jour)
        .filter(role=role, autorite=lieu.autorite, agent__is_active=True)
        .select_related("agent__personne", "organisation")
        .order_by("agent__nom", "pk")
    )
    avant = len(lieu.convies)
    for h in habilitations:
        personne: Personne | None = getattr(h.agent, "personne", None)
        corps = (h.organisation or lieu.autorite).nom
        qualite = f"{h.agent.fonction or h.get_role_display()}, {corps}"
        lieu.convies.append(
            Convie(groupe, h.agent.nom_complet, qualite, personne, h.agent, h.organisation_id)
        )
    return len(lieu.convies) - avant


def _autorite(lieu: _Lieu) -> None:
    lieu.ajouter("autorite", lieu.mandats(F.PRESIDENT).filter(organisation=lieu.autorite))
    if not _agents(lieu, "autorite", "chef_de_projet"):
        lieu.manques.append(f"Aucun chef de projet connu pour {lieu.autorite.nom}.")


def _services(lieu: _Lieu) -> None:
    ceux_du_corps = lieu.mandats(F.REFERENT, F.DIRECTION).filter(organisation=lieu.autorite)
    if not lieu.ajouter("services", ceux_du_corps) and not _agents(lieu, "services", "instructeur"):
        lieu.manques.append(f"Aucun référent de service connu pour {lieu.autorite.nom}.")


def _mission_appui(lieu: _Lieu) -> None:
    if not _agents(lieu, "mission_appui", "mission_appui"):
        lieu.manques.append("Personne n’est connu à la mission d’appui.")


def _sous_prefet(lieu: _Lieu) -> None:
    corps = Habilitation.objects.filter(role="sous_prefet", autorite=lieu.autorite).values("organisation")
    nommes = lieu.ajouter("sous_prefet", lieu.mandats(F.SOUS_PREFET).filter(organisation__in=corps))
    if not _agents(lieu, "sous_prefet", "sous_prefet") and not nommes:
        lieu.manques.append("Aucun sous-préfet connu.")


def _partenaires(lieu: _Lieu) -> None:
    structures = Habilitation.objects.en_cours(lieu.jour).filter(territoire__in=lieu.territoires)
    natures = (Organisation.Nature.ASSOCIATION, Organisation.Nature.AUTRE, Organisation.Nature.PETR)
    connus = lieu.ajouter(
        "partenaires",
        lieu.mandats(F.PRESIDENT, F.DIRECTION, F.CHARGE_DE_MISSION).filter(
            organisation__nature__in=natures, organisation__in=structures.values("organisation")
        ),
    )
    if not connus:
        lieu.manques.append("Aucune structure partenaire connue sur ce territoire : ajoutez-les à la main.")


_CHERCHEURS = {
    "maires": _maires,
    "presidents_epci": _presidents_epci,
    "presidents_syndicats": _presidents_syndicats,
    "conseillers": _conseillers,
    "autorite": _autorite,
    "services": _services,
    "mission_appui": _mission_appui,
    "sous_prefet": _sous_prefet,
    "partenaires": _partenaires,
}
