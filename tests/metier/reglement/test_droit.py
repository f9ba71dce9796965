"""The purely legal kinds and the dated parameters they read; then the operation handed to the solver."""

from dataclasses import replace
from datetime import date
from decimal import Decimal as D
from typing import Any

import pytest

from arpent.metier.plan_financement import Financement, Financeur, Plafond, examiner_plan
from arpent.metier.reglement import (
    LIVRES,
    CadreJuridique,
    Derogation,
    Projet,
    ReglementInvalide,
    Unite,
    Verdict,
    lire_reglement,
    operation_de,
    plafond_du_reglement,
    preinstruire,
)
from arpent.metier.reglement.parametres import (
    FCTVA,
    FONDS_CONCOURS_AIDE_PUBLIQUE,
    PARTICIPATION_CHEF_DE_FILE,
    PARTICIPATION_MINIMALE,
)
from tests.metier.reglement.cas_legaux import (
    A_VERIFIER,
    CHEF,
    CONFORME,
    DETR,
    EPCI,
    NON_CONFORME,
    REGION,
    SANS_OBJET,
    SOLLICITE,
    TTC,
    juger,
    ligne_legale,
)
from tests.metier.reglement.fabrique import LE, PROJET, constat, donnees, evaluer, financement, simple

# --- parameters -----------------------------------------------------------------------------------


def test_la_ligne_de_l_instance_prime_les_jours_qu_elle_couvre() -> None:
    table = LIVRES.completer([ligne_legale(PARTICIPATION_MINIMALE, "0.05", LE, date(2026, 6, 30))])
    lues = [table.seuil(PARTICIPATION_MINIMALE, le) for le in (date(2025, 12, 31), LE, date(2026, 7, 1))]
    assert [seuil and seuil.valeur for seuil in lues] == [D("0.20"), D("0.05"), D("0.20")]
    assert table.codes == (PARTICIPATION_MINIMALE, *(c for c in LIVRES.codes if c != PARTICIPATION_MINIMALE))
    assert table.dernier(PARTICIPATION_MINIMALE).valeur == D("0.05")


def test_une_valeur_vide_ne_donne_aucun_seuil() -> None:
    assert LIVRES.au(FCTVA, LE) is not None
    assert LIVRES.seuil(FCTVA, LE) is None
    assert not LIVRES.est_vrai(FCTVA, LE)


def test_la_loi_qui_abaisserait_le_minimum_a_cinq_pour_cent_n_est_pas_livree() -> None:
    assert [p.valeur for p in LIVRES.lignes if p.code == PARTICIPATION_MINIMALE] == [D("0.20")]


def test_chaque_parametre_livre_a_une_source_et_une_unite() -> None:
    for parametre in LIVRES.lignes:
        assert parametre.source
        assert isinstance(parametre.unite, Unite)
        assert not [p for p in LIVRES.lignes if p is not parametre and p.chevauche(parametre)]


@pytest.mark.parametrize(
    ("autre", "attendu"),
    [
        ((date(2026, 2, 1), None), True), ((date(2026, 6, 30), date(2026, 7, 1)), True),
        ((date(2026, 7, 1), None), False), ((date(2020, 1, 1), date(2025, 12, 31)), False),
        ((date(2020, 1, 1), LE), True),
    ],
)  # fmt: skip
def test_deux_lignes_se_chevauchent_des_un_jour_commun(
    autre: tuple[date, date | None], attendu: bool
) -> None:
    une = ligne_legale(FCTVA, "0.1", LE, date(2026, 6, 30))
    seconde = ligne_legale(FCTVA, "0.2", *autre)
    assert une.chevauche(seconde) is seconde.chevauche(une) is attendu
    assert not une.chevauche(replace(seconde, code="autre"))


def test_une_participation_minimale_ne_lit_pas_n_importe_quel_parametre() -> None:
    with pytest.raises(ReglementInvalide, match=r"silence_vaut_rejet.*pas une participation"):
        lire_reglement(donnees({"genre": "participation_minimale", "parametre": "silence_vaut_rejet"}))


