"""Legal rules of co-financing, and the balance of the plan. Real cases come from the 2019 State grants."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.plan_financement import Financement, Financeur, StatutFinancement
from arpent.metier.reglement import Derogation, Verdict, lire_reglement, preinstruire
from tests.metier.reglement.fabrique import PROJET, constat, donnees, enonce, evaluer, financement, simple

MINIMUM = {"genre": "participation_minimale"}
CUMUL = {"genre": "cumul_aides"}
EQUILIBRE = {"genre": "plan_equilibre"}
DETR = financement(Financeur.ETAT, "120000.00")
FONDS_DE_CONCOURS = financement(Financeur.EPCI, "20000.00", StatutFinancement.SOLLICITE)
DEMANDE = financement(Financeur.DEPARTEMENT, "30000.00", StatutFinancement.SOLLICITE)


@pytest.mark.parametrize(
    ("financements", "maximum"),
    [
        ((), "160000.00"),
        ((DETR,), "40000.00"),
        ((DETR, FONDS_DE_CONCOURS), "20000.00"),
        ((DETR, FONDS_DE_CONCOURS, DEMANDE), "20000.00"),
        ((DETR, replace(FONDS_DE_CONCOURS, statut=StatutFinancement.REFUSE)), "40000.00"),
        ((DETR, financement(Financeur.AUTOFINANCEMENT, "50000.00")), "40000.00"),
        ((DETR, financement(Financeur.DEPARTEMENT, "15000.00")), "25000.00"),
        ((DETR, financement(Financeur.PRIVE, "50000.00")), "0.00"),
        ((financement(Financeur.ETAT, "90000.00"), financement(Financeur.PRIVE, "50000.00")), "30000.00"),
    ],
)
def test_le_maitre_d_ouvrage_garde_vingt_pour_cent_des_financements_publics(
    financements: tuple[Financement, ...], maximum: str
) -> None:
    assert constat(MINIMUM, financements=financements).plafond == D(maximum)


VIDEOPROTECTION: dict[str, Any] = {
    "cout_ht": D("107141.00"),
    "aide_demandee": D("10000.00"),
    "financements": (financement(Financeur.ETAT, "85713.00"),),
}


def test_une_aide_de_l_etat_a_quatre_vingts_pour_cent_ne_laisse_rien_au_departement() -> None:
    resultat = evaluer(MINIMUM, CUMUL, **VIDEOPROTECTION)
    minimum, cumul = resultat.constats
    assert resultat.aide_maximale == resultat.aide_calculee == 0
    assert resultat.plafond_liant == minimum
    assert minimum.verdict == cumul.verdict == resultat.verdict == Verdict.NON_CONFORME
    assert simple(minimum.calcul) == (
        "20 % × (107 141,00 € − 0,00 €) = 21 428,20 € ; reste à charge prévu 11 428,00 € ; aide possible : "
        "107 141,00 € − 0,00 € − 21 428,20 € − 85 713,00 € = −0,20 €, donc aucune aide possible"
    )
    assert "Le préfet peut accorder une dérogation" in minimum.explication
    assert "voirie communale" in minimum.explication
    assert minimum.source == "CGCT, art. L1111-10, III"
    attendu = "80 % × 107 141,00 € − 85 713,00 € = −0,20 €, donc aucune aide possible"
    assert simple(cumul.calcul) == attendu
    assert "95 713,00 €, soit 89,33 % du coût éligible HT (maximum 80 %)" in simple(cumul.explication)


def derogation(taux: str, le: date = date(2025, 6, 1)) -> Derogation:
    return Derogation(D(taux), "arrêté 48-2025-101", le)


def test_une_derogation_du_prefet_abaisse_le_minimum() -> None:
    obtenu = constat(MINIMUM, derogation=derogation("0.05"), **VIDEOPROTECTION)
    assert obtenu.plafond == D("16070.95")
    assert obtenu.verdict == Verdict.CONFORME
    assert "de 20 % à 5 % (arrêté 48-2025-101, 01/06/2025)" in simple(obtenu.explication)


def test_une_derogation_a_venir_ne_joue_pas_encore() -> None:
    obtenu = constat(MINIMUM, derogation=derogation("0.05", date(2026, 1, 2)), **VIDEOPROTECTION)
    assert obtenu.plafond == 0
    assert "ne prend effet que le 02/01/2026" in obtenu.explication


def test_une_derogation_ne_releve_jamais_le_minimum() -> None:
    assert constat(MINIMUM, derogation=derogation("0.5")).plafond == D("160000.00")


def test_une_derogation_absurde_est_refusee() -> None:
    with pytest.raises(ValueError, match="compris entre"):
        derogation("20")


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [
        ({"nature_depense": "fonctionnement"}, "investissement"),
        ({"beneficiaire_nature": "association"}, "collectivités"),
        ({"beneficiaire_nature": "etat"}, "collectivités"),
    ],
)
def test_la_participation_minimale_ne_vise_que_l_investissement_public(
    champs: dict[str, Any], extrait: str
) -> None:
    obtenu = constat(MINIMUM, **champs)
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.SANS_OBJET, None)
    assert extrait in obtenu.explication


def test_un_maitre_d_ouvrage_de_nature_inconnue_est_a_verifier() -> None:
    obtenu = constat(MINIMUM, beneficiaire_nature="autre")
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.A_VERIFIER, D("160000.00"))


def test_le_seuil_de_chef_de_file_peut_etre_choisi() -> None:
    regle = {**MINIMUM, "parametre": "participation_chef_de_file"}
    assert constat(regle).plafond == D("140000.00")
    assert "30 % des financements publics" in enonce(regle)


def test_sans_seuil_connu_a_cette_date_la_regle_est_a_verifier() -> None:
    reglement = lire_reglement(donnees(MINIMUM, CUMUL))
    resultat = preinstruire(replace(PROJET, financements=(DETR,)), reglement, date(2010, 1, 1))
    assert [c.verdict for c in resultat.constats] == [Verdict.A_VERIFIER, Verdict.A_VERIFIER]
    assert all("01/01/2010" in c.explication for c in resultat.constats)


def test_le_cumul_porte_sur_le_cout_eligible_et_non_sur_le_cout() -> None:
    obtenu = constat(CUMUL, assiette=D("170000.00"), financements=(DETR,))
    assert obtenu.plafond == D("16000.00")
    assert obtenu.verdict == Verdict.NON_CONFORME
    assert simple(obtenu.calcul) == "80 % × 170 000,00 € − 120 000,00 € = 16 000,00 €"


def test_le_cumul_est_conforme_jusqu_au_dernier_centime() -> None:
    assert constat(CUMUL, financements=(DETR,), aide_demandee=D("40000.00")).verdict == Verdict.CONFORME
    assert constat(CUMUL, financements=(DETR,), aide_demandee=D("40000.01")).verdict == Verdict.NON_CONFORME


@pytest.mark.parametrize(
    "financements",
    [
        (),
        (FONDS_DE_CONCOURS,),
        (replace(DETR, statut=StatutFinancement.REFUSE),),
        (replace(DETR, montant=D(0)),),
    ],
)
def test_sans_l_etat_le_cumul_est_sans_objet(financements: tuple[Financement, ...]) -> None:
    assert constat(CUMUL, financements=financements).verdict == Verdict.SANS_OBJET


def test_une_assiette_nulle_ne_fait_pas_tomber_le_cumul() -> None:
    obtenu = constat(CUMUL, assiette=D("0.00"), financements=(DETR,))
    assert (obtenu.verdict, obtenu.plafond) == (Verdict.NON_CONFORME, 0)


@pytest.mark.parametrize(
    ("propre", "financements", "verdict", "extrait"),
    [
        ("50000.00", (DETR,), Verdict.CONFORME, "égal au coût"),
        ("50000.00", (DETR, DEMANDE), Verdict.CONFORME, "égal au coût"),
        ("49999.99", (DETR, DEMANDE), Verdict.NON_CONFORME, "il manque 0,01 €"),
        (
            "50000.00",
            (DETR, DEMANDE, FONDS_DE_CONCOURS),
            Verdict.NON_CONFORME,
            "dépasse le coût de 20 000,00 €",
        ),
    ],
)
def test_un_plan_qui_ne_somme_pas_est_signale(
    propre: str, financements: tuple[Financement, ...], verdict: Verdict, extrait: str
) -> None:
    plan = (*financements, financement(Financeur.AUTOFINANCEMENT, propre))
    obtenu = constat(EQUILIBRE, financements=plan)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None)
    assert extrait in simple(obtenu.explication)


def test_les_regles_legales_s_enoncent_avec_leur_source() -> None:
    assert enonce(MINIMUM) == (
        "Le maître d’ouvrage public d’un investissement paie au moins 20 % des financements publics, "
        "l’argent privé étant exclu (CGCT, art. L1111-10, III)."
    )
    assert enonce(CUMUL) == (
        "Lorsque l’État cofinance (DETR, DSIL), le total des aides publiques ne dépasse pas 80 % du coût "
        "éligible HT (CGCT, art. R2334-27)."
    )
    assert enonce(EQUILIBRE) == "Le plan de financement est égal au coût de l’opération."
