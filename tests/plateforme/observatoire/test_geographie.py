"""Geography in time, on the real movements: Lozère's communes nouvelles, and composition of the EPCI."""

import re
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from arpent.extraits import lecture
from arpent.plateforme.observatoire.epoques import CompositionInconnue
from arpent.plateforme.observatoire.geographie import REFERENCE, Frise, Mouvement

PAGE = Path(__file__).parents[3] / "docs" / "algorithmes" / "indicateurs.md"
MONT_LOZERE_ET_GOULET = ["48014", "48023", "48027", "48040", "48093", "48164"]
PEYRE_EN_AUBRAC = ["48009", "48047", "48060", "48076", "48142", "48183"]
FLORAC = ["48061", "48186"]


@pytest.fixture(scope="module")
def frise() -> Frise:
    return Frise(
        Mouvement(x["DATE_EFF"], x["MOD"], x["COM_AV"], x["COM_AP"])
        for x in lecture.lignes("france/mouvements_communes")
        if x["TYPECOM_AV"] == x["TYPECOM_AP"] == "COM"
    )


def test_les_communes_nouvelles_de_lozere_additionnent_leurs_anciennes(frise):
    valeurs = np.array([10.0, 20, 30, 40, 50, 60])
    converties = frise.convertir(MONT_LOZERE_ET_GOULET, valeurs, de=2016, vers=2026)
    assert (converties.codes, converties.valeurs.tolist()) == (("48027",), [210.0])
    assert converties.perdus == ()


@pytest.mark.parametrize(
    ("anciennes", "nouvelle", "depuis"),
    [(MONT_LOZERE_ET_GOULET, "48027", 2016), (PEYRE_EN_AUBRAC, "48009", 2016), (FLORAC, "48061", 2015)],
)
def test_un_territoire_se_traduit_dans_les_deux_sens(frise, anciennes, nouvelle, depuis):
    assert frise.traduire(anciennes, de=depuis, vers=REFERENCE).codes == (nouvelle,)
    assert sorted(frise.traduire([nouvelle], de=REFERENCE, vers=depuis).codes) == sorted(anciennes)


def test_une_ancienne_commune_seule_ne_se_distingue_plus(frise):
    traduits = frise.traduire(["48027", "48095"], de=2016, vers=REFERENCE)
    assert traduits.codes == ("48095",)
    assert traduits.isolees == {"48027": ("48027",)}


def test_revenir_en_arriere_ne_partage_pas_une_commune(frise):
    converties = frise.convertir(["48009", "48095"], np.array([100.0, 7.0]), de=2026, vers=2016)
    lues = dict(zip(converties.codes, converties.valeurs, strict=True))
    assert lues["48095"] == 7.0
    assert set(converties.perdus) == set(PEYRE_EN_AUBRAC)
    assert all(np.isnan(lues[c]) for c in PEYRE_EN_AUBRAC)


def test_une_somme_incomplete_n_est_jamais_rendue(frise):
    manque = frise.convertir(PEYRE_EN_AUBRAC[:-1], np.ones(5), de=2016, vers=2026)
    inconnue = frise.convertir(PEYRE_EN_AUBRAC, np.array([1, 1, 1, 1, 1, np.nan]), de=2016, vers=2026)
    assert np.isnan(manque.valeurs).all()
    assert np.isnan(inconnue.valeurs).all()


def test_un_taux_d_une_commune_changee_manque_et_celui_des_autres_reste(frise):
    codes = [*PEYRE_EN_AUBRAC, "48095"]
    converties = frise.convertir(codes, np.arange(7.0), de=2016, vers=2026, somme=False)
    lues = dict(zip(converties.codes, converties.valeurs, strict=True))
    assert np.isnan(lues["48009"])
    assert lues["48095"] == 6.0


def test_une_scission_ne_se_devine_pas(frise):
    """15141 Neussargues en Pinatelle was split on 1 January 2025."""
    converties = frise.convertir(["15141"], np.array([2000.0]), de=2024, vers=2026)
    assert {"15031", "15141"} <= set(converties.perdus)
    assert np.isnan(converties.valeurs).all()
    assert "15031" in frise.traduire(["15141"], de=2024, vers=2026).codes


def test_deux_mouvements_du_meme_jour_s_enchainent(frise):
    """Pont-Farcy changed département and merged the same day."""
    assert frise.projeter(["14513"], de=2017, vers=2026)["14513"] not in {"14513", "50649"}


def test_toutes_les_communes_de_2012_menent_a_celles_d_aujourd_hui(frise):
    aujourd_hui = {x["code_insee"] for x in lecture.lignes("france/communes")}
    groupes = frise.groupes(2012, REFERENCE)
    assert len(groupes) > 800
    assert all(g.apres <= aujourd_hui for g in groupes)


def test_la_frise_retrouve_la_table_de_passage_de_l_insee(frise):
    """Every commune that existed in 2003 and has moved since, except those split meanwhile."""
    passage = {x["code_ancien"]: x["code_2025"] for x in lecture.lignes("france/passage_communes_vers_2025")}
    touchees = {c for g in frise.groupes(2003, REFERENCE) for c in g.avant}
    projetes = frise.projeter(touchees, de=2003, vers=REFERENCE)
    ecarts = {c: (projetes[c], passage[c]) for c in projetes if c in passage and projetes[c] != passage[c]}
    # the passage table sends every code ever used to one commune: it ignores the restored ones
    assert len(ecarts) <= 5, ecarts


