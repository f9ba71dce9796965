"""The votes of a contract as plain values, for the command line and the exports."""

from __future__ import annotations

from datetime import date
from typing import Any

from .contrat_exterieur import ActeSaisi, est_reprise, lire_reprise
from .lecture_votes import VotePartie, lire_votes
from .models import Contrat


def _jour(jour: date | None) -> str | None:
    return jour.isoformat() if jour else None


def vote_json(lu: VotePartie, le: date) -> dict[str, Any]:
    """One party: where its vote stands, what is left to do, what does not hold, what has changed since."""
    vote, examen = lu.vote, lu.examen
    return {
        "partie": lu.partie.organisation.nom,
        "siren": lu.partie.organisation.siren,
        "role": lu.partie.role,
        "etat": examen.etat.value,
        "libelle": lu.libelle.replace("\N{NO-BREAK SPACE}", " "),
        "type_assemblee": vote.type_assemblee if vote else None,
        "assemblee": lu.assemblee,
        "version": vote.version_votee.numero if vote and vote.version_votee else None,
        "numero": vote.numero if vote else "",
        "attendue_le": _jour(examen.attendue_le),
        "en_retard": examen.en_retard(le),
        "convoquee_le": _jour(vote.convoquee_le) if vote else None,
        "adoptee_le": _jour(vote.adoptee_le) if vote else None,
        "transmise_le": _jour(vote.transmise_le) if vote else None,
        "recue_le": _jour(vote.recue_le) if vote else None,
        "publiee_le": _jour(vote.publiee_le) if vote else None,
        "executoire_le": _jour(examen.executoire_le),
        "pour": vote.pour if vote else None,
        "contre": vote.contre if vote else None,
        "abstentions": vote.abstentions if vote else None,
        "ecartes": vote.ecartes if vote else None,
        "a_faire": examen.suite,
        "bloque_la_signature": examen.blocage(lu.partie.organisation.nom),
        "remarques": [
            {"champ": r.champ, "texte": r.texte, "source": r.source, "bloquant": r.bloquant}
            for r in examen.remarques
        ],
        "changements": list(examen.changements),
        "demonstration": bool(vote and vote.demonstration),
    }


def _acte_json(acte: ActeSaisi) -> dict[str, Any]:
    """One party of a contract signed outside: the keys of `vote_json` that are known."""
    return {
        "partie": acte.partie.organisation.nom,
        "siren": acte.partie.organisation.siren,
        "role": acte.partie.role,
        "etat": "repris",
        "libelle": "Repris",
        "numero": acte.numero,
        "adoptee_le": _jour(acte.pris_le),
        "a_faire": "",
        "bloque_la_signature": "",
        "remarques": [],
        "changements": [],
    }


def votes_json(contrat: Contrat, le: date) -> list[dict[str, Any]]:
    """One object per party, in the order of the signatures. Four queries.

    A contract signed outside Arpent gives the acts typed when it was taken over.
    """
    derniere = contrat.versions.defer("donnees").order_by("-numero").first()
    if derniere is not None and est_reprise([derniere]):
        parties = contrat.parties.d_origine().select_related("organisation").order_by("ordre", "pk")
        return [_acte_json(a) for a in lire_reprise(derniere, list(parties)).actes]
    return [vote_json(lu, le) for lu in lire_votes(contrat.parties.d_origine().order_by("ordre", "pk"), le)]
