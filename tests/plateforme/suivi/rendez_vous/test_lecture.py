"""The data of a pack: exact figures, every total the sum of its rows, the same as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from arpent.plateforme.demarches.reunions.models import Reunion
from arpent.plateforme.demarches.reunions.models_suites import Decision, QuestionReunion
from arpent.plateforme.documents.donnees_rendez_vous import GroupeDoc, MontantsDoc, RendezVousDoc
from arpent.plateforme.negociations.models import PartEnveloppe
from arpent.plateforme.plans.models import Fiche
from arpent.plateforme.suivi.etat import etat_du_contrat
from arpent.plateforme.suivi.models import QuestionRendezVous
from arpent.plateforme.suivi.rendez_vous.depuis import un_an_avant
from arpent.plateforme.suivi.rendez_vous.lecture import rendez_vous_doc
from tests.plateforme import fabrique
from tests.plateforme.negociations.conftest import Monde

from .conftest import LE, fixer


def sommes(groupes: tuple[GroupeDoc, ...]) -> MontantsDoc:
    return sum((g.montants for g in groupes), MontantsDoc())


def verifier(doc: RendezVousDoc) -> None:
    """Every total can be added up from its rows."""
    for f in fields(MontantsDoc):
        a_la_main = sum((getattr(p.montants, f.name) for p in doc.projets), Decimal(0))
        assert getattr(doc.total, f.name) == a_la_main, f.name
    assert sommes(doc.par_theme) == sommes(doc.par_commune) == sommes(doc.par_territoire) == doc.total
    for groupes in (doc.par_theme, doc.par_commune, doc.par_territoire):
        assert sum(g.nombre for g in groupes) == len(doc.projets)
        assert sum(g.en_retard for g in groupes) == len(doc.retards)


def test_les_chiffres_sont_ceux_de_la_page_du_bilan(rdv: Reunion, retenus: Monde) -> None:
    doc = rendez_vous_doc(rdv, LE)
    page = etat_du_contrat(retenus.demarche, LE).total
    total = doc.total
    assert (total.accorde, total.cout) == (Decimal("25000.00"), page.cout)
    assert (total.accorde, total.engage, total.paye) == (page.accorde, page.engage, page.paye)
    assert (total.reste_a_engager, total.reste_a_payer) == (page.reste_a_engager, page.reste_a_payer)
    assert total.contractualise == 0  # retained, not in the contract yet
    verifier(doc)


def test_le_realise_est_la_part_du_cout_que_valent_les_jalons(rdv: Reunion, late: Fiche) -> None:
    doc = rendez_vous_doc(rdv, LE)
    projet = next(p for p in doc.projets if p.numero == late.numero)
    assert projet.montants.realise == late.cout_ht / 2
    assert projet.montants.realise + projet.montants.reste_a_realiser == projet.montants.cout


def test_un_retard_dit_quoi_pourquoi_qui_et_ensuite(rdv: Reunion, late: Fiche) -> None:
    (retard,) = rendez_vous_doc(rdv, LE).retards
    assert (retard.quoi, retard.jours, retard.depuis) == ("Marchés signés", 20, date(2026, 5, 21))
    assert (retard.raison, retard.responsable) == ("L’architecte est parti.", late.maitre_ouvrage.nom)
    assert (retard.prochaine, retard.prochaine_le) == ("Point bloquant à lever", date(2026, 7, 1))


def test_deux_territoires_s_additionnent(a_deux: Reunion, voisin: Fiche) -> None:
    doc = rendez_vous_doc(a_deux, LE)
    assert len(doc.territoires) == 2
    assert doc.total.accorde == Decimal("32000.00")
    assert doc.total.contractualise == Decimal("7000.00")
    assert [g.montants.accorde for g in doc.par_territoire] == [Decimal("25000.00"), Decimal("7000.00")]
    verifier(doc)


def test_ce_qui_reste_de_l_enveloppe(rdv: Reunion, retenus: Monde) -> None:
    assert rendez_vous_doc(rdv, LE).enveloppes == ()
    PartEnveloppe.objects.create(
        demarche=retenus.demarche, fonds=retenus.dispositif.fonds.get(), critere="forfait",
        montant=Decimal("40000.00"),
    )  # fmt: skip
    doc = rendez_vous_doc(rdv, LE)
    assert [(e.dotation, e.employe, e.reste) for e in doc.enveloppes] == [
        (Decimal("40000.00"), Decimal("25000.00"), Decimal("15000.00"))
    ]
    assert doc.reste_des_enveloppes == Decimal("15000.00")


def test_les_decisions_partent_du_rendez_vous_precedent(rdv: Reunion, retenus: Monde) -> None:
    assert rendez_vous_doc(rdv, LE).depuis == date(2025, 6, 10)
    ancien = fixer(retenus, jour=date(2025, 9, 1), etat="validee")
    reporte = fixer(retenus, jour=date(2026, 1, 1), etat="annulee")
    for reunion, texte in ((ancien, "Relancer le marché."), (reporte, "Rien"), (rdv, "Celle du jour")):
        Decision.objects.create(reunion=reunion, numero=1, texte=texte, responsable_nom="La mairie")
    doc = rendez_vous_doc(rdv, LE)
    assert (doc.depuis, doc.depuis_reunion) == (date(2025, 9, 1), True)
    prises = [(d.texte, d.suite) for d in doc.decisions if d.nature == "Rendez-vous de Territoire"]
    assert ("Relancer le marché.", "à faire, La mairie") in prises
    assert "Celle du jour" not in {texte for texte, _ in prises}


def test_une_decision_sur_un_autre_territoire_n_est_pas_contee_ici(rdv: Reunion, retenus: Monde) -> None:
    reunion = fixer(retenus, retenus.voisine, jour=date(2025, 9, 1), etat="validee")
    Decision.objects.create(
        reunion=reunion, numero=1, texte="Ailleurs", objet_genre="fiche", objet_id=1,
        objet_demarche=fabrique.demarche(dans=retenus.dispositif, slug="tiers"),
    )  # fmt: skip
    assert "Ailleurs" not in {d.texte for d in rendez_vous_doc(rdv, LE).decisions}


def test_les_questions_retirees_ne_sont_pas_posees(question: QuestionReunion, rdv: Reunion) -> None:
    autre = QuestionReunion.objects.create(reunion=rdv, texte="Et l’eau ?")
    QuestionRendezVous.objects.create(question=autre, rang=1)
    assert [q.texte for q in rendez_vous_doc(rdv, LE).questions] == ["Et l’eau ?", "Décaler la halle ?"]
    QuestionRendezVous.objects.filter(question=autre).update(retiree_le="2026-06-01T10:00:00Z")
    assert [(q.rang, q.texte) for q in rendez_vous_doc(rdv, LE).questions] == [(1, "Décaler la halle ?")]


@pytest.mark.parametrize(
    ("jour", "avant"),
    [(date(2026, 6, 10), date(2025, 6, 10)), (date(2028, 2, 29), date(2027, 2, 28))],
)
def test_un_an_avant(jour: date, avant: date) -> None:
    assert un_an_avant(jour) == avant


def test_les_requetes_ne_dependent_pas_du_nombre_de_projets(
    a_deux: Reunion, retenus: Monde, django_assert_max_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_max_num_queries(45) as petit:
        rendez_vous_doc(a_deux, LE)
    avant = len(petit.captured_queries)
    for numero in range(50, 80):
        fabrique.fiche(retenus.demarche, numero=numero, etat="retenue")
    a_deux = Reunion.objects.get(pk=a_deux.pk)
    with django_assert_max_num_queries(avant):
        assert len(rendez_vous_doc(a_deux, LE).projets) == 33


def test_deux_generations_d_un_territoire_ne_se_confondent_pas(
    retenus: Monde, voisin: Fiche, late: Fiche
) -> None:
    type(retenus.voisine).objects.filter(pk=retenus.voisine.pk).update(
        territoire=retenus.demarche.territoire, generation="2022-2025"
    )
    doc = rendez_vous_doc(fixer(retenus, retenus.voisine), LE)
    assert len(set(doc.territoires)) == 2
    assert all(nom.endswith(")") for nom in doc.territoires)
    verifier(doc)
