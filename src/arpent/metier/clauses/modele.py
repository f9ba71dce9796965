"""The clause library of a dispositif: articles, their variants, their conditions, what is locked.

A condition is the name of a merge field (the element is kept when the field has a value), or a tree on the
facts of the contract (`faits.py`), read and said as those of a règlement.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from arpent.metier.clauses.faits import FAITS, FaitsContrat
from arpent.metier.clauses.fusion import Champs, controler_champs
from arpent.metier.reglement.conditions import Condition
from arpent.metier.reglement.lecteur import Lecteur, ReglementInvalide
from arpent.metier.reglement.lecture_conditions import lire_condition

TITRE = "Contrat territorial {{ territoire_nom }}"
_CODE = re.compile(r"[A-Za-z0-9_-]{1,60}")
PAR_DEFAUT = "modele"
"""Code of the wording of an article when no variant is chosen."""


class ModeleContratInvalide(ValueError):
    """The model cannot be read; the message (French) names the article."""


@dataclass(frozen=True, slots=True)
class Garde:
    """When an element is kept. Empty: always."""

    champ: str = ""
    condition: Condition | None = None

    @property
    def posee(self) -> bool:
        return self.condition is not None or bool(self.champ)

    def tient(self, champs: Champs, faits: FaitsContrat) -> bool:
        """What is not known yet does not keep an element."""
        if self.condition is not None:
            return self.condition.juger(faits)[0] is True
        return not self.champ or bool(champs.get(self.champ))

    def enonce(self, libelles: Mapping[str, str]) -> str:
        """In French, empty when there is no condition."""
        if self.condition is not None:
            return self.condition.enonce({})
        libelle = libelles.get(self.champ, self.champ)
        return f"« {libelle} » est connu" if self.champ else ""


@dataclass(frozen=True, slots=True)
class Variante:
    """Another wording of an article, proposed by itself when its condition is met."""

    code: str
    libelle: str
    texte: str
    garde: Garde


@dataclass(frozen=True, slots=True)
class ArticleModele:
    """`verrouille`: neither rewritten nor taken out. `obligatoire`: rewritten at most."""

    code: str
    titre: str
    texte: str
    obligatoire: bool = True
    verrouille: bool = False
    garde: Garde = field(default_factory=Garde)
    variantes: tuple[Variante, ...] = ()

    def proposee(self, champs: Champs, faits: FaitsContrat) -> Variante | None:
        """The first variant whose condition is met; None: the wording of the model."""
        return next((v for v in self.variantes if v.garde.posee and v.garde.tient(champs, faits)), None)

    def variante(self, code: str) -> Variante | None:
        return next((v for v in self.variantes if v.code == code), None)


@dataclass(frozen=True, slots=True)
class VisaModele:
    """One « Vu … »."""

    code: str
    texte: str
    garde: Garde


@dataclass(frozen=True, slots=True)
class ModeleContrat:
    """The whole model. `champs`: label of each merge field, by name."""

    titre: str = TITRE
    champs: Mapping[str, str] = field(default_factory=dict)
    parties: str = ""
    preambule: str = ""
    visas: tuple[VisaModele, ...] = ()
    articles: tuple[ArticleModele, ...] = ()
    conclusion: str = ""

    def article(self, code: str) -> ArticleModele | None:
        return next((a for a in self.articles if a.code == code), None)


def _garde(bloc: Lecteur) -> Garde:
    brut = bloc.brut("condition")
    if brut is None:
        return Garde()
    if isinstance(brut, str):
        return Garde(champ=brut)
    return Garde(condition=lire_condition(bloc, "condition", FAITS))


def _variante(bloc: Lecteur, champs: Mapping[str, str]) -> Variante:
    lue = Variante(bloc.texte("code"), bloc.texte("libelle"), bloc.texte("texte"), _garde(bloc))
    if lue.code == PAR_DEFAUT:
        raise bloc.refus(f"une variante ne peut pas s’appeler « {PAR_DEFAUT} ».")
    _exiger_champs(bloc, lue.texte, lue.garde, champs)
    return lue


def _exiger_champs(bloc: Lecteur, texte: str, garde: Garde, champs: Mapping[str, str]) -> None:
    """The fields that a text and its condition name are those of the model, when it lists any."""
    if not champs:
        return
    if refus := controler_champs(texte, champs):
        raise bloc.refus(refus)
    if garde.champ and garde.champ not in champs:
        raise bloc.refus(f"la condition nomme le champ « {garde.champ} », qui n’est pas dans « champs ».")


def _sans_doublon(codes: list[str], quoi: str) -> None:
    for rang, code in enumerate(codes):
        if code in codes[:rang]:
            raise ReglementInvalide(f"{quoi} : le code « {code} » est employé deux fois.")


def _article(brut: Mapping[str, Any], champs: Mapping[str, str]) -> ArticleModele:
    bloc = Lecteur(brut, f"article « {brut.get('code') or brut.get('titre') or '?'} »")
    variantes = tuple(_variante(v, champs) for v in bloc.blocs("variantes")) if brut.get("variantes") else ()
    _sans_doublon([v.code for v in variantes], bloc.lieu)
    lu = ArticleModele(
        code=bloc.texte("code"),
        titre=bloc.texte("titre"),
        texte=bloc.texte("texte"),
        obligatoire=brut.get("obligatoire") is not False,
        verrouille=brut.get("verrouille") is True,
        garde=_garde(bloc),
        variantes=variantes,
    )
    if not _CODE.fullmatch(lu.code):
        raise bloc.refus("le code s’écrit en lettres sans accent, chiffres et tirets.")
    _exiger_champs(bloc, f"{lu.titre}\n{lu.texte}", lu.garde, champs)
    return lu


def _visa(brut: Mapping[str, Any], champs: Mapping[str, str]) -> VisaModele:
    bloc = Lecteur(brut, f"visa « {brut.get('code') or '?'} »")
    lu = VisaModele(bloc.texte("code"), bloc.texte("texte"), _garde(bloc))
    _exiger_champs(bloc, lu.texte, lu.garde, champs)
    return lu


def lire_modele(brut: Mapping[str, Any], *, strict: bool = False) -> ModeleContrat:
    """The model from its data; with `strict`, the fields of the texts must be listed in « champs ».

    Raises ModeleContratInvalide (French).
    """
    libelles = {str(k): str(v) for k, v in (brut.get("champs") or {}).items()}
    connus = libelles if strict else {}
    try:
        articles = tuple(_article(a, connus) for a in brut.get("articles") or ())
        visas = tuple(_visa(v, connus) for v in brut.get("visas") or ())
        _sans_doublon([a.code for a in articles], "articles")
        _sans_doublon([v.code for v in visas], "visas")
        for nom in ("titre", "parties", "preambule", "conclusion") if strict else ():
            if refus := controler_champs(str(brut.get(nom) or ""), connus):
                raise ReglementInvalide(f"{nom} : {refus}")
    except ReglementInvalide as erreur:
        raise ModeleContratInvalide(str(erreur)) from erreur
    return ModeleContrat(
        titre=str(brut.get("titre") or TITRE),
        champs=libelles,
        parties=str(brut.get("parties") or ""),
        preambule=str(brut.get("preambule") or ""),
        visas=visas,
        articles=articles,
        conclusion=str(brut.get("conclusion") or ""),
    )
