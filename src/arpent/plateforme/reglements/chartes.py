"""What changes the charter of an authority."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.documents.chartes import (
    CHAMPS,
    PoliceDeposee,
    exiger_bloc,
    exiger_couleur,
    lire_polices,
    polices_de,
    poser_logo,
    poser_polices,
    retirer_polices,
)
from arpent.plateforme.documents.models import Charte, PoliceCharte
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
    polices: Mapping[str, PoliceDeposee] | None = None,
    retirer_les_polices: bool = False,
) -> Charte:
    """Saves it. CharteRefusee (by field); ConflitDeVersion when somebody saved meanwhile.

    `polices`: the font files just sent, by use; those not sent stay, unless `retirer_les_polices`.
    """
    couleur = exiger_couleur(str(valeurs["couleur"] or "").strip())
    bloc = exiger_bloc(str(valeurs["bloc"] or ""))
    deposees = polices or {}
    charte = Charte.objects.select_for_update().filter(autorite_id=autorite.pk).first()
    if charte is None:
        charte = Charte(autorite_id=autorite.pk)
    elif charte.version != version_lue:
        raise ConflitDeVersion(charte, [])
    avant = _pour_le_journal(charte)
    gardees = {} if retirer_les_polices else polices_de(charte)
    nouvelles = lire_polices(gardees, deposees)
    for nom in CHAMPS:
        setattr(charte, nom, str(valeurs[nom] or "").strip())
    charte.couleur, charte.bloc = couleur, bloc
    if image is not None:
        poser_logo(charte, image)
    elif retirer_logo:
        charte.logo, charte.logo_sha256 = "", ""
    if charte.pk is None:
        charte.save(force_insert=True)
    else:
        enregistrer_version(charte, version_lue, [*CHAMPS, "logo", "logo_sha256"])
    if retirer_les_polices:
        retirer_polices(charte, list(PoliceCharte.Emploi))
    poser_polices(charte, nouvelles, deposees)
    consigner(
        "modifier_charte", sur=charte, par=par, libelle=f"Charte : {autorite}", avant=avant,
        apres=_pour_le_journal(charte),
    )  # fmt: skip
    return charte


def _pour_le_journal(charte: Charte) -> dict[str, Any]:
    polices = {p.emploi: f"{p.famille} ({p.sha256})" for p in polices_de(charte).values()}
    return {nom: getattr(charte, nom) for nom in (*CHAMPS, "logo_sha256")} | {"polices": polices}