@given(st.permutations(range(6)), st.lists(st.integers(0, 10_000), min_size=6, max_size=6))
def test_la_somme_ne_depend_pas_de_l_ordre_et_se_conserve(ordre, effectifs):
    frise = Frise([Mouvement("2017-01-01", "32", c, "48027") for c in MONT_LOZERE_ET_GOULET])
    codes = [MONT_LOZERE_ET_GOULET[i] for i in ordre]
    converties = frise.convertir(codes, np.array(effectifs, dtype=float), de=2016, vers=2026)
    assert converties.valeurs.sum() == sum(effectifs)


def test_un_indicateur_se_demande_dans_la_geographie_d_une_annee(magasin):
    aujourd_hui = magasin.valeurs(["48027", "48095"], [], "population")
    en_2016 = magasin.valeurs([*MONT_LOZERE_ET_GOULET, "48095"], [], "population", geographie=2016)
    assert en_2016.valeur == aujourd_hui.valeur
    assert en_2016.couverture == 1
    assert en_2016.note == ""


def test_un_taux_dans_une_autre_geographie_est_recalcule(magasin):
    communes = [*MONT_LOZERE_ET_GOULET, "48095"]
    lu = magasin.valeurs(communes, [], "part_75_plus", geographie=2016)
    assert lu.valeur == magasin.valeurs(["48027", "48095"], [], "part_75_plus").valeur


def test_l_exemple_de_la_documentation_est_celui_des_donnees(magasin, frise):
    lues = re.findall(
        r"^\| (48\d{3}) .*?\| (\d+) \| (\d+) \| ", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    communes = {x["code_insee"]: x for x in lecture.lignes("lozere/mobilites_pro")}
    assert [c for c, *_ in lues] == MONT_LOZERE_ET_GOULET
    for code, actifs, dehors in lues:
        assert communes[code]["actifs_2014"] == actifs
        assert communes[code]["travaillent_hors_commune_2014"] == dehors
    totaux = [
        frise.convertir(MONT_LOZERE_ET_GOULET, np.array([float(x[i]) for x in lues]), de=2015, vers=2026)
        for i in (1, 2)
    ]
    assert [t.valeurs.tolist() for t in totaux] == [[418.0], [176.0]]
    lu = magasin.valeurs(MONT_LOZERE_ET_GOULET, [], "travail_hors_commune_2014", geographie=2016)
    assert lu.valeur == pytest.approx(42.1, abs=0.05)
    assert magasin.valeurs(["48027"], [], "travail_hors_commune_2014", geographie=2016).valeur is None


def test_une_commune_qui_ne_se_distingue_plus_n_est_pas_couverte_et_le_dit(magasin):
    lu = magasin.valeurs(["48027", "48095"], [], "population", geographie=2016)
    assert lu.valeur == magasin.valeurs(["48095"], [], "population").valeur
    assert lu.partiel
    assert lu.couverture < 1
    assert lu.evolution is None
    assert "Mont Lozère et Goulet" in lu.note
    seule = magasin.valeurs(["48027"], [], "population", geographie=2016)
    assert seule.valeur is None
    assert "ne se distingue plus" in seule.note


def test_un_epci_entier_garde_ses_valeurs_publiees_dans_une_autre_geographie(magasin):
    siren = "244800405"
    en_2018 = magasin.composition(2018)
    lu = magasin.valeurs(en_2018[siren], [], "niveau_vie_median", geographie=2017)
    assert lu.valeur == magasin.valeurs(magasin.communes_de(siren), [siren], "niveau_vie_median").valeur


def test_la_composition_des_epci_de_2017_et_d_aujourd_hui(magasin):
    avant, maintenant = magasin.composition(2017), magasin.composition(2026)
    assert (avant.annee, maintenant.annee) == (2017, 2026)
    assert magasin.composition(2020).annee == 2017
    siens = [s for s in avant.membres if len(avant[s]) > 5 and maintenant.get(s)]
    assert len(siens) >= 5
    # Monts-de-Randon was made of five communes on 1 January 2019
    assert any({"48057", "48127"} <= set(codes) for codes in avant.membres.values())
    assert not any("48057" in codes for codes in maintenant.membres.values())


def test_un_epci_de_2017_se_recalcule_sur_son_perimetre_d_alors(magasin):
    avant = magasin.composition(2017)
    lus = {
        s: magasin.valeurs(codes, [], "population", geographie=2017)
        for s, codes in avant.membres.items()
        if all(c[:2] == "48" for c in codes)
    }
    complets = {s: v for s, v in lus.items() if v.valeur is not None and not v.partiel}
    assert len(complets) >= 8
    inchanges = [s for s in complets if complets[s].valeur == magasin.epci.valeur(s, "P23_POP")]
    assert len(inchanges) >= 5


def test_une_composition_inconnue_dit_quoi_charger(magasin):
    with pytest.raises(CompositionInconnue, match=r"2010 n’est pas chargée.*2017.*Chargez"):
        magasin.composition(2010)
