"""Start of the works, taxes, and what each legal rule says of itself."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.plan_financement import Financeur
from arpent.metier.reglement import (
    LIVRES,
    CadreJuridique,
    Verdict,
    lire_reglement,
    preinstruire,
)
from arpent.metier.reglement.parametres import (
    FCTVA,
    PARTICIPATION_CHEF_DE_FILE,
    PARTICIPATION_MINIMALE,
)
from tests.metier.reglement.cas_legaux import (
    A_VERIFIER,
    CONFORME,
    DETR,
    NON_CONFORME,
    REGION,
    SANS_OBJET,
    TTC,
    juger,
    ligne_legale,
)
from tests.metier.reglement.fabrique import LE, PROJET, donnees, enonce, financement, simple


@pytest.mark.parametrize(
    ("champs", "verdict", "plafond"),
    [
        ({}, CONFORME, None),
        ({"commence_le": LE}, NON_CONFORME, 0),
        ({"commence_le": date(2026, 1, 2)}, A_VERIFIER, None),
        ({"commence_le": LE, "dossier_complet_le": LE}, CONFORME, None),
        ({"commence_le": LE, "dossier_complet_le": date(2026, 1, 2)}, NON_CONFORME, 0),
        ({"commence_le": LE, "cadre": CadreJuridique(sans_travaux=True)}, SANS_OBJET, None),
    ],
)  # fmt: skip
def test_rien_ne_commence_avant_le_dossier_complet(
    champs: dict[str, Any], verdict: Verdict, plafond: int | None
) -> None:
    obtenu = juger("commencement", **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, plafond)


@pytest.mark.parametrize(
    ("champs", "verdict", "plafond"),
    [
        ({"commence_le": LE}, SANS_OBJET, None),
        ({"commence_le": LE, "financements": (REGION,)}, SANS_OBJET, None),
        ({"commence_le": LE, "financements": (DETR,)}, NON_CONFORME, None),
        ({"commence_le": LE, "dossier_complet_le": LE, "financements": (DETR,)}, CONFORME, None),
    ],
)  # fmt: skip
def test_un_reglement_peut_ne_viser_que_le_commencement_des_projets_a_dotation(
    champs: dict[str, Any], verdict: Verdict, plafond: int | None
) -> None:
    regle = {"genre": "commencement", "dotations_seules": True}
    obtenu = preinstruire(replace(PROJET, **champs), lire_reglement(donnees(regle)), LE).constats[0]
    assert (obtenu.verdict, obtenu.plafond) == (verdict, plafond)
    assert "Avec une DETR ou une DSIL, l’opération ne commence pas" in enonce(regle)
    if verdict is NON_CONFORME:
        assert obtenu.explication.endswith("sans dossier reconnu complet : l’aide de l’État serait perdue.")


@pytest.mark.parametrize(
    ("cadre", "fctva", "verdict", "extrait"),
    [
        (CadreJuridique(), None, CONFORME, "Le plan est hors taxes."),
        (CadreJuridique(plan_ttc=True), None, A_VERIFIER, "saisissez le coût TTC"),
        (CadreJuridique(cout_ttc=D("199999.99")), None, NON_CONFORME, "inférieur au coût HT"),
        (CadreJuridique(cout_ttc=D("240000.00")), None, CONFORME, "la TVA n’y entre pas"),
        (TTC, None, A_VERIFIER, "le taux du FCTVA"),
        (replace(TTC, fctva=None), "0.10", A_VERIFIER, "si le maître d’ouvrage reçoit le FCTVA"),
        (replace(TTC, fctva=False), "0.10", CONFORME, "sans FCTVA"),
        (TTC, "0.10", CONFORME, "le FCTVA rendrait 24 000,00 €"),
    ],
)  # fmt: skip
def test_les_couts_et_le_fctva_sont_coherents(
    cadre: CadreJuridique, fctva: str | None, verdict: Verdict, extrait: str
) -> None:
    table = LIVRES if fctva is None else LIVRES.completer([ligne_legale(FCTVA, fctva)])
    obtenu = juger("coherence_tva", table, cadre=cadre)
    assert obtenu.verdict is verdict
    assert extrait in simple(obtenu.explication)


def test_un_plan_ttc_est_equilibre_sur_le_cout_ttc() -> None:
    propre = financement(Financeur.AUTOFINANCEMENT, "210000.00")
    assert juger("plan_equilibre", cadre=TTC, financements=(propre,)).verdict is CONFORME
    sans_cout = replace(TTC, cout_ttc=None)
    assert juger("plan_equilibre", cadre=sans_cout, financements=(propre,)).verdict is NON_CONFORME


@pytest.mark.parametrize(
    ("genre", "extrait"),
    [("chef_de_file", "30 % des financements publics"), ("taux_detr", "20 % du coût éligible"),
     ("fonds_concours", "50 % de ce qui reste"), ("commencement", "dossier soit reconnu complet"),
     ("coherence_tva", "toutes taxes comprises")],
)  # fmt: skip
def test_chaque_regle_legale_s_enonce(genre: str, extrait: str) -> None:
    assert extrait in enonce({"genre": genre})


@pytest.mark.parametrize(
    ("genre", "code"),
    [("chef_de_file", PARTICIPATION_CHEF_DE_FILE), ("taux_detr", "detr_taux_minimal"),
     ("fonds_concours", "fonds_concours_part"), ("cumul_aides", "cumul_aides_etat"),
     ("participation_minimale", PARTICIPATION_MINIMALE)],
)  # fmt: skip
def test_une_regle_legale_cite_la_ligne_en_vigueur_de_l_instance(genre: str, code: str) -> None:
    (regle,) = lire_reglement(donnees({"genre": genre})).regles
    table = LIVRES.completer([ligne_legale(code, "0.07", LE, date(2026, 6, 30))])
    dit = simple(regle.enonce_complet({}, table.lignes_au(LE)))
    assert "7 %" in dit
    assert "texte d’essai" in dit
    assert regle.enonce_complet({}, table.lignes_au(date(2026, 7, 1))) == regle.enonce({})
    vide = LIVRES.completer([ligne_legale(code, None)])
    assert "une part à saisir" in regle.enonce_complet({}, vide.lignes_au(LE))


def test_avant_toute_ligne_connue_une_regle_cite_la_derniere() -> None:
    assert LIVRES.lignes_au(date(2010, 1, 1))(PARTICIPATION_MINIMALE).valeur == D("0.20")
