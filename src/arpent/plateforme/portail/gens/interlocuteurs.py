"""Who to call for a territory and a theme: project lead, support, services, partners, State, EPCI."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q

from arpent.metier.election import cle_personne
from arpent.plateforme.acteurs.models import Absence, Agent, Habilitation, Mandat, Organisation
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.territoires.perimetres import en_cours

F = Mandat.Fonction
RUBRIQUES = (
    ("chef", "Votre premier contact"),
    ("appui", "La mission d’appui"),
    ("services", "Les directions et services de l’autorité"),
    ("partenaires", "Les structures partenaires"),
    ("etat", "La sous-préfecture"),
    ("territoire", "Dans le territoire"),
)
_ROLES = {
    "chef_de_projet": "chef", "mission_appui": "appui", "instructeur": "services", "sous_prefet": "etat",
    "agent_epci": "territoire",
}  # fmt: skip
_SERVICES = (F.DIRECTION, F.REFERENT, F.CHARGE_DE_MISSION)


@dataclass(frozen=True, slots=True)
class Interlocuteur:
    """Somebody to call. `themes`: codes, none for all. `absence`: « jusqu’au … », `suppleant`: who then."""

    rubrique: str
    nom: str
    prenom: str
    titre: str
    organisation: str
    courriel: str = ""
    telephone: str = ""
    themes: frozenset[str] = frozenset()
    personne: int | None = None
    agent: int | None = None
    missions: str = ""
    absence: str = ""
    suppleant: str = ""

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}".strip() or self.organisation


@dataclass(frozen=True, slots=True)
class Annuaire:
    """Those to call, by heading (title, people), the empty ones left out; and the themes to choose from."""

    rubriques: tuple[tuple[str, tuple[Interlocuteur, ...]], ...]
    themes: tuple[tuple[str, str], ...]
    theme: str = ""

    @property
    def tous(self) -> tuple[Interlocuteur, ...]:
        return tuple(i for _, gens in self.rubriques for i in gens)

    @property
    def theme_libelle(self) -> str:
        return dict(self.themes).get(self.theme, "")


def interlocuteurs(demarche: Demarche, theme: str, le: date) -> Annuaire:
    """Who to call for that territory, and that theme (code; empty or unknown: all). Five queries."""
    themes = tuple(
        Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id)
        .order_by("ordre", "pk")
        .values_list("code", "libelle")
    )
    theme = theme if theme in dict(themes) else ""
    gens = [*_des_habilitations(demarche, le), *_des_mandats(demarche, le)]
    gens += _structures_sans_nom(demarche, gens)
    retenus = [g for g in _uniques(gens) if not theme or not g.themes or theme in g.themes]
    presents = _avec_absences(retenus, le)
    rubriques = tuple(
        (titre, tuple(g for g in presents if g.rubrique == code))
        for code, titre in RUBRIQUES
        if any(g.rubrique == code for g in presents)
    )
    return Annuaire(rubriques, themes, theme)


def _des_habilitations(demarche: Demarche, le: date) -> list[Interlocuteur]:
    """The accounts whose role answers there. One query."""
    ici = Q(autorite=demarche.autorite.pk) | Q(territoire=demarche.territoire_id)
    rows = (
        Habilitation.objects.en_cours(le)
        .filter(ici, role__in=_ROLES, agent__is_active=True)
        .select_related("agent__personne", "organisation")
        .order_by("agent__nom", "agent__prenom", "pk")
    )
    return [_du_compte(h) for h in rows]


def _du_compte(h: Habilitation) -> Interlocuteur:
    agent: Agent = h.agent
    personne = getattr(agent, "personne", None)
    return Interlocuteur(
        rubrique=_ROLES[h.role], nom=agent.nom, prenom=agent.prenom,
        titre=agent.fonction or h.get_role_display(),
        organisation=h.organisation.nom if h.organisation else "",
        courriel=(personne.courriel if personne else "") or agent.courriel,
        telephone=(personne.telephone if personne else "") or _standard(h.organisation),
        themes=h.codes_themes, personne=personne.pk if personne else None, agent=agent.pk,
    )  # fmt: skip


def _standard(organisation: Organisation | None) -> str:
    return organisation.telephone if organisation else ""


def _des_mandats(demarche: Demarche, le: date) -> list[Interlocuteur]:
    """Services of the authority, partner structures, the State, who presides over the EPCI. One query."""
    autorite = demarche.autorite.pk
    compose = en_cours(le, "organisation__groupement__compositions__")
    rows = (
        Mandat.objects.en_cours(le)
        .filter(
            Q(organisation=autorite, fonction__in=_SERVICES)
            | Q(organisation__partenaire_de=autorite)
            | (compose & Q(organisation__groupement__compositions__territoire=demarche.territoire_id,
                           fonction__in=(F.PRESIDENT, F.DIRECTION)))
        )
        .select_related("personne", "organisation")
        .order_by("organisation__nom", "personne__nom", "personne__prenom", "pk")
        .distinct()
    )  # fmt: skip
    return [_du_mandat(m, autorite) for m in rows]


def _du_mandat(m: Mandat, autorite: int) -> Interlocuteur:
    corps, personne = m.organisation, m.personne
    if corps.nature == Organisation.Nature.ETAT:
        rubrique = "etat"
    elif corps.pk == autorite:
        rubrique = "services"
    else:
        rubrique = "partenaires" if corps.partenaire_de_id == autorite else "territoire"
    codes = frozenset(filter(None, (m.themes or corps.themes).split(",")))
    return Interlocuteur(
        rubrique=rubrique, nom=personne.nom, prenom=personne.prenom, titre=m.titre, organisation=corps.nom,
        courriel=personne.courriel or corps.courriel, telephone=personne.telephone or corps.telephone,
        themes=codes, personne=personne.pk, agent=personne.agent_id, missions=corps.missions,
    )  # fmt: skip


def _structures_sans_nom(demarche: Demarche, gens: Sequence[Interlocuteur]) -> list[Interlocuteur]:
    """Partner structures where nobody is named: the structure itself answers. One query."""
    nommees = {g.organisation for g in gens}
    return [
        Interlocuteur(
            rubrique="etat" if o.nature == Organisation.Nature.ETAT else "partenaires", nom="", prenom="",
            titre=o.missions, organisation=o.nom, courriel=o.courriel, telephone=o.telephone,
            themes=frozenset(filter(None, o.themes.split(","))),
        )
        for o in Organisation.objects.filter(partenaire_de=demarche.autorite.pk).order_by("nom")
        if o.nom not in nommees
    ]  # fmt: skip


def _uniques(gens: Iterable[Interlocuteur]) -> list[Interlocuteur]:
    """Somebody who is there by their account and by their mandate is there once: the first."""
    vus: set[str] = set()
    gardes = []
    for g in gens:
        cle = cle_personne(g.nom, g.prenom) if g.nom else f"{g.rubrique} {g.organisation}"
        if cle not in vus:
            gardes.append(g)
        vus.add(cle)
    return gardes


def _qui(agent: Agent) -> str:
    return f"{agent.nom_complet} ({agent.courriel})"


def _avec_absences(gens: Sequence[Interlocuteur], le: date) -> list[Interlocuteur]:
    """Who is away today, until when, who stands in. One query."""
    cles = {g.agent for g in gens if g.agent is not None}
    lues = Absence.objects.filter(agent__in=cles).en_cours(le).select_related("suppleant")
    absences = {a.agent_id: a for a in lues}
    return [
        replace(g, absence=f"jusqu’au {a.fin:%d/%m/%Y}", suppleant=_qui(a.suppleant))
        if g.agent is not None and (a := absences.get(g.agent))
        else g
        for g in gens
    ]  # fmt: skip
