"""Demonstration of contracts under vote and in force: votes and signatures are invented and say so."""

from __future__ import annotations

from datetime import date
from typing import Any

from arpent.metier.deliberation import quorum_requis
from arpent.plateforme.acteurs.models import Organisation
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.lecture_votes import vote_vierge
from arpent.plateforme.contrats.models import Contrat, Partie, Vote
from arpent.plateforme.contrats.signatures.circuits import ouvrir_pour_le_contrat
from arpent.plateforme.contrats.votes import enregistrer_vote
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.plans.assemblees import nom_assemblee

from .signature import signer_partout, signer_sur_papier

N = Organisation.Nature
CONVOCATION_LE, VOTE_LE, EFFET_LE = date(2026, 10, 29), date(2026, 11, 12), date(2026, 11, 16)
PROCHAINE_LE, ENSUITE_LE = date(2026, 12, 10), date(2027, 1, 1)
SIGNATAIRE, QUALITE = "Signataire de démonstration", "personne habilitée (valeur de démonstration)"
CONTRAT = {
    "reference": "DEMO-2026-01",
    "date_effet": EFFET_LE,
    "preambule": "Contrat de démonstration : les projets et leurs coûts sont publics ; les aides, les votes "
    "et les signatures sont des exemples.",
}
MEMBRES = {N.COMMUNE: 15, N.SYNDICAT: 20, N.PETR: 20, N.DEPARTEMENT: 26}
"""Members in office, made up for the demonstration; 30 for the others."""


def _preparer(demarche: Demarche, reference: str, effet_le: date = EFFET_LE) -> Contrat:
    """A complete contract, submitted to the assemblies, with the version they vote."""
    contrat = contrats.contrat_de(demarche)
    valeurs = CONTRAT | {"reference": reference, "date_effet": effet_le}
    contrat = contrats.enregistrer_contrat(contrat, valeurs, version_lue=contrat.version, par=None)
    for partie in contrat.parties.all():
        qui = {"signataire": SIGNATAIRE, "qualite": QUALITE}
        contrats.enregistrer_partie(partie, qui, version_lue=partie.version, par=None)
    contrat = contrats.faire_avancer(contrat, "soumettre_au_vote", par=None)
    contrats.generer(contrat, None)
    return contrat


def _noter(partie: Partie, rang: int, **autres: Any) -> Vote:
    """A vote by everybody in the room, one member standing aside; then its formalities."""
    membres = MEMBRES.get(N(partie.organisation.nature), 30)
    presents = quorum_requis(membres) + 2
    permanente = partie.organisation.nature == N.DEPARTEMENT
    valeurs = {
        "type_assemblee": "commission_permanente" if permanente else vote_vierge(partie).type_assemblee,
        "assemblee": f"Commission permanente – {partie}"
        if permanente
        else nom_assemblee(partie.organisation),
        "objet": "Contrat territorial : approbation et autorisation de signer (exemple)",
        "convoquee_le": CONVOCATION_LE,
        "adoptee_le": VOTE_LE,
        "numero": f"DEMO-CT-{rang:02d}",
        "sens": "adoptee",
        "en_exercice": membres,
        "presents": presents,
        "representes": 2,
        "ecartes": 1,
        "ecartes_noms": "Membre de démonstration",
        "pour": presents,
        "contre": 0,
        "abstentions": 1,
        "transmise_le": date(2026, 11, 13),
        "recue_le": date(2026, 11, 13),
        "publiee_le": EFFET_LE,
    }
    return _marquer(enregistrer_vote(partie, valeurs | autres, par=None, le=EFFET_LE)[0])


def _marquer(vote: Vote) -> Vote:
    Vote.objects.filter(pk=vote.pk).update(demonstration=True)
    return vote


def mettre_en_vigueur(demarche: Demarche) -> None:
    """From the agreed maquette to the contract in force, through the gestures of its cycle."""
    contrat = _preparer(demarche, "DEMO-2026-01")
    for rang, partie in enumerate(contrat.parties.select_related("organisation"), 1):
        _noter(partie, rang)
    contrat = contrats.faire_avancer(contrat, "ouvrir_signature", par=None)
    contrats.generer(contrat, None)
    signer_partout(ouvrir_pour_le_contrat(contrat, ordre_impose=False, par=None))
    contrats.faire_avancer(contrat, "constater_signature", par=None)
    demarches.faire_avancer(demarche, "engager_mise_en_oeuvre", par=None)
    for etape in demarche.etapes.filter(place__in=("negociation", "contrat"), facultative=False):
        demarches.marquer_etape(
            etape, VOTE_LE, par=None, motif="Démonstration : réunions tenues hors d’Arpent."
        )


def mettre_a_la_signature(demarche: Demarche) -> None:
    """Voted by all, signed on paper by all but the authority, whose certificate is awaited."""
    contrat = _preparer(demarche, "DEMO-2026-03")
    for rang, partie in enumerate(contrat.parties.select_related("organisation"), 1):
        _noter(partie, rang)
    contrat = contrats.faire_avancer(contrat, "ouvrir_signature", par=None)
    contrats.generer(contrat, None)
    signer_sur_papier(contrat, VOTE_LE)


def mettre_au_vote(demarche: Demarche) -> None:
    """Votes under way: one done, one to publish, one without its quorum, one convened, the others awaited."""
    contrat = _preparer(demarche, "DEMO-2026-02", ENSUITE_LE)
    parties = list(contrat.parties.select_related("organisation").order_by("ordre", "pk"))
    cas: tuple[dict[str, Any], ...] = (
        {},
        {"publiee_le": None},
        {"presents": 4, "ecartes": None, "ecartes_noms": "", "pour": 6, "abstentions": 0},
    )
    for rang, (partie, autres) in enumerate(zip(parties, cas, strict=False), 1):
        _noter(partie, rang, **autres)
    for partie in parties[len(cas) : len(cas) + 1]:
        prevu = {"convoquee_le": date(2026, 11, 25), "attendue_le": PROCHAINE_LE}
        _marquer(enregistrer_vote(partie, prevu, par=None, le=EFFET_LE)[0])
