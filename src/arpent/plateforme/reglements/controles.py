"""What is wrong, empty or contradictory in a règlement being written: each line says where and what to do."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from arpent.metier.reglement import Regle, Reglement, ReglementInvalide, lire_reglement
from arpent.metier.reglement.coherence import GenreIncoherence, Incoherence, verifier_coherence

from .fichiers import Chemin, FichierLu
from .schema import refus_du_schema

# « Article 1, règle « genre » : » before the message, « , taux : » when it is inside a key.
_SANS_LIEU = re.compile(r"^Article 1(?:, règle «[^»]*»)?,?\s*:?\s*")


@dataclass(frozen=True, slots=True)
class Anomalie:
    """Something that prevents the règlement from being read. Ranks from 0; None: the head of the file."""

    message: str
    lieu: str
    article: int | None = None
    regle: int | None = None
    cle: str = ""
    ligne: int | None = None

    def __str__(self) -> str:
        ligne = f"Ligne {self.ligne}, " if self.ligne else ""
        cle = f", clé « {self.cle} »" if self.cle else ""
        lieu = self.lieu[:1].lower() + self.lieu[1:] if ligne else self.lieu
        return f"{ligne}{lieu}{cle} : {self.message}"


@dataclass(frozen=True, slots=True)
class Valeur:
    """A value to be known of: not published, or of demonstration."""

    lieu: str
    article: int
    nombre: int
    source: str


@dataclass(frozen=True, slots=True)
class Controle:
    """All that the panel shows. `reglement` is None while something cannot be read.

    `non_verifies`: what has too many cases to be checked whole; it is said, and forbids nothing.
    """

    anomalies: tuple[Anomalie, ...]
    vides: tuple[Valeur, ...] = ()
    demonstrations: tuple[Valeur, ...] = ()
    reglement: Reglement | None = None
    incoherences: tuple[Incoherence, ...] = ()
    non_verifies: tuple[Incoherence, ...] = ()

    @property
    def est_publiable(self) -> bool:
        return not self.anomalies and not self.incoherences

    @property
    def nombre_vides(self) -> int:
        return sum(v.nombre for v in self.vides)

    @property
    def nombre_demonstrations(self) -> int:
        return sum(v.nombre for v in self.demonstrations)


def articles_de(contenu: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The articles that are tables, whatever else the content holds."""
    articles = contenu.get("articles")
    return [a for a in articles if isinstance(a, dict)] if isinstance(articles, list) else []


def regles_de(article: Mapping[str, Any]) -> list[dict[str, Any]]:
    regles = article.get("regles")
    return [r for r in regles if isinstance(r, dict)] if isinstance(regles, list) else []


def controler(contenu: Mapping[str, Any], demonstration: bool, lu: FichierLu | None = None) -> Controle:
    """Every error of shape, then, where the shape is right, what each rule refuses by itself."""
    anomalies = [_du_schema(contenu, chemin, message, lu) for chemin, message in refus_du_schema(contenu)]
    fautifs = {(a.article, a.regle) for a in anomalies}
    anomalies += [a for a in _du_metier(contenu, lu) if (a.article, a.regle) not in fautifs]
    reglement = None
    if not anomalies:
        try:
            reglement = lire_reglement(contenu, demonstration)
        except ReglementInvalide as erreur:
            anomalies = [Anomalie(str(erreur), "Règlement")]
    anomalies.sort(key=lambda a: (-1 if a.article is None else a.article, -1 if a.regle is None else a.regle))
    trouvees = verifier_coherence(reglement) if reglement is not None else ()
    non_verifies = tuple(i for i in trouvees if i.genre is GenreIncoherence.NON_VERIFIE)
    incoherences = tuple(i for i in trouvees if i.genre is not GenreIncoherence.NON_VERIFIE)
    vides, demonstrations = _valeurs(contenu)
    return Controle(tuple(anomalies), vides, demonstrations, reglement, incoherences, non_verifies)


def lire_regle(brute: Mapping[str, Any], demonstration: bool = False, libelles: Any = None) -> Regle:
    """One rule read alone. Raises ReglementInvalide, the message being without its place."""
    try:
        (regle,) = lire_reglement(_autour(brute, libelles), demonstration).regles
    except ReglementInvalide as erreur:
        raise ReglementInvalide(_SANS_LIEU.sub("", str(erreur))) from None
    return regle


