"""How a dispositif evaluates its contracts, as data: the questions and their criteria, the questionnaire.

The common evaluation is `dispositifs/evaluation.yaml`, whose head tells the format; the block `evaluation`
of a dispositif replaces it key by key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from arpent import dispositifs
from arpent.metier.cadre_evaluation import Chiffre, Critere, QuestionEvaluative
from arpent.metier.questionnaire import Etape, Genre, Question, Questionnaire
from arpent.metier.reglement.lecteur import Lecteur, ReglementInvalide

COMMUN = Path(dispositifs.__file__).parent / "evaluation.yaml"
NATURES = ("realisation", "resultat")
QUESTIONS_MAX, CHOIX_MAX = 40, 20
_CODE = re.compile(r"[a-z0-9]+(?:_[a-z0-9]+)*")
_A_CHOIX = (Genre.CHOIX, Genre.PLUSIEURS)


@dataclass(frozen=True, slots=True)
class ModeleEvaluation:
    """What a contract is evaluated on, and what is asked to those who live it."""

    questions: tuple[QuestionEvaluative, ...]
    questionnaire: Questionnaire


@cache
def _commun() -> dict[str, Any]:
    lu: dict[str, Any] = yaml.load(COMMUN.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return lu


def definition_evaluation(bloc: Mapping[str, Any], lieu: str = "evaluation") -> dict[str, Any]:
    """The common evaluation changed by `bloc`, ready to be frozen. ReglementInvalide names the key."""
    if not isinstance(bloc, Mapping):
        raise ReglementInvalide(f"{lieu} : ce bloc doit être une table de clés et de valeurs.")
    return {**_commun(), **bloc}


def lire_modele_evaluation(bloc: Mapping[str, Any], lieu: str = "evaluation") -> ModeleEvaluation:
    """Of a block, or of what `definition_evaluation` gave. ReglementInvalide names the key."""
    tete = Lecteur(definition_evaluation(bloc, lieu), lieu)
    questionnaire = _questionnaire(tete.sous("questionnaire"))
    sondees = {q.code for q in questionnaire.questions}
    vus: set[str] = set()
    questions = tuple(_question(b, vus, sondees) for b in tete.blocs("questions"))
    tete.finir()
    return ModeleEvaluation(questions, questionnaire)


def lire_questionnaire(bloc: Mapping[str, Any], lieu: str = "questionnaire") -> Questionnaire:
    """Of its block alone, as a campaign keeps it. ReglementInvalide names the key."""
    return _questionnaire(Lecteur(bloc, lieu))


def _code(bloc: Lecteur, vus: set[str]) -> str:
    code = bloc.texte("code")
    if not _CODE.fullmatch(code) or len(code) > 40:
        raise bloc.refus(f"le code « {code} » doit s’écrire en minuscules, chiffres et soulignés.")
    if code in vus:
        raise bloc.refus(f"le code « {code} » est donné deux fois.")
    vus.add(code)
    return code


def _question(bloc: Lecteur, vus: set[str], sondees: set[str]) -> QuestionEvaluative:
    criteres_vus: set[str] = set()
    question = QuestionEvaluative(
        _code(bloc, vus),
        bloc.texte("libelle"),
        tuple(_critere(b, criteres_vus, sondees) for b in bloc.blocs("criteres")),
        bloc.texte("source", ""),
    )
    bloc.finir()
    return question


def _critere(bloc: Lecteur, vus: set[str], sondees: set[str]) -> Critere:
    critere = Critere(
        _code(bloc, vus),
        bloc.texte("libelle"),
        tuple(Chiffre(c) for c in _parmi(bloc, "chiffres", {c.value for c in Chiffre})),
        _parmi(bloc, "indicateurs", set(NATURES)),
        _parmi(bloc, "sondage", sondees),
    )
    bloc.finir()
    return critere


def _parmi(bloc: Lecteur, cle: str, connus: set[str]) -> tuple[str, ...]:
    lus = bloc.textes(cle, facultatif=True)
    if inconnu := next((c for c in lus if c not in connus), None):
        raise bloc.refus(f"« {cle} » : « {inconnu} » est inconnu. Connus : {', '.join(sorted(connus))}.")
    return lus


def _questionnaire(bloc: Lecteur) -> Questionnaire:
    vus: set[str] = set()
    etapes = []
    for etape in bloc.blocs("etapes"):
        etapes.append(
            Etape(etape.texte("titre"), tuple(_question_posee(b, vus) for b in etape.blocs("questions")))
        )
        etape.finir()
    if len(vus) > QUESTIONS_MAX:
        raise bloc.refus(f"le questionnaire a plus de {QUESTIONS_MAX} questions.")
    lu = Questionnaire(bloc.texte("titre"), bloc.texte("presentation", ""), tuple(etapes))
    bloc.finir()
    return lu


def _question_posee(bloc: Lecteur, vus: set[str]) -> Question:
    code = _code(bloc, vus)
    try:
        genre = Genre(bloc.texte("genre"))
    except ValueError as erreur:
        genres = ", ".join(g.value for g in Genre)
        raise bloc.refus(f"le genre de « {code} » est inconnu. Connus : {genres}.") from erreur
    bornes = bloc.textes("bornes", facultatif=True) if genre is Genre.ECHELLE else ()
    if bornes and len(bornes) != 2:
        raise bloc.refus("« bornes » attend deux textes, pour 1 et pour 5.")
    obligatoire = bloc.brut("obligatoire") is not None and bloc.booleen("obligatoire")
    question = Question(
        code, genre, bloc.texte("libelle"),
        choix=_choix(bloc) if genre in _A_CHOIX else (),
        obligatoire=obligatoire,
        unite=bloc.texte("unite", "") if genre is Genre.NOMBRE else "",
        bornes=(bornes[0], bornes[1]) if bornes else ("", ""),
    )  # fmt: skip
    bloc.finir()
    return question


def _choix(bloc: Lecteur) -> tuple[tuple[str, str], ...]:
    vus: set[str] = set()
    choix = []
    for un in bloc.blocs("choix"):
        choix.append((_code(un, vus), un.texte("libelle")))
        un.finir()
    if not 2 <= len(choix) <= CHOIX_MAX:
        raise bloc.refus(f"une question à choix en propose de 2 à {CHOIX_MAX}.")
    return tuple(choix)
