"""The pieces a dispositif expects with a fiche, as data: key « pieces » of the block « fiche ».

    pieces:
      - code: devis
        libelle: Devis ou marchés
        nature: devis
        etape: dossier
        themes: [voirie]
        precision: Trois devis au moins.
        source: Plaquette 2014-2015

`etape`: the moment it is due (a step of the fiche, or « dossier », the grant file that comes after the
contract). `themes` empty: every theme. `demonstration`: the authority has not published it.

A piece of the grant file may have no `nature`: it is given in the file alone; with one, what the fiche has of
that nature is taken over, whatever the step it was given for. `stades`: contracts (`marches`) or quotes
(`devis`), empty for both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from arpent.metier.reglement.lecteur import Lecteur

MOMENTS: dict[str, str] = {
    "proposer": "Pour proposer la fiche",
    "pre_instruire": "Pour clore la pré-instruction",
    "retenir": "Pour que le projet soit retenu",
    "contractualiser": "Pour l’inscrire au contrat",
    "dossier": "Pour le dossier de subvention, après le contrat",
}
STADES = frozenset({"marches", "devis"})
NATURES = frozenset({"photo", "plan", "devis", "etude", "deliberation", "courrier", "autre"})


@dataclass(frozen=True, slots=True)
class PieceAttendue:
    """A piece expected; given when the fiche has a file of this nature (empty: in the grant file)."""

    code: str
    libelle: str
    nature: str
    etape: str
    themes: tuple[str, ...] = ()
    stades: tuple[str, ...] = ()
    precision: str = ""
    source: str = ""
    demonstration: bool = False

    def concerne(self, theme: str) -> bool:
        return not self.themes or theme in self.themes


def lire_pieces(
    bloc: Mapping[str, Any], themes: Iterable[str] | None = None, lieu: str = "fiche"
) -> tuple[PieceAttendue, ...]:
    """The pieces of the block, in the order of the moments. Raises ReglementInvalide, which names the key.

    `themes`: the codes that exist, when they are to be checked.
    """
    lecteur = Lecteur(bloc, lieu)
    if not lecteur.brut("pieces"):
        return ()
    connus = None if themes is None else frozenset(themes)
    lues = [_piece(b, connus) for b in lecteur.blocs("pieces")]
    for rang, piece in enumerate(lues):
        for autre in lues[:rang]:
            if piece.code == autre.code:
                raise lecteur.refus(f"la pièce « {piece.code} » est donnée deux fois.")
            memes = (piece.etape == "dossier") is (autre.etape == "dossier")
            if memes and piece.nature and piece.nature == autre.nature and _se_recouvrent(piece, autre):
                raise lecteur.refus(
                    f"les pièces « {autre.code} » et « {piece.code} » ont la même nature pour un même thème "
                    ": on ne saurait pas laquelle un fichier joint apporte."
                )
    moments = list(MOMENTS)
    return tuple(sorted(lues, key=lambda p: moments.index(p.etape)))


def _piece(bloc: Lecteur, themes: frozenset[str] | None) -> PieceAttendue:
    piece = PieceAttendue(
        code=bloc.texte("code"),
        libelle=bloc.texte("libelle"),
        nature=bloc.texte("nature", ""),
        etape=bloc.texte("etape"),
        themes=bloc.textes("themes", facultatif=True),
        stades=bloc.textes("stades", facultatif=True),
        precision=bloc.texte("precision", ""),
        source=bloc.texte("source", ""),
        demonstration=bool(bloc.brut("demonstration")),
    )
    bloc.finir()
    if piece.stades and (piece.etape != "dossier" or not set(piece.stades) <= STADES):
        raise bloc.refus(f"« stades » est pour l’étape « dossier » ; connus : {', '.join(sorted(STADES))}.")
    if piece.nature not in NATURES and (piece.nature or piece.etape != "dossier"):
        connues = ", ".join(sorted(NATURES))
        raise bloc.refus(f"la nature « {piece.nature} » est inconnue. Connues : {connues}.")
    if piece.etape not in MOMENTS:
        raise bloc.refus(f"l’étape « {piece.etape} » est inconnue. Connues : {', '.join(MOMENTS)}.")
    if themes is not None and (inconnus := sorted(set(piece.themes) - themes)):
        raise bloc.refus(f"le thème « {inconnus[0]} » n’est pas un thème du dispositif.")
    return piece


def _se_recouvrent(une: PieceAttendue, autre: PieceAttendue) -> bool:
    return not une.themes or not autre.themes or bool(set(une.themes) & set(autre.themes))
