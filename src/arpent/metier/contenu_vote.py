"""What an assembly approves when it votes a contract, and what differs between two versions of it.

The parties, the text, the projects with their amounts, the envelope. Not the visas nor the signatories: a
délibération that is now cited, or another person who signs, does not undo a vote.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.argent import formater_euros


@dataclass(frozen=True, slots=True)
class ProjetVote:
    """A project as voted. Amounts in euros."""

    numero: str
    titre: str
    maitre_ouvrage: str
    cout: Decimal | None = None
    aide: Decimal | None = None

    @property
    def nom(self) -> str:
        return f"Projet {self.numero} « {self.titre} »"


@dataclass(frozen=True, slots=True)
class ContenuVote:
    """The part of a version that was voted. `articles`: title and text, in their order."""

    parties: tuple[str, ...] = ()
    preambule: str = ""
    articles: tuple[tuple[str, str], ...] = ()
    projets: tuple[ProjetVote, ...] = ()
    enveloppe: Decimal | None = None


def ecarts(vote: ContenuVote, actuel: ContenuVote) -> tuple[str, ...]:
    """What has changed since the vote, one line each; empty when the vote still holds."""
    return (
        *_entrees_et_sorties("Partie", vote.parties, actuel.parties),
        *_texte(vote, actuel),
        *_projets(vote.projets, actuel.projets),
        *_montant("Enveloppe", vote.enveloppe, actuel.enveloppe),
    )


def _entrees_et_sorties(quoi: str, avant: Sequence[str], apres: Sequence[str]) -> Iterator[str]:
    accord = "e" if quoi == "Partie" else ""
    for nom in apres:
        if nom not in avant:
            yield f"{quoi} ajouté{accord} : {nom}"
    for nom in avant:
        if nom not in apres:
            yield f"{quoi} retiré{accord} : {nom}"


def _texte(vote: ContenuVote, actuel: ContenuVote) -> Iterator[str]:
    if vote.preambule != actuel.preambule:
        yield "Préambule modifié"
    avant, apres = _par_titre(vote.articles), _par_titre(actuel.articles)
    yield from _entrees_et_sorties("Article", list(avant), list(apres))
    for titre, texte in apres.items():
        if titre in avant and avant[titre] != texte:
            yield f"Article modifié : {titre}"


def _par_titre(articles: Sequence[tuple[str, str]]) -> dict[str, str]:
    """Texts by title: an article that is only renumbered has not changed."""
    textes: dict[str, str] = {}
    for titre, texte in articles:
        textes[titre] = f"{textes[titre]}\n{texte}" if titre in textes else texte
    return textes


def _montant(quoi: str, avant: Decimal | None, apres: Decimal | None) -> Iterator[str]:
    if avant != apres:
        yield f"{quoi} : {formater_euros(apres)} au lieu de {formater_euros(avant)}"


_TRAITS: tuple[tuple[str, Callable[[ProjetVote], str]], ...] = (
    ("titre", lambda p: p.titre),
    ("maître d’ouvrage", lambda p: p.maitre_ouvrage),
)


def _projets(avant: Sequence[ProjetVote], apres: Sequence[ProjetVote]) -> Iterator[str]:
    votes, actuels = {p.numero: p for p in avant}, {p.numero: p for p in apres}
    for numero, projet in actuels.items():
        if numero not in votes:
            yield f"{projet.nom} ajouté : aide de {formater_euros(projet.aide)}"
            continue
        vote = votes[numero]
        for trait, lire in _TRAITS:
            if lire(vote) != lire(projet):
                yield f"{projet.nom} : {trait} « {lire(projet)} » au lieu de « {lire(vote)} »"
        yield from _montant(f"{projet.nom}, aide", vote.aide, projet.aide)
        yield from _montant(f"{projet.nom}, coût hors taxes", vote.cout, projet.cout)
    for numero, projet in votes.items():
        if numero not in actuels:
            yield f"{projet.nom} retiré : aide de {formater_euros(projet.aide)}"
