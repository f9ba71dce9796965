"""From a stored fiche to the calculation of its règlement."""

from datetime import date
from decimal import Decimal

import pytest

from arpent.metier.reglement import Verdict
from arpent.plateforme.plans.lot import lire_lot
from arpent.plateforme.plans.models import Deliberation, Fiche
from arpent.plateforme.plans.preinstruction import (
    examens_en_json,
    preinstruire_fiche,
    preinstruire_fiches,
    preinstruire_par_tranches,
)
from tests.plateforme import fabrique
from tests.plateforme.plans.reglement import publier

pytestmark = pytest.mark.django_db
LE = date(2026, 6, 1)


def test_le_plafond_liant_est_nomme_et_la_valeur_de_demonstration_dite():
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fiche = fabrique.fiche(demarche)
    fabrique.financement(fiche, "etat", "60000")
    examen = preinstruire_fiche(fiche, LE)
    assert examen.resultat is not None
    assert examen.resultat.aide_maximale == Decimal("20000.00")
    assert examen.resultat.plafond_liant.regle == "participation_minimale"
    assert examen.demonstration
    taux = next(c for c in examen.resultat.constats if c.regle == "taux_intervention")
    assert (taux.plafond, taux.demonstration) == (Decimal("30000.00"), True)


def test_sans_reglement_en_vigueur_l_examen_le_dit():
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fiche = fabrique.fiche(demarche)
    assert preinstruire_fiche(fiche, date(2025, 12, 31)).resultat is None


def test_la_population_est_celle_de_la_commune_ou_la_somme_des_membres():
    demarche = fabrique.demarche()
    a, b = fabrique.commune(population=300), fabrique.commune(population=45)
    cc = fabrique.groupement(a, b)
    fabrique.fiche(demarche, maitre_ouvrage=fabrique.organisation("commune", commune=a))
    fabrique.fiche(demarche, maitre_ouvrage=fabrique.organisation("cc", groupement=cc))
    fabrique.fiche(demarche, maitre_ouvrage=fabrique.organisation("association"))
    lot = lire_lot(Fiche.objects.order_by("numero"), LE)
    assert [lot.projet(f).beneficiaire_population for f in lot.fiches] == [300, 345, None]


def test_la_deliberation_et_la_derogation_passent_au_calcul():
    demarche = fabrique.demarche()
    fiche = fabrique.fiche(
        demarche, derogation_taux=Decimal("0.05"), derogation_acte="arrêté 12", derogation_le=date(2026, 2, 1)
    )
    Deliberation.objects.create(
        fiche=fiche, numero="2026-4", adoptee_le=date(2026, 3, 1), assemblee="Conseil"
    )
    lot = lire_lot(Fiche.objects.all(), LE)
    projet = lot.projet(lot.fiches[0])
    assert projet.a_deliberation
    assert projet.derogation.taux == Decimal("0.05")


def test_toute_une_table_coute_autant_de_requetes_qu_une_fiche(django_assert_max_num_queries):
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fiches = [fabrique.fiche(demarche) for _ in range(12)]
    preinstruire_fiche(fiches[0], LE)
    with django_assert_max_num_queries(8):
        examens = preinstruire_fiches(fiches, LE)
    assert len(examens) == 12
    assert {e.resultat.verdict for e in examens.values()} == {Verdict.NON_CONFORME}


def test_la_sortie_de_la_commande_est_du_json_aux_montants_ecrits():
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fabrique.fiche(demarche, titre="Pont")
    (ligne,) = examens_en_json(Fiche.objects.filter(demarche=demarche), LE)
    assert ligne["titre"] == "Pont"
    assert ligne["aide_maximale"] == "30000.00"
    assert [c["article"] for c in ligne["constats"]] == ["1", "1", "2", "2", "2"]


def test_des_milliers_de_fiches_passent_par_tranches_dans_l_ordre_demande():
    demarche = fabrique.demarche()
    publier(demarche.processus.dispositif)
    fiches = [fabrique.fiche(demarche) for _ in range(7)]
    lues = [f.pk for f, _ in preinstruire_par_tranches(Fiche.objects.order_by("-numero"), LE, tranche=3)]
    assert lues == [f.pk for f in reversed(fiches)]
