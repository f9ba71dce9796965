"""The votes of the parties as they stand: the one that counts, what does not hold in it, what it approved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from arpent.metier.assemblees import TypeAssemblee
from arpent.metier.avenants import Piste
from arpent.metier.contenu_vote import ContenuVote, ProjetVote
from arpent.metier.convocations import DelaiEnvoi, delai_envoi
from arpent.metier.deliberation import Acte, Remarque
from arpent.metier.reglement import ParametresLegaux
from arpent.metier.votes import A_VOTER, LIBELLES_VOTE, TENUS, EtatVote, Examen, examiner
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.plans.assemblees import (
    delibere,
    habitants_de,
    nom_assemblee,
    regime_pour,
    sous_controle,
    types_possibles,
)
from arpent.plateforme.reglements.parametres import table_legale

from .models import Avenant, Partie, Vote

PERMANENTE = TypeAssemblee.COMMISSION_PERMANENTE
GENRES_VOTE: dict[EtatVote, str] = {
    EtatVote.A_CONVOQUER: "alerte",
    EtatVote.CONVOQUEE: "info",
    EtatVote.ADOPTEE: "info",
    EtatVote.TRANSMISE: "info",
    EtatVote.EXECUTOIRE: "ok",
    EtatVote.IRREGULIERE: "non",
    EtatVote.CADUQUE: "alerte",
    EtatVote.SANS_SUITE: "non",
    EtatVote.SANS_OBJET: "neutre",
}
_CHAMPS_LUS = frozenset(Acte.__dataclass_fields__)


@dataclass(frozen=True, slots=True)
class VotePartie:
    """A party, the vote that counts (None: nothing noted yet), and what it is worth."""

    partie: Partie
    vote: Vote | None
    examen: Examen
    passes: tuple[Vote, ...] = ()
    delai: DelaiEnvoi | None = None
    """What the law counts before the meeting of that assembly; None when it was not read."""

    @property
    def a_envoyer_le(self) -> date | None:
        """The last day on which the convocation may leave, while it has not; None without a planned day."""
        seance = self.examen.attendue_le
        if not self.a_voter or seance is None or self.delai is None:
            return None
        partie = self.vote is not None and not self.a_recommencer and self.vote.convoquee_le is not None
        return None if partie else self.delai.dernier_envoi(seance)

    @property
    def genre(self) -> str:
        return GENRES_VOTE[self.examen.etat]

    @property
    def libelle(self) -> str:
        return LIBELLES_VOTE[self.examen.etat]

    @property
    def assemblee(self) -> str:
        return (self.vote and self.vote.assemblee) or nom_assemblee(self.partie.organisation)

    @property
    def a_voter(self) -> bool:
        return self.examen.etat in A_VOTER

    @property
    def tenu(self) -> bool:
        return self.examen.etat in TENUS or self.examen.etat is EtatVote.SANS_OBJET

    @property
    def a_recommencer(self) -> bool:
        """The last vote settles nothing: another one may be noted."""
        return self.vote is not None and self.examen.etat in {
            EtatVote.SANS_SUITE,
            EtatVote.CADUQUE,
            EtatVote.IRREGULIERE,
        }


def vote_vierge(partie: Partie, avenant: Avenant | None = None) -> Vote:
    """A vote to fill in, for the usual assembly of the party: of the contract, or of that avenant.

    The commission permanente when the track of the avenant is hers.
    """
    organisation = partie.organisation
    types = types_possibles(organisation)
    if avenant is not None and avenant.piste == Piste.COMMISSION.value and PERMANENTE in types:
        nom = f"Commission permanente – {organisation.nom}"[:200]
        return Vote(partie=partie, avenant=avenant, assemblee=nom, type_assemblee=PERMANENTE.value)
    return Vote(
        partie=partie,
        avenant=avenant,
        assemblee=nom_assemblee(organisation),
        type_assemblee=types[0].value,
    )


def acte_de(vote: Vote, organisation: Organisation) -> Acte:
    """The stored vote as the checks read it. No query when the commune is loaded."""
    champs = {f.name: getattr(vote, f.name) for f in Vote._meta.concrete_fields if f.name in _CHAMPS_LUS}
    return Acte(
        **champs,
        regime=regime_pour(organisation, vote.type_assemblee),
        controle=sous_controle(organisation),
        habitants=habitants_de(organisation),
    )


def delai_avant(vote: Vote, organisation: Organisation, le: date, loi: ParametresLegaux) -> DelaiEnvoi | None:
    """The delay before the meeting, as the law stands the day it is planned for. No query.

    None for a syndicat: its statutes rule it.
    """
    if vote.type_assemblee == TypeAssemblee.COMITE_SYNDICAL:
        return None
    regime = regime_pour(organisation, vote.type_assemblee)
    return delai_envoi(regime, habitants_de(organisation), vote.adoptee_le or vote.attendue_le or le, loi)


def _noms(vote: Vote) -> tuple[Remarque, ...]:
    if vote.ecartes and not vote.ecartes_noms.strip():
        texte = "Les membres écartés ne sont pas nommés : l’acte et le procès-verbal les mentionnent."
        return (Remarque("ecartes_noms", texte, source="CGCT, art. L2131-11"),)
    return ()


def examiner_vote(vote: Vote, organisation: Organisation, le: date, loi: ParametresLegaux) -> Examen:
    """What one vote is worth that day. No query."""
    examen = examiner(
        acte_de(vote, organisation),
        le,
        attendue_le=vote.attendue_le,
        changements=vote.ecarts,
        loi=loi,
    )
    noms = _noms(vote)
    if not noms:
        return examen
    return Examen(
        examen.etat,
        (*examen.remarques, *noms),
        examen.changements,
        examen.attendue_le,
        examen.executoire_le,
        examen.reste,
    )


def _lire(partie: Partie, votes: Sequence[Vote], le: date, loi: ParametresLegaux) -> VotePartie:
    """`votes`: the last one first. The last that holds counts, else the last."""
    organisation = partie.organisation
    if not delibere(organisation):
        return VotePartie(partie, None, examiner(Acte(), le, requis=False))
    if not votes:
        return VotePartie(partie, None, examiner(Acte(controle=sous_controle(organisation)), le))
    examens = [(v, examiner_vote(v, organisation, le, loi)) for v in votes]
    vote, examen = next(((v, e) for v, e in examens if e.etat in TENUS), examens[0])
    passes = tuple(v for v in votes if v is not vote)
    return VotePartie(partie, vote, examen, passes, delai_avant(vote, organisation, le, loi))


def lire_votes(parties: QuerySet[Partie], le: date, *, avenant: Avenant | None = None) -> list[VotePartie]:
    """The vote of each of these parties, in their order. Three queries whatever their number.

    Those of the contract, or of that avenant: they are never mixed.
    """
    return votes_des(list(parties.select_related("organisation__commune")), le, avenant=avenant)


def votes_des(parties: Sequence[Partie], le: date, *, avenant: Avenant | None = None) -> list[VotePartie]:
    """The same of parties already read with `organisation__commune`. Two queries."""
    return votes_des_couples([(p, avenant) for p in parties], le)


def votes_des_couples(couples: Sequence[tuple[Partie, Avenant | None]], le: date) -> list[VotePartie]:
    """The vote of each party, read as above, on the contract (None) or on that avenant. Two queries."""
    avenants = {a.pk for _, a in couples if a is not None}
    voulus = Q(avenant__in=avenants)
    if any(a is None for _, a in couples):
        voulus |= Q(avenant__isnull=True)
    votes = Vote.objects.filter(voulus, partie__in={p.pk for p, _ in couples}).order_by("-pk")
    votes = votes.select_related("version_votee", "avenant_vote")
    par_couple: dict[tuple[int, int | None], list[Vote]] = {}
    for vote in votes.defer("version_votee__donnees", "avenant_vote__donnees"):
        par_couple.setdefault((vote.partie_id, vote.avenant_id), []).append(vote)
    loi = table_legale()
    return [_lire(p, par_couple.get((p.pk, a.pk if a else None), []), le, loi) for p, a in couples]


# --- what was approved ----------------------------------------------------------------------------


def _montant(valeur: Any) -> Decimal | None:
    return None if valeur in (None, "") else Decimal(str(valeur))


def contenu_de(donnees: Mapping[str, Any]) -> ContenuVote:
    """What is voted in the frozen data of a version."""
    maquette = donnees.get("maquette") or {}
    return ContenuVote(
        parties=tuple(p["nom"] for p in donnees.get("parties") or ()),
        preambule="\n".join(donnees.get("preambule") or ()),
        articles=tuple((a["titre"], "\n".join(a["paragraphes"])) for a in donnees.get("articles") or ()),
        projets=tuple(
            ProjetVote(
                f["numero"],
                f["titre"],
                f["maitre_ouvrage"],
                _montant(f.get("cout_ht")),
                _montant(f.get("aide_proposee")),
            )
            for f in donnees.get("fiches") or ()
        ),
        enveloppe=_montant(maquette.get("enveloppe")),
    )
