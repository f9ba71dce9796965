"""The enjeux that a point or a decision of a meeting may be about."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import (
    PROPOSES_MAX,
    Cle,
    GenreObjet,
    Objet,
    ObjetLu,
    declarer,
)

from .models import Enjeu


def chercher_enjeux(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By its priority, or by words. One query."""
    condition = Q(libelle__icontains=texte)
    if texte.isdecimal() and len(texte) < 5:
        condition |= Q(priorite=int(texte))
    return [Objet("enjeu", e.pk, e.libelle) for e in Enjeu.objects.filter(condition, demarche=demarche)[:9]]


def lister_enjeux(demarche: Demarche) -> Sequence[Objet]:
    """By priority. One query."""
    enjeux = Enjeu.objects.filter(demarche=demarche).order_by("priorite", "pk")[:PROPOSES_MAX]
    return [Objet("enjeu", e.pk, e.libelle) for e in enjeux]


def lire_enjeux(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """One query."""
    enjeux = Enjeu.objects.filter(pk__in={pk for _, pk in cles}).order_by()
    lus = {(e.demarche_id, e.pk): ObjetLu(e.libelle) for e in enjeux}
    return {cle: lu for cle, lu in lus.items() if cle in set(cles)}


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "enjeu",
            "Enjeu du diagnostic",
            chercher_enjeux,
            lambda demarche, pk: f"{reverse('diagnostics:constats', args=[demarche.slug])}#enjeu-{pk}",
            lire=lire_enjeux,
            droit="diagnostic.voir",
            ce="cet enjeu",
            integre=False,
            lister=lister_enjeux,
        )
    )
