"""The kinds of this room that have a conversation: the territory itself, its meetings, their decisions."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.urls import reverse

from arpent.plateforme.socle.templatetags.formats import date_fr

from ..models import Demarche
from ..reunions.models import Reunion
from ..reunions.models_suites import Decision
from ..reunions.objets import Cle, GenreObjet, Objet, ObjetLu, declarer


def _aucun(_: Demarche, __: str) -> Sequence[Objet]:
    return ()


def lire_territoires(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """The number of the territory is that of its démarche. One query."""
    lues = Demarche.objects.filter(pk__in={d for d, pk in cles if d == pk}).select_related("territoire")
    return {(d.pk, d.pk): ObjetLu(d.territoire.nom) for d in lues.order_by()}


def lire_reunions(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """Those that a démarche holds or attends. Two queries."""
    lues: dict[Cle, ObjetLu] = {}
    reunions = Reunion.objects.filter(pk__in={pk for _, pk in cles}).order_by().prefetch_related("autres")
    for r in reunions.defer("synthese", "message"):
        for d in {r.demarche_id, *(a.pk for a in r.autres.all())}:
            lues[d, r.pk] = ObjetLu(r.titre)
    return {cle: lu for cle, lu in lues.items() if cle in set(cles)}


def lire_decisions(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """Those of the meetings that a démarche holds. One query."""
    decisions = Decision.objects.filter(pk__in={pk for _, pk in cles}).select_related("reunion").order_by()
    lues = {
        (d.reunion.demarche_id, d.pk): ObjetLu(f"Décision {d.numero}\N{NO-BREAK SPACE}: {d.texte[:120]}")
        for d in decisions
    }
    return {cle: lu for cle, lu in lues.items() if cle in set(cles)}


def lister_reunions(demarche: Demarche) -> Sequence[Objet]:
    """The last ones and those to come, the latest first. One query."""
    lues = Reunion.objects.de(demarche).order_by("-jour", "-pk").only("titre", "jour")[:20]
    return [Objet("reunion", r.pk, f"{r.titre}, {date_fr(r.jour)}") for r in lues]


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "territoire", "Territoire", _aucun, lambda demarche, _pk: demarche.get_absolute_url(),
            lire=lire_territoires, ce="ce territoire", cherche=False,
        )
    )  # fmt: skip
    declarer(
        GenreObjet(
            "reunion", "Réunion", _aucun,
            lambda demarche, pk: reverse("reunions:reunion", args=[demarche.slug, pk]),
            lire=lire_reunions, droit="reunion.voir", ce="cette réunion", cherche=False,
            lister=lister_reunions,
        )
    )  # fmt: skip
    declarer(
        GenreObjet(
            "decision", "Décision de réunion", _aucun,
            lambda demarche, pk: reverse("reunions:decision", args=[demarche.slug, pk]),
            lire=lire_decisions, droit="reunion.voir", ce="cette décision", cherche=False,
        )
    )  # fmt: skip
