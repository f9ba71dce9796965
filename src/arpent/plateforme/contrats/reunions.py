"""The avenants that a point or a decision of a meeting may be about, and the articles that were drafted."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from django.db.models import Q, QuerySet, prefetch_related_objects
from django.urls import reverse

from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.objets import Cle, GenreObjet, Objet, ObjetLu, declarer

from .models import ArticleRedige, Avenant, Contrat


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


def adresse_article(demarche: Demarche, pk: int) -> str:
    """Its page; the list of the articles when it is no longer drafted. Two queries for all of a démarche."""
    prefetch_related_objects([demarche], "contrat__articles")
    contrat = getattr(demarche, "contrat", None)
    code = next((a.code for a in contrat.articles.all() if a.pk == pk), None) if contrat else None
    if code is None:
        return reverse("contrats:redaction", args=[demarche.slug])
    return reverse("contrats:article", args=[demarche.slug, code])


def chercher_contrats(demarche: Demarche, _: str) -> Sequence[Objet]:
    """A territory has one: whatever is typed, it is that one. One query."""
    return [Objet("contrat", c.pk, f"Contrat de {c.demarche.territoire.nom}") for c in _contrats(demarche.pk)]


def _contrats(*demarches: int) -> QuerySet[Contrat]:
    return Contrat.objects.filter(demarche__in=demarches).select_related("demarche__territoire").order_by()


def lire_contrats(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """One query."""
    contrats = _contrats(*{d for d, _ in cles})
    lus = {(c.demarche_id, c.pk): ObjetLu(f"Contrat de {c.demarche.territoire.nom}") for c in contrats}
    return {cle: lu for cle, lu in lus.items() if cle in set(cles)}


def lire_avenants(cles: Collection[Cle]) -> Mapping[Cle, ObjetLu]:
    """One query."""
    avenants = Avenant.objects.filter(pk__in={pk for _, pk in cles}).select_related("contrat").order_by()
    lus = {(a.contrat.demarche_id, a.pk): ObjetLu(str(a)) for a in avenants}
    return {cle: lu for cle, lu in lus.items() if cle in set(cles)}


def declarer_au_demarrage() -> None:
    declarer(
        GenreObjet(
            "contrat",
            "Contrat",
            chercher_contrats,
            lambda demarche, _pk: reverse("contrats:contrat", args=[demarche.slug]),
            lire=lire_contrats,
            droit="contrat.voir",
            ce="ce contrat",
            lister=lambda demarche: chercher_contrats(demarche, ""),
        )
    )
    declarer(
        GenreObjet(
            "avenant",
            "Avenant",
            chercher_avenants,
            lambda demarche, pk: reverse("contrats:avenant", args=[demarche.slug, pk]),
            lire=lire_avenants,
            droit="contrat.voir",
            ce="cet avenant",
        )
    )
    declarer(
        GenreObjet(
            "article",
            "Article du contrat",
            chercher_articles,
            adresse_article,
            droit="contrat.voir",
            converse=False,
        )
    )