def _autour(brute: Mapping[str, Any], libelles: Any) -> dict[str, Any]:
    """The smallest règlement that holds that rule."""
    return {
        "dispositif": "essai",
        "version": "1",
        "intitule": "Essai",
        "en_vigueur_le": "2020-01-01",
        "financeur": "departement",
        "libelles": libelles if isinstance(libelles, dict) else {},
        "articles": [{"numero": "1", "titre": "Essai", "prose": "Essai", "regles": [dict(brute)]}],
    }


def nom_regle(brute: Mapping[str, Any]) -> str:
    return str(brute.get("code") or brute.get("genre") or "sans genre")


def _lieu(contenu: Mapping[str, Any], article: int | None, regle: int | None) -> str:
    articles = articles_de(contenu)
    if article is None or article >= len(articles):
        return "En-tête du règlement" if article is None else f"Article de rang {article + 1}"
    numero = f"Article {articles[article].get('numero') or 'sans numéro'}"
    regles = regles_de(articles[article])
    if regle is None or regle >= len(regles):
        return numero
    return f"{numero}, règle « {nom_regle(regles[regle])} »"


def _du_schema(contenu: Mapping[str, Any], chemin: Chemin, message: str, lu: FichierLu | None) -> Anomalie:
    rangs = [c for c in chemin if isinstance(c, int)]
    article = rangs[0] if chemin[:1] == ("articles",) and rangs else None
    dans_regle = article is not None and len(chemin) > 3 and chemin[2] == "regles"
    regle = rangs[1] if dans_regle else None
    fin = chemin[4:] if dans_regle else chemin[2:] if article is not None else chemin
    cle = ".".join(str(c + 1) if isinstance(c, int) else c for c in fin)
    return Anomalie(
        message, _lieu(contenu, article, regle), article, regle, cle, lu.ligne(chemin) if lu else None
    )


def _du_metier(contenu: Mapping[str, Any], lu: FichierLu | None) -> Iterator[Anomalie]:
    """What the rules refuse by themselves, and the codes and numbers given twice."""
    codes: Counter[str] = Counter()
    numeros: Counter[str] = Counter()
    for a, article in enumerate(articles_de(contenu)):
        numero = str(article.get("numero") or "")
        numeros[numero] += 1
        if numero and numeros[numero] == 2:
            message = f"deux articles portent le numéro {numero} : changez-en un."
            yield Anomalie(message, _lieu(contenu, a, None), a, None, "numero", _ligne(lu, a))
        for r, brute in enumerate(regles_de(article)):
            codes[nom_regle(brute)] += 1
            if codes[nom_regle(brute)] == 2:
                message = (
                    f"deux règles portent le code « {nom_regle(brute)} » : donnez-leur un code différent."
                )
                yield Anomalie(message, _lieu(contenu, a, r), a, r, "code", _ligne(lu, a, r))
            try:
                lire_regle(brute)
                lire_regle(brute, demonstration=True)
            except ReglementInvalide as erreur:
                yield Anomalie(str(erreur), _lieu(contenu, a, r), a, r, "", _ligne(lu, a, r))


def _ligne(lu: FichierLu | None, article: int, regle: int | None = None) -> int | None:
    suite: Chemin = () if regle is None else ("regles", regle)
    return lu.ligne(("articles", article, *suite)) if lu else None


def _valeurs(contenu: Mapping[str, Any]) -> tuple[tuple[Valeur, ...], tuple[Valeur, ...]]:
    """Values not published, values of demonstration: one line a rule."""
    vides: list[Valeur] = []
    demonstrations: list[Valeur] = []
    for a, article in enumerate(articles_de(contenu)):
        for r, brute in enumerate(regles_de(article)):
            non_publiees = list(_non_publiees(brute))
            exemples = [v for v in non_publiees if v.get("valeur_demonstration") is not None]
            for liste, dans in ((non_publiees, vides), (exemples, demonstrations)):
                if liste:
                    sources = dict.fromkeys(str(v["source"]) for v in liste if v.get("source"))
                    lieu = _lieu(contenu, a, r)
                    dans.append(Valeur(lieu, a, len(liste), " ; ".join(sources)))
    return tuple(vides), tuple(demonstrations)


def _non_publiees(noeud: Any) -> Iterator[dict[str, Any]]:
    """The « valeur: null » found anywhere in a rule."""
    if isinstance(noeud, dict):
        if "valeur" in noeud and noeud["valeur"] is None:
            yield noeud
        for fils in noeud.values():
            yield from _non_publiees(fils)
    elif isinstance(noeud, list):
        for fils in noeud:
            yield from _non_publiees(fils)
