"""Rules that look at an envelope read what the maquette promises on it, the fiche itself left out."""

from __future__ import annotations

import copy
import hashlib
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from arpent.plateforme.negociations import actions
from arpent.plateforme.negociations.actions import DepassementRefuse, recalculer_enveloppes, scenario_courant
from arpent.plateforme.negociations.models import DonneeRepartition, Enveloppe, Proposition
from arpent.plateforme.negociations.passerelle import lignes_de
from arpent.plateforme.reglements.models import VersionReglement

from .conftest import CONTENU, Monde, poser

LE = date(2026, 6, 1)
DISPONIBLE = {"genre": "enveloppe_disponible", "enveloppe": "base"}


@pytest.fixture
def partage(monde: Monde) -> Decimal:
    """The base fund shared: what the territory of the world has."""
    for demarche in (monde.demarche, monde.voisine):
        DonneeRepartition.objects.create(
            territoire=demarche.territoire, critere="voirie", valeur=Decimal(1), unite="km"
        )
    montant = recalculer_enveloppes(monde.dispositif, None)[monde.demarche.pk]
    assert montant is not None
    return montant


def regler(monde: Monde, *regles: dict) -> None:
    contenu = copy.deepcopy(CONTENU)
    contenu["libelles"] = {"base": "Enveloppe de base"}
    contenu["articles"] = [{"numero": "9", "titre": "Crédits", "prose": "Texte.", "regles": [*regles]}]
    VersionReglement.objects.create(
        dispositif=monde.dispositif, numero=9, intitule="Crédits", en_vigueur_le=date(2026, 1, 1),
        contenu=contenu, empreinte=hashlib.sha256(repr(regles).encode()).hexdigest(),
    )  # fmt: skip


def constat(monde: Monde, fiche, article: str = "9"):
    lignes = lignes_de(scenario_courant(monde.demarche), LE)
    examen = next(x for x in lignes if x.fiche.pk == fiche.pk).examen
    assert examen is not None
    return next(c for c in examen.constats if c.article == article)


def test_ce_qui_reste_est_l_enveloppe_moins_ce_que_les_autres_ont(monde: Monde, partage: Decimal):
    regler(monde, DISPONIBLE)
    une, deux, _ = monde.fiches
    poser(monde, une, "30000")
    assert constat(monde, une).plafond == partage
    assert constat(monde, deux).plafond == partage - 30_000


def test_un_montant_au_dela_est_refuse_avec_l_article(monde: Monde, partage: Decimal):
    regler(monde, DISPONIBLE)
    une, deux, _ = monde.fiches
    for fiche in (une, deux):
        fiche.cout_ht = Decimal(500_000)
        fiche.save(update_fields=["cout_ht"])
    poser(monde, une, str(partage - 10_000))
    with pytest.raises(DepassementRefuse, match="article 9"):
        poser(monde, deux, "10000.01")
    poser(monde, deux, "10000")
    poser(monde, une, str(partage - 20_000), version=1)
    poser(monde, deux, "20000", version=1)


def test_la_part_reservee_laisse_le_reste_aux_autres(monde: Monde, partage: Decimal):
    quota = {
        "genre": "quota_enveloppe", "enveloppe": "base", "part": "60 %",
        "prioritaires": {"champ": "maturite", "parmi": ["structurant"]},
    }  # fmt: skip
    regler(monde, quota)
    une, deux, trois = monde.fiches
    type(une).objects.filter(pk__in=[deux.pk, trois.pk]).update(maturite="amorcage_a")
    type(une).objects.filter(pk=une.pk).update(maturite="structurant")
    poser(monde, une, "20000")
    libre = partage - (partage * Decimal("0.6")).quantize(Decimal("0.01"))
    assert constat(monde, une).plafond is None
    assert constat(monde, deux).plafond == libre
    poser(monde, deux, "1000")
    assert constat(monde, deux).plafond == libre
    assert constat(monde, trois).plafond == libre - 1_000


def test_les_tranches_ouvertes_viennent_des_lignes_annuelles(monde: Monde, partage: Decimal):
    tranches = {
        "genre": "tranches_enveloppe", "enveloppe": "base",
        "tranches": [{"libelle": "Première", "part": "40 %"}, {"libelle": "Seconde", "part": "60 %"}],
    }  # fmt: skip
    regler(monde, tranches)
    une = monde.fiches[0]
    assert "tranches libérées" in constat(monde, une).explication
    noeud = Enveloppe.objects.get(demarche=monde.demarche, fonds__code="base")
    for annee, ouverte in ((2026, True), (2027, False)):
        Enveloppe.objects.create(
            fonds=noeud.fonds, parent=noeud, demarche=monde.demarche, annee=annee, ouverte=ouverte,
            libelle=f"Tranche {annee}", chemin=f"{noeud.chemin}{annee}/", cle=f"t-{annee}",
        )  # fmt: skip
    assert constat(monde, une).plafond == (partage * Decimal("0.4")).quantize(Decimal("0.01"))


def test_sans_enveloppe_la_regle_demande_a_etre_completee(monde: Monde):
    regler(monde, DISPONIBLE)
    assert "Enveloppe de base" in constat(monde, monde.fiches[0]).explication
    assert constat(monde, monde.fiches[0]).plafond is None


def test_sans_regle_d_enveloppe_rien_n_est_lu_de_plus(monde: Monde, partage: Decimal):
    scenario = scenario_courant(monde.demarche)
    lignes_de(scenario, LE)
    with CaptureQueriesContext(connection) as sans:
        lignes_de(scenario, LE)
    regler(monde, DISPONIBLE)
    lignes_de(scenario, LE)
    with CaptureQueriesContext(connection) as avec:
        lignes_de(scenario, LE)
    assert len(avec) == len(sans) + 3
    assert not any("mouvement" in q["sql"].lower() for q in sans)


def test_seules_les_aides_retenues_comptent(monde: Monde, partage: Decimal):
    regler(monde, DISPONIBLE)
    une, deux, _ = monde.fiches
    poser(monde, une, "30000", decision=Proposition.Decision.DIFFEREE.value)
    assert constat(monde, deux).plafond == partage
    assert actions.maquette_de(scenario_courant(monde.demarche)).total_propose == 0
