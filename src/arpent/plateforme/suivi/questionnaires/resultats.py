"""What the answers of a campaign say together: counts with their denominator, a breakdown under secrecy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from arpent.metier.questionnaire import (
    Genre,
    Question,
    Reponse,
    Resultat,
    categories_montrables,
    depouiller,
    taux_de_reponse,
)
from arpent.plateforme.demarches.models import Demarche

from ..models import CampagneQuestionnaire, InvitationQuestionnaire, ReponseQuestionnaire
from .lecture import questionnaire_de

Qualite = InvitationQuestionnaire.Qualite


@dataclass(frozen=True, slots=True)
class Croisement:
    """One closed question by category: those that may be shown. `caches`: how many are not."""

    colonnes: tuple[tuple[str, Resultat], ...]
    caches: int

    @property
    def rangees(self) -> list[tuple[str, list[tuple[str, int, int]]]]:
        """Answer → (category, count, out of), in the order of the columns."""
        libelles = [p.libelle for p in self.colonnes[0][1].parts] if self.colonnes else []
        return [
            (libelle, [(nom, r.parts[n].nombre, r.parts[n].sur) for nom, r in self.colonnes])
            for n, libelle in enumerate(libelles)
        ]


@dataclass(frozen=True, slots=True)
class LigneResultat:
    """A question: all together, then by category when two of them at least may be shown."""

    resultat: Resultat
    croisement: Croisement


@dataclass(frozen=True, slots=True)
class ResultatsCampagne:
    """What the page, the file and the report read."""

    campagne: CampagneQuestionnaire
    invites: int
    recues: int
    lignes: tuple[LigneResultat, ...]

    @property
    def resultats(self) -> tuple[Resultat, ...]:
        return tuple(x.resultat for x in self.lignes)

    @property
    def taux(self) -> Decimal | None:
        return taux_de_reponse(self.recues, self.invites)


def croiser(question: Question, par_categorie: Mapping[str, Sequence[Mapping[str, Reponse]]]) -> Croisement:
    """Closed questions only: a text or a number of one body would say whose it is."""
    if question.genre in {Genre.TEXTE, Genre.NOMBRE}:
        return Croisement((), 0)
    effectifs = {
        nom: sum(1 for r in reponses if r.get(question.code)) for nom, reponses in par_categorie.items()
    }
    montrables = categories_montrables(effectifs)
    if len(montrables) < 2:
        return Croisement((), sum(1 for n in effectifs.values() if n))
    colonnes = tuple((nom, depouiller(question, par_categorie[nom])) for nom in montrables)
    return Croisement(colonnes, sum(1 for n in effectifs.values() if n) - len(montrables))


def resultats_de(campagne: CampagneQuestionnaire) -> ResultatsCampagne:
    """Two queries."""
    recues = list(
        ReponseQuestionnaire.objects.filter(invitation__campagne=campagne, terminee_le__isnull=False)
        .order_by("pk")
        .values_list("invitation__qualite", "reponses")
    )
    par_categorie: dict[str, list[Mapping[str, Reponse]]] = {str(q.label): [] for q in Qualite}
    for qualite, reponses in recues:
        par_categorie[str(Qualite(qualite).label)].append(reponses)
    toutes = [reponses for _, reponses in recues]
    return ResultatsCampagne(
        campagne,
        campagne.invitations.count(),
        len(recues),
        tuple(
            LigneResultat(depouiller(q, toutes), croiser(q, par_categorie))
            for q in questionnaire_de(campagne).questions
        ),
    )


def derniers_resultats(demarche: Demarche) -> ResultatsCampagne | None:
    """Of the last campaign that received answers; None when there is none. Three queries."""
    campagne = (
        CampagneQuestionnaire.objects.filter(
            demarche=demarche, invitations__reponse__terminee_le__isnull=False
        )
        .order_by("-lancee_le", "-pk")
        .first()
    )
    return resultats_de(campagne) if campagne else None
