"""The evaluation of a dispositif as data: what is shipped, what a dispositif changes, what is refused."""

from __future__ import annotations

from typing import Any

import pytest

from arpent.metier.cadre_evaluation import Chiffre
from arpent.metier.questionnaire import Genre
from arpent.metier.reglement import ReglementInvalide
from arpent.plateforme.reglements.evaluation import (
    definition_evaluation,
    lire_modele_evaluation,
    lire_questionnaire,
)

CRITERE = {"code": "c", "libelle": "Critère"}
QUESTION = {"code": "q", "libelle": "Question ?", "criteres": [CRITERE]}
POSEE = {"code": "p", "libelle": "Oui ou non ?", "genre": "oui_non"}


def sondage(*questions: dict[str, Any]) -> dict[str, Any]:
    return {"questionnaire": {"titre": "T", "etapes": [{"titre": "E", "questions": list(questions)}]}}


def test_six_questions_sont_livrees_comme_des_propositions() -> None:
    lu = lire_modele_evaluation({})
    assert [q.code for q in lu.questions] == [
        "pertinence", "coherence", "efficacite", "efficience", "impact", "durabilite",
    ]  # fmt: skip
    assert all(q.est_proposee for q in lu.questions)
    assert {q.genre for q in lu.questionnaire.questions} == set(Genre)
    assert Chiffre.TAUX_EXECUTION in {f for q in lu.questions for c in q.criteres for f in c.chiffres}


def test_un_dispositif_remplace_ses_questions_et_garde_le_questionnaire() -> None:
    bloc = {"questions": [{**QUESTION, "source": "Délibération du 12 mars"}]}
    lu = lire_modele_evaluation(bloc)
    assert [q.source for q in lu.questions] == ["Délibération du 12 mars"]
    assert lu.questionnaire == lire_modele_evaluation({}).questionnaire
    fige = definition_evaluation(bloc)
    assert lire_modele_evaluation(fige) == lu
    assert lire_questionnaire(fige["questionnaire"]) == lu.questionnaire


@pytest.mark.parametrize(
    ("bloc", "dit"),
    [
        (["questions"], "une table de clés"),
        ({"question": []}, "clé inconnue"),
        ({"questions": []}, "liste non vide"),
        ({"questions": [QUESTION, QUESTION]}, "donné deux fois"),
        ({"questions": [{**QUESTION, "code": "Q 1"}]}, "minuscules"),
        ({"questions": [{**QUESTION, "criteres": [{**CRITERE, "chiffres": ["age"]}]}]}, "« age » est"),
        ({"questions": [{**QUESTION, "criteres": [{**CRITERE, "sondage": ["x"]}]}]}, "« x » est inconnu"),
        ({"questions": [{**QUESTION, "criteres": [{**CRITERE, "indicateurs": ["x"]}]}]}, "est inconnu"),
        (sondage({**POSEE, "genre": "dessin"}), "genre de « p » est inconnu"),
        (sondage({**POSEE, "genre": "choix", "choix": [{"code": "a", "libelle": "A"}]}), "de 2 à 20"),
        (sondage({**POSEE, "genre": "echelle", "bornes": ["seul"]}), "deux textes"),
        (sondage(POSEE, POSEE), "donné deux fois"),
        (sondage({**POSEE, "obligatoire": "parfois"}), "true"),
        (sondage(*({**POSEE, "code": f"p{n}"} for n in range(41))), "plus de 40 questions"),
    ],
)  # fmt: skip
def test_un_bloc_mal_ecrit_est_refuse(bloc: Any, dit: str) -> None:
    questions = {} if isinstance(bloc, list) or "questionnaire" not in bloc else {"questions": [QUESTION]}
    with pytest.raises(ReglementInvalide, match=dit):
        lire_modele_evaluation(bloc if isinstance(bloc, list) else {**questions, **bloc})
