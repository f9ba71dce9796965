"""The look of an authority on its documents: logo, colour, header, address. Uploaded, never coded."""

from __future__ import annotations

import re
from contextlib import suppress

from django.core.files.base import ContentFile

from .donnees_charte import CharteDoc
from .empreinte import empreinte
from .models import Charte
from .rendu.photo import LogoIllisible, logo

CHAMPS = ("couleur", "entete", "pied", "fait_a")
COULEUR = "#17573c"
CONTRASTE_MINIMAL = 4.5
"""WCAG 2.2, 1.4.3 (AA): of the titles on a white page."""
LOGO_MAX = 2 * 1024**2
_HEXA = re.compile(r"#[0-9a-fA-F]{6}")


class CharteRefusee(ValueError):
    """A value that cannot be printed. `champ`: the field of the form; the message is French."""

    def __init__(self, champ: str, message: str) -> None:
        self.champ = champ
        super().__init__(message)


def contraste(couleur: str) -> float:
    """Ratio of the colour to white, from 1 to 21 (WCAG 2.2, relative luminance)."""
    composantes = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in composantes]
    luminance = 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]
    return 1.05 / (luminance + 0.05)


def exiger_couleur(couleur: str) -> str:
    """The colour ready to be kept, empty for the default. CharteRefusee."""
    if not couleur:
        return ""
    if not _HEXA.fullmatch(couleur):
        raise CharteRefusee("couleur", "Écrivez la couleur comme #17573c : un dièse et six caractères.")
    if (ratio := contraste(couleur)) < CONTRASTE_MINIMAL:
        lu = f"{ratio:.1f}".replace(".", ",")
        raise CharteRefusee(
            "couleur",
            f"Cette couleur est trop claire sur le papier (contraste {lu}, il faut 4,5) : foncez-la.",
        )
    return couleur.lower()


def charte_de(autorite_id: int) -> Charte:
    """The charter of an authority, or a blank one. One query."""
    return Charte.objects.filter(autorite_id=autorite_id).first() or Charte(
        autorite_id=autorite_id, version=0
    )


def poser_logo(charte: Charte, image: bytes) -> None:
    """Puts the logo on the charter, not saved yet. CharteRefusee."""
    if len(image) > LOGO_MAX:
        raise CharteRefusee("logo", "Le logo dépasse 2 Mo : réduisez-le.")
    try:
        dessin = logo(image)
    except LogoIllisible as refus:
        raise CharteRefusee("logo", str(refus)) from None
    charte.logo_sha256 = empreinte(dessin.png)
    charte.logo.save(f"{charte.logo_sha256[:32]}.png", ContentFile(dessin.png), save=False)


def charte_doc(autorite_id: int, nom: str) -> CharteDoc | None:
    """What the documents print; None when the authority set nothing. One query."""
    charte = charte_de(autorite_id)
    if charte.pk is None:
        return None
    svg = ""
    if charte.logo:
        with suppress(OSError, LogoIllisible), charte.logo.open("rb") as flux:
            svg = logo(flux.read()).svg
    return CharteDoc(
        couleur=charte.couleur or COULEUR,
        entete=charte.entete,
        pied=charte.pied,
        logo=svg,
        alternative=f"Logo : {nom}",
        fait_a=charte.fait_a,
    )
