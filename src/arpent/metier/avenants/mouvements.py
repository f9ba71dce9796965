"""What an avenant may do to a contract: kinds of movements, each with the only fields it touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from arpent.metier.argent import ZERO, formater_euros

from .etat import LigneContrat


class Genre(StrEnum):
    """Kind of a movement."""

    AJOUT = "ajout"
    RETRAIT = "retrait"
    REMPLACEMENT = "remplacement"
    MONTANT = "montant"
    MAITRE_OUVRAGE = "maitre_ouvrage"
    ANNEE = "annee"
    FONGIBILITE = "fongibilite"
    PERIMETRE = "perimetre"
    DUREE = "duree"
    RESERVE = "reserve"
    TEXTE = "texte"


G = Genre
LIBELLES_GENRE: dict[Genre, str] = {
    G.AJOUT: "Ajouter un projet",
    G.RETRAIT: "Retirer un projet",
    G.REMPLACEMENT: "Remplacer un projet par un autre",
    G.MONTANT: "Changer le montant d’une aide",
    G.MAITRE_OUVRAGE: "Changer le maître d’ouvrage",
    G.ANNEE: "Changer l’année",
    G.FONGIBILITE: "Passer une somme d’un projet à un autre",
    G.PERIMETRE: "Faire entrer ou sortir une partie",
    G.DUREE: "Changer la durée",
    G.RESERVE: "Inscrire un projet payé par la réserve",
    G.TEXTE: "Remplacer le texte d’un article",
}
CHAMPS: dict[Genre, frozenset[str]] = {
    G.AJOUT: frozenset({"ligne"}),
    G.RETRAIT: frozenset({"cle"}),
    G.REMPLACEMENT: frozenset({"cle", "ligne"}),
    G.MONTANT: frozenset({"cle", "montant"}),
    G.MAITRE_OUVRAGE: frozenset({"cle", "maitre_ouvrage"}),
    G.ANNEE: frozenset({"cle", "annee"}),
    G.FONGIBILITE: frozenset({"cle", "vers", "montant"}),
    G.PERIMETRE: frozenset({"partie"}),
    G.DUREE: frozenset({"date_fin"}),
    G.RESERVE: frozenset({"ligne"}),
    G.TEXTE: frozenset({"article", "texte"}),
}
"""The fields that a kind needs, and the only ones it may carry (besides its reason)."""
FACULTATIFS = frozenset({"motif", "genre", "maitre_ouvrage_id", "sort"})
ENTREES = frozenset({G.AJOUT, G.REMPLACEMENT, G.RESERVE})
SORTIES = frozenset({G.RETRAIT, G.REMPLACEMENT})


@dataclass(frozen=True, slots=True)
class Mouvement:
    """One change. A field that its kind does not touch stays empty: ValueError (French) otherwise."""

    genre: Genre
    motif: str = ""
    cle: str = ""
    """The line it touches: changed, leaving, or that gives."""
    vers: str = ""
    """The line that receives a sum."""
    ligne: LigneContrat | None = None
    """The line that enters."""
    montant: Decimal | None = None
    """The new aid, or the sum that moves, in euros."""
    maitre_ouvrage: str = ""
    maitre_ouvrage_id: int | None = None
    annee: int | None = None
    partie: str = ""
    sort: bool = False
    """The party leaves; it enters otherwise."""
    date_fin: date | None = None
    article: str = ""
    """Title of the article replaced."""
    texte: str = ""

    def __post_init__(self) -> None:
        voulus = CHAMPS[self.genre]
        for nom in self.__dataclass_fields__:
            if nom in FACULTATIFS:
                continue
            donne = getattr(self, nom) not in ("", None)
            if donne and nom not in voulus:
                raise ValueError(f"« {LIBELLES_GENRE[self.genre]} » ne touche pas à « {nom} ».")
            if not donne and nom in voulus:
                raise ValueError(f"« {LIBELLES_GENRE[self.genre]} » demande « {nom} ».")

    @property
    def touchees(self) -> frozenset[str]:
        """The keys of the lines it changes, takes out or brings in."""
        entree = (self.ligne.cle,) if self.ligne else ()
        return frozenset(x for x in (self.cle, self.vers, *entree) if x)

    @property
    def sorties(self) -> frozenset[str]:
        return frozenset({self.cle}) if self.genre in SORTIES else frozenset()

    @property
    def entrees(self) -> frozenset[str]:
        return frozenset({self.ligne.cle}) if self.ligne else frozenset()


def refus_de_montant(mouvement: Mouvement) -> Iterator[str]:
    """What an amount may not be, whatever the contract."""
    if mouvement.montant is not None and mouvement.genre is G.FONGIBILITE and mouvement.montant <= ZERO:
        yield "La somme à passer d’un projet à l’autre doit être positive."
    if mouvement.montant is not None and mouvement.genre is G.MONTANT and mouvement.montant <= ZERO:
        yield "L’aide doit être positive : pour la supprimer, retirez le projet."
    if mouvement.ligne is not None and mouvement.ligne.aide <= ZERO:
        yield (
            f"L’aide du {mouvement.ligne.nom} doit être positive, elle est de "
            f"{formater_euros(mouvement.ligne.aide)}."
        )
