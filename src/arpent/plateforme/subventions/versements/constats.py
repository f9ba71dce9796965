"""A payment that the finance office made without a request here: recorded as seen, in the ledger too."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.db.models import Max

from arpent.metier.argent import formater_euros
from arpent.metier.cycles.versement import EtatVersement
from arpent.metier.versements import GenreVersement
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.journal.actions import consigner
from arpent.plateforme.negociations.credits.registre import Piece

from ..dossiers.actions import qui
from ..models import DemandeVersement, Dossier
from . import annonces, livre
from .actions import VersementRefuse, dossier_a_payer
from .compte import lire_compte


@dataclass(frozen=True, slots=True)
class Constat:
    """What the export says of it."""

    montant: Decimal
    mandat: str
    mandat_le: date
    source: str


@transaction.atomic
def constater_paiement(dossier: Dossier, lu: Constat, *, par: Agent | None, le: date) -> DemandeVersement:
    """A payment made: within what is left of the aid and of what is committed. VersementRefuse, "
    "CreditRefuse."""
    dossier = dossier_a_payer(dossier)
    compte = lire_compte(dossier)
    if lu.mandat_le > le:
        raise VersementRefuse("Le mandat est daté dans l’avenir : vérifiez la date de la ligne.")
    if dossier.vote_le is not None and lu.mandat_le < dossier.vote_le:
        raise VersementRefuse(f"Le mandat précède le vote de l’aide, le {dossier.vote_le:%d/%m/%Y}.")
    if lu.montant > compte.reste:
        raise VersementRefuse(
            f"Il reste {formater_euros(compte.reste)} à verser sur ce dossier : "
            f"{formater_euros(lu.montant)} n’y tiennent pas."
        )
    if any(d.mandat_numero == lu.mandat and d.exercice == lu.mandat_le.year for d in compte.demandes):
        raise VersementRefuse(f"Le mandat {lu.mandat} est déjà noté sur ce dossier.")
    dernier = dossier.versements.aggregate(m=Max("numero"))["m"]
    demande: DemandeVersement = DemandeVersement.objects.create(
        dossier=dossier, numero=(dernier or 0) + 1, genre=GenreVersement.ACOMPTE.value,
        etat=EtatVersement.PAYEE.value, montant_demande=lu.montant, montant_certifie=lu.montant,
        montant_paye=lu.montant, mandat_numero=lu.mandat[:60], mandat_le=lu.mandat_le,
        exercice=lu.mandat_le.year, precisions=lu.source[:1000], raison="Paiement constaté",
        cree_par_nom=qui(par), paye_par_nom=qui(par), demonstration=dossier.demonstration,
    )  # fmt: skip
    piece = Piece(lu.source, f"Mandat {lu.mandat}", lu.mandat_le, dossier.demonstration)
    livre.payer(dossier, lu.montant, lu.mandat_le.year, piece, par=par)
    consigner(
        "constater_paiement", sur=demande, par=par, demarche_id=dossier.demarche_id,
        apres={"montant": lu.montant, "mandat": lu.mandat, "mandat_le": lu.mandat_le},
    )  # fmt: skip
    annonces.au_porteur(
        dossier, "un versement est mis en paiement",
        f"{formater_euros(lu.montant)}, mandat {lu.mandat} du {lu.mandat_le:%d/%m/%Y}.",
    )  # fmt: skip
    return demande
