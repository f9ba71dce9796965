"""The events that may be told, each a gesture of the journal on a kind of object; who may be told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from arpent.plateforme.contrats.models import Avenant, Contrat
from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations.models import Accord
from arpent.plateforme.subventions.models import DemandeVersement, Dossier

from ..lecteur import Lecteur
from ..perimetres import fiches_visibles


@dataclass(frozen=True, slots=True)
class Evenement:
    """`lisibles`: the objects of that kind that a reader sees. `ressource`: where the API gives one."""

    code: str
    libelle: str
    objet_type: str
    gestes: frozenset[str]
    ressource: str
    lisibles: Callable[[Lecteur], QuerySet[Any]]


def _contrats(lecteur: Lecteur) -> QuerySet[Contrat]:
    return Contrat.objects.filter(demarche__in=lecteur.cles("contrat.voir"))


def _avenants(lecteur: Lecteur) -> QuerySet[Avenant]:
    return Avenant.objects.filter(contrat__demarche__in=lecteur.cles("contrat.voir"))


def _accords(lecteur: Lecteur) -> QuerySet[Accord]:
    return Accord.objects.filter(demarche__in=lecteur.cles("maquette.voir"))


def _reunions(lecteur: Lecteur) -> QuerySet[Reunion]:
    cles = lecteur.cles("reunion.voir")
    return Reunion.objects.visibles_par(lecteur.agent).filter(Q(demarche__in=cles))


def _dossiers(lecteur: Lecteur) -> QuerySet[Dossier]:
    return Dossier.objects.visibles_par(lecteur.agent).filter(demarche__in=lecteur.cles("dossier.voir"))


def _versements(lecteur: Lecteur) -> QuerySet[DemandeVersement]:
    cles = lecteur.cles("dossier.voir")
    return DemandeVersement.objects.visibles_par(lecteur.agent).filter(dossier__demarche__in=cles)


def _de(
    objet_type: str, ressource: str, lisibles: Callable[[Lecteur], QuerySet[Any]], *lus: tuple[str, str, str]
) -> tuple[Evenement, ...]:
    return tuple(
        Evenement(code, libelle, objet_type, frozenset({geste}), ressource, lisibles)
        for code, libelle, geste in lus
    )


EVENEMENTS: dict[str, Evenement] = {
    e.code: e
    for e in (
        *_de(
            "plans.fiche", "fiches", fiches_visibles,
            ("fiche.proposee", "Une fiche est proposée", "proposer"),
            ("fiche.a_completer", "Une fiche est à compléter", "demander_complement"),
            ("fiche.pre_instruite", "Une fiche est pré-instruite", "pre_instruire"),
            ("fiche.retenue", "Une fiche est retenue", "retenir"),
            ("fiche.refusee", "Une fiche est refusée", "refuser"),
            ("fiche.contractualisee", "Une fiche entre au contrat", "contractualiser"),
        ),
        *_de(
            "negociations.accord", "", _accords,
            ("maquette.arretee", "La maquette est arrêtée", "arreter_maquette"),
        ),
        *_de(
            "contrats.contrat", "contrats", _contrats,
            ("contrat.au_vote", "Un contrat est soumis au vote", "soumettre_au_vote"),
            ("contrat.signe", "Un contrat est signé", "constater_signature"),
            ("contrat.echu", "Un contrat arrive à son terme", "constater_echeance"),
            ("contrat.resilie", "Un contrat est résilié", "resilier"),
        ),
        *_de(
            "contrats.avenant", "avenants", _avenants,
            ("avenant.propose", "Un avenant est proposé", "proposer_avenant"),
            ("avenant.signe", "Un avenant est signé", "constater_signature_avenant"),
            ("avenant.en_vigueur", "Un avenant entre en vigueur", "mettre_avenant_en_vigueur"),
        ),
        *_de(
            "demarches.reunion", "reunions", _reunions,
            ("reunion.convoquee", "Une réunion est convoquée", "convoquer_reunion"),
            ("reunion.compte_rendu", "Un compte rendu est validé", "valider_compte_rendu"),
        ),
        *_de(
            "subventions.dossier", "dossiers", _dossiers,
            ("dossier.depose", "Un dossier de subvention est déposé", "deposer_dossier"),
            ("dossier.complet", "Un dossier est reconnu complet", "accuser_dossier"),
            ("dossier.vote", "Une aide est votée", "voter_aide"),
            ("dossier.notifie", "Une aide est notifiée", "notifier_dossier"),
            ("dossier.caduc", "Une aide est caduque", "constater_caducite"),
        ),
        *_de(
            "subventions.demandeversement", "versements", _versements,
            ("versement.depose", "Un versement est demandé", "deposer_demande_versement"),
            ("versement.certifie", "Un service fait est certifié", "certifier_service_fait"),
            ("versement.paye", "Un versement est payé", "mettre_en_paiement"),
        ),
    )
}  # fmt: skip
_PAR_GESTE = {(e.objet_type, geste): e for e in EVENEMENTS.values() for geste in e.gestes}
GESTES = frozenset(geste for _, geste in _PAR_GESTE)


def evenement_de(entree: Entree) -> Evenement | None:
    """The event that a line of the journal is, if it is one."""
    return _PAR_GESTE.get((entree.objet_type, entree.geste))


def est_lisible(lecteur: Lecteur, evenement: Evenement, objet_id: str) -> bool:
    """Whether that person may read the object today. One query."""
    return objet_id.isdecimal() and evenement.lisibles(lecteur).filter(pk=int(objet_id)).exists()
