"""The history of a draft told to a reader: each gesture with what it changed, in sentences."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arpent.metier.reglement.parametres import LignesLegales
from arpent.plateforme.journal.models import Entree

from .actions import annulation, relire_article
from .differences import ArticleCompare, comparer_textes
from .models import BrouillonReglement

LIBELLES = {
    "ouvrir_brouillon": "Ouvre le brouillon",
    "modifier": "Modifie le brouillon",
    "annuler_modification": "Annule un geste",
    "abandonner_brouillon": "Abandonne le brouillon",
    "reprendre_brouillon": "Reprend le brouillon",
}
CHAMPS = {
    "intitule": "intitulé",
    "demonstration": "valeurs de démonstration",
    "financeur": "financeur",
    "libelles": "noms des codes",
    "ordre": "ordre des articles",
    "etat": "état",
    "origine": "source",
}
GESTES_MONTRES = 40


@dataclass(frozen=True, slots=True)
class GesteRaconte:
    """One line of the history; `annulable` when the articles can be put back as they were."""

    numero: int
    le: datetime
    par: str
    libelle: str
    articles: tuple[ArticleCompare, ...]
    autres: tuple[str, ...]
    annulable: bool


def gestes_racontes(
    brouillon: BrouillonReglement, entrees: list[Entree], lignes: LignesLegales
) -> list[GesteRaconte]:
    """The last gestures, the most recent first; `lignes`: those of the law that rules quote. No query."""
    return [_raconter(brouillon, e, lignes) for e in entrees[:GESTES_MONTRES]]


def _raconter(brouillon: BrouillonReglement, entree: Entree, lignes: LignesLegales) -> GesteRaconte:
    cotes = [
        {"articles": [a for cle in cote if cle.startswith("article ") and (a := relire_article(cote[cle]))]}
        for cote in (entree.avant, entree.apres)
    ]
    autres = [c for c in {**entree.avant, **entree.apres} if not c.startswith("article ")]
    return GesteRaconte(
        numero=entree.numero,
        le=entree.le,
        par=entree.auteur,
        libelle=LIBELLES.get(entree.geste, entree.geste),
        articles=comparer_textes(cotes[0], cotes[1], lignes, demonstration=(True, True)),
        autres=tuple(CHAMPS.get(c, c) for c in autres),
        annulable=annulation(brouillon.contenu, entree) is not None,
    )
