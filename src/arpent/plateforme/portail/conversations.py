"""The threads somebody takes part in, wherever they are held: objects, fiches, articles of a contract."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, cast

from django.core.paginator import Page, Paginator
from django.db.models import CharField, Exists, Max, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.urls import reverse

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.remarques import RemarqueAbstraite
from arpent.plateforme.contrats.models import RemarqueArticle
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.conversations.lecture import lire_plusieurs
from arpent.plateforme.demarches.conversations.models import Message
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Commentaire, Fiche

PAR_PAGE = 20


@dataclass(frozen=True, slots=True)
class Discussion:
    """A thread: what it is about, how it began, whether a mention there waits for an answer."""

    titre: str
    territoire: str
    url: str
    racine: RemarqueAbstraite
    dernier: datetime
    attend: bool


@dataclass(frozen=True, slots=True)
class MesConversations:
    """A page of threads, and how many of them wait for me over all pages."""

    feuille: Page[Any]
    discussions: list[Discussion]


def _du_fil(modele: Any) -> Any:
    """The messages of the thread that begins with the outer row."""
    return modele.objects.filter(Q(pk=OuterRef("pk")) | Q(reponse_a=OuterRef("pk"))).order_by()


def _les_miennes(visibles: QuerySet[Any], agent: Agent, source: str) -> QuerySet[Any]:
    """(source, pk, waits, last) of the threads where I wrote or am mentioned, among those I may read.

    A thread waits while it is open and somebody mentioned me there since I last wrote in it.
    """
    modele: Any = visibles.model
    rows: Any = visibles
    fil = _du_fil(modele)
    dites = modele.objects.filter(
        Q(pk=OuterRef(OuterRef("pk"))) | Q(reponse_a=OuterRef(OuterRef("pk"))), auteur=agent
    )
    derniere_mienne = dites.order_by().values("auteur").annotate(le=Max("ecrit_le")).values("le")
    depuis = (
        fil.filter(mentions=agent)
        .exclude(auteur=agent)
        .filter(ecrit_le__gt=Coalesce(Subquery(derniere_mienne), Value(datetime(1, 1, 2, tzinfo=UTC))))
    )
    du_fil = modele.objects.filter(reponse_a=OuterRef("pk")).order_by()
    derniere = du_fil.values("reponse_a").annotate(le=Max("ecrit_le")).values("le")
    rows = (
        rows.filter(reponse_a=None)
        .filter(Exists(fil.filter(Q(auteur=agent) | Q(mentions=agent))))
        .annotate(
            source=Value(source, output_field=CharField()),
            attend=Exists(depuis) & Q(resolu_le__isnull=True),
            dernier=Coalesce(Subquery(derniere), "ecrit_le"),
        )
        .order_by()
        .values_list("source", "pk", "attend", "dernier")
    )
    return cast("QuerySet[Any]", rows)


def _visibles(agent: Agent) -> dict[str, QuerySet[Any]]:
    demarches = Demarche.objects.visibles_par(agent)
    fiches = Fiche.objects.visibles_par(agent).order_by().values("pk")
    return {
        "message": Message.objects.visibles_par(agent),
        "fiche": Commentaire.objects.visibles_par(agent).filter(
            fiche__in=fiches, genre=Commentaire.Genre.REMARQUE
        ),
        "article": RemarqueArticle.objects.visibles_par(agent).filter(
            contrat__demarche__in=demarches.order_by().values("pk")
        ),
    }


def mes_conversations(agent: Agent, page: str | None) -> MesConversations:
    """Those with an unanswered mention first, then the latest. Twenty queries at most, whatever their number.

    An object whose kind is no longer read by the agent is left out of the page.
    """
    visibles = _visibles(agent)
    lignes = [_les_miennes(rows, agent, source) for source, rows in visibles.items()]
    ensemble = lignes[0].union(*lignes[1:], all=True).order_by("-attend", "-dernier", "source", "-pk")
    feuille = Paginator(ensemble, PAR_PAGE).get_page(page)
    return MesConversations(feuille, _lire(agent, list(feuille.object_list)))


def _lire(agent: Agent, lignes: Iterable[tuple[str, int, bool, datetime]]) -> list[Discussion]:
    lignes = list(lignes)
    pks: dict[str, list[int]] = defaultdict(list)
    for source, pk, _, _ in lignes:
        pks[source].append(pk)
    contexte = "demarche__territoire", "demarche__version_processus__processus__autorite"
    lourd = "demarche__version_processus__definition"
    lus: dict[tuple[str, int], tuple[RemarqueAbstraite, str, Demarche, str]] = {}
    messages = list(Message.objects.filter(pk__in=pks["message"]).select_related(*contexte).defer(lourd))
    sujets = lire_plusieurs(agent, [(m.demarche, m.genre, m.objet_id) for m in messages])
    for m in messages:
        if sujet := sujets.get((m.demarche_id, m.genre, m.objet_id)):
            titre = f"{sujet.genre.libelle}\N{NO-BREAK SPACE}: {sujet.lu.libelle}"
            lus["message", m.pk] = m, titre, m.demarche, sujet.url_du_fil
    commentaires = Commentaire.objects.filter(pk__in=pks["fiche"])
    for c in commentaires.select_related("fiche__demarche__territoire"):
        url = f"{c.fiche.get_absolute_url()}#echanges"
        titre = f"Fiche {c.fiche.numero}\N{NO-BREAK SPACE}: {c.fiche.titre}"
        lus["fiche", c.pk] = c, titre, c.fiche.demarche, url
    remarques = RemarqueArticle.objects.filter(pk__in=pks["article"])
    liens = [f"contrat__{lien}" for lien in contexte]
    for r in remarques.select_related(*liens).defer(f"contrat__{lourd}"):
        demarche = r.contrat.demarche
        if peut_sur(agent, "contrat.voir", demarche):
            url = reverse("contrats:article", args=[demarche.slug, r.article]) + "#remarques"
            lus["article", r.pk] = r, f"Contrat, article « {r.article} »", demarche, url
    discussions = []
    for source, pk, attend, dernier in lignes:
        if trouve := lus.get((source, pk)):
            racine, titre, demarche, url = trouve
            discussions.append(Discussion(titre, demarche.territoire.nom, url, racine, dernier, bool(attend)))
    return discussions
