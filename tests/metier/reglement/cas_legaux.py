"""What the tests of the legal kinds share: rows of money, frames, a threshold, one rule judged alone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import (
    LIVRES,
    CadreJuridique,
    Constat,
    ParametreDate,
    ParametresLegaux,
    Verdict,
    lire_reglement,
    preinstruire,
)
from tests.metier.reglement.fabrique import LE, PROJET, donnees, financement

CONFORME, NON_CONFORME = Verdict.CONFORME, Verdict.NON_CONFORME
A_VERIFIER, SANS_OBJET = Verdict.A_VERIFIER, Verdict.SANS_OBJET
SOLLICITE = StatutFinancement.SOLLICITE
REGION = financement(Financeur.REGION, "20000.00", SOLLICITE)
DETR = Financement(Financeur.ETAT, "DETR 2026", D("30000.00"), StatutFinancement.ACQUIS)
EPCI = financement(Financeur.EPCI, "40000.00", SOLLICITE)
CHEF = CadreJuridique(chef_de_file=True)
TTC = CadreJuridique(plan_ttc=True, cout_ttc=D("240000.00"), fctva=True)


def ligne_legale(
    code: str, valeur: str | None, depuis: date = LE, jusqu_a: date | None = None
) -> ParametreDate:
    return ParametreDate(
        code, "essai", None if valeur is None else D(valeur), depuis, jusqu_a, "texte d’essai"
    )


def juger(genre: str, parametres: ParametresLegaux = LIVRES, le: date = LE, **champs: Any) -> Constat:
    reglement = lire_reglement(donnees({"genre": genre}))
    return preinstruire(replace(PROJET, **champs), reglement, le, parametres).constats[0]
