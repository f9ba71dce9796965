"""The line of the contract behind a file, and the aid on the real figures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

from arpent.metier.argent import ZERO
from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import operation_de
from arpent.metier.reglement.parametres import COMMENCEMENT_APRES_DOSSIER, SILENCE_VAUT_REJET
from arpent.metier.subvention import (
    AideReelle,
    Arret,
    Commencement,
    LigneAidee,
    Reel,
    Silence,
    calculer_aide,
    commencement_possible,
    silence_de,
)
from arpent.plateforme.contrats.exigences import ContratRefuse
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.negociations.passerelle import financeur_de
from arpent.plateforme.plans.lot import lire_lot
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.reglements.parametres import table_legale

from ..attribution import Octroi, contrat_en_vigueur, lire_octrois
from ..models import DemandePiece, Dossier, FinancementDossier
from .regles import regles_de


def octrois_du(demarche: Demarche, le: date) -> list[Octroi]:
    """The aids of the contract in force that day. Eight queries. ContratRefuse says what to do first."""
    return lire_octrois(contrat_en_vigueur(demarche), le)


def octroi_de(demarche: Demarche, fiche_id: int, le: date) -> Octroi:
    """The aid of that fiche. ContratRefuse when the contract in force gives it none."""
    octroi = next((o for o in octrois_du(demarche, le) if o.fiche and o.fiche.pk == fiche_id), None)
    if octroi is None:
        raise ContratRefuse(
            "Ce projet n’a pas d’aide au contrat en vigueur : un dossier se dépose sur une ligne du contrat. "
            "Un avenant l’y inscrit."
        )
    return octroi


def ligne_aidee(dossier: Dossier) -> LigneAidee:
    """The line as the file keeps it, with the act that sets it."""
    acte = dossier.acte_ligne or "contrat signé"
    return LigneAidee(
        dossier.montant_contractualise,
        dossier.assiette_prevue or dossier.cout_prevu_ht or None,
        f"{acte}, projet n° {dossier.fiche.numero}",
    )


def en_financements(lignes: Iterable[FinancementDossier]) -> tuple[Financement, ...]:
    return tuple(
        Financement(Financeur(x.financeur), x.libelle, x.montant, StatutFinancement(x.statut), x.le)
        for x in lignes
    )


def aide_de(dossier: Dossier, le: date) -> AideReelle | None:
    """The aid on the real figures of the file; None while it says neither cost nor base.

    Ten queries, whatever the plan.
    """
    if not dossier.cout_reel_ht or not dossier.assiette_reelle:
        return None
    lot = lire_lot(Fiche.objects.filter(pk=dossier.fiche_id), le)
    financements = en_financements(dossier.financements.all())
    projet = replace(
        lot.projet(lot.fiches[0]),
        beneficiaire_nature=dossier.maitre_ouvrage.nature,
        cout_ht=dossier.cout_reel_ht,
        assiette=min(dossier.assiette_reelle, dossier.cout_reel_ht),
        aide_demandee=dossier.montant_demande or ZERO,
        financements=financements,
        en_contrat=True,
    )
    financeur = financeur_de(dossier.demarche.processus.dispositif)
    operation = operation_de(projet, financeur, lot.parametres, le)
    reel = Reel(
        dossier.cout_reel_ht,
        min(dossier.assiette_reelle, dossier.cout_reel_ht),
        dossier.montant_demande,
    )
    return calculer_aide(ligne_aidee(dossier), reel, operation, financeur)


def figer(aide: AideReelle) -> list[dict[str, Any]]:
    """The bounds as they are kept with the proposal: amounts are texts with two decimals."""
    return [
        {
            "code": b.code,
            "intitule": b.intitule,
            "article": b.article,
            "explication": b.explication,
            "calcul": b.calcul,
            "plafond": None if b.plafond is None else f"{b.plafond:.2f}",
            "liante": b == aide.liante,
        }
        for b in aide.bornes
    ]


def arrets_de(demandes: Iterable[DemandePiece]) -> list[Arret]:
    return [Arret(d.demandee_le, d.echeance_le, d.repondue_le or d.levee_le) for d in demandes]


def silence_du(dossier: Dossier, demandes: Iterable[DemandePiece], le: date) -> Silence | None:
    """The day from which the silence of the authority is a rejection. One query (the law)."""
    if dossier.depose_le is None:
        return None
    seuil = table_legale().seuil(SILENCE_VAUT_REJET, dossier.depose_le)
    return silence_de(dossier.depose_le, arrets_de(demandes), seuil, le)


def commencement_du(dossier: Dossier, le: date) -> Commencement:
    """May the work start. One query (the law)."""
    loi = table_legale().seuil(COMMENCEMENT_APRES_DOSSIER, dossier.depose_le or le)
    return commencement_possible(
        regles_de(dossier.demarche.processus.dispositif),
        loi,
        depose_le=dossier.depose_le,
        complet_le=dossier.complet_le,
        autorise_le=dossier.debut_autorise_le,
        debut_le=dossier.debut_le,
    )
