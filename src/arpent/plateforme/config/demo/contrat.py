"""Demonstration of a contract in force: votes and signatures are invented and say so."""

from __future__ import annotations

from datetime import date

from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.models import Demarche

VOTE_LE, EFFET_LE = date(2026, 11, 12), date(2026, 11, 16)
SIGNATAIRE, QUALITE = "Signataire de démonstration", "personne habilitée (valeur de démonstration)"
CONTRAT = {
    "reference": "DEMO-2026-01",
    "date_effet": EFFET_LE,
    "preambule": "Contrat de démonstration : les projets et leurs coûts sont publics ; les aides, les votes "
    "et les signatures sont des exemples.",
}


def mettre_en_vigueur(demarche: Demarche) -> None:
    """From the agreed maquette to the contract in force, through the gestures of its cycle."""
    contrat = contrats.contrat_de(demarche)
    contrat = contrats.enregistrer_contrat(contrat, CONTRAT, version_lue=contrat.version, par=None)
    for rang, partie in enumerate(contrat.parties.all(), 1):
        acte = {
            "signataire": SIGNATAIRE,
            "qualite": QUALITE,
            "deliberation_numero": f"DEMO-CT-{rang:02d}",
            "deliberation_le": VOTE_LE,
        }
        contrats.enregistrer_partie(partie, acte, version_lue=partie.version, par=None)
    for geste in ("soumettre_au_vote", "ouvrir_signature"):
        contrat = contrats.faire_avancer(contrat, geste, par=None)
    contrats.generer(contrat, None)
    contrats.faire_avancer(contrat, "constater_signature", par=None)
    demarches.faire_avancer(demarche, "engager_mise_en_oeuvre", par=None)
    for etape in demarche.etapes.filter(place__in=("negociation", "contrat"), facultative=False):
        demarches.marquer_etape(etape, VOTE_LE, par=None)
