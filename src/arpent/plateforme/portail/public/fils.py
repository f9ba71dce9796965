"""What machines read of the public site: the feed of news, the map of the site, what robots may visit."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.feedgenerator import Rss201rev2Feed
from django.utils.xmlutils import SimplerXMLGenerator

from arpent.plateforme.acteurs.acces import publique
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.documents.rendu.texte import propre
from arpent.plateforme.reglements.models import SitePublic

from . import lecture
from .acces import DUREE, adresse_du_contrat, site_ouvert

NOUVELLES = 50
_NORME = "http://www.sitemaps.org/schemas/sitemap/0.9"
Nouvelle = tuple[date, Contrat, lecture.Jalon]


class FluxDuSite(Feed[Nouvelle, SitePublic]):
    """Contracts that take effect, avenants, published documents; the newest first, no name of a person."""

    feed_type = Rss201rev2Feed
    language = "fr"

    def get_object(self, request: HttpRequest, *args: Any, slug: str = "", **kwargs: Any) -> SitePublic:
        return site_ouvert(slug)

    def title(self, site: SitePublic) -> str:
        return propre(f"{site.dispositif.nom}, {site.dispositif.autorite.nom}")

    def link(self, site: SitePublic) -> str:
        return reverse("public:site", args=[site.dispositif.slug])

    def description(self, site: SitePublic) -> str:
        return propre(site.presentation or site.dispositif.presentation)

    def items(self, site: SitePublic) -> list[Nouvelle]:
        """Two queries, and two a contract."""
        aujourdhui, nouvelles = date.today(), []
        for contrat in lecture.contrats_de(site.dispositif):
            contrat.demarche.processus.dispositif = site.dispositif
            jalons = lecture.frise_du_contrat(contrat, None)
            publies = lecture.documents_publies(contrat.demarche_id)
            jalons += [lecture.Jalon(d.publication.publie_le.date(), f"Publié : {d.titre}") for d in publies]
            nouvelles += [(j.le, contrat, j) for j in jalons if j.le <= aujourdhui]
        return sorted(nouvelles, key=lambda n: n[0], reverse=True)[:NOUVELLES]

    def item_title(self, item: Nouvelle) -> str:
        return propre(f"{item[1].demarche.territoire.nom} : {item[2].titre}")

    def item_description(self, item: Nouvelle) -> str:
        return propre(item[2].detail)

    def item_link(self, item: Nouvelle) -> str:
        return adresse_du_contrat(item[1].demarche.processus.dispositif, item[1])

    def item_guid(self, item: Nouvelle) -> str:
        return propre(f"{item[1].pk}-{item[0]:%Y%m%d}-{item[2].titre}")

    item_guid_is_permalink = False

    def item_pubdate(self, item: Nouvelle) -> datetime:
        return datetime.combine(item[0], time(), tzinfo=UTC)


_flux = FluxDuSite()


@publique()
def flux(request: HttpRequest, slug: str) -> HttpResponse:
    reponse = _flux(request, slug=slug)
    reponse.headers["Cache-Control"] = f"public, max-age={DUREE}"
    return reponse


def _adresses() -> list[str]:
    """Every page of every open site. Two queries a site."""
    adresses = [reverse("public:sites")]
    for site in SitePublic.objects.ouverts().select_related("dispositif"):
        slug = site.dispositif.slug
        adresses += [reverse("public:site", args=[slug]), reverse("public:projets", args=[slug])]
        contrats = list(lecture.contrats_de(site.dispositif))
        adresses += [adresse_du_contrat(site.dispositif, c) for c in contrats]
        fiches = lecture.fiches_de(contrats).values_list("demarche__slug", "numero").order_by("pk")
        adresses += [reverse("public:projet", args=[slug, t, n]) for t, n in fiches]
    return adresses if len(adresses) > 1 else []


@publique()
def plan_du_site(request: HttpRequest) -> HttpResponse:
    """Sitemap of the open sites; 50,000 addresses at most, as the protocol wants."""
    reponse = HttpResponse(content_type="application/xml; charset=utf-8")
    xml = SimplerXMLGenerator(reponse, "utf-8")
    xml.startDocument()
    xml.startElement("urlset", AttributesImpl({"xmlns": _NORME}))
    for adresse in _adresses()[:50_000]:
        xml.startElement("url", AttributesImpl({}))
        xml.addQuickElement("loc", f"{settings.ARPENT_URL}{adresse}")
        xml.endElement("url")
    xml.endElement("urlset")
    xml.endDocument()
    reponse.headers["Cache-Control"] = f"public, max-age={DUREE}"
    return reponse


@publique()
def robots(request: HttpRequest) -> HttpResponse:
    """Robots read the public site and its static files, nothing else."""
    lignes = [
        "User-agent: *", f"Allow: {reverse('public:sites')}", "Allow: /statique/", "Disallow: /",
        f"Sitemap: {settings.ARPENT_URL}{reverse('public:plan_du_site')}", "",
    ]  # fmt: skip
    return HttpResponse("\n".join(lignes), content_type="text/plain; charset=utf-8")
