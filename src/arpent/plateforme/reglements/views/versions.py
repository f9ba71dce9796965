"""The versions of a règlement, readable for ever, compared two by two; the schema of its files."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from arpent.plateforme.acteurs.acces import page, publique

from .. import presentation
from ..differences import comparer_textes
from ..models import Dispositif, VersionReglement
from ..parametres import lignes_du_jour
from ..schema import validateur
from .brouillons import en_yaml


def _versions(slug: str) -> tuple[Dispositif, list[VersionReglement]]:
    """The dispositif and its versions, the last in force first. Two queries."""
    dispositif = get_object_or_404(Dispositif.objects.select_related("autorite"), slug=slug)
    return dispositif, list(dispositif.versions.order_by("-en_vigueur_le", "-numero"))


def _choisir(versions: list[VersionReglement], numero: int) -> VersionReglement:
    trouvee = next((v for v in versions if v.numero == numero), None)
    if trouvee is None:
        raise Http404("Cette version n’existe pas.")
    return trouvee


@page("dispositif.voir")
def version(request: HttpRequest, slug: str, numero: int) -> HttpResponse:
    """One version, article by article. Three queries."""
    dispositif, versions = _versions(slug)
    choisie = _choisir(versions, numero)
    reglement = presentation.lire_version(choisie)
    rang = versions.index(choisie)
    contexte = {
        "dispositif": dispositif,
        "version": choisie,
        "versions": versions,
        "autres": [v for v in versions if v.pk != choisie.pk],
        "precedente": versions[rang + 1] if rang + 1 < len(versions) else None,
        "articles": presentation.articles(reglement, lignes_du_jour()),
    }
    return render(request, "reglements/version.html", contexte)


@page("dispositif.voir")
def version_differences(request: HttpRequest, slug: str, numero: int, autre: int) -> HttpResponse:
    """What changed from version `autre` to version `numero`."""
    dispositif, versions = _versions(slug)
    apres, avant = _choisir(versions, numero), _choisir(versions, autre)
    contexte = {
        "dispositif": dispositif,
        "avant": avant,
        "apres": apres,
        "versions": versions,
        "differences": comparer_textes(
            avant.contenu,
            apres.contenu,
            lignes_du_jour(),
            demonstration=(avant.demonstration, apres.demonstration),
        ),
    }
    return render(request, "reglements/version_differences.html", contexte)


@page("dispositif.voir")
def version_export(request: HttpRequest, slug: str, numero: int) -> HttpResponse:
    """The version as a YAML file."""
    dispositif, versions = _versions(slug)
    choisie = _choisir(versions, numero)
    return en_yaml(f"{dispositif.slug}-version-{choisie.numero}", choisie.contenu)


@publique()
def schema_reglement(request: HttpRequest) -> HttpResponse:
    """The JSON Schema of a règlement file, for editors and for those who write files by hand."""
    schema = {
        "$id": request.build_absolute_uri(reverse("reglements:schema_reglement")),
        **validateur().schema,
    }
    return JsonResponse(
        schema, json_dumps_params={"ensure_ascii": False, "indent": 2}, content_type="application/schema+json"
    )
