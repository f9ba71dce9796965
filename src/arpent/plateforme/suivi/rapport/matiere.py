"""All that a report of evaluation is drafted from, read once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.models import Demarche

from ..comparaisons.generations import Generations, generations_de
from ..comparaisons.jumeaux import Comparee, annee_de_signature, comparer
from ..evaluation.releve import lire_observatoire
from ..questionnaires.resultats import ResultatsCampagne, derniers_resultats
from ..questions.lecture import Questions, questions_de

JUMEAUX_MAX = 3
"""Indicators shown beside the twins: those the contract follows, the first ones."""


@dataclass(frozen=True, slots=True)
class Matiere:
    """`contrat` None: not prepared yet; `campagne` None: nobody has answered."""

    demarche: Demarche
    contrat: Contrat | None
    questions: Questions
    campagne: ResultatsCampagne | None
    jumeaux: tuple[Comparee, ...]
    generations: Generations
    avenants: tuple[Avenant, ...]
    le: date


def rassembler(demarche: Demarche, le: date) -> Matiere:
    """About forty queries, whatever the number of projects; one read of the columnar store."""
    contrat = Contrat.objects.filter(demarche=demarche).first()
    questions = questions_de(demarche, le)
    codes = dict.fromkeys(x.indicateur.code for x in questions.evaluation.lignes if x.indicateur.code)
    lecture = lire_observatoire(demarche) if codes else None
    signature = annee_de_signature(demarche)
    compares = [c for code in codes if lecture and (c := comparer(lecture, code, signature))]
    return Matiere(
        demarche,
        contrat,
        questions,
        derniers_resultats(demarche),
        tuple(compares[:JUMEAUX_MAX]),
        generations_de(demarche, None),
        tuple(Avenant.objects.filter(contrat__demarche=demarche).order_by("numero", "pk")),
        le,
    )
