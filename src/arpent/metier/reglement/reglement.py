"""A règlement: articles in prose, and the rules they hold, read from plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement.description import CHAMPS_COMMUNS
from arpent.metier.reglement.lecteur import Lecteur, ReglementInvalide
from arpent.metier.reglement.lecture import lire_champ
from arpent.metier.reglement.regles import GENRES, Regle


@dataclass(frozen=True, slots=True)
class Article:
    """One article: what one reads, and what is computed from it (maybe nothing)."""

    numero: str
    titre: str
    prose: str
    regles: tuple[Regle, ...]


@dataclass(frozen=True, slots=True)
class Reglement:
    """One version of a dispositif's règlement; `libelles` names its codes (themes, classes, sectors)."""

    dispositif: str
    version: str
    intitule: str
    en_vigueur_le: date
    acte: str
    financeur: Financeur
    articles: tuple[Article, ...]
    libelles: Mapping[str, str] = field(default_factory=dict)

    @property
    def regles(self) -> tuple[Regle, ...]:
        return tuple(regle for article in self.articles for regle in article.regles)

    @property
    def champs_lus(self) -> frozenset[str]:
        """Names of the fields of the project (`champs.CHAMPS`) that at least one rule looks at."""
        return frozenset().union(*(regle.champs_lus() for regle in self.regles))

    @property
    def demonstration(self) -> bool:
        """True when at least one value in use is of demonstration."""
        return any(p.demonstration for regle in self.regles for p in regle.parametres())


def lire_reglement(donnees: Mapping[str, Any], demonstration: bool = False) -> Reglement:
    """Read and check a règlement.

    A value the authority has not published is written `{valeur: null, valeur_demonstration: …}`; with
    `demonstration` the second takes the place of the first and is marked as such in each Constat.
    Raises ReglementInvalide (French), naming the article and the key.
    """
    racine = Lecteur(donnees if isinstance(donnees, Mapping) else {}, "Règlement", demonstration)
    lus = Reglement(
        dispositif=racine.texte("dispositif"),
        version=racine.texte("version"),
        intitule=racine.texte("intitule"),
        en_vigueur_le=racine.date("en_vigueur_le"),
        acte=racine.texte("acte", ""),
        financeur=_lire_financeur(racine),
        articles=_lire_articles(racine),
        libelles={code: str(libelle) for code, libelle in racine.table("libelles").items()},
    )
    racine.finir()
    codes = [regle.code for regle in lus.regles]
    for code in codes:
        if codes.count(code) > 1:
            raise racine.refus(f"deux règles portent le code « {code} » : donnez-leur un « code » différent.")
    return lus


def _lire_financeur(lecteur: Lecteur) -> Financeur:
    valeur = lecteur.texte("financeur")
    try:
        return Financeur(valeur)
    except ValueError as erreur:
        connus = ", ".join(Financeur)
        raise lecteur.refus(f"financeur inconnu « {valeur} ». Connus : {connus}.") from erreur


def _lire_articles(racine: Lecteur) -> tuple[Article, ...]:
    articles = tuple(_lire_article(bloc) for bloc in racine.blocs("articles"))
    numeros = [article.numero for article in articles]
    for numero in numeros:
        if numeros.count(numero) > 1:
            raise racine.refus(f"deux articles portent le numéro {numero}.")
    return articles


def _lire_article(bloc: Lecteur) -> Article:
    numero = bloc.donnees.get("numero", "sans numéro")
    lecteur = replace(bloc, lieu=f"Article {numero}")
    numero, titre, prose = lecteur.texte("numero"), lecteur.texte("titre"), lecteur.texte("prose")
    regles = lecteur.blocs("regles") if lecteur.brut("regles") else []
    lecteur.finir()
    return Article(numero, titre, prose, tuple(_lire_regle(r, numero, lecteur.lieu) for r in regles))


def _lire_regle(bloc: Lecteur, article: str, lieu: str) -> Regle:
    genre = replace(bloc, lieu=lieu).texte("genre")
    if genre not in GENRES:
        raise ReglementInvalide(f"{lieu} : genre de règle inconnu « {genre} ». Connus : {', '.join(GENRES)}.")
    lecteur = replace(bloc, lieu=f"{lieu}, règle « {genre} »")
    classe = GENRES[genre]
    code, intitule = lecteur.texte("code", genre), lecteur.texte("intitule", classe.INTITULE)
    si = lire_champ(lecteur, CHAMPS_COMMUNS[-1])
    regle = replace(classe.lire(code, article, intitule, lecteur), si=si)
    regle.verifier(lecteur)
    lecteur.finir()
    return regle
