"""A rule set aside for one project: who, when, why; the law stays; the properties of the maximum hold."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement import (
    DerogationRegle,
    Preinstruction,
    Projet,
    Verdict,
    lire_reglement,
    preinstruire,
)
from tests.metier.reglement.fabrique import LE, PROJET, donnees, financement, simple
from tests.metier.reglement.test_preinstruction import CENTIMES, PROJETS

TAUX = {"genre": "taux_intervention", "taux": "10 %"}
PLAFOND = {"genre": "plafond_aide", "montant": "15 000 €"}
REGLEMENT = lire_reglement(
    donnees(
        TAUX,
        PLAFOND,
        {"genre": "plafond_assiette", "montant": "120 000 €"},
        {"genre": "bonification", "points": "5 %", "si": {"champ": "cper", "valeur": True}},
        {"genre": "plancher_aide", "montant": "14 000 €"},
        {"genre": "participation_minimale"},
    )
)
DECISION = DerogationRegle("Mme Martin", date(2025, 12, 1), "intérêt départemental")


def evaluer(levees: dict[str, DerogationRegle], **champs: Any) -> Preinstruction:
    return preinstruire(replace(PROJET, **champs), REGLEMENT, LE, derogations_regles=levees)


@pytest.mark.parametrize(
    ("codes", "champs", "maximum", "liant"),
    [
        ((), {}, "0.00", "plancher_aide"),
        (("plancher_aide",), {}, "12000.00", "taux_intervention"),
        (("plancher_aide", "plafond_assiette"), {}, "15000.00", "plafond_aide"),
        (("plafond_assiette", "plafond_aide"), {}, "20000.00", "taux_intervention"),
        ((), {"cper": True}, "15000.00", "plafond_aide"),
        (("bonification",), {"cper": True}, "0.00", "plancher_aide"),
        (("taux_intervention", "plafond_aide"), {}, "160000.00", "participation_minimale"),
    ],
)
def test_une_regle_levee_ne_joue_plus(
    codes: tuple[str, ...], champs: dict[str, Any], maximum: str, liant: str
) -> None:
    resultat = evaluer(dict.fromkeys(codes, DECISION), **champs)
    assert resultat.aide_maximale == D(maximum)
    assert resultat.plafond_liant is not None
    assert resultat.plafond_liant.regle == liant


def test_la_derogation_reste_sur_le_constat_avec_qui_quand_pourquoi() -> None:
    constat = evaluer({"plafond_aide": DECISION}).constats[1]
    assert (constat.verdict, constat.plafond, constat.derogation) == (Verdict.CONFORME, None, DECISION)
    assert simple(constat.explication) == (
        "Dérogation de Mme Martin, le 01/12/2025 : intérêt départemental. Sans elle : L’aide demandée, "
        "30 000,00 €, dépasse de 15 000,00 € le maximum de 15 000,00 €."
    )
    assert simple(constat.calcul) == "Plafond : 15 000,00 €"
    assert all(c.derogation is None for c in evaluer({"plafond_aide": DECISION}).constats[2:])


@pytest.mark.parametrize(
    ("demandee", "verdict"), [("18000.00", Verdict.CONFORME), ("18000.01", Verdict.NON_CONFORME)]
)
def test_une_derogation_peut_poser_un_autre_plafond(demandee: str, verdict: Verdict) -> None:
    levees = {"plafond_aide": replace(DECISION, plafond=D("18000.00")), "plafond_assiette": DECISION}
    resultat = evaluer(levees, aide_demandee=D(demandee))
    assert (resultat.constats[1].verdict, resultat.aide_maximale) == (verdict, D("18000.00"))
    assert "L’aide reste limitée à 18 000,00 €." in simple(resultat.constats[1].explication)


def test_la_loi_ne_se_leve_pas() -> None:
    champs = {"financements": (financement(Financeur.ETAT, "180000.00"),)}
    sans, avec = (evaluer(levees, **champs) for levees in ({}, {"participation_minimale": DECISION}))
    assert avec.aide_maximale == sans.aide_maximale == 0
    constat = avec.constats[-1]
    assert (constat.verdict, constat.plafond) == (Verdict.NON_CONFORME, 0)
    assert constat.derogation == DECISION
    assert "La loi ne se lève pas" in constat.explication


@pytest.mark.parametrize(("par", "motif"), [("", "urgence"), ("Mme Martin", " ")])
def test_une_derogation_demande_un_nom_et_un_motif(par: str, motif: str) -> None:
    with pytest.raises(ValueError, match="le nom de qui la décide et son motif"):
        DerogationRegle(par, LE, motif)


def test_une_derogation_ne_pose_pas_un_plafond_negatif() -> None:
    with pytest.raises(ValueError, match="positif"):
        replace(DECISION, plafond=D("-1.00"))


LEVEES = st.dictionaries(
    st.sampled_from([regle.code for regle in REGLEMENT.regles]),
    st.none() | CENTIMES,
).map(lambda plafonds: {code: replace(DECISION, plafond=p) for code, p in plafonds.items()})


@given(PROJETS, LEVEES)
def test_avec_derogations_le_maximum_ne_viole_aucun_plafond(
    projet: Projet, levees: dict[str, DerogationRegle]
) -> None:
    maximum = preinstruire(projet, REGLEMENT, LE, derogations_regles=levees).aide_maximale
    if maximum > 0:
        demande = replace(projet, aide_demandee=maximum)
        constats = preinstruire(demande, REGLEMENT, LE, derogations_regles=levees).constats
        assert not [c for c in constats if c.plafond is not None and c.verdict is Verdict.NON_CONFORME]


@given(PROJETS, LEVEES)
def test_avec_derogations_un_centime_de_plus_viole_le_plafond_liant(
    projet: Projet, levees: dict[str, DerogationRegle]
) -> None:
    resultat = preinstruire(projet, REGLEMENT, LE, derogations_regles=levees)
    liant = resultat.plafond_liant
    if liant is None:
        return
    demande = replace(projet, aide_demandee=resultat.aide_maximale + D("0.01"))
    depasse = preinstruire(demande, REGLEMENT, LE, derogations_regles=levees).constats
    assert [c.verdict for c in depasse if c.regle == liant.regle] == [Verdict.NON_CONFORME]
