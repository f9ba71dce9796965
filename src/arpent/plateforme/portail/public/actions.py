"""Opening, wording and closing the public site; publishing and withdrawing a document."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.documents.models import DocumentEmis, PublicationDocument
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.reglements.models import Dispositif, SitePublic
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version

CHAMPS = ("presentation", "contact", "editeur")


class SiteRefuse(ValueError):
    """Why the site cannot open, or a document cannot be published; French."""


def site_de(dispositif: Dispositif) -> SitePublic:
    """Its site, or one not saved yet. One query."""
    return SitePublic.objects.filter(dispositif=dispositif).first() or SitePublic(dispositif=dispositif)


@transaction.atomic
def regler_site(
    dispositif: Dispositif, valeurs: Mapping[str, str], *, ouvert: bool, version_lue: int, par: Agent | None
) -> SitePublic:
    """Saves the words, opens or closes. SiteRefuse; ConflitDeVersion when somebody saved meanwhile.

    The law wants to know who publishes (loi n° 2004-575 du 21 juin 2004, art. 1-1): no opening without it.
    """
    Dispositif.objects.select_for_update(of=("self",)).get(pk=dispositif.pk)
    site = site_de(dispositif)
    if site.pk and site.version != version_lue:
        raise ConflitDeVersion(site, [])
    lues = {nom: str(valeurs.get(nom) or "").strip() for nom in CHAMPS}
    if ouvert and not lues["editeur"]:
        raise SiteRefuse(
            "Dites qui édite le site et qui dirige la publication : la loi demande que chacun puisse le lire."
        )
    avant = {nom: getattr(site, nom) for nom in CHAMPS} | {"ouvert": site.ouvert_le is not None}
    for nom, valeur in lues.items():
        setattr(site, nom, valeur)
    site.ouvert_le = (site.ouvert_le or timezone.now()) if ouvert else None
    if site.pk is None:
        site.save(force_insert=True)
    else:
        enregistrer_version(site, version_lue, [*CHAMPS, "ouvert_le"])
    apres = lues | {"ouvert": ouvert}
    if avant != apres:
        consigner("regler_site_public", sur=dispositif, par=par, avant=avant, apres=apres)
    return site


@transaction.atomic
def publier_document(document: DocumentEmis, *, par: Agent | None) -> None:
    """Anybody may read it from now on; published twice, it is published once."""
    _, neuf = PublicationDocument.objects.get_or_create(document=document)
    if neuf:
        consigner("publier_document", sur=document, par=par, demarche_id=document.demarche_id)


@transaction.atomic
def retirer_document(document: DocumentEmis, *, par: Agent | None) -> None:
    """It is no longer on the site; who has downloaded it keeps it."""
    retires, _ = PublicationDocument.objects.filter(document=document).delete()
    if retires:
        consigner("depublier_document", sur=document, par=par, demarche_id=document.demarche_id)
