"""What is known of a request today, and the verdict on each criterion."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from django.db.models import Count, Q

from arpent.metier.cycles.reserve import EtatReserve
from arpent.metier.repartition.reserve import (
    BENEFICIAIRE,
    SIGNATAIRE,
    ConstatReserve,
    FaitsReserve,
    GenreCritere,
    Reserve,
    examiner_demande,
)
from arpent.plateforme.plans.lot import lire_lot
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.plans.preinstruction import examiner

from ..evenements import contrat_lu
from ..models import DemandeReserve
from .fonds import fonds_de, solde_de

AIDEES = (EtatReserve.ACCORDEE.value, EtatReserve.TIREE.value)


def _aide_maximale(fiche: Fiche, montant: Decimal) -> Decimal | None:
    """What the règlement and the law allow this fiche, asked that amount; None: no règlement."""
    lot = lire_lot(Fiche.objects.filter(pk=fiche.pk), date.today())
    resultat = examiner(lot, lot.fiches[0]._replace(aide_demandee=montant)).resultat
    return resultat.aide_maximale if resultat else None


def faits_de(demande: DemandeReserve, reserve: Reserve, montant: Decimal | None = None) -> FaitsReserve:
    """The facts that the criteria of this reserve look at. `montant` None: the one asked.

    A fixed number of queries, those of the pré-instruction included only when a criterion reads it.
    """
    demarche, fiche = demande.demarche, demande.fiche
    montant = demande.montant_demande if montant is None else montant
    dispositif = demarche.processus.dispositif
    lus = {c.genre for c in reserve.criteres}
    contrat = contrat_lu(demarche)
    porteur = fiche.maitre_ouvrage
    qualites = set()
    if porteur.pk in contrat.signataires:
        qualites.add(SIGNATAIRE)
    if porteur.nature in (dispositif.parametres.get("beneficiaires") or ()):
        qualites.add(BENEFICIAIRE)
    deja_porteur, deja_contrat = _deja_aidees(demande) if GenreCritere.NOMBRE in lus else (0, 0)
    solde = solde_de(fonds_de(dispositif, reserve)) if GenreCritere.SOLDE in lus else None
    return FaitsReserve(
        montant=montant,
        cout=fiche.cout_ht,
        theme=fiche.theme.code if fiche.theme else "",
        theme_libelle=fiche.theme.libelle if fiche.theme else "",
        porteur=porteur.nom,
        qualites=frozenset(qualites),
        contrat=contrat.etat,
        contrat_en_vigueur=contrat.en_vigueur,
        aide_maximale=_aide_maximale(fiche, montant) if GenreCritere.REGLEMENT in lus else None,
        reste=solde.reste if solde else None,
        deja_porteur=deja_porteur,
        deja_contrat=deja_contrat,
        justifications=dict(demande.justifications.values_list("critere", "texte")) if demande.pk else {},
    )


def _deja_aidees(demande: DemandeReserve) -> tuple[int, int]:
    """Other requests granted to the owner, and to the contract. One query."""
    autres = DemandeReserve.objects.filter(demarche=demande.demarche, etat__in=AIDEES).exclude(pk=demande.pk)
    du_porteur = Count("pk", filter=Q(fiche__maitre_ouvrage=demande.fiche.maitre_ouvrage_id))
    comptes = autres.order_by().aggregate(porteur=du_porteur, contrat=Count("pk"))
    return comptes["porteur"], comptes["contrat"]


def constats_de(
    demande: DemandeReserve,
    reserve: Reserve,
    *,
    montant: Decimal | None = None,
    reste: Decimal | None = None,
) -> list[ConstatReserve]:
    """The verdicts of today. `reste`: what is left, when the caller read it under the lock."""
    faits = faits_de(demande, reserve, montant)
    return examiner_demande(reserve, faits if reste is None else replace(faits, reste=reste))
