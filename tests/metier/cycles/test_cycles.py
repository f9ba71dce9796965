"""Life cycles: the tables, their refusals, their diagrams, and random walks through them."""

from enum import StrEnum

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from arpent.metier.cycles import (
    CYCLE_CONTRAT,
    CYCLE_DEMARCHE,
    CYCLE_FICHE,
    CYCLE_SCENARIO,
    CYCLES,
    Cycle,
    EtatContrat,
    EtatFiche,
    Transition,
    TransitionRefusee,
)

GESTES = [*sorted({t.geste for cycle in CYCLES for t in cycle.transitions}), "inconnu", ""]
par_cycle = pytest.mark.parametrize("cycle", CYCLES, ids=lambda cycle: cycle.nom)


@par_cycle
def test_chaque_etat_est_atteint_depuis_l_etat_initial(cycle: Cycle) -> None:
    atteints: set[str] = {cycle.initial}
    while suivants := {t.vers for etat in atteints for t in cycle.gestes_possibles(etat)} - atteints:
        atteints |= suivants
    assert atteints == set(cycle.etats)


@par_cycle
def test_chaque_transition_a_un_droit_et_un_libelle(cycle: Cycle) -> None:
    assert all("." in t.droit and t.libelle and t.depuis for t in cycle.transitions)


@par_cycle
def test_les_choix_donnent_chaque_etat_et_son_libelle(cycle: Cycle) -> None:
    assert [valeur for valeur, _ in cycle.choix()] == [etat.value for etat in cycle.etats]
    assert all(libelle == cycle.libelle(valeur) for valeur, libelle in cycle.choix())


@par_cycle
def test_le_diagramme_montre_chaque_etat_et_chaque_passage(cycle: Cycle) -> None:
    diagramme = cycle.diagramme()
    assert diagramme.startswith(f"stateDiagram-v2\n    [*] --> {cycle.initial}\n")
    for transition in cycle.transitions:
        for depart in transition.depuis:
            assert f"    {depart} --> {transition.vers} : {transition.libelle}\n" in diagramme


def test_une_fiche_va_du_brouillon_au_contrat() -> None:
    etat: str = EtatFiche.BROUILLON
    for geste in [
        "proposer",
        "demander_complement",
        "proposer",
        "pre_instruire",
        "retenir",
        "contractualiser",
    ]:
        etat = CYCLE_FICHE.franchir(geste, etat).vers
    assert etat == EtatFiche.CONTRACTUALISEE


def test_un_contrat_va_de_la_redaction_au_solde() -> None:
    etat: str = EtatContrat.REDACTION
    gestes = ["soumettre_au_vote", "reprendre_redaction", "soumettre_au_vote", "ouvrir_signature"]
    for geste in [*gestes, "constater_signature", "constater_echeance", "solder"]:
        etat = CYCLE_CONTRAT.franchir(geste, etat).vers
    assert etat == EtatContrat.SOLDE


def test_une_demarche_avance_et_revient_d_une_phase() -> None:
    assert CYCLE_DEMARCHE.franchir("ouvrir_plan", "diagnostic").vers == "plan"
    assert CYCLE_DEMARCHE.franchir("revenir", "plan").vers == "diagnostic"
    with pytest.raises(TransitionRefusee):
        CYCLE_DEMARCHE.franchir("revenir", "preparation")


def test_un_scenario_accepte_peut_etre_repris() -> None:
    assert CYCLE_SCENARIO.franchir("reprendre", "accepte").vers == "travail"


def test_un_refus_nomme_l_etat_et_les_gestes_possibles() -> None:
    with pytest.raises(TransitionRefusee) as refus:
        CYCLE_FICHE.franchir("retenir", "brouillon")
    assert str(refus.value) == (
        "« Retenir » n’est pas possible dans l’état « Brouillon ». Gestes possibles : « Proposer »."
    )


def test_un_etat_definitif_le_dit() -> None:
    with pytest.raises(TransitionRefusee, match="cet état est définitif"):
        CYCLE_CONTRAT.franchir("solder", "resilie")


def test_un_etat_inconnu_est_refuse() -> None:
    with pytest.raises(TransitionRefusee, match="« perdue » n’existe pas"):
        CYCLE_FICHE.franchir("retenir", "perdue")


class Etat(StrEnum):
    A = "a"
    B = "b"


def _cycle(transitions: tuple[Transition, ...], libelles: dict[StrEnum, str]) -> Cycle:
    return Cycle("essai", Etat, Etat.A, transitions, libelles)


def test_une_table_qui_se_contredit_est_refusee() -> None:
    vers_a = Transition("aller", frozenset({Etat.A}), Etat.A, "x.y", "Aller")
    vers_b = Transition("aller", frozenset({Etat.A}), Etat.B, "x.y", "Aller")
    with pytest.raises(ValueError, match="one gesture leads to two states"):
        _cycle((vers_a, vers_b), {Etat.A: "A", Etat.B: "B"})


def test_une_table_sans_tous_ses_libelles_est_refusee() -> None:
    with pytest.raises(ValueError, match="one label"):
        _cycle((), {Etat.A: "A"})


class Marche(RuleBasedStateMachine):
    """Random gestures on a random cycle: only declared states, only TransitionRefusee."""

    @initialize(cycle=st.sampled_from(CYCLES))
    def partir(self, cycle: Cycle) -> None:
        self.cycle = cycle
        self.etat: str = cycle.initial

    @rule(geste=st.sampled_from(GESTES))
    def tenter(self, geste: str) -> None:
        permis = {t.geste for t in self.cycle.gestes_possibles(self.etat)}
        try:
            transition = self.cycle.franchir(geste, self.etat)
        except TransitionRefusee:
            assert geste not in permis
        else:
            assert geste in permis
            self.etat = transition.vers.value

    @invariant()
    def rester_dans_les_etats_declares(self) -> None:
        if hasattr(self, "cycle"):
            assert self.etat in {etat.value for etat in self.cycle.etats}


TestMarche = Marche.TestCase
TestMarche.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