# --- L1111-10 -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("regime", "verdict", "plafond"),
    [("anru", SANS_OBJET, None), ("cper", SANS_OBJET, None), ("outre_mer", SANS_OBJET, None),
     ("corse_reseaux", CONFORME, D("180000.00"))],
)  # fmt: skip
def test_certains_regimes_echappent_a_la_participation_minimale(
    regime: str, verdict: Verdict, plafond: D | None
) -> None:
    obtenu = juger("participation_minimale", cadre=CadreJuridique(regime=regime))
    assert (obtenu.verdict, obtenu.plafond) == (verdict, plafond)


def test_un_cadre_absurde_est_refuse() -> None:
    with pytest.raises(ValueError, match="inconnu"):
        CadreJuridique(regime="lune")
    with pytest.raises(ValueError, match="positif"):
        CadreJuridique(cout_ttc=D("-1"))


def test_la_derogation_dit_son_motif() -> None:
    acte = Derogation(D("0.10"), "arrêté 1", date(2025, 6, 1), "eau_potable")
    assert (
        "(arrêté 1, 01/06/2025, eau potable)" in juger("participation_minimale", derogation=acte).explication
    )


def test_le_fonds_de_concours_peut_etre_lu_hors_des_financements_publics() -> None:
    hors = LIVRES.completer([ligne_legale(FONDS_CONCOURS_AIDE_PUBLIQUE, "0")])
    dedans = juger("participation_minimale", financements=(EPCI,))
    dehors = juger("participation_minimale", hors, financements=(EPCI,))
    assert (dedans.plafond, dehors.plafond) == (D("120000.00"), D("128000.00"))


@pytest.mark.parametrize("aide", ["30000.00", "150000.00", "190000.01", "200000.00"])
@pytest.mark.parametrize("autres", [(), (REGION,), (DETR, REGION), (EPCI,)])
def test_l_autorite_qui_verse_le_fonds_de_concours_compte_comme_le_solveur(
    autres: tuple[Financement, ...], aide: str
) -> None:
    hors = LIVRES.completer([ligne_legale(FONDS_CONCOURS_AIDE_PUBLIQUE, "0")])
    projet = replace(PROJET, financements=autres, aide_demandee=D(aide))
    if EPCI in autres:
        projet = replace(projet, aide_demandee=EPCI.montant)
    brut = {**donnees({"genre": "participation_minimale"}), "financeur": "epci"}
    obtenu = preinstruire(projet, lire_reglement(brut), LE, hors).constats[0]
    operation = replace(operation_de(projet, Financeur.EPCI, hors, LE), part_concours=None, cumul=None)
    (mien,) = [p for p in examiner_plan(operation).possibilites if p.financeur is Financeur.EPCI]
    assert obtenu.plafond == mien.maximum
    assert (obtenu.verdict is CONFORME) is (projet.aide_demandee <= mien.maximum)


# --- L1111-9 --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "verdict", "plafond"),
    [
        ({}, CONFORME, None),
        ({"financements": (REGION,)}, A_VERIFIER, None),
        ({"financements": (REGION,), "en_contrat": True}, CONFORME, None),
        ({"aide_demandee": D("140000.01")}, A_VERIFIER, None),
        ({"ctec": True}, A_VERIFIER, None),
        ({"cadre": CadreJuridique(chef_de_file=False)}, SANS_OBJET, None),
        ({"cadre": CHEF, "beneficiaire_nature": "association"}, SANS_OBJET, None),
        ({"cadre": CHEF}, CONFORME, "140000.00"),
        ({"cadre": CHEF, "aide_demandee": D("140000.01")}, NON_CONFORME, "140000.00"),
        ({"cadre": CHEF, "financements": (REGION,)}, NON_CONFORME, "0.00"),
        ({"cadre": CHEF, "financements": (REGION,), "en_contrat": True}, CONFORME, "120000.00"),
        ({"cadre": CHEF, "financements": (REGION,), "cper": True}, CONFORME, "120000.00"),
        ({"cadre": replace(CHEF, regime="cper"), "financements": (REGION,)}, CONFORME, "120000.00"),
        ({"cadre": CHEF, "financements": (REGION,), "ctec": True}, A_VERIFIER, "180000.00"),
        ({"cadre": CHEF, "nature_depense": "fonctionnement"}, CONFORME, "200000.00"),
        ({"cadre": CHEF, "nature_depense": "fonctionnement", "financements": (REGION,)}, NON_CONFORME, "0"),
    ],
)  # fmt: skip
def test_une_competence_a_chef_de_file_releve_le_minimum_et_exclut_le_second_financeur(
    champs: dict[str, Any], verdict: Verdict, plafond: str | None
) -> None:
    obtenu = juger("chef_de_file", **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None if plafond is None else D(plafond))


