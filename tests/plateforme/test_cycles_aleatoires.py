"""Random people make random gestures on the four cycles, through the real actions: nothing illegal stays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from arpent.metier.cycles import (
    CYCLE_CONTRAT,
    CYCLE_DEMARCHE,
    CYCLE_FICHE,
    CYCLE_SCENARIO,
    Cycle,
    EtatContrat,
    EtatScenario,
    Transition,
    TransitionRefusee,
)
from arpent.plateforme.acteurs.models import Agent
from arpent.plateforme.acteurs.roles import ROLES
from arpent.plateforme.contrats import actions as contrats
from arpent.plateforme.contrats.lecture_votes import vote_vierge
from arpent.plateforme.contrats.models import Contrat
from arpent.plateforme.demarches import actions as demarches
from arpent.plateforme.demarches.acces import peut_sur
from arpent.plateforme.demarches.models import Demarche
from arpent.plateforme.journal.actions import verifier
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.negociations import actions as negociations
from arpent.plateforme.negociations.models import Scenario
from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.droits import AILLEURS, peut_geste
from arpent.plateforme.plans.models import Fiche
from tests.plateforme import fabrique
from tests.plateforme.contrats.conftest import EXECUTOIRE, MODELE, emettre_version
from tests.plateforme.negociations.conftest import Monde, monde, poser

__all__ = ["monde"]

REFUS = (TransitionRefusee, ActionRefusee, negociations.ArbitrageRefuse, contrats.ContratRefuse)
TENUS_PAR_LA_MAQUETTE = {
    EtatContrat.VOTE,
    EtatContrat.SIGNATURE,
    EtatContrat.EN_VIGUEUR,
    EtatContrat.ECHU,
    EtatContrat.SOLDE,
}


@dataclass(frozen=True)
class Sujet:
    """One object that moves along a cycle: how to read it, who may, how it is done."""

    cycle: Cycle
    relire: Callable[[], Any]
    peut: Callable[[Agent, Any, Transition], object]
    faire: Callable[[Any, str, Agent], object]


def _sujets(m: Monde) -> list[Sujet]:
    def par_le_droit(agent: Agent, _objet: Any, transition: Transition) -> object:
        return peut_sur(agent, transition.droit, Demarche.objects.avec_contexte().get(pk=m.demarche.pk))

    def sujet_fiche(pk: int) -> Sujet:
        return Sujet(
            CYCLE_FICHE,
            lambda: Fiche.objects.select_related(
                "maitre_ouvrage", "demarche__version_processus__processus__autorite"
            ).get(pk=pk),
            lambda agent, f, t: t.geste not in AILLEURS and peut_geste(agent, f, t),
            lambda f, geste, qui: faire_avancer_fiche(f, geste, par=qui, motif="Parce que."),
        )

    return [
        *(sujet_fiche(f.pk) for f in m.fiches),
        Sujet(
            CYCLE_SCENARIO,
            lambda: negociations.scenario_courant(m.demarche),
            par_le_droit,
            lambda s, geste, qui: negociations.changer_etat(s, geste, par=qui),
        ),
        Sujet(
            CYCLE_DEMARCHE,
            lambda: Demarche.objects.avec_contexte().get(pk=m.demarche.pk),
            par_le_droit,
            lambda d, geste, qui: demarches.faire_avancer(d, geste, par=qui),
        ),
        Sujet(
            CYCLE_CONTRAT,
            lambda: contrats.contrat_de(m.demarche),
            par_le_droit,
            lambda c, geste, qui: contrats.faire_avancer(c, geste, par=qui),
        ),
    ]


def _preparer(m: Monde) -> dict[str, Agent]:
    """Two amounts proposed, a contract whose parties have voted; one agent per role."""
    m.dispositif.modele_contrat = MODELE
    m.dispositif.save()
    poser(m, m.fiches[0], "9999.99")
    poser(m, m.fiches[1], "15000.01")
    contrat = contrats.contrat_de(m.demarche, m.chef)
    valeurs = {"reference": "CT-1", "date_effet": date(2026, 3, 1), "preambule": ""}
    contrats.enregistrer_contrat(contrat, valeurs, version_lue=contrat.version, par=m.chef)
    for partie in contrat.parties.all():
        vierge = vote_vierge(partie)
        for nom, valeur in EXECUTOIRE.items():
            setattr(vierge, nom, valeur)
        vierge.save()
    proprietaire = m.fiches[0].maitre_ouvrage
    return {
        code: fabrique.agent(code, m.demarche, pour=None if role.portee != "organisation" else proprietaire)
        for code, role in ROLES.items()
    }


def _choisir(cycle: Cycle, etat: str, rang: int) -> Transition:
    """One gesture: four times out of five one that the state allows, else any of the table."""
    possibles = cycle.gestes_possibles(etat)
    choix = possibles if possibles and rang % 5 else cycle.transitions
    return choix[rang // 5 % len(choix)]


def _jouer(sujet: Sujet, agent: Agent, rang: int) -> bool:
    """One gesture, with what must be true whether it is accepted or refused. True when it was made."""
    objet = sujet.relire()
    avant, nombre = objet.etat, Entree.objects.count()
    voulu = _choisir(sujet.cycle, avant, rang)
    if not sujet.peut(agent, objet, voulu):
        # Asserted from the table of roles, not from the function just called.
        droits = frozenset().union(*(h.definition.droits for h in agent.habilitations_en_cours))
        assert voulu.droit not in droits or voulu.droit == "fiche.proposer" or voulu.geste in AILLEURS
        return False
    try:
        sujet.faire(objet, voulu.geste, agent)
    except REFUS:
        assert sujet.relire().etat == avant
        assert Entree.objects.count() == nombre
        return False
    assert sujet.relire().etat == sujet.cycle.franchir(voulu.geste, avant).vers
    entrees = Entree.objects.order_by("numero")[nombre:]
    propres = [e for e in entrees if e.objet_type == objet._meta.label_lower and e.objet_id == str(objet.pk)]
    assert [(e.geste, e.par_id) for e in propres] == [(voulu.geste, agent.pk)]
    return True


def _tout_est_legal(m: Monde) -> None:
    """What holds between the cycles, whatever happened."""
    contrat = Contrat.objects.get(demarche=m.demarche)
    scenario = Scenario.objects.get(demarche=m.demarche, est_courant=True)
    if contrat.etat in TENUS_PAR_LA_MAQUETTE:
        assert scenario.etat == EtatScenario.ACCEPTE, f"contrat {contrat.etat}, maquette {scenario.etat}"
    inscrites = Fiche.objects.filter(demarche=m.demarche, etat="contractualisee").count()
    if inscrites:
        assert contrat.versions.filter(etat=EtatContrat.SIGNATURE).exists()


EMIS_DANS = {EtatContrat.VOTE.value, EtatContrat.SIGNATURE.value}
"""States in which the row of a version is there, without its files: rendering is tested elsewhere."""

# The people who may do most come more often, and so do the maquette and the contract: chains grow longer.
PAS = st.tuples(
    st.sampled_from([0, 1, 2, 3, 3, 4, 5, 5]),
    st.sampled_from([*ROLES, *["chef_de_projet", "administrateur"] * 3]),
    st.integers(0, 99),
)


@pytest.mark.django_db
def test_des_gestes_au_hasard_laissent_toujours_un_etat_legal_et_un_journal_entier(monde: Monde) -> None:
    agents = _preparer(monde)
    sujets = _sujets(monde)
    faits: set[str] = set()

    @settings(max_examples=20, phases=[Phase.generate])  # shrinking sequences of gestures takes minutes
    @given(st.booleans(), st.lists(PAS, min_size=25, max_size=25))
    def jouer(d_accord: bool, pas: list[tuple[int, str, int]]) -> None:
        with transaction.atomic():
            for geste in ("offrir", "accepter") if d_accord else ():
                negociations.changer_etat(sujets[3].relire(), geste, par=agents["administrateur"])
            for cible, role, rang in pas:
                sujet = sujets[cible]
                if sujet.cycle is CYCLE_CONTRAT and sujet.relire().etat in EMIS_DANS:
                    emettre_version(sujet.relire())
                if _jouer(sujet, agents[role], rang):
                    faits.add(sujet.cycle.nom)
                _tout_est_legal(monde)
            assert verifier().intacte
            transaction.set_rollback(True)

    jouer()
    assert faits == {"fiche projet", "scénario", "démarche", "contrat"}
