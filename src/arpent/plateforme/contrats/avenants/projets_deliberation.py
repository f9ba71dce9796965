"""The draft délibération by which a party approves an avenant, from the frozen document that is voted."""

from __future__ import annotations

import json
from datetime import date

from arpent.plateforme.documents.donnees import VisaDoc
from arpent.plateforme.documents.donnees_approbation import ApprobationAvenantDoc
from arpent.plateforme.documents.donnees_avenant import AvenantDoc
from arpent.plateforme.documents.rendu.texte import jour
from arpent.plateforme.documents.serie import depuis_json
from arpent.plateforme.reglements.models import VersionReglement

from .. import adresses
from ..lecture_votes import VotePartie, vote_vierge
from ..models import Avenant, VersionAvenant, Vote
from ..projets_deliberation import (
    collectivite_qui_vote,
    manques_du_vote,
    rappels_du_vote,
    seance_du_vote,
    visas_generaux,
)
from .lecture import AvenantRefuse


def approbation_avenant_doc(lu: VotePartie, avenant: Avenant, le: date) -> ApprobationAvenantDoc:
    """The draft act of one party. Two queries. AvenantRefuse while the avenant was never proposed."""
    partie, organisation, demarche = lu.partie, lu.partie.organisation, avenant.contrat.demarche
    vote, version, doc = avenant_vote(lu, avenant)
    siennes = tuple(x for x in doc.lignes if x.maitre_ouvrage == organisation.nom)
    reglement = VersionReglement.objects.en_vigueur(demarche.processus.dispositif, le)
    return ApprobationAvenantDoc(
        collectivite=collectivite_qui_vote(organisation, vote),
        territoire=doc.territoire,
        dispositif=doc.dispositif,
        avenant=doc.titre,
        objet=doc.objet,
        contrat=doc.contrat,
        version=str(version.numero),
        etabli_le=le,
        parties=tuple(p.nom for p in doc.parties),
        mouvements=doc.mouvements,
        nombre_avant=doc.nombre_avant,
        nombre_apres=doc.nombre_apres,
        aide_avant=doc.aide_avant,
        aide_apres=doc.aide_apres,
        voie=doc.voie,
        reference=doc.reference,
        seance=seance_du_vote(vote),
        signataire=partie.signataire,
        qualite=partie.qualite,
        ecartes=vote.ecartes_noms,
        visas=tuple(
            VisaDoc(x)
            for x in (
                *visas_generaux(organisation, vote, reglement, demarche),
                _visa_du_contrat(doc),
                f"la version {version.numero} {adresses.du_nom(avenant)}, annexée à la présente délibération",
            )
        ),
        lignes=siennes or doc.lignes,
        lignes_de_la_partie=bool(siennes),
        enveloppe=doc.enveloppe,
        date_effet=doc.date_effet,
        manques=tuple(manques_du_vote(vote, reglement)),
        rappels=tuple(rappels_du_vote(organisation, vote, "de l’avenant")),
        demonstration=doc.demonstration or bool(doc.mentions) or vote.demonstration,
    )


def avenant_vote(lu: VotePartie, avenant: Avenant) -> tuple[Vote, VersionAvenant, AvenantDoc]:
    """The vote that a party holds, the version it votes, its frozen document. One query. AvenantRefuse."""
    vote = lu.vote if lu.vote is not None and not lu.a_recommencer else vote_vierge(lu.partie, avenant)
    version = vote.avenant_vote or avenant.versions.order_by("-numero").first()
    if version is None:
        raise AvenantRefuse(
            "Proposez d’abord l’avenant : les documents de la séance citent son document figé, et l’annexent."
        )
    return vote, version, depuis_json(AvenantDoc, json.dumps(version.donnees["document"]))


def _visa_du_contrat(doc: AvenantDoc) -> str:
    reference = f" ({doc.reference})" if doc.reference else ""
    depuis = f", en vigueur depuis le {jour(doc.date_contrat)}" if doc.date_contrat else ""
    return f"le « {doc.contrat} »{reference}{depuis}"
