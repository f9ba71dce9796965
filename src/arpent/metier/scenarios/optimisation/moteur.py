"""HiGHS behind one door: model, cost, bounds in; status, point, bound out. One thread, fixed seed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .modele import Modele, Rangees, Reels

if TYPE_CHECKING:
    import highspy  # loaded with the first problem: the start of the server must not pay for it

GRAINE = 2026
PLUS_QUE = 1e-9


@dataclass(frozen=True, slots=True)
class Reponse:
    """`x` is None without a feasible point. `borne`: no point can be worth more. `duree_s`: HiGHS's own."""

    faisable: bool
    x: Reels | None
    valeur: float
    borne: float
    couts_reduits: Reels | None
    duaux: Reels | None
    duree_s: float
    prouvee: bool


@dataclass(frozen=True, slots=True)
class Exigence:
    """One row added to the model: `couts`·x ≥ `minimum`."""

    couts: Reels
    minimum: float


def resoudre(
    modele: Modele,
    couts: Reels,
    *,
    entiers: bool,
    exigences: Sequence[Exigence] = (),
    basse: Reels | None = None,
    haute: Reels | None = None,
    depart: Reels | None = None,
    limite_s: float = 60.0,
    ecart: float = 1e-4,
) -> Reponse:
    """Maximises `couts`·x over the model, in whole numbers or relaxed. Never raises on an infeasible one."""
    if not modele.colonnes:  # nothing may be chosen: HiGHS would not read the rows
        tient = all(b <= 0 <= haut for b, haut in zip(modele.rangees.bas, modele.rangees.haut, strict=True))
        return Reponse(tient, np.zeros(0) if tient else None, 0.0, 0.0, None, None, 0.0, prouvee=True)
    import highspy

    h = _solveur()
    for option, valeur in (
        ("threads", 1), ("random_seed", GRAINE), ("time_limit", max(limite_s, 0.05)),
        ("mip_rel_gap", ecart), ("mip_feasibility_tolerance", 1e-7), ("primal_feasibility_tolerance", 1e-8),
    ):  # fmt: skip
        h.setOptionValue(option, valeur)
    h.passModel(_lp(modele, couts, exigences, basse, haute, entiers=entiers))
    if depart is not None:
        solution = highspy.HighsSolution()
        solution.col_value = depart.tolist()
        h.setSolution(solution)
    h.run()
    return _lire(h, entiers=entiers)


def _solveur() -> highspy.Highs:
    """A solver that writes nothing: its banner would open the JSON of whoever asked.

    The banner comes with the callbacks, which the constructor enables, before any option may be set.
    """
    import highspy

    class Muet(highspy.Highs):
        def enableCallbacks(self) -> None:
            self.setOptionValue("output_flag", False)
            super().enableCallbacks()  # type: ignore[no-untyped-call]

    return Muet()  # type: ignore[no-untyped-call]


def _lp(
    modele: Modele, couts: Reels, exigences: Sequence[Exigence],
    basse: Reels | None, haute: Reels | None, *, entiers: bool,
) -> highspy.HighsLp:  # fmt: skip
    import highspy

    rangees = Rangees(
        list(modele.rangees.bas), list(modele.rangees.haut), list(modele.rangees.debuts),
        list(modele.rangees.colonnes), list(modele.rangees.valeurs),
    )  # fmt: skip
    toutes = np.arange(modele.colonnes)
    for e in exigences:
        rangees.ajouter(e.minimum, float("inf"), toutes, e.couts)
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = modele.colonnes, len(rangees.bas)
    lp.sense_ = highspy.ObjSense.kMaximize
    lp.col_cost_ = couts
    lp.col_lower_ = modele.borne_basse if basse is None else basse
    lp.col_upper_ = modele.borne_haute if haute is None else haute
    lp.row_lower_, lp.row_upper_ = np.array(rangees.bas), np.array(rangees.haut)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.num_col_, lp.a_matrix_.num_row_ = lp.num_col_, lp.num_row_
    lp.a_matrix_.start_ = np.array(rangees.debuts, dtype=np.int32)
    vides = not rangees.colonnes
    lp.a_matrix_.index_ = np.array([] if vides else np.concatenate(rangees.colonnes), dtype=np.int32)
    lp.a_matrix_.value_ = np.array([] if vides else np.concatenate(rangees.valeurs), dtype=np.float64)
    if entiers:
        genre = highspy.HighsVarType
        lp.integrality_ = [genre.kInteger] * modele.paires + [genre.kContinuous] * (
            modele.colonnes - modele.paires
        )
    return lp


def _lire(h: highspy.Highs, *, entiers: bool) -> Reponse:
    import highspy

    etat, info = h.getModelStatus(), h.getInfo()
    realisable = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    solution = h.getSolution()
    prouvee = etat == highspy.HighsModelStatus.kOptimal
    borne = info.mip_dual_bound if entiers else (info.objective_function_value if prouvee else float("inf"))
    return Reponse(
        faisable=etat not in (
            highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible,
        ),
        x=np.array(solution.col_value) if realisable else None,
        valeur=info.objective_function_value if realisable else float("-inf"),
        borne=borne,
        couts_reduits=None if entiers or not solution.dual_valid else np.array(solution.col_dual),
        duaux=None if entiers or not solution.dual_valid else np.array(solution.row_dual),
        duree_s=h.getRunTime(),
        prouvee=prouvee,
    )  # fmt: skip
