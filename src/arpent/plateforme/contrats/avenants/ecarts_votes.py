"""What has changed in an avenant since an assembly voted it."""

from __future__ import annotations

from ..models import Avenant, VersionAvenant, Vote


def ecarts_entre_versions(votee: VersionAvenant, actuelle: VersionAvenant) -> list[str]:
    """What has changed between two versions of an avenant, one line each."""
    if votee.pk == actuelle.pk:
        return []
    avant, apres = _phrases(votee), _phrases(actuelle)
    lignes = [f"Ajouté : {p}" for p in apres if p not in avant]
    lignes += [f"Retiré : {p}" for p in avant if p not in apres]
    vieille, neuve = votee.donnees.get("date_effet"), actuelle.donnees.get("date_effet")
    if vieille != neuve:
        lignes.append(f"Date d’effet : {neuve} au lieu de {vieille}")
    return lignes


def _phrases(version: VersionAvenant) -> list[str]:
    return [m["phrase"] for m in version.donnees["document"]["mouvements"]]


def completer_vote(vote: Vote, avenant: Avenant) -> None:
    """The version voted, the last one when nothing is said, and what changed since."""
    derniere = avenant.versions.order_by("-numero").first()
    if vote.adoptee_le is None or derniere is None:
        vote.ecarts = []
        return
    if vote.avenant_vote is None:
        vote.avenant_vote = derniere
    vote.ecarts = ecarts_entre_versions(vote.avenant_vote, derniere)