def test_sans_seuil_connu_les_regles_legales_sont_a_verifier() -> None:
    avant = date(2010, 1, 1)
    projet = {"financements": (EPCI, DETR), "cadre": CHEF}
    for genre in ("chef_de_file", "fonds_concours", "taux_detr", "cumul_aides", "participation_minimale"):
        assert juger(genre, le=avant, **projet).verdict is A_VERIFIER
    assert juger("commencement", le=avant).verdict is SANS_OBJET


# --- DETR -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("montant", "verdict"), [("40000.00", CONFORME), ("39999.99", A_VERIFIER), ("0.00", SANS_OBJET)]
)
def test_la_detr_paie_au_moins_vingt_pour_cent_du_cout_eligible(montant: str, verdict: Verdict) -> None:
    assert juger("taux_detr", financements=(replace(DETR, montant=D(montant)),)).verdict is verdict


def test_une_aide_de_l_etat_d_un_autre_dispositif_n_appelle_pas_le_cumul() -> None:
    fnadt = replace(DETR, libelle="FNADT")
    assert juger("cumul_aides", financements=(fnadt,)).verdict is SANS_OBJET
    assert (
        operation_de(replace(PROJET, financements=(fnadt,)), Financeur.DEPARTEMENT, LIVRES, LE).cumul is None
    )
    assert operation_de(PROJET, Financeur.DEPARTEMENT, LIVRES, LE).cumul is not None


# --- fonds de concours ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "verdict", "plafond"),
    [
        ({}, SANS_OBJET, None),
        ({"beneficiaire_nature": "syndicat", "financements": (EPCI,)}, SANS_OBJET, None),
        ({"financements": (EPCI,)}, A_VERIFIER, "120000.00"),
        ({"financements": (EPCI,), "cadre": CadreJuridique(votes_concordants=True)}, CONFORME, "120000.00"),
        ({"financements": (EPCI, financement(Financeur.UE, "90000.01"))}, NON_CONFORME, "29999.99"),
        ({"financements": (EPCI, financement(Financeur.UE, "150000.00"))}, NON_CONFORME, "0.00"),
        ({"beneficiaire_nature": "cc", "financements": (replace(EPCI, financeur=Financeur.COMMUNE),)},
         A_VERIFIER, "120000.00"),
        ({"financements": (EPCI,), "cadre": TTC}, A_VERIFIER, None),
    ],
)  # fmt: skip
def test_le_fonds_de_concours_ne_depasse_pas_la_part_du_beneficiaire(
    champs: dict[str, Any], verdict: Verdict, plafond: str | None
) -> None:
    obtenu = juger("fonds_concours", **champs)
    assert (obtenu.verdict, obtenu.plafond) == (verdict, None if plafond is None else D(plafond))


def test_toutes_taxes_comprises_la_part_du_beneficiaire_est_nette_du_fctva() -> None:
    table = LIVRES.completer([ligne_legale(FCTVA, "0.10")])
    obtenu = juger("fonds_concours", table, financements=(replace(EPCI, montant=D("93000.01")),), cadre=TTC)
    assert obtenu.verdict is NON_CONFORME
    assert "93 000,01 €, pour un maximum de 93 000,00 €" in simple(obtenu.explication)
    assert simple(obtenu.calcul) == "50 % × (240 000,00 € − 24 000,00 € − 30 000,00 €) = 93 000,00 €"


