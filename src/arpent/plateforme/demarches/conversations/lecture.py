"""Reading a conversation: who may, what was said, who will read what is about to be said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from django.core.paginator import Page, Paginator
from django.db.models import F
from django.urls import reverse

from arpent.plateforme.acteurs.lecteurs import agents_du_perimetre
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.acteurs.remarques import maison_de, maisons_de

from ..acces import peut_sur
from ..models import Demarche
from ..reunions.objets import Cle, GenreObjet, ObjetLu, adresse, genre, genres_listes
from .models import Message

PAR_PAGE = 20


@dataclass(frozen=True, slots=True)
class Sujet:
    """What a conversation is about: an object of a démarche, that somebody may read."""

    demarche: Demarche
    genre: GenreObjet
    objet_id: int
    lu: ObjetLu

    @property
    def url(self) -> str:
        return adresse(self.demarche, self.genre.code, self.objet_id)

    @property
    def url_du_fil(self) -> str:
        """Where the conversation is read: the page of its object, else its own."""
        if self.genre.integre:
            return f"{self.url.partition('#')[0]}#conversation"
        return reverse("conversations:fil", args=[self.demarche.slug, self.genre.code, self.objet_id])


def trouver(agent: Agent, demarche: Demarche, code: str, objet_id: int) -> Sujet | None:
    """The object, when the agent may read it. The queries of its kind."""
    nature = genre(code)
    if nature is None or not peut_sur(agent, nature.droit, demarche):
        return None
    lu = nature.lire([(demarche.pk, objet_id)]).get((demarche.pk, objet_id))
    return Sujet(demarche, nature, objet_id, lu) if lu is not None and lu.lisible(agent) else None


def lisible(agent: Agent, demarche: Demarche, code: str, objet_id: int) -> bool:
    """Whether the agent reads that object of a démarche of its perimeter."""
    return trouver(agent, demarche, code, objet_id) is not None


def lire_plusieurs(
    agent: Agent, demandes: Iterable[tuple[Demarche, str, int]]
) -> Mapping[tuple[int, str, int], Sujet]:
    """Those that the agent may read among objects of several kinds. The queries of each kind, once."""
    par_genre: dict[str, dict[Cle, Demarche]] = defaultdict(dict)
    for demarche, code, objet_id in demandes:
        par_genre[code][demarche.pk, objet_id] = demarche
    sujets = {}
    for code, cles in par_genre.items():
        nature = genre(code)
        if nature is None:
            continue
        for cle, lu in nature.lire(list(cles)).items():
            demarche = cles[cle]
            if peut_sur(agent, nature.droit, demarche) and lu.lisible(agent):
                sujets[demarche.pk, code, cle[1]] = Sujet(demarche, nature, cle[1], lu)
    return sujets


def proposes(agent: Agent, demarche: Demarche) -> dict[str, list[Sujet]]:
    """By label of their kind, the objects that the agent reads and may choose. Three queries a kind."""
    listes = {g: [o.id for o in g.lister(demarche)] for g in genres_listes() if g.lister}
    lus = lire_plusieurs(agent, [(demarche, g.code, pk) for g, ids in listes.items() for pk in ids])
    par_genre = {
        g.libelle: [lus[cle] for pk in ids if (cle := (demarche.pk, g.code, pk)) in lus]
        for g, ids in listes.items()
    }
    return {libelle: sujets for libelle, sujets in par_genre.items() if sujets}


def lecteurs_de(sujet: Sujet) -> list[Agent]:
    """Whoever reads what is shared about it, by name. Two queries."""
    agents = agents_du_perimetre(
        sujet.genre.droit,
        territoire_id=sujet.demarche.territoire_id,
        autorite_id=sujet.demarche.autorite.pk,
    )
    return [a for a in agents if sujet.lu.lisible(a)]


@dataclass(frozen=True, slots=True)
class Public:
    """Who will read: all those who see the object, or one's own people among them."""

    lecteurs: Sequence[Agent]
    tous: int
    maison_id: int | None
    maison: str
    des_notres: int

    @property
    def partage(self) -> str:
        return _personnes(self.tous)

    @property
    def entre_nous(self) -> str:
        return _personnes(self.des_notres)


def _personnes(nombre: int) -> str:
    return "une personne" if nombre == 1 else f"{nombre} personnes"


def public_de(sujet: Sujet, agent: Agent, maison_id: int | None = None) -> Public:
    """Who reads it; the « entre nous » of that body, by default the one the agent writes for. 3 queries."""
    maison_id = maison_id or maison_de(agent)
    lecteurs = lecteurs_de(sujet)
    nom = ""
    if maison_id is not None:
        nom = Organisation.objects.values_list("nom", flat=True).get(pk=maison_id)
    notres = sum(maison_id in maisons_de(a) for a in lecteurs)
    return Public(lecteurs, len(lecteurs), maison_id, nom, notres)


@dataclass(slots=True)
class Fil:
    """A message and its answers. `regle`: whether the reader may settle it or open it again."""

    racine: Message
    regle: bool
    reponses: list[Message] = field(default_factory=list)


def peut_regler(agent: Agent, racine: Message, demarche: Demarche) -> bool:
    """Its author, the people of the body it comes from, whoever runs the démarche. No query."""
    return (
        racine.auteur_id == agent.pk
        or racine.organisation_id in maisons_de(agent)
        or bool(peut_sur(agent, "demarche.conduire", demarche))
    )


def lire_fils(sujet: Sujet, agent: Agent, page: str | None = None) -> tuple[list[Fil], Page[Message]]:
    """A page of threads that the agent may read, the open ones first, then the latest. Five queries."""
    tous = Message.objects.visibles_par(agent).filter(
        demarche=sujet.demarche, genre=sujet.genre.code, objet_id=sujet.objet_id
    )
    racines = tous.filter(reponse_a=None).select_related("organisation").prefetch_related("mentions")
    feuille = Paginator(racines.order_by(F("resolu_le").asc(nulls_first=True), "-pk"), PAR_PAGE).get_page(
        page
    )
    fils = {m.pk: Fil(m, peut_regler(agent, m, sujet.demarche)) for m in feuille.object_list}
    reponses = tous.filter(reponse_a__in=list(fils)).select_related("organisation")
    for reponse in reponses.prefetch_related("mentions").order_by("ecrit_le", "pk"):
        fils[reponse.reponse_a_id or 0].reponses.append(reponse)
    return list(fils.values()), feuille
