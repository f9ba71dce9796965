"""The questions as their page reads them: criteria, figures drawn from data, the answer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from arpent.metier.argent import formater_euros, formater_nombre
from arpent.metier.cadre_evaluation import (
    ChiffreLu,
    Critere,
    FaitsEvaluation,
    QuestionEvaluative,
    Unite,
    lire_chiffre,
)
from arpent.metier.cycles import CYCLE_REPONSE_EVALUATION, EtatReponseEvaluation
from arpent.metier.questionnaire import Resultat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.reglements.evaluation import ModeleEvaluation

from ..etat import EtatContrat, etat_du_contrat
from ..evaluation.lecture import Evaluation, LigneIndicateur, evaluation_de
from ..models import ReponseEvaluation
from ..questionnaires.resultats import derniers_resultats
from .cadre import cadre_de
from .faits import faits_de

GENRES = {
    EtatReponseEvaluation.A_REDIGER: "neutre",
    EtatReponseEvaluation.REDIGEE: "info",
    EtatReponseEvaluation.VALIDEE: "ok",
}


def ecrire_part(part: Decimal | None) -> str:
    """« 12,5 % »; empty when there is none."""
    return "" if part is None else f"{formater_nombre(part * 100, 1)}\u00a0%"


@dataclass(frozen=True, slots=True)
class LigneChiffre:
    """A figure as it is written, with the two sums of a rate."""

    lu: ChiffreLu

    @property
    def libelle(self) -> str:
        return self.lu.libelle

    @property
    def valeur(self) -> str:
        """Empty: it has no meaning yet."""
        if self.lu.valeur is None:
            return ""
        match self.lu.unite:
            case Unite.EUROS:
                return formater_euros(self.lu.valeur)
            case Unite.PART:
                return ecrire_part(self.lu.valeur)
            case _:
                entier = self.lu.valeur == self.lu.valeur.to_integral_value()
                return formater_nombre(self.lu.valeur, 0 if entier else 2)

    @property
    def detail(self) -> str:
        """« 3 sur 12 », « 10 000,00 € ÷ 25 000,00 € »."""
        haut, bas = self.lu.numerateur, self.lu.denominateur
        if haut is None or bas is None:
            return ""
        if self.lu.unite is Unite.NOMBRE and self.lu.valeur == haut:
            return f"sur {formater_nombre(bas, 0)}"
        return f"{formater_euros(haut)} ÷ {formater_euros(bas)}"


@dataclass(frozen=True, slots=True)
class LigneCritere:
    """A criterion and all that informs it."""

    critere: Critere
    chiffres: tuple[LigneChiffre, ...]
    indicateurs: tuple[LigneIndicateur, ...]
    sondage: tuple[Resultat, ...]

    @property
    def est_eclaire(self) -> bool:
        return bool(self.chiffres or self.indicateurs or any(r.repondants for r in self.sondage))


@dataclass(frozen=True, slots=True)
class LigneQuestion:
    """A question, its criteria, its answer (None: nobody has written it)."""

    question: QuestionEvaluative
    criteres: tuple[LigneCritere, ...]
    reponse: ReponseEvaluation | None

    @property
    def etat(self) -> EtatReponseEvaluation:
        if self.reponse is None:
            return EtatReponseEvaluation.A_REDIGER
        return EtatReponseEvaluation(self.reponse.etat)

    @property
    def libelle_etat(self) -> str:
        return CYCLE_REPONSE_EVALUATION.libelle(self.etat)

    @property
    def genre(self) -> str:
        return GENRES[self.etat]


@dataclass(frozen=True, slots=True)
class Questions:
    """The page. `campagne` empty: no questionnaire has been answered yet."""

    lignes: tuple[LigneQuestion, ...]
    campagne: str
    etat: EtatContrat
    evaluation: Evaluation
    faits: FaitsEvaluation

    @property
    def validees(self) -> int:
        return sum(1 for x in self.lignes if x.etat is EtatReponseEvaluation.VALIDEE)

    @property
    def redigees(self) -> int:
        return sum(1 for x in self.lignes if x.etat is not EtatReponseEvaluation.A_REDIGER)

    def ligne(self, code: str) -> LigneQuestion | None:
        return next((x for x in self.lignes if x.question.code == code), None)


def _critere(
    critere: Critere,
    faits: FaitsEvaluation,
    indicateurs: Sequence[LigneIndicateur],
    resultats: Mapping[str, Resultat],
) -> LigneCritere:
    return LigneCritere(
        critere,
        tuple(LigneChiffre(lire_chiffre(c, faits)) for c in critere.chiffres),
        tuple(x for x in indicateurs if x.indicateur.nature in critere.indicateurs),
        tuple(resultats[c] for c in critere.sondage if c in resultats),
    )


def monter(
    cadre: ModeleEvaluation,
    reponses: Iterable[ReponseEvaluation],
    faits: FaitsEvaluation,
    evaluation: Evaluation,
    resultats: Mapping[str, Resultat],
) -> tuple[LigneQuestion, ...]:
    """No query."""
    par_code = {r.code: r for r in reponses}
    return tuple(
        LigneQuestion(
            q,
            tuple(_critere(c, faits, evaluation.lignes, resultats) for c in q.criteres),
            par_code.get(q.code),
        )
        for q in cadre.questions
    )


def questions_de(demarche: Demarche, le: date) -> Questions:
    """About twenty queries, whatever the number of projects, indicators and answers."""
    etat = etat_du_contrat(demarche, le)
    evaluation = evaluation_de(demarche, [x.projet.fiche for x in etat.lignes])
    faits = faits_de(demarche, etat, evaluation, le)
    derniers = derniers_resultats(demarche)
    lignes = monter(
        cadre_de(demarche),
        ReponseEvaluation.objects.filter(demarche=demarche).order_by("pk"),
        faits,
        evaluation,
        {r.question.code: r for r in derniers.resultats} if derniers else {},
    )
    return Questions(lignes, derniers.campagne.titre if derniers else "", etat, evaluation, faits)
