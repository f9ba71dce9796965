"""The text of one contract: the model, what its drafters chose, and the values of the day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arpent.metier.clauses.faits import FaitsContrat
from arpent.metier.clauses.fusion import Champs, Fusion
from arpent.metier.clauses.modele import PAR_DEFAUT, ArticleModele, ModeleContrat


class Origine(StrEnum):
    """Where the wording of an article comes from."""

    MODELE = "modele"
    VARIANTE = "variante"
    REECRIT = "reecrit"
    AJOUTE = "ajoute"
    RETIRE = "retire"
    SANS_OBJET = "sans_objet"


LIBELLES_ORIGINE: dict[Origine, str] = {
    Origine.MODELE: "modèle",
    Origine.VARIANTE: "variante",
    Origine.REECRIT: "réécrit",
    Origine.AJOUTE: "ajouté",
    Origine.RETIRE: "retiré",
    Origine.SANS_OBJET: "sans objet",
}


@dataclass(frozen=True, slots=True)
class Choix:
    """What was decided on an article of the model (`code`), or an article that was added (`ajoute`).

    `variante` empty: the one the facts propose; PAR_DEFAUT: the model's. `texte` empty: not rewritten.
    `apres`: code of the article that an added one follows; empty: it comes last.
    """

    code: str
    variante: str = ""
    retire: bool = False
    titre: str = ""
    texte: str = ""
    ajoute: bool = False
    apres: str = ""
    motif: str = ""


@dataclass(frozen=True, slots=True)
class Clause:
    """One article as drafted, before the merge. `reference`: the model's own wording, empty when added."""

    code: str
    titre: str
    texte: str
    origine: Origine
    reference: str = ""
    titre_reference: str = ""
    variante: str = ""
    libelle_variante: str = ""
    modele: ArticleModele | None = None
    choix: Choix | None = None

    @property
    def gardee(self) -> bool:
        return self.origine not in (Origine.RETIRE, Origine.SANS_OBJET)

    @property
    def libelle_origine(self) -> str:
        mot = LIBELLES_ORIGINE[self.origine]
        return f"{mot} « {self.libelle_variante} »" if self.origine is Origine.VARIANTE else mot


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it will be read, numbered in the order of those that are kept."""

    numero: str
    titre: str
    paragraphes: tuple[str, ...]
    code: str = ""


@dataclass(frozen=True, slots=True)
class TexteContrat:
    """The merged text. `manquants`: labels of what must be given before the signature."""

    titre: str
    preambule: tuple[str, ...]
    visas: tuple[str, ...]
    articles: tuple[Article, ...]
    conclusion: tuple[str, ...]
    manquants: tuple[str, ...]


def _clause(article: ArticleModele, choix: Choix | None, champs: Champs, faits: FaitsContrat) -> Clause:
    voulue = "" if choix is None or article.verrouille else choix.variante
    variante = None if voulue == PAR_DEFAUT else article.variante(voulue) or article.proposee(champs, faits)
    texte = variante.texte if variante else article.texte
    origine = Origine.VARIANTE if variante else Origine.MODELE
    titre = article.titre
    if choix is not None and not article.verrouille:
        if choix.texte.strip() or choix.titre.strip():
            origine = Origine.REECRIT
            texte, titre = choix.texte.strip() or texte, choix.titre.strip() or titre
        if choix.retire and not article.obligatoire:
            origine = Origine.RETIRE
    if origine is not Origine.RETIRE and not article.garde.tient(champs, faits):
        origine = Origine.SANS_OBJET
    return Clause(
        article.code, titre, texte, origine,
        reference=article.texte, titre_reference=article.titre,
        variante=variante.code if variante else PAR_DEFAUT,
        libelle_variante=variante.libelle if variante else "",
        modele=article, choix=choix,
    )  # fmt: skip


def _placer(clauses: list[Clause], ajouts: Sequence[Choix]) -> list[Clause]:
    """Added articles after the one they name (also an added one), else at the end; in the order given."""
    for ajout in ajouts:
        rang = next((i for i, c in enumerate(clauses) if c.code == ajout.apres), None)
        place = len(clauses) if rang is None else rang + 1
        while rang is not None and place < len(clauses) and _suit(clauses[place], ajout.apres):
            place += 1
        clauses.insert(place, Clause(ajout.code, ajout.titre, ajout.texte, Origine.AJOUTE, choix=ajout))
    return clauses


def _suit(clause: Clause, code: str) -> bool:
    return clause.choix is not None and clause.choix.ajoute and clause.choix.apres == code


def composer(
    modele: ModeleContrat, champs: Champs, faits: FaitsContrat, choix: Iterable[Choix] = ()
) -> tuple[Clause, ...]:
    """Every article, kept or not, in reading order."""
    faits_par_code = {c.code: c for c in choix}
    clauses = [_clause(a, faits_par_code.get(a.code), champs, faits) for a in modele.articles]
    return tuple(_placer(clauses, [c for c in faits_par_code.values() if c.ajoute]))


def fusionner(
    modele: ModeleContrat,
    champs: Champs,
    preambule: str = "",
    *,
    faits: FaitsContrat | None = None,
    choix: Iterable[Choix] = (),
) -> TexteContrat:
    """The text of the contract; `preambule` replaces that of the model when it is not empty."""
    faits = faits or FaitsContrat()
    fusion = Fusion(champs, modele.champs)
    # A title is never left with a hole: the kind of contract may still be unknown.
    titre = Fusion({**champs, "type_contrat": champs.get("type_contrat") or "Contrat"}, modele.champs).texte(
        modele.titre
    )
    textes = fusion.paragraphes(preambule or modele.preambule)
    visas = tuple(fusion.texte(v.texte) for v in modele.visas if v.garde.tient(champs, faits))
    gardees = [c for c in composer(modele, champs, faits, choix) if c.gardee]
    articles = tuple(
        Article(str(n), fusion.texte(c.titre), fusion.paragraphes(c.texte), c.code)
        for n, c in enumerate(gardees, 1)
    )
    conclusion = fusion.paragraphes(modele.conclusion)
    fusion.texte(modele.parties)  # read for what it needs; the sheet prints the parties itself
    return TexteContrat(titre, textes, visas, articles, conclusion, tuple(fusion.manquants))


def nommer_ailleurs(texte: TexteContrat, noms: Iterable[str], propre: str) -> tuple[str, ...]:
    """Where the text names one of `noms` (other dispositifs) instead of `propre`: one sentence each.

    A name that is part of the dispositif's own name is no fault; names under six letters are not searched.
    """
    lieux = [
        ("Le titre", (texte.titre,)),
        ("Le préambule", texte.preambule),
        *((f"Le visa {n}", (v,)) for n, v in enumerate(texte.visas, 1)),
        *((f"L’article {a.numero} ({a.titre})", (a.titre, *a.paragraphes)) for a in texte.articles),
        ("La conclusion", texte.conclusion),
    ]
    autres = [n for n in noms if len(n) >= 6 and n.casefold() not in propre.casefold()]
    return tuple(
        f"{lieu} nomme « {nom} », qui n’est pas le dispositif de ce contrat"
        for lieu, textes in lieux
        for nom in autres
        if any(nom.casefold() in t.casefold().replace(propre.casefold(), "") for t in textes)
    )
