"""The votes awaited over every territory one may read, and who may ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from arpent.metier.cycles import EtatAvenant, EtatContrat
from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.socle.recherche import plier

from . import adresses
from .lecture_votes import VotePartie, votes_des_couples
from .models import Avenant, Partie, Vote

RELANCER = "contrat.rediger"
SUIVIS = (EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value)
"""States of the contract in which its votes are awaited."""
AVENANTS_SUIVIS = (EtatAvenant.VOTE.value, EtatAvenant.SIGNATURE.value)
CONCERNEES: QuerySet[Any] = Avenant.concernees.through._default_manager.all()
"""The rows party × avenant that it approves."""
ETATS_LISTE: dict[str, str] = {
    "a_voter": "Vote attendu",
    "en_retard": "En retard",
    "a_finir": "Voté, pas encore exécutoire",
    "executoire": "Exécutoire",
}


@dataclass(frozen=True, slots=True)
class LigneVote:
    """A party of a contract under vote, or of an avenant. `relancable`: the reader may ask for its vote."""

    demarche: Demarche
    lu: VotePartie
    relancable: bool
    avenant: Avenant | None = None

    @property
    def cle(self) -> str:
        """What names the line in a form."""
        return f"{self.lu.partie.pk}-{self.avenant.pk}" if self.avenant else str(self.lu.partie.pk)

    @property
    def objet(self) -> str:
        return adresses.nom(self.avenant)

    @property
    def page(self) -> str:
        return adresses.page(self.demarche, self.avenant, "votes")


@dataclass(frozen=True, slots=True)
class QuestionVotes:
    """What is asked of the list: a state, a territory or a party by its name."""

    etat: str = "a_voter"
    q: str = ""

    @property
    def est_active(self) -> bool:
        return bool(self.q) or self.etat != "a_voter"

    def retient(self, ligne: LigneVote, le: date) -> bool:
        noms = plier(f"{ligne.demarche.territoire.nom} {ligne.lu.partie.organisation.nom}")
        if self.q and plier(self.q) not in noms:
            return False
        examen = ligne.lu.examen
        match self.etat:
            case "a_voter":
                return ligne.lu.a_voter
            case "en_retard":
                return examen.en_retard(le)
            case "a_finir":
                return examen.etat in {EtatVote.ADOPTEE, EtatVote.TRANSMISE}
            case "executoire":
                return examen.etat is EtatVote.EXECUTOIRE
            case _:
                return True


COLONNES = (
    ColonneDoc("territoire", "Territoire"),
    ColonneDoc("objet", "Objet du vote"),
    ColonneDoc("partie", "Partie"),
    ColonneDoc("assemblee", "Assemblée"),
    ColonneDoc("etat", "État"),
    ColonneDoc("suite", "À faire"),
    ColonneDoc("attendue_le", "Séance prévue", "date"),
    ColonneDoc("numero", "Acte"),
    ColonneDoc("adoptee_le", "Séance du", "date"),
    ColonneDoc("executoire_le", "Exécutoire depuis", "date"),
    ColonneDoc("remarques", "À vérifier"),
)


def rangee(ligne: LigneVote) -> dict[str, Cellule]:
    """A line of the list for a spreadsheet, by the code of its column."""
    lu, vote, examen = ligne.lu, ligne.lu.vote, ligne.lu.examen
    return {
        "territoire": ligne.demarche.territoire.nom,
        "objet": ligne.objet,
        "partie": lu.partie.organisation.nom,
        "assemblee": lu.assemblee,
        "etat": lu.libelle,
        "suite": examen.suite,
        "attendue_le": examen.attendue_le,
        "numero": vote.numero if vote else "",
        "adoptee_le": vote.adoptee_le if vote else None,
        "executoire_le": examen.executoire_le,
        "remarques": " ".join((*examen.changements, *(r.texte for r in examen.remarques))),
    }


def lire_question(get: QueryDict) -> QuestionVotes:
    """Reads the address; asked nothing, the list shows the votes awaited. Never fails."""
    etat = get.get("etat", "a_voter")
    return QuestionVotes(etat if etat in ETATS_LISTE else "", get.get("q", "").strip()[:80])


def parties_a_voter() -> QuerySet[Partie]:
    """Parties of the contracts under vote that have noted no vote of the present text. No query."""
    votes = Vote.objects.filter(partie=OuterRef("pk"), adoptee_le__isnull=False, ecarts=[])
    tenus = votes.filter(sens__in=("", Vote.Sens.ADOPTEE))
    sous_vote = Partie.objects.filter(contrat__etat=EtatContrat.VOTE.value)
    return sous_vote.exclude(organisation__nature=Organisation.Nature.ETAT).exclude(Exists(tenus))


def votes_d_avenant_attendus() -> QuerySet[Any]:
    """Party × avenant under vote, while the party has noted no vote of its present text. No query."""
    votes = Vote.objects.filter(
        partie=OuterRef("partie"), avenant=OuterRef("avenant"), adoptee_le__isnull=False, ecarts=[]
    )
    tenus = votes.filter(sens__in=("", Vote.Sens.ADOPTEE))
    sous_vote = CONCERNEES.filter(avenant__etat=EtatAvenant.VOTE.value)
    return sous_vote.exclude(partie__organisation__nature=Organisation.Nature.ETAT).exclude(Exists(tenus))


def peut_relancer(agent: Agent) -> bool:
    return bool(peut(agent, RELANCER))


def _a_voter(demarches: list[int]) -> list[tuple[Partie, Avenant | None]]:
    """The parties of the contracts under vote, then those of each avenant, by territory. Two queries."""
    parties = Partie.objects.d_origine().filter(contrat__demarche__in=demarches, contrat__etat__in=SUIVIS)
    parties = parties.select_related("contrat", "organisation__commune")
    concernees = CONCERNEES.filter(
        avenant__contrat__demarche__in=demarches, avenant__etat__in=AVENANTS_SUIVIS
    ).select_related("avenant", "partie__contrat", "partie__organisation__commune")
    territoire = "contrat__demarche__territoire__nom"
    return [
        *((p, None) for p in parties.order_by(territoire, "ordre", "pk")),
        *(
            (x.partie, x.avenant)
            for x in concernees.order_by(
                f"avenant__{territoire}", "avenant__numero", "partie__ordre", "partie"
            )
        ),
    ]


def lignes_de_la_liste(agent: Agent, le: date) -> list[LigneVote]:
    """Every party of the contracts and avenants under vote that the agent may read, the first due on top.

    Five queries whatever their number.
    """
    avenants = Avenant.objects.filter(etat__in=AVENANTS_SUIVIS).values("contrat__demarche")
    demarches = {
        d.pk: d
        for d in Demarche.objects.visibles_par(agent)
        .avec_contexte()
        .filter(Q(contrat__etat__in=SUIVIS) | Q(pk__in=avenants))
        if peut_sur(agent, "contrat.voir", d)
    }
    couples = _a_voter(list(demarches))
    lignes = []
    for (partie, avenant), lu in zip(couples, votes_des_couples(couples, le), strict=True):
        if lu.examen.etat is EtatVote.SANS_OBJET:
            continue
        demarche = demarches[partie.contrat.demarche_id]
        relancable = lu.a_voter and bool(peut_sur(agent, RELANCER, demarche))
        lignes.append(LigneVote(demarche, lu, relancable, avenant))
    return sorted(lignes, key=lambda x: (not x.lu.a_voter, x.lu.examen.attendue_le or date.max))
