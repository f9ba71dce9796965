"""One process among those that put avenants in force at once: run by `test_avenants.py`.

`PREPARER` makes the database, a contract in force and signed avenants; `VIGUEUR pk start` puts one in force
at that time; `BILAN` reads what is left. Each prints one JSON line.
"""

from __future__ import annotations

import json
import os
import sys
import time
from datetime import date
from decimal import Decimal
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arpent.plateforme.config.settings_tests")
AVANT, JOUR = date(2026, 1, 1), date(2026, 7, 1)
SEUILS = {"genres": {"montant": "simple"}, "variation": {"simple": 1_000_000}}
PROJETS = 4


def preparer() -> dict[str, Any]:
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from arpent.metier.avenants import Genre
    from arpent.plateforme.contrats import actions as contrats
    from arpent.plateforme.contrats.assemblage import assembler, contrat_doc
    from arpent.plateforme.contrats.avenants import actions, proposition
    from arpent.plateforme.contrats.avenants.signature import ouvrir_signature
    from arpent.plateforme.contrats.models import Contrat, VersionContrat
    from arpent.plateforme.documents.serie import en_json
    from arpent.plateforme.negociations import actions as negociations
    from arpent.plateforme.negociations.credits.suivi import noter_vote
    from arpent.plateforme.negociations.models import PartEnveloppe
    from arpent.plateforme.reglements.models import Fonds
    from tests.plateforme import fabrique
    from tests.plateforme.contrats.atelier_signature import petit_pdf, signer_exemplaire

    proposition.rendre_avenant_pdf = lambda _: petit_pdf()
    dispositif = fabrique.dispositif(parametres={"avenants": SEUILS})
    fonds = Fonds.objects.create(dispositif=dispositif, code="base", libelle="Base", montant=Decimal(100_000))
    demarche = fabrique.demarche(dans=dispositif, slug="course-avenants")
    PartEnveloppe.objects.create(demarche=demarche, fonds=fonds, critere="forfait", montant=Decimal(100_000))
    fiches = [fabrique.fiche(demarche, numero=n) for n in range(1, PROJETS + 1)]
    scenario = negociations.scenario_courant(demarche)
    for fiche in fiches:
        negociations.proposer(
            scenario, fiche, Decimal(10_000), 2026, "retenue", version_lue=0, par=None, le=AVANT
        )
    for geste in ("offrir", "accepter"):
        negociations.changer_etat(scenario, geste, par=None)
    contrat = contrats.contrat_de(demarche)
    noter_vote(demarche, par=None)
    Contrat.objects.filter(pk=contrat.pk).update(etat="en_vigueur", date_effet=AVANT)
    contrat.refresh_from_db()
    doc = contrat_doc(assembler(demarche, JOUR, complet=True), version="1")
    VersionContrat.objects.create(
        contrat=contrat, numero=1, etat="signature", gabarit="contrat/v1", donnees=json.loads(en_json(doc)),
        empreinte="essai", total_aides=Decimal(40_000), nombre_projets=PROJETS, par_nom="Arpent",
    )  # fmt: skip
    pks = []
    for fiche in fiches:
        avenant = actions.preparer_avenant(contrat, f"Projet {fiche.numero}", AVANT, par=None)
        saisie = actions.Saisie(
            Genre.MONTANT, fiche=fiche, montant=Decimal(10_000 + fiche.numero), motif="Essai"
        )
        actions.ecrire_mouvement(avenant, saisie, par=None)
        avenant = proposition.proposer(avenant, par=None, le=JOUR)
        signer_exemplaire(ouvrir_signature(avenant, par=None, le=JOUR, acte="A"), AVANT)
        pks.append(avenant.pk)
    return {"avenants": pks}


def en_vigueur(pk: int, depart: float) -> dict[str, Any]:
    """Accepted once, refused when somebody else did it; tried again while the base is busy."""
    from django.db import OperationalError

    from arpent.metier.cycles import TransitionRefusee
    from arpent.plateforme.contrats.avenants.vigueur import mettre_en_vigueur
    from arpent.plateforme.contrats.models import Avenant

    avenant = Avenant.objects.select_related("contrat").get(pk=pk)
    time.sleep(max(depart - time.time(), 0))
    while True:
        try:
            mettre_en_vigueur(avenant, par=None, le=JOUR)
        except TransitionRefusee:
            return {"fait": False}
        except OperationalError:
            time.sleep(0.05)
        else:
            return {"fait": True}


def bilan() -> dict[str, Any]:
    from arpent.plateforme.contrats.avenants.lecture import etat_consolide
    from arpent.plateforme.contrats.models import Contrat
    from arpent.plateforme.journal.actions import verifier
    from arpent.plateforme.journal.models import Entree
    from arpent.plateforme.negociations.models import Mouvement

    contrat = Contrat.objects.get(demarche__slug="course-avenants")
    lu = etat_consolide(contrat)
    votes = Mouvement.objects.filter(stade="vote").sommes("fiche")
    return {
        "contrat": sorted(str(x.aide) for x in lu.etat.lignes),
        "votes": sorted(str(s.vote) for s in votes.values()),
        "appliques": len(lu.appliques),
        "entrees": Entree.objects.filter(geste="mettre_avenant_en_vigueur").count(),
        "journal": verifier().intacte,
    }


def main(arguments: list[str]) -> None:
    import django

    django.setup()
    match arguments:
        case ["PREPARER"]:
            resultat = preparer()
        case ["VIGUEUR", pk, depart]:
            resultat = en_vigueur(int(pk), float(depart))
        case _:
            resultat = bilan()
    print(json.dumps(resultat))


if __name__ == "__main__":
    main(sys.argv[1:])
