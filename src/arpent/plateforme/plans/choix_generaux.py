"""What one may choose from on the list of every territory: its themes, its enjeux, the saved views."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import CharField, QuerySet, Value
from django.db.models.functions import Cast, Concat

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.diagnostics.models import Enjeu
from arpent.plateforme.reglements.models import Theme
from arpent.plateforme.socle.recherche import plier

from .filtres import Filtre
from .listes import DemarcheLisible
from .models import VueEnregistree
from .vues import A_UN_AUTRE, D_OFFICE, LA_SIENNE, Vue, rang_de_vue, vues_lisibles

# Beyond, a list of enjeux is too long to choose from: the territory is asked first.
ENJEUX_DE_MAX = 30


class Mots(NamedTuple):
    """What is chosen: its code, its words, and the place they are said."""

    code: str
    texte: str
    ou: str


@dataclass(frozen=True, slots=True)
class ChoixGeneraux:
    """By code, the words to choose from. Without `enjeux_tous`, a territory must be named first."""

    themes: dict[str, str]
    enjeux: dict[str, str]
    enjeux_tous: bool
    vues: list[Vue]


def _mots(queryset: QuerySet[Any], genre: Any, code: str, texte: str, ou: str) -> Any:
    """Rows of the union: kind, code, words, place."""
    textes = {"u_code": code, "u_texte": texte, "u_ou": ou}
    return (
        queryset.order_by()
        .annotate(u_genre=genre, **{nom: Cast(champ, CharField()) for nom, champ in textes.items()})
        .values_list("u_genre", *textes)
    )


def _genre(mot: str) -> Value:
    return Value(mot, output_field=CharField())


def lire_choix(agent: Agent, demarches: list[DemarcheLisible], filtre: Filtre) -> ChoixGeneraux:
    """Of the démarches one may read (of those the filter names, for the enjeux). One query (a union)."""
    cherche = plier(filtre.territoire)
    nommees = [d.pk for d in demarches if not cherche or cherche in plier(d.territoire_nom)]
    tenable = len(nommees) <= ENJEUX_DE_MAX
    themes = Theme.objects.filter(dispositif__processus__in={d.processus_id for d in demarches})
    vues = vues_lisibles(agent, VueEnregistree.Liste.FICHES, None)
    rang = Concat(_genre("vue"), Cast(rang_de_vue(agent), CharField()))
    lectures = [_mots(vues, rang, "pk", "nom", "requete")]
    if tenable or filtre.enjeu.isdecimal():
        enjeux = Enjeu.objects.filter(demarche__in=nommees)
        choisis = enjeux if tenable else enjeux.filter(pk=int(filtre.enjeu))
        lectures.append(_mots(choisis, _genre("enjeu"), "pk", "libelle", "demarche__territoire__nom"))
    premiere = _mots(themes, _genre("theme"), "code", "libelle", "dispositif__nom")
    rows = premiere.union(*lectures, all=True)
    lus: dict[str, list[Mots]] = defaultdict(list)
    for genre, *mots in rows:
        lus[genre].append(Mots(*mots))
    for liste in lus.values():
        liste.sort(key=lambda mots: (plier(mots.texte), mots.ou, mots.code))
    trouvees = (
        Vue(int(mots.code), mots.texte, mots.ou, rang)
        for rang in (A_UN_AUTRE, LA_SIENNE, D_OFFICE)
        for mots in lus[f"vue{rang}"]
    )
    return ChoixGeneraux(
        nommer_par_code(lus["theme"]),
        nommer_par_code(lus["enjeu"]),
        tenable,
        sorted(trouvees, key=lambda vue: plier(vue.nom)),
    )


def nommer_par_code(rows: Iterable[Mots]) -> dict[str, str]:
    """By code, its words, in the order given.

    One code with two wordings says both; two codes with the same words are told apart by their place (the
    territory, the dispositif).
    """
    mots: dict[str, list[str]] = defaultdict(list)
    lieux: dict[str, list[str]] = defaultdict(list)
    for code, texte, ou in rows:
        for liste, valeur in ((mots[code], texte), (lieux[code], ou)):
            if valeur not in liste:
                liste.append(valeur)
    textes = {code: " / ".join(libelles) for code, libelles in mots.items()}
    fois = Counter(map(plier, textes.values()))
    return {
        code: f"{texte} ({', '.join(lieux[code])})" if fois[plier(texte)] > 1 else texte
        for code, texte in textes.items()
    }
