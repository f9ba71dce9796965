"""What surrounds the list of a plan: one query, whatever the plan holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BigIntegerField, CharField, QuerySet, Value
from django.db.models.functions import Cast

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.recherche import plier
from arpent.plateforme.territoires.models import Composition
from arpent.plateforme.territoires.perimetres import en_cours

from .listes import Totaux, en_euros, sommes_exactes
from .models import Axe, Fiche, VueEnregistree
from .realises import fiches_a_part
from .vues import Vue, rang_de_vue, vues_lisibles


@dataclass(frozen=True, slots=True)
class AxeDuPlan:
    """One axis in the summary band: what is shown of it (filters included) and the enjeux it answers."""

    pk: int | None
    numero: int
    libelle: str
    totaux: Totaux
    enjeux: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reperes:
    """What surrounds the list of a plan: its axes, what one may choose from, the totals, the saved views.

    `a_part`: how many projects carried out are out of these totals (`models.est_a_part`).
    """

    axes: tuple[AxeDuPlan, ...]
    sans_axe: Totaux
    themes: dict[str, str]
    enjeux: dict[str, str]
    epci: dict[str, str]
    totaux: Totaux
    vues: list[Vue]
    a_part: int = 0


_FORME = ("genre", "cle", "rang", "texte", "code", "nombre", "cout", "acquis", "aide", "accordee")


def _sans_sommes(queryset: QuerySet[Any], genre: str, cle: str, rang: Any, texte: str, code: str) -> Any:
    """Rows of the union that carry words, not sums."""
    zero = Value(0, output_field=BigIntegerField())
    mots = {
        "genre": Value(genre, output_field=CharField()),
        "cle": Cast(cle, BigIntegerField()),
        "rang": Cast(rang, BigIntegerField()),
        "texte": Cast(texte, CharField()),
        "code": Cast(code, CharField()),
    }
    return (
        queryset.order_by()
        .annotate(**{f"u_{n}": e for n, e in mots.items()}, **{f"u_{n}": zero for n in _FORME[5:]})
        .values_list(*(f"u_{n}" for n in _FORME))
    )


def _sommees(fiches: QuerySet[Fiche], genre: str) -> Any:
    """Rows of the union that carry sums, an axis each."""
    vide = Value("", output_field=CharField())
    return (
        fiches.order_by()
        .annotate(
            u_genre=Value(genre, output_field=CharField()),
            u_cle=Cast("axe_id", BigIntegerField()),
            u_rang=Value(0, output_field=BigIntegerField()),
            u_texte=vide,
            u_code=vide,
        )
        .values("u_genre", "u_cle", "u_rang", "u_texte", "u_code")
        .annotate(**{f"u_{n}": e for n, e in sommes_exactes().items()})
        .values_list(*(f"u_{n}" for n in _FORME))
    )


def reperes(demarche: Demarche, fiches: QuerySet[Fiche], agent: Agent) -> Reperes:
    """All that surrounds the list, in one query (a union): a page counts its queries."""
    themes = Theme.objects.filter(dispositif__processus=demarche.version_processus.processus_id)
    axes = Axe.objects.filter(demarche=demarche)
    liens = Axe.enjeux.through.objects.filter(axe__demarche=demarche)
    enjeux = Enjeu.objects.filter(demarche=demarche)
    compose = Composition.objects.filter(en_cours(date.today()), territoire=demarche.territoire_id)
    vues = vues_lisibles(agent, VueEnregistree.Liste.PLAN, demarche)
    rows = list(
        _sommees(fiches, "somme").union(
            _sommees(fiches_a_part(demarche, agent), "a_part"),
            _sans_sommes(themes, "theme", "pk", "ordre", "libelle", "code"),
            _sans_sommes(axes, "axe", "pk", "numero", "libelle", "numero"),
            _sans_sommes(liens, "enjeu", "axe_id", "enjeu__priorite", "enjeu__libelle", "enjeu_id"),
            _sans_sommes(enjeux, "choix", "pk", "priorite", "libelle", "pk"),
            _sans_sommes(compose, "epci", "pk", "pk", "groupement__nom", "groupement_id"),
            _sans_sommes(vues, "vue", "pk", rang_de_vue(agent), "nom", "requete"),
            all=True,
        )
    )
    return _assembler(rows)


def _assembler(rows: Iterable[tuple[Any, ...]]) -> Reperes:
    par_axe: dict[int | None, Totaux] = {}
    a_part = 0
    mots: dict[str, list[tuple[int, int, str, str]]] = defaultdict(list)
    for genre, cle, rang, texte, code, nombre, *sommes in rows:
        if genre == "somme":
            par_axe[cle] = Totaux(nombre, *map(en_euros, sommes))
        elif genre == "a_part":
            a_part += nombre
        else:
            mots[genre].append((rang, cle, texte, str(code)))
    enjeux: dict[int, list[str]] = {}
    for _, axe, texte, _ in sorted(mots["enjeu"]):
        enjeux.setdefault(axe, []).append(texte)
    axes = tuple(
        AxeDuPlan(pk, numero, texte, par_axe.get(pk, Totaux()), tuple(enjeux.get(pk, ())))
        for numero, pk, texte, _ in sorted(mots["axe"])
    )
    choix = {
        genre: {code: texte for _, _, texte, code in sorted(mots[genre])}
        for genre in ("theme", "choix", "epci")
    }
    vues = [Vue(pk, texte, requete, rang) for rang, pk, texte, requete in mots["vue"]]
    return Reperes(
        axes,
        par_axe.get(None, Totaux()),
        choix["theme"],
        choix["choix"],
        choix["epci"],
        sum(par_axe.values(), Totaux()),
        sorted(vues, key=lambda vue: plier(vue.nom)),
        a_part,
    )
