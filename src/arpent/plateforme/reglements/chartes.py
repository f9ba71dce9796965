"""What changes the charter of an authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.documents.chartes import CHAMPS, exiger_couleur, poser_logo
from arpent.plateforme.documents.models import Charte
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.socle.versions import ConflitDeVersion, enregistrer_version


@transaction.atomic
def enregistrer_charte(
    autorite: Organisation,
    valeurs: Mapping[str, Any],
    *,
    version_lue: int,
    image: bytes | None,
    retirer_logo: bool,
    par: Agent | None,
) -> Charte:
    """Saves it. CharteRefusee (by field); ConflitDeVersion when somebody saved meanwhile."""
    couleur = exiger_couleur(str(valeurs["couleur"] or "").strip())
    charte = Charte.objects.select_for_update().filter(autorite_id=autorite.pk).first()
    if charte is None:
        charte = Charte(autorite_id=autorite.pk)
    elif charte.version != version_lue:
        raise ConflitDeVersion(charte, [])
    avant = {nom: getattr(charte, nom) for nom in (*CHAMPS, "logo_sha256")}
    for nom in CHAMPS:
        setattr(charte, nom, str(valeurs[nom] or "").strip())
    charte.couleur = couleur
    if image is not None:
        poser_logo(charte, image)
    elif retirer_logo:
        charte.logo, charte.logo_sha256 = "", ""
    if charte.pk is None:
        charte.save(force_insert=True)
    else:
        enregistrer_version(charte, version_lue, [*CHAMPS, "logo", "logo_sha256"])
    consigner(
        "modifier_charte", sur=charte, par=par, libelle=f"Charte : {autorite}", avant=avant,
        apres={nom: getattr(charte, nom) for nom in (*CHAMPS, "logo_sha256")},
    )  # fmt: skip
    return charte
