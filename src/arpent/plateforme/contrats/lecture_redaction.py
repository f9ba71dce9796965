"""The drafting as it is read: each article beside the model, and what is said of it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from arpent.metier.clauses import Clause, Fusion, Origine
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.reglements.differences import Passage, Phrase, Sens, mot_a_mot

from .assemblage import Assemblage
from .models import Contrat, RemarqueArticle

GENRES_ORIGINE: dict[Origine, str] = {
    Origine.MODELE: "neutre",
    Origine.VARIANTE: "info",
    Origine.REECRIT: "alerte",
    Origine.AJOUTE: "alerte",
    Origine.RETIRE: "non",
    Origine.SANS_OBJET: "neutre",
}
ECARTS = frozenset({Origine.VARIANTE, Origine.REECRIT, Origine.AJOUTE, Origine.RETIRE})
"""What sets the contract apart from the model."""


@dataclass(frozen=True, slots=True)
class ArticleLu:
    """One article of the drafting page. `numero` empty: it is not in the contract."""

    clause: Clause
    numero: str
    paragraphes: tuple[str, ...]
    ouvertes: int = 0
    manquants: tuple[str, ...] = ()
    libelles: dict[str, str] = field(default_factory=dict)

    @property
    def genre(self) -> str:
        return GENRES_ORIGINE[self.clause.origine]

    @property
    def ecart(self) -> tuple[Phrase, ...]:
        """What differs from the model, title then text; empty when it is the model's wording."""
        c = self.clause
        if c.origine not in (Origine.REECRIT, Origine.VARIANTE):
            return ()
        paires = (("Titre", c.titre_reference, c.titre), ("Texte", c.reference.strip(), c.texte.strip()))
        return tuple(Phrase(nom, Sens.MODIFIE, a, b) for nom, a, b in paires if a != b)

    @property
    def condition(self) -> str:
        """When the model keeps this article, in French; empty: always."""
        return self.clause.modele.garde.enonce(self.libelles) if self.clause.modele else ""

    @property
    def verrouille(self) -> bool:
        return bool(self.clause.modele and self.clause.modele.verrouille)


@dataclass(frozen=True, slots=True)
class Fil:
    """A remark, its answers, and what its proposal would change."""

    remarque: RemarqueArticle
    reponses: Sequence[RemarqueArticle]
    ecart: tuple[Passage, ...] = ()


def lire_articles(assemblage: Assemblage, remarques: Iterable[RemarqueArticle]) -> list[ArticleLu]:
    """Every article, kept or not, in reading order. No query."""
    ouvertes = Counter(r.article for r in remarques if r.reponse_a_id is None and r.resolu_le is None)
    lus, rang = [], 0
    libelles = dict(assemblage.modele.champs)
    for clause in assemblage.clauses:
        fusion = Fusion(assemblage.champs, libelles)
        rang += clause.gardee
        lus.append(
            ArticleLu(
                clause, str(rang) if clause.gardee else "", fusion.paragraphes(clause.texte),
                ouvertes[clause.code], tuple(fusion.manquants) if clause.gardee else (), libelles,
            )
        )  # fmt: skip
    return lus


def remarques_lues(contrat: Contrat, agent: Agent) -> list[RemarqueArticle]:
    """Every remark on the contract that the agent may read. Two queries."""
    if contrat.pk is None:
        return []
    return list(
        RemarqueArticle.objects.visibles_par(agent)
        .filter(contrat=contrat)
        .select_related("organisation")
        .prefetch_related("mentions")
    )


def fils_de(article: ArticleLu, remarques: Iterable[RemarqueArticle]) -> list[Fil]:
    """The threads on an article, the open ones first; each proposal beside the text of today."""
    reponses: dict[int, list[RemarqueArticle]] = defaultdict(list)
    racines = []
    for r in remarques:
        if r.article != article.clause.code:
            continue
        if r.reponse_a_id is None:
            racines.append(r)
        else:
            reponses[r.reponse_a_id].append(r)
    racines.sort(key=lambda r: r.resolu_le is not None)
    actuel = article.clause.texte.strip()
    return [
        Fil(r, reponses[r.pk], mot_a_mot(actuel, r.proposition) if r.proposition else ()) for r in racines
    ]


def champs_montres(assemblage: Assemblage) -> list[tuple[str, str, str]]:
    """Name, label and value of the day of each merge field, in the order of the model."""
    return [(nom, mot, assemblage.champs.get(nom) or "") for nom, mot in assemblage.modele.champs.items()]
