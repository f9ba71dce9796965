"""The draft délibération of a fiche: assembly, articles of the law, blanks that are announced."""

import io
from datetime import date
from decimal import Decimal

import pytest
from docx import Document

from arpent.plateforme.plans.models import (
    Deliberation,
)
from arpent.plateforme.plans.projets_deliberation import collectivite_de, deliberation_doc
from arpent.plateforme.plans.sorties import completes
from tests.plateforme import fabrique
from tests.plateforme.plans.garnie import LE, garnie, lire, ouverte

pytestmark = pytest.mark.django_db


@pytest.fixture
def demarche():
    return ouverte()


# --- the draft délibération -----------------------------------------------------------------------


def test_le_projet_de_deliberation_existe_en_pdf_et_en_word(demarche, connecte):
    fiche = garnie(demarche)
    for suite in ("deliberation.pdf", "deliberation.docx"):
        reponse = lire(fiche, connecte, suite)
        assert reponse.status_code == 200
        assert reponse["Content-Disposition"].endswith(f'projet-{suite.replace(".", "-gevaudan-4.")}"')
    texte = "\n".join(p.text for p in Document(io.BytesIO(reponse.content)).paragraphs)
    assert "Vu le code général des collectivités territoriales" in texte
    assert "vingt mille euros" in texte
    assert lire(fiche, connecte, "deliberation.odt").status_code == 404


def test_la_page_dit_ce_qui_manque_avant_de_telecharger(demarche, connecte):
    fiche = garnie(demarche)
    page = lire(fiche, connecte, "").content.decode()
    for attendu in ("la date de la séance", "le résultat du vote", "Écart de 9\u202f999,50\xa0€"):
        assert attendu in page
    Deliberation.objects.create(
        fiche=fiche, numero="2026-4", adoptee_le=LE, assemblee="Conseil", convoquee_le=LE, en_exercice=11,
        presents=8, representes=1, pour=9, contre=0, abstentions=0,
    )  # fmt: skip
    page = lire(fiche, connecte, "").content.decode()
    assert "la date de la séance" not in page
    assert "le nom du secrétaire de séance" in page


@pytest.mark.parametrize(
    ("nature", "assemblee", "executif", "municipales"),
    [
        ("commune", "conseil municipal", "le maire", True),
        ("cc", "conseil communautaire", "le président", True),
        ("ca", "conseil communautaire", "le président", True),
        ("syndicat", "comité syndical", "le président", False),
        ("association", "conseil d’administration", "le président", False),
        ("autre", "organe délibérant", "le représentant légal", False),
    ],
)
def test_l_acte_nomme_l_assemblee_selon_la_nature_du_maitre_d_ouvrage(
    demarche, nature, assemblee, executif, municipales
):
    owner = fabrique.organisation(nature)
    collectivite = collectivite_de(owner)
    assert (collectivite.assemblee, collectivite.executif) == (assemblee, executif)
    fabrique.fiche(demarche, maitre_ouvrage=owner)
    doc = deliberation_doc(completes(demarche.fiches.all(), demarche)[0], LE)
    textes = " ".join(v.texte for v in doc.visas) + " ".join(doc.rappels)
    assert ("L2121-17" in textes) == municipales
    assert ("suivez les statuts" in textes) != municipales
    assert ("L1111-10" in textes) == (nature not in ("association", "autre"))


def test_les_visas_suivent_le_plan_de_financement(demarche):
    fiche = garnie(demarche)
    groupement = fabrique.groupement(fiche.commune, nature="CA")
    fabrique.financement(fiche, "epci", "5000", "sollicite")

    def visas():
        doc = deliberation_doc(completes(demarche.fiches.filter(pk=fiche.pk), demarche)[0], LE)
        return " ".join(v.texte for v in doc.visas), " ".join(doc.rappels)

    textes, rappels = visas()
    assert "L5216-5, VI" in textes
    assert "R2334-24 à R2334-31" in textes
    assert "Règlement d’essai" in textes
    assert "concordantes" in rappels
    assert "cinq jours francs" in rappels
    groupement.appartenances.update(fin=date(2020, 1, 1))
    fiche.financements.filter(financeur="etat").delete()
    textes, rappels = visas()
    assert "fonds de concours" not in textes
    assert "R2334" not in textes
    assert "DETR" not in rappels


def test_une_ligne_refusee_n_entre_pas_dans_l_acte_et_rien_n_est_invente(demarche):
    garnie(demarche)
    doc = deliberation_doc(completes(demarche.fiches.all(), demarche)[0], LE)
    assert [x.montant for x in doc.plan] == [Decimal("30000.50"), Decimal(20000), Decimal(40000)]
    assert doc.ecart_plan == Decimal("9999.50")
