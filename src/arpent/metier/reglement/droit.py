"""The law of co-financing on one project, one day: thresholds that apply, and the operation the solver
reads.
"""

from datetime import date
from decimal import Decimal

from arpent.metier.argent import ZERO, arrondir
from arpent.metier.plan_financement import (
    Financement,
    Financeur,
    Operation,
    Plafond,
    Plan,
    Seuil,
    StatutFinancement,
    est_dotation,
)
from arpent.metier.reglement.cadre import HORS_PARTICIPATION
from arpent.metier.reglement.parametres import (
    CUMUL_AIDES_ETAT,
    FCTVA,
    FONDS_CONCOURS_AIDE_PUBLIQUE,
    FONDS_CONCOURS_PART,
    PARTICIPATION_CHEF_DE_FILE,
    PARTICIPATION_CORSE_RESEAUX,
    PARTICIPATION_MINIMALE,
    ParametresLegaux,
)
from arpent.metier.reglement.projet import Projet, est_examine

NON_CONCERNES = frozenset({"association", "etat"})
"""Owners that are neither a collectivité nor a groupement."""
_GROUPEMENTS = frozenset({"cc", "ca", "cu", "metropole"})


def financeur_concours(beneficiaire_nature: str) -> Financeur | None:
    """Whose money is a fonds de concours for that owner: its EPCI for a commune, its communes for an EPCI."""
    if beneficiaire_nature == "commune":
        return Financeur.EPCI
    return Financeur.COMMUNE if beneficiaire_nature in _GROUPEMENTS else None


def seuil_participation(projet: Projet, parametres: ParametresLegaux, le: date) -> Seuil | None:
    """The owner's minimum share of the public financing (L1111-10 III, L1111-9 I); None when none applies.

    Investment of a public owner only. A préfet's derogation lowers that of L1111-10, never that of a
    competence with a chef de file, from which a CTEC may depart.
    """
    if projet.nature_depense != "investissement" or projet.beneficiaire_nature in NON_CONCERNES:
        return None
    seuils = [_seuil_commun(projet, parametres, le)]
    if projet.cadre.chef_de_file and not projet.ctec:
        seuils.append(parametres.seuil(PARTICIPATION_CHEF_DE_FILE, le))
    return max((s for s in seuils if s is not None), key=lambda seuil: seuil.valeur, default=None)


def _seuil_commun(projet: Projet, parametres: ParametresLegaux, le: date) -> Seuil | None:
    if projet.cadre.regime in HORS_PARTICIPATION:
        return None
    corse = projet.cadre.regime == "corse_reseaux"
    legal = parametres.seuil(PARTICIPATION_CORSE_RESEAUX if corse else PARTICIPATION_MINIMALE, le)
    derogation = projet.derogation
    if legal is None or derogation is None or derogation.date > le or derogation.taux >= legal.valeur:
        return legal
    return Seuil(derogation.taux, f"{legal.article}, dérogation {derogation.acte}")


def fctva_de(projet: Projet, parametres: ParametresLegaux, le: date) -> Decimal | None:
    """What the FCTVA gives back on a plan TTC, to the cent; 0 for a plan HT; None when it cannot be known."""
    if not projet.cadre.plan_ttc or projet.cadre.fctva is False:
        return ZERO
    seuil = parametres.seuil(FCTVA, le)
    if seuil is None or projet.cadre.fctva is None or projet.cadre.cout_ttc is None:
        return None
    return arrondir(seuil.valeur * projet.cadre.cout_ttc)


def exclusion_de(projet: Projet, parametres: ParametresLegaux, le: date) -> str:
    """The article that forbids the Région together with a Département; "" when nothing forbids it."""
    if not projet.cadre.chef_de_file or projet.cper or projet.ctec or projet.en_contrat:
        return ""
    if projet.cadre.regime == "cper":
        return ""
    seuil = parametres.seuil(PARTICIPATION_CHEF_DE_FILE, le)
    return "" if seuil is None else seuil.article


def plan_complet(projet: Projet, financeur: Financeur) -> Plan:
    """The plan, with the aid asked of the authority when no row carries it."""
    lignes = projet.financements
    if projet.aide_demandee and not any(est_examine(f, financeur) for f in lignes):
        demande = Financement(financeur, "", projet.aide_demandee, StatutFinancement.SOLLICITE)
        lignes = (*lignes, demande)
    return Plan(projet.cout_du_plan, lignes)


def operation_de(
    projet: Projet,
    financeur: Financeur,
    parametres: ParametresLegaux,
    le: date,
    plafonds: tuple[Plafond, ...] = (),
) -> Operation:
    """The operation as the law sees it that day; `plafonds` are the funders' own caps."""
    etat = [f for f in projet.financements if f.financeur is Financeur.ETAT and f.est_compte]
    # Rows of the State that are all of another scheme do not call the cumul; with no row yet, one would.
    dotation = not etat or any(est_dotation(f) for f in etat)
    return Operation(
        plan=plan_complet(projet, financeur),
        minimum=seuil_participation(projet, parametres, le),
        cumul=parametres.seuil(CUMUL_AIDES_ETAT, le) if dotation else None,
        assiette=projet.assiette_eligible,
        concours=financeur_concours(projet.beneficiaire_nature),
        part_concours=parametres.seuil(FONDS_CONCOURS_PART, le),
        concours_public=parametres.est_vrai(FONDS_CONCOURS_AIDE_PUBLIQUE, le),
        fctva=fctva_de(projet, parametres, le),
        exclusion=exclusion_de(projet, parametres, le),
        plafonds=plafonds,
    )
