"""What a fiche lacks for each step, as its dispositif asks for it."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.plateforme.plans.actions import ActionRefusee
from arpent.plateforme.plans.avancement import faire_avancer_fiche
from arpent.plateforme.plans.champs import (
    completude,
    est_rempli,
    exigences,
    joints_de,
    manques,
    modele_de,
    promotions,
)
from arpent.plateforme.reglements.fiches import champs_communs
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db


def demarche_avec(**fiche):
    return fabrique.demarche(dans=fabrique.dispositif(parametres={"fiche": fiche}))


def test_chaque_champ_montre_peut_etre_dit_rempli_ou_non():
    fiche = fabrique.fiche()
    joints = joints_de(fiche)
    vides = {nom for nom in champs_communs() if not est_rempli(fiche, nom, joints)}
    assert {"besoin", "depenses", "latitude", "quantites"} <= vides
    assert not vides & {"titre", "maitre_ouvrage", "theme", "cout_ht", "aide_demandee", "maturite"}


def test_les_exigences_d_une_etape_comprennent_celles_d_avant():
    demarche = demarche_avec(champs={"besoin": {"exige": "retenir"}}, conditions={"calendrier": "retenir"})
    fiche = fabrique.fiche(demarche, theme=None)
    assert [m.champ for m in manques(fiche, "proposer")] == ["theme"]
    assert [m.champ for m in manques(fiche, "retenir")] == ["theme", "besoin", "calendrier"]
    assert manques(fiche, "differer") == []


def test_un_champ_propre_exige_manque_tant_qu_il_est_vide():
    demarche = demarche_avec(
        complements=[
            {"code": "bail", "groupe": "projet", "libelle": "Bail", "genre": "oui_non", "exige": "proposer"}
        ]
    )
    fiche = fabrique.fiche(demarche)
    (manque,) = manques(fiche, "proposer")
    assert (str(manque), manque.ancre) == ("Bail", "id_complements__bail")
    fiche.complements = {"bail": "non"}
    assert manques(fiche, "proposer") == []


def test_le_geste_est_refuse_avec_tout_ce_qui_manque():
    demarche = demarche_avec(conditions={"depenses": "proposer", "photo": "proposer"})
    fiche = fabrique.fiche(demarche, etat="brouillon", cout_ht=Decimal(0), aide_demandee=Decimal(0))
    with pytest.raises(ActionRefusee, match="coût total HT, au moins une ligne de dépense et une photo"):
        faire_avancer_fiche(fiche, "proposer", par=None)


def test_la_deliberation_compte_une_fois_adoptee():
    demarche = demarche_avec(conditions={"deliberation": "proposer"})
    fiche = fabrique.fiche(demarche)
    acte = fiche.deliberations.create(assemblee="Conseil municipal")
    assert [m.champ for m in manques(fiche, "proposer")] == ["deliberation"]
    acte.numero, acte.adoptee_le = "2026-1", date(2026, 3, 1)
    acte.save()
    assert manques(fiche, "proposer") == []


def test_structurant_demande_un_plan_equilibre_et_des_dates():
    fiche = fabrique.fiche(description="Toiture", debut_le=date(2026, 1, 1))
    modele, joints = modele_de(fiche.demarche), joints_de(fiche)
    structurant, _, amorcage_b = promotions(fiche, modele, joints)
    assert [m.champ for m in structurant.manques] == ["financements", "plan_equilibre", "calendrier"]
    assert amorcage_b.manques == ()
    fabrique.financement(fiche, "autofinancement", "80000")
    fiche.fin_le = date(2026, 12, 1)
    assert promotions(fiche, modele, joints_de(fiche))[0].manques == ()


def test_la_completude_compte_ce_qui_est_demande():
    fiche = fabrique.fiche(theme=None)
    modele = modele_de(fiche.demarche)
    assert completude(fiche, modele, joints_de(fiche)) == (3, 4)
    assert sum(map(len, exigences(modele).values())) == 4


def test_les_manques_d_une_fiche_tiennent_en_sept_requetes(django_assert_max_num_queries):
    fiche = fabrique.fiche()
    for _ in range(5):
        fabrique.financement(fiche, "etat", "10")
    with django_assert_max_num_queries(7):
        manques(fiche, "contractualiser")