# --- the operation --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("champs", "taux"),
    [
        ({}, "0.20"),
        ({"nature_depense": "fonctionnement"}, None),
        ({"beneficiaire_nature": "association"}, None),
        ({"cadre": CadreJuridique(regime="anru")}, None),
        ({"cadre": CadreJuridique(regime="corse_reseaux")}, "0.10"),
        ({"cadre": CHEF}, "0.30"),
        ({"cadre": CHEF, "ctec": True}, "0.20"),
        ({"derogation": Derogation(D("0.05"), "a", LE)}, "0.05"),
        ({"derogation": Derogation(D("0.05"), "a", LE), "cadre": CHEF}, "0.30"),
        ({"derogation": Derogation(D("0.05"), "a", date(2026, 1, 2))}, "0.20"),
        ({"derogation": Derogation(D("0.50"), "a", LE)}, "0.20"),
    ],
)  # fmt: skip
def test_l_operation_porte_le_minimum_qui_s_applique(champs: dict[str, Any], taux: str | None) -> None:
    seuil = operation_de(replace(PROJET, **champs), Financeur.DEPARTEMENT, LIVRES, LE).minimum
    assert (seuil and seuil.valeur) == (None if taux is None else D(taux))


def test_l_operation_compte_l_aide_demandee_une_fois() -> None:
    inscrite = financement(Financeur.DEPARTEMENT, "30000.00", SOLLICITE)
    for projet in (PROJET, replace(PROJET, financements=(inscrite,))):
        assert operation_de(projet, Financeur.DEPARTEMENT, LIVRES, LE).plan.aides_publiques == D("30000.00")
    assert (
        operation_de(replace(PROJET, aide_demandee=D(0)), Financeur.DEPARTEMENT, LIVRES, LE).plan.total == 0
    )


def test_sans_seuil_de_chef_de_file_rien_n_est_exclu() -> None:
    vide = LIVRES.completer([ligne_legale(PARTICIPATION_CHEF_DE_FILE, None)])
    projet = replace(PROJET, cadre=CHEF)
    assert operation_de(projet, Financeur.DEPARTEMENT, vide, LE).exclusion == ""
    assert operation_de(projet, Financeur.DEPARTEMENT, LIVRES, LE).exclusion == "CGCT, art. L1111-9, I"


def test_le_plafond_du_reglement_laisse_de_cote_les_regles_de_droit() -> None:
    reglement = lire_reglement(
        donnees({"genre": "plafond_aide", "montant": "25 000 €"}, {"genre": "participation_minimale"})
    )
    plafond = plafond_du_reglement(preinstruire(PROJET, reglement, LE), reglement)
    assert plafond is not None
    assert (plafond.financeur, plafond.montant) == (Financeur.DEPARTEMENT, D("25000.00"))
    seul = lire_reglement(donnees({"genre": "participation_minimale"}))
    assert plafond_du_reglement(preinstruire(PROJET, seul, LE), seul) is None


@pytest.mark.parametrize("autres", [(), (REGION,), (DETR, EPCI), (DETR, EPCI, REGION)])
def test_la_pre_instruction_et_le_solveur_donnent_la_meme_marge(autres: tuple[Financement, ...]) -> None:
    projet: Projet = replace(PROJET, financements=autres, cadre=replace(CHEF, votes_concordants=True))
    genres = ("participation_minimale", "chef_de_file", "cumul_aides", "fonds_concours")
    reglement = lire_reglement(donnees(*({"genre": genre} for genre in genres)))
    operation = operation_de(projet, Financeur.DEPARTEMENT, LIVRES, LE)
    (mien,) = [p for p in examiner_plan(operation).possibilites if p.financeur is Financeur.DEPARTEMENT]
    assert preinstruire(projet, reglement, LE).aide_maximale == mien.maximum


def test_le_solveur_lit_le_plafond_de_l_autorite() -> None:
    plafond = Plafond(Financeur.DEPARTEMENT, D("1000.00"), "Règlement")
    operation = operation_de(PROJET, Financeur.DEPARTEMENT, LIVRES, LE, (plafond,))
    assert [p.depassement for p in examiner_plan(operation).possibilites] == [D("29000.00")]


def test_un_constat_legal_cite_son_texte() -> None:
    assert constat({"genre": "chef_de_file"}, cadre=CHEF).source == "CGCT, art. L1111-9, I"
    assert evaluer({"genre": "chef_de_file"}, cadre=CHEF).aide_maximale == D("140000.00")
