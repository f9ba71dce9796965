"""The avenants that a point or a decision of a meeting may be about, and the articles that were drafted."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Q
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import GenreObjet, Objet, declarer

from .models import ArticleRedige, Avenant


def chercher_avenants(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """By its number, or by words of its object; those in preparation are not handed down. One query."""
    condition = Q(objet__icontains=texte)
    if texte.isdecimal() and len(texte) < 5:
        condition |= Q(numero=int(texte))
    proposes = Avenant.objects.filter(condition, contrat__demarche=demarche, numero__isnull=False)
    return [
        Objet("avenant", a.pk, f"Avenant n° {a.numero}\N{NO-BREAK SPACE}: {a.objet}")
        for a in proposes.order_by("numero")[:9]
    ]


def chercher_articles(demarche: Demarche, texte: str) -> Sequence[Objet]:
    """Articles that the drafters rewrote or added, by words of their title or by their code. One query."""
    rediges = ArticleRedige.objects.filter(
        Q(titre__icontains=texte) | Q(code__iexact=texte), contrat__demarche=demarche, retire=False
    )
    return [Objet("article", a.pk, a.titre or a.code) for a in rediges.order_by("pk")[:9]]


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "avenant",
            "Avenant",
            chercher_avenants,
            lambda demarche, pk: reverse("contrats:avenant", args=[demarche.slug, pk]),
        )
    )
    declarer(
        GenreObjet(
            "article",
            "Article du contrat",
            chercher_articles,
            lambda demarche, _pk: reverse("contrats:redaction", args=[demarche.slug]),
        )
    )
