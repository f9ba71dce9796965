"""What happened to a finding, from the journal: who changed what, before and after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from arpent.plateforme.journal.models import Entree

from ..models import ConstatTerritorial

LIBELLES = {
    "creer": "a proposé le constat",
    "modifier": "a modifié le constat",
    "ajouter_preuve": "a ajouté une preuve",
    "retirer_preuve": "a retiré une preuve",
    "ecrire_message": "a écrit un message",
    "masquer_message": "a masqué un message",
    "accorder": "a noté l’accord du territoire",
}
MONTRES = {
    "texte": "texte", "nature": "nature", "theme": "thème", "accord": "accord", "motif_accord": "motif",
    "indicateur": "indicateur", "valeur_citee": "valeur citée", "propose_par": "proposé par",
}  # fmt: skip
LIGNES_MAX = 50


@dataclass(frozen=True, slots=True)
class Changement:
    champ: str
    avant: str
    apres: str


@dataclass(frozen=True, slots=True)
class Moment:
    le: datetime
    qui: str
    quoi: str
    changements: tuple[Changement, ...]


def histoire(constat: ConstatTerritorial) -> list[Moment]:
    """The latest moments first; one query."""
    entrees = Entree.objects.filter(objet_type=constat._meta.label_lower, objet_id=str(constat.pk))
    return [
        Moment(e.le, e.auteur, LIBELLES.get(e.geste, e.libelle), _changements(e))
        for e in entrees.order_by("-numero")[:LIGNES_MAX]
    ]


def _changements(entree: Entree) -> tuple[Changement, ...]:
    if entree.geste not in {"modifier", "accorder"}:
        return ()
    noms = [n for n in MONTRES if n in entree.apres or n in entree.avant]
    return tuple(
        Changement(MONTRES[n], str(entree.avant.get(n) or "–"), str(entree.apres.get(n) or "–"))
        for n in noms
        if entree.avant.get(n) != entree.apres.get(n)
    )
