"""The votes of an avenant: who votes, what lapses them, what keeps the signature shut."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from arpent.metier.avenants import Piste
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner_modification
from arpent.plateforme.socle.versions import enregistrer_version

from ..exigences import MONTRES
from ..lecture_votes import VotePartie, lire_votes
from ..models import Avenant, VersionAvenant, Vote
from .ecarts_votes import ecarts_entre_versions
from .lecture import AvenantRefuse


def votes_de_l_avenant(avenant: Avenant, le: date) -> list[VotePartie]:
    """The vote of each party that approves it, in the order of the signatures. Three queries."""
    return lire_votes(avenant.concernees.order_by("ordre", "pk"), le, avenant=avenant)


def revoir_les_votes_de(avenant: Avenant, version: VersionAvenant, *, par: Agent | None) -> int:
    """Compares every vote with the version just issued: lapsed, or standing again. Returns how many moved."""
    votes = Vote.objects.select_for_update(of=("self",)).filter(avenant=avenant, adoptee_le__isnull=False)
    bouges = 0
    for vote in votes.select_related("partie__organisation", "avenant_vote").order_by("pk"):
        if vote.avenant_vote is None:
            continue
        avant, vote.ecarts = vote.ecarts, ecarts_entre_versions(vote.avenant_vote, version)
        if vote.ecarts == avant:
            continue
        enregistrer_version(vote, vote.version, ["ecarts"])
        consigner_modification(
            vote, {"ecarts": avant}, {"ecarts": vote.ecarts}, par=par,
            demarche_id=avenant.contrat.demarche_id, geste="revoir_vote", libelle=f"Vote : {vote.partie}",
        )  # fmt: skip
        bouges += 1
    return bouges


def blocages_des_votes(lus: Sequence[VotePartie]) -> list[str]:
    return [phrase for v in lus if (phrase := v.examen.blocage(v.partie.organisation.nom))]


def exiger_votes_de(avenant: Avenant, le: date) -> None:
    """Every party of the track has voted this version, and its act is exécutoire."""
    if avenant.piste == Piste.SIMPLE.value:
        return
    if phrases := blocages_des_votes(votes_de_l_avenant(avenant, le)):
        reste = len(phrases) - MONTRES
        suite = f" Et {reste} autre{'s' if reste > 1 else ''}." * (reste > 0)
        raise AvenantRefuse(f"La signature reste fermée. {' '.join(phrases[:MONTRES])}{suite}")
