"""Closing a contract: balance, return to the envelope, document, state, journal, in one transaction."""

from __future__ import annotations

import json
from datetime import date

from django.db import transaction

from arpent.metier.cloture import refus_de_cloture
from arpent.metier.cycles import TransitionRefusee
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.exigences import ContratRefuse, verrouiller
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.documents.actions import emettre
from arpent.plateforme.documents.empreinte import empreinte_des_donnees
from arpent.plateforme.documents.rendu.pdf import RenduImpossible
from arpent.plateforme.documents.rendu.pdf_evaluation import rendre_rapport_evaluation_pdf
from arpent.plateforme.documents.serie import en_json
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import CreditRefuse, Piece
from arpent.plateforme.negociations.credits.restes import rendre_le_reste
from arpent.plateforme.plans.models import Fiche

from ..models import ClotureContrat
from ..montants import montants_des
from .document import bilan_doc
from .lecture import bilan_de, fiches_du_bilan, obstacle_de, ouverts_de

GENRE = "bilan de clôture"


class ClotureRefusee(ValueError):
    """Why the contract is not closed; the French message says what to do."""


@transaction.atomic
def clore_contrat(demarche: Demarche, motif: str, *, par: Agent | None, le: date) -> ClotureContrat:
    """The balance is that of the instant, read under the lock of the contract. ClotureRefusee."""
    contrat = Contrat.objects.filter(demarche=demarche).first()
    if contrat is None:
        raise ClotureRefusee(obstacle_de(None, le))
    contrat = verrouiller(contrat)
    if obstacle := obstacle_de(contrat, le):
        raise ClotureRefusee(obstacle)
    motif = motif.strip()[:1000]
    ouverts, bilan = ouverts_de(demarche), bilan_de(demarche)
    if refus := refus_de_cloture(ouverts, motif):
        raise ClotureRefusee(refus)
    nom = par.nom_complet if par else "Arpent"
    exemples = Fiche.objects.filter(demarche=demarche, demonstration=True).exists()
    doc = bilan_doc(
        contrat, bilan, ouverts, motif=motif, par_nom=nom, le=le, demonstration=exemples
    )  # fmt: skip
    try:
        contenu = rendre_rapport_evaluation_pdf(doc)
        _rendre(demarche, f"Contrat clos le {le:%d/%m/%Y}", exemples, par)
        contrats.solder(contrat, par=par, motif=motif)
    except (RenduImpossible, CreditRefuse, ContratRefuse, TransitionRefusee) as refus_aval:
        raise ClotureRefusee(str(refus_aval)) from refus_aval
    document = emettre(
        contenu, nom=f"bilan-de-cloture-{demarche.slug}.pdf", titre=doc.titre, genre=GENRE,
        gabarit=doc.gabarit, sur=contrat, demarche_id=demarche.pk,
        donnees={"empreinte_des_donnees": empreinte_des_donnees(doc), "bilan": json.loads(en_json(doc))},
        par_id=par.pk if par else None, par_nom=nom,
    )  # fmt: skip
    cloture = ClotureContrat.objects.create(
        contrat=contrat, accorde=bilan.accorde, vote=bilan.vote, engage=bilan.engage, paye=bilan.paye,
        rendu=bilan.rendu, reste_du=bilan.reste_du, ouverts=len(ouverts), motif=motif, document=document,
        par_nom=nom, clos_le=le,
    )  # fmt: skip
    consigner(
        "clore_contrat", sur=contrat, par=par, demarche_id=demarche.pk, motif=motif,
        apres={
            "vote": bilan.vote, "paye": bilan.paye, "rendu": bilan.rendu, "reste_du": bilan.reste_du,
            "ouverts": len(ouverts), "sha256": document.sha256,
        },
    )  # fmt: skip
    return cloture


def _rendre(demarche: Demarche, motif: str, demonstration: bool, par: Agent | None) -> None:
    """What was voted and never committed goes back to the envelope, project by project."""
    fiches = fiches_du_bilan(demarche)
    montants = montants_des(fiches)
    for fiche in fiches:
        if (rendu := montants[fiche.pk].vote - montants[fiche.pk].engage) > 0:
            fiche.demarche = demarche
            rendre_le_reste(fiche, rendu, piece=Piece(motif, demonstration=demonstration), par=par)
