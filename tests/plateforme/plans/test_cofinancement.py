"""The co-financing of a fiche: the panel, the proposed plan, taking it over, the legal frame."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.metier.plan_financement import Financeur, Proposition, Refus
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import ActionRefusee, enregistrer_fiche, lignes_de
from arpent.plateforme.plans.cadre import enregistrer_cadre
from arpent.plateforme.plans.cofinancement import (
    cofinancement_de,
    cofinancement_en_json,
    reprendre_proposition,
)
from arpent.plateforme.plans.models import CadreJuridique, LigneFinancement
from arpent.plateforme.reglements.edition_parametres import ajouter_ligne
from arpent.plateforme.reglements.models import ParametreLegal
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
LE = date(2026, 3, 1)


@pytest.fixture
def demarche():
    demarche = fabrique.demarche(slug="gevaudan")
    publier(demarche.processus.dispositif)
    return demarche


@pytest.fixture
def fiche(demarche):
    """100 000 € HT, 60 % of the State, 20 000 € asked, 10 000 € of fonds de concours envisaged."""
    fiche = fabrique.fiche(demarche, titre="École de Chirac", numero=4)
    fabrique.financement(fiche, "etat", "60000")
    fabrique.financement(fiche, "epci", "10000", "envisage")
    fabrique.financement(fiche, "autofinancement", "10000", "envisage")
    return fiche


def url(fiche, suite="cofinancement/"):
    return f"{fiche.get_absolute_url()}{suite}"


def texte(reponse) -> str:
    return reponse.content.decode().replace("\u202f", " ").replace("\xa0", " ")


def rows(fiche) -> list[tuple[str, Decimal, str]]:
    return list(LigneFinancement.objects.filter(fiche=fiche).values_list("financeur", "montant", "statut"))


def test_le_panneau_nomme_l_article_et_montre_l_arithmetique(connecte, demarche, fiche):
    page = texte(connecte(fabrique.agent("instructeur", demarche)).get(url(fiche)))
    for attendu in (
        "Le plan enfreint 2 règles", "CGCT, art. L1111-10, III", "CGCT, art. R2334-27",
        "Minimum légal : 20 000,00 €", "trop demandé", "La plus petite baisse qui répare le plan",
        "80 % × 100 000,00 €", "valeurs de démonstration", "délibérations concordantes",
    ):  # fmt: skip
        assert attendu in page, attendu


def test_le_panneau_tient_en_peu_de_requetes(connecte, demarche, fiche, django_assert_max_num_queries):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    client.get(url(fiche))
    with django_assert_max_num_queries(16):
        page = client.get(f"{url(fiche)}?part=")
    assert len(page.content) < 40_000


def test_le_fragment_est_le_panneau_seul(connecte, demarche, fiche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    fragment = client.get(url(fiche), headers={"HX-Request": "true"})
    assert fragment.content.decode().startswith('<section class="pile ample" id="cofinancement"')
    assert url(fiche) in client.get(fiche.get_absolute_url()).content.decode()


def test_la_proposition_se_lit_a_cote_du_plan_actuel(connecte, demarche, fiche):
    page = texte(
        connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage)).get(f"{url(fiche)}?part=")
    )
    assert "Le maître d’ouvrage paie 20 000,00 €, le minimum légal (CGCT, art. L1111-10, III)." in page
    assert "Reprendre ce plan" in page


def test_une_part_impossible_est_refusee_avec_sa_raison(connecte, demarche, fiche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    page = texte(client.get(f"{url(fiche)}?part=19999,99"))
    assert "doit payer au moins 20 000,00 € (CGCT, art. L1111-10, III)" in page
    assert "Reprendre ce plan" not in page
    assert "n’est pas un montant" in texte(client.get(f"{url(fiche)}?part=beaucoup"))


def test_reprendre_le_plan_ne_bouge_que_ce_qui_n_est_pas_acquis(connecte, demarche, fiche):
    chef = fabrique.agent("chef_de_projet", demarche)
    reponse = connecte(chef).post(
        url(fiche, "cofinancement/reprendre/"), {"part": "25 000", "version_lue": 1}
    )
    assert reponse.status_code == 302
    fiche.refresh_from_db()
    assert rows(fiche) == [
        ("etat", Decimal("60000.00"), "acquis"),
        ("epci", Decimal("5000.00"), "envisage"),
        ("autofinancement", Decimal("25000.00"), "envisage"),
        ("departement", Decimal("10000.00"), "sollicite"),
    ]
    assert (fiche.aide_demandee, fiche.montant_acquis, fiche.version) == (
        Decimal("10000"), Decimal("60000"), 2,
    )  # fmt: skip
    entree = Entree.objects.order_by("-numero")[0]
    assert (entree.geste, entree.par_id) == ("modifier", chef.pk)
    assert set(entree.apres) == {"aide_demandee", "financements"}


def test_le_financeur_choisi_est_sollicite_d_abord(demarche, fiche):
    reprendre_proposition(fiche, None, ordre=(Financeur.REGION,), version_lue=1, par=None, le=LE)
    assert sum(m for _, m, _ in rows(fiche)) == Decimal("100000")
    vu = cofinancement_de(fiche, LE)
    assert (vu.bilan.part, vu.bilan.manquements) == (Decimal("20000"), ())


def test_un_plan_repris_sur_une_fiche_changee_est_refuse(connecte, demarche, fiche):
    enregistrer_fiche(fiche, lignes_de(fiche), par=None, version_lue=1)
    reponse = connecte(fabrique.agent("chef_de_projet", demarche)).post(
        url(fiche, "cofinancement/reprendre/"), {"part": "", "version_lue": 1}
    )
    assert reponse.status_code == 409
    assert len(rows(fiche)) == 3


def test_un_plan_devenu_impossible_n_est_pas_repris(connecte, demarche, fiche):
    client = connecte(fabrique.agent("chef_de_projet", demarche))
    reponse = client.post(url(fiche, "cofinancement/reprendre/"), {"part": "1", "version_lue": 1})
    assert reponse.status_code == 400
    assert "au moins" in texte(reponse)
    assert (
        client.post(url(fiche, "cofinancement/reprendre/"), {"part": "x", "version_lue": 1}).status_code
        == 400
    )


def test_une_fiche_au_contrat_garde_son_plan(demarche, fiche):
    fiche.etat = "contractualisee"
    fiche.save()
    with pytest.raises(ActionRefusee, match="avenant"):
        reprendre_proposition(fiche, None, version_lue=1, par=None, le=LE)


@pytest.mark.parametrize(
    ("role", "lire", "reprendre"),
    [("sous_prefet", 200, 403), ("instructeur", 200, 403), ("maire", 200, 403), ("president_epci", 200, 302)],
)
def test_qui_lit_le_panneau_et_qui_reprend_le_plan(connecte, demarche, fiche, role, lire, reprendre):
    client = connecte(fabrique.agent(role, demarche))  # the mayor of another commune
    assert client.get(url(fiche)).status_code == lire
    reponse = client.post(url(fiche, "cofinancement/reprendre/"), {"part": "", "version_lue": 1})
    assert reponse.status_code == reprendre


def test_une_ligne_de_demonstration_changee_n_en_est_plus_une(demarche, fiche):
    LigneFinancement.objects.filter(fiche=fiche).update(demonstration=True)
    reprendre_proposition(fiche, Decimal("25000"), version_lue=1, par=None, le=LE)
    marques = dict(LigneFinancement.objects.filter(fiche=fiche).values_list("financeur", "demonstration"))
    assert marques == {"etat": True, "epci": False, "autofinancement": False, "departement": False}


def test_sans_reglement_le_plafond_de_l_autorite_est_inconnu(connecte):
    demarche = fabrique.demarche(slug="sans-reglement")
    fiche = fabrique.fiche(demarche)
    page = texte(connecte(fabrique.agent("chef_de_projet", demarche)).get(url(fiche)))
    assert "Aucun règlement n’est en vigueur" in page


def test_un_plan_conforme_n_a_pas_de_reparation(connecte, demarche):
    fiche = fabrique.fiche(demarche)
    page = texte(connecte(fabrique.agent("chef_de_projet", demarche)).get(url(fiche)))
    assert "Le maître d’ouvrage paierait 80 000,00 €" in page
    assert "répare le plan" not in page


def test_des_aides_acquises_hors_la_loi_ne_se_reparent_pas(connecte, demarche):
    fiche = fabrique.fiche(demarche, aide_demandee=Decimal(0))
    fabrique.financement(fiche, "ue", "90000")
    page = texte(connecte(fabrique.agent("chef_de_projet", demarche)).get(url(fiche)))
    assert "Aucune baisse ne répare le plan" in page
    reponse = cofinancement_en_json(vu := cofinancement_de(fiche, LE), vu.proposer(None))
    assert reponse["proposition"]["part_possible"] is None


def test_la_sortie_json_dit_tout_en_montants_ecrits(demarche, fiche):
    vu = cofinancement_de(fiche, LE)
    sortie = cofinancement_en_json(vu, vu.proposer(None))
    assert (sortie["part_maitre_ouvrage"], sortie["minimum_legal"]) == ("10000.00", "20000.00")
    etat = sortie["financeurs"][0]
    assert (etat["financeur"], etat["acquis"], etat["encore_possible"]) == ("etat", "60000.00", "0.00")
    assert sortie["baisses_suffisantes"] == {"departement": "10000.00", "epci": "10000.00"}
    assert sum(Decimal(x["montant"]) for x in sortie["proposition"]["plan"]) == Decimal("100000")


# --- the legal frame ------------------------------------------------------------------------------


def cadre(**champs: Any) -> dict[str, Any]:
    return {"chef_de_file": "", "votes_concordants": "", "version_lue": 0, **champs}


def test_le_cadre_juridique_change_les_regles_et_s_inscrit_au_journal(connecte, demarche, fiche):
    client = connecte(fabrique.agent("instructeur", demarche))
    assert client.get(url(fiche, "cadre/")).status_code == 200
    assert client.post(url(fiche, "cadre/"), cadre(chef_de_file="true")).status_code == 302
    fabrique.financement(fiche, "region", "1000", "envisage")
    vu = cofinancement_de(fiche, LE)
    assert vu.bilan.minimum == Decimal("30000")
    assert "L1111-9" in vu.operation.exclusion
    entree = Entree.objects.order_by("-numero")[0]
    assert (entree.geste, entree.apres) == ("noter_cadre", {"chef_de_file": "oui"})
    client.post(
        url(fiche, "cadre/"), cadre(chef_de_file="true", convention="ctec", reference="n° 1", version_lue=1)
    )
    assert cofinancement_de(fiche, LE).operation.exclusion == ""
    historique = texte(client.get(f"{fiche.get_absolute_url()}volets/historique/"))
    assert "a précisé le cadre juridique" in historique
    assert "convention territoriale d’exercice concerté (CTEC)</ins>" in historique


def test_un_plan_ttc_emploie_le_cout_ttc_et_le_fctva(demarche, fiche):
    fiche.cout_ttc, fiche.tva = Decimal("120000"), "fctva"
    fiche.save()
    CadreJuridique.objects.create(fiche=fiche, plan_ttc=True)
    assert cofinancement_de(fiche, LE).operation.fctva is None
    assert any("FCTVA" in x for x in cofinancement_de(fiche, LE).avertissements)
    ajouter_ligne(ParametreLegal(code="fctva", valeur=Decimal("0.10"), depuis=LE, source="essai"), par=None)
    operation = cofinancement_de(fiche, LE).operation
    assert (operation.plan.cout, operation.fctva) == (Decimal("120000"), Decimal("12000"))


def test_une_operation_hors_regime_le_dit(demarche, fiche):
    CadreJuridique.objects.create(fiche=fiche, regime="anru")
    vu = cofinancement_de(fiche, LE)
    assert vu.bilan.article_minimum == ""
    assert "Aucune participation minimale" in vu.avertissements[-1]
    assert isinstance(vu.proposer(None), Proposition)
    assert isinstance(vu.proposer(Decimal("200000")), Refus)


@pytest.mark.parametrize(
    ("champs", "extrait"),
    [({"convention": "cper"}, "référence de la convention"), ({"plan_ttc": "on"}, "coût total TTC")],
)
def test_un_cadre_incomplet_est_refuse(connecte, demarche, fiche, champs, extrait):
    reponse = connecte(fabrique.agent("instructeur", demarche)).post(url(fiche, "cadre/"), cadre(**champs))
    assert reponse.status_code == 400
    assert extrait in texte(reponse)
    assert not CadreJuridique.objects.exists()


def test_deux_personnes_ne_s_ecrasent_pas_le_cadre(connecte, demarche, fiche):
    client = connecte(fabrique.agent("instructeur", demarche))
    client.post(url(fiche, "cadre/"), cadre(regime="anru"))
    assert client.post(url(fiche, "cadre/"), cadre(regime="cper")).status_code == 409
    with pytest.raises(ConflitDeVersion):
        enregistrer_cadre(CadreJuridique(fiche=fiche, regime="outre_mer"), version_lue=0, par=None)
    assert CadreJuridique.objects.get().regime == "anru"


def test_le_maire_d_ailleurs_ne_precise_pas_le_cadre(connecte, demarche, fiche):
    CadreJuridique.objects.create(fiche=fiche, regime="anru")
    voisin = connecte(fabrique.agent("maire", demarche))
    lu = texte(voisin.get(url(fiche, "cadre/")))
    assert "rénovation urbaine" in lu
    assert "Enregistrer" not in lu
    assert voisin.post(url(fiche, "cadre/"), cadre(regime="cper")).status_code == 403
    sien = connecte(fabrique.agent("maire", demarche, pour=fiche.maitre_ouvrage))
    assert sien.get(url(fiche, "cadre/")).status_code == 200
