"""All kinds at once; when nothing is found, once more with the typing errors mended."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from arpent.plateforme.acteurs.models import Agent, Organisation, Personne
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle import vocabulaire
from arpent.plateforme.territoires.models import Commune, Territoire

from . import appuis, gens, lieux, projets, reunions
from .pieces import MONTRES, Demande, Groupe, Source, demande

SOURCES: tuple[Source, ...] = (
    Source("territoires", "Territoires", lieux.territoires),
    Source("fiches", "Fiches projets", projets.fiches, projets.toutes_les_fiches),
    Source("communes", "Communes", lieux.communes),
    Source("contrats", "Contrats et avenants", lieux.contrats),
    Source("actes", "Délibérations et votes", projets.actes),
    Source("personnes", "Personnes", gens.personnes),
    Source("reunions", "Réunions", reunions.reunions),
    Source("decisions", "Décisions de réunion", reunions.decisions),
    Source("appuis", "Demandes d’appui", appuis.appuis, appuis.toutes),
)
LONGUEUR_MAX = 100


@dataclass(frozen=True, slots=True)
class Resultats:
    """What was found. `corrige`: the text really searched, when that of the person gave nothing."""

    texte: str
    groupes: tuple[Groupe, ...]
    corrige: str = ""

    @property
    def nombre(self) -> int:
        return sum(len(g.trouves) for g in self.groupes)


def nettoyer(texte: str) -> str:
    """The query without what no search understands."""
    return " ".join(texte.replace("\0", "").split())[:LONGUEUR_MAX]


def chercher_tout(agent: Agent, texte: str, *, limite: int = MONTRES) -> Resultats:
    """The results by kind, no empty kind. Eighteen queries at most; twice that when words are mended."""
    texte = nettoyer(texte)
    demarches = list(Demarche.objects.visibles_par(agent).avec_contexte()) if texte else []
    asked = demande(agent, texte, demarches, limite)
    if not asked.mots:
        return Resultats(texte, ())
    groupes = _par_genre(asked)
    if groupes:
        return Resultats(texte, groupes)
    corrige = vocabulaire.corriger(texte)
    if (
        corrige
    ):  # said only when it leads somewhere in the perimeter: a word is nobody's secret told by chance
        groupes = _par_genre(demande(agent, corrige, demarches, limite))
    return Resultats(texte, groupes, corrige if groupes else "")


def _par_genre(asked: Demande) -> tuple[Groupe, ...]:
    groupes = []
    for source in SOURCES:
        trouves = tuple(source.chercher(asked))
        if trouves:
            plus = len(trouves) > asked.limite
            tout = source.tout(asked) if plus else ""
            groupes.append(Groupe(source.code, source.libelle, trouves[: asked.limite], plus, tout))
    return tuple(groupes)


def _textes() -> Iterator[str]:
    """Everything whose words the search may be asked for. Five queries, read as they come."""
    sources: Iterable[Iterable[tuple[str, ...]]] = (
        Fiche.objects.order_by().values_list("titre", "description").iterator(chunk_size=2000),
        Organisation.objects.order_by().values_list("nom").iterator(),
        Territoire.objects.order_by().values_list("nom", "porteur").iterator(),
        Commune.objects.order_by().values_list("nom").iterator(),
        Personne.objects.order_by().values_list("prenom", "nom").iterator(chunk_size=2000),
    )
    for source in sources:
        for textes in source:
            yield " ".join(textes)


def refaire_le_vocabulaire(_: datetime | None = None) -> int:
    """Makes anew the words that a typing error may be brought back to. How many."""
    return vocabulaire.refaire(_textes())
