"""How long before a meeting its convocation leaves, by assembly and by population."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.assemblees import Delai, TypeAssemblee, regime_de
from arpent.metier.convocations import DelaiEnvoi, delai_envoi
from arpent.metier.deliberation import Acte, verifier_acte
from arpent.metier.reglement.parametres import LIVRES, ParametreDate

T = TypeAssemblee
SEANCE = date(2026, 3, 12)


def delai(assemblee, habitants=None, *, region=False, le=SEANCE, loi=LIVRES):
    return delai_envoi(regime_de(assemblee, region=region), habitants, le, loi)


@pytest.mark.parametrize(
    ("assemblee", "habitants", "region", "dit", "article", "dernier"),
    [
        (T.CONSEIL_MUNICIPAL, 3_499, False, "3\u00a0jours francs", "CGCT, art. L2121-11", date(2026, 3, 8)),
        (T.CONSEIL_MUNICIPAL, 3_500, False, "5\u00a0jours francs", "CGCT, art. L2121-12", date(2026, 3, 6)),
        (T.CONSEIL_MUNICIPAL, None, False, "5\u00a0jours francs", "CGCT, art. L2121-12", date(2026, 3, 6)),
        (T.CONSEIL_COMMUNAUTAIRE, None, False, "5\u00a0jours francs", "CGCT, art. L2121-12 et L5211-1",
         date(2026, 3, 6)),
        (T.SEANCE_PLENIERE, None, False, "12\u00a0jours", "CGCT, art. L3121-19", date(2026, 2, 28)),
        (T.SEANCE_PLENIERE, None, True, "12\u00a0jours", "CGCT, art. L4132-18", date(2026, 2, 28)),
    ],
)  # fmt: skip
def test_chaque_assemblee_a_son_delai_et_son_article(assemblee, habitants, region, dit, article, dernier):
    lu = delai(assemblee, habitants, region=region)
    assert (lu.dit, lu.article, lu.dernier_envoi(SEANCE)) == (dit, article, dernier)
    assert lu.premiere_seance(dernier) == SEANCE


@pytest.mark.parametrize("assemblee", [T.COMMISSION_PERMANENTE, T.AUTRE])
def test_sans_texte_lu_aucun_delai_n_est_donne(assemblee):
    assert delai(assemblee) is None


def test_la_note_de_synthese_est_due_a_partir_du_seuil():
    assert delai(T.CONSEIL_MUNICIPAL, 3_500).note_due
    assert delai(T.CONSEIL_COMMUNAUTAIRE).note_due
    assert not delai(T.CONSEIL_MUNICIPAL, 3_499).note_due
    assert not delai(T.SEANCE_PLENIERE).note_due


def test_la_commune_est_nommee_par_sa_population():
    assert delai(T.CONSEIL_MUNICIPAL, 800).classe == "de moins de 3\u202f500 habitants"
    assert delai(T.CONSEIL_MUNICIPAL, 9_000).classe == "de 3\u202f500 habitants et plus"
    assert delai(T.CONSEIL_MUNICIPAL).classe == ""


def test_un_delai_que_la_loi_ne_donnait_pas_encore_n_est_pas_suppose():
    avant = date(2014, 3, 12)
    assert delai(T.CONSEIL_MUNICIPAL, 800, le=avant) is None
    assert delai(T.SEANCE_PLENIERE, le=avant) is None


def test_un_delai_court_vide_laisse_le_long_sans_nommer_la_commune():
    vide = ParametreDate("convocation_delai_sous_seuil", "x", None, date(2026, 1, 1), None, "à saisir")
    lu = delai(T.CONSEIL_MUNICIPAL, 800, loi=LIVRES.completer([vide]))
    assert lu == DelaiEnvoi(5, True, "CGCT, art. L2121-12", Delai.CONVOCATION)


def test_l_instance_change_le_delai_de_la_region():
    ligne = ParametreDate("rapports_region_delai", "x", Decimal(10), date(2026, 1, 1), None, "texte d’essai")
    lu = delai(T.SEANCE_PLENIERE, region=True, loi=LIVRES.completer([ligne]))
    assert (lu.jours, lu.article) == (10, "texte d’essai")


def test_les_rapports_de_la_region_se_verifient_aussi():
    acte = Acte(
        adoptee_le=SEANCE, convoquee_le=date(2026, 3, 1), regime=regime_de(T.SEANCE_PLENIERE, region=True)
    )
    (remarque,) = verifier_acte(acte, date(2026, 3, 20))
    assert remarque.source == "CGCT, art. L4132-18"
