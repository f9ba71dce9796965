"""The look of an authority on its documents: logo, colour, header, address. Uploaded, never coded."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from django.core.files.base import ContentFile
from django.utils import timezone

from .donnees_charte import CharteDoc, PoliceDoc
from .empreinte import empreinte
from .models import Charte, PoliceCharte
from .rendu.photo import LogoIllisible, logo
from .rendu.police_charte import PoliceRefusee, lire_police
from .rendu.texte import propre

Emploi = PoliceCharte.Emploi
CHAMPS = ("couleur", "entete", "pied", "fait_a", "bloc")
LIGNES_DU_BLOC = 4
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


def exiger_bloc(bloc: str) -> str:
    """The lines above the signature, cleaned. CharteRefusee."""
    lignes = [x.strip() for x in propre(bloc).splitlines() if x.strip()]
    if len(lignes) > LIGNES_DU_BLOC:
        raise CharteRefusee("bloc", "Le bloc de signature tient en quatre lignes au plus.")
    return "\n".join(lignes)


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


@dataclass(frozen=True, slots=True)
class PoliceDeposee:
    """A file just sent: its name on the machine of the sender, its bytes."""

    nom: str
    octets: bytes


def polices_de(charte: Charte) -> dict[str, PoliceCharte]:
    """Those in service, by use; empty for a charter never saved. One query."""
    if charte.pk is None:
        return {}
    return {p.emploi: p for p in charte.polices.filter(retiree_le__isnull=True)}


def lire_polices(
    actuelles: Mapping[str, PoliceCharte], deposees: Mapping[str, PoliceDeposee]
) -> dict[str, PoliceCharte]:
    """The faces sent, read and checked with those that stay; nothing is saved. CharteRefusee by field."""
    nouvelles = {}
    for emploi, deposee in deposees.items():
        try:
            lue = lire_police(deposee.octets)
        except PoliceRefusee as refus:
            raise CharteRefusee(f"police_{emploi}", str(refus)) from None
        if emploi == Emploi.TEXTE and lue.grasse:
            raise CharteRefusee("police_texte", "Cette police est en gras : déposez ici la version normale.")
        if emploi == Emploi.TEXTE_GRAS and not lue.grasse:
            raise CharteRefusee(
                "police_texte_gras", "Cette police n’est pas en gras : déposez la version grasse."
            )
        police = PoliceCharte(emploi=emploi, famille=lue.famille, nom_fichier=deposee.nom[:200])
        police.sha256 = empreinte(deposee.octets)
        nouvelles[emploi] = police
    _exiger_la_paire(dict(actuelles) | nouvelles)
    return nouvelles


def _exiger_la_paire(polices: Mapping[str, PoliceCharte]) -> None:
    """The texts need two weights of one family: totals and labels are bold."""
    normale, grasse = polices.get(Emploi.TEXTE), polices.get(Emploi.TEXTE_GRAS)
    if normale is not None and grasse is None:
        raise CharteRefusee(
            "police_texte_gras", "Ajoutez la version grasse : les totaux sont écrits en gras."
        )
    if grasse is not None and normale is None:
        raise CharteRefusee("police_texte", "Ajoutez la version normale de cette police.")
    if normale is not None and grasse is not None and normale.famille != grasse.famille:
        raise CharteRefusee(
            "police_texte_gras",
            f"Les deux polices du texte ne sont pas de la même famille (« {normale.famille} », "
            f"« {grasse.famille} ») : déposez deux versions de la même.",
        )


def poser_polices(
    charte: Charte, nouvelles: Mapping[str, PoliceCharte], deposees: Mapping[str, PoliceDeposee]
) -> None:
    """Puts in service what `lire_polices` gave; those they replace are kept, out of service."""
    retirer_polices(charte, list(nouvelles))
    for emploi, police in nouvelles.items():
        police.charte = charte
        police.fichier.save(f"{police.sha256[:32]}.ttf", ContentFile(deposees[emploi].octets), save=False)
        police.save(force_insert=True)


def retirer_polices(charte: Charte, emplois: list[str]) -> None:
    charte.polices.filter(emploi__in=emplois, retiree_le__isnull=True).update(retiree_le=timezone.now())


def charte_doc(autorite_id: int, nom: str) -> CharteDoc | None:
    """What the documents print; None when the authority set nothing. Two queries."""
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
        bloc=charte.bloc,
        polices=tuple(
            PoliceDoc(
                role="titres" if p.emploi == Emploi.TITRES else "texte",
                famille=p.famille, fichier=str(p.fichier.name), sha256=p.sha256,
            )
            for p in polices_de(charte).values()
        ),
    )  # fmt: skip
