"""A draft perimeter: what the address says, what composes it, what is checked of it. Nothing is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.conf import settings
from django.http import Http404, QueryDict

from arpent.metier.argent import formater_nombre
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Processus
from arpent.plateforme.observatoire.magasin import ObservatoireVide, ouvrir
from arpent.plateforme.territoires import controles
from arpent.plateforme.territoires.controles import Controle, Gravite
from arpent.plateforme.territoires.models import Territoire
from arpent.plateforme.territoires.perimetres import (
    CommuneLue,
    EpciLu,
    Perimetre,
    Prise,
    communes_sans_epci,
    epci_au,
    ilots,
    perimetre,
    population_de,
    prises,
)

from ..lecture import Lecture, lire_perimetre, nom_du_departement
from ..vulnerabilites.bibliotheque import politique_de
from ..vulnerabilites.evaluation import evaluer_perimetre
from .ressort import Ressort, politiques_de, ressort_de

RESERVE_A_L_AUTORITE = "Dessiner un périmètre revient aux agents de l’autorité (Département ou Région)."
SANS_NOM = "Le territoire dessiné"


@dataclass(frozen=True, slots=True)
class Brouillon:
    """`territoire`: the one whose perimeter would change (None: a new one). `date_refusee`: as typed."""

    politiques: tuple[Processus, ...]
    ressort: Ressort
    le: date
    date_refusee: str
    territoire: Territoire | None
    candidats: tuple[EpciLu, ...]
    choisis: tuple[EpciLu, ...]
    inconnus: tuple[str, ...]
    ailleurs: tuple[Prise, ...]
    controles: tuple[Controle, ...]

    @property
    def nom(self) -> str:
        return self.territoire.nom if self.territoire else SANS_NOM

    @property
    def perimetre(self) -> Perimetre:
        return Perimetre(
            tuple(sorted(e.siren for e in self.choisis)), tuple(sorted(c.code for c in self.communes))
        )

    @property
    def communes(self) -> tuple[CommuneLue, ...]:
        return tuple(c for e in self.choisis for c in e.communes)

    @property
    def resume(self) -> str:
        """« 3 intercommunalités, 42 communes, 45 210 habitants »."""
        epci, communes = len(self.choisis), len(self.communes)
        population = population_de(self.communes)
        habitants = "population non disponible" if population is None else f"{_n(population)} habitants"
        return (
            f"{epci} intercommunalité{'s' if epci > 1 else ''}, {_n(communes)} commune"
            f"{'s' if communes > 1 else ''}, {habitants}"
        )

    @property
    def blocages(self) -> tuple[Controle, ...]:
        return tuple(c for c in self.controles if c.gravite is Gravite.BLOCAGE)

    @property
    def a_transferer(self) -> tuple[Prise, ...]:
        """The chosen EPCI that another territory holds: saving moves them, if it is confirmed."""
        choisis = {e.siren for e in self.choisis}
        return tuple(p for p in self.ailleurs if p.siren in choisis)

    @property
    def interdits(self) -> tuple[Controle, ...]:
        """What no confirmation lifts."""
        return tuple(c for c in self.blocages if c.code != "unicite")

    @property
    def requete(self) -> str:
        """The address of this draft, without the question mark."""
        lu = QueryDict(mutable=True)
        lu["politique"] = self.ressort.processus.slug
        if self.territoire:
            lu["territoire"] = self.territoire.slug
        lu["le"] = self.le.isoformat()
        lu.setlist("epci", [e.siren for e in self.choisis])
        return lu.urlencode()


def _n(nombre: int) -> str:
    return formater_nombre(nombre)


def lire_brouillon(agent: Agent, donnees: QueryDict, *, le: date | None = None) -> Brouillon:
    """Reads `politique`, `territoire`, `le`, `epci` (several). 404 when the policy is not the agent's.

    A territory named without any `epci` starts from its own composition. About nine queries.
    """
    politiques = politiques_de(agent)
    slug = donnees.get("politique", "")
    processus = (
        next((p for p in politiques if p.slug == slug), None) if slug else next(iter(politiques), None)
    )
    if processus is None:
        raise Http404(RESERVE_A_L_AUTORITE)
    ressort = ressort_de(processus)
    jour, refusee = (le, "") if le else _date(donnees.get("le", ""))
    territoire = _territoire(ressort, donnees.get("territoire", ""))
    sirens = tuple(dict.fromkeys(donnees.getlist("epci")))
    if not sirens and territoire and "depart" not in donnees:
        sirens = perimetre(territoire, jour).epci
    candidats = epci_au(jour, ressort.departements, avec=[s for s in sirens if s.isdecimal()])
    par_siren = {e.siren: e for e in candidats}
    choisis = tuple(e for e in candidats if e.siren in sirens)
    inconnus = tuple(s[:30] for s in sirens if s not in par_siren)
    autres = [pk for pk in ressort.territoires if territoire is None or pk != territoire.pk]
    ailleurs = prises(jour, autres)
    return Brouillon(
        tuple(politiques),
        ressort,
        jour,
        refusee,
        territoire,
        candidats,
        choisis,
        inconnus,
        ailleurs,
        _controler(ressort, jour, candidats, choisis, inconnus, ailleurs),
    )


def _date(texte: str) -> tuple[date, str]:
    if not texte:
        return date.today(), ""
    try:
        return date.fromisoformat(texte), ""
    except ValueError:
        return date.today(), texte[:20]


def _territoire(ressort: Ressort, slug: str) -> Territoire | None:
    if not slug:
        return None
    trouve = next((t for t in ressort.territoires.values() if t.slug == slug), None)
    if trouve is None:
        raise Http404("Ce territoire n’existe pas dans cette politique.")
    return trouve


def _controler(
    ressort: Ressort,
    le: date,
    candidats: tuple[EpciLu, ...],
    choisis: tuple[EpciLu, ...],
    inconnus: tuple[str, ...],
    ailleurs: tuple[Prise, ...],
) -> tuple[Controle, ...]:
    lus = controles.controle_choix(choisis, inconnus)
    if not choisis:
        return tuple(lus)
    lus += [
        controles.controle_unicite(choisis, ailleurs, le),
        controles.controle_continuite(choisis, ilots([c.code for e in choisis for c in e.communes])),
        controles.controle_departements(choisis, ressort.departements, nom_du_departement),
        controles.controle_population(choisis, ressort.seuil),
        controles.controle_donnees(choisis, _connus()),
        controles.controle_restes(
            choisis, candidats, ailleurs, communes_sans_epci(le, ressort.departements), ressort.departements
        ),
    ]
    ordre = list(reversed(Gravite))
    return tuple(sorted(lus, key=lambda c: ordre.index(c.gravite)))


def _connus() -> Mapping[str, int]:
    try:
        return ouvrir(settings.ARPENT_DONNEES).epci.rangs
    except ObservatoireVide:
        return {}


def lire(brouillon: Brouillon) -> Lecture:
    """The figures of the draft, under the policy it is drawn in. Raises as `lire_perimetre`. Two queries."""
    ressort = brouillon.ressort
    evaluer = partial(evaluer_perimetre, politique_de(ressort.processus.pk), ressort.autorite)
    return lire_perimetre(brouillon.nom, brouillon.perimetre, evaluer_avec=evaluer)
