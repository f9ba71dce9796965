"""The questions of a pack in their order, and what was decided of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arpent.plateforme.contrats.models import Avenant
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.demarches.reunions.lecture import adresse_objet
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.documents.donnees_rendez_vous import QuestionDoc

from ..models import QuestionRendezVous

APRES_LES_AUTRES = 10_000


@dataclass(frozen=True, slots=True)
class QuestionLue:
    """A question as the page shows it."""

    question: QuestionReunion
    place: QuestionRendezVous | None
    demarche: Demarche

    @property
    def retiree(self) -> bool:
        return self.place is not None and self.place.retiree_le is not None

    @property
    def decision(self) -> Decision | None:
        return self.question.decision

    @property
    def avenant(self) -> Avenant | None:
        return self.place.avenant if self.place else None

    @property
    def adresse(self) -> str:
        """Where what it is about is read; no query."""
        return adresse_objet(self.demarche, self.question)

    @property
    def suite(self) -> str:
        """What was decided, in one line; empty while nothing is."""
        dites = []
        if d := self.decision:
            qui = f" ({d.responsable_nom})" if d.responsable_nom else ""
            dites.append(f"Décision {d.numero}{qui}")
        if self.avenant:
            dites.append(str(self.avenant))
        return " ; ".join(dites)


def questions_de(reunion: Reunion) -> list[QuestionLue]:
    """All of them, those withdrawn last. One query."""
    lues = [
        QuestionLue(q, getattr(q, "rendez_vous", None), q.objet_demarche or reunion.demarche)
        for q in reunion.questions.select_related(
            "rendez_vous__avenant",
            "objet_demarche__territoire",
            "decision",
            "objet_demarche__version_processus__processus__autorite",
        ).defer("objet_demarche__version_processus__definition")
    ]
    return sorted(lues, key=_rang)


def _rang(x: QuestionLue) -> tuple[bool, int, int]:
    return (x.retiree, (x.place.rang if x.place else 0) or APRES_LES_AUTRES, x.question.pk)


def du_dossier(lues: Sequence[QuestionLue]) -> list[QuestionLue]:
    """Those that the pack asks."""
    return [x for x in lues if not x.retiree]


def questions_doc(reunion: Reunion, noms: Mapping[int, str]) -> tuple[QuestionDoc, ...]:
    """One query."""
    return tuple(
        QuestionDoc(
            rang=rang,
            territoire=noms.get(x.demarche.pk, x.demarche.territoire.nom),
            texte=x.question.texte,
            origine=x.question.origine,
            objet=x.question.objet_libelle,
            reponse=x.question.reponse,
            suite=x.suite,
        )
        for rang, x in enumerate(du_dossier(questions_de(reunion)), 1)
    )
