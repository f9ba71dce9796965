"""The votes awaited over every territory one may read, and who may ask for them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, QuerySet
from django.http import QueryDict

from arpent.metier.cycles import EtatContrat
from arpent.metier.votes import EtatVote
from arpent.plateforme.acteurs.droits import peut
from arpent.plateforme.acteurs.models import Agent, Organisation
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.donnees import Cellule, ColonneDoc
from arpent.plateforme.socle.recherche import plier

from .lecture_votes import VotePartie, lire_votes
from .models import Partie, Vote

RELANCER = "contrat.rediger"
SUIVIS = (EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value)
"""States of the contract in which its votes are awaited."""
ETATS_LISTE: dict[str, str] = {
    "a_voter": "Vote attendu",
    "en_retard": "En retard",
    "a_finir": "Voté, pas encore exécutoire",
    "executoire": "Exécutoire",
}


@dataclass(frozen=True, slots=True)
class LigneVote:
    """A party of a contract under vote. `relancable`: the reader may ask for its vote."""

    demarche: Demarche
    lu: VotePartie
    relancable: bool


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


def peut_relancer(agent: Agent) -> bool:
    return bool(peut(agent, RELANCER))


def lignes_de_la_liste(agent: Agent, le: date) -> list[LigneVote]:
    """Every party of the contracts under vote that the agent may read, the first due on top. Four queries."""
    demarches = {
        d.pk: d
        for d in Demarche.objects.visibles_par(agent).avec_contexte().filter(contrat__etat__in=SUIVIS)
        if peut_sur(agent, "contrat.voir", d)
    }
    parties = (
        Partie.objects.d_origine().filter(contrat__demarche__in=list(demarches)).select_related("contrat")
    )
    lus = lire_votes(parties.order_by("contrat__demarche__territoire__nom", "ordre", "pk"), le)
    lignes = []
    for lu in lus:
        if lu.examen.etat is EtatVote.SANS_OBJET:
            continue
        demarche = demarches[lu.partie.contrat.demarche_id]
        lignes.append(LigneVote(demarche, lu, lu.a_voter and bool(peut_sur(agent, RELANCER, demarche))))
    return sorted(lignes, key=lambda x: (not x.lu.a_voter, x.lu.examen.attendue_le or date.max))
