"""Operations for the tests of the solver."""

from decimal import Decimal as D

from arpent.metier.plan_financement import (
    Financement,
    Financeur,
    Operation,
    Plan,
    Proposition,
    Seuil,
    StatutFinancement,
    examiner_plan,
    proposer,
)

ACQUIS, SOLLICITE, ENVISAGE, REFUSE = StatutFinancement
ETAT, DEPARTEMENT, REGION, EPCI = Financeur.ETAT, Financeur.DEPARTEMENT, Financeur.REGION, Financeur.EPCI
UE, PRIVE, PROPRE = Financeur.UE, Financeur.PRIVE, Financeur.AUTOFINANCEMENT
CENT = D("0.01")
VINGT = Seuil(D("0.20"), "L1111-10")
CUMUL = Seuil(D("0.80"), "R2334-27")
MOITIE = Seuil(D("0.50"), "L5214-16 V")


def ligne(financeur: Financeur, montant: str | D, statut: StatutFinancement = SOLLICITE) -> Financement:
    return Financement(financeur, financeur.value, D(montant), statut)


def operation(cout: str, *lignes: Financement, **champs: object) -> Operation:
    """A commune's investment: 20 %, DETR at 80 % of the whole cost, fonds de concours at half."""
    defaut: dict[str, object] = {
        "minimum": VINGT, "cumul": CUMUL, "assiette": D(cout), "concours": EPCI, "part_concours": MOITIE,
    }  # fmt: skip
    return Operation(Plan(D(cout), lignes), **{**defaut, **champs})  # type: ignore[arg-type]


def maxima(op: Operation, *financeurs: Financeur) -> dict[Financeur, D]:
    return {p.financeur: p.maximum for p in examiner_plan(op, financeurs).possibilites}


def propose(op: Operation, part: str | None = None, *ordre: Financeur) -> Proposition:
    reponse = proposer(op, None if part is None else D(part), ordre)
    assert isinstance(reponse, Proposition), reponse
    return reponse


def montants(plan: Plan) -> dict[Financeur, D]:
    return plan.par_financeur()
