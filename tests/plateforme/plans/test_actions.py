"""Saving a fiche: one action, one transaction, everything that depends on it kept true."""

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arpent.metier.plan_financement import Financeur, StatutFinancement
from arpent.plateforme.demarches.models import Place
from arpent.plateforme.journal.models import Entree
from arpent.plateforme.plans.actions import (
    ActionRefusee,
    FicheSaisie,
    LigneSaisie,
    creer_fiches,
    enregistrer_fiche,
    lignes_de,
)
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.socle.versions import ConflitDeVersion
from tests.plateforme import fabrique

pytestmark = pytest.mark.django_db
ETAT_ACQUIS = LigneSaisie(
    Financeur.ETAT, Decimal("40000.10"), StatutFinancement.ACQUIS, "DETR 2018", date(2018, 5, 3)
)
SOI = LigneSaisie(Financeur.AUTOFINANCEMENT, Decimal("20000.00"), StatutFinancement.ACQUIS)


def nouvelle(demarche, **champs):
    return Fiche(
        demarche=demarche,
        titre=champs.pop("titre", "Réfection de la voirie"),
        maitre_ouvrage=fabrique.organisation("commune", "Marvejols"),
        cout_ht=Decimal("100000"),
        **champs,
    )


def test_une_fiche_nouvelle_recoit_le_numero_suivant_et_ses_montants():
    demarche = fabrique.demarche()
    fabrique.fiche(demarche, numero=7)
    fiche = enregistrer_fiche(nouvelle(demarche), [ETAT_ACQUIS, SOI], par=None)
    fiche.refresh_from_db()
    assert fiche.numero == 8
    assert fiche.montant_acquis == Decimal("40000.10")
    assert lignes_de(fiche) == [ETAT_ACQUIS, SOI]
    assert "voir" in fiche.texte_recherche
    assert "marvejol" in fiche.texte_recherche


def test_creer_ecrit_le_journal_et_la_place_du_fil():
    demarche = fabrique.demarche()
    enregistrer_fiche(nouvelle(demarche), [ETAT_ACQUIS], par=None)
    entree = Entree.objects.first()
    assert entree.geste == "creer"
    assert entree.apres["financements"] == ["DETR 2018 : 40\u202f000,10\xa0€ (acquis)"]
    place = Place.objects.get(demarche=demarche, code="plan")
    assert (place.etat, place.resume) == ("en_cours", "1 fiche, 0,1 M€")


def test_modifier_ne_journalise_que_ce_qui_change():
    fiche = enregistrer_fiche(nouvelle(fabrique.demarche()), [ETAT_ACQUIS], par=None)
    fiche.titre = "Voirie 2027"
    enregistrer_fiche(fiche, [ETAT_ACQUIS, SOI], par=None, version_lue=1)
    entree = Entree.objects.first()
    assert set(entree.avant) == {"titre", "financements"}
    assert entree.apres["titre"] == "Voirie 2027"
    assert fiche.version == 2


def test_un_enregistrement_perime_montre_les_deux_plans_et_ne_change_rien():
    fiche = enregistrer_fiche(nouvelle(fabrique.demarche()), [ETAT_ACQUIS], par=None)
    fiche.titre = "Premier"
    enregistrer_fiche(fiche, [ETAT_ACQUIS], par=None, version_lue=1)
    fiche.titre = "Second"
    with pytest.raises(ConflitDeVersion) as conflit:
        enregistrer_fiche(fiche, [SOI], par=None, version_lue=1)
    assert {e.champ for e in conflit.value.ecarts} == {"titre", "financements"}
    fiche.refresh_from_db()
    assert fiche.titre == "Premier"
    assert lignes_de(fiche) == [ETAT_ACQUIS]


def test_une_fiche_au_contrat_ne_se_modifie_plus():
    fiche = fabrique.fiche(etat="contractualisee")
    with pytest.raises(ActionRefusee, match="avenant"):
        enregistrer_fiche(fiche, [], par=None, version_lue=1)


def test_un_lot_garde_ses_numeros_et_remplit_les_autres():
    demarche = fabrique.demarche()
    commune = fabrique.organisation("commune")
    champs = {"titre": "Projet", "maitre_ouvrage": commune, "cout_ht": Decimal("10")}
    fiches = creer_fiches(
        demarche,
        [FicheSaisie(champs), FicheSaisie(champs | {"numero": 1}, (ETAT_ACQUIS,)), FicheSaisie(champs)],
        par=None,
        source="DETR 2018",
    )
    assert [f.numero for f in fiches] == [2, 1, 3]
    assert Fiche.objects.get(numero=1).montant_acquis == Decimal("40000.10")
    assert {f.source for f in fiches} == {"DETR 2018"}
    assert Entree.objects.filter(geste="importer").count() == 1


def test_seules_les_colonnes_changees_sont_ecrites():
    """The search text is not written again when only money moved, nor the thread when only words did."""
    fiche = nouvelle(fabrique.demarche(), titre="Pont")
    enregistrer_fiche(fiche, [], par=None)
    fiche.cout_ht = Decimal("120")
    with CaptureQueriesContext(connection) as requetes:
        enregistrer_fiche(fiche, [], par=None, version_lue=fiche.version)
    ecrite = next(q["sql"] for q in requetes if q["sql"].startswith('UPDATE "plans_fiche"'))
    assert '"cout_ht" =' in ecrite
    assert '"texte_recherche"' not in ecrite
    assert '"titre"' not in ecrite
    assert any('"demarches_place"' in q["sql"] for q in requetes)
    fiche.description = "En pierre"
    with CaptureQueriesContext(connection) as requetes:
        enregistrer_fiche(fiche, [], par=None, version_lue=fiche.version)
    assert not any('"demarches_place"' in q["sql"] for q in requetes)
    relue = Fiche.objects.get(pk=fiche.pk)
    assert (relue.cout_ht, relue.description, relue.version) == (Decimal("120"), "En pierre", 3)
    assert "pierr" in relue.texte_recherche
