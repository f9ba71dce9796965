"""What the co-financing solver promises, against an oracle of the law written apart."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal as D
from fractions import Fraction

from hypothesis import assume, given
from hypothesis import strategies as st

from arpent.metier.argent import arrondir
from arpent.metier.plan_financement import (
    Financement,
    Financeur,
    Operation,
    Plafond,
    Plan,
    Proposition,
    Refus,
    Seuil,
    StatutFinancement,
    baisses_suffisantes,
    examiner_plan,
    proposer,
    reparer,
)
from tests.metier.plan_financement.fabrique import (
    ACQUIS,
    CENT,
    CUMUL,
    DEPARTEMENT,
    EPCI,
    ETAT,
    MOITIE,
    PRIVE,
    PROPRE,
    REFUSE,
    REGION,
    UE,
    VINGT,
    maxima,
    montants,
)

PUBLICS = (ETAT, DEPARTEMENT, REGION, EPCI, UE)
CENTIMES = st.one_of(st.integers(0, 400), st.integers(0, 3 * 10**7)).map(lambda c: D(c).scaleb(-2))
LIGNES = st.builds(
    Financement,
    st.sampled_from((*PUBLICS, PRIVE, PROPRE)),
    st.just("DETR"),
    CENTIMES,
    st.sampled_from(StatutFinancement),
)


@st.composite
def operations(draw: st.DrawFn) -> Operation:
    cout = draw(st.one_of(st.integers(0, 1000), st.integers(10**6, 10**8))) * CENT
    lignes = draw(st.lists(LIGNES, max_size=6))
    echelle = draw(st.sampled_from([D(1), D("0.3"), D("0.05")]))
    lignes = [replace(x, montant=min(arrondir(x.montant * echelle), cout)) for x in lignes]
    plafonds = draw(
        st.lists(st.builds(Plafond, st.sampled_from(PUBLICS), CENTIMES, st.just("plafond")), max_size=2)
    )
    return Operation(
        Plan(cout, tuple(lignes)),
        minimum=draw(
            st.sampled_from([None, VINGT, Seuil(D("0.30"), "a"), Seuil(D("0.0333"), "b"), Seuil(D(1), "c")])
        ),
        cumul=draw(st.sampled_from([None, CUMUL])),
        assiette=arrondir(cout * draw(st.sampled_from([D(1), D("0.7")]))),
        concours=draw(st.sampled_from([None, EPCI])),
        part_concours=draw(st.sampled_from([None, MOITIE, Seuil(D("0.37"), "p"), Seuil(D(1), "q")])),
        concours_public=draw(st.booleans()),
        fctva=draw(st.sampled_from([D(0), arrondir(cout * D("0.1"))])),
        exclusion=draw(st.sampled_from(["", "L1111-9"])),
        plafonds=tuple(plafonds),
    )


def respecte(op: Operation, x: Mapping[Financeur, D]) -> bool:
    """The law, written apart in fractions: is this plan admissible?"""
    aides = {f: Fraction(m) for f, m in x.items() if m}
    total, concours = sum(aides.values()), aides.get(EPCI, Fraction(0)) if op.concours else Fraction(0)
    base = Fraction(op.plan.cout) - Fraction(op.plan.total_prive)
    part = base - total
    if part < 0:
        return False
    publique = max(Fraction(0), base - (0 if op.concours_public else concours))
    if op.minimum and part < Fraction(
        arrondir(D(op.minimum.valeur) * D(publique.numerator) / D(publique.denominator))
    ):
        return not aides  # nothing is given: nobody can be asked for less
    if op.cumul and aides.get(ETAT) and total > Fraction(arrondir(op.cumul.valeur * op.assiette)):
        return False
    if concours and op.part_concours:
        reste = base - Fraction(op.fctva or D(0)) - (total - concours)
        if concours > Fraction(op.part_concours.valeur) * reste:
            return False
    if op.exclusion and aides.get(REGION) and aides.get(DEPARTEMENT):
        return False
    return all(aides.get(p.financeur, 0) <= Fraction(p.montant) for p in op.plafonds)


def aides_de(plan: Plan) -> dict[Financeur, D]:
    return {f: m for f, m in plan.par_financeur().items() if f.est_aide_publique}


def acquis_de(plan: Plan) -> list[Financement]:
    figes = [f for f in plan.financements if f.statut in (ACQUIS, REFUSE)]
    return figes + [f for f in plan.financements if f.financeur is PRIVE and f not in figes]


@given(operations())
def test_le_bilan_voit_exactement_les_plans_qui_enfreignent_la_loi(op: Operation) -> None:
    assert (not examiner_plan(op).manquements) == respecte(op, aides_de(op.plan))


@given(operations(), st.sampled_from(PUBLICS))
def test_le_maximum_d_un_financeur_est_permis_et_un_centime_de_plus_ne_l_est_jamais(
    op: Operation, financeur: Financeur
) -> None:
    (possible,) = [p for p in examiner_plan(op, (financeur,)).possibilites if p.financeur is financeur]
    x = {**aides_de(op.plan), financeur: possible.maximum}
    if respecte(op, {**x, financeur: D(0)}):
        assert respecte(op, x)
    assert not respecte(op, {**x, financeur: possible.maximum + CENT})


@given(operations(), st.integers(0, 5), CENTIMES)
def test_relever_une_ligne_ne_releve_jamais_le_maximum_d_un_autre(op: Operation, n: int, plus: D) -> None:
    assume(n < len(op.plan.financements))
    releve = op.plan.financements[n]
    lignes = list(op.plan.financements)
    lignes[n] = replace(releve, montant=releve.montant + plus)
    avant, apres = maxima(op, *PUBLICS), maxima(replace(op, plan=Plan(op.plan.cout, tuple(lignes))), *PUBLICS)
    for financeur in PUBLICS:
        if financeur is not releve.financeur:
            assert apres[financeur] <= avant[financeur]


@given(operations(), st.one_of(st.none(), CENTIMES), st.permutations(PUBLICS), st.integers(0, 3))
def test_un_plan_propose_respecte_tout_somme_au_cout_et_garde_l_acquis(
    op: Operation, part: D | None, ordre: list[Financeur], combien: int
) -> None:
    part = None if part is None else min(part, op.plan.cout)
    reponse = proposer(op, part, ordre[:combien])
    if isinstance(reponse, Refus):
        assert reponse.raison
        return
    plan = reponse.plan
    assert plan.total == plan.cout
    assert respecte(op, aides_de(plan))
    assert reponse.part == plan.part_maitre_ouvrage == montants(plan).get(PROPRE, 0)
    assert part is None or reponse.part == part
    assert sorted(acquis_de(plan), key=repr) == sorted(acquis_de(op.plan), key=repr)
    for m in reponse.mouvements:
        assert aides_de(plan).get(m.financeur, 0) == m.apres != m.avant


@given(operations())
def test_la_part_refusee_est_plus_basse_que_la_plus_basse_atteinte(op: Operation) -> None:
    meilleur = proposer(op)
    assume(isinstance(meilleur, Proposition) and meilleur.part > 0)
    assert isinstance(meilleur, Proposition)
    refus = proposer(op, meilleur.part - CENT)
    assert isinstance(refus, Refus)
    assert refus.part_possible == meilleur.part


@given(operations(), st.data())
def test_la_reparation_est_la_plus_petite_baisse(op: Operation, data: st.DataObject) -> None:
    repare = reparer(op)
    actuel = aides_de(op.plan)
    if repare is None:
        assert respecte(op, actuel)
        return
    bas = {f: op.acquis(f) for f in actuel}
    essai = {
        f: bas[f] + data.draw(st.integers(0, int((m - bas[f]) / CENT))) * CENT for f, m in actuel.items()
    }
    if isinstance(repare, Refus):
        assert (
            not respecte(op, essai)
            or sum(bas.values()) + op.acquis(PROPRE) > op.plan.cout - op.plan.total_prive
        )
        return
    obtenu = aides_de(repare.plan)
    assert respecte(op, obtenu)
    assert all(obtenu[f] <= m for f, m in actuel.items())
    propre = op.plan.cout - op.plan.total_prive - sum(essai.values())
    if respecte(op, essai) and propre >= op.acquis(PROPRE):
        assert sum(essai.values()) <= sum(obtenu.values())


@given(operations())
def test_une_baisse_suffisante_repare_a_elle_seule(op: Operation) -> None:
    for financeur, baisse in baisses_suffisantes(op).items():
        x = aides_de(op.plan)
        assert baisse > 0
        assert x[financeur] - baisse >= op.acquis(financeur)
        assert respecte(op, {**x, financeur: x[financeur] - baisse})
        assert not respecte(op, {**x, financeur: x[financeur] - baisse + CENT})
